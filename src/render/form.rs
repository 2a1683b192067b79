//! A prompt file whose variables palc fills in itself: what a judge is asked, or one who improves a prompt.

use std::sync::Arc;

use super::analyse::analyse;
use super::request::Engine;
use super::{Body, Options, Request, Source, render};
use crate::base::{Error, Finding, Place, Result, Severity, Span};
use crate::format::{Dialect, Document, parse};
use crate::model::call::{Message, Role};
use crate::model::{Map, Prompt};

/// Forms hold the texts of others whole, so they may grow larger than prompts of people.
const OUTPUT_BYTES: usize = 64 << 20;
const FUEL: u64 = 10_000_000;

pub struct Form {
    pub path: String,
    pub prompt: Prompt,
    text: String,
    source: Arc<dyn Source>,
}

/// No files beside the form.
pub struct Alone;

impl Source for Alone {
    fn read(&self, _: &str, _: Option<&str>) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }
}

impl Form {
    /// A form may include files that the source has.
    pub fn read(path: &str, text: &str, source: Arc<dyn Source>) -> Result<Form> {
        let not_right = |findings| Error::findings(format!("{path} is not in order"), findings);
        let document = Document::split(path, text.as_bytes(), Dialect::Native).map_err(|f| not_right(vec![*f]))?;
        let parsed = parse(document);
        if parsed.findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(not_right(parsed.findings));
        }
        Ok(Form { path: path.to_owned(), prompt: parsed.prompt, text: text.to_owned(), source })
    }

    /// The whole file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why it cannot be filled in, if it cannot.
    pub fn problem(&self) -> Option<Finding> {
        problem(&self.path, &self.text, &self.prompt)
    }

    /// Fill it in. It takes what it asks for.
    pub fn messages(&self, context: Map) -> Result<Vec<Message>> {
        let end = self.text.len();
        let span = Span::new(end - self.prompt.body.len(), end);
        let rendered = render(&Request {
            prompt: &self.prompt,
            body: Body { path: &self.path, file: &self.text, span },
            variables: Map::new(),
            context,
            history: Vec::new(),
            examples: Vec::new(),
            shots: None,
            source: self.source.clone(),
            options: Options { fuel: FUEL, output_bytes: OUTPUT_BYTES, ..Options::default() },
            salt: 0,
            explain: false,
        })?;
        Ok(rendered.messages.iter().map(message).collect())
    }
}

/// Why the template of such a file cannot be read, if it cannot.
pub fn problem(path: &str, text: &str, prompt: &Prompt) -> Option<Finding> {
    let engine = Engine::of(prompt).ok().filter(|engine| *engine != Engine::None)?;
    let span = Span::new(text.len() - prompt.body.len(), text.len());
    let problem = analyse(Body { path, file: text, span }, engine, &prompt.template).problem?;
    let place = Place::in_text(path, text, problem.span);
    Some(Finding::error("template-syntax", place, problem.message).hint_if(problem.hint))
}

fn message(message: &super::Message) -> Message {
    Message::new(Role::from_word(&message.role).unwrap_or(Role::User), message.text())
}
