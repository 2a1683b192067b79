//! What goes wrong, in the words of OpenAI and of those who speak like it.

use serde_json::Value;

use crate::base::http::Response;
use crate::model::Trouble;
use crate::model::call::What;

use super::super::failure;
use super::text;

/// A bad answer.
pub fn of_response(response: &Response) -> Trouble {
    let general = failure::of(response);
    let Some(told) = serde_json::from_slice(&response.body).ok().as_ref().and_then(in_body) else {
        return general;
    };
    let what = what(&told, Some(response.status));
    Trouble { what, message: told.message, code: told.code, param: told.param, ..general }
}

/// The trouble that a body tells, if it tells one: `{"error": {…}}`, and what others make of it.
pub fn in_body(body: &Value) -> Option<Trouble> {
    let body = match body {
        Value::Array(all) => all.first()?,
        body => body,
    };
    if body.get("output").is_some() {
        // An answer of Responses that failed keeps what came before; its reader tells both.
        return None;
    }
    match body.get("error") {
        Some(Value::Object(_)) => of_error(&body["error"]),
        Some(Value::String(message)) => Some(told(message.clone(), body)),
        _ if body.get("object") == Some(&Value::from("error")) => of_error(body),
        _ if body.get("choices").is_some() || body.get("data").is_some() => None,
        _ => {
            let message = text(body, "message").or_else(|| body.get("detail").map(shown))?;
            Some(told(message, body))
        }
    }
}

/// The object that describes an error.
pub fn of_error(error: &Value) -> Option<Trouble> {
    let message = match error.get("message")? {
        Value::String(message) => message.clone(),
        other => shown(other),
    };
    Some(told(with_origin(message, error.get("metadata")), error))
}

/// The error that an event of a stream is. Its `type` is the event's, unless it stands in an object of its own.
pub fn of_event(error: &Value) -> Trouble {
    let mut error = error.clone();
    if error["type"] == "error" {
        error["type"] = Value::Null;
    }
    of_error(&error).unwrap_or_else(|| Trouble::new(What::Server, "the service failed and does not say why"))
}

fn told(message: String, error: &Value) -> Trouble {
    let number = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let number = number.filter(|code| (100..600).contains(code));
    let mut trouble = Trouble::new(What::Server, message);
    trouble.code = text(error, "code").or(text(error, "type"));
    if let Some(kind) = error.pointer("/metadata/error_type").and_then(Value::as_str) {
        trouble.code = Some(kind.to_owned());
    }
    trouble.param = text(error, "param");
    trouble.what = what(&trouble, number);
    trouble.status = number;
    trouble
}

/// OpenRouter says whose error it passes on, and what a text was refused for.
fn with_origin(message: String, metadata: Option<&Value>) -> String {
    let Some(metadata) = metadata else {
        return message;
    };
    let mut more = Vec::new();
    more.extend(text(metadata, "provider_name"));
    more.extend(metadata.get("raw").map(|raw| failure::excerpt(shown(raw).as_bytes())));
    let reasons = metadata.get("reasons").and_then(Value::as_array);
    more.extend(reasons.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
    if more.is_empty() { message } else { format!("{message} ({})", more.join(": ")) }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// By its code, and where that says nothing, by its status or its words.
fn what(trouble: &Trouble, status: Option<u16>) -> What {
    let code = trouble.code.as_deref().unwrap_or_default();
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    let message = trouble.message.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    match status {
        _ if has(&["insufficient_quota", "billing", "spend", "credit", "quota_exceeded", "payment"]) => What::Quota,
        _ if has(&["context_length", "context_window", "exceed_context", "string_above_max_length"]) => {
            What::ContextLength
        }
        Some(400 | 413 | 422) if says(&["context length", "context window", "context size"]) => What::ContextLength,
        // xAI and Google answer a wrong key with 400.
        Some(400) if says(&["incorrect api key", "invalid api key", "api key not valid"]) => What::Auth,
        Some(status) if status != 400 && status < 500 => failure::what(status),
        _ if has(&["invalid_api_key", "authentication", "unauthorized"]) => What::Auth,
        _ if has(&["permission", "forbidden", "unsupported_country", "moderation"]) => What::Permission,
        _ if has(&["model_not_found", "not_found"]) => What::NotFound,
        _ if has(&["rate_limit", "too_many_requests"]) => What::RateLimited,
        _ if has(&["overloaded", "slow_down", "unavailable"]) => What::Overloaded,
        _ if has(&["timeout"]) => What::Timeout,
        Some(status) => failure::what(status),
        _ if has(&["invalid", "unsupported", "unknown_parameter"]) => What::BadRequest,
        None => What::Server,
    }
}
