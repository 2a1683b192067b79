//! Merged parts, put together into a map or a list.

use crate::model::{Map, Value};

use super::piece::Piece;

/// Merged lines, and the value they must mean once every conflict in them is settled for one side. No value: the entry
/// is gone.
#[derive(Debug, Clone, Default)]
pub(super) struct Out {
    pub(super) pieces: Vec<Piece>,
    pub(super) ours: Option<Value>,
    pub(super) theirs: Option<Value>,
}

impl Out {
    pub(super) fn kept(lines: Vec<String>, value: &Value) -> Out {
        Out { pieces: vec![Piece::Lines(lines)], ours: Some(value.clone()), theirs: Some(value.clone()) }
    }
}

/// The parts of a map or list, put together.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) pieces: Vec<Piece>,
    ours: Vec<(String, Value)>,
    theirs: Vec<(String, Value)>,
}

impl Gathered {
    pub(super) fn add(&mut self, key: &str, out: Out) {
        self.pieces.extend(out.pieces);
        self.ours.extend(out.ours.map(|value| (key.to_owned(), value)));
        self.theirs.extend(out.theirs.map(|value| (key.to_owned(), value)));
    }

    pub(super) fn values(&mut self, ours: Vec<Value>, theirs: Vec<Value>) {
        self.ours.extend(ours.into_iter().map(|value| (String::new(), value)));
        self.theirs.extend(theirs.into_iter().map(|value| (String::new(), value)));
    }

    pub(super) fn map(self, tail: Vec<Piece>) -> Out {
        self.out(tail, |entries| Value::Object(entries.into_iter().collect::<Map>()))
    }

    pub(super) fn list(self, tail: Vec<Piece>) -> Out {
        self.out(tail, |items| Value::Array(items.into_iter().map(|(_, item)| item).collect()))
    }

    fn out(mut self, tail: Vec<Piece>, whole: fn(Vec<(String, Value)>) -> Value) -> Out {
        self.pieces.extend(tail);
        let value = |parts: Vec<(String, Value)>| (!parts.is_empty()).then(|| whole(parts));
        Out { pieces: self.pieces, ours: value(self.ours), theirs: value(self.theirs) }
    }
}
