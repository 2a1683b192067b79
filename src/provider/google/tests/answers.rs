use serde_json::json;

use crate::base::http::Response;
use crate::model::call::{Stop, What};
use crate::model::{Reply, Trouble, Value};

use super::super::super::protocol::Wire;
use super::super::Google;

fn response(status: u16, body: &Value) -> Response {
    Response { status, headers: Vec::new(), body: body.to_string().into_bytes() }
}

fn answer(parts: &Value, finish: &str, usage: &Value) -> Reply {
    let body = json!({"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}],
        "usageMetadata": usage, "modelVersion": "gemini-2.5-flash", "responseId": "r1"});
    Google.parse(&response(200, &body)).expect("an answer")
}

fn trouble(status: u16, word: &str, message: &str, details: &Value) -> Trouble {
    let body = json!({"error": {"code": status, "message": message, "status": word, "details": details}});
    Google.parse(&response(status, &body)).expect_err("an error")
}

#[test]
fn what_was_paid_for_is_told_apart() {
    let usage = |usage: Value| answer(&json!([{"text": "Hi"}]), "STOP", &usage).usage;
    let all = usage(json!({"promptTokenCount": 100, "cachedContentTokenCount": 60, "candidatesTokenCount": 7,
        "thoughtsTokenCount": 20, "toolUsePromptTokenCount": 5, "totalTokenCount": 132}));
    let all = all.expect("it was counted");
    assert_eq!((all.input, all.output, all.reasoning), (Some(45), Some(27), Some(20)));
    assert_eq!((all.cache_read, all.input_total()), (60, Some(105)));
    let silent = usage(json!({"promptTokenCount": 100, "totalTokenCount": 100}));
    assert_eq!(silent.map(|usage| (usage.output, usage.reasoning)), Some((Some(0), None)));
    let thought = usage(json!({"promptTokenCount": 100, "thoughtsTokenCount": 9, "totalTokenCount": 109}));
    assert_eq!(thought.map(|usage| usage.output), Some(Some(9)));
    assert_eq!(usage(json!({})), None);
    assert_eq!(usage(Value::Null), None);
}

#[test]
fn every_end_has_its_word() {
    let end = |word: &str| answer(&json!([{"text": "Hi"}]), word, &Value::Null);
    assert_eq!([end("STOP").stop, end("MAX_TOKENS").stop], [Stop::Complete, Stop::Length]);
    for word in ["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"] {
        assert_eq!(end(word).stop, Stop::Refused);
        assert_eq!(end(word).refusal, Some(format!("the answer was held back: {word}")));
    }
    assert_eq!(end("MALFORMED_FUNCTION_CALL").stop, Stop::Other("MALFORMED_FUNCTION_CALL".into()));
    assert_eq!(end("LANGUAGE").stop, Stop::Other("LANGUAGE".into()));
}

#[test]
fn parts_are_told_apart() {
    let parts = json!([{"text": "Hm.", "thought": true}, {"text": "I look."},
        {"functionCall": {"id": "f1", "name": "search", "args": {"z": 1, "a": 2}}, "thoughtSignature": "c2ln"},
        {"functionCall": {"name": "now"}}]);
    let reply = answer(&parts, "STOP", &Value::Null);
    assert_eq!((reply.text.as_str(), reply.thoughts.as_str()), ("I look.", "Hm."));
    let calls: Vec<_> = reply.tool_calls.iter().map(|call| [&*call.id, &*call.name, &*call.arguments]).collect();
    assert_eq!(calls, [["f1", "search", r#"{"z":1,"a":2}"#], ["palc_r1_1", "now", "{}"]]);
    assert_eq!((reply.kept, reply.stop), (vec![json!({"google": parts})], Stop::ToolCalls));
    assert!(answer(&json!([{"text": "Hi"}]), "STOP", &Value::Null).kept.is_empty());
}

#[test]
fn what_is_null_is_not_there() {
    let part = json!({"text": "Hi", "thought": null, "functionCall": null, "thoughtSignature": null});
    let body = json!({"candidates": [{"content": {"parts": [part.clone(), part]}, "finishReason": "STOP"}],
        "promptFeedback": null, "usageMetadata": null, "error": null});
    let reply = Google.parse(&response(200, &body)).expect("an answer");
    assert_eq!((reply.text.as_str(), reply.tool_calls.len(), reply.kept.len(), reply.usage), ("HiHi", 0, 0, None));
}

#[test]
fn errors_have_their_meaning() {
    let what = |status: u16, word: &str| trouble(status, word, "It failed", &json!([])).what;
    assert_eq!(what(400, "INVALID_ARGUMENT"), What::BadRequest);
    assert_eq!(what(400, "FAILED_PRECONDITION"), What::Permission);
    assert_eq!(what(401, "UNAUTHENTICATED"), What::Auth);
    assert_eq!(what(403, "PERMISSION_DENIED"), What::Permission);
    assert_eq!(what(404, "NOT_FOUND"), What::NotFound);
    assert_eq!(what(429, "RESOURCE_EXHAUSTED"), What::RateLimited);
    assert_eq!(what(500, "INTERNAL"), What::Server);
    assert_eq!(what(503, "UNAVAILABLE"), What::Overloaded);
    assert_eq!(what(504, "DEADLINE_EXCEEDED"), What::Timeout);
    assert_eq!(what(418, "SOMETHING_NEW"), What::BadRequest);

    let info = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]);
    assert_eq!(trouble(400, "INVALID_ARGUMENT", "API key not valid.", &info).what, What::Auth);
    let long = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).";
    assert_eq!(trouble(400, "INVALID_ARGUMENT", long, &json!([])).what, What::ContextLength);
    let field = json!([{"@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [{"field": "generation_config.top_k", "description": "no"}]}]);
    assert_eq!(trouble(400, "INVALID_ARGUMENT", "no", &field).param.as_deref(), Some("generation_config.top_k"));
}

#[test]
fn a_minute_is_waited_for_and_a_day_is_not() {
    let quota = |id: &str, value: &str| {
        json!([
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [
                {"quotaMetric": "generativelanguage.googleapis.com/generate_requests", "quotaId": id, "quotaValue": value}]},
            {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}])
    };
    let of = |id: &str, value: &str| trouble(429, "RESOURCE_EXHAUSTED", "You exceeded your quota", &quota(id, value));
    let minute = of("GenerateRequestsPerMinutePerProjectPerModel", "10");
    assert_eq!((minute.what, minute.retry_after.map(|wait| wait.as_millis())), (What::RateLimited, Some(34_500)));
    assert_eq!(minute.code.as_deref(), Some("RESOURCE_EXHAUSTED"));
    assert_eq!(of("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "50").what, What::Quota);
    assert_eq!(of("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "0").what, What::Quota);
    let paid = "Your prepayment credits are depleted. Please go to AI Studio.";
    assert_eq!(trouble(429, "RESOURCE_EXHAUSTED", paid, &json!([])).what, What::Quota);
}

#[test]
fn what_is_no_answer_is_said() {
    let empty = Google.parse(&response(200, &json!({"usageMetadata": {}}))).expect_err("nothing");
    assert_eq!((empty.what, empty.message.as_str()), (What::Decode, "the answer has no candidate"));
    let list = json!([{"error": {"code": 429, "message": "Slower", "status": "RESOURCE_EXHAUSTED"}}]);
    assert_eq!(Google.parse(&response(429, &list)).expect_err("an error").what, What::RateLimited);
    let page = Response { status: 502, headers: Vec::new(), body: b"<html><title>502</title></html>".to_vec() };
    assert_eq!(Google.parse(&page).expect_err("a page").what, What::Server);
}

#[test]
fn vectors_have_the_length_of_one() {
    let vectors = json!({"embeddings": [{"values": [3.0, 4.0]}, {"values": [0.6, 0.8]}, {"values": [0.0, 0.0]}]});
    let read = Google.parse_embeddings(&response(200, &vectors)).expect("vectors");
    assert_eq!(read.vectors, [[0.6, 0.8], [0.6, 0.8], [0.0, 0.0]]);
    assert_eq!(read.tokens, None);
    let wrong = json!({"embeddings": [{"values": [3.0, "4"]}]});
    assert_eq!(Google.parse_embeddings(&response(200, &wrong)).expect_err("no vectors").what, What::Decode);
}

#[test]
fn models_and_counts() {
    let list = json!({"models": [{"name": "models/gemini-2.5-flash", "displayName": "Gemini 2.5 Flash", "inputTokenLimit": 1_048_576}]});
    let models = Google.parse_models(&response(200, &list)).expect("a list");
    assert_eq!((models[0].name.as_str(), models[0].context), ("gemini-2.5-flash", Some(1_048_576)));
    assert_eq!(Google.parse_count(&response(200, &json!({"totalTokens": 31}))), Ok(31));
}
