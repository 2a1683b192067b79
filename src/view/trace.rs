//! Traces as people read them, and what a replay came to.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::paint::{Paint, printable};
use super::{json, patch, table};
use crate::app::trace::Outcome;
use crate::render::examples::short;
use crate::render::trace::{At, Row, Sent, SpanRecord, StepRecord, Trace};

/// The steps as a tree: what was done, how much it was, where it stands.
pub fn tree<G>(trace: &Trace<G>, paint: Paint) -> String {
    let mut rows = Vec::new();
    let root = trace.spans.iter().find(|span| span.parent.is_none());
    if let Some(root) = root {
        branch(&mut rows, trace, root.id, "", paint);
    }
    let size = format!("{} bytes, {}", trace.request.bytes, tokens(trace.request.tokens, trace.request.exact));
    let sum = trace.request.sha256.get(..12).unwrap_or_default();
    rows.push(vec![format!("└─ request to {}", printable(&trace.request.form)), size, paint.dim(&printable(sum))]);
    format!("{}\n{}", paint.bold(&head(trace)), table::columns(&rows, None))
}

fn head<G>(trace: &Trace<G>) -> String {
    let row = trace.row.map(|row| format!("  row {} (line {})", row.number, row.line)).unwrap_or_default();
    let Trace { name, path, model, palc, .. } = trace;
    printable(&format!("{name}  {path}{row}  for {model}, by palc {palc}"))
}

fn branch<G>(rows: &mut Vec<Vec<String>>, trace: &Trace<G>, parent: usize, before: &str, paint: Paint) {
    let children: Vec<&SpanRecord> = trace.spans.iter().filter(|span| span.parent == Some(parent)).collect();
    for (at, span) in children.iter().enumerate() {
        // The request stands behind the last step.
        let is_last = at + 1 == children.len() && !before.is_empty();
        let (here, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let (what, size) = words(&span.step);
        let place = span.place.as_ref().map(at_text).unwrap_or_default();
        rows.push(vec![
            format!("{before}{here}{}", printable(&what)),
            printable(&size),
            paint.cyan(&printable(&place)),
        ]);
        // A step is never its own ancestor in what palc writes, and a file may be anything.
        if span.id > parent {
            branch(rows, trace, span.id, &format!("{before}{below}"), paint);
        }
    }
}

fn words(step: &StepRecord) -> (String, String) {
    let bytes = |count: &usize| format!("{count} {}", if *count == 1 { "byte" } else { "bytes" });
    match step {
        StepRecord::Render => ("render".into(), String::new()),
        StepRecord::Inputs => ("inputs".into(), String::new()),
        StepRecord::Variable { name, value, from } => {
            (format!("{name} = {}", short(&value.to_string(), 40)), from.clone())
        }
        StepRecord::History { messages } => ("history".into(), format!("{messages} messages")),
        StepRecord::Examples { examples } => ("examples".into(), format!("{examples} shown")),
        StepRecord::Load { path, version, bytes: count } => {
            let version = version.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
            (format!("load {path}{version}"), bytes(count))
        }
        StepRecord::Expand { bytes: count, fuel } => {
            let fuel = fuel.map(|fuel| format!(", {fuel} steps")).unwrap_or_default();
            ("expand".into(), format!("{}{fuel}", bytes(count)))
        }
        StepRecord::Message { role, bytes: count, tokens: amount, exact } => {
            (format!("message {role}"), format!("{}, {}", bytes(count), tokens(*amount, *exact)))
        }
        StepRecord::Piece { bytes: count, tokens: amount, computed } => {
            let what = if *computed { "computed" } else { "text" };
            (what.into(), format!("{}, {}", bytes(count), tokens(*amount, true)))
        }
    }
}

fn tokens(count: usize, exact: bool) -> String {
    let about = if exact { "" } else { "~" };
    format!("{about}{count} {}", if count == 1 { "token" } else { "tokens" })
}

fn at_text(at: &At) -> String {
    format!("{}:{}:{}", at.path, at.line, at.column)
}

/// What a replay came to, in a sentence.
pub fn verdict(outcome: &Outcome) -> String {
    let trace = &outcome.trace;
    let row = trace.row.map(|row| format!(" row {}", row.number)).unwrap_or_default();
    let name = printable(&format!("{}{row}", trace.name));
    match &outcome.replayed {
        Ok(replayed) if replayed.is_same() => {
            let sum = replayed.after.sha256.get(..12).unwrap_or_default();
            format!("{name}: the same request, byte for byte ({} bytes, {sum})", replayed.after.bytes)
        }
        Ok(_) => format!("{name}: another request"),
        Err(_) => format!("{name}: cannot be replayed"),
    }
}

/// The two requests of a replay, line by line.
pub fn difference(outcome: &Outcome, paint: Paint) -> String {
    match &outcome.replayed {
        Ok(replayed) if !replayed.is_same() => patch::hunks(&lines(&replayed.before), &lines(&replayed.after), paint),
        _ => String::new(),
    }
}

/// JSON with the lines of long texts apart, so that a difference shows the line that differs.
fn lines(sent: &Sent) -> String {
    format!("{:#}\n", sent.body).replace("\\n", "\\n\n")
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownV1<'a> {
    palc: &'a str,
    name: &'a str,
    path: &'a str,
    row: Option<Row>,
    model: &'a str,
    spans: &'a [SpanRecord],
    request: &'a Sent,
    /// Whether the trace holds what a replay needs.
    can_replay: bool,
}

pub fn shown(trace: &Trace<Value>) -> ShownV1<'_> {
    let Trace { palc, name, path, row, model, spans, request, given } = trace;
    ShownV1 { palc, name, path, row: *row, model, spans, request, can_replay: !given.is_null() }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ReplayedV1<'a> {
    name: &'a str,
    path: &'a str,
    row: Option<Row>,
    /// Whether the request is the same byte for byte; nothing where it cannot be rendered again.
    same: Option<bool>,
    /// Whether the trace's request is what its checksum says.
    intact: Option<bool>,
    /// SHA-256 of the request as it was and as it is.
    before: &'a str,
    after: Option<&'a str>,
    /// The difference in the unified format.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<json::ErrorV1>,
}

pub fn replayed(outcome: &Outcome) -> ReplayedV1<'_> {
    let Outcome { trace, replayed } = outcome;
    let done = replayed.as_ref().ok();
    let differs = done.filter(|done| !done.is_same());
    ReplayedV1 {
        name: &trace.name,
        path: &trace.path,
        row: trace.row,
        same: done.map(|done| done.is_same()),
        intact: done.map(|done| done.intact),
        before: &trace.request.sha256,
        after: done.map(|done| done.after.sha256.as_str()),
        diff: differs.map(|done| patch::plain(&lines(&done.before), &lines(&done.after))),
        error: replayed.as_ref().err().map(json::ErrorV1::of),
    }
}
