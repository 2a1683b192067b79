//! The small engines: a body is cut into literal text and names, and needs no marks to keep them apart.

use std::ops::Range;

use crate::base::{Error, Finding, Result};
use crate::config::OnMissing;
use crate::model::{Map, Value};

use super::analyse::{Problem, Uses, Variable};
use super::event::{Event, Mark, Origin};
use super::marker::heading;
use super::patch::Patched;
use super::request::{Body, Request};

/// A piece of a body, by its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands for itself.
    Literal(Range<usize>),
    /// Text that stands for another, such as a doubled brace.
    Escape(Range<usize>, &'static str),
    Name(Range<usize>, String),
    /// What is wrong here, and what to do.
    Wrong(Range<usize>, String, &'static str),
}

/// The text as it is, with marker lines if the prompt asks for them.
pub fn literal(request: &Request<'_>) -> Vec<Event> {
    let patched = Patched::new(request.body.text(), request.body.span.start);
    let all = Piece::Literal(0..patched.text.len());
    if request.prompt.template.messages.as_deref() == Some("lines") {
        return lines(&patched, request, 0..patched.text.len());
    }
    emit(&patched, request, &[all], &Map::new(), false).unwrap_or_default()
}

/// Put values in the place of names. Everything that is wrong is reported at once.
pub fn expand(request: &Request<'_>, cut: fn(&str) -> Vec<Piece>, variables: &Map) -> Result<Vec<Event>> {
    let patched = Patched::new(request.body.text(), request.body.span.start);
    emit(&patched, request, &cut(&patched.text), variables, true)
}

/// What a body uses.
pub fn uses(body: Body<'_>, cut: fn(&str) -> Vec<Piece>) -> Uses {
    let patched = Patched::new(body.text(), body.span.start);
    let mut uses = Uses::default();
    for piece in cut(&patched.text) {
        match piece {
            Piece::Name(range, name) => {
                let span = patched.original_span(range);
                uses.variables.push(Variable { path: name.clone(), name, span, guarded: false, in_loop: false });
            }
            Piece::Wrong(range, message, hint) if uses.problem.is_none() => {
                let span = patched.original_span(range);
                uses.problem = Some(Problem { message, span, hint: Some(hint.into()) });
            }
            _ => {}
        }
    }
    uses
}

fn emit(patched: &Patched, request: &Request<'_>, cut: &[Piece], variables: &Map, marked: bool) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    let mut wrong = Vec::new();
    let mut size = 0;
    for piece in cut {
        let (range, text) = match piece {
            Piece::Literal(range) if marked => {
                events.extend(lines(patched, request, range.clone()));
                size += range.len();
                continue;
            }
            Piece::Literal(range) => (range, Ok(patched.text[range.clone()].to_owned())),
            Piece::Escape(range, text) => (range, Ok((*text).to_owned())),
            Piece::Name(range, name) => (range, value(name, variables.get(name), request.options.on_missing)),
            Piece::Wrong(range, message, hint) => (range, Err((message.clone(), *hint))),
        };
        match text {
            Ok(text) => {
                size += text.len();
                trace(&mut events, patched, request, range.clone(), !matches!(piece, Piece::Literal(_)));
                events.push(Event::Text(text));
            }
            Err((message, hint)) => {
                let place = request.body.place(patched.original_span(range.clone()));
                let rule = if matches!(piece, Piece::Name(..)) { "missing-variable" } else { "template-syntax" };
                wrong.push(Finding::error(rule, place, message).hint(hint));
            }
        }
    }
    let failed = || format!("cannot render `{}`", request.body.path);
    if !wrong.is_empty() {
        return Err(Error::findings(failed(), wrong));
    }
    if size > request.options.output_bytes {
        let message = format!("the prompt grows beyond {} bytes", request.options.output_bytes);
        return Err(Error::findings(
            failed(),
            vec![Finding::error("template-limit", request.body.place(request.body.span), message)],
        ));
    }
    Ok(events)
}

/// The text of a value, as it stands in a prompt.
fn value(name: &str, value: Option<&Value>, on_missing: OnMissing) -> Result<String, (String, &'static str)> {
    match value {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Null) | None if on_missing != OnMissing::Error => Ok(String::new()),
        Some(Value::Null) => Err((format!("`{name}` is null"), "give it a value")),
        None => Err((format!("`{name}` is not given"), "give it a value, or a default under `input.default`")),
        Some(other) => Ok(other.to_string()),
    }
}

/// Literal text, cut at its marker lines.
fn lines(patched: &Patched, request: &Request<'_>, range: Range<usize>) -> Vec<Event> {
    let text = &patched.text;
    let mut events = Vec::new();
    let (mut at, mut done) = (range.start, range.start);
    let flush = |events: &mut Vec<Event>, range: Range<usize>| {
        if !range.is_empty() {
            trace(events, patched, request, range.clone(), false);
            events.push(Event::Text(text[range].to_owned()));
        }
    };
    for line in text[range.clone()].split_inclusive('\n') {
        let end = at + line.len();
        let whole = (at == 0 || text.as_bytes()[at - 1] == b'\n') && (line.ends_with('\n') || end == text.len());
        if whole && let Some(heading) = heading(line.trim_end_matches('\n'), request.options.markers) {
            flush(&mut events, done..at);
            events.push(Event::Mark(Mark::Start(heading)));
            done = end;
        }
        at = end;
    }
    flush(&mut events, done..range.end);
    events
}

fn trace(events: &mut Vec<Event>, patched: &Patched, request: &Request<'_>, range: Range<usize>, computed: bool) {
    if request.explain {
        let place = request.body.place(patched.original_span(range));
        events.push(Event::Mark(Mark::From(Some(Origin { place, computed }))));
    }
}
