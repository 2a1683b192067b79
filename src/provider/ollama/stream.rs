//! An answer that comes as one JSON object a line. The last one says that it is done, and counts.

use serde_json::json;

use crate::model::call::{Piece, What};
use crate::model::{Map, Reply, Trouble, Value};

use super::super::draft::text;
use super::super::failure;
use super::super::lines::Lines;
use super::super::protocol::Stream;
use super::{reply, trouble};

#[derive(Default)]
pub struct Chat {
    lines: Lines,
    said: String,
    thought: String,
    calls: Vec<Value>,
    /// The newest of everything beside the message.
    last: Map,
    begun: bool,
    done: bool,
    broken: Option<Trouble>,
}

impl Stream for Chat {
    fn feed(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        self.lines.feed(bytes).iter().try_for_each(|line| self.line(line, pieces))
    }

    fn finish(mut self: Box<Self>, pieces: &mut Vec<Piece>) -> Result<Reply, Trouble> {
        // Half a line is none: where the others were good, it was cut.
        let is_whole = |line: &Vec<u8>| !self.begun || serde_json::from_slice::<Value>(line).is_ok();
        if let Some(line) = self.lines.finish().filter(is_whole) {
            self.line(&line, pieces)?;
        }
        match (self.broken.take(), self.reply()) {
            (Some(broken), _) => Err(broken),
            (None, Some(reply)) if self.done => Ok(reply),
            _ => Err(self.with_partial(Trouble::new(What::Cut, "the answer broke off"))),
        }
    }
}

impl Chat {
    fn line(&mut self, line: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        if self.broken.is_some() {
            return Ok(());
        }
        let trouble = match serde_json::from_slice::<Value>(line) {
            Ok(Value::Object(chunk)) if chunk.get("error").is_some_and(|error| !error.is_null()) => {
                trouble::in_stream(&Value::Object(chunk))
            }
            Ok(Value::Object(chunk)) => {
                self.chunk(chunk, pieces);
                return Ok(());
            }
            _ => {
                let shown = failure::excerpt(line);
                Trouble::new(What::Decode, format!("a line of the answer is no JSON object: {shown}"))
            }
        };
        let trouble = self.with_partial(trouble);
        self.broken = Some(trouble.clone());
        Err(trouble)
    }

    fn chunk(&mut self, mut chunk: Map, pieces: &mut Vec<Piece>) {
        self.begun |= chunk.contains_key("message");
        let message = chunk.shift_remove("message").unwrap_or_default();
        let words = |key: &str| text(&message, key).filter(|words| !words.is_empty()).map(str::to_owned);
        if let Some(words) = words("thinking") {
            self.thought.push_str(&words);
            pieces.push(Piece::Thought(words));
        }
        if let Some(words) = words("content") {
            self.said.push_str(&words);
            pieces.push(Piece::Text(words));
        }
        for call in message.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
            let name = call.pointer("/function/name").and_then(Value::as_str).unwrap_or_default();
            pieces.push(Piece::ToolCall { name: name.to_owned() });
            self.calls.push(call.clone());
        }
        self.done |= chunk.get("done") == Some(&json!(true));
        self.last.extend(chunk);
    }

    fn reply(&self) -> Option<Reply> {
        if !self.begun {
            return None;
        }
        let mut answer = self.last.clone();
        let message = json!({"content": self.said, "thinking": self.thought, "tool_calls": self.calls});
        answer.insert("message".into(), message);
        reply::read(&Value::Object(answer))
    }

    fn with_partial(&self, trouble: Trouble) -> Trouble {
        Trouble { partial: self.reply().map(Box::new), ..trouble }
    }
}
