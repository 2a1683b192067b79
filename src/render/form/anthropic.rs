//! The body of `POST /v1/messages`: the system text apart, and the roles taking turns.

use serde_json::json;

use crate::model::{Map, Value};

use super::super::messages::{Message, Part};
use super::{Draft, list, parts};

/// Sent when the prompt names no limit, because the service wants one.
const MAX_TOKENS: u32 = 4096;

pub fn body(draft: &mut Draft<'_>) -> Map {
    let mut body = Map::new();
    body.extend(draft.model("anthropic").map(|model| ("model".to_owned(), json!(model))));
    let (system, messages) = turns(draft);
    if !system.is_empty() {
        body.insert("system".into(), json!(system));
    }
    body.insert("messages".into(), json!(messages));
    body.insert("max_tokens".into(), json!(MAX_TOKENS));
    let mut params = draft.params(name, &["frequency_penalty", "presence_penalty", "seed"]);
    if !params.contains_key("max_tokens") {
        draft.note(format!("the service wants a limit; without `params.max_tokens` it is {MAX_TOKENS}"));
    }
    if let Some(stop) = params.get_mut("stop_sequences") {
        *stop = list(stop);
    }
    let mut config = Map::new();
    config.extend(params.remove("effort").map(|effort| ("effort".to_owned(), effort)));
    if let Some(schema) = draft.schema() {
        config.insert("format".into(), json!({"type": "json_schema", "schema": schema}));
    }
    let parallel = params.remove("parallel");
    body.extend(params);
    if !config.is_empty() {
        body.insert("output_config".into(), Value::Object(config));
    }
    let tools: Vec<Value> = draft
        .tools()
        .into_iter()
        .map(|tool| {
            let mut map = Map::new();
            map.insert("name".into(), json!(tool.name));
            map.extend(tool.description.map(|text| ("description".to_owned(), json!(text))));
            map.insert("input_schema".into(), tool.parameters);
            Value::Object(map)
        })
        .collect();
    if !tools.is_empty() {
        body.insert("tools".into(), json!(tools));
        if parallel == Some(json!(false)) {
            body.insert("tool_choice".into(), json!({"type": "auto", "disable_parallel_tool_use": true}));
        }
    }
    body
}

fn name(key: &str) -> Option<&'static str> {
    Some(match key {
        "max_tokens" => "max_tokens",
        "temperature" => "temperature",
        "top_p" => "top_p",
        "top_k" => "top_k",
        "stop" => "stop_sequences",
        "reasoning_effort" => "effort",
        "parallel_tool_calls" => "parallel",
        _ => return None,
    })
}

/// The system text, and messages of which no two neighbours have the same role.
fn turns(draft: &mut Draft<'_>) -> (String, Vec<Value>) {
    let mut system: Vec<String> = Vec::new();
    let mut turns: Vec<(&str, Vec<Value>)> = Vec::new();
    for message in draft.messages {
        let role = match message.role.as_str() {
            "system" | "developer" => {
                if !turns.is_empty() {
                    draft.notes.push("a system message after the first turn is moved to the front".into());
                }
                system.push(message.text());
                continue;
            }
            "assistant" => "assistant",
            _ => "user",
        };
        let blocks = blocks(message, &mut draft.notes);
        if blocks.is_empty() {
            draft.notes.push(format!("an empty message of the role `{role}` is left out"));
            continue;
        }
        match turns.last_mut() {
            Some((last, all)) if *last == role => all.extend(blocks),
            _ => turns.push((role, blocks)),
        }
    }
    match turns.first() {
        None => draft.note("the service wants at least one user message"),
        Some(("assistant", _)) => draft.note("the first message must be from the user"),
        _ => {}
    }
    if turns.last().is_some_and(|(role, _)| *role == "assistant") {
        draft.note("the last message is the start of the answer, which newer models refuse");
    }
    let turn = |(role, blocks): (&str, Vec<Value>)| json!({"role": role, "content": plain(blocks)});
    (system.join("\n\n"), turns.into_iter().map(turn).collect())
}

/// One block of text is written as text.
fn plain(blocks: Vec<Value>) -> Value {
    match blocks.as_slice() {
        [one] if one["type"] == "text" => one["text"].clone(),
        _ => Value::Array(blocks),
    }
}

fn blocks(message: &Message, notes: &mut Vec<String>) -> Vec<Value> {
    if message.role == "tool" {
        let id = message.attribute("id").or(message.attribute("tool_call_id"));
        if id.is_none() {
            notes.push("a `tool` message names no call; write `tool[id=…]:`".into());
        }
        return vec![json!({"type": "tool_result", "tool_use_id": id, "content": message.text()})];
    }
    let block = |part: &Part| match part {
        Part::Text(text) if text.trim().is_empty() => None,
        Part::Text(text) => Some(json!({"type": "text", "text": text})),
        Part::Media { url, mime } => {
            let mime = parts::mime(url, mime.as_deref());
            let kind = if mime == "application/pdf" { "document" } else { "image" };
            let source = match parts::data_url(url) {
                Some((_, data)) => json!({"type": "base64", "media_type": mime, "data": data}),
                None => json!({"type": "url", "url": url}),
            };
            Some(json!({"type": kind, "source": source}))
        }
    };
    message.parts.iter().filter_map(block).collect()
}
