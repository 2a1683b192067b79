//! The languages that services speak, each in a file of its own with the same three things: `build` makes the request for
//! a call, `parse` reads a whole answer, `Stream` reads one that comes in pieces.

use crate::base::http::Request;

/// How a service wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// OpenAI's Chat Completions, which most others speak too.
    OpenAi,
    /// OpenAI's Responses.
    Responses,
    Anthropic,
    Google,
    OpenRouter,
    Ollama,
}

/// A request, and a sentence for everything of the call that it does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    pub request: Request,
    pub notes: Vec<String>,
}
