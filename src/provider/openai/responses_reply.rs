//! Answers of Responses: a list of items.

use crate::model::call::{Reply, Stop, ToolCall, What};
use crate::model::{Trouble, Value};

use super::chat_reply::arguments;
use super::{text, trouble, usage};

/// A whole answer.
pub fn read(body: &Value) -> Result<Reply, Trouble> {
    let Some(items) = body.get("output").and_then(Value::as_array) else {
        return Err(Trouble::new(What::Decode, "the answer has no `output`"));
    };
    let mut reply = Reply {
        model: text(body, "model"),
        id: text(body, "id"),
        usage: usage::read(body.get("usage")),
        ..Reply::default()
    };
    items.iter().for_each(|item| add_item(item, &mut reply));
    let reason = body.pointer("/incomplete_details/reason").and_then(Value::as_str);
    let status = body.get("status").and_then(Value::as_str);
    reply.stop_word = reason.or(status).map(str::to_owned);
    reply.stop = stop(reason, &reply);
    let failed = |trouble: Trouble| Err(Trouble { partial: Some(Box::new(reply.clone())), ..trouble });
    match status {
        Some("failed") => failed(failure(body)),
        Some("cancelled") => failed(Trouble::new(What::Cut, "the answer was cancelled at the service")),
        Some("queued" | "in_progress") => {
            failed(Trouble::new(What::Decode, "the service works on the answer in the background"))
        }
        _ => Ok(reply),
    }
}

/// Why the service says that it failed.
fn failure(body: &Value) -> Trouble {
    let told = body.get("error").and_then(trouble::of_error);
    told.unwrap_or_else(|| Trouble::new(What::Server, "the service failed and does not say why"))
}

fn add_item(item: &Value, reply: &mut Reply) {
    match item.get("type").and_then(Value::as_str) {
        Some("message") => parts(item, "content").for_each(|part| add_part(part, reply)),
        Some("function_call") => reply.tool_calls.push(ToolCall {
            id: text(item, "call_id").or(text(item, "id")).unwrap_or_default(),
            name: text(item, "name").unwrap_or_default(),
            arguments: arguments(item.get("arguments")),
        }),
        Some("reasoning") => {
            let thoughts = parts(item, "summary").chain(parts(item, "content")).filter_map(|part| text(part, "text"));
            reply.thoughts.extend(thoughts);
            if text(item, "encrypted_content").is_some() {
                reply.kept.push(item.clone());
            }
        }
        // What the service's own tools did.
        _ => {}
    }
}

fn parts<'a>(item: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    item.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn add_part(part: &Value, reply: &mut Reply) {
    match part.get("type").and_then(Value::as_str) {
        Some("output_text") => reply.text.extend(text(part, "text")),
        Some("refusal") => {
            reply.refusal.get_or_insert_default().extend(text(part, "refusal"));
        }
        _ => {}
    }
}

fn stop(reason: Option<&str>, reply: &Reply) -> Stop {
    match reason {
        Some("max_output_tokens" | "max_tokens") => Stop::Length,
        Some("content_filter") => Stop::Refused,
        Some(other) => Stop::Other(other.to_owned()),
        None if reply.refusal.is_some() => Stop::Refused,
        None if !reply.tool_calls.is_empty() => Stop::ToolCalls,
        None => Stop::Complete,
    }
}
