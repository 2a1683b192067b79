//! What an answer of the server says.

use serde_json::json;

use crate::model::call::{Stop, ToolCall, Usage};
use crate::model::{Map, Reply, Value};

use super::super::draft::{arguments, made_id, text};

/// Under what thoughts are kept: a model in the midst of calling functions goes on from them.
const KEPT: &str = "ollama";

/// What the server counts of a run. Times are not the same twice and are not usage.
const COUNTS: &[&str] = &["prompt_eval_count", "eval_count"];

/// None if it is no answer.
pub fn read(answer: &Value) -> Option<Reply> {
    let message = answer.get("message")?.as_object()?;
    let of = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut reply = Reply {
        text: of("content"),
        thoughts: of("thinking"),
        model: text(answer, "model").map(str::to_owned),
        usage: usage(answer),
        stop_word: text(answer, "done_reason").map(str::to_owned),
        ..Reply::default()
    };
    let made = text(answer, "created_at").unwrap_or_default();
    let calls = message.get("tool_calls").and_then(Value::as_array);
    reply.tool_calls = calls.into_iter().flatten().enumerate().map(|(number, one)| call(one, number, made)).collect();
    if !reply.thoughts.is_empty() {
        reply.kept.push(json!({KEPT: {"thinking": reply.thoughts}}));
    }
    reply.stop = stop(&reply);
    Some(reply)
}

fn call(call: &Value, number: usize, made: &str) -> ToolCall {
    let function = call.get("function").unwrap_or(&Value::Null);
    let id = text(call, "id").filter(|id| !id.is_empty()).map(str::to_owned);
    ToolCall {
        id: id.unwrap_or_else(|| made_id(made, number)),
        name: text(function, "name").unwrap_or_default().to_owned(),
        arguments: arguments(function.get("arguments")),
    }
}

fn stop(reply: &Reply) -> Stop {
    match reply.stop_word.as_deref() {
        Some("stop") | None if !reply.tool_calls.is_empty() => Stop::ToolCalls,
        Some("stop") | None => Stop::Complete,
        Some("length") => Stop::Length,
        Some(word) => Stop::Other(word.to_owned()),
    }
}

/// A count that is missing is not known: the server leaves it out where it read the prompt from its cache.
fn usage(answer: &Value) -> Option<Usage> {
    let count = |key: &str| answer.get(key).and_then(Value::as_u64);
    let (input, output) = (count("prompt_eval_count"), count("eval_count"));
    if input.is_none() && output.is_none() {
        return None;
    }
    let raw: Map = COUNTS.iter().filter_map(|key| Some(((*key).to_owned(), answer.get(*key)?.clone()))).collect();
    Some(Usage { input, output, raw: Value::Object(raw), ..Usage::default() })
}

/// The thoughts of an earlier answer of this service.
pub fn thoughts(kept: &Value) -> Option<&str> {
    text(kept.get(KEPT)?, "thinking")
}
