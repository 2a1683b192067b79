//! Events become messages.

use crate::model::Value;

use super::event::{Event, Mark, Origin, Placed};
use super::marker::{self, Heading};

/// A message ready to be sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message {
    pub role: String,
    /// `[name=…]` of its marker.
    pub name: Option<String>,
    pub attributes: Vec<(String, String)>,
    pub parts: Vec<Part>,
    /// Where the text came from, piece by piece; empty unless it was asked for. The pieces' texts, put together, are
    /// the message's text.
    pub segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Media { url: String, mime: Option<String> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub text: String,
    /// `None` for text that came with the request (history, examples) or from between two places.
    pub origin: Option<Origin>,
}

/// A message that was said before, or is given as an example.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turn {
    pub role: String,
    pub content: String,
    pub name: Option<String>,
}

impl Turn {
    /// A list of `{role, content}`, if a value is one.
    pub fn list(value: &Value) -> Option<Vec<Turn>> {
        let turn = |item: &Value| {
            let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
            let role = marker::role(&text("role")?)?.to_owned();
            Some(Turn { role, content: text("content")?, name: text("name") })
        };
        value.as_array()?.iter().map(turn).collect()
    }
}

impl Message {
    pub fn text(&self) -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => Some(text.as_str().to_owned()),
            Part::Media { .. } => None,
        };
        self.parts.iter().filter_map(text).collect()
    }

    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

impl From<Turn> for Message {
    fn from(turn: Turn) -> Self {
        let segments = vec![Segment { text: turn.content.clone(), origin: None }];
        let parts = vec![Part::Text(turn.content)];
        Message { role: turn.role, name: turn.name, attributes: Vec::new(), parts, segments }
    }
}

/// Put messages together. Text before the first marker has the role `first`. Empty lines at the edges of a message
/// are dropped, so that markers can stand on lines of their own with empty lines around them.
pub fn assemble(events: Vec<Event>, first: &str) -> Vec<Message> {
    let mut builder = Builder { outer: Heading { role: first.into(), ..Heading::default() }, ..Builder::default() };
    builder.open(None);
    for event in events {
        match event {
            Event::Text(text) => builder.text(text),
            Event::Mark(Mark::Start(heading)) => {
                builder.outer = Heading { role: heading.role.clone(), attributes: Vec::new() };
                builder.open(Some(heading));
            }
            Event::Mark(Mark::Begin(heading)) => builder.open(Some(heading)),
            Event::Mark(Mark::End) => builder.open(None),
            Event::Mark(Mark::Turns(_, turns)) => {
                builder.close();
                builder.done.extend(turns.into_iter().map(Message::from));
                builder.open(None);
            }
            Event::Mark(Mark::Media { url, mime }) => builder.current.parts.push(Part::Media { url, mime }),
            Event::Mark(Mark::From(origin)) => builder.origin = origin,
        }
    }
    builder.close();
    builder.done
}

/// Put turns where their kind belongs when the template does not say where.
pub fn place(messages: &mut Vec<Message>, kind: Placed, turns: Vec<Turn>) {
    let system = |message: &Message| matches!(message.role.as_str(), "system" | "developer");
    let at = match kind {
        Placed::Examples => messages.iter().position(|message| !system(message)).unwrap_or(messages.len()),
        Placed::History if messages.last().is_some_and(|last| last.role == "user") => messages.len() - 1,
        Placed::History => messages.len(),
    };
    messages.splice(at..at, turns.into_iter().map(Message::from));
}

#[derive(Default)]
struct Builder {
    done: Vec<Message>,
    current: Message,
    /// Whether a marker asked for the current message; others vanish when nothing is in them.
    asked: bool,
    outer: Heading,
    origin: Option<Origin>,
}

impl Builder {
    fn open(&mut self, heading: Option<Heading>) {
        self.close();
        self.asked = heading.is_some();
        let mut heading = heading.unwrap_or_else(|| self.outer.clone());
        let name = heading.attributes.iter().position(|(key, _)| key == "name");
        let name = name.map(|at| heading.attributes.remove(at).1);
        self.current = Message { role: heading.role, name, attributes: heading.attributes, ..Message::default() };
    }

    fn text(&mut self, text: String) {
        self.current.segments.push(Segment { text: text.clone(), origin: self.origin.clone() });
        match self.current.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(&text),
            _ => self.current.parts.push(Part::Text(text)),
        }
    }

    fn close(&mut self) {
        let mut message = std::mem::take(&mut self.current);
        trim(&mut message);
        let blank = message.parts.iter().all(|part| matches!(part, Part::Text(text) if text.trim().is_empty()));
        if self.asked || !blank {
            self.done.push(message);
        }
        self.asked = false;
    }
}

/// Drop empty lines at both edges, from the parts and from the segments alike.
fn trim(message: &mut Message) {
    if let Some(Part::Text(text)) = message.parts.first_mut() {
        let lines = text.len() - text.trim_start_matches('\n').len();
        text.drain(..lines);
        cut(&mut message.segments, lines, true);
    }
    if let Some(Part::Text(text)) = message.parts.last_mut() {
        let lines = text.len() - text.trim_end_matches('\n').len();
        text.truncate(text.len() - lines);
        cut(&mut message.segments, lines, false);
    }
    message.parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
}

fn cut(segments: &mut Vec<Segment>, mut count: usize, front: bool) {
    while count > 0 {
        let at = if front { 0 } else { segments.len() - 1 };
        let text = &mut segments[at].text;
        let taken = count.min(text.len());
        if front {
            text.drain(..taken);
        } else {
            text.truncate(text.len() - taken);
        }
        count -= taken;
        if text.is_empty() {
            segments.remove(at);
        }
    }
}
