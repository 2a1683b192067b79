//! What an engine produces: text and marks, in the order of the output.
//!
//! Marks travel through Jinja's output as text that nobody can guess: a nonce made from everything that is rendered.
//! To forge one, a variable would have to contain a hash of itself.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::base::hash::sha256;
use crate::base::{Error, Place, Result};

use super::marker::Heading;
use super::messages::Turn;

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Text(String),
    Mark(Mark),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A message starts.
    Start(Heading),
    /// A message starts that a call block holds.
    Begin(Heading),
    /// It ends; what follows has the role of before.
    End,
    /// Messages stand here as a whole.
    Turns(Placed, Vec<Turn>),
    Media {
        url: String,
        mime: Option<String>,
    },
    /// What follows came from here, until the next such mark.
    From(Option<Origin>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    History,
    Examples,
}

/// Where a piece of output came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub place: Place,
    /// Whether the piece was computed there, in contrast to standing there as it is.
    pub computed: bool,
}

const OPEN: char = '\u{fdd0}';
const CLOSE: char = '\u{fdd1}';

/// The marks of one rendering.
#[derive(Debug)]
pub struct Marks {
    nonce: String,
    /// Whether the characters around a mark occur in nothing that is rendered.
    clean: bool,
    table: Mutex<Vec<Mark>>,
}

impl Marks {
    /// `parts` is everything a rendering reads.
    pub fn new(salt: u64, parts: &[&str]) -> Self {
        let mut all = salt.to_string();
        for part in parts {
            all.push_str(&format!("\n{}\n", part.len()));
            all.push_str(part);
        }
        // Digits survive filters that change case, and a blank-free word survives those that trim or wrap.
        let digits = sha256(all.as_bytes()).bytes().map(|byte| char::from(b'0' + byte % 10)).collect();
        Marks { nonce: digits, clean: !all.contains([OPEN, CLOSE]), table: Mutex::new(Vec::new()) }
    }

    /// Remember a mark; the text stands for it in the output.
    pub fn add(&self, mark: Mark) -> String {
        let mut table = self.table();
        table.push(mark);
        format!("{OPEN}{}:{}{CLOSE}", self.nonce, table.len() - 1)
    }

    /// Cut an output at its marks.
    pub fn split(&self, output: &str) -> Result<Vec<Event>> {
        let table = self.table();
        let start = format!("{OPEN}{}:", self.nonce);
        let mut pieces = output.split(&start);
        let mut events = vec![Event::Text(pieces.next().unwrap_or("").to_owned())];
        for piece in pieces {
            let parts = piece.split_once(CLOSE);
            let mark = parts.and_then(|(index, rest)| Some((table.get(index.parse::<usize>().ok()?)?, rest)));
            let (mark, text) = mark.ok_or_else(broken)?;
            events.push(Event::Mark(mark.clone()));
            events.push(Event::Text(text.to_owned()));
        }
        events.retain(|event| !matches!(event, Event::Text(text) if text.is_empty()));
        // Sixteen digits of the nonce do not turn up by chance, and the characters around it hardly anywhere.
        let is_torn = |text: &str| text.contains(&self.nonce[..16]) || (self.clean && text.contains([OPEN, CLOSE]));
        let torn = events.iter().any(|event| matches!(event, Event::Text(text) if is_torn(text)));
        if torn { Err(broken()) } else { Ok(events) }
    }

    fn table(&self) -> MutexGuard<'_, Vec<Mark>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn broken() -> Error {
    Error::invalid("a filter changed a line that starts a message")
        .hint("keep lines such as `user:` and calls such as `role(\"user\")` out of blocks that pass through a filter")
}

/// The text of an output without its marks.
pub fn plain(events: &[Event]) -> String {
    let text = |event: &Event| match event {
        Event::Text(text) => Some(text.clone()),
        Event::Mark(_) => None,
    };
    events.iter().filter_map(text).collect()
}
