//! Answers in the language in which was asked, whole or as a stream, as it was asked for.

use serde_json::{Value, json};

use super::http::{Answer, Asked};
use super::json as body;

/// What a model says.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub text: String,
    /// Functions it asks for, with their arguments.
    pub calls: Vec<(String, Value)>,
    /// Tokens that went in and came out; none if it does not say.
    pub usage: Option<(u64, u64)>,
}

impl Said {
    /// A text, with ten tokens in and five out.
    pub fn text(text: impl Into<String>) -> Said {
        Said { text: text.into(), calls: Vec::new(), usage: Some((10, 5)) }
    }

    pub fn call(name: &str, arguments: Value) -> Said {
        Said { calls: vec![(name.to_owned(), arguments)], ..Said::text("") }
    }

    pub fn without_usage(self) -> Said {
        Said { usage: None, ..self }
    }

    /// The text in the pieces in which it is streamed.
    fn pieces(&self) -> Vec<String> {
        self.text.split_inclusive(' ').map(str::to_owned).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Chat,
    Responses,
    Anthropic,
    Google,
    Ollama,
}

fn language(asked: &Asked) -> Language {
    let path = asked.path.split('?').next().unwrap_or_default();
    match path {
        _ if path.ends_with("/responses") => Language::Responses,
        _ if path.contains("/messages") || asked.header("anthropic-version").is_some() => Language::Anthropic,
        _ if path.contains("/v1beta/") || path.contains("/models/") || asked.header("x-goog-api-key").is_some() => {
            Language::Google
        }
        _ if path.contains("/api/") && !path.contains("/api/v1") => Language::Ollama,
        _ => Language::Chat,
    }
}

fn wants_stream(asked: &Asked) -> bool {
    match language(asked) {
        Language::Google => asked.path.contains(":streamGenerateContent"),
        // It streams unless it is told not to.
        Language::Ollama => body(asked)["stream"] != false,
        _ => body(asked)["stream"] == true,
    }
}

/// The answer to whatever was asked: a chat, vectors, a list of models, a count of tokens.
pub fn says(asked: &Asked, said: &Said) -> Answer {
    let path = asked.path.split('?').next().unwrap_or_default();
    if asked.method == "GET" {
        return whole(&models(asked));
    }
    if path.contains("mbed") {
        return whole(&vectors(asked));
    }
    if path.ends_with("count_tokens") || path.ends_with(":countTokens") {
        let tokens = said.usage.map_or(0, |(input, _)| input);
        return whole(&json!({"input_tokens": tokens, "totalTokens": tokens}));
    }
    let model = body(asked)["model"].as_str().unwrap_or("a-model").to_owned();
    match (language(asked), wants_stream(asked)) {
        (Language::Chat, false) => whole(&chat(&model, said)),
        (Language::Chat, true) => chat_stream(&model, said),
        (Language::Responses, false) => whole(&response(&model, said)),
        (Language::Responses, true) => response_stream(&model, said),
        (Language::Anthropic, false) => whole(&message(&model, said)),
        (Language::Anthropic, true) => message_stream(&model, said),
        (Language::Google, false) => whole(&content(&said.text, said, true)),
        (Language::Google, true) => content_stream(said),
        (Language::Ollama, false) => whole(&ollama(&model, &said.text, said, true)),
        (Language::Ollama, true) => ollama_stream(&model, said),
    }
}

/// An error as the service words it.
pub fn error(asked: &Asked, status: u16, code: &str, message: &str) -> Answer {
    let value = match language(asked) {
        Language::Chat | Language::Responses => {
            json!({"error": {"message": message, "type": code, "param": null, "code": code}})
        }
        Language::Anthropic => {
            json!({"type": "error", "error": {"type": code, "message": message}, "request_id": "req_test"})
        }
        Language::Google => json!({"error": {"code": status, "message": message, "status": code}}),
        Language::Ollama => json!({"error": message}),
    };
    Answer::new(status, "application/json", value.to_string())
}

/// A stream that begins well and then says that the service failed.
pub fn fails_within(asked: &Asked, said: &str, message: &str) -> Answer {
    let mut answer = says(asked, &Said::text(said));
    let text = String::from_utf8(answer.body.clone()).unwrap();
    let keep = match language(asked) {
        Language::Ollama => text.find('\n').map_or(0, |end| end + 1),
        Language::Anthropic => text.find("event: content_block_stop").unwrap_or(0),
        Language::Responses => text.find("event: response.output_text.done").unwrap_or(0),
        Language::Google => text.find("\n\n").map_or(0, |end| end + 2),
        // The first event says only who speaks.
        Language::Chat => text.match_indices("\n\n").nth(1).map_or(0, |(end, _)| end + 2),
    };
    let last = match language(asked) {
        Language::Chat => sse(&json!({"error": {"message": message, "code": 502}})),
        Language::Responses => event("error", &json!({"type": "error", "code": "server_error", "message": message})),
        Language::Anthropic => {
            let inner = json!({"type": "overloaded_error", "message": message});
            event("error", &json!({"type": "error", "error": inner}))
        }
        Language::Google => sse(&json!({"error": {"code": 503, "message": message, "status": "UNAVAILABLE"}})),
        Language::Ollama => format!("{}\n", json!({"error": message})),
    };
    answer.body = format!("{}{last}", &text[..keep]).into_bytes();
    answer
}

fn whole(value: &Value) -> Answer {
    Answer::new(200, "application/json", value.to_string())
}

fn stream(kind: &str, events: &[String]) -> Answer {
    Answer { chunked: true, ..Answer::new(200, kind, events.concat()) }
}

fn sse(value: &Value) -> String {
    format!("data: {value}\n\n")
}

fn event(name: &str, value: &Value) -> String {
    format!("event: {name}\ndata: {value}\n\n")
}

fn models(asked: &Asked) -> Value {
    match language(asked) {
        Language::Ollama => json!({"models": [{"name": "tiny:latest", "model": "tiny:latest", "digest": "d1"}]}),
        Language::Google => {
            json!({"models": [{"name": "models/tiny", "displayName": "Tiny", "inputTokenLimit": 1000}]})
        }
        Language::Anthropic => {
            json!({"data": [{"type": "model", "id": "tiny", "display_name": "Tiny"}], "has_more": false})
        }
        _ => json!({"object": "list", "data": [{"id": "tiny", "object": "model"}, {"id": "large", "object": "model"}]}),
    }
}

/// Vectors that differ by the text's length.
fn vectors(asked: &Asked) -> Value {
    let body = body(asked);
    let vector = |text: &Value| json!([1.0, text.as_str().map_or(0, str::len), 0.5]);
    let google = |request: &Value| vector(&request["content"]["parts"][0]["text"]);
    let input = body["input"].as_array().cloned().unwrap_or_else(|| vec![body["input"].clone()]);
    match language(asked) {
        Language::Google => match body["requests"].as_array() {
            Some(all) => {
                let all: Vec<Value> = all.iter().map(|request| json!({"values": google(request)})).collect();
                json!({"embeddings": all})
            }
            None => json!({"embedding": {"values": google(&body)}}),
        },
        Language::Ollama => {
            json!({"embeddings": input.iter().map(vector).collect::<Vec<_>>(), "prompt_eval_count": 3})
        }
        _ => {
            let one = |(at, text)| json!({"object": "embedding", "index": at, "embedding": vector(text)});
            let data: Vec<Value> = input.iter().enumerate().map(one).collect();
            json!({"object": "list", "data": data, "usage": {"prompt_tokens": 3, "total_tokens": 3}})
        }
    }
}

fn chat_usage(said: &Said) -> Value {
    said.usage.map_or(
        Value::Null,
        |(input, output)| json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output}),
    )
}

fn chat_calls(said: &Said) -> Vec<Value> {
    let call = |(at, (name, arguments)): (usize, &(String, Value))| {
        let function = json!({"name": name, "arguments": arguments.to_string()});
        json!({"index": at, "id": format!("call_{at}"), "type": "function", "function": function})
    };
    said.calls.iter().enumerate().map(call).collect()
}

fn chat(model: &str, said: &Said) -> Value {
    let mut message = json!({"role": "assistant", "content": said.text});
    if !said.calls.is_empty() {
        message["tool_calls"] = chat_calls(said).into();
    }
    let reason = if said.calls.is_empty() { "stop" } else { "tool_calls" };
    let mut value = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
    });
    if said.usage.is_some() {
        value["usage"] = chat_usage(said);
    }
    value
}

fn chat_stream(model: &str, said: &Said) -> Answer {
    let chunk = |delta: Value, reason: Value| {
        sse(&json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
        }))
    };
    let mut events = vec![chunk(json!({"role": "assistant", "content": ""}), Value::Null)];
    events.extend(said.pieces().into_iter().map(|text| chunk(json!({"content": text}), Value::Null)));
    events.extend(chat_calls(said).into_iter().map(|call| chunk(json!({"tool_calls": [call]}), Value::Null)));
    events.push(chunk(json!({}), if said.calls.is_empty() { "stop" } else { "tool_calls" }.into()));
    if said.usage.is_some() {
        events.push(sse(&json!({"id": "chatcmpl-1", "model": model, "choices": [], "usage": chat_usage(said)})));
    }
    events.push("data: [DONE]\n\n".to_owned());
    stream("text/event-stream", &events)
}

fn response(model: &str, said: &Said) -> Value {
    let mut output = Vec::new();
    if !said.text.is_empty() || said.calls.is_empty() {
        let content = json!([{"type": "output_text", "text": said.text, "annotations": []}]);
        output.push(
            json!({"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}),
        );
    }
    for (at, (name, arguments)) in said.calls.iter().enumerate() {
        output.push(json!({
            "type": "function_call", "id": format!("fc_{at}"), "call_id": format!("call_{at}"),
            "name": name, "arguments": arguments.to_string(), "status": "completed",
        }));
    }
    let usage = said.usage.map(|(input, out)| {
        json!({
            "input_tokens": input, "output_tokens": out, "total_tokens": input + out,
            "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0},
        })
    });
    json!({
        "id": "resp_1", "object": "response", "status": "completed", "model": model,
        "output": output, "usage": usage, "error": null, "incomplete_details": null,
    })
}

fn response_stream(model: &str, said: &Said) -> Answer {
    let full = response(model, said);
    let begun = json!({"id": "resp_1", "object": "response", "status": "in_progress", "model": model, "output": []});
    let mut number = 0;
    let mut next = |name: &str, mut value: Value| {
        value["type"] = name.into();
        value["sequence_number"] = number.into();
        number += 1;
        event(name, &value)
    };
    let mut events = vec![next("response.created", json!({"response": begun}))];
    for (at, item) in full["output"].as_array().unwrap().iter().enumerate() {
        let mut empty = item.clone();
        let key = if item["type"] == "message" { "content" } else { "arguments" };
        empty[key] = if key == "content" { json!([]) } else { json!("") };
        events.push(next("response.output_item.added", json!({"output_index": at, "item": empty})));
        if key == "content" {
            for text in said.pieces() {
                let delta = json!({"item_id": "msg_1", "output_index": at, "content_index": 0, "delta": text});
                events.push(next("response.output_text.delta", delta));
            }
            let done = json!({"item_id": "msg_1", "output_index": at, "content_index": 0, "text": said.text});
            events.push(next("response.output_text.done", done));
        } else {
            let delta = json!({"item_id": item["id"], "output_index": at, "delta": item["arguments"]});
            events.push(next("response.function_call_arguments.delta", delta));
        }
        events.push(next("response.output_item.done", json!({"output_index": at, "item": item})));
    }
    events.push(next("response.completed", json!({"response": full})));
    stream("text/event-stream", &events)
}

fn message_usage(said: &Said, output: u64) -> Value {
    let input = said.usage.map_or(0, |(input, _)| input);
    json!({
        "input_tokens": input, "output_tokens": output,
        "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
    })
}

fn message(model: &str, said: &Said) -> Value {
    let mut content = Vec::new();
    if !said.text.is_empty() {
        content.push(json!({"type": "text", "text": said.text}));
    }
    for (at, (name, arguments)) in said.calls.iter().enumerate() {
        content.push(json!({"type": "tool_use", "id": format!("toolu_{at}"), "name": name, "input": arguments}));
    }
    let reason = if said.calls.is_empty() { "end_turn" } else { "tool_use" };
    let mut value = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": model,
        "content": content, "stop_reason": reason, "stop_sequence": null,
    });
    if let Some((_, output)) = said.usage {
        value["usage"] = message_usage(said, output);
    }
    value
}

fn message_stream(model: &str, said: &Said) -> Answer {
    let full = message(model, said);
    let mut start = full.clone();
    start["content"] = json!([]);
    start["stop_reason"] = Value::Null;
    if said.usage.is_some() {
        start["usage"] = message_usage(said, 1);
    }
    let mut events = vec![event("message_start", &json!({"type": "message_start", "message": start}))];
    events.push(event("ping", &json!({"type": "ping"})));
    for (at, block) in full["content"].as_array().unwrap().iter().enumerate() {
        let is_text = block["type"] == "text";
        let mut empty = block.clone();
        empty[if is_text { "text" } else { "input" }] = if is_text { json!("") } else { json!({}) };
        let begin = json!({"type": "content_block_start", "index": at, "content_block": empty});
        events.push(event("content_block_start", &begin));
        let deltas: Vec<Value> = match is_text {
            true => said.pieces().into_iter().map(|text| json!({"type": "text_delta", "text": text})).collect(),
            false => vec![json!({"type": "input_json_delta", "partial_json": block["input"].to_string()})],
        };
        for delta in deltas {
            let delta = json!({"type": "content_block_delta", "index": at, "delta": delta});
            events.push(event("content_block_delta", &delta));
        }
        events.push(event("content_block_stop", &json!({"type": "content_block_stop", "index": at})));
    }
    let mut last = json!({
        "type": "message_delta", "delta": {"stop_reason": full["stop_reason"], "stop_sequence": null},
    });
    if let Some((_, output)) = said.usage {
        last["usage"] = json!({"output_tokens": output});
    }
    events.push(event("message_delta", &last));
    events.push(event("message_stop", &json!({"type": "message_stop"})));
    stream("text/event-stream", &events)
}

fn content(text: &str, said: &Said, is_last: bool) -> Value {
    let mut parts = if text.is_empty() { Vec::new() } else { vec![json!({"text": text})] };
    let calls = said.calls.iter().filter(|_| is_last);
    parts.extend(calls.map(|(name, arguments)| json!({"functionCall": {"name": name, "args": arguments}})));
    let mut candidate = json!({"index": 0, "content": {"role": "model", "parts": parts}});
    let mut value = json!({"modelVersion": "tiny-001", "responseId": "r1"});
    if is_last {
        candidate["finishReason"] = "STOP".into();
        if let Some((input, output)) = said.usage {
            let total = input + output;
            value["usageMetadata"] =
                json!({"promptTokenCount": input, "candidatesTokenCount": output, "totalTokenCount": total});
        }
    }
    value["candidates"] = json!([candidate]);
    value
}

fn content_stream(said: &Said) -> Answer {
    let mut events: Vec<String> = said.pieces().iter().map(|text| sse(&content(text, said, false))).collect();
    events.push(sse(&content("", said, true)));
    stream("text/event-stream", &events)
}

fn ollama(model: &str, text: &str, said: &Said, is_last: bool) -> Value {
    let mut message = json!({"role": "assistant", "content": text});
    if is_last && !said.calls.is_empty() {
        let call = |(name, arguments): &(String, Value)| json!({"function": {"name": name, "arguments": arguments}});
        message["tool_calls"] = said.calls.iter().map(call).collect();
    }
    let mut value = json!({"model": model, "created_at": "2026-01-31T12:00:00Z", "message": message, "done": is_last});
    if is_last {
        value["done_reason"] = "stop".into();
        if let Some((input, output)) = said.usage {
            value["prompt_eval_count"] = input.into();
            value["eval_count"] = output.into();
        }
    }
    value
}

fn ollama_stream(model: &str, said: &Said) -> Answer {
    let line = |value: &Value| format!("{value}\n");
    let mut lines: Vec<String> = said.pieces().iter().map(|text| line(&ollama(model, text, said, false))).collect();
    lines.push(line(&ollama(model, "", said, true)));
    stream("application/x-ndjson", &lines)
}
