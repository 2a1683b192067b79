use serde_json::json;

use crate::model::Money;
use crate::model::call::{Stop, ToolCall, What};

use super::super::super::protocol::Wire;
use super::super::Chat;
use super::{answer, ok};

#[test]
fn an_answer_of_openai() {
    let body = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini-2024-07-18",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello!", "refusal": null}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12,
            "prompt_tokens_details": {"cached_tokens": 4}, "completion_tokens_details": {"reasoning_tokens": 0}}});
    let reply = Chat.parse(&ok(&body)).expect("reads");
    assert_eq!(
        (reply.text.as_str(), &reply.stop, reply.stop_word.as_deref()),
        ("Hello!", &Stop::Complete, Some("stop"))
    );
    assert_eq!((reply.model.as_deref(), reply.id.as_deref()), (Some("gpt-4o-mini-2024-07-18"), Some("chatcmpl-1")));
    let usage = reply.usage.expect("counted");
    assert_eq!((usage.input, usage.cache_read, usage.output, usage.reasoning), (Some(5), 4, Some(3), Some(0)));
    assert_eq!(usage.raw, body["usage"]);
}

#[test]
fn an_answer_of_openrouter() {
    let body = json!({
        "id": "gen-1", "provider": "Azure", "model": "openai/o3",
        "choices": [{"finish_reason": "length", "native_finish_reason": "max_output_tokens",
            "message": {"role": "assistant", "content": "x", "reasoning": "hm", "reasoning_details": [{"type": "reasoning.text", "text": "hm"}]}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3, "cost": 0.000_021_35, "is_byok": false}});
    let reply = Chat.parse(&ok(body)).expect("reads");
    assert_eq!((reply.backend.as_deref(), reply.stop), (Some("Azure"), Stop::Length));
    assert_eq!(reply.stop_word.as_deref(), Some("max_output_tokens"));
    assert_eq!((reply.text.as_str(), reply.thoughts.as_str()), ("x", "hm"));
    assert_eq!(reply.kept, [json!({"reasoning_details": [{"type": "reasoning.text", "text": "hm"}]})]);
    assert_eq!(reply.usage.and_then(|usage| usage.cost), Money::parse("0.00002135"));
}

#[test]
fn calls_of_functions() {
    let function =
        |id: &str, arguments| json!({"id": id, "type": "function", "function": {"name": "f", "arguments": arguments}});
    let message = json!({"role": "assistant", "content": null,
        "tool_calls": [function("a", json!("{\"x\": 1")), function("", json!({"x": 1}))]});
    let reply = Chat.parse(&ok(json!({"choices": [{"message": message, "finish_reason": "stop"}]}))).expect("reads");
    let call = |id: &str, arguments: &str| ToolCall { id: id.into(), name: "f".into(), arguments: arguments.into() };
    assert_eq!(reply.tool_calls, [call("a", "{\"x\": 1"), call("call_1", "{\"x\":1}")]);
    assert_eq!((reply.stop, reply.usage), (Stop::ToolCalls, None));
}

#[test]
fn a_refusal_is_an_answer() {
    let message = json!({"role": "assistant", "content": null, "refusal": "I can't."});
    let reply = Chat.parse(&ok(json!({"choices": [{"message": message, "finish_reason": "stop"}]}))).expect("reads");
    assert_eq!((reply.refusal.as_deref(), reply.stop, reply.text.as_str()), (Some("I can't."), Stop::Refused, ""));
    let message = json!({"role": "assistant", "content": ""});
    let filtered = Chat.parse(&ok(json!({"choices": [{"message": message, "finish_reason": "content_filter"}]})));
    assert_eq!(filtered.expect("reads").stop, Stop::Refused);
}

#[test]
fn content_in_parts() {
    let content =
        json!([{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "Yes"}]);
    let reply =
        Chat.parse(&ok(json!({"choices": [{"message": {"content": content}, "finish_reason": "model_length"}]})));
    let reply = reply.expect("reads");
    assert_eq!((reply.text.as_str(), reply.thoughts.as_str(), reply.stop), ("Yes", "hm", Stop::ContextFull));
}

#[test]
fn what_is_no_answer() {
    let what = |body: &str| Chat.parse(&answer(200, &[("x-request-id", "r1")], body)).expect_err("no answer");
    for body in ["", "{", "[]", "{}", "{\"choices\": []}", "<html>hello</html>"] {
        let trouble = what(body);
        assert_eq!((trouble.what, trouble.status), (What::Decode, Some(200)), "{body}");
        assert_eq!(trouble.request_id.as_deref(), Some("r1"), "{body}");
    }
}

#[test]
fn vectors_as_numbers_and_as_base64() {
    let numbers = json!({"data": [{"index": 1, "embedding": [0.5, -1]}, {"index": 0, "embedding": [2, 3]}],
        "usage": {"prompt_tokens": 4, "total_tokens": 4}});
    let read = |body| Chat.parse_embeddings(&ok(body)).map_err(|trouble| trouble.message);
    let vectors = read(numbers).expect("reads");
    assert_eq!((vectors.vectors, vectors.tokens), (vec![vec![2.0, 3.0], vec![0.5, -1.0]], Some(4)));
    let text = json!({"data": [{"embedding": "AAAAPwAAgL8="}]});
    let vectors = read(text).expect("reads");
    assert_eq!((vectors.vectors, vectors.tokens), (vec![vec![0.5, -1.0]], None));
    let wrong = |data| read(json!({"data": data})).expect_err("refused");
    assert_eq!(wrong(json!([{"embedding": "AAA"}])), "a vector cannot be read");
    assert_eq!(wrong(json!([{"embedding": []}])), "a vector cannot be read");
    assert_eq!(wrong(json!([{"embedding": [1]}, {"embedding": [1, 2]}])), "the vectors have different lengths");
    assert_eq!(wrong(json!([{"index": 7, "embedding": [1]}])), "a vector has an index beyond the last");
}

#[test]
fn lists_of_models() {
    let body = json!({"object": "list", "data": [
        {"id": "gpt-4o", "object": "model", "owned_by": "system"},
        {"id": "openai/o3", "name": "OpenAI: o3", "context_length": 200_000},
        {"id": "mistral-large", "name": "mistral-large", "max_context_length": 131_072}, {"object": "model"}]});
    let models = Chat.parse_models(&ok(body)).expect("reads");
    let short: Vec<_> =
        models.iter().map(|model| (model.name.as_str(), model.title.as_deref(), model.context)).collect();
    let wanted = [
        ("gpt-4o", None, None),
        ("openai/o3", Some("OpenAI: o3"), Some(200_000)),
        ("mistral-large", None, Some(131_072)),
    ];
    assert_eq!(short, wanted);
    assert_eq!(Chat.parse_models(&ok("{}")).expect_err("refused").what, What::Decode);
}
