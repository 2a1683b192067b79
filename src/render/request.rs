//! What is asked of rendering, and what comes out.

use std::sync::Arc;

use crate::base::{self, Error, Finding, Place, Result};
use crate::config::{OnMissing, Undefined};
use crate::model::{Map, Message, Prompt};

use super::examples::{Choice, Set};
use super::include::Source;
use super::messages::{self, Turn};
use super::trace::Span;

/// A body and the file it stands in, so that everything found in it has a place.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    pub path: &'a str,
    /// The whole file.
    pub file: &'a str,
    /// Where the body stands in it.
    pub span: base::Span,
}

impl<'a> Body<'a> {
    pub fn text(&self) -> &'a str {
        self.file.get(self.span.range()).unwrap_or("")
    }

    /// A message that is data has no place of its own in the file; it goes by its number.
    pub fn of_message(path: &'a str, message: &'a Message) -> Body<'a> {
        Body { path, file: &message.content, span: base::Span::new(0, message.content.len()) }
    }

    /// The name of such a message.
    pub fn listed(&self, at: usize) -> String {
        format!("{}#messages[{at}]", self.path)
    }

    pub fn place(&self, span: base::Span) -> Place {
        Place::in_text(self.path, self.file, span)
    }
}

/// Render this prompt with these variables.
#[derive(Clone)]
pub struct Request<'a> {
    pub prompt: &'a Prompt,
    pub body: Body<'a>,
    /// What was given for this prompt. A name it does not know is worth a warning.
    pub variables: Map,
    /// What is there to take from, such as a row of a table: only what the prompt asks for is taken.
    pub context: Map,
    /// Earlier turns, placed by `{{ history() }}` or else before the last user message.
    pub history: Vec<Turn>,
    /// Turns that show how it is done, placed by `{{ examples() }}` or else after the system messages.
    pub examples: Vec<Turn>,
    /// Where examples are picked from for the case, in place of given ones.
    pub shots: Option<Shots>,
    pub source: Arc<dyn Source>,
    pub options: Options,
    /// Goes into the message marker, together with everything that is rendered. Zero is as good as any number.
    pub salt: u64,
    /// Whether to find out where each piece of the messages came from, and to tell every step. It renders twice.
    pub explain: bool,
}

/// A set of examples, and which of them a case is shown.
#[derive(Debug, Clone)]
pub struct Shots {
    pub set: Arc<Set>,
    pub choice: Choice,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Steps a template may take; each element of the variables allows ten more.
    pub fuel: u64,
    pub recursion: usize,
    pub include_depth: usize,
    pub output_bytes: usize,
    pub on_missing: OnMissing,
    /// For prompts whose front matter does not say.
    pub undefined: Undefined,
    /// The role of text before the first marker.
    pub first_role: String,
    pub markers: Markers,
    /// Folders in which includes are looked up after the including file's own.
    pub roots: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            fuel: 100_000,
            recursion: 500,
            include_depth: 32,
            output_bytes: 8 << 20,
            on_missing: OnMissing::Error,
            undefined: Undefined::SemiStrict,
            first_role: "user".into(),
            markers: Markers::Lines,
            roots: vec!["prompts".into()],
        }
    }
}

/// Which lines start a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Markers {
    /// `user:`, lower case, at the start of the line.
    #[default]
    Lines,
    /// As Prompty reads them: any case, indented, after `#`.
    Loose,
    /// None: one message, or those that `role()` starts.
    Calls,
}

/// Template languages that palc renders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    #[default]
    Jinja,
    /// No template: the text as it is.
    None,
    /// `{name}`, with doubled braces for braces.
    Brace,
    /// `$name`, with `$$` for a dollar sign.
    Dollar,
    Handlebars,
    Mustache,
}

impl Engine {
    /// The engine of a prompt; an error for the languages of which palc only manages the files.
    pub fn of(prompt: &Prompt) -> Result<Self> {
        Engine::named(prompt.template.engine.as_deref())
    }

    pub fn named(word: Option<&str>) -> Result<Self> {
        match word {
            None | Some("jinja" | "jinja2" | "nunjucks") => Ok(Engine::Jinja),
            Some("none") => Ok(Engine::None),
            Some("brace" | "fstring" | "f-string") => Ok(Engine::Brace),
            Some("dollar") => Ok(Engine::Dollar),
            Some("handlebars") => Ok(Engine::Handlebars),
            Some("mustache") => Ok(Engine::Mustache),
            Some(other) => Err(Error::invalid(format!("palc manages `{other}` templates and does not render them"))
                .hint("it renders jinja, handlebars, mustache, brace, dollar and none (`template.engine`)")),
        }
    }
}

/// One file needed another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: String,
    pub to: String,
    /// The version that was asked for, in `{% include "_tone.md@v2" %}`.
    pub version: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Rendered {
    pub messages: Vec<messages::Message>,
    /// Files that were loaded on the way, each once.
    pub edges: Vec<Edge>,
    pub warnings: Vec<Finding>,
    /// What was done on the way, if it was asked for.
    pub spans: Vec<Span>,
    /// The turns of the examples that were shown.
    pub examples: Vec<Turn>,
    /// Whether the messages' segments were asked for and could be told exactly.
    pub explained: bool,
}
