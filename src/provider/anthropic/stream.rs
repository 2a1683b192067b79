//! A message that comes in pieces: its blocks are put together again, and then read like a whole one.

use std::collections::BTreeMap;

use serde_json::json;

use crate::model::call::{Piece, What};
use crate::model::{Reply, Trouble, Value};

use super::super::draft::text;
use super::super::protocol::Stream;
use super::super::sse::{Event, Sse};
use super::super::whole;
use super::{Anthropic, reply, trouble};

#[derive(Default)]
pub struct Messages {
    sse: Sse,
    message: Option<Value>,
    blocks: BTreeMap<u64, Block>,
    /// Whether the last counts and the reason of the end came.
    ended: bool,
    broken: Option<Trouble>,
}

#[derive(Default)]
struct Block {
    value: Value,
    /// What a function is called with, as far as it came.
    input: String,
}

impl Stream for Messages {
    fn feed(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        let mut events = Vec::new();
        self.sse.feed(bytes, &mut events);
        events.iter().try_for_each(|event| self.event(event, pieces))
    }

    fn finish(mut self: Box<Self>, pieces: &mut Vec<Piece>) -> Result<Reply, Trouble> {
        if let Some(whole) = whole::answer(&self.sse, &Anthropic, pieces) {
            return whole;
        }
        // Half an event is no event: where the others were good, it was cut.
        let is_whole = |event: &Event| self.message.is_none() || serde_json::from_str::<Value>(&event.data).is_ok();
        if let Some(event) = self.sse.finish().filter(is_whole) {
            self.event(&event, pieces)?;
        }
        match (self.broken.take(), self.reply()) {
            (Some(broken), _) => Err(broken),
            (None, Some(reply)) if self.ended => Ok(reply),
            (None, partial) => Err(self.broken_off(Trouble::new(What::Cut, "the answer broke off"), partial)),
        }
    }
}

impl Messages {
    fn event(&mut self, event: &Event, pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        if self.broken.is_some() {
            return Ok(());
        }
        let Ok(data) = serde_json::from_str::<Value>(&event.data) else {
            let trouble = Trouble::new(What::Decode, format!("the event `{}` is no JSON", event.name));
            return self.fail(trouble);
        };
        let index = data.get("index").and_then(Value::as_u64).unwrap_or(0);
        match text(&data, "type").unwrap_or(&event.name) {
            "message_start" => self.message = data.get("message").cloned(),
            "content_block_start" => self.start(index, &data["content_block"], pieces),
            "content_block_delta" => self.delta(index, &data["delta"], pieces),
            "message_delta" => self.end(&data),
            "error" => return self.fail(trouble::in_stream(&data)),
            // Pings, ends of blocks, and what the service may say in years to come.
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, index: u64, block: &Value, pieces: &mut Vec<Piece>) {
        match (text(block, "type"), text(block, "text"), text(block, "name")) {
            (Some("text"), Some(text), _) if !text.is_empty() => pieces.push(Piece::Text(text.to_owned())),
            (Some("tool_use"), _, Some(name)) => pieces.push(Piece::ToolCall { name: name.to_owned() }),
            _ => {}
        }
        self.blocks.insert(index, Block { value: block.clone(), input: String::new() });
    }

    fn delta(&mut self, index: u64, delta: &Value, pieces: &mut Vec<Piece>) {
        let block = self.blocks.entry(index).or_default();
        let of = |key: &str| text(delta, key).unwrap_or_default();
        match of("type") {
            "text_delta" => {
                append(&mut block.value, "text", of("text"));
                pieces.push(Piece::Text(of("text").to_owned()));
            }
            "thinking_delta" => {
                append(&mut block.value, "thinking", of("thinking"));
                pieces.push(Piece::Thought(of("thinking").to_owned()));
            }
            "signature_delta" => append(&mut block.value, "signature", of("signature")),
            "input_json_delta" => block.input.push_str(of("partial_json")),
            "citations_delta" => cite(&mut block.value, &delta["citation"]),
            _ => {}
        }
    }

    fn end(&mut self, data: &Value) {
        let message = self.message.get_or_insert_with(|| json!({}));
        let Some(message) = message.as_object_mut() else { return };
        if let Some(delta) = data.get("delta").and_then(Value::as_object) {
            message.extend(delta.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        reply::merge(message.entry("usage").or_insert(Value::Null), &data["usage"]);
        self.ended = message.get("stop_reason").is_some_and(Value::is_string);
    }

    /// The message as far as it came.
    fn reply(&self) -> Option<Reply> {
        let mut message = self.message.clone()?;
        message.as_object_mut()?.insert("content".into(), self.blocks.values().map(Block::value).collect());
        let mut reply = reply::read(&message)?;
        if let Some(usage) = reply.usage.as_mut().filter(|_| !self.ended) {
            // The first event counts what went in; its count of what came out is only a beginning.
            usage.output = None;
        }
        Some(reply)
    }

    fn fail(&mut self, trouble: Trouble) -> Result<(), Trouble> {
        let partial = self.reply();
        let trouble = self.broken_off(trouble, partial);
        self.broken = Some(trouble.clone());
        Err(trouble)
    }

    fn broken_off(&self, trouble: Trouble, partial: Option<Reply>) -> Trouble {
        Trouble { partial: partial.map(Box::new), ..trouble }
    }
}

impl Block {
    /// The block, with what a function is called with as an object if it is one.
    fn value(&self) -> Value {
        let mut value = self.value.clone();
        if let Some(block) = value.as_object_mut().filter(|_| !self.input.is_empty()) {
            let input = serde_json::from_str(&self.input).unwrap_or_else(|_| json!(self.input));
            block.insert("input".into(), input);
        }
        value
    }
}

fn append(block: &mut Value, key: &str, more: &str) {
    if !block.is_object() {
        *block = json!({"type": key});
    }
    match &mut block[key] {
        Value::String(text) => text.push_str(more),
        other => *other = json!(more),
    }
}

fn cite(block: &mut Value, citation: &Value) {
    let Some(block) = block.as_object_mut() else { return };
    match block.entry("citations").or_insert(Value::Null) {
        Value::Array(citations) => citations.push(citation.clone()),
        other => *other = json!([citation]),
    }
}
