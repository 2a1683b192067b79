use crate::model::call::{Piece, Stop, What};

use super::super::super::laws::streamed;
use super::super::Ollama;

pub const STREAMS: &[&str] = &[PLAIN, TOOLS, BROKEN, "", "\n\n", "{}", "[]\n", "{\"error\":\"model 'x' not found\"}"];

const PLAIN: &str = r#"{"model":"qwen3:8b","created_at":"2026-11-20T10:00:00.1Z","message":{"role":"assistant","content":"","thinking":"Hm."},"done":false}
{"model":"qwen3:8b","created_at":"2026-11-20T10:00:00.2Z","message":{"role":"assistant","content":"Grüß"},"done":false}
{"model":"qwen3:8b","created_at":"2026-11-20T10:00:00.3Z","message":{"role":"assistant","content":" dich 👋"},"done":false}
{"model":"qwen3:8b","created_at":"2026-11-20T10:00:00.4Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":4883583458,"load_duration":1334875,"prompt_eval_count":26,"prompt_eval_duration":342546000,"eval_count":282,"eval_duration":4535599000}
"#;

const TOOLS: &str = "{\"model\":\"m\",\"created_at\":\"2026-11-20T10:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"search\",\"arguments\":{\"q\":\"cats\"}}}]},\"done\":false}\r\n\
{\"model\":\"m\",\"created_at\":\"2026-11-20T10:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"call_x\",\"function\":{\"index\":1,\"name\":\"now\",\"arguments\":{}}}]},\"done\":false}\r\n\
{\"model\":\"m\",\"created_at\":\"2026-11-20T10:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}";

const BROKEN: &str = r#"{"model":"m","created_at":"x","message":{"role":"assistant","content":"Half"},"done":false}
{"error":"an error was encountered while running the model: unexpected EOF"}
{"model":"m","created_at":"x","message":{"role":"assistant","content":" more"},"done":true}
"#;

#[test]
fn lines_become_one_answer() {
    let (reply, pieces) = streamed(&Ollama, [PLAIN.as_bytes()]);
    let reply = reply.expect("an answer");
    let text = |text: &str| Piece::Text(text.into());
    assert_eq!(pieces, [Piece::Thought("Hm.".into()), text("Grüß"), text(" dich 👋")]);
    assert_eq!((reply.text.as_str(), reply.thoughts.as_str(), &reply.stop), ("Grüß dich 👋", "Hm.", &Stop::Complete));
    let usage = reply.usage.expect("it was counted");
    assert_eq!((usage.input, usage.output), (Some(26), Some(282)));
    assert_eq!(usage.raw.to_string(), r#"{"prompt_eval_count":26,"eval_count":282}"#);
    assert_eq!(reply.model.as_deref(), Some("qwen3:8b"));
}

#[test]
fn calls_come_over_several_lines() {
    let reply = streamed(&Ollama, [TOOLS.as_bytes()]).0.expect("an answer");
    let calls: Vec<_> = reply.tool_calls.iter().map(|call| [&*call.id, &*call.name, &*call.arguments]).collect();
    assert_eq!(calls, [["palc_20261120T100000Z_0", "search", r#"{"q":"cats"}"#], ["call_x", "now", "{}"]]);
    assert_eq!((reply.stop, reply.usage), (Stop::ToolCalls, None));
}

#[test]
fn errors_and_cuts_keep_what_had_come() {
    let broken = streamed(&Ollama, [BROKEN.as_bytes()]).0.expect_err("it was broken off");
    assert_eq!((broken.what, broken.partial.expect("some words").text.as_str()), (What::Server, "Half"));
    assert!(broken.message.contains("unexpected EOF"));
    let end = PLAIN.rfind("{\"model\"").expect("it is there");
    let cut = streamed(&Ollama, [&PLAIN.as_bytes()[..end + 30]]).0.expect_err("it was cut");
    assert_eq!((cut.what, cut.partial.expect("some words").text.as_str()), (What::Cut, "Grüß dich 👋"));
    assert_eq!(streamed(&Ollama, []).0.expect_err("nothing came").what, What::Cut);
    let page = streamed(&Ollama, ["<html>\n".as_bytes()]).0.expect_err("a page");
    assert_eq!(page.what, What::Decode);
}
