//! A call as the body of `models/{model}:generateContent`. The model stands in the address, not here.

use serde_json::json;

use crate::model::call::{Answer, Tool, ToolChoice};
use crate::model::{Call, Map, Value};

use super::super::capability::Capability;
use super::super::draft::{self, limit, note, rename, take};
use super::super::params::{self, list};
use super::super::protocol::Built;
use super::super::service::Service;
use super::contents;
use super::models::{Thinking, forms_and_calls, thinking};

const VERSION: &str = "v1beta";

/// Parameters of the generation that have other names. Further ones pass as they are.
const NAMES: &[(&str, &str)] = &[
    ("max_tokens", "maxOutputTokens"),
    ("top_p", "topP"),
    ("top_k", "topK"),
    ("frequency_penalty", "frequencyPenalty"),
    ("presence_penalty", "presencePenalty"),
    ("stop", "stopSequences"),
    ("candidate_count", "candidateCount"),
    ("response_modalities", "responseModalities"),
];

/// What stands beside the configuration of the generation.
const BESIDE: &[(&str, &str)] = &[
    ("safety_settings", "safetySettings"),
    ("safetySettings", "safetySettings"),
    ("service_tier", "serviceTier"),
    ("serviceTier", "serviceTier"),
    ("cached_content", "cachedContent"),
    ("cachedContent", "cachedContent"),
    ("labels", "labels"),
    ("store", "store"),
];

const THOUGHT: &[(&str, &str)] = &[
    ("thinking_budget", "thinkingBudget"),
    ("thinking_level", "thinkingLevel"),
    ("include_thoughts", "includeThoughts"),
];

/// Options of the service that are not part of a body.
const NOT_SENT: &[&str] = &["api_version", "max_tokens"];

pub fn content(call: &Call, service: &Service, stream: bool) -> Built {
    let mut notes = Vec::new();
    let body = body(call, service, &mut notes);
    let verb = if stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
    let path = path(service, &format!("{}:{verb}", name(&call.model)));
    Built { request: service.post(&path, &Value::Object(body), stream), notes }
}

pub fn count(call: &Call, service: &Service) -> Built {
    let mut notes = Vec::new();
    let name = name(&call.model);
    let mut whole = Map::new();
    whole.insert("model".into(), json!(name));
    whole.extend(body(call, service, &mut notes));
    let path = path(service, &format!("{name}:countTokens"));
    Built { request: service.post(&path, &json!({"generateContentRequest": whole}), false), notes }
}

pub fn path(service: &Service, rest: &str) -> String {
    draft::path(service, service.options.get("api_version").and_then(Value::as_str).unwrap_or(VERSION), rest)
}

/// The model as a path. Whatever a prompt writes there, it stays one name.
pub fn name(model: &str) -> String {
    let known = ["models", "tunedModels"];
    let (kind, name) = model.split_once('/').filter(|(kind, _)| known.contains(kind)).unwrap_or(("models", model));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let escaped = |c: char| c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let name: String = name.chars().map(|c| if plain(c) { c.to_string() } else { escaped(c) }).collect();
    format!("{kind}/{name}")
}

fn body(call: &Call, service: &Service, notes: &mut Vec<String>) -> Map {
    let can = Capability::of(service, &call.model);
    let mut body = Map::new();
    let (system, contents) = contents::of(call, notes);
    body.extend(system.map(|text| ("systemInstruction".to_owned(), json!({"parts": [{"text": text}]}))));
    body.insert("contents".into(), contents);
    let mut params = params::taken(call, &can, notes);
    let beside = take(&mut params, BESIDE);
    let config = config(call, service, params, notes);
    if !config.is_empty() {
        body.insert("generationConfig".into(), Value::Object(config));
    }
    if !call.tools.is_empty() {
        body.insert("tools".into(), json!([{"functionDeclarations": call.tools.iter().map(tool).collect::<Value>()}]));
        body.extend(choice(call).map(|choice| ("toolConfig".to_owned(), json!({"functionCallingConfig": choice}))));
    }
    body.extend(beside);
    let mut options = service.options.clone();
    options.retain(|key, _| !NOT_SENT.contains(&key.as_str()));
    for (key, value) in rename(options, BESIDE) {
        body.entry(key).or_insert(value);
    }
    body
}

fn config(call: &Call, service: &Service, mut params: Map, notes: &mut Vec<String>) -> Map {
    let effort = params.shift_remove("reasoning_effort");
    if params.shift_remove("parallel_tool_calls") == Some(json!(false)) {
        note(notes, "the service always may call several functions at once: `params.parallel_tool_calls` is left out");
    }
    let thought = take(&mut params, THOUGHT);
    if let Some(limit) = limit(params.shift_remove("max_tokens"), service, notes) {
        params.insert("max_tokens".into(), limit);
    }
    let mut config = rename(params, NAMES);
    if let Some(stop) = config.get_mut("stopSequences") {
        *stop = list(stop);
    }
    let thought = thinking_config(call, effort.as_ref(), thought, notes);
    if !thought.is_empty() {
        config.entry("thinkingConfig").or_insert(Value::Object(thought));
    }
    config.extend(form(call, notes));
    config
}

/// The form of the answer.
fn form(call: &Call, notes: &mut Vec<String>) -> Map {
    let mut form = Map::new();
    if call.answer == Answer::Text {
        return form;
    }
    if !call.tools.is_empty() && !forms_and_calls(&call.model) {
        note(notes, format!("{} calls no functions when it answers in JSON: the form is left out", call.model_name()));
        return form;
    }
    form.insert("responseMimeType".into(), json!("application/json"));
    if let Answer::Schema { schema, .. } = &call.answer {
        form.insert("responseJsonSchema".into(), schema.clone());
    }
    form
}

/// A budget and a level together are refused, so what the prompt says in the service's own words wins.
fn thinking_config(call: &Call, effort: Option<&Value>, mut config: Map, notes: &mut Vec<String>) -> Map {
    let Some(effort) = effort.and_then(Value::as_str) else { return config };
    if config.contains_key("thinkingBudget") || config.contains_key("thinkingLevel") {
        note(
            notes,
            "`params.reasoning_effort` is left out: the prompt says how hard to think in the service's own words",
        );
        return config;
    }
    match thinking(&call.model) {
        Thinking::None => {}
        Thinking::Budget(least) => {
            let budget = budget(effort).max(least);
            note(notes, format!("{} thinks by tokens: `{effort}` is said as {budget} of them", call.model_name()));
            config.insert("thinkingBudget".into(), json!(budget));
        }
        Thinking::Level => {
            let level = level(effort);
            if level != effort.to_ascii_uppercase() {
                note(notes, format!("the service knows no `reasoning_effort` of `{effort}`: it is said as {level}"));
            }
            config.insert("thinkingLevel".into(), json!(level));
        }
    }
    config
}

/// As many as Google gives these words itself, where it speaks OpenAI's language.
fn budget(effort: &str) -> u64 {
    match effort {
        "none" => 0,
        "minimal" | "low" => 1_024,
        "medium" => 8_192,
        _ => 24_576,
    }
}

fn level(effort: &str) -> String {
    match effort {
        "none" => "MINIMAL".to_owned(),
        "max" => "HIGH".to_owned(),
        other => other.to_ascii_uppercase(),
    }
}

fn tool(tool: &Tool) -> Value {
    let mut map = Map::new();
    map.insert("name".into(), json!(tool.name));
    map.extend(tool.description.as_ref().map(|text| ("description".to_owned(), json!(text))));
    map.insert("parametersJsonSchema".into(), tool.parameters.clone());
    Value::Object(map)
}

fn choice(call: &Call) -> Option<Value> {
    let strict = call.tools.iter().any(|tool| tool.strict == Some(true));
    match &call.tool_choice {
        ToolChoice::Auto if strict => Some(json!({"mode": "VALIDATED"})),
        ToolChoice::Auto => None,
        ToolChoice::None => Some(json!({"mode": "NONE"})),
        ToolChoice::Required => Some(json!({"mode": "ANY"})),
        ToolChoice::Named(name) => Some(json!({"mode": "ANY", "allowedFunctionNames": [name]})),
    }
}
