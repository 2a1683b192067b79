//! The body of `POST /chat/completions`.

use serde_json::json;

use crate::model::call::{Answer, Message, Part, Role, Tool, ToolCall, ToolChoice, ToolResult};
use crate::model::{Call, Map, Value};

use super::super::capability::{Capability, is_openai};
use super::super::media::{Bytes, media};
use super::super::params;
use super::super::service::Service;
use super::{add_options, strict};

/// What palc sets itself; a parameter of this name would break the reading of the answer.
const OURS: &[&str] = &["model", "messages", "stream", "stream_options", "n"];

pub fn body(call: &Call, service: &Service, stream: bool, notes: &mut Vec<String>) -> Map {
    let can = Capability::of(service, &call.model);
    let mut body = Map::new();
    body.insert("model".into(), json!(call.model));
    let mut messages = Vec::new();
    for message in &call.messages {
        add_message(message, &can, &mut messages, notes);
    }
    body.insert("messages".into(), Value::Array(messages));
    add_params(call, &can, &mut body, notes);
    add_tools(call, &can, &mut body, notes);
    if let Some(format) = format(call, &can, notes) {
        body.insert("response_format".into(), format);
    }
    add_options(&mut body, service);
    if stream {
        body.insert("stream".into(), json!(true));
        if can.stream_usage {
            let mut options = json!({"include_usage": true});
            if is_openai(service) {
                // It hides the lengths of the pieces from who listens on the line by sending random letters.
                options["include_obfuscation"] = json!(false);
            }
            body.insert("stream_options".into(), options);
        }
    }
    body
}

fn add_params(call: &Call, can: &Capability, body: &mut Map, notes: &mut Vec<String>) {
    for (key, value) in params::taken(call, can, notes) {
        let name = match key.as_str() {
            ours if OURS.contains(&ours) => {
                notes.push(format!("`params.{key}` is palc's own to set and is left out"));
                continue;
            }
            "max_tokens" => can.max_tokens,
            "seed" => can.seed.unwrap_or("seed"),
            _ => &key,
        };
        body.insert(name.to_owned(), value);
    }
}

fn add_tools(call: &Call, can: &Capability, body: &mut Map, notes: &mut Vec<String>) {
    if call.tools.is_empty() {
        return;
    }
    if !can.tools {
        notes.push(format!("{} takes no tools: they are left out", call.model_name()));
        return;
    }
    let wrapped = |tool: &Tool| json!({"type": "function", "function": function(tool)});
    body.insert("tools".into(), call.tools.iter().map(wrapped).collect());
    let choice = match &call.tool_choice {
        ToolChoice::Auto => return,
        ToolChoice::None => json!("none"),
        ToolChoice::Required => json!("required"),
        ToolChoice::Named(name) => json!({"type": "function", "function": {"name": name}}),
    };
    body.insert("tool_choice".into(), choice);
}

/// A function as both languages describe it.
pub fn function(tool: &Tool) -> Map {
    let mut function = Map::new();
    function.insert("name".into(), json!(tool.name));
    function.extend(tool.description.as_ref().map(|text| ("description".to_owned(), json!(text))));
    function.insert("parameters".into(), tool.parameters.clone());
    function.extend(tool.strict.map(|strict| ("strict".to_owned(), json!(strict))));
    function
}

fn format(call: &Call, can: &Capability, notes: &mut Vec<String>) -> Option<Value> {
    match &call.answer {
        Answer::Text => None,
        Answer::Json => Some(json!({"type": "json_object"})),
        Answer::Schema { .. } if !can.structured_output => {
            notes.push(format!("{} takes no schema of the answer: only JSON is asked for", call.model_name()));
            Some(json!({"type": "json_object"}))
        }
        Answer::Schema { name, schema, strict } => {
            let (schema, strict) = strict::fitted(schema, *strict, notes);
            Some(json!({"type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": strict}}))
        }
    }
}

/// One message of palc may be several here: each answer of a function is one of its own.
fn add_message(message: &Message, can: &Capability, messages: &mut Vec<Value>, notes: &mut Vec<String>) {
    let (mut content, mut calls, mut kept, mut answered) = (Vec::new(), Vec::new(), Map::new(), false);
    for part in &message.parts {
        match part {
            Part::Text(text) => content.push(json!({"type": "text", "text": text})),
            Part::Media { url, mime } => content.extend(media_part(url, mime.as_deref(), notes)),
            Part::ToolCall(call) => calls.push(tool_call(call)),
            Part::ToolResult(result) => {
                answered = true;
                messages.push(tool_result(result));
            }
            // What OpenRouter's models thought; nobody else gives or wants it in this language.
            Part::Kept(Value::Object(map)) if map.contains_key("reasoning_details") => kept.extend(map.clone()),
            Part::Kept(_) => {}
        }
    }
    if answered && content.is_empty() && calls.is_empty() {
        return;
    }
    let mut map = Map::new();
    map.insert("role".into(), json!(role(message.role, can, notes)));
    let silent = content.is_empty() && !calls.is_empty();
    map.insert("content".into(), if silent { Value::Null } else { plain(message, content) });
    map.extend(message.name.as_ref().map(|name| ("name".to_owned(), json!(name))));
    if !calls.is_empty() {
        map.insert("tool_calls".into(), Value::Array(calls));
    }
    map.extend(kept);
    messages.push(Value::Object(map));
}

fn role(role: Role, can: &Capability, notes: &mut Vec<String>) -> &'static str {
    if role == Role::Developer && !can.developer {
        notes.push("a developer message is sent as a system message".to_owned());
        return Role::System.word();
    }
    role.word()
}

/// Text alone is written as text.
fn plain(message: &Message, content: Vec<Value>) -> Value {
    let text = |value: &Value| value["type"] == "text";
    if content.iter().all(text) { json!(message.text()) } else { Value::Array(content) }
}

fn media_part(url: &str, mime: Option<&str>, notes: &mut Vec<String>) -> Option<Value> {
    let (bytes, mime) = media(url, mime);
    let part = match (mime.split_once('/'), bytes) {
        (_, Bytes::Elsewhere) => {
            notes.push(format!("the service cannot reach `{url}`: it is left out"));
            return None;
        }
        (Some(("image", _)), _) => json!({"type": "image_url", "image_url": {"url": url}}),
        (Some(("video", _)), _) => json!({"type": "video_url", "video_url": {"url": url}}),
        (Some(("audio", format)), Bytes::Here(data)) => {
            let format = if format == "mpeg" { "mp3" } else { format };
            json!({"type": "input_audio", "input_audio": {"data": data, "format": format}})
        }
        (Some(("application", "pdf")), _) => {
            json!({"type": "file", "file": {"filename": "document.pdf", "file_data": url}})
        }
        _ => {
            notes.push(format!("media of the type {mime} has no place in this request and is left out"));
            return None;
        }
    };
    Some(part)
}

fn tool_call(call: &ToolCall) -> Value {
    json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}})
}

/// There is no word here for a function that failed; its text says so.
fn tool_result(result: &ToolResult) -> Value {
    json!({"role": "tool", "tool_call_id": result.id, "content": result.content})
}
