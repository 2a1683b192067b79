use serde_json::json;

use crate::base::http::Response;
use crate::model::call::{Stop, What};
use crate::model::{Reply, Value};

use super::super::super::protocol::Wire;
use super::super::Ollama;

fn response(status: u16, body: &Value) -> Response {
    Response { status, headers: Vec::new(), body: body.to_string().into_bytes() }
}

fn answer(message: &Value, more: &Value) -> Reply {
    let mut body = json!({"model": "llama3.2", "created_at": "2026-11-20T10:00:00Z", "message": message, "done": true});
    body.as_object_mut().expect("a map").extend(more.as_object().cloned().expect("a map"));
    Ollama.parse(&response(200, &body)).expect("an answer")
}

#[test]
fn a_count_that_is_missing_is_not_known() {
    let said = json!({"role": "assistant", "content": "Hi"});
    let usage = |more: Value| answer(&said, &more).usage;
    assert_eq!(usage(json!({"total_duration": 5})), None);
    let cached = usage(json!({"eval_count": 7})).expect("one side");
    assert_eq!((cached.input, cached.output), (None, Some(7)));
}

#[test]
fn every_end_has_its_word() {
    let said = json!({"role": "assistant", "content": "Hi"});
    let stop = |word: &str| answer(&said, &json!({"done_reason": word})).stop;
    assert_eq!(
        [stop("stop"), stop("length"), stop("load")],
        [Stop::Complete, Stop::Length, Stop::Other("load".into())]
    );
    let calls = json!({"role": "assistant", "content": "", "thinking": "Hm.",
        "tool_calls": [{"function": {"name": "search", "arguments": {"q": "a"}}}]});
    let reply = answer(&calls, &json!({"done_reason": "stop"}));
    assert_eq!((reply.stop, reply.tool_calls[0].arguments.as_str()), (Stop::ToolCalls, r#"{"q":"a"}"#));
    assert_eq!(reply.kept, [json!({"ollama": {"thinking": "Hm."}})]);
}

#[test]
fn errors_have_their_meaning() {
    let what = |status: u16, message: &str| {
        let trouble = Ollama.parse(&response(status, &json!({"error": message}))).expect_err("an error");
        assert_eq!(trouble.message, message);
        trouble.what
    };
    assert_eq!(what(404, "model 'x' not found"), What::NotFound);
    assert_eq!(what(400, "\"gemma3:1b\" does not support tools"), What::BadRequest);
    assert_eq!(what(400, "invalid options: temperature must be of type float32"), What::BadRequest);
    assert_eq!(what(400, "the input length exceeds the context length"), What::ContextLength);
    assert_eq!(what(503, "server busy, please try again.  maximum pending requests exceeded"), What::Overloaded);
    assert_eq!(what(500, "model runner has unexpectedly stopped"), What::Server);
    assert_eq!(what(401, "unauthorized"), What::Auth);
    assert_eq!(what(429, "you have reached your weekly usage limit"), What::Quota);
    assert_eq!(what(200, "late"), What::Server);
}

#[test]
fn vectors_and_models() {
    let vectors = json!({"model": "all-minilm", "embeddings": [[0.5, -1], [1e-3, 2]], "prompt_eval_count": 8});
    let read = Ollama.parse_embeddings(&response(200, &vectors)).expect("vectors");
    assert_eq!((read.vectors, read.tokens), (vec![vec![0.5, -1.0], vec![0.001, 2.0]], Some(8)));
    let list = json!({"models": [{"name": "qwen3:8b", "model": "qwen3:8b", "digest": "500a1f067a9f",
        "details": {"family": "qwen3", "parameter_size": "8.2B"}}]});
    let models = Ollama.parse_models(&response(200, &list)).expect("a list");
    assert_eq!((models[0].name.as_str(), models[0].title.as_deref()), ("qwen3:8b", Some("8.2B parameters")));
    assert_eq!(models[0].raw["digest"], "500a1f067a9f");
}
