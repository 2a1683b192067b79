//! What a rendering reads, taken down while it reads, and its values put into the shape of a trace.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Asked, At, File, Given, Limits, Said, Sent, SpanRecord, StepRecord};
use super::{Span, Step};
use crate::base::hash::sha256;
use crate::base::{Place, Result};
use crate::model::{Prompt, Value};
use crate::render::tokens::Counter;
use crate::render::{Markers, Message, Options, Rendered, Request, Source, Turn};

type Key = (String, Option<String>);

/// A source that remembers what was asked of it.
pub struct Recorder {
    inner: Arc<dyn Source>,
    seen: Mutex<BTreeMap<Key, Option<Vec<u8>>>>,
}

impl Recorder {
    pub fn new(inner: Arc<dyn Source>) -> Self {
        Recorder { inner, seen: Mutex::default() }
    }

    fn files(&self) -> Vec<File> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let file = |((path, version), bytes): (&Key, &Option<Vec<u8>>)| File {
            path: path.clone(),
            version: version.clone(),
            // What is not text cannot be part of a rendering either.
            text: bytes.as_ref().and_then(|bytes| String::from_utf8(bytes.clone()).ok()),
        };
        seen.iter().map(file).collect()
    }
}

impl Source for Recorder {
    fn read(&self, path: &str, version: Option<&str>) -> Result<Option<Vec<u8>>> {
        let found = self.inner.read(path, version)?;
        let key = (path.to_owned(), version.map(str::to_owned));
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found.clone());
        Ok(found)
    }
}

impl Given {
    /// What a request was made from, once it is rendered.
    pub fn of(request: &Request<'_>, recorder: &Recorder, rendered: &Rendered) -> Given {
        // What the prompt did not ask for is nobody's business.
        let used = |name: &String| {
            rendered.spans.iter().any(|span| matches!(&span.step, Step::Variable { name: used, .. } if used == name))
        };
        let context = request.context.iter().filter(|(name, _)| used(name));
        Given {
            prompt: Asked::of(request.prompt),
            text: request.body.file.to_owned(),
            body_start: request.body.span.start,
            body_end: request.body.span.end,
            variables: request.variables.clone(),
            context: context.map(|(name, value)| (name.clone(), value.clone())).collect(),
            history: request.history.iter().map(Said::of).collect(),
            examples: rendered.examples.iter().map(Said::of).collect(),
            files: recorder.files(),
            options: Limits::of(&request.options),
        }
    }
}

impl Asked {
    fn of(prompt: &Prompt) -> Asked {
        let Prompt { input, output, template, .. } = prompt.clone();
        let said = |message: &crate::model::Message| Said {
            role: message.role.clone(),
            content: message.content.clone(),
            name: message.name.clone(),
        };
        Asked {
            provider: prompt.provider.clone(),
            models: prompt.models.clone(),
            params: prompt.params.clone(),
            input_schema: input.schema,
            input_default: input.default,
            input_required: input.required,
            output_format: output.format,
            output_schema: output.schema,
            output_strict: output.strict,
            tools: prompt.tools.clone(),
            engine: template.engine,
            message_style: template.messages,
            undefined: template.undefined,
            trim_blocks: template.trim_blocks,
            lstrip_blocks: template.lstrip_blocks,
            extends: prompt.extends.clone(),
            partials: prompt.partials.clone(),
            messages: prompt.messages.iter().map(said).collect(),
        }
    }
}

impl Said {
    fn of(turn: &Turn) -> Said {
        Said { role: turn.role.clone(), content: turn.content.clone(), name: turn.name.clone() }
    }
}

impl Limits {
    fn of(options: &Options) -> Limits {
        let markers = match options.markers {
            Markers::Lines => "lines",
            Markers::Loose => "loose",
            Markers::Calls => "calls",
        };
        Limits {
            fuel: options.fuel,
            recursion: options.recursion,
            include_depth: options.include_depth,
            output_bytes: options.output_bytes,
            on_missing: options.on_missing.word().to_owned(),
            undefined: options.undefined.word().to_owned(),
            first_role: options.first_role.clone(),
            markers: markers.to_owned(),
            roots: options.roots.clone(),
        }
    }
}

impl Sent {
    /// The request that asks for an answer to these messages, in the language that `form` names.
    pub fn of(form: &str, body: Value, messages: &[Message], counter: Counter) -> Sent {
        let text = body.to_string();
        let count = counter.conversation(messages);
        Sent {
            form: form.to_owned(),
            sha256: sha256(text.as_bytes()),
            bytes: text.len(),
            tokens: count.tokens,
            exact: count.exact,
            body,
        }
    }
}

impl SpanRecord {
    pub fn of(id: usize, span: &Span, counter: Counter) -> SpanRecord {
        SpanRecord {
            id,
            parent: span.parent,
            place: span.place.as_ref().filter(|place| place.is_exact()).map(At::of),
            step: StepRecord::of(&span.step, counter),
        }
    }
}

impl At {
    fn of(place: &Place) -> At {
        let Place { path, line, column, end_line, end_column, .. } = place.clone();
        At { path, line, column, end_line, end_column }
    }
}

impl StepRecord {
    fn of(step: &Step, counter: Counter) -> StepRecord {
        match step {
            Step::Render => StepRecord::Render,
            Step::Inputs => StepRecord::Inputs,
            Step::Variable { name, value, from } => {
                StepRecord::Variable { name: name.clone(), value: value.clone(), from: (*from).to_owned() }
            }
            Step::History { messages } => StepRecord::History { messages: *messages },
            Step::Examples { examples } => StepRecord::Examples { examples: *examples },
            Step::Load { path, version, bytes } => {
                StepRecord::Load { path: path.clone(), version: version.clone(), bytes: *bytes }
            }
            Step::Expand { bytes, fuel } => StepRecord::Expand { bytes: *bytes, fuel: *fuel },
            Step::Message { role, text } => {
                let count = counter.count(text);
                StepRecord::Message { role: role.clone(), bytes: text.len(), tokens: count.tokens, exact: count.exact }
            }
            Step::Piece { text, computed } => {
                StepRecord::Piece { bytes: text.len(), tokens: counter.count(text).tokens, computed: *computed }
            }
        }
    }
}
