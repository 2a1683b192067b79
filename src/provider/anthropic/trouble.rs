//! What the service says when it gives no answer.

use crate::base::http::Response;
use crate::model::call::What;
use crate::model::{Trouble, Value};

use super::super::draft::text;
use super::super::failure;

/// Codes and words of an account that may not spend more. Waiting does not help, whatever the status says.
const SPENT: &[&str] = &["spend_limit", "billing_unavailable", "organization_on_hold"];
const SPENT_WORDS: &[&str] =
    &["credit balance is too low", "specified API usage limits", "usage limits. You will regain"];
const TOO_LONG: &[&str] = &["prompt is too long", "exceed context limit", "exceeds the context window"];

pub fn read(response: &Response) -> Trouble {
    let trouble = failure::of(response);
    match serde_json::from_slice::<Value>(&response.body) {
        Ok(body) => worded(trouble, &body),
        Err(_) => trouble,
    }
}

/// An `error` event in the middle of a stream.
pub fn in_stream(event: &Value) -> Trouble {
    worded(Trouble::new(What::Server, "the service broke off and did not say why"), event)
}

fn worded(mut trouble: Trouble, body: &Value) -> Trouble {
    let error = body.get("error").unwrap_or(&Value::Null);
    let Some(message) = text(error, "message") else { return trouble };
    message.clone_into(&mut trouble.message);
    let kind = text(error, "type").unwrap_or_default();
    let code = error.get("details").and_then(|details| text(details, "error_code"));
    trouble.what = what(kind, code.unwrap_or_default(), message).unwrap_or(trouble.what);
    trouble.code = code.or(Some(kind).filter(|kind| !kind.is_empty())).map(str::to_owned);
    trouble.param = param(message).filter(|_| trouble.what == What::BadRequest);
    trouble.request_id = text(body, "request_id").map(str::to_owned).or(trouble.request_id);
    trouble
}

fn what(kind: &str, code: &str, message: &str) -> Option<What> {
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if SPENT.iter().any(|spent| code.contains(spent)) || says(SPENT_WORDS) {
        return Some(What::Quota);
    }
    Some(match kind {
        "authentication_error" => What::Auth,
        "billing_error" => What::Quota,
        "permission_error" => What::Permission,
        "not_found_error" => What::NotFound,
        "rate_limit_error" => What::RateLimited,
        "timeout_error" => What::Timeout,
        "api_error" => What::Server,
        "overloaded_error" => What::Overloaded,
        "invalid_request_error" if says(TOO_LONG) => What::ContextLength,
        "invalid_request_error" | "request_too_large" => What::BadRequest,
        _ => return None,
    })
}

/// Complaints begin with the place: `messages.0.content: …`.
fn param(message: &str) -> Option<String> {
    let (place, _) = message.split_once(": ")?;
    let is_place = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._[]".contains(c);
    (!place.is_empty() && place.chars().all(is_place)).then(|| place.to_owned())
}
