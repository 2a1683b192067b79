//! Put the parts of a request together in the order that a file says.

use std::path::Path;

use crate::base::{Error, Finding, Kind, Result};
use crate::format::assembly::{self, Missing, Segment, What};
use crate::model::{Map, Value};
use crate::render::actions::Allowed;
use crate::render::event::Origin;
use crate::render::{Message, Part as Content, Rendered, Segment as Piece, Turn};

use super::App;
use super::given::read_text;
use super::render::{self, Job};
use super::select;

/// The parts in their order, with the prompts among them loaded.
pub struct Assembly {
    parts: Vec<Part>,
    /// What was not there to be put in.
    warnings: Vec<Finding>,
}

struct Part {
    segment: Segment,
    /// What people call it.
    name: String,
    /// Its prompt, if it is one of its own.
    job: Option<Job>,
}

/// Read a file and whatever prompts it names.
pub fn open(app: &App, path: &Path, request: &render::Request) -> Result<Assembly> {
    let shown = path.display().to_string();
    let segments = assembly::read(&shown, &read_text(app, path)?).strict(&shown)?;
    let mut opened = Assembly { parts: Vec::new(), warnings: Vec::new() };
    for segment in segments {
        let found = match &segment.what {
            What::Prompt(name) => Some(prompt(app, name, request)),
            What::Select { type_, phase } => Some(selected(app, type_, phase, request)?),
            _ => None,
        };
        let (name, job) = match found {
            None => (named(&segment.what), None),
            Some(Ok((name, job))) => (name, Some(job)),
            Some(Err(error)) if error.kind() == Kind::No => {
                opened.lacks(&segment, error.message(), error.hints())?;
                continue;
            }
            Some(Err(error)) => return Err(error),
        };
        opened.parts.push(Part { segment, name, job });
    }
    Ok(opened)
}

type Found = Result<(String, Job)>;

fn prompt(app: &App, what: &str, request: &render::Request) -> Found {
    let request = render::Request {
        what: what.to_owned(),
        explain: request.explain,
        on_missing: request.on_missing,
        ..render::Request::default()
    };
    Ok((what.to_owned(), render::prepare(app, &request)?))
}

/// Whichever prompt serves; an error of the kind `no` inside says that none does.
fn selected(app: &App, type_: &Option<String>, phase: &Option<String>, request: &render::Request) -> Result<Found> {
    let wanted =
        select::Request { type_: type_.clone(), phase: phase.clone(), system: true, ..select::Request::default() };
    Ok(match select::select(app, &wanted)? {
        select::Outcome::Refused(refused) => {
            let error = Error::no(refused.message);
            Err(refused.hints.iter().fold(error, Error::hint))
        }
        select::Outcome::Chosen(chosen) => {
            let (_, job) = prompt(app, &format!("{}@{}", chosen.loaded.file.path, chosen.version), request)?;
            Ok((format!("{}@{}", chosen.loaded.file.name, chosen.version), job))
        }
    })
}

fn named(what: &What) -> String {
    match what {
        What::Variable(name) => name.clone(),
        other => other.word().to_owned(),
    }
}

impl Assembly {
    /// Render everything with these values. The prompt that is rendered gets them as its own; others take what they ask for.
    pub fn put_together(&self, job: &Job, variables: &Map, context: &Map) -> Result<Rendered> {
        let all: Map = context.iter().chain(variables).map(|(name, value)| (name.clone(), value.clone())).collect();
        let places_history = self.parts.iter().any(|part| matches!(part.segment.what, What::History(_)));
        let history = if places_history { Vec::new() } else { job.history().to_vec() };
        let mut whole = Rendered { explained: job.explains(), warnings: self.warnings.clone(), ..Rendered::default() };
        for part in &self.parts {
            let one = match (&part.segment.what, &part.job) {
                (_, Some(own)) => own.alone(Map::new(), all.clone(), Vec::new())?,
                (What::Template, None) => job.alone(variables.clone(), context.clone(), history.clone())?,
                (What::Variable(name), None) => part.given(all.get(name), &mut whole.warnings)?,
                (What::Actions, None) => part.said(job.allowed().and_then(in_words)),
                (What::History(last), None) => earlier(job.history(), *last),
                (What::Prompt(_) | What::Select { .. }, None) => {
                    return Err(Error::bug("a prompt that was not loaded"));
                }
            };
            whole.parts.extend((!one.messages.is_empty()).then(|| (part.name.clone(), one.messages.len())));
            whole.messages.extend(one.messages);
            whole.edges.extend(one.edges);
            whole.warnings.extend(one.warnings);
            whole.explained &= one.explained || part.job.is_none() && part.segment.what != What::Template;
        }
        whole.edges.sort();
        whole.edges.dedup();
        if !job.explains() {
            whole.messages.iter_mut().for_each(|message| message.segments.clear());
        }
        Ok(whole)
    }

    fn lacks(&mut self, segment: &Segment, message: &str, hints: &[String]) -> Result<()> {
        self.warnings.extend(lacking(segment, message, hints)?);
        Ok(())
    }
}

/// What is said where there is nothing to put in.
fn lacking(segment: &Segment, message: &str, hints: &[String]) -> Result<Option<Finding>> {
    let told = |finding: Finding| hints.iter().fold(finding, Finding::hint);
    match segment.missing {
        Missing::Skip => Ok(None),
        Missing::Warn => Ok(Some(told(Finding::warning("missing-segment", segment.place.clone(), message)))),
        Missing::Error => {
            let finding = told(Finding::error("missing-segment", segment.place.clone(), message));
            Err(Error::findings("a part of the request is missing", vec![finding]))
        }
    }
}

impl Part {
    /// A value of the context, if there is one.
    fn given(&self, value: Option<&Value>, warnings: &mut Vec<Finding>) -> Result<Rendered> {
        let text = value.map(written).filter(|text| !text.trim().is_empty());
        if text.is_none() {
            warnings.extend(lacking(&self.segment, &format!("nobody gave `{}`", self.name), &[])?);
        }
        Ok(self.said(text))
    }

    /// A text of the request's own, as a message. It is data: no template and no marker in it counts.
    fn said(&self, text: Option<String>) -> Rendered {
        let Some(text) = text else { return Rendered::default() };
        let text = match &self.segment.title {
            Some(title) => format!("{title}\n\n{text}"),
            None => text,
        };
        let origin = Origin { place: self.segment.place.clone(), computed: true };
        let message = Message {
            role: self.segment.role.clone(),
            parts: vec![Content::Text(text.clone())],
            segments: vec![Piece { text, origin: Some(origin) }],
            ..Message::default()
        };
        Rendered { messages: vec![message], ..Rendered::default() }
    }
}

fn earlier(history: &[Turn], last: Option<usize>) -> Rendered {
    let from = last.map_or(0, |last| history.len().saturating_sub(last));
    Rendered { messages: history[from..].iter().cloned().map(Message::from).collect(), ..Rendered::default() }
}

/// A list of texts as a list, anything else as it stands.
fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let lines = items.iter().filter_map(Value::as_str).map(|item| format!("- {item}"));
            lines.collect::<Vec<_>>().join("\n")
        }
        other => format!("{other:#}"),
    }
}

/// What answers may ask for; nothing where the prompt does not limit it.
fn in_words(allowed: &Allowed) -> Option<String> {
    let Allowed::Only(actions) = allowed else { return None };
    if actions.is_empty() {
        return Some("Ask for no action.".into());
    }
    let line = |(name, description): &(String, Option<String>)| match description {
        Some(description) => format!("- {name}: {description}"),
        None => format!("- {name}"),
    };
    let lines: Vec<String> = actions.iter().map(line).collect();
    Some(format!("Ask for no action but these:\n{}", lines.join("\n")))
}
