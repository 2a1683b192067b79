use serde_json::{Value, json};

use crate::model::Call;
use crate::model::call::{Answer, Message, Part, Role, Tool, ToolCall, ToolChoice, ToolResult};

use super::super::super::protocol::Wire;
use super::super::super::service::Service;
use super::super::{Chat, OpenRouter};
use super::{body, call, service};

fn sent(call: &Call) -> (String, Vec<String>) {
    let built = Chat.build(call, &service(&call.service), false);
    (body(&built.request).to_owned(), built.notes)
}

fn tool() -> Tool {
    let parameters = json!({"type": "object", "properties": {"q": {"type": "string"}}});
    Tool { name: "search".into(), description: Some("Look it up".into()), parameters, strict: Some(true) }
}

#[test]
fn the_plainest_call() {
    let built = Chat.build(&call("openai/gpt-4o-mini", json!({})), &service("openai"), false);
    assert_eq!(built.request.url, "https://api.openai.com/v1/chat/completions");
    let headers = [("accept", "application/json"), ("content-type", "application/json")];
    assert_eq!(built.request.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(body(&built.request), r#"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}"#);
}

#[test]
fn a_stream_is_asked_for_its_usage() {
    let sent = |name: &str| {
        let built = Chat.build(&call(&format!("{name}/m"), json!({})), &service(name), true);
        assert_eq!(built.request.headers[0].1, "text/event-stream");
        body(&built.request).split_once("],").expect("a body").1.to_owned()
    };
    assert_eq!(sent("openai"), r#""stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}}"#);
    assert_eq!(sent("xai"), r#""stream":true,"stream_options":{"include_usage":true}}"#);
    assert_eq!(sent("mistral"), r#""stream":true}"#);
}

#[test]
fn parameters_have_the_names_of_their_service() {
    let params = json!({"temperature": 0.2, "max_tokens": 200, "top_k": 5, "seed": 1, "stop": "END", "custom": [1],
        "top_p": null, "stream": true, "parallel_tool_calls": true});
    let sent = |model: &str| {
        let (body, notes) = sent(&call(model, params.clone()));
        (body.split_once("],").expect("a body").1.to_owned(), notes)
    };
    let (openai, notes) = sent("openai/gpt-4o-mini");
    assert_eq!(openai, r#""temperature":0.2,"max_completion_tokens":200,"seed":1,"stop":"END","custom":[1]}"#);
    assert_eq!(
        notes,
        [
            "openai/gpt-4o-mini takes no `top_k`: `params.top_k` (5) is left out",
            "`params.parallel_tool_calls` means nothing without tools and is left out",
            "`params.stream` is palc's own to set and is left out",
        ]
    );
    let (mistral, _) = sent("mistral/mistral-large");
    assert_eq!(mistral, r#""temperature":0.2,"max_tokens":200,"random_seed":1,"stop":"END","custom":[1]}"#);
}

#[test]
fn a_model_that_thinks_takes_no_temperature_until_it_stops() {
    let (body, notes) = sent(&call("openai/gpt-5-mini", json!({"temperature": 0.2, "max_tokens": 9})));
    assert!(body.ends_with(r#"],"max_completion_tokens":9}"#), "{body}");
    assert_eq!(notes, ["openai/gpt-5-mini takes no `temperature`: `params.temperature` (0.2) is left out"]);
    let quiet = json!({"temperature": 0.2, "reasoning_effort": "none"});
    let (body, notes) = sent(&call("openai/gpt-6", quiet));
    assert!(body.ends_with(r#"],"temperature":0.2,"reasoning_effort":"none"}"#), "{body}");
    assert!(notes.is_empty());
    let (body, notes) = sent(&call("openai/o3", json!({"temperature": 1, "max_tokens": -1})));
    assert!(body.ends_with(r#"],"temperature":1}"#) && notes.is_empty(), "{body}");
    let (_, notes) = sent(&call("openai/gpt-4o", json!({"reasoning_effort": "low"})));
    assert_eq!(notes.len(), 1);
}

#[test]
fn tools_and_the_choice_among_them() {
    let ask = |tool_choice: ToolChoice| {
        let call = Call { tools: vec![tool()], tool_choice, ..call("openai/gpt-4o", json!({})) };
        sent(&call).0.split_once("}],").expect("a body").1.to_owned()
    };
    let tools = concat!(
        r#""tools":[{"type":"function","function":{"name":"search","description":"Look it up","#,
        r#""parameters":{"type":"object","properties":{"q":{"type":"string"}}},"strict":true}}]"#
    );
    assert_eq!(ask(ToolChoice::Auto), format!("{tools}}}"));
    assert_eq!(ask(ToolChoice::None), format!(r#"{tools},"tool_choice":"none"}}"#));
    assert_eq!(ask(ToolChoice::Required), format!(r#"{tools},"tool_choice":"required"}}"#));
    assert_eq!(
        ask(ToolChoice::Named("search".into())),
        format!(r#"{tools},"tool_choice":{{"type":"function","function":{{"name":"search"}}}}}}"#)
    );
}

#[test]
fn the_form_of_the_answer() {
    let ask = |answer: Answer| sent(&Call { answer, ..call("openai/gpt-4o", json!({})) }).0;
    assert!(ask(Answer::Json).ends_with(r#""response_format":{"type":"json_object"}}"#));
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]});
    let body = ask(Answer::Schema { name: "answer".into(), schema: schema.clone(), strict: true });
    let wanted = concat!(
        r#""response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object","#,
        r#""properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false},"strict":true}}}"#
    );
    assert!(body.ends_with(wanted), "{body}");
    let body = ask(Answer::Schema { name: "answer".into(), schema, strict: false });
    assert!(body.ends_with(r#""required":["a"]},"strict":false}}}"#), "{body}");
}

#[test]
fn messages_of_all_roles() {
    let say = |role: Role, parts: Vec<Part>| Message { role, name: None, parts };
    let media = |url: &str| Part::Media { url: url.into(), mime: None };
    let asked = ToolCall { id: "c1".into(), name: "search".into(), arguments: "{\"q\":1}".into() };
    let found = |id: &str| ToolResult { id: id.into(), name: "search".into(), content: "found".into(), failed: false };
    let messages = vec![
        Message::new(Role::System, "Be brief."),
        Message {
            name: Some("ada".into()),
            ..say(Role::User, vec![media("data:image/png;base64,QUJD"), Part::Text("What?".into())])
        },
        say(Role::Assistant, vec![Part::Kept(json!({"type": "thinking"})), Part::ToolCall(asked)]),
        say(Role::Tool, vec![Part::ToolResult(found("c1")), Part::ToolResult(found("c2"))]),
        Message::new(Role::Developer, "Hurry."),
        say(Role::User, vec![media("data:audio/wav;base64,QUJD"), media("data:application/pdf;base64,QUJD")]),
    ];
    let ask = |model: &str| sent(&Call { messages: messages.clone(), ..call(model, json!({})) });
    let wanted = json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}},
            {"type": "text", "text": "What?"}], "name": "ada"},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "search", "arguments": "{\"q\":1}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "found"},
        {"role": "tool", "tool_call_id": "c2", "content": "found"},
        {"role": "developer", "content": "Hurry."},
        {"role": "user", "content": [
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
            {"type": "file", "file": {"filename": "document.pdf", "file_data": "data:application/pdf;base64,QUJD"}}]}
    ]);
    let (body, notes) = ask("openai/gpt-4o");
    assert_eq!(body, format!(r#"{{"model":"gpt-4o","messages":{wanted}}}"#));
    assert!(notes.is_empty());
    let (body, notes) = ask("xai/grok-3");
    assert!(body.contains(r#"{"role":"system","content":"Hurry."}"#));
    assert_eq!(notes, ["a developer message is sent as a system message"]);
}

#[test]
fn a_prompt_does_not_loosen_the_users_data_policy() {
    let mut router = service("openrouter");
    let loose = call("openrouter/m", json!({"provider": {"data_collection": "allow", "sort": "price"}}));
    let provider = |router: &Service| {
        let built = OpenRouter.build(&loose, router, false);
        let body: Value = serde_json::from_slice(&built.request.body).expect("JSON");
        (body["provider"].clone(), built.notes)
    };
    assert_eq!(provider(&router).0["data_collection"], "allow");
    router.options.insert("provider".into(), json!({"data_collection": "deny"}));
    let (held, notes) = provider(&router);
    assert_eq!(held, json!({"data_collection": "deny", "sort": "price"}));
    assert_eq!(notes, ["`params.provider` gives way to `providers.openrouter.options.provider`"]);
}

#[test]
fn openrouter_routes_as_the_settings_say() {
    let mut router = service("openrouter");
    let options = json!({"models": ["a/b"], "reasoning": {"summary": "auto"},
        "provider": {"only": ["azure"], "data_collection": "deny", "require_parameters": true}});
    router.options = options.as_object().cloned().expect("a map");
    let mut call = call("openrouter/openai/gpt-5.1", json!({"reasoning_effort": "low", "top_k": 3, "max_tokens": 5}));
    call.messages[0].parts.push(Part::Kept(json!({"reasoning_details": [1]})));
    let built = OpenRouter.build(&call, &router, false);
    assert_eq!(built.request.url, "https://openrouter.ai/api/v1/chat/completions");
    assert_eq!(built.request.headers.last(), Some(&("x-openrouter-title".to_owned(), "palc".to_owned())));
    assert_eq!(
        body(&built.request),
        concat!(
            r#"{"model":"openai/gpt-5.1","messages":[{"role":"user","content":"Hi","reasoning_details":[1]}],"top_k":3,"#,
            r#""max_tokens":5,"models":["a/b"],"reasoning":{"summary":"auto","effort":"low"},"#,
            r#""provider":{"only":["azure"],"data_collection":"deny","require_parameters":true}}"#
        )
    );
}

#[test]
fn the_settings_headers_beat_palcs() {
    let mut router = service("openrouter");
    router.headers = vec![("x-openrouter-title".into(), "mine".into()), ("accept".into(), "*/*".into())];
    let headers = OpenRouter.build(&call("openrouter/m", json!({})), &router, false).request.headers;
    let names: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(names, ["content-type: application/json", "x-openrouter-title: mine", "accept: */*"]);
}

#[test]
fn vectors_and_models_are_asked_for() {
    let texts = ["a".to_owned(), "b".to_owned()];
    let ask = |name: &str, dimensions| Chat.embed("m", &texts, dimensions, &service(name)).expect("makes vectors");
    assert_eq!(ask("openai", None).url, "https://api.openai.com/v1/embeddings");
    assert_eq!(
        body(&ask("openai", Some(256))),
        r#"{"model":"m","input":["a","b"],"encoding_format":"base64","dimensions":256}"#
    );
    assert_eq!(body(&ask("mistral", None)), r#"{"model":"m","input":["a","b"],"encoding_format":"float"}"#);
    assert_eq!(Chat.embed("m", &texts, None, &service("xai")), None);
    assert_eq!(Chat.models(&service("xai")).url, "https://api.x.ai/v1/models");
}
