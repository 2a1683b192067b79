//! A call as the body of `POST /v1/messages`.

use serde_json::json;

use crate::base::http::Request;
use crate::model::call::{Answer, Tool, ToolChoice};
use crate::model::{Call, Map, Value};

use super::super::capability::{Capability, Sampling};
use super::super::draft::{limit, note, path, rename};
use super::super::params::{self, list};
use super::super::protocol::Built;
use super::super::service::Service;
use super::{schema, turns};

const VERSION: &str = "2023-06-01";

/// The service wants a limit. This one lets whole answers through and is no fortune; models that take less get less.
const MAX_TOKENS: u64 = 16_384;
/// What every model takes.
const MAX_TOKENS_ANYWHERE: u64 = 4_096;

const NAMES: &[(&str, &str)] = &[("stop", "stop_sequences")];

/// Options of the service that are not part of a body.
const NOT_SENT: &[&str] = &["api_version", "beta", "max_tokens"];

/// What counting takes of a body.
const COUNTED: &[&str] =
    &["model", "system", "messages", "tools", "tool_choice", "thinking", "output_config", "cache_control"];

pub fn messages(call: &Call, service: &Service, stream: bool) -> Built {
    let mut notes = Vec::new();
    let mut body = body(call, service, &mut notes);
    if stream {
        body.insert("stream".into(), json!(true));
    }
    let request = service.post(&path(service, "v1", "messages"), &Value::Object(body), stream);
    Built { request: versioned(request, service), notes }
}

pub fn count(call: &Call, service: &Service) -> Built {
    let mut notes = Vec::new();
    let mut call = call.clone();
    call.params.retain(|key, _| COUNTED.contains(&key.as_str()) || key == "reasoning_effort");
    call.params.insert("max_tokens".into(), json!(1));
    let mut body = body(&call, service, &mut notes);
    body.retain(|key, _| COUNTED.contains(&key.as_str()));
    let request = service.post(&path(service, "v1", "messages/count_tokens"), &Value::Object(body), false);
    Built { request: versioned(request, service), notes }
}

/// The request with the headers of this language, unless the settings have their own.
pub fn versioned(mut request: Request, service: &Service) -> Request {
    let mut headers = vec![("anthropic-version", version(service).to_owned())];
    if let Some(beta) = service.options.get("beta") {
        let words = list(beta);
        let words: Vec<&str> = words.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        headers.push(("anthropic-beta", words.join(",")));
    }
    for (name, value) in headers {
        if !request.headers.iter().any(|(known, _)| known == name) {
            request.headers.push((name.to_owned(), value));
        }
    }
    request
}

pub fn version(service: &Service) -> &str {
    service.options.get("api_version").and_then(Value::as_str).unwrap_or(VERSION)
}

fn body(call: &Call, service: &Service, notes: &mut Vec<String>) -> Map {
    let can = Capability::of(service, &call.model);
    let mut body = Map::new();
    body.insert("model".into(), json!(call.model));
    let (system, messages) = turns::of(call, &can, notes);
    body.extend(system.map(|system| ("system".to_owned(), system)));
    body.insert("messages".into(), messages);

    let mut params = rename(params::taken(call, &can, notes), NAMES);
    if can.sampling == Sampling::One && params.contains_key("temperature") && params.shift_remove("top_p").is_some() {
        note(notes, format!("{} takes `temperature` or `top_p`: `params.top_p` is left out", call.model_name()));
    }
    if let Some(stop) = params.get_mut("stop_sequences") {
        *stop = list(stop);
    }
    let parallel = params.shift_remove("parallel_tool_calls");
    let effort = params.shift_remove("reasoning_effort");
    let config = output_config(call, &can, effort.as_ref(), &mut params, notes);
    let max_tokens = max_tokens(&mut params, service, &can, notes);
    body.insert("max_tokens".into(), max_tokens);
    body.extend(params);
    if !config.is_empty() {
        let given = body.entry("output_config").or_insert_with(|| json!({}));
        given.as_object_mut().into_iter().for_each(|given| given.extend(config.clone()));
    }
    if !call.tools.is_empty() {
        body.insert("tools".into(), call.tools.iter().map(tool).collect());
        body.extend(choice(call, parallel.as_ref()).map(|choice| ("tool_choice".to_owned(), choice)));
    }
    for (key, value) in service.options.iter().filter(|(key, _)| !NOT_SENT.contains(&key.as_str())) {
        body.entry(key.as_str()).or_insert_with(|| value.clone());
    }
    body
}

/// The limit of the answer, with room for the thoughts that count towards it.
fn max_tokens(params: &mut Map, service: &Service, can: &Capability, notes: &mut Vec<String>) -> Value {
    if let Some(limit) = limit(params.shift_remove("max_tokens"), service, notes) {
        return limit;
    }
    let most = can.max_output.unwrap_or(MAX_TOKENS_ANYWHERE);
    let thought = params.get("thinking").and_then(|thinking| thinking.get("budget_tokens")).and_then(Value::as_u64);
    let limit = match (most.min(MAX_TOKENS), thought) {
        (limit, None) => limit,
        (limit, Some(thought)) => limit.saturating_add(thought).min(most.max(thought.saturating_add(1))),
    };
    note(notes, format!("the service wants a limit; without `params.max_tokens` it is {limit}"));
    json!(limit)
}

fn output_config(
    call: &Call,
    can: &Capability,
    effort: Option<&Value>,
    params: &mut Map,
    notes: &mut Vec<String>,
) -> Map {
    let mut config = Map::new();
    match effort.map(|effort| (effort, effort.as_str())) {
        Some((_, Some("none"))) => drop(params.entry("thinking").or_insert_with(|| json!({"type": "disabled"}))),
        Some((_, Some("minimal"))) => {
            note(notes, "the least `reasoning_effort` of the service is `low`, which is sent for `minimal`");
            config.insert("effort".into(), json!("low"));
        }
        Some((effort, _)) => drop(config.insert("effort".into(), effort.clone())),
        None => {}
    }
    match &call.answer {
        Answer::Text => {}
        Answer::Json => note(notes, "the service has no JSON without a schema; only the prompt's words ask for it"),
        Answer::Schema { .. } if !can.structured_output => {
            note(notes, format!("{} takes no schema of the answer: it is left out", call.model_name()));
        }
        Answer::Schema { schema, .. } => {
            config.insert("format".into(), json!({"type": "json_schema", "schema": schema::strict(schema, notes)}));
        }
    }
    config
}

fn tool(tool: &Tool) -> Value {
    let mut map = Map::new();
    map.insert("name".into(), json!(tool.name));
    map.extend(tool.description.as_ref().map(|text| ("description".to_owned(), json!(text))));
    map.insert("input_schema".into(), tool.parameters.clone());
    map.extend(tool.strict.filter(|strict| *strict).map(|strict| ("strict".to_owned(), json!(strict))));
    Value::Object(map)
}

fn choice(call: &Call, parallel: Option<&Value>) -> Option<Value> {
    let one = parallel == Some(&json!(false));
    let mut choice = match &call.tool_choice {
        ToolChoice::Auto if one => json!({"type": "auto"}),
        ToolChoice::Auto => return None,
        ToolChoice::None => return Some(json!({"type": "none"})),
        ToolChoice::Required => json!({"type": "any"}),
        ToolChoice::Named(name) => json!({"type": "tool", "name": name}),
    };
    if one {
        choice["disable_parallel_tool_use"] = json!(true);
    }
    Some(choice)
}
