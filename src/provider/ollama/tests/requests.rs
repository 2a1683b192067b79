use serde_json::json;

use crate::model::call::{Answer, Message, Part, Role, Tool, ToolCall, ToolChoice, ToolResult};
use crate::model::{Call, Value};

use super::super::super::laws::{call, question, service};
use super::super::super::protocol::{Built, Wire};
use super::super::Ollama;

fn built(call: &Call) -> Built {
    Ollama.build(call, &service("ollama"), false)
}

fn body(call: &Call) -> String {
    String::from_utf8(built(call).request.body).expect("text")
}

fn notes(call: &Call) -> Vec<String> {
    built(call).notes
}

const MODEL: &str = "ollama/qwen3:8b";
const HI: &str = r#"{"model":"qwen3:8b","messages":[{"role":"user","content":"Hi"}],"stream":false"#;

#[test]
fn the_smallest_request() {
    let built = built(&question(MODEL, &Value::Null));
    assert_eq!(built.request.url, "http://localhost:11434/api/chat");
    assert_eq!(String::from_utf8_lossy(&built.request.body), format!("{HI}}}"));
    let stream = Ollama.build(&question(MODEL, &Value::Null), &service("ollama"), true);
    assert!(String::from_utf8_lossy(&stream.request.body).ends_with(r#""stream":true}"#));
}

#[test]
fn parameters_are_options_of_the_run() {
    let mut service = service("ollama");
    let options = json!({"keep_alive": "10m", "num_ctx": 8192, "temperature": 1, "max_tokens": 500});
    service.options = options.as_object().cloned().expect("a map");
    let params = json!({"max_tokens": 9, "temperature": 0.2, "top_k": 5, "seed": 1, "stop": "END", "min_p": 0.1,
        "frequency_penalty": 0.5, "reasoning_effort": "minimal", "parallel_tool_calls": true});
    let call = Call { tools: vec![tool("now")], ..question(MODEL, &params) };
    let built = Ollama.build(&call, &service, false);
    assert_eq!(
        String::from_utf8_lossy(&built.request.body),
        format!(
            "{HI}{}",
            r#","tools":[{"type":"function","function":{"name":"now","parameters":{"type":"object"}}}],"keep_alive":"10m","think":"low","options":{"temperature":0.2,"top_k":5,"seed":1,"stop":["END"],"min_p":0.1,"frequency_penalty":0.5,"num_predict":9,"num_ctx":8192}}"#
        )
    );
    assert_eq!(
        built.notes,
        [
            "the service has no such choice: `params.parallel_tool_calls` is left out",
            "the service knows no `reasoning_effort` of `minimal`: it is said as low"
        ]
    );
}

#[test]
fn an_answer_has_its_form() {
    let schema = json!({"type": "object"});
    let ask = |answer: Answer| body(&Call { answer, ..question(MODEL, &Value::Null) });
    assert_eq!(ask(Answer::Json), format!("{HI}{}", r#","format":"json"}"#));
    let held = ask(Answer::Schema { name: "answer".into(), schema, strict: true });
    assert_eq!(held, format!("{HI}{}", r#","format":{"type":"object"}}"#));
    let quiet = body(&question(MODEL, &json!({"reasoning_effort": "none"})));
    assert_eq!(quiet, format!("{HI}{}", r#","think":false}"#));
}

fn tool(name: &str) -> Tool {
    Tool { name: name.into(), description: None, parameters: json!({"type": "object"}), strict: None }
}

#[test]
fn functions_are_offered() {
    let with = |tool_choice: ToolChoice| Call {
        tools: vec![tool("search"), tool("now")],
        tool_choice,
        ..question(MODEL, &Value::Null)
    };
    assert_eq!(body(&with(ToolChoice::None)), format!("{HI}}}"));
    assert_eq!(body(&with(ToolChoice::Required)), body(&with(ToolChoice::Auto)));
    assert_eq!(notes(&with(ToolChoice::Required)).len(), 1);
    let named = with(ToolChoice::Named("now".into()));
    let now = r#","tools":[{"type":"function","function":{"name":"now","parameters":{"type":"object"}}}]}"#;
    assert_eq!((body(&named), notes(&named).len()), (format!("{HI}{now}"), 1));
}

#[test]
fn messages_in_the_words_of_the_server() {
    let file = |url: &str| Part::Media { url: url.into(), mime: None };
    let part = |role: Role, parts: Vec<Part>| Message { role, name: None, parts };
    let call_of =
        |id: &str| Part::ToolCall(ToolCall { id: id.into(), name: "now".into(), arguments: "{\"a\":1}".into() });
    let result = |id: &str| {
        Part::ToolResult(ToolResult { id: id.into(), name: "now".into(), content: "noon".into(), failed: false })
    };
    let messages = vec![
        Message::new(Role::Developer, "Be brief."),
        part(Role::User, vec![file("data:image/png;base64,QUJD"), file("https://x.org/a.png"), Part::Text("?".into())]),
        part(Role::Assistant, vec![Part::Kept(json!({"ollama": {"thinking": "Hm."}})), call_of("palc_x_0")]),
        part(Role::Tool, vec![result("palc_x_0")]),
        part(Role::Assistant, vec![Part::Kept(json!({"google": []})), call_of("call_x")]),
        part(Role::Tool, vec![result("call_x")]),
    ];
    let call = call(MODEL, messages, &Value::Null);
    assert_eq!(
        body(&call),
        r#"{"model":"qwen3:8b","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"?","images":["QUJD"]},{"role":"assistant","content":"","thinking":"Hm.","tool_calls":[{"function":{"name":"now","arguments":{"a":1}}}]},{"role":"tool","content":"noon","tool_name":"now"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"now","arguments":{"a":1}},"id":"call_x"}]},{"role":"tool","content":"noon","tool_name":"now","tool_call_id":"call_x"}],"stream":false}"#
    );
    assert_eq!(
        notes(&call),
        [
            "the service fetches nothing: `https://x.org/a.png` is left out",
            "what another service kept of its answer is left out"
        ]
    );
}

#[test]
fn a_long_prompt_needs_a_wide_context() {
    let long = |params: Value| call(MODEL, vec![Message::new(Role::User, "word ".repeat(5000))], &params);
    assert_eq!(notes(&long(Value::Null)).len(), 1);
    assert!(notes(&long(json!({"num_ctx": 32768}))).is_empty());
}

#[test]
fn vectors_and_lists() {
    let embed = Ollama.embed("all-minilm", &["a".to_owned()], Some(128), &service("ollama")).expect("it embeds");
    assert_eq!(embed.url, "http://localhost:11434/api/embed");
    assert_eq!(String::from_utf8_lossy(&embed.body), r#"{"model":"all-minilm","input":["a"],"dimensions":128}"#);
    assert_eq!(Ollama.models(&service("ollama")).url, "http://localhost:11434/api/tags");
    assert_eq!(Ollama.count(&question(MODEL, &Value::Null), &service("ollama")), None);
}
