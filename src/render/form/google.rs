//! The body of `models/{model}:generateContent`. The model stands in the address, not here.

use serde_json::json;

use crate::model::{Map, Value};

use super::super::messages::{Message, Part};
use super::{Draft, list, parts};

pub fn body(draft: &mut Draft<'_>) -> Map {
    let mut body = Map::new();
    // Only for what it says about another provider's model: the name stands in the address.
    draft.model("google");
    let (system, contents) = contents(draft);
    if !system.is_empty() {
        body.insert("systemInstruction".into(), json!({"parts": [{"text": system}]}));
    }
    body.insert("contents".into(), json!(contents));
    let mut config = draft.params(name, &["parallel_tool_calls"]);
    if let Some(stop) = config.get_mut("stopSequences") {
        *stop = list(stop);
    }
    if let Some(effort) = config.remove("thinking") {
        let level = effort.as_str().unwrap_or_default().to_ascii_uppercase();
        config.insert("thinkingConfig".into(), json!({"thinkingLevel": level}));
    }
    let schema = draft.schema();
    if schema.is_some() || draft.wants_json() {
        config.insert("responseMimeType".into(), json!("application/json"));
    }
    config.extend(schema.map(|schema| ("responseJsonSchema".to_owned(), schema)));
    if !config.is_empty() {
        body.insert("generationConfig".into(), Value::Object(config));
    }
    let tools: Vec<Value> = draft
        .tools()
        .into_iter()
        .map(|tool| {
            let mut map = Map::new();
            map.insert("name".into(), json!(tool.name));
            map.extend(tool.description.map(|text| ("description".to_owned(), json!(text))));
            map.insert("parametersJsonSchema".into(), tool.parameters);
            Value::Object(map)
        })
        .collect();
    if !tools.is_empty() {
        body.insert("tools".into(), json!([{"functionDeclarations": tools}]));
    }
    body
}

fn name(key: &str) -> Option<&'static str> {
    Some(match key {
        "max_tokens" => "maxOutputTokens",
        "temperature" => "temperature",
        "top_p" => "topP",
        "top_k" => "topK",
        "frequency_penalty" => "frequencyPenalty",
        "presence_penalty" => "presencePenalty",
        "seed" => "seed",
        "stop" => "stopSequences",
        "reasoning_effort" => "thinking",
        _ => return None,
    })
}

fn contents(draft: &mut Draft<'_>) -> (String, Vec<Value>) {
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
            "assistant" => "model",
            _ => "user",
        };
        let parts = parts(message, &mut draft.notes);
        match turns.last_mut() {
            Some((last, all)) if *last == role => all.extend(parts),
            _ => turns.push((role, parts)),
        }
    }
    if turns.is_empty() {
        draft.note("the service wants at least one user message");
    }
    let turn = |(role, parts): (&str, Vec<Value>)| json!({"role": role, "parts": parts});
    (system.join("\n\n"), turns.into_iter().map(turn).collect())
}

fn parts(message: &Message, notes: &mut Vec<String>) -> Vec<Value> {
    if message.role == "tool" {
        if message.name.is_none() {
            notes.push("a `tool` message names no function; write `tool[name=…]:`".into());
        }
        let name = message.name.as_deref().unwrap_or("tool");
        return vec![json!({"functionResponse": {"name": name, "response": {"result": message.text()}}})];
    }
    let part = |part: &Part| match part {
        Part::Text(text) => json!({"text": text}),
        Part::Media { url, mime } => {
            let mime = parts::mime(url, mime.as_deref());
            match parts::data_url(url) {
                Some((_, data)) => json!({"inlineData": {"mimeType": mime, "data": data}}),
                None => json!({"fileData": {"mimeType": mime, "fileUri": url}}),
            }
        }
    };
    message.parts.iter().map(part).collect()
}
