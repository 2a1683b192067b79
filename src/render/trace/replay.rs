//! Render again from what a trace holds, and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Asked, Given, Limits, Said, Sent};
use crate::base::hash::sha256;
use crate::base::{Error, Result, Span};
use crate::config::{OnMissing, Undefined};
use crate::model::{self, Input, Output, Prompt, Template, Value};
use crate::render::tokens::Counter;
use crate::render::{self, Markers, Message, Options, Request, Source, Turn, render};

/// The request as it was and as it is when rendered again.
#[derive(Debug)]
pub struct Replayed {
    pub before: Sent,
    pub after: Sent,
    /// Whether the request of the trace is what its checksum says.
    pub intact: bool,
}

impl Replayed {
    pub fn of(before: &Sent, after: Sent) -> Replayed {
        Replayed { intact: before.sha256 == sha256(before.body.to_string().as_bytes()), before: before.clone(), after }
    }

    /// Whether both requests are the same, byte for byte.
    pub fn is_same(&self) -> bool {
        // As text: two maps with the same keys in another order are equal values and other bytes.
        let (before, after) = (self.before.body.to_string(), self.after.body.to_string());
        before == after
    }
}

/// Do again what a trace of this prompt tells, and compare with what it came to.
pub fn replay(path: &str, given: &Given, before: &Sent, model: &str, body: Body<'_>) -> Result<Replayed> {
    let prompt = given.prompt.prompt();
    let messages = given.render(path, &prompt)?;
    let body = body(&prompt, &messages).ok_or_else(|| unknown("request.form", &before.form))?;
    Ok(Replayed::of(before, Sent::of(&before.form, body, &messages, Counter::of(model))))
}

/// Writes the body of the request in the language of the trace, if that is known.
pub type Body<'a> = &'a dyn Fn(&Prompt, &[Message]) -> Option<Value>;

impl Given {
    fn render(&self, path: &str, prompt: &Prompt) -> Result<Vec<Message>> {
        let span = Span::new(self.body_start, self.body_end);
        if self.text.get(span.range()).is_none() {
            return Err(Error::invalid("the trace says that the body stands where its text has none"));
        }
        let files = self.files.iter().map(|file| ((file.path.clone(), file.version.clone()), file.text.clone()));
        let rendered = render(&Request {
            prompt,
            body: render::Body { path, file: &self.text, span },
            variables: self.variables.clone(),
            context: self.context.clone(),
            history: self.history(),
            examples: turns(&self.examples),
            shots: None,
            source: Arc::new(Files(files.collect())),
            options: self.options.options()?,
            salt: 0,
            explain: false,
        })?;
        Ok(rendered.messages)
    }

    pub fn history(&self) -> Vec<Turn> {
        turns(&self.history)
    }

    pub fn examples(&self) -> Vec<Turn> {
        turns(&self.examples)
    }
}

fn turns(said: &[Said]) -> Vec<Turn> {
    let turn = |said: &Said| Turn { role: said.role.clone(), content: said.content.clone(), name: said.name.clone() };
    said.iter().map(turn).collect()
}

/// The files of a trace.
struct Files(HashMap<(String, Option<String>), Option<String>>);

impl Source for Files {
    fn read(&self, path: &str, version: Option<&str>) -> Result<Option<Vec<u8>>> {
        let found = self.0.get(&(path.to_owned(), version.map(str::to_owned)));
        let lacks = || Error::invalid(format!("the trace does not hold {path}, which is asked for now"));
        Ok(found.ok_or_else(lacks)?.as_ref().map(|text| text.clone().into_bytes()))
    }
}

impl Asked {
    fn prompt(&self) -> Prompt {
        let asked = self.clone();
        let message = |said: Said| model::Message { role: said.role, content: said.content, name: said.name };
        Prompt {
            provider: asked.provider,
            models: asked.models,
            params: asked.params,
            input: Input {
                schema: asked.input_schema,
                default: asked.input_default,
                required: asked.input_required,
                examples: Vec::new(),
            },
            output: Output { format: asked.output_format, schema: asked.output_schema, strict: asked.output_strict },
            tools: asked.tools,
            template: Template {
                engine: asked.engine,
                messages: asked.message_style,
                undefined: asked.undefined,
                trim_blocks: asked.trim_blocks,
                lstrip_blocks: asked.lstrip_blocks,
            },
            extends: asked.extends,
            partials: asked.partials,
            messages: asked.messages.into_iter().map(message).collect(),
            ..Prompt::default()
        }
    }
}

impl Limits {
    fn options(&self) -> Result<Options> {
        let markers = match self.markers.as_str() {
            "lines" => Markers::Lines,
            "loose" => Markers::Loose,
            "calls" => Markers::Calls,
            other => return Err(unknown("given.options.markers", other)),
        };
        Ok(Options {
            fuel: self.fuel,
            recursion: self.recursion,
            include_depth: self.include_depth,
            output_bytes: self.output_bytes,
            on_missing: OnMissing::from_word(&self.on_missing)
                .ok_or_else(|| unknown("given.options.on_missing", &self.on_missing))?,
            undefined: Undefined::from_word(&self.undefined)
                .ok_or_else(|| unknown("given.options.undefined", &self.undefined))?,
            first_role: self.first_role.clone(),
            markers,
            roots: self.roots.clone(),
        })
    }
}

fn unknown(key: &str, word: &str) -> Error {
    Error::invalid(format!("the trace has `{word}` for {key}, which this palc does not know"))
}
