//! Messages as contents of which no two neighbours have the same role, and the system text apart.

use serde_json::json;

use crate::model::call::{Message, Part, Role, ToolCall, ToolResult};
use crate::model::{Call, Value};

use super::super::draft::{given_id, note, object};
use super::super::media::{Bytes, media};
use super::reply;

/// The system text, if any, and the contents.
pub fn of(call: &Call, notes: &mut Vec<String>) -> (Option<String>, Value) {
    let mut system: Vec<String> = Vec::new();
    let mut contents: Vec<(&str, Vec<Value>)> = Vec::new();
    for message in &call.messages {
        if message.name.is_some() {
            note(notes, "the service knows no names of messages: they are left out");
        }
        let role = match message.role {
            Role::System | Role::Developer => {
                if !contents.is_empty() {
                    note(notes, "a system message after the first turn is moved to the front");
                }
                system.extend(instruction(message, notes));
                continue;
            }
            Role::Assistant => "model",
            Role::User | Role::Tool => "user",
        };
        let parts = parts(message, call, notes);
        match contents.last_mut() {
            _ if parts.is_empty() => note(notes, format!("an empty message of the role `{role}` is left out")),
            Some((last, all)) if *last == role => all.extend(parts),
            _ => contents.push((role, parts)),
        }
    }
    if contents.is_empty() {
        note(notes, "the service wants at least one user message");
    }
    let content = |(role, parts): (&str, Vec<Value>)| json!({"role": role, "parts": parts});
    (Some(system.join("\n\n")).filter(|text| !text.is_empty()), contents.into_iter().map(content).collect())
}

fn instruction(message: &Message, notes: &mut Vec<String>) -> Option<String> {
    if message.parts.iter().any(|part| !matches!(part, Part::Text(_))) {
        note(notes, "a system message holds nothing but text: the rest is left out");
    }
    Some(message.text()).filter(|text| !text.trim().is_empty())
}

fn parts(message: &Message, call: &Call, notes: &mut Vec<String>) -> Vec<Value> {
    if let Some(parts) = message.parts.iter().find_map(|part| reply::unchanged(part, message)) {
        return parts;
    }
    if message.role == Role::Tool && !message.parts.iter().any(|part| matches!(part, Part::ToolResult(_))) {
        note(notes, "a `tool` message names no function; write `tool[name=…]:`");
    }
    message.parts.iter().filter_map(|part| said(part, call, notes)).collect()
}

fn said(part: &Part, call: &Call, notes: &mut Vec<String>) -> Option<Value> {
    match part {
        Part::Text(text) if text.is_empty() => None,
        Part::Text(text) => Some(json!({"text": text})),
        Part::Media { url, mime } => file(url, mime.as_deref(), notes),
        Part::ToolCall(call) => Some(function_call(call, notes)),
        Part::ToolResult(result) => Some(function_response(result, call, notes)),
        Part::Kept(kept) if reply::is_ours(kept) => {
            note(notes, "the words of an earlier answer were changed: its signed thoughts are left out");
            None
        }
        Part::Kept(_) => {
            note(notes, "what another service kept of its answer is left out");
            None
        }
    }
}

fn function_call(call: &ToolCall, notes: &mut Vec<String>) -> Value {
    let mut function = json!({"name": call.name, "args": object(&call.arguments, &call.name, notes)});
    if let Some(id) = given_id(&call.id) {
        function["id"] = json!(id);
    }
    json!({"functionCall": function})
}

/// Results are found by the function's name; a result that has none has it from its call.
fn function_response(result: &ToolResult, call: &Call, notes: &mut Vec<String>) -> Value {
    let asked = |part: &Part| match part {
        Part::ToolCall(asked) if asked.id == result.id => Some(asked.name.clone()),
        _ => None,
    };
    let given = Some(result.name.clone()).filter(|name| !name.is_empty());
    let name = given.or_else(|| call.messages.iter().flat_map(|message| &message.parts).find_map(asked));
    let name = name.unwrap_or_else(|| {
        note(notes, "a `tool` message names no function; write `tool[name=…]:`");
        "tool".to_owned()
    });
    let key = if result.failed { "error" } else { "output" };
    let mut response = json!({"name": name, "response": {key: result.content}});
    if let Some(id) = given_id(&result.id) {
        response["id"] = json!(id);
    }
    json!({"functionResponse": response})
}

fn file(url: &str, mime: Option<&str>, notes: &mut Vec<String>) -> Option<Value> {
    match media(url, mime) {
        (Bytes::Here(data), mime) => Some(json!({"inlineData": {"mimeType": mime, "data": data}})),
        (Bytes::At(url), mime) => Some(json!({"fileData": {"mimeType": mime, "fileUri": url}})),
        (Bytes::Elsewhere, _) => {
            note(notes, format!("the service cannot reach `{url}`: it is left out"));
            None
        }
    }
}
