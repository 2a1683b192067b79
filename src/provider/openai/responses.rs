//! The body of `POST /responses`.

use serde_json::json;

use crate::model::call::{Answer, Message, Part, Role, Tool, ToolChoice};
use crate::model::{Call, Map, Value};

use super::super::capability::{Capability, is_openai};
use super::super::media::{Bytes, media};
use super::super::params;
use super::super::service::Service;
use super::{add_options, chat, strict};

/// What palc sets itself; a parameter of this name would break the reading of the answer.
const OURS: &[&str] = &["model", "input", "instructions", "stream", "stream_options", "background"];

/// What Chat Completions knows and this language does not.
const UNKNOWN: &[&str] = &["seed", "stop", "frequency_penalty", "presence_penalty", "logprobs", "top_k"];

pub fn body(call: &Call, service: &Service, stream: bool, notes: &mut Vec<String>) -> Map {
    let can = Capability::of(service, &call.model);
    let mut body = asked(call, service, notes);
    // Kept by the service only if somebody asks for it: prompts are the user's own.
    body.entry("store").or_insert(json!(false));
    if can.reasoning_effort && is_openai(service) {
        // What was thought comes along in secret writing, since nobody keeps it for the next call.
        body.entry("include").or_insert(json!(["reasoning.encrypted_content"]));
    }
    if stream {
        body.insert("stream".into(), json!(true));
        if is_openai(service) {
            body.insert("stream_options".into(), json!({"include_obfuscation": false}));
        }
    }
    body
}

/// What is asked, without how it is to be answered: as much as counting its tokens needs.
pub fn asked(call: &Call, service: &Service, notes: &mut Vec<String>) -> Map {
    let can = Capability::of(service, &call.model);
    let mut body = Map::new();
    body.insert("model".into(), json!(call.model));
    let system = |message: &&Message| message.role == Role::System;
    let instructions: Vec<String> = call.messages.iter().take_while(system).map(Message::text).collect();
    if !instructions.is_empty() {
        body.insert("instructions".into(), json!(instructions.join("\n\n")));
    }
    let mut input = Vec::new();
    for message in &call.messages[instructions.len()..] {
        add_items(message, &mut input, notes);
    }
    body.insert("input".into(), Value::Array(input));
    add_params(call, &can, &mut body, notes);
    add_tools(call, &mut body);
    if let Some(format) = format(&call.answer, notes) {
        object(&mut body, "text").insert("format".into(), format);
    }
    add_options(&mut body, service);
    body
}

fn add_params(call: &Call, can: &Capability, body: &mut Map, notes: &mut Vec<String>) {
    for (key, value) in params::taken(call, can, notes) {
        match key.as_str() {
            ours if OURS.contains(&ours) => notes.push(format!("`params.{key}` is palc's own to set and is left out")),
            unknown if UNKNOWN.contains(&unknown) => {
                notes.push(format!("the Responses interface has no `{key}`: `params.{key}` ({value}) is left out"));
            }
            "max_tokens" | "max_completion_tokens" => drop(body.insert("max_output_tokens".into(), value)),
            "reasoning_effort" => drop(object(body, "reasoning").insert("effort".into(), value)),
            "verbosity" => drop(object(body, "text").insert("verbosity".into(), value)),
            "reasoning" | "text" if value.is_object() => {
                object(body, &key).extend(value.as_object().cloned().unwrap_or_default());
            }
            _ => drop(body.insert(key, value)),
        }
    }
}

/// The object of this name in a body.
fn object<'a>(body: &'a mut Map, key: &str) -> &'a mut Map {
    let value = body.entry(key).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("it was just made one")
}

fn add_tools(call: &Call, body: &mut Map) {
    if call.tools.is_empty() {
        return;
    }
    let flat = |tool: &Tool| {
        let mut map = Map::new();
        map.insert("type".into(), json!("function"));
        map.extend(chat::function(tool));
        // The service enforces schemas unless it is told not to, and refuses those that cannot be enforced.
        map.entry("strict").or_insert(json!(false));
        Value::Object(map)
    };
    body.insert("tools".into(), call.tools.iter().map(flat).collect());
    let choice = match &call.tool_choice {
        ToolChoice::Auto => return,
        ToolChoice::None => json!("none"),
        ToolChoice::Required => json!("required"),
        ToolChoice::Named(name) => json!({"type": "function", "name": name}),
    };
    body.insert("tool_choice".into(), choice);
}

fn format(answer: &Answer, notes: &mut Vec<String>) -> Option<Value> {
    match answer {
        Answer::Text => None,
        Answer::Json => Some(json!({"type": "json_object"})),
        Answer::Schema { name, schema, strict } => {
            let (schema, strict) = strict::fitted(schema, *strict, notes);
            Some(json!({"type": "json_schema", "name": name, "schema": schema, "strict": strict}))
        }
    }
}

/// A message is items here: what is said, calls of functions, their answers, and thoughts, in their order.
fn add_items(message: &Message, input: &mut Vec<Value>, notes: &mut Vec<String>) {
    if message.name.is_some() {
        notes.push(format!(
            "the Responses interface has no names of speakers: `name` of a {} message is left out",
            message.role.word()
        ));
    }
    let mut said: Vec<Value> = Vec::new();
    let mut items = 0;
    for part in &message.parts {
        let item = match part {
            Part::Text(text) => {
                said.push(json!({"type": "input_text", "text": text}));
                continue;
            }
            Part::Media { url, mime } => {
                said.extend(media_part(url, mime.as_deref(), notes));
                continue;
            }
            Part::ToolCall(call) => {
                json!({"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments})
            }
            Part::ToolResult(result) => {
                json!({"type": "function_call_output", "call_id": result.id, "output": result.content})
            }
            Part::Kept(value) if value["type"] == "reasoning" => value.clone(),
            Part::Kept(_) => continue,
        };
        add_said(message.role, &mut said, input);
        input.push(item);
        items += 1;
    }
    if !said.is_empty() || items == 0 {
        add_said_always(message.role, &mut said, input);
    }
}

fn add_said(role: Role, said: &mut Vec<Value>, input: &mut Vec<Value>) {
    if !said.is_empty() {
        add_said_always(role, said, input);
    }
}

/// Text alone is written as text; that is also the one form in which earlier answers are taken.
fn add_said_always(role: Role, said: &mut Vec<Value>, input: &mut Vec<Value>) {
    let said = std::mem::take(said);
    let texts: Option<String> = said.iter().map(|part| part["text"].as_str()).collect();
    let content = texts.map_or(Value::Array(said), Value::String);
    input.push(json!({"role": role.word(), "content": content}));
}

fn media_part(url: &str, mime: Option<&str>, notes: &mut Vec<String>) -> Option<Value> {
    let (bytes, mime) = media(url, mime);
    let part = match (mime.split_once('/'), bytes) {
        (_, Bytes::Elsewhere) => {
            notes.push(format!("the service cannot reach `{url}`: it is left out"));
            return None;
        }
        (Some(("image", _)), _) => json!({"type": "input_image", "image_url": url, "detail": "auto"}),
        (Some(("application", "pdf")), Bytes::Here(_)) => {
            json!({"type": "input_file", "filename": "document.pdf", "file_data": url})
        }
        (Some(("application", "pdf")), Bytes::At(url)) => json!({"type": "input_file", "file_url": url}),
        _ => {
            notes.push(format!("media of the type {mime} has no place in this request and is left out"));
            return None;
        }
    };
    Some(part)
}
