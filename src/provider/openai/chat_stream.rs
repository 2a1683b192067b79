//! Chunks of Chat Completions, put together.

use crate::model::call::{Piece, Reply, Stop, ToolCall, What};
use crate::model::{Trouble, Value};

use super::super::protocol::Stream;
use super::super::sse::Sse;
use super::super::whole;
use super::chat_reply::{self, Kind};
use super::{Chat, failure, text, trouble};

#[derive(Debug, Default)]
pub struct ChatStream {
    sse: Sse,
    reply: Reply,
    calls: Vec<Slot>,
    /// What was thought, in the form in which it is wanted back, piece by piece.
    details: Vec<Value>,
    finish: Option<String>,
    /// The end mark was seen.
    done: bool,
}

/// A call of a function on its way. The pieces of parallel calls come in any order.
#[derive(Debug)]
struct Slot {
    index: u64,
    id: Option<String>,
    name: String,
    arguments: String,
}

impl Stream for ChatStream {
    fn feed(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        let mut events = Vec::new();
        self.sse.feed(bytes, &mut events);
        for event in events {
            self.take(&event.data, pieces).map_err(|trouble| self.broken(trouble))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, pieces: &mut Vec<Piece>) -> Result<Reply, Trouble> {
        if let Some(whole) = whole::answer(&self.sse, &Chat, pieces) {
            return whole;
        }
        if let Some(event) = self.sse.finish() {
            self.take(&event.data, pieces).map_err(|trouble| self.broken(trouble))?;
        }
        if !self.done && self.finish.is_none() {
            return Err(self.broken(Trouble::new(What::Cut, "the answer broke off")));
        }
        Ok(self.reply())
    }
}

impl ChatStream {
    fn take(&mut self, data: &str, pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        if data.trim() == "[DONE]" {
            self.done = true;
            return Ok(());
        }
        let chunk: Value = serde_json::from_str(data).map_err(|error| {
            let shown = failure::excerpt(data.as_bytes());
            Trouble::new(What::Decode, format!("a piece of the answer is not JSON ({error}): {shown}"))
        })?;
        chat_reply::read_head(&chunk, &mut self.reply);
        let choices = chunk.get("choices").and_then(Value::as_array);
        let first = |choice: &&Value| choice.get("index").is_none_or(|index| index == 0);
        if let Some(choice) = choices.and_then(|all| all.iter().find(first)) {
            self.take_choice(choice, pieces);
        }
        match trouble::in_body(&chunk) {
            Some(trouble) => Err(trouble),
            None => Ok(()),
        }
    }

    fn take_choice(&mut self, choice: &Value, pieces: &mut Vec<Piece>) {
        let delta = choice.get("delta").or(choice.get("message")).unwrap_or(&Value::Null);
        for (kind, words) in chat_reply::content(delta) {
            let reply = &mut self.reply;
            match kind {
                Kind::Said => reply.text += &words,
                Kind::Thought => reply.thoughts += &words,
                Kind::Refused => reply.refusal.get_or_insert_default().push_str(&words),
            }
            pieces.push(match kind {
                Kind::Said => Piece::Text(words),
                Kind::Thought => Piece::Thought(words),
                Kind::Refused => Piece::Refusal(words),
            });
        }
        for call in delta.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
            self.take_call(call, pieces);
        }
        self.details.extend(delta.get("reasoning_details").and_then(Value::as_array).into_iter().flatten().cloned());
        self.reply.stop_word =
            text(choice, "native_finish_reason").or(text(choice, "finish_reason")).or(self.reply.stop_word.take());
        self.finish = text(choice, "finish_reason").or(self.finish.take());
    }

    fn take_call(&mut self, call: &Value, pieces: &mut Vec<Piece>) {
        let function = call.get("function").unwrap_or(&Value::Null);
        let (id, name) = (text(call, "id"), text(function, "name"));
        let at = self.slot(call.get("index").and_then(Value::as_u64), id.as_deref());
        let slot = &mut self.calls[at];
        slot.id = slot.id.take().or(id);
        if let Some(name) = name.filter(|_| slot.name.is_empty()) {
            pieces.push(Piece::ToolCall { name: name.clone() });
            slot.name = name;
        }
        slot.arguments += &chat_reply::arguments(function.get("arguments"));
    }

    /// Where a piece belongs: to the call of its index, or without one to the last call. Another id is another call,
    /// since some services give all of them the same index.
    fn slot(&mut self, index: Option<u64>, id: Option<&str>) -> usize {
        let fits = |slot: &Slot| index.is_none_or(|index| slot.index == index);
        let same = |slot: &Slot| id.is_none() || slot.id.is_none() || slot.id.as_deref() == id;
        if let Some(at) = self.calls.iter().rposition(fits).filter(|&at| same(&self.calls[at])) {
            return at;
        }
        let next = self.calls.iter().map(|slot| slot.index + 1).max().unwrap_or(0);
        self.calls.push(Slot { index: index.unwrap_or(next), id: None, name: String::new(), arguments: String::new() });
        self.calls.len() - 1
    }

    /// All that has come so far.
    fn reply(&mut self) -> Reply {
        let mut reply = std::mem::take(&mut self.reply);
        let mut calls = std::mem::take(&mut self.calls);
        calls.sort_by_key(|slot| slot.index);
        let call = |(at, slot): (usize, Slot)| ToolCall {
            id: slot.id.unwrap_or_else(|| format!("call_{at}")),
            name: slot.name,
            arguments: slot.arguments,
        };
        reply.tool_calls = calls.into_iter().enumerate().map(call).collect();
        if !self.details.is_empty() {
            reply.kept.push(serde_json::json!({"reasoning_details": joined(std::mem::take(&mut self.details))}));
        }
        reply.stop = chat_reply::stop(self.finish.as_deref(), &reply);
        reply
    }

    fn broken(&mut self, trouble: Trouble) -> Trouble {
        let mut reply = self.reply();
        if self.finish.is_none() {
            reply.stop = Stop::Other("cut".to_owned());
        }
        Trouble { partial: Some(Box::new(reply)), ..trouble }
    }
}

/// Details come in pieces that name the detail they belong to by index; their texts are put together.
fn joined(pieces: Vec<Value>) -> Vec<Value> {
    let mut details: Vec<Value> = Vec::new();
    for piece in pieces {
        let same = |known: &&mut Value| known["index"] == piece["index"] && known["type"] == piece["type"];
        let known = if piece["index"].is_null() { None } else { details.iter_mut().find(same) };
        match (known, piece) {
            (Some(Value::Object(known)), Value::Object(piece)) => {
                for (key, value) in piece {
                    match (known.get_mut(&key), value) {
                        (Some(Value::String(text)), Value::String(more)) if is_grown(&key) => text.push_str(&more),
                        (Some(Value::Null) | None, value) => drop(known.insert(key, value)),
                        _ => {}
                    }
                }
            }
            (_, piece) => details.push(piece),
        }
    }
    details
}

fn is_grown(key: &str) -> bool {
    ["text", "summary", "data"].contains(&key)
}
