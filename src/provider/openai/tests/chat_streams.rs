use serde_json::{Value, json};

use crate::model::call::{Piece, Stop, ToolCall, What};

use super::super::{Chat, OpenRouter};
use super::{streamed, uncut};

fn events(chunks: &[Value]) -> String {
    chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect()
}

fn delta(delta: &Value) -> Value {
    json!({"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

fn finish(word: &str) -> Value {
    json!({"id": "c", "model": "m", "choices": [{"index": 0, "delta": {}, "finish_reason": word}]})
}

fn usage() -> Value {
    json!({"id": "c", "model": "m", "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}})
}

#[test]
fn text_with_usage_in_the_last_chunk() {
    let chunks = [
        delta(&json!({"role": "assistant", "content": ""})),
        delta(&json!({"content": "Grüß "})),
        delta(&json!({"content": "dich ☃"})),
        finish("stop"),
        usage(),
    ];
    let (reply, pieces) = uncut(&Chat, &(events(&chunks) + "data: [DONE]\n\n"));
    let reply = reply.expect("whole");
    assert_eq!((reply.text.as_str(), &reply.stop), ("Grüß dich ☃", &Stop::Complete));
    assert_eq!(pieces, [Piece::Text("Grüß dich ☃".into())]);
    assert_eq!(reply.usage.and_then(|usage| usage.input), Some(5));
    assert_eq!((reply.model.as_deref(), reply.id.as_deref()), (Some("m"), Some("c")));
}

#[test]
fn parallel_calls_of_functions_interleave() {
    let piece = |index: u64, id: Option<&str>, name: Option<&str>, arguments: &str| {
        let mut call = json!({"index": index, "function": {"arguments": arguments}});
        if let Some(id) = id {
            call["id"] = json!(id);
            call["function"]["name"] = json!(name);
        }
        call
    };
    let calls = |calls: &[Value]| delta(&json!({"tool_calls": calls}));
    let chunks = [
        calls(&[piece(1, Some("b"), Some("g"), "")]),
        calls(&[piece(0, Some("a"), Some("f"), "{\"x\"")]),
        calls(&[piece(1, None, None, "{\"y\":2}"), piece(0, None, None, ":1}")]),
        finish("tool_calls"),
    ];
    let (reply, pieces) = uncut(&Chat, &events(&chunks));
    let reply = reply.expect("whole");
    let call = |id: &str, name: &str, arguments: &str| ToolCall {
        id: id.into(),
        name: name.into(),
        arguments: arguments.into(),
    };
    assert_eq!(reply.tool_calls, [call("a", "f", "{\"x\":1}"), call("b", "g", "{\"y\":2}")]);
    assert_eq!((reply.stop, reply.usage), (Stop::ToolCalls, None));
    assert_eq!(pieces, ["g", "f"].map(|name| Piece::ToolCall { name: name.into() }));
}

#[test]
fn calls_without_or_with_one_index_for_all() {
    let call = |index: Value, id: &str| json!({"index": index, "id": id, "function": {"name": "f", "arguments": id}});
    for index in [json!(0), Value::Null] {
        let chunks = [
            delta(&json!({"tool_calls": [call(index.clone(), "a")]})),
            delta(&json!({"tool_calls": [call(index, "b")]})),
        ];
        let (reply, _) = streamed(&Chat, [(events(&chunks) + "data: [DONE]").as_bytes()]);
        let calls: Vec<_> =
            reply.expect("whole").tool_calls.into_iter().map(|call| call.id + &call.arguments).collect();
        assert_eq!(calls, ["aa", "bb"]);
    }
}

#[test]
fn thoughts_comments_and_an_error_in_the_stream_of_openrouter() {
    let detail = |text: &str| json!({"reasoning": text, "reasoning_details": [{"type": "reasoning.text", "index": 0, "text": text}]});
    let head = ": OPENROUTER PROCESSING\n\n".to_owned()
        + &events(&[delta(&detail("h")), delta(&detail("m")), delta(&json!({"content": "Yes"}))]);
    let whole = head.clone()
        + ": OPENROUTER PROCESSING\r\n\r\n"
        + &events(&[json!({"provider": "Azure", "choices": [
        {"index": 0, "delta": {"content": ""}, "finish_reason": "stop", "native_finish_reason": "completed"}]})]);
    let (reply, pieces) = uncut(&OpenRouter, &whole);
    let reply = reply.expect("whole");
    assert_eq!(pieces, [Piece::Thought("hm".into()), Piece::Text("Yes".into())]);
    assert_eq!(reply.kept, [json!({"reasoning_details": [{"type": "reasoning.text", "index": 0, "text": "hm"}]})]);
    assert_eq!((reply.backend.as_deref(), reply.stop_word.as_deref()), (Some("Azure"), Some("completed")));

    let error = json!({"id": "c", "error": {"code": 502, "message": "Provider disconnected", "metadata": {"provider_name": "Azure"}},
        "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]});
    let (reply, _) = uncut(&OpenRouter, &(head + &events(&[error])));
    let trouble = reply.expect_err("broken");
    assert_eq!((trouble.what, trouble.status), (What::Server, Some(502)));
    assert_eq!(trouble.message, "Provider disconnected (Azure)");
    assert_eq!(trouble.partial.map(|reply| reply.text).as_deref(), Some("Yes"));
}

#[test]
fn a_stream_that_breaks_off_keeps_what_came() {
    let (reply, _) = uncut(&Chat, &events(&[delta(&json!({"content": "Half a"}))]));
    let trouble = reply.expect_err("cut");
    assert_eq!(trouble.what, What::Cut);
    assert_eq!(trouble.partial.map(|reply| (reply.text, reply.usage)), Some(("Half a".to_owned(), None)));
    let (reply, _) = uncut(&Chat, &(events(&[delta(&json!({"content": "Half a"}))]) + "data: {\"choices\": [\n\n"));
    let trouble = reply.expect_err("cut");
    assert_eq!((trouble.what, trouble.partial.is_some()), (What::Decode, true));
    assert_eq!(streamed(&Chat, []).0.expect_err("nothing").what, What::Cut);
}

#[test]
fn a_refusal_in_pieces() {
    let (reply, pieces) =
        uncut(&Chat, &events(&[delta(&json!({"refusal": "I "})), delta(&json!({"refusal": "can't"})), finish("stop")]));
    let reply = reply.expect("whole");
    assert_eq!((reply.refusal.as_deref(), reply.stop), (Some("I can't"), Stop::Refused));
    assert_eq!(pieces, [Piece::Refusal("I ".into()), Piece::Refusal("can't".into())]);
}

#[test]
fn an_answer_in_one_piece_to_a_call_for_a_stream() {
    let whole = json!({"choices": [{"message": {"content": "Hi {}"}, "finish_reason": "stop"}]}).to_string();
    let (reply, pieces) = uncut(&Chat, &(whole + "\n"));
    assert_eq!(reply.expect("whole").text, "Hi {}");
    assert_eq!(pieces, [Piece::Text("Hi {}".into())]);
    let page = streamed(&Chat, ["<html><title>Login</title></html>".as_bytes()]).0.expect_err("a page");
    assert_eq!((page.what, page.message.contains("a page for people: Login")), (What::Decode, true));
    let error = uncut(&Chat, r#"{"error": {"message": "no", "code": "rate_limit_exceeded"}}"#).0.expect_err("an error");
    assert_eq!(error.what, What::RateLimited);
}
