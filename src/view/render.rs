//! Messages for people, for programs, and for providers.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::render::One;
use crate::base::{Error, Place};
use crate::model::Map;
use crate::render::tokens::{Count, Counter};
use crate::render::{Edge, Message, Part, Segment, plain};

use super::json::{self, PlaceV1};
use super::paint::{Paint, printable};
use super::table::columns;

/// The messages as they read.
pub fn text(one: &One, paint: Paint) -> String {
    let head = one.row.map(|(number, line)| paint.bold(&format!("=== row {number} (line {line})\n")));
    format!("{}{}", head.unwrap_or_default(), printable(&plain(&one.rendered.messages)))
}

/// Each piece of the messages, where it came from, and how many tokens it has.
pub fn explained(one: &One, model: &str, paint: Paint) -> String {
    let counter = Counter::of(model);
    let mut out = String::new();
    let mut begins = starts(&one.rendered.parts).into_iter().peekable();
    for (at, message) in one.rendered.messages.iter().enumerate() {
        if let Some((part, _)) = begins.next_if(|(_, first)| *first == at) {
            out.push_str(&format!("{}\n", paint.yellow(&format!("== {}", printable(part)))));
        }
        let total = tokens(counter.count(&message.text()));
        out.push_str(&format!("{}  {}\n", paint.bold(&format!("{}:", message.role)), paint.dim(&total)));
        let row = |segment: &Segment| {
            let from = segment.origin.as_ref().map_or_else(|| "with the request".into(), |origin| lines(&origin.place));
            let words = segment.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let kind = if segment.origin.as_ref().is_some_and(|origin| origin.computed) { "computed" } else { "" };
            let preview: String = words.chars().take(60).collect();
            vec![
                format!("  {}", paint.cyan(&printable(&from))),
                kind.to_owned(),
                tokens(counter.count(&segment.text)),
                paint.dim(&printable(&preview)),
            ]
        };
        out.push_str(&columns(&message.segments.iter().map(row).collect::<Vec<_>>(), None));
    }
    let total = tokens(counter.conversation(&one.rendered.messages));
    out.push_str(&format!("{}  {}\n", paint.bold("in all"), paint.dim(&format!("{total} for {model}"))));
    if !one.rendered.explained {
        out.push_str("A filter or macro looks at its own output, so the pieces cannot be told apart exactly here.\n");
    }
    out
}

/// The parts with the number of the message that each begins with.
fn starts(parts: &[(String, usize)]) -> Vec<(&str, usize)> {
    let mut at = 0;
    let mut starts = Vec::new();
    for (name, count) in parts {
        starts.push((name.as_str(), at));
        at += count;
    }
    starts
}

pub fn tokens(count: Count) -> String {
    let about = if count.exact { "" } else { "~" };
    format!("{about}{} {}", count.tokens, if count.tokens == 1 { "token" } else { "tokens" })
}

fn lines(place: &Place) -> String {
    // A piece that ends with its line does not reach into the next.
    let last = if place.end_column == 1 { place.end_line.saturating_sub(1) } else { place.end_line };
    if last > place.line {
        format!("{}:{}-{last}", place.path, place.line)
    } else {
        format!("{}:{}:{}", place.path, place.line, place.column)
    }
}

/// One rendering as an object.
pub fn object<'a>(one: &'a One, name: &str, path: &str, model: Option<&str>, explain: bool) -> RenderV1<'a> {
    let rendered = &one.rendered;
    let counter = model.filter(|_| explain).map(Counter::of);
    RenderV1 {
        name: name.to_owned(),
        path: path.to_owned(),
        row: one.row.map(|(number, line)| RowV1 { number, line }),
        messages: rendered.messages.iter().map(|message| MessageV1::of(message, explain, counter)).collect(),
        dependencies: rendered.edges.iter().map(EdgeV1::of).collect(),
        parts: rendered.parts.iter().map(|(name, messages)| PartV1 { name, messages: *messages }).collect(),
        tokens: counter.map(|counter| CountV1::of(counter.conversation(&rendered.messages))),
    }
}

/// A row that could not be rendered, as one line.
pub fn failure(error: &Error) -> String {
    json::error_line(error)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RenderV1<'a> {
    name: String,
    path: String,
    /// The row of the data file it was rendered for.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<RowV1>,
    messages: Vec<MessageV1<'a>>,
    /// Files it was made from, besides its own.
    dependencies: Vec<EdgeV1>,
    /// What was put together, where an assembly said so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<CountV1>,
}

/// A part of a request that was put together, in the order of the messages.
#[derive(Debug, Serialize, JsonSchema)]
struct PartV1<'a> {
    name: &'a str,
    /// How many messages it is.
    messages: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RowV1 {
    number: u64,
    line: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct MessageV1<'a> {
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    attributes: Map,
    content: String,
    /// Pictures and other files, where the message has any; `at` counts the bytes of content before them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<MediaV1<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segments: Vec<SegmentV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MediaV1<'a> {
    at: usize,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mime: Option<&'a str>,
}

/// A piece of a message and where it came from.
#[derive(Debug, Serialize, JsonSchema)]
struct SegmentV1<'a> {
    text: &'a str,
    /// Absent for text that came with the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<PlaceV1>,
    /// Whether it was computed there, in contrast to standing there.
    computed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<CountV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CountV1 {
    tokens: usize,
    /// Whether the model's own vocabulary was used.
    exact: bool,
    encoding: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct EdgeV1 {
    from: String,
    to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

impl<'a> MessageV1<'a> {
    pub fn of(message: &'a Message, explain: bool, counter: Option<Counter>) -> Self {
        let mut media = Vec::new();
        let mut at = 0;
        for part in &message.parts {
            match part {
                Part::Text(text) => at += text.len(),
                Part::Media { url, mime } => media.push(MediaV1 { at, url, mime: mime.as_deref() }),
            }
        }
        let segments = if explain { message.segments.as_slice() } else { &[] };
        let attributes = message.attributes.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
        MessageV1 {
            role: message.role.clone(),
            name: message.name.clone(),
            attributes,
            content: message.text(),
            media,
            segments: segments.iter().map(|segment| SegmentV1::of(segment, counter)).collect(),
        }
    }
}

impl<'a> SegmentV1<'a> {
    fn of(segment: &'a Segment, counter: Option<Counter>) -> Self {
        SegmentV1 {
            text: &segment.text,
            place: segment.origin.as_ref().map(|origin| PlaceV1::of(&origin.place)),
            computed: segment.origin.as_ref().is_some_and(|origin| origin.computed),
            tokens: counter.map(|counter| CountV1::of(counter.count(&segment.text))),
        }
    }
}

impl CountV1 {
    pub fn of(count: Count) -> Self {
        CountV1 { tokens: count.tokens, exact: count.exact, encoding: count.encoding.to_owned() }
    }
}

impl EdgeV1 {
    fn of(edge: &Edge) -> Self {
        EdgeV1 { from: edge.from.clone(), to: edge.to.clone(), version: edge.version.clone() }
    }
}
