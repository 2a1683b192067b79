//! The languages that services speak, each in a module of its own behind one trait.

use crate::base::http::{Request, Response};
use crate::model::call::Piece;
use crate::model::{Call, Reply, Trouble, Value};

use super::service::Service;
use super::{anthropic, google, ollama, openai};

/// How a service wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Anthropic's Messages.
    Anthropic,
    /// Google's Gemini.
    Google,
    /// Ollama's own.
    Ollama,
    /// OpenAI's Chat Completions, which most others speak too.
    OpenAi,
    /// OpenAI's Responses.
    Responses,
    OpenRouter,
}

impl Protocol {
    pub const ALL: &[Protocol] = &[
        Protocol::Anthropic,
        Protocol::Google,
        Protocol::Ollama,
        Protocol::OpenAi,
        Protocol::Responses,
        Protocol::OpenRouter,
    ];

    /// As the settings name it.
    pub fn word(self) -> &'static str {
        match self {
            Protocol::Anthropic => "anthropic",
            Protocol::Google => "google",
            Protocol::Ollama => "ollama",
            Protocol::OpenAi => "openai",
            Protocol::Responses => "responses",
            Protocol::OpenRouter => "openrouter",
        }
    }

    pub fn from_word(word: &str) -> Option<Protocol> {
        Protocol::ALL.iter().copied().find(|protocol| protocol.word() == word)
    }

    /// Who speaks it.
    pub fn wire(self) -> &'static dyn Wire {
        match self {
            Protocol::Anthropic => &anthropic::Anthropic,
            Protocol::Google => &google::Google,
            Protocol::Ollama => &ollama::Ollama,
            Protocol::OpenAi => &openai::Chat,
            Protocol::Responses => &openai::Responses,
            Protocol::OpenRouter => &openai::OpenRouter,
        }
    }
}

/// A request, and a sentence for everything of the call that it does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    pub request: Request,
    pub notes: Vec<String>,
}

/// One language: calls into requests, answers into replies. No input, no output, no clock.
pub trait Wire: Sync {
    /// The header that proves who asks, and what stands before the key in it.
    fn auth(&self) -> (&'static str, &'static str);

    /// The request for a call. What the model is known not to take is left out, and said.
    fn build(&self, call: &Call, service: &Service, stream: bool) -> Built;

    /// Read a whole answer, of whatever status.
    fn parse(&self, response: &Response) -> Result<Reply, Trouble>;

    /// Read an answer that comes in pieces, once its status was good.
    fn stream(&self) -> Box<dyn Stream>;

    /// The request for vectors of texts, if the service makes any.
    fn embed(&self, model: &str, texts: &[String], dimensions: Option<usize>, service: &Service) -> Option<Request>;

    fn parse_embeddings(&self, response: &Response) -> Result<Embeddings, Trouble>;

    /// The request for the list of models.
    fn models(&self, service: &Service) -> Request;

    fn parse_models(&self, response: &Response) -> Result<Vec<Listed>, Trouble>;

    /// The request that counts a call's tokens without answering it, if the service does that.
    fn count(&self, call: &Call, service: &Service) -> Option<Built>;

    fn parse_count(&self, response: &Response) -> Result<u64, Trouble>;
}

/// An answer on its way. Bytes may be cut anywhere.
pub trait Stream: Send {
    /// Take the next bytes and add what they say.
    fn feed(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Trouble>;

    /// The bytes have ended: add what was still to be said, and give the whole answer, or what it lacks.
    fn finish(self: Box<Self>, pieces: &mut Vec<Piece>) -> Result<Reply, Trouble>;
}

/// Vectors in the order of the texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Embeddings {
    pub vectors: Vec<Vec<f32>>,
    /// None if the service did not say.
    pub tokens: Option<u64>,
}

/// A model as its service lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub name: String,
    pub title: Option<String>,
    pub context: Option<u64>,
    /// Everything else that the service says about it.
    pub raw: Value,
}
