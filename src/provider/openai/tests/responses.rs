use serde_json::{Value, json};

use crate::model::Call;
use crate::model::call::{Answer, Message, Part, Role, Stop, Tool, ToolCall, ToolChoice, ToolResult, What};

use super::super::super::protocol::Wire;
use super::super::Responses;
use super::{answer, body, call, ok, service};

fn sent(call: &Call) -> (String, Vec<String>) {
    let built = Responses.build(call, &service("openai"), false);
    assert_eq!(built.request.url, "https://api.openai.com/v1/responses");
    (body(&built.request).to_owned(), built.notes)
}

#[test]
fn the_plainest_call_and_a_stream() {
    let plain = call("openai/gpt-4o", json!({}));
    let head = r#"{"model":"gpt-4o","input":[{"role":"user","content":"Hi"}],"store":false"#;
    assert_eq!(sent(&plain).0, format!("{head}}}"));
    let built = Responses.build(&plain, &service("openai"), true);
    assert_eq!(
        body(&built.request),
        format!(r#"{head},"stream":true,"stream_options":{{"include_obfuscation":false}}}}"#)
    );
}

#[test]
fn parameters_have_other_names() {
    let params = json!({"max_tokens": 50, "temperature": 0.5, "seed": 1, "stop": ["x"], "verbosity": "low", "metadata": {"a": "b"}});
    let (body, notes) = sent(&call("openai/gpt-4o", params));
    let wanted =
        r#""max_output_tokens":50,"temperature":0.5,"text":{"verbosity":"low"},"metadata":{"a":"b"},"store":false}"#;
    assert!(body.ends_with(wanted), "{body}");
    assert_eq!(
        notes,
        [
            "the Responses interface has no `seed`: `params.seed` (1) is left out",
            "the Responses interface has no `stop`: `params.stop` ([\"x\"]) is left out"
        ]
    );
    let (body, _) =
        sent(&call("openai/o3", json!({"reasoning_effort": "high", "store": true, "reasoning": {"summary": "auto"}})));
    let wanted =
        r#""reasoning":{"effort":"high","summary":"auto"},"store":true,"include":["reasoning.encrypted_content"]}"#;
    assert!(body.ends_with(wanted), "{body}");
}

#[test]
fn a_conversation_is_instructions_and_items() {
    let say = |role: Role, parts: Vec<Part>| Message { role, name: None, parts };
    let thought = json!({"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"});
    let asked = ToolCall { id: "c1".into(), name: "f".into(), arguments: "{}".into() };
    let found = ToolResult { id: "c1".into(), name: "f".into(), content: "42".into(), failed: false };
    let picture = Part::Media { url: "https://x.example/a.jpg".into(), mime: None };
    let paper = Part::Media { url: "data:application/pdf;base64,QUJD".into(), mime: None };
    let messages = vec![
        Message::new(Role::System, "One."),
        Message::new(Role::System, "Two."),
        Message { name: Some("ada".into()), ..say(Role::User, vec![Part::Text("See".into()), picture, paper]) },
        say(
            Role::Assistant,
            vec![
                Part::Kept(thought.clone()),
                Part::Kept(json!({"type": "thinking"})),
                Part::Text("Well".into()),
                Part::ToolCall(asked),
            ],
        ),
        say(Role::Tool, vec![Part::ToolResult(found)]),
        Message::new(Role::System, "Three."),
        Message::new(Role::Developer, "Four."),
    ];
    let (body, notes) = sent(&Call { messages, ..call("openai/gpt-4o", json!({})) });
    let input = json!([
        {"role": "user", "content": [{"type": "input_text", "text": "See"},
            {"type": "input_image", "image_url": "https://x.example/a.jpg", "detail": "auto"},
            {"type": "input_file", "filename": "document.pdf", "file_data": "data:application/pdf;base64,QUJD"}]},
        thought,
        {"role": "assistant", "content": "Well"},
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "42"},
        {"role": "system", "content": "Three."},
        {"role": "developer", "content": "Four."}
    ]);
    assert_eq!(body, format!(r#"{{"model":"gpt-4o","instructions":"One.\n\nTwo.","input":{input},"store":false}}"#));
    assert_eq!(notes, ["the Responses interface has no names of speakers: `name` of a user message is left out"]);
}

#[test]
fn tools_are_flat_and_the_answer_has_a_form() {
    let tool = Tool { name: "f".into(), description: None, parameters: json!({"type": "object"}), strict: None };
    let schema = json!({"type": "object", "properties": {}, "required": []});
    let answer = Answer::Schema { name: "answer".into(), schema, strict: true };
    let tool_choice = ToolChoice::Named("f".into());
    let (body, _) =
        sent(&Call { tools: vec![tool], tool_choice, answer, ..call("openai/gpt-4o", json!({"verbosity": "low"})) });
    let wanted = concat!(
        r#""text":{"verbosity":"low","format":{"type":"json_schema","name":"answer","#,
        r#""schema":{"type":"object","properties":{},"required":[],"additionalProperties":false},"strict":true}},"#,
        r#""tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":false}],"#,
        r#""tool_choice":{"type":"function","name":"f"},"store":false}"#
    );
    assert!(body.ends_with(wanted), "{body}");
}

#[test]
fn tokens_are_counted_without_an_answer() {
    let mut call = call("openai/gpt-4o", json!({"temperature": 0.5, "max_tokens": 5}));
    call.messages.insert(0, Message::new(Role::System, "Be brief."));
    let built = Responses.count(&call, &service("openai")).expect("counts");
    assert_eq!(built.request.url, "https://api.openai.com/v1/responses/input_tokens");
    assert_eq!(
        body(&built.request),
        r#"{"model":"gpt-4o","instructions":"Be brief.","input":[{"role":"user","content":"Hi"}]}"#
    );
    assert_eq!(Responses.parse_count(&ok(json!({"object": "response.input_tokens", "input_tokens": 11}))), Ok(11));
    assert_eq!(Responses.parse_count(&ok("{}")).expect_err("no count").what, What::Decode);
}

#[expect(clippy::needless_pass_by_value, reason = "outputs are written where they are used")]
fn response(status: &str, output: Value) -> Value {
    json!({"id": "resp_1", "object": "response", "status": status, "error": null, "incomplete_details": null, "model": "gpt-5",
        "output": output, "usage": {"input_tokens": 10, "input_tokens_details": {"cached_tokens": 4},
            "output_tokens": 7, "output_tokens_details": {"reasoning_tokens": 3}, "total_tokens": 17}})
}

fn said(text: &str) -> Value {
    json!({"type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
        "content": [{"type": "output_text", "annotations": [], "text": text}]})
}

#[test]
fn an_answer_is_a_list_of_items() {
    let thought = json!({"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "hm"}], "encrypted_content": "x"});
    let asked = json!({"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{\"x\":1}"});
    let search = json!({"type": "web_search_call", "id": "ws_1"});
    let reply =
        Responses.parse(&ok(response("completed", json!([thought, search, said("Yes"), asked])))).expect("reads");
    assert_eq!((reply.text.as_str(), reply.thoughts.as_str(), &reply.stop), ("Yes", "hm", &Stop::ToolCalls));
    assert_eq!(reply.tool_calls, [ToolCall { id: "c1".into(), name: "f".into(), arguments: "{\"x\":1}".into() }]);
    assert_eq!(reply.kept, [thought]);
    assert_eq!((reply.id.as_deref(), reply.model.as_deref()), (Some("resp_1"), Some("gpt-5")));
    let usage = reply.usage.expect("counted");
    assert_eq!((usage.input, usage.cache_read, usage.output, usage.reasoning), (Some(6), 4, Some(7), Some(3)));
}

#[test]
fn how_an_answer_ends() {
    let incomplete = |reason: &str| {
        let mut body = response("incomplete", json!([said("Half")]));
        body["incomplete_details"] = json!({"reason": reason});
        Responses.parse(&ok(body)).expect("reads").stop
    };
    assert_eq!(incomplete("max_output_tokens"), Stop::Length);
    assert_eq!(incomplete("content_filter"), Stop::Refused);
    assert_eq!(incomplete("moon"), Stop::Other("moon".into()));
    let refusal = json!({"type": "message", "content": [{"type": "refusal", "refusal": "I can't."}]});
    let reply = Responses.parse(&ok(response("completed", json!([refusal])))).expect("reads");
    assert_eq!((reply.refusal.as_deref(), reply.stop), (Some("I can't."), Stop::Refused));
}

#[test]
fn an_answer_that_failed_keeps_what_came() {
    let mut body = response("failed", json!([said("Half")]));
    body["error"] = json!({"code": "rate_limit_exceeded", "message": "Slow down"});
    let trouble = Responses.parse(&ok(body)).expect_err("failed");
    assert_eq!((trouble.what, trouble.message.as_str(), trouble.status), (What::RateLimited, "Slow down", Some(200)));
    let partial = trouble.partial.expect("what came");
    assert_eq!((partial.text.as_str(), partial.usage.is_some()), ("Half", true));
    let what = |status: &str| Responses.parse(&ok(response(status, json!([])))).expect_err("none").what;
    assert_eq!([what("failed"), what("cancelled"), what("queued")], [What::Server, What::Cut, What::Decode]);
    let error = json!({"error": {"message": "No", "type": "invalid_request_error", "param": "input", "code": null}});
    let trouble = Responses.parse(&answer(400, &[], error)).expect_err("refused");
    assert_eq!((trouble.what, trouble.param.as_deref()), (What::BadRequest, Some("input")));
}
