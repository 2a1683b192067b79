//! What the service says when it gives no answer.

use crate::base::http::Response;
use crate::model::call::What;
use crate::model::{Trouble, Value};

use super::super::draft::text;
use super::super::{failure, wait};

/// Words of an account that may not spend more. Waiting does not help.
const SPENT: &[&str] = &["credits are depleted", "spending cap", "spend cap", "billing account"];

pub fn read(response: &Response) -> Trouble {
    let general = failure::of(response);
    let told = serde_json::from_slice::<Value>(&response.body).ok().as_ref().and_then(in_body);
    match told {
        Some(told) => Trouble {
            status: general.status,
            retry: general.retry,
            retry_after: told.retry_after.or(general.retry_after),
            request_id: general.request_id,
            ..told
        },
        None => general,
    }
}

/// The error that a body tells of, if it tells of one. What comes as a list has it first.
pub fn in_body(body: &Value) -> Option<Trouble> {
    let body = if body.is_array() { body.get(0)? } else { body };
    let error = body.get("error").filter(|error| error.is_object())?;
    let message = text(error, "message").unwrap_or("the service failed and did not say why");
    let status = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let word = text(error, "status").unwrap_or_default();
    let what = what(word, message, error).unwrap_or_else(|| status.map_or(What::Server, failure::what));
    Some(Trouble {
        status,
        code: Some(word.to_owned()).filter(|word| !word.is_empty()),
        param: detail(error, "BadRequest")
            .and_then(|bad| text(bad.pointer("/fieldViolations/0")?, "field"))
            .map(str::to_owned),
        retry_after: detail(error, "RetryInfo").and_then(|retry| wait::span(text(retry, "retryDelay")?)),
        ..Trouble::new(what, message)
    })
}

fn what(word: &str, message: &str, error: &Value) -> Option<What> {
    let reason = detail(error, "ErrorInfo").and_then(|info| text(info, "reason")).unwrap_or_default();
    Some(match word {
        "UNAUTHENTICATED" => What::Auth,
        "INVALID_ARGUMENT" if reason == "API_KEY_INVALID" || reason == "API_KEY_EXPIRED" => What::Auth,
        "INVALID_ARGUMENT" if message.contains("exceeds the maximum number of tokens") => What::ContextLength,
        "INVALID_ARGUMENT" | "OUT_OF_RANGE" => What::BadRequest,
        // Such as a country in which the service is not offered.
        "PERMISSION_DENIED" | "FAILED_PRECONDITION" => What::Permission,
        "NOT_FOUND" => What::NotFound,
        "RESOURCE_EXHAUSTED" if is_spent(message, error) => What::Quota,
        "RESOURCE_EXHAUSTED" => What::RateLimited,
        "UNAVAILABLE" => What::Overloaded,
        "INTERNAL" | "UNKNOWN" | "ABORTED" => What::Server,
        "DEADLINE_EXCEEDED" => What::Timeout,
        _ => return None,
    })
}

/// What is counted by the minute comes back; what is counted by the day, or is none at all, does not come back soon.
fn is_spent(message: &str, error: &Value) -> bool {
    let message = message.to_ascii_lowercase();
    let violations = detail(error, "QuotaFailure").and_then(|quota| quota.get("violations")).and_then(Value::as_array);
    let lasting = |violation: &Value| {
        let of = |key: &str| text(violation, key).unwrap_or_default().to_ascii_lowercase();
        of("quotaId").contains("perday") || of("quotaMetric").contains("per_day") || of("quotaValue") == "0"
    };
    SPENT.iter().any(|words| message.contains(words)) || violations.into_iter().flatten().any(lasting)
}

fn detail<'a>(error: &'a Value, kind: &str) -> Option<&'a Value> {
    let details = error.get("details")?.as_array()?;
    details.iter().find(|detail| text(detail, "@type").is_some_and(|name| name.rsplit('.').next() == Some(kind)))
}
