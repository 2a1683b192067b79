//! Request bodies, as they would be sent.

use serde_json::json;

use crate::format::{Dialect, Document, parse};
use crate::model::{Prompt, Value};

use super::super::fixtures::run;
use super::{Form, Wire};

const PROMPT: &str = "---
model: openai/gpt-4o-mini
params: {temperature: 0.2, max_tokens: 200, top_k: 5, seed: 1, stop: END, reasoning_effort: low, custom: 1}
tools:
  - name: search
    description: Look it up
    parameters: {type: object, properties: {q: {type: string}}}
  - grep
output: {format: json, schema: {queue: string}}
---
system:
Be brief.

user[name=ada]:
{{ media(\"data:image/png;base64,QUJD\") }}What is it?

user:
And this?

assistant:
A cat.

tool[id=c1, name=search]:
found

developer:
Hurry.
";

fn prompt() -> Prompt {
    parse(Document::split("p.md", PROMPT.as_bytes(), Dialect::Native).expect("splits")).prompt
}

fn wire(form: Form) -> Wire {
    let rendered = run("p.md", &[("p.md", PROMPT)], &Value::Null).expect("renders");
    form.body(&prompt(), &rendered.messages)
}

fn schema() -> Value {
    json!({"type": "object", "properties": {"queue": {"type": "string"}}, "required": ["queue"]})
}

fn parameters() -> Value {
    json!({"type": "object", "properties": {"q": {"type": "string"}}})
}

#[test]
fn openai() {
    let wire = wire(Form::OpenAi);
    assert_eq!(
        wire.body,
        json!({
            "model": "gpt-4o-mini",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "name": "ada", "content": [
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}},
                    {"type": "text", "text": "What is it?"}]},
                {"role": "user", "content": "And this?"},
                {"role": "assistant", "content": "A cat."},
                {"role": "tool", "content": "found", "tool_call_id": "c1"},
                {"role": "developer", "content": "Hurry."}],
            "temperature": 0.2, "max_completion_tokens": 200, "seed": 1, "stop": "END", "reasoning_effort": "low", "custom": 1,
            "tools": [{"type": "function", "function":
                {"name": "search", "description": "Look it up", "parameters": parameters()}}],
            "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema(), "strict": false}}
        })
    );
    assert_eq!(
        wire.notes,
        [
            "`params.top_k` has no place in this request and is left out",
            "the tool \"grep\" has no definition and is left out"
        ]
    );
}

#[test]
fn anthropic() {
    let wire = wire(Form::Anthropic);
    assert_eq!(
        wire.body,
        json!({
            "model": "gpt-4o-mini",
            "system": "Be brief.\n\nHurry.",
            "messages": [
                {"role": "user", "content": [
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}},
                    {"type": "text", "text": "What is it?"}, {"type": "text", "text": "And this?"}]},
                {"role": "assistant", "content": "A cat."},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "found"}]}],
            "max_tokens": 200, "temperature": 0.2, "top_k": 5, "stop_sequences": ["END"], "custom": 1,
            "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": schema()}},
            "tools": [{"name": "search", "description": "Look it up", "input_schema": parameters()}]
        })
    );
    assert_eq!(wire.notes[0], "the prompt's model is one of openai, not of anthropic");
    assert_eq!(wire.notes[1], "a system message after the first turn is moved to the front");
}

#[test]
fn google() {
    let wire = wire(Form::Google);
    assert_eq!(
        wire.body,
        json!({
            "systemInstruction": {"parts": [{"text": "Be brief.\n\nHurry."}]},
            "contents": [
                {"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": "QUJD"}},
                    {"text": "What is it?"}, {"text": "And this?"}]},
                {"role": "model", "parts": [{"text": "A cat."}]},
                {"role": "user", "parts": [{"functionResponse": {"name": "search", "response": {"result": "found"}}}]}],
            "generationConfig": {"temperature": 0.2, "maxOutputTokens": 200, "topK": 5, "seed": 1, "stopSequences": ["END"],
                "custom": 1, "thinkingConfig": {"thinkingLevel": "LOW"},
                "responseMimeType": "application/json", "responseJsonSchema": schema()},
            "tools": [{"functionDeclarations": [
                {"name": "search", "description": "Look it up", "parametersJsonSchema": parameters()}]}]
        })
    );
}
