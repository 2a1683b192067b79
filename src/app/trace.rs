//! Traces: taken while rendering, read again from their file, and replayed.

use std::path::Path;

use serde_json::{Deserializer, Value};

use super::App;
use super::bodies;
use super::given;
use super::load::load;
use super::render::{self, Job};
use crate::base::{Error, Result, build};
use crate::config::OnMissing;
use crate::model::Prompt;
use crate::provider::Protocol;
use crate::render::tokens::Counter;
use crate::render::trace::{Given, Recorder, Replayed, Row, Sent, SpanRecord, Trace, replay as again};
use crate::render::{Message, Rendered, Request as Rendering};

/// What `palc render --trace` writes.
pub const SCHEMA: &str = "palc.trace.v1";

#[derive(Debug, Default)]
pub struct Request {
    /// The trace's file; `-` is standard input.
    pub file: String,
    /// Only the rendering for this row.
    pub row: Option<u64>,
    /// Take the prompt and what it includes as they are now, in place of what the trace holds.
    pub now: bool,
}

/// A trace and what became of its replay.
#[derive(Debug)]
pub struct Outcome {
    pub trace: Trace<Value>,
    pub replayed: Result<Replayed>,
}

impl Outcome {
    pub fn is_same(&self) -> bool {
        self.replayed.as_ref().is_ok_and(Replayed::is_same)
    }
}

/// What a rendering did, and everything it was made from.
pub fn record(
    app: &App,
    job: &Job,
    request: &Rendering<'_>,
    recorder: &Recorder,
    rendered: &Rendered,
) -> Result<Trace> {
    let prompt = &job.loaded.prompt;
    let model = match prompt.model() {
        Some(model) => model.to_owned(),
        None => app.settings()?.tokens_model.clone(),
    };
    let counter = Counter::of(&model);
    let spans = rendered.spans.iter().enumerate();
    Ok(Trace {
        palc: build::VERSION.to_owned(),
        name: job.loaded.file.name.as_str().to_owned(),
        path: job.loaded.file.path.clone(),
        row: None,
        spans: spans.map(|(id, span)| SpanRecord::of(id, span, counter)).collect(),
        request: sent(bodies::protocol(prompt), prompt, &rendered.messages, counter),
        given: Given::of(request, recorder, rendered),
        model,
    })
}

fn sent(protocol: Protocol, prompt: &Prompt, messages: &[Message], counter: Counter) -> Sent {
    Sent::of(protocol.word(), bodies::plain(protocol, prompt, messages).body, messages, counter)
}

/// The traces of a file, one for each rendering. Rows that could not be rendered left none.
pub fn read(app: &App, request: &Request) -> Result<Vec<Trace<Value>>> {
    let (text, shown) = match request.file.as_str() {
        "-" => (given::stdin()?, "standard input"),
        path => (given::read_text(app, Path::new(path))?, path),
    };
    let mut traces = Vec::new();
    for value in Deserializer::from_str(&text).into_iter::<Value>() {
        let value = value.map_err(|error| Error::invalid(format!("{shown} is not JSON")).because(error))?;
        traces.extend(one(shown, value)?);
    }
    if let Some(row) = request.row {
        traces.retain(|trace| trace.row.is_some_and(|there| there.number == row));
    }
    match (traces.is_empty(), request.row) {
        (false, _) => Ok(traces),
        (true, Some(row)) => Err(Error::no(format!("{shown} has no trace of row {row}"))),
        (true, None) => Err(Error::invalid(format!("{shown} holds no trace")).hint(MAKE)),
    }
}

const MAKE: &str = "make one: palc render PROMPT --trace > trace.json";

fn one(shown: &str, mut value: Value) -> Result<Option<Trace<Value>>> {
    match value.get("schema").and_then(Value::as_str) {
        Some(SCHEMA) => {}
        Some("palc.error.v1") => return Ok(None),
        Some(newer) if newer.starts_with("palc.trace.") => {
            let error = Error::invalid(format!("{shown} is a trace of the kind {newer}, and this palc reads {SCHEMA}"));
            return Err(error.hint("it was made by another version of palc"));
        }
        Some(other) => return Err(Error::invalid(format!("{shown} holds {other} and no trace")).hint(MAKE)),
        None => return Err(Error::invalid(format!("{shown} is not what palc writes")).hint(MAKE)),
    }
    let mut data = value["data"].take();
    if let Some(data) = data.as_object_mut() {
        data.entry("given").or_insert(Value::Null);
    }
    let wrong = |error| Error::invalid(format!("{shown} is not a whole trace")).because(error);
    serde_json::from_value(data).map(Some).map_err(wrong)
}

/// Render again what each trace tells.
pub fn replay(app: &App, request: &Request) -> Result<Vec<Outcome>> {
    let one = |trace: Trace<Value>| {
        let given = given_of(&trace);
        let replayed = given.and_then(|given| match request.now {
            true => now(app, &trace, &given),
            false => again(&trace.path, &given, &trace.request, &trace.model, &|prompt, messages| {
                Some(bodies::plain(Protocol::from_word(&trace.request.form)?, prompt, messages).body)
            }),
        });
        Outcome { trace, replayed }
    };
    Ok(read(app, request)?.into_iter().map(one).collect())
}

/// What a trace was made from, if it holds that.
fn given_of(trace: &Trace<Value>) -> Result<Given> {
    if trace.given.is_null() {
        let error = Error::invalid("the trace lacks `given`: what the prompt was rendered from");
        return Err(error.hint("take a new trace; a replay needs the prompt's text, its variables and its includes"));
    }
    serde_json::from_value(trace.given.clone()).map_err(|error| {
        Error::invalid("the trace does not hold all that a replay needs, in `given`")
            .because(error)
            .hint("take a new trace")
    })
}

fn now(app: &App, trace: &Trace<Value>, given: &Given) -> Result<Replayed> {
    let (source, file) = app.resolve(&trace.name)?;
    let loaded = load(app, &source, file)?;
    let on_missing = OnMissing::from_word(&given.options.on_missing);
    let mut job = Job::of(app, &source, loaded, &render::Request { on_missing, ..render::Request::default() })?;
    job.show(given.history(), given.examples());
    let rendered = job.run(given.variables.clone(), given.context.clone())?;
    let prompt = &job.loaded.prompt;
    let protocol = Protocol::from_word(&trace.request.form).unwrap_or_else(|| bodies::protocol(prompt));
    let sent = sent(protocol, prompt, &rendered.messages, Counter::of(&trace.model));
    Ok(Replayed::of(&trace.request, sent))
}

/// The row a rendering was made for.
pub fn row(row: Option<(u64, u64)>) -> Option<Row> {
    row.map(|(number, line)| Row { number, line })
}
