//! What an answer of the service says, and what of it goes back with the next call.

use serde_json::json;

use crate::model::call::{Message, Part, Piece, Stop, ToolCall, Usage};
use crate::model::{Map, Reply, Value};

use super::super::draft::{arguments, made_id, text};

/// Under what the parts of an answer are kept.
const KEPT: &str = "google";

/// Words of the service for an answer that it held back.
const REFUSED: &[&str] = &[
    "SAFETY",
    "RECITATION",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "ESCALATION",
    "MODEL_ARMOR",
];

/// An answer as far as it came: in one piece, or in several that each look like a whole one.
#[derive(Debug, Default)]
pub struct Whole {
    parts: Vec<Value>,
    /// Everything beside the parts, the newest of each.
    rest: Map,
    finish: Option<String>,
    finish_message: Option<String>,
    candidate: bool,
}

impl Whole {
    pub fn add(&mut self, chunk: &Value, pieces: &mut Vec<Piece>) {
        for key in ["promptFeedback", "usageMetadata", "modelVersion", "responseId"] {
            self.rest.extend(chunk.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        let Some(candidate) = chunk.get("candidates").and_then(|all| all.get(0)) else { return };
        self.candidate = true;
        self.finish = text(candidate, "finishReason").map(str::to_owned).or(self.finish.take());
        self.finish_message = text(candidate, "finishMessage").map(str::to_owned).or(self.finish_message.take());
        let parts = candidate.pointer("/content/parts").and_then(Value::as_array);
        for part in parts.into_iter().flatten().map(without_nulls) {
            pieces.extend(piece(&part));
            self.push(part);
        }
    }

    pub fn begun(&self) -> bool {
        self.candidate
    }

    /// Whether the service said why it ended.
    pub fn ended(&self) -> bool {
        self.finish.is_some() || self.blocked().is_some()
    }

    /// None if there was neither an answer nor a reason against one.
    pub fn read(&self) -> Option<Reply> {
        if !self.candidate && self.blocked().is_none() {
            return None;
        }
        let id = self.rest.get("responseId").and_then(Value::as_str);
        let mut reply = Reply {
            id: id.map(str::to_owned),
            model: self.rest.get("modelVersion").and_then(Value::as_str).map(str::to_owned),
            usage: self.rest.get("usageMetadata").and_then(usage),
            stop_word: self.finish.clone().or(self.blocked().map(str::to_owned)),
            ..Reply::default()
        };
        say(&self.parts, id.unwrap_or_default(), &mut reply);
        if self.parts.iter().any(|part| part.get("thoughtSignature").is_some()) {
            reply.kept.push(json!({KEPT: self.parts}));
        }
        reply.stop = self.stop(&reply);
        if reply.stop == Stop::Refused {
            reply.refusal = Some(self.refusal());
        }
        Some(reply)
    }

    fn blocked(&self) -> Option<&str> {
        text(self.rest.get("promptFeedback")?, "blockReason")
    }

    /// Text goes on where text was, unless one of the two is signed: a signature is of its part.
    fn push(&mut self, part: Value) {
        let words = text(&part, "text");
        let bare = |part: &Value| {
            part.as_object().is_some_and(|part| part.keys().all(|key| key == "text" || key == "thought"))
        };
        let goes_on = |last: &&mut Value| bare(last) && bare(&part) && last.get("thought") == part.get("thought");
        match (self.parts.last_mut().filter(goes_on), words) {
            (Some(Value::Object(last)), Some(words)) => match last.get_mut("text") {
                Some(Value::String(text)) => text.push_str(words),
                _ => drop(last.insert("text".into(), json!(words))),
            },
            _ => self.parts.push(part),
        }
    }

    fn stop(&self, reply: &Reply) -> Stop {
        match self.finish.as_deref() {
            Some("STOP") if !reply.tool_calls.is_empty() => Stop::ToolCalls,
            Some("STOP") => Stop::Complete,
            Some("MAX_TOKENS") => Stop::Length,
            Some(word) if REFUSED.contains(&word) => Stop::Refused,
            Some(word) => Stop::Other(word.to_owned()),
            None if self.blocked().is_some() => Stop::Refused,
            None => Stop::Other("unknown".to_owned()),
        }
    }

    fn refusal(&self) -> String {
        let feedback = self.rest.get("promptFeedback").and_then(|feedback| text(feedback, "blockReasonMessage"));
        match (self.finish_message.as_deref().or(feedback), self.blocked(), self.finish.as_deref()) {
            (Some(said), ..) => said.to_owned(),
            (None, Some(reason), _) => format!("the prompt was blocked: {reason}"),
            (None, None, reason) => format!("the answer was held back: {}", reason.unwrap_or("for no reason given")),
        }
    }
}

/// Some who pass answers on write out everything that a part is not.
fn without_nulls(part: &Value) -> Value {
    let mut part = part.clone();
    part.as_object_mut().into_iter().for_each(|part| part.retain(|_, value| !value.is_null()));
    part
}

fn piece(part: &Value) -> Option<Piece> {
    if let Some(call) = part.get("functionCall") {
        return Some(Piece::ToolCall { name: text(call, "name")?.to_owned() });
    }
    let words = text(part, "text").filter(|words| !words.is_empty())?.to_owned();
    Some(if is_thought(part) { Piece::Thought(words) } else { Piece::Text(words) })
}

fn is_thought(part: &Value) -> bool {
    part.get("thought").and_then(Value::as_bool).unwrap_or(false)
}

fn say(parts: &[Value], answer: &str, reply: &mut Reply) {
    for part in parts {
        if let Some(call) = part.get("functionCall") {
            let number = reply.tool_calls.len();
            let id = text(call, "id").filter(|id| !id.is_empty()).map(str::to_owned);
            reply.tool_calls.push(ToolCall {
                id: id.unwrap_or_else(|| made_id(answer, number)),
                name: text(call, "name").unwrap_or_default().to_owned(),
                arguments: arguments(call.get("args")),
            });
        }
        let words = text(part, "text").unwrap_or_default();
        if is_thought(part) { reply.thoughts.push_str(words) } else { reply.text.push_str(words) }
    }
}

/// What was paid for as an answer is what was said and what was thought. A count of nothing is left out by the service, so
/// the sum says what it is.
fn usage(raw: &Value) -> Option<Usage> {
    let count = |key: &str| raw.get(key).and_then(Value::as_u64);
    let prompt = count("promptTokenCount");
    let cached = count("cachedContentTokenCount").unwrap_or(0);
    let tools = count("toolUsePromptTokenCount").unwrap_or(0);
    let (said, thought) = (count("candidatesTokenCount"), count("thoughtsTokenCount"));
    let rest = || count("totalTokenCount")?.checked_sub(prompt?.saturating_add(tools));
    let output = match (said, thought) {
        (None, None) => rest(),
        (None, Some(thought)) => Some(rest().unwrap_or(thought).max(thought)),
        (Some(said), thought) => Some(said.saturating_add(thought.unwrap_or(0))),
    };
    if prompt.is_none() && output.is_none() {
        return None;
    }
    Some(Usage {
        input: prompt.map(|prompt| prompt.saturating_sub(cached).saturating_add(tools)),
        output,
        cache_read: cached,
        reasoning: thought,
        raw: raw.clone(),
        ..Usage::default()
    })
}

/// The parts of an earlier answer exactly as they came, as long as the message still says what they say: signatures belong
/// to the part on which they came.
pub fn unchanged(part: &Part, message: &Message) -> Option<Vec<Value>> {
    let Part::Kept(kept) = part else { return None };
    let parts = kept.get(KEPT)?.as_array()?;
    let mut said = Reply::default();
    say(parts, "", &mut said);
    let call = |part: &Part| match part {
        Part::ToolCall(call) => Some((call.name.clone(), call.arguments.clone())),
        _ => None,
    };
    let calls: Vec<_> = message.parts.iter().filter_map(call).collect();
    let wanted: Vec<_> = said.tool_calls.into_iter().map(|call| (call.name, call.arguments)).collect();
    let others = message.parts.iter().any(|part| matches!(part, Part::Media { .. } | Part::ToolResult(_)));
    (message.text() == said.text && calls == wanted && !others).then(|| parts.clone())
}

pub fn is_ours(kept: &Value) -> bool {
    kept.get(KEPT).is_some()
}
