//! An answer that comes in pieces, each of which looks like a whole one.

use crate::model::call::{Piece, What};
use crate::model::{Reply, Trouble, Value};

use super::super::protocol::Stream;
use super::super::sse::{Event, Sse};
use super::super::whole;
use super::{Google, reply, trouble};

#[derive(Default)]
pub struct Contents {
    sse: Sse,
    answer: reply::Whole,
    broken: Option<Trouble>,
}

impl Stream for Contents {
    fn feed(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        let mut events = Vec::new();
        self.sse.feed(bytes, &mut events);
        events.iter().try_for_each(|event| self.chunk(&event.data, pieces))
    }

    fn finish(mut self: Box<Self>, pieces: &mut Vec<Piece>) -> Result<Reply, Trouble> {
        if let Some(whole) = whole::answer(&self.sse, &Google, pieces) {
            return whole;
        }
        // Half a chunk is none: where the others were good, it was cut.
        let is_whole = |event: &Event| !self.answer.begun() || serde_json::from_str::<Value>(&event.data).is_ok();
        if let Some(event) = self.sse.finish().filter(is_whole) {
            self.chunk(&event.data, pieces)?;
        }
        match (self.broken.take(), self.answer.read()) {
            (Some(broken), _) => Err(broken),
            (None, Some(reply)) if self.answer.ended() => Ok(reply),
            _ => Err(self.with_partial(Trouble::new(What::Cut, "the answer broke off"))),
        }
    }
}

impl Contents {
    fn chunk(&mut self, data: &str, pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        if self.broken.is_some() {
            return Ok(());
        }
        let trouble = match serde_json::from_str::<Value>(data) {
            Ok(chunk) => match trouble::in_body(&chunk) {
                Some(trouble) => trouble,
                None => {
                    self.answer.add(&chunk, pieces);
                    return Ok(());
                }
            },
            Err(why) => Trouble::new(What::Decode, format!("a piece of the answer is no JSON: {why}")),
        };
        let trouble = self.with_partial(trouble);
        self.broken = Some(trouble.clone());
        Err(trouble)
    }

    fn with_partial(&self, trouble: Trouble) -> Trouble {
        Trouble { partial: self.answer.read().map(Box::new), ..trouble }
    }
}
