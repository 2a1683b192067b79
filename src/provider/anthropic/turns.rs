//! Messages as turns of which no two neighbours have the same role, and the system text apart.

use serde_json::json;

use crate::model::call::{Message, Part, Role, ToolCall, ToolResult};
use crate::model::{Call, Value};

use super::super::capability::Capability;
use super::super::draft::{note, object};
use super::super::media::{Bytes, media};
use super::reply;

struct Turn {
    role: &'static str,
    blocks: Vec<Value>,
}

/// The system text, if any, and the turns.
pub fn of(call: &Call, can: &Capability, notes: &mut Vec<String>) -> (Option<Value>, Value) {
    let mut system: Vec<String> = Vec::new();
    let mut turns: Vec<Turn> = Vec::new();
    for message in &call.messages {
        if message.name.is_some() {
            note(notes, "the service knows no names of messages: they are left out");
        }
        let role = match message.role {
            Role::System | Role::Developer => {
                if !turns.is_empty() {
                    note(notes, "a system message after the first turn is moved to the front");
                }
                system.extend(instruction(message, notes));
                continue;
            }
            Role::Assistant => "assistant",
            Role::User | Role::Tool => "user",
        };
        let blocks = blocks(message, role, notes);
        match turns.last_mut() {
            _ if blocks.is_empty() => note(notes, format!("an empty message of the role `{role}` is left out")),
            Some(last) if last.role == role => last.blocks.extend(blocks),
            _ => turns.push(Turn { role, blocks }),
        }
    }
    end(call, can, &mut turns, notes);
    match turns.first() {
        None => note(notes, "the service wants at least one user message"),
        Some(first) if first.role == "assistant" => note(notes, "the first message must be from the user"),
        Some(_) => {}
    }
    (texts(system), turns.into_iter().map(turn).collect())
}

fn instruction(message: &Message, notes: &mut Vec<String>) -> Option<String> {
    if message.parts.iter().any(|part| !matches!(part, Part::Text(_))) {
        note(notes, "a system message holds nothing but text: the rest is left out");
    }
    Some(message.text()).filter(|text| !text.trim().is_empty())
}

/// One text is written as text, several as blocks.
fn texts(mut system: Vec<String>) -> Option<Value> {
    match system.len() {
        0 => None,
        1 => system.pop().map(Value::String),
        _ => Some(system.into_iter().map(|text| json!({"type": "text", "text": text})).collect()),
    }
}

/// The start of an answer, where the model takes none.
fn end(call: &Call, can: &Capability, turns: &mut Vec<Turn>, notes: &mut Vec<String>) {
    let Some(last) = turns.last_mut().filter(|turn| turn.role == "assistant") else { return };
    if last.blocks.iter().any(|block| block["type"] != "text") {
        return;
    }
    if !can.prefill {
        turns.pop();
        let model = call.model_name();
        note(notes, format!("{model} does not go on with a given start of its answer: the last message is left out"));
        return;
    }
    let Some(Value::String(text)) = last.blocks.last_mut().and_then(|block| block.get_mut("text")) else { return };
    if text.ends_with(char::is_whitespace) {
        text.truncate(text.trim_end().len());
        note(notes, "white space at the end of the start of the answer is left out");
    }
}

/// Results stand before all else that the user says in a turn.
fn turn(turn: Turn) -> Value {
    let is_result = |block: &Value| block["type"] == "tool_result";
    let (results, others): (Vec<Value>, Vec<Value>) = turn.blocks.into_iter().partition(is_result);
    let blocks: Vec<Value> = results.into_iter().chain(others).collect();
    let content = match blocks.as_slice() {
        [one] if one["type"] == "text" => one["text"].clone(),
        _ => Value::Array(blocks),
    };
    json!({"role": turn.role, "content": content})
}

fn blocks(message: &Message, role: &str, notes: &mut Vec<String>) -> Vec<Value> {
    if let Some(blocks) = message.parts.iter().find_map(|part| reply::unchanged(part, message)) {
        return blocks;
    }
    if message.role == Role::Tool && !message.parts.iter().any(|part| matches!(part, Part::ToolResult(_))) {
        note(notes, "a `tool` message names no call; write `tool[id=…]:`");
    }
    message.parts.iter().flat_map(|part| block(part, role, notes)).collect()
}

fn block(part: &Part, role: &str, notes: &mut Vec<String>) -> Vec<Value> {
    let one = match part {
        Part::Text(text) if text.trim().is_empty() => None,
        Part::Text(text) => Some(json!({"type": "text", "text": text})),
        Part::Media { .. } if role == "assistant" => {
            note(notes, "the service takes files from the user only: those of the assistant are left out");
            None
        }
        Part::Media { url, mime } => file(url, mime.as_deref(), notes),
        Part::ToolCall(call) => Some(tool_use(call, notes)),
        Part::ToolResult(result) => Some(tool_result(result)),
        Part::Kept(kept) => return reply::thoughts(kept, notes),
    };
    one.into_iter().collect()
}

fn tool_use(call: &ToolCall, notes: &mut Vec<String>) -> Value {
    let input = object(&call.arguments, &call.name, notes);
    json!({"type": "tool_use", "id": call.id, "name": call.name, "input": input})
}

fn tool_result(result: &ToolResult) -> Value {
    let mut block = json!({"type": "tool_result", "tool_use_id": result.id, "content": result.content});
    if result.failed {
        block["is_error"] = json!(true);
    }
    block
}

fn file(url: &str, mime: Option<&str>, notes: &mut Vec<String>) -> Option<Value> {
    let (bytes, mime) = media(url, mime);
    let kind = match mime {
        "application/pdf" => "document",
        _ if mime.starts_with("image/") => "image",
        _ => {
            note(notes, format!("the service takes pictures and PDF files: a file of the type {mime} is left out"));
            return None;
        }
    };
    let source = match bytes {
        Bytes::Here(data) => json!({"type": "base64", "media_type": mime, "data": data}),
        Bytes::At(url) => json!({"type": "url", "url": url}),
        Bytes::Elsewhere => {
            note(notes, format!("the service cannot reach `{url}`: it is left out"));
            return None;
        }
    };
    Some(json!({"type": kind, "source": source}))
}
