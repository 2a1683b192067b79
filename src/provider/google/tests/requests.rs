use serde_json::json;

use crate::model::call::{Answer, Message, Part, Role, Tool, ToolCall, ToolChoice, ToolResult};
use crate::model::{Call, Value};

use super::super::super::laws::{call, question, service};
use super::super::super::protocol::{Built, Wire};
use super::super::Google;

fn built(call: &Call) -> Built {
    Google.build(call, &service("google"), false)
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

const MODEL: &str = "google/gemini-3-flash";
const HI: &str = r#"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]"#;

#[test]
fn the_smallest_request() {
    let built = built(&question(MODEL, &Value::Null));
    let base = "https://generativelanguage.googleapis.com";
    assert_eq!(built.request.url, format!("{base}/v1beta/models/gemini-3-flash:generateContent"));
    assert_eq!(String::from_utf8_lossy(&built.request.body), format!("{HI}}}"));
    assert!(built.notes.is_empty());
    let stream = Google.build(&question(MODEL, &Value::Null), &service("google"), true);
    assert_eq!(stream.request.url, format!("{base}/v1beta/models/gemini-3-flash:streamGenerateContent?alt=sse"));
}

#[test]
fn a_model_stays_one_name_of_the_address() {
    let mut service = service("google");
    service.options.insert("api_version".into(), json!("v1"));
    service.base_url = "https://proxy.example/v1".into();
    let url = |model: &str| {
        let call = Call { model: model.into(), ..question(MODEL, &Value::Null) };
        Google.build(&call, &service, false).request.url
    };
    assert_eq!(url("tunedModels/mine"), "https://proxy.example/v1/tunedModels/mine:generateContent");
    assert_eq!(url("models/gemini-3-pro"), "https://proxy.example/v1/models/gemini-3-pro:generateContent");
    assert_eq!(url("../../x?y=ä"), "https://proxy.example/v1/models/..%2F..%2Fx%3Fy%3D%C3%A4:generateContent");
}

#[test]
fn roles_take_turns() {
    let messages = vec![
        say(Role::System, "Be brief."),
        say(Role::User, "One"),
        say(Role::User, "Two"),
        say(Role::Assistant, "Three"),
        say(Role::Developer, "Hurry."),
        say(Role::User, "Four"),
    ];
    let call = call(MODEL, messages, &Value::Null);
    assert_eq!(
        body(&call),
        r#"{"systemInstruction":{"parts":[{"text":"Be brief.\n\nHurry."}]},"contents":[{"role":"user","parts":[{"text":"One"},{"text":"Two"}]},{"role":"model","parts":[{"text":"Three"}]},{"role":"user","parts":[{"text":"Four"}]}]}"#
    );
    assert_eq!(notes(&call), ["a system message after the first turn is moved to the front"]);
}

#[test]
fn parameters_have_their_names() {
    let params = json!({"max_tokens": 9, "temperature": 0.2, "top_p": 0.9, "top_k": 5, "stop": "END", "seed": 1,
        "frequency_penalty": 0.5, "presence_penalty": 0.1, "responseLogprobs": true, "service_tier": "flex"});
    let call = question(MODEL, &params);
    assert_eq!(
        body(&call),
        format!(
            "{HI}{}",
            r#","generationConfig":{"temperature":0.2,"topP":0.9,"topK":5,"stopSequences":["END"],"seed":1,"frequencyPenalty":0.5,"presencePenalty":0.1,"responseLogprobs":true,"maxOutputTokens":9},"serviceTier":"flex"}"#
        )
    );
    assert!(notes(&call).is_empty());
    let fixed = question("google/gemini-3.6-flash", &json!({"temperature": 0.2, "max_tokens": 9}));
    assert_eq!(body(&fixed), format!("{HI}{}", r#","generationConfig":{"maxOutputTokens":9}}"#));
    assert!(notes(&fixed)[0].contains("takes no `temperature`"));
}

#[test]
fn settings_of_the_service_reach_the_wire() {
    let mut service = service("google");
    let options = json!({"safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"}],
        "service_tier": "priority", "cachedContent": "cachedContents/1", "max_tokens": 100, "api_version": "v1beta"});
    service.options = options.as_object().cloned().expect("a map");
    let built = Google.build(&question(MODEL, &json!({"max_tokens": 900})), &service, false);
    assert_eq!(
        String::from_utf8_lossy(&built.request.body),
        format!(
            "{HI}{}",
            r#","generationConfig":{"maxOutputTokens":100},"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_ONLY_HIGH"}],"serviceTier":"priority","cachedContent":"cachedContents/1"}"#
        )
    );
    assert_eq!(built.notes, ["`max_tokens` is lowered to 100, which is the limit of `google`"]);
}

#[test]
fn thinking_is_told_in_the_words_of_the_model() {
    let config = |model: &str, params: Value| {
        let call = question(model, &params);
        (body(&call).strip_prefix(HI).expect("it begins alike").to_owned(), notes(&call).len())
    };
    let effort = |model: &str, effort: &str| config(model, json!({"reasoning_effort": effort}));
    let level = |level: &str| format!(r#","generationConfig":{{"thinkingConfig":{{"thinkingLevel":"{level}"}}}}}}"#);
    let budget = |budget: u32| format!(r#","generationConfig":{{"thinkingConfig":{{"thinkingBudget":{budget}}}}}}}"#);
    assert_eq!(effort(MODEL, "low"), (level("LOW"), 0));
    assert_eq!(effort(MODEL, "none"), (level("MINIMAL"), 1));
    assert_eq!(effort("google/gemini-2.5-flash", "none"), (budget(0), 1));
    assert_eq!(effort("google/gemini-2.5-pro", "none"), (budget(128), 1));
    assert_eq!(effort("google/gemini-2.5-pro", "medium"), (budget(8192), 1));
    assert_eq!(effort("google/gemini-2.0-flash", "low"), ("}".to_owned(), 1));
    let own = json!({"thinking_budget": 512, "include_thoughts": true, "reasoning_effort": "low"});
    let own = config("google/gemini-2.5-flash", own);
    let wanted = r#","generationConfig":{"thinkingConfig":{"thinkingBudget":512,"includeThoughts":true}}}"#;
    assert_eq!((own.0.as_str(), own.1), (wanted, 1));
}

#[test]
fn an_answer_is_held_to_a_schema() {
    let schema = json!({"type": "object", "properties": {"queue": {"type": "string"}}});
    let ask = |answer: Answer| body(&Call { answer, ..question(MODEL, &Value::Null) });
    assert_eq!(ask(Answer::Json), format!("{HI}{}", r#","generationConfig":{"responseMimeType":"application/json"}}"#));
    assert_eq!(
        ask(Answer::Schema { name: "answer".into(), schema, strict: true }),
        format!(
            "{HI}{}",
            r#","generationConfig":{"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"queue":{"type":"string"}}}}}"#
        )
    );
}

#[test]
fn older_models_call_functions_or_answer_in_json() {
    let call =
        Call { answer: Answer::Json, tools: vec![tool(None)], ..question("google/gemini-2.5-pro", &Value::Null) };
    assert!(!body(&call).contains("generationConfig"));
    assert!(notes(&call)[0].contains("calls no functions when it answers in JSON"));
    assert!(body(&Call { model: "gemini-3-flash".into(), ..call }).contains("responseMimeType"));
}

fn tool(strict: Option<bool>) -> Tool {
    let parameters = json!({"type": "object", "properties": {"q": {"type": "string"}}});
    Tool { name: "search".into(), description: Some("Look it up".into()), parameters, strict }
}

#[test]
fn functions_and_how_they_are_chosen() {
    let with = |tool_choice: ToolChoice, strict: Option<bool>| {
        body(&Call { tools: vec![tool(strict)], tool_choice, ..question(MODEL, &Value::Null) })
    };
    let tools = r#","tools":[{"functionDeclarations":[{"name":"search","description":"Look it up","parametersJsonSchema":{"type":"object","properties":{"q":{"type":"string"}}}}]}]"#;
    assert_eq!(with(ToolChoice::Auto, None), format!("{HI}{tools}}}"));
    let mode = |config: &str| format!(r#"{HI}{tools},"toolConfig":{{"functionCallingConfig":{config}}}}}"#);
    assert_eq!(with(ToolChoice::Auto, Some(true)), mode(r#"{"mode":"VALIDATED"}"#));
    assert_eq!(with(ToolChoice::None, None), mode(r#"{"mode":"NONE"}"#));
    assert_eq!(with(ToolChoice::Required, None), mode(r#"{"mode":"ANY"}"#));
    let named = with(ToolChoice::Named("search".into()), None);
    assert_eq!(named, mode(r#"{"mode":"ANY","allowedFunctionNames":["search"]}"#));
}

/// A turn as an earlier reply gave it, and the results of its two calls, of which the service named one only.
fn loop_of_tools(changed: bool) -> Call {
    let kept = json!({"google": [
        {"text": "I look."},
        {"functionCall": {"name": "search", "args": {"q": "a"}}, "thoughtSignature": "c2ln"},
        {"functionCall": {"id": "f2", "name": "now", "args": {}}}]});
    let call = |id: &str, name: &str, arguments: &str| {
        Part::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() })
    };
    let result = |id: &str, name: &str, content: &str, failed: bool| Message {
        role: Role::Tool,
        name: None,
        parts: vec![Part::ToolResult(ToolResult { id: id.into(), name: name.into(), content: content.into(), failed })],
    };
    let text = if changed { "I looked." } else { "I look." };
    let parts = vec![
        Part::Text(text.into()),
        call("palc_r1_0", "search", r#"{"q":"a"}"#),
        call("f2", "now", "{}"),
        Part::Kept(kept),
    ];
    let messages = vec![
        say(Role::User, "Find it"),
        Message { role: Role::Assistant, name: None, parts },
        result("palc_r1_0", "", "found", false),
        result("f2", "now", "no clock", true),
    ];
    self::call(MODEL, messages, &Value::Null)
}

#[test]
fn signatures_go_back_on_their_parts() {
    assert_eq!(
        body(&loop_of_tools(false)),
        r#"{"contents":[{"role":"user","parts":[{"text":"Find it"}]},{"role":"model","parts":[{"text":"I look."},{"functionCall":{"name":"search","args":{"q":"a"}},"thoughtSignature":"c2ln"},{"functionCall":{"id":"f2","name":"now","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"search","response":{"output":"found"}}},{"functionResponse":{"name":"now","response":{"error":"no clock"},"id":"f2"}}]}]}"#
    );
    let changed = loop_of_tools(true);
    assert!(body(&changed).contains(r#"{"text":"I looked."},{"functionCall":{"name":"search","args":{"q":"a"}}}"#));
    assert_eq!(notes(&changed), ["the words of an earlier answer were changed: its signed thoughts are left out"]);
}

#[test]
fn files_are_said_or_left_out() {
    let file = |url: &str| Part::Media { url: url.into(), mime: None };
    let parts =
        vec![file("data:image/png;base64,QUJD"), file("https://x.org/a.mp3"), file("a.png"), Part::Text("?".into())];
    let call = call(MODEL, vec![Message { role: Role::User, name: None, parts }], &Value::Null);
    assert_eq!(
        body(&call),
        r#"{"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"QUJD"}},{"fileData":{"mimeType":"audio/mp3","fileUri":"https://x.org/a.mp3"}},{"text":"?"}]}]}"#
    );
    assert_eq!(notes(&call), ["the service cannot reach `a.png`: it is left out"]);
}

#[test]
fn vectors_counts_and_lists() {
    let texts = ["a".to_owned(), "b".to_owned()];
    let embed = Google.embed("gemini-embedding-001", &texts, Some(768), &service("google")).expect("it embeds");
    let base = "https://generativelanguage.googleapis.com/v1beta";
    assert_eq!(embed.url, format!("{base}/models/gemini-embedding-001:batchEmbedContents"));
    assert_eq!(
        String::from_utf8_lossy(&embed.body),
        r#"{"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]},"outputDimensionality":768},{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"b"}]},"outputDimensionality":768}]}"#
    );
    let count = Google.count(&question(MODEL, &Value::Null), &service("google")).expect("it counts").request;
    assert_eq!(count.url, format!("{base}/models/gemini-3-flash:countTokens"));
    assert_eq!(
        String::from_utf8_lossy(&count.body),
        r#"{"generateContentRequest":{"model":"models/gemini-3-flash","contents":[{"role":"user","parts":[{"text":"Hi"}]}]}}"#
    );
    assert_eq!(Google.models(&service("google")).url, format!("{base}/models?pageSize=1000"));
}
