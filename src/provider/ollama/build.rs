//! A call as the body of `POST /api/chat`.

use serde_json::json;

use crate::base::http::Request;
use crate::model::call::{Answer, Message, Part, Role, Tool, ToolCall, ToolChoice};
use crate::model::{Call, Map, Value};

use super::super::capability::Capability;
use super::super::draft::{self, limit, note, object, rename, take};
use super::super::media::{Bytes, media};
use super::super::params::{self, list};
use super::super::protocol::Built;
use super::super::service::Service;
use super::reply;

/// What stands beside the options of the run.
const BESIDE: &[(&str, &str)] = &[
    ("think", "think"),
    ("keep_alive", "keep_alive"),
    ("format", "format"),
    ("truncate", "truncate"),
    ("shift", "shift"),
    ("logprobs", "logprobs"),
    ("top_logprobs", "top_logprobs"),
];

const NAMES: &[(&str, &str)] = &[("max_tokens", "num_predict")];

/// Of a server that was told nothing. It reads no more than that, and does not say so.
const CONTEXT: usize = 4_096;

pub fn chat(call: &Call, service: &Service, stream: bool) -> Built {
    let mut notes = Vec::new();
    let body = body(call, service, stream, &mut notes);
    Built { request: service.post(&path(service, "chat"), &Value::Object(body), stream), notes }
}

pub fn embed(model: &str, texts: &[String], dimensions: Option<usize>, service: &Service) -> Request {
    let mut body = json!({"model": model, "input": texts});
    if let Some(dimensions) = dimensions {
        body["dimensions"] = json!(dimensions);
    }
    if let Some(keep_alive) = service.options.get("keep_alive") {
        body["keep_alive"] = keep_alive.clone();
    }
    service.post(&path(service, "embed"), &body, false)
}

pub fn path(service: &Service, rest: &str) -> String {
    draft::path(service, "api", rest)
}

fn body(call: &Call, service: &Service, stream: bool, notes: &mut Vec<String>) -> Map {
    let mut params = params::taken(call, &Capability::of(service, &call.model), notes);
    let effort = params.shift_remove("reasoning_effort");
    if params.shift_remove("parallel_tool_calls").is_some() {
        note(notes, "the service has no such choice: `params.parallel_tool_calls` is left out");
    }
    if let Some(limit) = limit(params.shift_remove("max_tokens"), service, notes) {
        params.insert("max_tokens".into(), limit);
    }
    let mut beside = take(&mut params, BESIDE);
    let mut defaults = service.options.clone();
    defaults.shift_remove("max_tokens");
    for (key, value) in take(&mut defaults, BESIDE) {
        beside.entry(key).or_insert(value);
    }
    let mut options = rename(params, NAMES);
    for (key, value) in defaults {
        options.entry(key).or_insert(value);
    }
    if let Some(stop) = options.get_mut("stop") {
        *stop = list(stop);
    }
    if let Some(effort) = effort.as_ref().and_then(Value::as_str).filter(|_| !beside.contains_key("think")) {
        beside.insert("think".into(), think(effort, notes));
    }
    if let Some(format) = format(&call.answer) {
        beside.insert("format".into(), format);
    }

    let mut body = Map::new();
    body.insert("model".into(), json!(call.model));
    body.insert("messages".into(), call.messages.iter().map(|it| message(it, notes)).collect());
    body.insert("stream".into(), json!(stream));
    if let Some(tools) = tools(call, notes) {
        body.insert("tools".into(), tools);
    }
    body.extend(beside);
    warn_of_context(call, &options, notes);
    if !options.is_empty() {
        body.insert("options".into(), Value::Object(options));
    }
    body
}

/// A prompt that is surely longer than what the server reads when it is not told to read more.
fn warn_of_context(call: &Call, options: &Map, notes: &mut Vec<String>) {
    const BYTES_OF_A_TOKEN: usize = 5;
    let bytes: usize = call.messages.iter().map(|message| message.text().len()).sum();
    if bytes / BYTES_OF_A_TOKEN > CONTEXT && !options.contains_key("num_ctx") {
        note(notes, "the prompt is long, and the server may read only a part of it: set `params.num_ctx`");
    }
}

fn format(answer: &Answer) -> Option<Value> {
    match answer {
        Answer::Text => None,
        Answer::Json => Some(json!("json")),
        Answer::Schema { schema, .. } => Some(schema.clone()),
    }
}

fn think(effort: &str, notes: &mut Vec<String>) -> Value {
    let level = match effort {
        "none" => return json!(false),
        "minimal" => "low",
        "xhigh" | "max" => "high",
        other => other,
    };
    if level != effort {
        note(notes, format!("the service knows no `reasoning_effort` of `{effort}`: it is said as {level}"));
    }
    json!(level)
}

fn tools(call: &Call, notes: &mut Vec<String>) -> Option<Value> {
    if call.tools.is_empty() {
        return None;
    }
    match &call.tool_choice {
        ToolChoice::Auto => {}
        // Without tools none can be called.
        ToolChoice::None => return None,
        ToolChoice::Required => {
            note(notes, "the service cannot be made to call a function: it is asked to as it likes");
        }
        ToolChoice::Named(name) => {
            note(notes, format!("the service cannot be made to call a function: it is offered `{name}` alone"));
            return Some(call.tools.iter().filter(|tool| tool.name == *name).map(tool).collect());
        }
    }
    Some(call.tools.iter().map(tool).collect())
}

fn tool(tool: &Tool) -> Value {
    let mut function = Map::new();
    function.insert("name".into(), json!(tool.name));
    function.extend(tool.description.as_ref().map(|text| ("description".to_owned(), json!(text))));
    function.insert("parameters".into(), tool.parameters.clone());
    json!({"type": "function", "function": function})
}

fn message(message: &Message, notes: &mut Vec<String>) -> Value {
    if message.name.is_some() {
        note(notes, "the service knows no names of messages: they are left out");
    }
    let role = match message.role {
        Role::Developer => Role::System,
        role => role,
    };
    let mut said = json!({"role": role.word(), "content": message.text()});
    let mut images = Vec::new();
    let mut calls = Vec::new();
    for part in &message.parts {
        match part {
            Part::Text(_) => {}
            Part::Media { url, mime } => images.extend(image(url, mime.as_deref(), notes)),
            Part::ToolCall(call) => calls.push(tool_call(call, notes)),
            Part::ToolResult(result) => {
                said["content"] = json!(result.content);
                said["tool_name"] = json!(result.name);
                said.as_object_mut().into_iter().for_each(|said| {
                    said.extend(draft::given_id(&result.id).map(|id| ("tool_call_id".to_owned(), json!(id))));
                });
            }
            Part::Kept(kept) => match reply::thoughts(kept) {
                Some(thoughts) => said["thinking"] = json!(thoughts),
                None => note(notes, "what another service kept of its answer is left out"),
            },
        }
    }
    if !images.is_empty() {
        said["images"] = json!(images);
    }
    if !calls.is_empty() {
        said["tool_calls"] = json!(calls);
    }
    said
}

fn tool_call(call: &ToolCall, notes: &mut Vec<String>) -> Value {
    let mut said = json!({"function": {"name": call.name, "arguments": object(&call.arguments, &call.name, notes)}});
    if let Some(id) = draft::given_id(&call.id) {
        said["id"] = json!(id);
    }
    said
}

fn image(url: &str, mime: Option<&str>, notes: &mut Vec<String>) -> Option<String> {
    match media(url, mime) {
        (Bytes::Here(data), mime) if mime.starts_with("image/") => return Some(data.into_owned()),
        (Bytes::Here(_), mime) => {
            note(notes, format!("the service takes pictures: a file of the type {mime} is left out"));
        }
        _ => note(notes, format!("the service fetches nothing: `{url}` is left out")),
    }
    None
}
