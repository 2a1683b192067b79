use serde_json::{Value, json};

use crate::model::Trouble;
use crate::model::call::What;

use super::super::super::protocol::Wire;
use super::super::Chat;
use super::answer;

fn trouble(status: u16, headers: &[(&str, &str)], body: impl ToString) -> Trouble {
    Chat.parse(&answer(status, headers, body)).expect_err("a trouble")
}

fn error(code: impl Into<Value>, message: &str) -> Value {
    json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": code.into()}})
}

#[test]
fn codes_say_more_than_the_status() {
    let what = |status: u16, code: &str| trouble(status, &[], error(code, "m")).what;
    assert_eq!(what(401, "invalid_api_key"), What::Auth);
    assert_eq!(what(429, "rate_limit_exceeded"), What::RateLimited);
    assert_eq!(what(429, "insufficient_quota"), What::Quota);
    assert_eq!(what(429, "billing_hard_limit_reached"), What::Quota);
    assert_eq!(what(429, "enforced_spend_limit_reached"), What::Quota);
    assert_eq!(what(400, "context_length_exceeded"), What::ContextLength);
    assert_eq!(what(404, "model_not_found"), What::NotFound);
    assert_eq!(what(403, "unsupported_country_region_territory"), What::Permission);
    assert_eq!(what(503, "slow_down"), What::Overloaded);
    assert_eq!(what(400, "something"), What::BadRequest);
}

#[test]
fn by_status_alone() {
    let what = |status: u16| trouble(status, &[], json!({"error": {"code": status, "message": "m"}})).what;
    assert_eq!(what(402), What::Quota);
    assert_eq!(what(403), What::Permission);
    assert_eq!(what(408), What::Timeout);
    assert_eq!(what(413), What::BadRequest);
    assert_eq!(what(422), What::BadRequest);
    assert_eq!(what(500), What::Server);
    assert_eq!(what(502), What::Server);
    assert_eq!(what(524), What::Timeout);
    assert_eq!(what(529), What::Overloaded);
}

#[test]
fn a_wrong_parameter_is_named() {
    let body = json!({"error": {"message": "Unsupported value: 'temperature' does not support 0.2 with this model.",
        "type": "invalid_request_error", "param": "temperature", "code": "unsupported_value"}});
    let trouble = trouble(400, &[("x-request-id", "req_1")], body);
    assert_eq!((trouble.what, trouble.param.as_deref()), (What::BadRequest, Some("temperature")));
    assert_eq!((trouble.code.as_deref(), trouble.request_id.as_deref()), (Some("unsupported_value"), Some("req_1")));
}

#[test]
fn other_forms_of_the_same() {
    let mistral = json!({"object": "error", "message": {"detail": [{"loc": ["body"], "msg": "Extra inputs"}]}, "type": "invalid_request_error"});
    assert!(trouble(422, &[], mistral).message.contains("Extra inputs"));
    assert_eq!(trouble(401, &[], json!({"message": "Unauthorized"})).message, "Unauthorized");
    assert_eq!(trouble(404, &[], json!({"detail": "Not Found"})).message, "Not Found");
    let xai = trouble(
        400,
        &[],
        json!({"code": "Client specified an invalid argument", "error": "Incorrect API key provided: xa***."}),
    );
    assert_eq!(xai.what, What::Auth);
    let vllm = "This model's maximum context length is 4096 tokens.";
    let vllm = json!({"object": "error", "message": vllm, "type": "BadRequestError", "code": 400});
    assert_eq!(trouble(400, &[], vllm).what, What::ContextLength);
    let list = json!([{"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}]);
    assert_eq!(trouble(503, &[], list).what, What::Overloaded);
    assert_eq!(trouble(200, &[], json!({"error": {"code": 429, "message": "slow"}})).what, What::RateLimited);
}

#[test]
fn openrouter_says_whose_error_it_is() {
    let body = json!({"error": {"code": 429, "message": "Provider returned error",
        "metadata": {"raw": "{\"detail\": \"busy\"}", "provider_name": "Azure"}}});
    assert_eq!(trouble(429, &[], body).message, "Provider returned error (Azure: {\"detail\": \"busy\"})");
    let body = json!({"error": {"code": 403, "message": "Flagged", "metadata": {"reasons": ["violence"], "provider_name": "OpenAI"}}});
    let trouble = trouble(403, &[], body);
    assert_eq!((trouble.what, trouble.message.as_str()), (What::Permission, "Flagged (OpenAI: violence)"));
}

#[test]
fn when_to_try_again() {
    let seconds = |headers: &[(&str, &str)]| {
        trouble(429, headers, error("rate_limit_exceeded", "m")).retry_after.map(|wait| wait.as_secs_f64())
    };
    assert_eq!(seconds(&[("retry-after-ms", "1500")]), Some(1.5));
    assert_eq!(seconds(&[("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "6m0s")]), Some(360.0));
    assert_eq!(trouble(500, &[("x-should-retry", "false")], "oops").retry, Some(false));
}

#[test]
fn pages_for_people() {
    let trouble = trouble(502, &[], "<html><head><title>502 Bad Gateway</title></head></html>");
    assert_eq!((trouble.what, trouble.message.as_str()), (What::Server, "a page for people: 502 Bad Gateway"));
}
