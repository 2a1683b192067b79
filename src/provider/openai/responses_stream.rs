//! Events of Responses. The last of them carries the whole answer; the others are what is shown meanwhile, and what is
//! left of an answer that breaks off.

use serde_json::{Map, json};

use crate::model::call::{Piece, Reply, Stop, What};
use crate::model::{Trouble, Value};

use super::super::protocol::Stream;
use super::super::sse::{Event, Sse};
use super::super::whole;
use super::{Responses, failure, responses_reply, text, trouble};

#[derive(Debug, Default)]
pub struct ResponsesStream {
    sse: Sse,
    /// The answer as it was when it began: its id and model.
    begun: Map<String, Value>,
    /// Items that are whole.
    items: Vec<Value>,
    /// What came of the item that is not whole yet.
    text: String,
    refusal: String,
    thoughts: String,
    ended: Option<Result<Reply, Trouble>>,
}

impl Stream for ResponsesStream {
    fn feed(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        let mut events = Vec::new();
        self.sse.feed(bytes, &mut events);
        for event in events {
            self.take(&event, pieces).map_err(|trouble| self.broken(trouble))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, pieces: &mut Vec<Piece>) -> Result<Reply, Trouble> {
        if let Some(whole) = whole::answer(&self.sse, &Responses, pieces) {
            return whole;
        }
        if let Some(event) = self.sse.finish() {
            self.take(&event, pieces).map_err(|trouble| self.broken(trouble))?;
        }
        self.ended.take().unwrap_or_else(|| Err(self.broken(Trouble::new(What::Cut, "the answer broke off"))))
    }
}

impl ResponsesStream {
    fn take(&mut self, event: &Event, pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        if event.data.trim() == "[DONE]" || self.ended.is_some() {
            return Ok(());
        }
        let data: Value = serde_json::from_str(&event.data).map_err(|error| {
            let shown = failure::excerpt(event.data.as_bytes());
            Trouble::new(What::Decode, format!("a piece of the answer is not JSON ({error}): {shown}"))
        })?;
        let kind = data.get("type").and_then(Value::as_str).unwrap_or(&event.name).to_owned();
        let delta = || text(&data, "delta");
        match kind.as_str() {
            "response.created" | "response.in_progress" | "response.queued" => {
                self.begun = data.get("response").and_then(Value::as_object).cloned().unwrap_or_default();
            }
            "response.output_text.delta" => grow(&mut self.text, delta(), pieces, Piece::Text),
            "response.refusal.delta" => grow(&mut self.refusal, delta(), pieces, Piece::Refusal),
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                grow(&mut self.thoughts, delta(), pieces, Piece::Thought);
            }
            "response.output_item.added" if data["item"]["type"] == "function_call" => {
                pieces.extend(text(&data["item"], "name").map(|name| Piece::ToolCall { name }));
            }
            "response.output_item.done" => self.end_item(&data["item"]),
            "response.completed" | "response.incomplete" | "response.failed" | "response.done" => {
                return self.end(&data["response"]);
            }
            "error" | "response.error" => return Err(told(&data)),
            _ => {}
        }
        Ok(())
    }

    /// The item holds what its pieces told.
    fn end_item(&mut self, item: &Value) {
        match item["type"].as_str() {
            Some("message") => {
                self.text.clear();
                self.refusal.clear();
            }
            Some("reasoning") => self.thoughts.clear(),
            _ => {}
        }
        self.items.push(item.clone());
    }

    fn end(&mut self, response: &Value) -> Result<(), Trouble> {
        let mut response = response.clone();
        // Some who speak this language leave out of the whole what they have sent in pieces.
        if response["output"].as_array().is_none_or(Vec::is_empty) {
            response["output"] = Value::Array(std::mem::take(&mut self.items));
        }
        let reply = responses_reply::read(&response)?;
        self.ended = Some(Ok(reply));
        Ok(())
    }

    /// A trouble with all that has come before it.
    fn broken(&mut self, trouble: Trouble) -> Trouble {
        if trouble.partial.is_some() {
            return trouble;
        }
        let mut items = std::mem::take(&mut self.items);
        let part = |kind: &str, key: &str, words: &str| json!({"type": kind, key: words});
        if !self.thoughts.is_empty() {
            items.push(json!({"type": "reasoning", "summary": [part("summary_text", "text", &self.thoughts)]}));
        }
        let mut content = Vec::new();
        content.extend((!self.text.is_empty()).then(|| part("output_text", "text", &self.text)));
        content.extend((!self.refusal.is_empty()).then(|| part("refusal", "refusal", &self.refusal)));
        items.push(json!({"type": "message", "content": content}));
        let mut begun = std::mem::take(&mut self.begun);
        begun.insert("output".into(), Value::Array(items));
        begun.insert("status".into(), json!("incomplete"));
        let partial = responses_reply::read(&Value::Object(begun)).ok();
        let partial =
            partial.map(|reply| Box::new(Reply { stop: Stop::Other("cut".into()), stop_word: None, ..reply }));
        Trouble { partial, ..trouble }
    }
}

fn grow(all: &mut String, more: Option<String>, pieces: &mut Vec<Piece>, piece: fn(String) -> Piece) {
    if let Some(more) = more {
        all.push_str(&more);
        pieces.push(piece(more));
    }
}

/// An error that came as an event: flat, or in an object of its own.
fn told(data: &Value) -> Trouble {
    let error = data.get("error").filter(|error| error.is_object()).unwrap_or(data);
    trouble::of_event(error)
}
