//! GitHub Models: pure YAML with a list of messages.

use crate::format::fields::{FREE, Field, LINE, field};
use crate::format::shape::{Rest, Shape::*};
use crate::model::{Kind, Value};

use super::spec::{Key, Others, Spec, Split, rest, whole};
use super::words::{self, Words};

pub(super) static SPEC: Spec = Spec {
    word: "github",
    suffixes: &[".prompt.yml", ".prompt.yaml"],
    split: Split::Yaml,
    kind: Kind::Prompt,
    engine: "mustache",
    messages: "list",
    fields: FIELDS,
    unknown: Rest::NearMiss,
    keys: |_| KEYS,
    reshape,
    others: Others::Sidecar,
};

const FIELDS: &[Field] = &[
    field("name", LINE, "Name."),
    field("description", FREE, "What the prompt is for."),
    field("model", LINE, "Model, `provider/model`."),
    field("modelParameters", Map(PARAMETERS, Rest::Free), "Parameters of the model."),
    field("responseFormat", Choice(&["text", "json_object", "json_schema"]), "Form of the answer."),
    field("jsonSchema", AnyOf(&[FreeMap, FREE]), "Schema of the answer, as a map or as JSON text."),
    field("messages", List(&Map(MESSAGE, Rest::NearMiss)), "The messages."),
    field("testData", List(&FreeMap), "Values to try, each with what is expected."),
    field("evaluators", List(&FreeMap), "How answers are judged."),
];

const PARAMETERS: &[Field] = &[
    field("temperature", Number { min: 0.0, max: 2.0 }, "Randomness, 0 to 2."),
    field("maxTokens", Integer { min: 1, max: i64::MAX }, "Longest answer in tokens."),
    field("topP", Number { min: 0.0, max: 1.0 }, "Nucleus sampling, 0 to 1."),
];

const MESSAGE: &[Field] = &[
    field("role", Choice(&["system", "developer", "user", "assistant"]), "Who speaks."),
    field("content", FREE, "What is said."),
];

const KEYS: &[Key] = &[
    whole("title", "name"),
    whole("description", "description"),
    whole("model", "model"),
    whole("params.max_tokens", "modelParameters.max_tokens"),
    whole("params.max_tokens", "modelParameters.maxTokens"),
    whole("params.max_tokens", "modelParameters.max_completion_tokens"),
    whole("params.top_p", "modelParameters.top_p"),
    whole("params.top_p", "modelParameters.topP"),
    rest("params", "modelParameters"),
    whole("messages", "messages"),
    whole("tests", "testData"),
    whole("evaluators", "evaluators"),
];

/// The form of the answer has other words, and its schema may be JSON text inside an envelope.
fn reshape(words: &mut Words) {
    if let Some(format) = words.take("responseFormat") {
        let word = if format.value.text() == Some("text") { "text" } else { "json" };
        words.put("output.format", format.key_span, words::text(word, format.value.span));
    }
    let Some(entry) = words.take("jsonSchema") else { return };
    let value = match entry.value.value() {
        Value::String(json) => serde_json::from_str(&json).unwrap_or(Value::String(json)),
        value => value,
    };
    if let Some(strict) = value.get("strict") {
        words.put("output.strict", entry.key_span, words::node(strict, entry.value.span));
    }
    let schema = value.get("schema").unwrap_or(&value);
    words.put("output.schema", entry.key_span, words::node(schema, entry.value.span));
}
