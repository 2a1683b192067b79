//! Answers of Chat Completions.

use crate::model::call::{Reply, Stop, ToolCall, What};
use crate::model::{Trouble, Value};

use super::{text, trouble, usage};

/// A whole answer.
pub fn read(body: &Value) -> Result<Reply, Trouble> {
    let Some(choice) = body.get("choices").and_then(|choices| choices.get(0)) else {
        return Err(Trouble::new(What::Decode, "the answer has no `choices`"));
    };
    let message = choice.get("message").unwrap_or(&Value::Null);
    let mut reply = Reply::default();
    read_head(body, &mut reply);
    for (kind, words) in content(message) {
        match kind {
            Kind::Said => reply.text += &words,
            Kind::Thought => reply.thoughts += &words,
            Kind::Refused => reply.refusal.get_or_insert_default().push_str(&words),
        }
    }
    reply.kept.extend(kept(message));
    reply.tool_calls = tool_calls(message);
    reply.stop_word = text(choice, "native_finish_reason").or(text(choice, "finish_reason"));
    reply.stop = stop(text(choice, "finish_reason").as_deref(), &reply);
    match choice.get("error").and_then(trouble::of_error) {
        Some(trouble) => Err(Trouble { partial: Some(Box::new(reply)), ..trouble }),
        None => Ok(reply),
    }
}

/// What stands beside the choices, in an answer as in each chunk of one.
pub fn read_head(body: &Value, reply: &mut Reply) {
    let keep = |known: &mut Option<String>, key: &str| *known = known.take().or_else(|| text(body, key));
    keep(&mut reply.model, "model");
    keep(&mut reply.id, "id");
    keep(&mut reply.backend, "provider");
    reply.usage = usage::read(body.get("usage")).or(reply.usage.take());
}

pub enum Kind {
    Said,
    Thought,
    Refused,
}

/// The words of a message or of a piece of one, in their order. What was thought has no agreed name.
pub fn content(message: &Value) -> Vec<(Kind, String)> {
    let mut words = Vec::new();
    let thought = text(message, "reasoning_content").or(text(message, "reasoning"));
    words.extend(thought.map(|thought| (Kind::Thought, thought)));
    match message.get("content") {
        Some(Value::String(text)) => words.push((Kind::Said, text.clone())),
        Some(Value::Array(parts)) => words.extend(parts.iter().filter_map(part)),
        _ => {}
    }
    words.extend(text(message, "refusal").map(|refusal| (Kind::Refused, refusal)));
    words.retain(|(_, words)| !words.is_empty());
    words
}

fn part(part: &Value) -> Option<(Kind, String)> {
    match part.get("type")?.as_str()? {
        "text" => Some((Kind::Said, text(part, "text")?)),
        "refusal" => Some((Kind::Refused, text(part, "refusal")?)),
        "thinking" => {
            let parts = part.get("thinking")?.as_array()?;
            Some((Kind::Thought, parts.iter().filter_map(|part| text(part, "text")).collect()))
        }
        _ => None,
    }
}

/// What the service wants back with the next call.
pub fn kept(message: &Value) -> Option<Value> {
    let details = message.get("reasoning_details")?.as_array().filter(|details| !details.is_empty())?;
    Some(serde_json::json!({"reasoning_details": details}))
}

fn tool_calls(message: &Value) -> Vec<ToolCall> {
    let calls = message.get("tool_calls").and_then(Value::as_array);
    let old = message.get("function_call").filter(|call| call.is_object());
    let calls = calls.into_iter().flatten().map(|call| (text(call, "id"), call.get("function").unwrap_or(call)));
    let calls = calls.chain(old.map(|call| (None, call)));
    let read = |(at, (id, function)): (usize, (Option<String>, &Value))| ToolCall {
        id: id.unwrap_or_else(|| format!("call_{at}")),
        name: text(function, "name").unwrap_or_default(),
        arguments: arguments(function.get("arguments")),
    };
    calls.enumerate().map(read).collect()
}

/// They are text with JSON in it; some services give the JSON itself.
pub fn arguments(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(value) => value.to_string(),
    }
}

/// Some services end a call of functions with `stop`.
pub fn stop(word: Option<&str>, reply: &Reply) -> Stop {
    match word {
        Some("length") => Stop::Length,
        Some("content_filter") => Stop::Refused,
        Some("model_length") => Stop::ContextFull,
        _ if reply.refusal.is_some() => Stop::Refused,
        None | Some("stop" | "tool_calls" | "function_call") if !reply.tool_calls.is_empty() => Stop::ToolCalls,
        None | Some("stop" | "tool_calls" | "function_call") => Stop::Complete,
        Some(other) => Stop::Other(other.to_owned()),
    }
}
