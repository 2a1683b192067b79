use crate::model::call::{Piece, Stop, What};

use super::super::super::laws::streamed;
use super::super::Google;

pub const STREAMS: &[&str] = &[PLAIN, CALLS, BLOCKED, LIMITED, LIST, "", "data: {}\n\n"];

const PLAIN: &str = r#"data: {"candidates": [{"content": {"parts": [{"text": "I thi","thought": true}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 10,"totalTokenCount": 10},"modelVersion": "gemini-3-flash","responseId": "aB-1"}

data: {"candidates": [{"content": {"parts": [{"text": "nk.","thought": true}],"role": "model"},"index": 0}],"modelVersion": "gemini-3-flash","responseId": "aB-1"}

data: {"candidates": [{"content": {"parts": [{"text": "Grüß"}],"role": "model"},"index": 0}],"modelVersion": "gemini-3-flash","responseId": "aB-1"}

data: {"candidates": [{"content": {"parts": [{"text": " dich 👋"}],"role": "model"},"index": 0}]}

data: {"candidates": [{"content": {"parts": [{"text": "","thoughtSignature": "c2ln"}],"role": "model"},"finishReason": "STOP","index": 0}],"usageMetadata": {"promptTokenCount": 10,"cachedContentTokenCount": 4,"candidatesTokenCount": 6,"thoughtsTokenCount": 30,"totalTokenCount": 46},"modelVersion": "gemini-3-flash","responseId": "aB-1"}

"#;

const CALLS: &str = "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"search\",\"args\":{\"q\":\"cats\"}},\"thoughtSignature\":\"c2ln\"},{\"functionCall\":{\"name\":\"now\",\"args\":{}}}]},\"index\":0}],\"responseId\":\"xY-2\"}\r\n\r\n\
data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":9,\"totalTokenCount\":12},\"responseId\":\"xY-2\"}\r\n\r\n";

const BLOCKED: &str = r#"data: {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},"usageMetadata": {"promptTokenCount": 8,"totalTokenCount": 8},"modelVersion": "gemini-3-flash"}

"#;

const LIMITED: &str = r#"data: {"candidates": [{"content": {"parts": [{"text": "Half"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 10,"totalTokenCount": 10}}

data: {"error": {"code": 503,"message": "The model is overloaded. Please try again later.","status": "UNAVAILABLE"}}

"#;

/// What comes without `alt=sse`.
const LIST: &str = r#"[{"candidates": [{"content": {"parts": [{"text": "At "}],"role": "model"}}]}
,
{"candidates": [{"content": {"parts": [{"text": "once"}],"role": "model"},"finishReason": "MAX_TOKENS"}]}
]
"#;

fn text(text: &str) -> Piece {
    Piece::Text(text.into())
}

#[test]
fn chunks_become_one_answer() {
    let (reply, pieces) = streamed(&Google, [PLAIN.as_bytes()]);
    let reply = reply.expect("an answer");
    let thought = |words: &str| Piece::Thought(words.into());
    assert_eq!(pieces, [thought("I thi"), thought("nk."), text("Grüß"), text(" dich 👋")]);
    assert_eq!(
        (reply.text.as_str(), reply.thoughts.as_str(), &reply.stop),
        ("Grüß dich 👋", "I think.", &Stop::Complete)
    );
    assert_eq!((reply.id.as_deref(), reply.model.as_deref()), (Some("aB-1"), Some("gemini-3-flash")));
    let usage = reply.usage.expect("it was counted");
    assert_eq!((usage.input, usage.output, usage.reasoning, usage.cache_read), (Some(6), Some(36), Some(30), 4));
    assert_eq!(
        reply.kept[0].to_string(),
        r#"{"google":[{"text":"I think.","thought":true},{"text":"Grüß dich 👋"},{"text":"","thoughtSignature":"c2ln"}]}"#
    );
}

#[test]
fn a_call_ends_with_stop_all_the_same() {
    let (reply, pieces) = streamed(&Google, [CALLS.as_bytes()]);
    let reply = reply.expect("an answer");
    let calls: Vec<_> = reply.tool_calls.iter().map(|call| [&*call.id, &*call.name, &*call.arguments]).collect();
    assert_eq!(calls, [["palc_xY2_0", "search", r#"{"q":"cats"}"#], ["palc_xY2_1", "now", "{}"]]);
    assert_eq!((reply.stop, reply.stop_word.as_deref()), (Stop::ToolCalls, Some("STOP")));
    assert_eq!(pieces, ["search", "now"].map(|name| Piece::ToolCall { name: name.into() }));
}

#[test]
fn a_blocked_prompt_is_a_refusal() {
    let reply = streamed(&Google, [BLOCKED.as_bytes()]).0.expect("an answer");
    assert_eq!(reply.refusal.as_deref(), Some("the prompt was blocked: PROHIBITED_CONTENT"));
    assert_eq!((reply.stop, reply.stop_word.as_deref()), (Stop::Refused, Some("PROHIBITED_CONTENT")));
    assert_eq!(reply.usage.map(|usage| (usage.input, usage.output)), Some((Some(8), Some(0))));
}

#[test]
fn errors_and_cuts_keep_what_had_come() {
    let trouble = streamed(&Google, [LIMITED.as_bytes()]).0.expect_err("it was broken off");
    assert_eq!((trouble.what, trouble.status), (What::Overloaded, Some(503)));
    assert_eq!(trouble.partial.expect("some words").text, "Half");
    let end = PLAIN.rfind("data:").expect("it is there");
    let cut = streamed(&Google, [&PLAIN.as_bytes()[..end + 30]]).0.expect_err("it was cut");
    assert_eq!((cut.what, cut.partial.expect("some words").text.as_str()), (What::Cut, "Grüß dich 👋"));
    assert_eq!(streamed(&Google, []).0.expect_err("nothing came").what, What::Cut);
}

#[test]
fn a_list_is_an_answer_in_one_piece() {
    let (reply, pieces) = streamed(&Google, [LIST.as_bytes()]);
    let reply = reply.expect("an answer");
    assert_eq!((reply.text.as_str(), reply.stop), ("At once", Stop::Length));
    assert_eq!(pieces, [text("At once")]);
}
