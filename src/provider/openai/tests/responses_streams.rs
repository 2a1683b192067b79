use serde_json::{Value, json};

use crate::model::call::{Piece, Stop, ToolCall, What};

use super::super::Responses;
use super::{streamed, uncut};

/// Named events, numbered as the service numbers them.
fn events(all: &[Value]) -> String {
    let mut text = String::new();
    for (number, event) in all.iter().enumerate() {
        let mut event = event.clone();
        event["sequence_number"] = json!(number);
        let name = event["type"].as_str().expect("a type").to_owned();
        text += &format!("event: {name}\ndata: {event}\n\n");
    }
    text
}

fn begun() -> Value {
    json!({"type": "response.created", "response": {"id": "resp_1", "model": "gpt-5", "status": "in_progress", "output": [], "usage": null}})
}

fn delta(kind: &str, text: &str) -> Value {
    json!({"type": format!("response.{kind}.delta"), "output_index": 0, "content_index": 0, "delta": text})
}

fn message(text: &str) -> Value {
    json!({"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": text}]})
}

fn item(word: &str, item: &Value) -> Value {
    json!({"type": format!("response.output_item.{word}"), "output_index": 0, "item": item})
}

fn ended(kind: &str, response: Value) -> Value {
    let mut response = response;
    response["id"] = json!("resp_1");
    response["model"] = json!("gpt-5");
    response["status"] = json!(kind);
    response["usage"] = json!({"input_tokens": 5, "output_tokens": 2, "total_tokens": 7});
    json!({"type": format!("response.{kind}"), "response": response})
}

fn thought() -> Value {
    json!({"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]})
}

#[test]
fn thoughts_text_and_a_call() {
    let asked = json!({"type": "function_call", "call_id": "c1", "name": "f", "arguments": ""});
    let called = json!({"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{\"x\":1}"});
    let whole = ended("completed", json!({"output": [thought(), message("Grüß dich"), called]}));
    let all = [
        begun(),
        json!({"type": "response.in_progress", "response": begun()["response"]}),
        delta("reasoning_summary_text", "h"),
        delta("reasoning_summary_text", "m"),
        item("done", &thought()),
        item("added", &json!({"type": "message", "content": []})),
        delta("output_text", "Grüß "),
        json!({"type": "response.something_new", "delta": "?"}),
        delta("output_text", "dich"),
        json!({"type": "response.output_text.done", "text": "Grüß dich"}),
        item("done", &message("Grüß dich")),
        item("added", &asked),
        delta("function_call_arguments", "{\"x\":1}"),
        item("done", &called),
        whole,
    ];
    let (reply, pieces) = uncut(&Responses, &events(&all));
    let reply = reply.expect("whole");
    let named = Piece::ToolCall { name: "f".into() };
    assert_eq!(pieces, [Piece::Thought("hm".into()), Piece::Text("Grüß dich".into()), named]);
    assert_eq!((reply.text.as_str(), reply.thoughts.as_str(), &reply.stop), ("Grüß dich", "hm", &Stop::ToolCalls));
    assert_eq!(reply.tool_calls, [ToolCall { id: "c1".into(), name: "f".into(), arguments: "{\"x\":1}".into() }]);
    assert_eq!(reply.usage.and_then(|usage| usage.output), Some(2));
}

#[test]
fn the_whole_may_leave_out_what_came_in_pieces() {
    let all =
        [begun(), delta("output_text", "Hi"), item("done", &message("Hi")), ended("completed", json!({"output": []}))];
    let (reply, _) = streamed(&Responses, [(events(&all) + "data: [DONE]\n\n").as_bytes()]);
    assert_eq!(reply.expect("whole").text, "Hi");
}

#[test]
fn an_answer_that_ends_early() {
    let half = ended(
        "incomplete",
        json!({"output": [message("Half")], "incomplete_details": {"reason": "max_output_tokens"}}),
    );
    let (reply, _) = uncut(&Responses, &events(&[begun(), delta("output_text", "Half"), half]));
    let reply = reply.expect("an answer");
    assert_eq!(
        (reply.text.as_str(), reply.stop, reply.stop_word.as_deref()),
        ("Half", Stop::Length, Some("max_output_tokens"))
    );
}

#[test]
fn errors_and_cuts_keep_what_came() {
    let head = [begun(), delta("reasoning_text", "hm"), item("done", &thought()), delta("output_text", "Half a")];
    let ends = [
        (vec![], What::Cut),
        (vec![json!({"type": "error", "code": "server_error", "message": "Oops", "param": null})], What::Server),
        (
            vec![
                json!({"type": "error", "error": {"type": "rate_limit_error", "code": "rate_limit_exceeded", "message": "Slow"}}),
            ],
            What::RateLimited,
        ),
        (
            vec![ended(
                "failed",
                json!({"output": [thought(), message("Half a")], "error": {"code": "server_error", "message": "Oops"}}),
            )],
            What::Server,
        ),
    ];
    for (end, what) in ends {
        let (reply, _) = uncut(&Responses, &events(&[&head[..], &end].concat()));
        let trouble = reply.expect_err("broken");
        let partial = trouble.partial.expect("what came");
        assert_eq!((trouble.what, partial.text.as_str(), partial.thoughts.as_str()), (what, "Half a", "hm"));
        assert_eq!(partial.model.as_deref(), Some("gpt-5"));
    }
    assert_eq!(streamed(&Responses, ["<html>".as_bytes()]).0.expect_err("a page").what, What::Decode);
    let (whole, pieces) = uncut(&Responses, &json!({"status": "completed", "output": [message("Hi")]}).to_string());
    assert_eq!((whole.expect("whole").text.as_str(), pieces.len()), ("Hi", 1));
}
