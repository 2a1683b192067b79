//! The body of `POST /chat/completions`.

use serde_json::json;

use crate::model::{Map, Value};

use super::super::messages::{Message, Part};
use super::{Draft, parts};

pub fn body(draft: &mut Draft<'_>) -> Map {
    let mut body = Map::new();
    body.extend(draft.model("openai").map(|model| ("model".to_owned(), json!(model))));
    let messages: Vec<Value> = draft.messages.iter().map(|each| message(each, &mut draft.notes)).collect();
    body.insert("messages".into(), json!(messages));
    body.extend(draft.params(name, &["top_k"]));
    let tools: Vec<Value> = draft
        .tools()
        .into_iter()
        .map(|tool| {
            let mut function = Map::new();
            function.insert("name".into(), json!(tool.name));
            function.extend(tool.description.map(|text| ("description".to_owned(), json!(text))));
            function.insert("parameters".into(), tool.parameters);
            function.extend(tool.strict.map(|strict| ("strict".to_owned(), json!(strict))));
            json!({"type": "function", "function": function})
        })
        .collect();
    if !tools.is_empty() {
        body.insert("tools".into(), json!(tools));
    }
    if let Some(schema) = draft.schema() {
        let name = schema
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or("answer")
            .replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        let format = json!({"name": name, "schema": schema, "strict": draft.prompt.output.strict});
        body.insert("response_format".into(), json!({"type": "json_schema", "json_schema": format}));
    } else if draft.wants_json() {
        body.insert("response_format".into(), json!({"type": "json_object"}));
    }
    body
}

fn name(key: &str) -> Option<&'static str> {
    Some(match key {
        "max_tokens" => "max_completion_tokens",
        "temperature" => "temperature",
        "top_p" => "top_p",
        "frequency_penalty" => "frequency_penalty",
        "presence_penalty" => "presence_penalty",
        "seed" => "seed",
        "stop" => "stop",
        "reasoning_effort" => "reasoning_effort",
        "parallel_tool_calls" => "parallel_tool_calls",
        _ => return None,
    })
}

fn message(message: &Message, notes: &mut Vec<String>) -> Value {
    let mut map = Map::new();
    map.insert("role".into(), json!(message.role));
    map.insert("content".into(), content(message));
    if message.role == "tool" {
        match message.attribute("id").or(message.attribute("tool_call_id")) {
            Some(id) => drop(map.insert("tool_call_id".into(), json!(id))),
            None => notes.push("a `tool` message names no call; write `tool[id=…]:`".into()),
        }
    } else {
        map.extend(message.name.as_ref().map(|name| ("name".to_owned(), json!(name))));
    }
    Value::Object(map)
}

fn content(message: &Message) -> Value {
    if message.parts.iter().all(|part| matches!(part, Part::Text(_))) {
        return json!(message.text());
    }
    let part = |part: &Part| match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Media { url, mime } => match parts::mime(url, mime.as_deref()).split_once('/') {
            Some(("audio", format)) => {
                let data = parts::data_url(url).map_or(url.as_str(), |(_, data)| data);
                json!({"type": "input_audio", "input_audio": {"data": data, "format": format}})
            }
            _ => json!({"type": "image_url", "image_url": {"url": url}}),
        },
    };
    message.parts.iter().map(part).collect()
}
