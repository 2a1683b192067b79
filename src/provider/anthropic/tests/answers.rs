use serde_json::json;

use crate::base::http::Response;
use crate::model::call::{Stop, What};
use crate::model::{Reply, Trouble, Value};

use super::super::super::protocol::Wire;
use super::super::Anthropic;

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Result<Reply, Trouble> {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Anthropic.parse(&Response { status, headers, body: body.into() })
}

fn message(content: &Value, stop: &str, usage: &Value) -> Reply {
    let message = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-6",
        "content": content, "stop_reason": stop, "stop_sequence": null, "usage": usage});
    answer(200, &[], &message.to_string()).expect("an answer")
}

#[test]
fn what_was_paid_for_is_told_apart() {
    let usage = json!({"input_tokens": 10, "cache_creation_input_tokens": 300, "cache_read_input_tokens": 50,
        "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200},
        "output_tokens": 25, "output_tokens_details": {"thinking_tokens": 20}, "service_tier": "standard"});
    let read = message(&json!([{"type": "text", "text": "Hi"}]), "end_turn", &usage).usage.expect("it was counted");
    assert_eq!((read.input, read.output, read.reasoning), (Some(10), Some(25), Some(20)));
    assert_eq!((read.cache_read, read.cache_write, read.cache_write_hour), (50, 100, 200));
    assert_eq!((read.input_total(), &read.raw), (Some(360), &usage));

    let older = json!({"input_tokens": 10, "cache_creation_input_tokens": 300, "output_tokens": 1});
    assert_eq!(message(&json!([]), "end_turn", &older).usage.map(|usage| usage.cache_write), Some(300));
    assert_eq!(message(&json!([]), "end_turn", &Value::Null).usage, None);
}

#[test]
fn every_end_has_its_word() {
    let stop = |word: &str| message(&json!([{"type": "text", "text": "No."}]), word, &json!({})).stop;
    assert_eq!([stop("end_turn"), stop("stop_sequence")], [Stop::Complete, Stop::Complete]);
    assert_eq!([stop("max_tokens"), stop("tool_use")], [Stop::Length, Stop::ToolCalls]);
    assert_eq!([stop("refusal"), stop("model_context_window_exceeded")], [Stop::Refused, Stop::ContextFull]);
    assert_eq!(stop("pause_turn"), Stop::Other("pause_turn".into()));
    assert_eq!(
        message(&json!([{"type": "text", "text": "No."}]), "refusal", &json!({})).refusal.as_deref(),
        Some("No.")
    );
}

#[test]
fn blocks_are_told_apart() {
    let content = json!([
        {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"},
        {"type": "text", "text": "I look.", "citations": null},
        {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {"query": "x"}},
        {"type": "tool_use", "id": "toolu_1", "name": "search", "input": {"z": 1, "a": [true]}}]);
    let reply = message(&content, "tool_use", &json!({}));
    assert_eq!((reply.text.as_str(), reply.thoughts.as_str()), ("I look.", "Hm."));
    assert_eq!(reply.tool_calls[0].arguments, r#"{"z":1,"a":[true]}"#);
    assert_eq!(reply.kept, [json!({"anthropic": content})]);
}

#[test]
fn errors_have_their_meaning() {
    let trouble = |status: u16, kind: &str, message: &str, details: Value| {
        let body = json!({"type": "error", "error": {"type": kind, "message": message, "details": details}, "request_id": "req_1"});
        let trouble = answer(status, &[("retry-after", "7")], &body.to_string()).expect_err("an error");
        assert_eq!((trouble.status, trouble.request_id.as_deref()), (Some(status), Some("req_1")));
        (trouble.what, trouble.code.expect("a code"), trouble.param)
    };
    let what = |status: u16, kind: &str| trouble(status, kind, "It failed", Value::Null).0;
    assert_eq!(what(401, "authentication_error"), What::Auth);
    assert_eq!(what(402, "billing_error"), What::Quota);
    assert_eq!(what(403, "permission_error"), What::Permission);
    assert_eq!(what(404, "not_found_error"), What::NotFound);
    assert_eq!(what(413, "request_too_large"), What::BadRequest);
    assert_eq!(what(429, "rate_limit_error"), What::RateLimited);
    assert_eq!(what(500, "api_error"), What::Server);
    assert_eq!(what(504, "timeout_error"), What::Timeout);
    assert_eq!(what(529, "overloaded_error"), What::Overloaded);
    assert_eq!(what(418, "something_new"), What::BadRequest);

    let spent = trouble(429, "rate_limit_error", "Stop", json!({"error_code": "enforced_spend_limit_reached"}));
    assert_eq!((spent.0, spent.1.as_str()), (What::Quota, "enforced_spend_limit_reached"));
    let ramp = trouble(429, "rate_limit_error", "Slower", json!({"error_code": "ramp_limit_exceeded"}));
    assert_eq!(ramp.0, What::RateLimited);
    let kind = "invalid_request_error";
    let credit = "Your credit balance is too low to access the Anthropic API.";
    assert_eq!(trouble(400, kind, credit, Value::Null).0, What::Quota);
    assert_eq!(
        trouble(400, kind, "prompt is too long: 210000 tokens > 200000 maximum", Value::Null).0,
        What::ContextLength
    );
    let wrong = trouble(400, kind, "messages.0.content.1: Input should be a valid list", Value::Null);
    assert_eq!((wrong.0, wrong.2.as_deref()), (What::BadRequest, Some("messages.0.content.1")));
}

#[test]
fn what_is_no_answer_is_said() {
    let page =
        answer(503, &[("request-id", "req_2")], "<html><head><title>Down</title></head></html>").expect_err("a page");
    assert_eq!((page.what, page.request_id.as_deref()), (What::Overloaded, Some("req_2")));
    assert!(page.message.contains("Down"), "{}", page.message);
    assert_eq!(answer(200, &[], "{\"content\"").expect_err("half").what, What::Decode);
    assert_eq!(answer(200, &[], "{\"id\":1}").expect_err("no message").what, What::Decode);
    let late = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
    assert_eq!(answer(200, &[], late).expect_err("an error").what, What::Overloaded);
    let wait = answer(429, &[("retry-after", "7")], "{}").expect_err("slower");
    assert_eq!((wait.what, wait.retry_after.map(|wait| wait.as_secs())), (What::RateLimited, Some(7)));
}

#[test]
fn models_and_counts() {
    let ok = |body: &str| Response { status: 200, headers: Vec::new(), body: body.into() };
    let list = r#"{"data":[{"type":"model","id":"claude-haiku-4-5","display_name":"Claude Haiku 4.5","max_input_tokens":200000},{"id":1}],"has_more":false}"#;
    let models = Anthropic.parse_models(&ok(list)).expect("a list");
    assert_eq!(models.len(), 1);
    assert_eq!((models[0].name.as_str(), models[0].context), ("claude-haiku-4-5", Some(200_000)));
    assert_eq!(Anthropic.parse_count(&ok(r#"{"input_tokens":14}"#)), Ok(14));
    assert_eq!(Anthropic.parse_count(&ok("{}")).expect_err("nothing").what, What::Decode);
}
