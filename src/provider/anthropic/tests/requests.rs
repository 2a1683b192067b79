use serde_json::json;

use crate::base::http::Method;
use crate::model::call::{Answer, Message, Part, Role, Tool, ToolCall, ToolChoice, ToolResult};
use crate::model::{Call, Value};

use super::super::super::laws::{call, question, service};
use super::super::super::protocol::{Built, Wire};
use super::super::Anthropic;

fn built(call: &Call) -> Built {
    Anthropic.build(call, &service("anthropic"), false)
}

fn body(call: &Call) -> String {
    String::from_utf8(built(call).request.body).expect("text")
}

fn notes(call: &Call) -> Vec<String> {
    built(call).notes
}

fn say(role: Role, text: &str) -> Message {
    Message::new(role, text)
}

const OLD: &str = "anthropic/claude-haiku-4-5";
const NEW: &str = "anthropic/claude-sonnet-5";

#[test]
fn the_smallest_request() {
    let built = Anthropic.build(&question(OLD, &json!({"max_tokens": 100})), &service("anthropic"), false);
    let request = built.request;
    assert_eq!((request.method, request.url.as_str()), (Method::Post, "https://api.anthropic.com/v1/messages"));
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(
        headers,
        ["accept: application/json", "content-type: application/json", "anthropic-version: 2023-06-01"]
    );
    assert_eq!(
        String::from_utf8_lossy(&request.body),
        r#"{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}"#
    );
    assert!(built.notes.is_empty());
}

#[test]
fn a_missing_limit_is_said() {
    let call = question(OLD, &Value::Null);
    assert!(body(&call).ends_with(r#""max_tokens":16384}"#));
    assert_eq!(notes(&call), ["the service wants a limit; without `params.max_tokens` it is 16384"]);
    let small = question("anthropic/claude-3-haiku-20240307", &Value::Null);
    assert!(body(&small).ends_with(r#""max_tokens":4096}"#));
    let thinking = question(OLD, &json!({"thinking": {"type": "enabled", "budget_tokens": 20000}}));
    assert!(body(&thinking).contains(r#""max_tokens":36384,"thinking":{"type":"enabled","budget_tokens":20000}"#));
}

#[test]
fn settings_of_the_service_reach_the_wire() {
    let mut service = service("anthropic");
    service.base_url = "https://proxy.example/v1".into();
    service.headers.push(("x-team".into(), "blue".into()));
    let options = json!({"api_version": "2026-10-21", "beta": ["a-1", "b-2"], "max_tokens": 50,
        "service_tier": "standard_only", "metadata": {"user_id": "u"}});
    service.options = options.as_object().cloned().expect("a map");
    let call = question(OLD, &json!({"service_tier": "auto", "max_tokens": 900}));
    let built = Anthropic.build(&call, &service, true);
    assert_eq!(built.request.url, "https://proxy.example/v1/messages");
    let header =
        |name: &str| built.request.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!((header("anthropic-version"), header("anthropic-beta")), (Some("2026-10-21"), Some("a-1,b-2")));
    assert_eq!((header("x-team"), header("accept")), (Some("blue"), Some("text/event-stream")));
    assert_eq!(
        String::from_utf8_lossy(&built.request.body),
        r#"{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":50,"service_tier":"auto","metadata":{"user_id":"u"},"stream":true}"#
    );
    assert_eq!(built.notes, ["`max_tokens` is lowered to 50, which is the limit of `anthropic`"]);
}

#[test]
fn roles_take_turns() {
    let messages = vec![
        say(Role::System, "Be brief."),
        say(Role::User, "One"),
        say(Role::User, "Two"),
        say(Role::Assistant, "Three"),
        say(Role::Assistant, "  "),
        say(Role::User, "Four"),
        say(Role::Developer, "Hurry."),
    ];
    let call = call(OLD, messages, &json!({"max_tokens": 9}));
    assert_eq!(
        body(&call),
        r#"{"model":"claude-haiku-4-5","system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Hurry."}],"messages":[{"role":"user","content":[{"type":"text","text":"One"},{"type":"text","text":"Two"}]},{"role":"assistant","content":"Three"},{"role":"user","content":"Four"}],"max_tokens":9}"#
    );
    assert_eq!(
        notes(&call),
        [
            "an empty message of the role `assistant` is left out",
            "a system message after the first turn is moved to the front"
        ]
    );
}

#[test]
fn parameters_have_their_names_or_are_said() {
    let params = json!({"max_tokens": 9, "temperature": 0.2, "top_p": 0.9, "top_k": 5, "stop": "END", "seed": 1, "speed": "fast"});
    let older = question(OLD, &params);
    assert!(
        body(&older)
            .ends_with(r#""max_tokens":9,"temperature":0.2,"top_k":5,"stop_sequences":["END"],"speed":"fast"}"#)
    );
    assert_eq!(
        notes(&older),
        [
            "anthropic/claude-haiku-4-5 takes no `seed`: `params.seed` (1) is left out",
            "anthropic/claude-haiku-4-5 takes `temperature` or `top_p`: `params.top_p` is left out"
        ]
    );
    let newer = question(NEW, &params);
    assert!(body(&newer).ends_with(r#""max_tokens":9,"stop_sequences":["END"],"speed":"fast"}"#));
    assert_eq!(notes(&newer).len(), 4);
    assert!(notes(&newer)[0].contains("takes no `temperature`"));
    let oldest = question("anthropic/claude-3-5-sonnet-latest", &params);
    assert!(body(&oldest).contains(r#""temperature":0.2,"top_p":0.9,"top_k":5"#));
}

#[test]
fn the_newer_version_of_the_language_knows_no_sampling() {
    let mut service = service("anthropic");
    service.options.insert("api_version".into(), json!("2026-10-21"));
    let built =
        Anthropic.build(&question(OLD, &json!({"max_tokens": 9, "temperature": 0.2, "top_k": 5})), &service, false);
    assert!(built.request.body.ends_with(br#""max_tokens":9}"#));
    assert_eq!(built.notes.len(), 2);
}

#[test]
fn effort_is_said_where_it_is_known() {
    let effort = |model: &str, effort: &str| question(model, &json!({"max_tokens": 9, "reasoning_effort": effort}));
    assert!(body(&effort(NEW, "xhigh")).ends_with(r#""max_tokens":9,"output_config":{"effort":"xhigh"}}"#));
    assert!(body(&effort(NEW, "none")).ends_with(r#""max_tokens":9,"thinking":{"type":"disabled"}}"#));
    assert!(body(&effort(NEW, "minimal")).ends_with(r#""output_config":{"effort":"low"}}"#));
    assert_eq!(notes(&effort(NEW, "minimal")).len(), 1);
    assert!(body(&effort(OLD, "high")).ends_with(r#""max_tokens":9}"#));
    assert_eq!(notes(&effort(OLD, "high")).len(), 1);
}

#[test]
fn an_answer_is_held_to_a_schema() {
    let schema = json!({"type": "object", "properties": {"queue": {"type": "string"}}, "required": ["queue"]});
    let answer = Answer::Schema { name: "answer".into(), schema, strict: true };
    let ask = |model: &str, answer: &Answer| {
        let params = json!({"max_tokens": 9, "reasoning_effort": "low"});
        Call { answer: answer.clone(), ..question(model, &params) }
    };
    assert!(body(&ask(NEW, &answer)).ends_with(
        r#""output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object","properties":{"queue":{"type":"string"}},"required":["queue"],"additionalProperties":false}}}}"#
    ));
    let old = ask("anthropic/claude-3-5-haiku-latest", &answer);
    assert!(!body(&old).contains("output_config"));
    assert!(notes(&old).iter().any(|note| note.contains("takes no schema")));
    assert!(notes(&ask(NEW, &Answer::Json))[0].contains("no JSON without a schema"));
}

fn tools() -> Vec<Tool> {
    let parameters = json!({"type": "object", "properties": {"q": {"type": "string"}}});
    vec![
        Tool { name: "search".into(), description: Some("Look it up".into()), parameters, strict: Some(true) },
        Tool { name: "now".into(), description: None, parameters: json!({"type": "object"}), strict: None },
    ]
}

#[test]
fn tools_and_how_they_are_chosen() {
    let with = |tool_choice: ToolChoice, params: Value| Call { tools: tools(), tool_choice, ..question(OLD, &params) };
    let limit = json!({"max_tokens": 9});
    assert!(body(&with(ToolChoice::Auto, limit.clone())).ends_with(
        r#""max_tokens":9,"tools":[{"name":"search","description":"Look it up","input_schema":{"type":"object","properties":{"q":{"type":"string"}}},"strict":true},{"name":"now","input_schema":{"type":"object"}}]}"#
    ));
    let ends = |choice: ToolChoice, end: &str| assert!(body(&with(choice, limit.clone())).ends_with(end), "{end}");
    ends(ToolChoice::None, r#","tool_choice":{"type":"none"}}"#);
    ends(ToolChoice::Required, r#","tool_choice":{"type":"any"}}"#);
    ends(ToolChoice::Named("now".into()), r#","tool_choice":{"type":"tool","name":"now"}}"#);
    let one = json!({"max_tokens": 9, "parallel_tool_calls": false});
    let one = body(&with(ToolChoice::Auto, one));
    assert!(one.ends_with(r#","tool_choice":{"type":"auto","disable_parallel_tool_use":true}}"#));
}

/// A turn with thoughts, as an earlier reply gave it, and the results of its two calls.
fn loop_of_tools(changed: bool) -> Call {
    let kept = json!({"anthropic": [
        {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"},
        {"type": "text", "text": "I look."},
        {"type": "thinking", "thinking": "Two.", "signature": "dHdv"},
        {"type": "tool_use", "id": "toolu_1", "name": "search", "input": {"q": "a"}},
        {"type": "tool_use", "id": "toolu_2", "name": "now", "input": {}}]});
    let call = |id: &str, name: &str, arguments: &str| {
        Part::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() })
    };
    let result = |id: &str, content: &str, failed: bool| Message {
        role: Role::Tool,
        name: None,
        parts: vec![Part::ToolResult(ToolResult {
            id: id.into(),
            name: String::new(),
            content: content.into(),
            failed,
        })],
    };
    let text = if changed { "I looked." } else { "I look." };
    let parts = vec![
        Part::Kept(kept),
        Part::Text(text.into()),
        call("toolu_1", "search", r#"{"q":"a"}"#),
        call("toolu_2", "now", "{}"),
    ];
    let messages = vec![
        say(Role::User, "Find it"),
        Message { role: Role::Assistant, name: None, parts },
        say(Role::User, "Quick!"),
        result("toolu_1", "found", false),
        result("toolu_2", "no clock", true),
    ];
    self::call(OLD, messages, &json!({"max_tokens": 9}))
}

#[test]
fn thoughts_go_back_exactly_where_they_stood() {
    assert_eq!(
        body(&loop_of_tools(false)),
        r#"{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Find it"},{"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"c2ln"},{"type":"text","text":"I look."},{"type":"thinking","thinking":"Two.","signature":"dHdv"},{"type":"tool_use","id":"toolu_1","name":"search","input":{"q":"a"}},{"type":"tool_use","id":"toolu_2","name":"now","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"found"},{"type":"tool_result","tool_use_id":"toolu_2","content":"no clock","is_error":true},{"type":"text","text":"Quick!"}]}],"max_tokens":9}"#
    );
    assert!(body(&loop_of_tools(true)).contains(
        r#"[{"type":"thinking","thinking":"Hm.","signature":"c2ln"},{"type":"thinking","thinking":"Two.","signature":"dHdv"},{"type":"text","text":"I looked."},{"type":"tool_use""#
    ));
}

#[test]
fn what_others_kept_and_what_is_no_json_is_said() {
    let parts = vec![
        Part::Kept(json!({"google": []})),
        Part::ToolCall(ToolCall { id: "c1".into(), name: "grep".into(), arguments: "a b".into() }),
    ];
    let call = call(
        OLD,
        vec![say(Role::User, "x"), Message { role: Role::Assistant, name: None, parts }],
        &json!({"max_tokens": 9}),
    );
    assert!(body(&call).contains(r#"{"type":"tool_use","id":"c1","name":"grep","input":{"arguments":"a b"}}"#));
    assert_eq!(
        notes(&call),
        [
            "what another service kept of its answer is left out",
            "the call of `grep` has no JSON object; what it has is sent as `arguments`"
        ]
    );
}

#[test]
fn files_are_said_or_left_out() {
    let file = |url: &str, mime: Option<&str>| Part::Media { url: url.into(), mime: mime.map(str::to_owned) };
    let parts = vec![
        file("data:image/png;base64,QUJD", None),
        file("https://x.org/a.pdf", None),
        file("https://x.org/a.mp3", None),
        file("notes/a.png", None),
        Part::Text("What is it?".into()),
    ];
    let call =
        call(OLD, vec![Message { role: Role::User, name: Some("ada".into()), parts }], &json!({"max_tokens": 9}));
    assert!(body(&call).contains(
        r#""content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}},{"type":"document","source":{"type":"url","url":"https://x.org/a.pdf"}},{"type":"text","text":"What is it?"}]"#
    ));
    assert_eq!(
        notes(&call),
        [
            "the service knows no names of messages: they are left out",
            "the service takes pictures and PDF files: a file of the type audio/mp3 is left out",
            "the service cannot reach `notes/a.png`: it is left out"
        ]
    );
}

#[test]
fn the_start_of_an_answer_is_given_where_it_is_taken() {
    let messages = || vec![say(Role::User, "List"), say(Role::Assistant, "[ ")];
    let older = call(OLD, messages(), &json!({"max_tokens": 9}));
    assert!(body(&older).contains(r#"{"role":"assistant","content":"["}"#));
    assert_eq!(notes(&older), ["white space at the end of the start of the answer is left out"]);
    let newer = call(NEW, messages(), &json!({"max_tokens": 9}));
    assert!(!body(&newer).contains("assistant"));
    assert!(notes(&newer)[0].contains("does not go on with a given start"));
}

#[test]
fn counting_and_listing() {
    let call = Call { tools: tools(), ..question(OLD, &json!({"temperature": 1, "stop": "x"})) };
    let built = Anthropic.count(&call, &service("anthropic")).expect("it counts");
    assert_eq!(built.request.url, "https://api.anthropic.com/v1/messages/count_tokens");
    let body: Value = serde_json::from_slice(&built.request.body).expect("JSON");
    assert_eq!(
        body.as_object().map(|body| body.keys().map(String::as_str).collect()),
        Some(vec!["model", "messages", "tools"])
    );
    assert!(built.notes.is_empty(), "{:?}", built.notes);
    assert_eq!(Anthropic.models(&service("anthropic")).url, "https://api.anthropic.com/v1/models?limit=1000");
    assert_eq!(Anthropic.embed("m", &[], None, &service("anthropic")), None);
}
