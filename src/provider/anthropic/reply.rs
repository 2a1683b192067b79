//! What a message of the service says, and what of it goes back with the next call.

use serde_json::json;

use crate::model::call::{Message, Part, Stop, ToolCall, Usage};
use crate::model::{Map, Reply, Value};

use super::super::draft::{arguments, note, text};

/// Under what the blocks of a message are kept.
const KEPT: &str = "anthropic";

/// None if it is no message.
pub fn read(message: &Value) -> Option<Reply> {
    let blocks = message.get("content")?.as_array()?;
    let mut reply = Reply {
        model: text(message, "model").map(str::to_owned),
        id: text(message, "id").map(str::to_owned),
        usage: message.get("usage").and_then(usage),
        stop_word: text(message, "stop_reason").map(str::to_owned),
        ..Reply::default()
    };
    blocks.iter().for_each(|block| add(block, &mut reply));
    if blocks.iter().any(|block| !matches!(text(block, "type"), Some("text" | "tool_use"))) {
        reply.kept.push(json!({KEPT: blocks}));
    }
    reply.stop = stop(reply.stop_word.as_deref());
    if reply.stop == Stop::Refused {
        reply.refusal = Some(refusal(message, &reply.text));
    }
    Some(reply)
}

fn add(block: &Value, reply: &mut Reply) {
    let of = |key: &str| text(block, key).unwrap_or_default();
    match of("type") {
        "text" => reply.text.push_str(of("text")),
        "thinking" => reply.thoughts.push_str(of("thinking")),
        "tool_use" => reply.tool_calls.push(ToolCall {
            id: of("id").to_owned(),
            name: of("name").to_owned(),
            arguments: arguments(block.get("input")),
        }),
        _ => {}
    }
}

fn stop(reason: Option<&str>) -> Stop {
    match reason {
        Some("end_turn" | "stop_sequence") => Stop::Complete,
        Some("max_tokens") => Stop::Length,
        Some("tool_use") => Stop::ToolCalls,
        Some("refusal") => Stop::Refused,
        Some("model_context_window_exceeded") => Stop::ContextFull,
        other => Stop::Other(other.unwrap_or("unknown").to_owned()),
    }
}

/// The service's reason, or else what the model said, or else the kind of harm.
fn refusal(message: &Value, said: &str) -> String {
    let details = message.get("stop_details").unwrap_or(&Value::Null);
    let category = text(details, "category").map(|category| format!("refused: {category}"));
    let explained = text(details, "explanation").map(str::to_owned);
    let said = Some(said.to_owned()).filter(|said| !said.is_empty());
    explained.or(said).or(category).unwrap_or_else(|| "refused".to_owned())
}

fn usage(raw: &Value) -> Option<Usage> {
    let count = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64);
    let (input, output) = (count(raw, "input_tokens"), count(raw, "output_tokens"));
    if input.is_none() && output.is_none() {
        return None;
    }
    let by_time = raw.get("cache_creation").unwrap_or(&Value::Null);
    let hour = count(by_time, "ephemeral_1h_input_tokens").unwrap_or(0);
    let minutes = count(by_time, "ephemeral_5m_input_tokens").unwrap_or(0);
    let written = count(raw, "cache_creation_input_tokens").unwrap_or(0);
    let details = raw.get("output_tokens_details").unwrap_or(&Value::Null);
    Some(Usage {
        input,
        output,
        cache_read: count(raw, "cache_read_input_tokens").unwrap_or(0),
        cache_write: minutes.max(written.saturating_sub(hour)),
        cache_write_hour: hour,
        reasoning: count(details, "thinking_tokens"),
        cost: None,
        raw: raw.clone(),
    })
}

/// The blocks of an earlier answer exactly as they came, as long as the message still says what they say: signed thoughts
/// are only good where they stood.
pub fn unchanged(part: &Part, message: &Message) -> Option<Vec<Value>> {
    let Part::Kept(kept) = part else { return None };
    let blocks = kept.get(KEPT)?.as_array()?;
    let mut said = Reply::default();
    blocks.iter().for_each(|block| add(block, &mut said));
    let call = |part: &Part| match part {
        Part::ToolCall(call) => Some(call.clone()),
        _ => None,
    };
    let calls: Vec<ToolCall> = message.parts.iter().filter_map(call).collect();
    let others = message.parts.iter().any(|part| matches!(part, Part::Media { .. } | Part::ToolResult(_)));
    let objects = blocks.iter().all(|block| block.get("input").is_none_or(Value::is_object));
    let same = message.text() == said.text && calls == said.tool_calls;
    (same && objects && !others).then(|| blocks.clone())
}

/// The thoughts of an answer whose words were changed since.
pub fn thoughts(kept: &Value, notes: &mut Vec<String>) -> Vec<Value> {
    let Some(blocks) = kept.get(KEPT).and_then(Value::as_array) else {
        note(notes, "what another service kept of its answer is left out");
        return Vec::new();
    };
    let thought = |block: &&Value| matches!(text(block, "type"), Some("thinking" | "redacted_thinking"));
    blocks.iter().filter(thought).cloned().collect()
}

/// The counts of `message_delta` over those of `message_start`.
pub fn merge(usage: &mut Value, newer: &Value) {
    let Value::Object(newer) = newer else { return };
    if !usage.is_object() {
        *usage = Value::Object(Map::new());
    }
    let known = newer.iter().filter(|(_, value)| !value.is_null());
    usage
        .as_object_mut()
        .into_iter()
        .for_each(|usage| usage.extend(known.clone().map(|(k, v)| (k.clone(), v.clone()))));
}
