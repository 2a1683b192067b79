use std::collections::HashSet;

use crate::model::call::{Piece, Stop, What};

use super::super::super::laws::streamed;
use super::super::super::protocol::Wire;
use super::super::Anthropic;

pub const STREAMS: &[&str] =
    &[PLAIN, THINKING, TOOLS, OVERLOADED, CUT, WHOLE, REFUSED, "", "event: ping\ndata: {}\n\n"];

const PLAIN: &str = r#"event: message_start
data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-haiku-4-5-20251001","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":11,"cache_creation_input_tokens":0,"cache_read_input_tokens":3,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüß"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" dich 👋"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: something_new
data: {"type":"something_new","index":{}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}

event: message_stop
data: {"type":"message_stop"}

"#;

const THINKING: &str = r#"event: message_start
data: {"type":"message_start","message":{"id":"msg_2","type":"message","role":"assistant","content":[],"model":"claude-sonnet-5","stop_reason":null,"usage":{"input_tokens":20,"output_tokens":2}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":" see."}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB+sig=="}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"ZW5j"}}

event: content_block_start
data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":"27"}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"input_tokens":20,"output_tokens":40,"output_tokens_details":{"thinking_tokens":33}}}

event: message_stop
data: {"type":"message_stop"}
"#;

/// Two calls at once, the second with nothing to be called with, between carriage returns.
const TOOLS: &str = "event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_3\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\r\n\r\n\
event: content_block_start\r\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"search\",\"input\":{}}}\r\n\r\n\
event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\"}}\r\n\r\n\
event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"q\\\": \\\"ca\"}}\r\n\r\n\
event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"ts\\\"}\"}}\r\n\r\n\
event: content_block_start\r\ndata: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_2\",\"name\":\"now\",\"input\":{}}}\r\n\r\n\
event: message_delta\r\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":30}}\r\n\r\n\
event: message_stop\r\ndata: {\"type\":\"message_stop\"}\r\n\r\n";

const OVERLOADED: &str = r#"event: message_start
data: {"type":"message_start","message":{"id":"msg_4","model":"m","content":[],"usage":{"input_tokens":7,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Half"}}

event: error
data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_9"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" more"}}

"#;

const CUT: &str = r#"event: message_start
data: {"type":"message_start","message":{"id":"msg_5","model":"m","content":[],"usage":{"input_tokens":7,"output_tokens":1}}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Half"}}

event: content_block_delta
data: {"type":"content_blo"#;

const WHOLE: &str = r#"{"id":"msg_6","type":"message","model":"m","content":[{"type":"text","text":"At once"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}}
"#;

const REFUSED: &str = r#"event: message_start
data: {"type":"message_start","message":{"id":"msg_7","model":"m","content":[],"usage":{"input_tokens":7,"output_tokens":1}}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"type":"refusal","category":"bio","explanation":null}},"usage":{"output_tokens":4}}

event: message_stop
data: {"type":"message_stop"}

"#;

fn text(text: &str) -> Piece {
    Piece::Text(text.into())
}

#[test]
fn words_come_as_they_are_said_and_the_last_counts_hold() {
    let (reply, pieces) = streamed(&Anthropic, [PLAIN.as_bytes()]);
    let reply = reply.expect("an answer");
    assert_eq!(pieces, [text("Grüß"), text(" dich 👋")]);
    assert_eq!((reply.text.as_str(), reply.stop, reply.kept.len()), ("Grüß dich 👋", Stop::Complete, 0));
    let usage = reply.usage.expect("it was counted");
    assert_eq!((usage.input, usage.output, usage.cache_read), (Some(11), Some(15), 3));
    assert_eq!((reply.id.as_deref(), reply.model.as_deref()), (Some("msg_1"), Some("claude-haiku-4-5-20251001")));
}

#[test]
fn thoughts_are_kept_with_their_signature() {
    let (reply, pieces) = streamed(&Anthropic, [THINKING.as_bytes()]);
    let reply = reply.expect("an answer");
    assert_eq!(pieces, [Piece::Thought("Let me".into()), Piece::Thought(" see.".into()), text("27")]);
    assert_eq!((reply.thoughts.as_str(), reply.text.as_str(), reply.stop), ("Let me see.", "27", Stop::Length));
    assert_eq!(
        reply.kept[0].to_string(),
        r#"{"anthropic":[{"type":"thinking","thinking":"Let me see.","signature":"EqQB+sig=="},{"type":"redacted_thinking","data":"ZW5j"},{"type":"text","text":"27"}]}"#
    );
    assert_eq!(reply.usage.and_then(|usage| usage.reasoning), Some(33));
}

#[test]
fn calls_of_functions_are_put_together() {
    let (reply, pieces) = streamed(&Anthropic, [TOOLS.as_bytes()]);
    let reply = reply.expect("an answer");
    let calls: Vec<_> = reply.tool_calls.iter().map(|call| [&*call.id, &*call.name, &*call.arguments]).collect();
    assert_eq!(calls, [["toolu_1", "search", r#"{"q":"cats"}"#], ["toolu_2", "now", "{}"]]);
    assert_eq!(reply.stop, Stop::ToolCalls);
    assert_eq!(pieces, ["search", "now"].map(|name| Piece::ToolCall { name: name.into() }));
}

#[test]
fn an_error_in_the_middle_keeps_what_had_come() {
    let (trouble, pieces) = streamed(&Anthropic, [OVERLOADED.as_bytes()]);
    let trouble = trouble.expect_err("it was broken off");
    assert_eq!((trouble.what, trouble.message.as_str()), (What::Overloaded, "Overloaded"));
    assert_eq!((trouble.code.as_deref(), trouble.request_id.as_deref()), (Some("overloaded_error"), Some("req_9")));
    let partial = trouble.partial.expect("some words");
    let usage = partial.usage.expect("what went in");
    assert_eq!((partial.text.as_str(), usage.input, usage.output), ("Half", Some(7), None));
    assert_eq!(pieces, [text("Half")]);
}

#[test]
fn an_end_before_the_end_is_told() {
    let cut = streamed(&Anthropic, [CUT.as_bytes()]).0.expect_err("it was cut");
    assert_eq!((cut.what, cut.partial.expect("some words").text.as_str()), (What::Cut, "Half"));
    let events: HashSet<usize> = PLAIN.match_indices("\n\n").map(|(at, _)| at + 2).collect();
    let end = PLAIN.find("event: message_delta").expect("it is there");
    for at in events.into_iter().filter(|at| *at <= end) {
        let cut = streamed(&Anthropic, [&PLAIN.as_bytes()[..at]]).0.expect_err("it was cut");
        assert_eq!(cut.what, What::Cut);
    }
    assert_eq!(streamed(&Anthropic, []).0.expect_err("nothing came").what, What::Cut);
}

#[test]
fn an_answer_in_one_piece_is_an_answer() {
    let (reply, pieces) = streamed(&Anthropic, [WHOLE.as_bytes()]);
    assert_eq!(reply.expect("an answer").text, "At once");
    assert_eq!(pieces, [text("At once")]);
    let page = streamed(&Anthropic, ["<html><title>Sign in</title></html>".as_bytes()]).0.expect_err("a page");
    assert_eq!(page.what, What::Decode);
    assert!(page.message.contains("Sign in"), "{}", page.message);
}

#[test]
fn a_refusal_is_an_answer() {
    let reply = streamed(&Anthropic, [REFUSED.as_bytes()]).0.expect("an answer");
    assert_eq!((reply.stop, reply.refusal.as_deref()), (Stop::Refused, Some("refused: bio")));
    assert!(Anthropic.auth().0 == "x-api-key");
}
