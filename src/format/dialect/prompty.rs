//! Microsoft's Prompty: three generations under one suffix, told apart by their keys.

use serde_json::{Map, Value, json};

use crate::format::fields::{FREE, Field, LINE, field};
use crate::format::shape::{Rest, Shape::*};
use crate::format::yaml::{Data, Entry, Node};
use crate::model::Kind;

use super::spec::{Key, Others, Spec, Split, rest, single, whole};
use super::words::{self, Words};

pub(super) static SPEC: Spec = Spec {
    word: "prompty",
    suffixes: &[".prompty"],
    split: Split::FencesAfterComments,
    kind: Kind::Prompt,
    engine: "jinja",
    messages: "lines",
    fields: FIELDS,
    unknown: Rest::NearMiss,
    keys,
    reshape,
    others: Others::Sidecar,
};

const FIELDS: &[Field] = &[
    field("$schema", FREE, "Address of the schema."),
    field("kind", LINE, "What the file is."),
    field("name", LINE, "Name."),
    field("displayName", LINE, "Title for people."),
    field("description", FREE, "What the prompt is for."),
    field("version", LINE, "Version."),
    field("authors", List(&LINE), "Who wrote it."),
    field("tags", List(&LINE), "Words to find it by."),
    field("metadata", FreeMap, "Anything else."),
    field("model", AnyOf(&[LINE, Map(MODEL, Rest::NearMiss)]), "Model, connection and parameters."),
    field("base", FREE, "File this one builds on."),
    field("sample", AnyOf(&[FreeMap, FREE]), "Values to try it with."),
    field("inputs", AnyOf(&[FreeMap, List(&FreeMap)]), "Variables."),
    field("outputs", AnyOf(&[FreeMap, List(&FreeMap)]), "Form of the answer."),
    field("tools", AnyOf(&[FreeMap, List(&FreeMap)]), "Tools."),
    field("template", AnyOf(&[LINE, FreeMap]), "Template language."),
];

const MODEL: &[Field] = &[
    field("id", LINE, "Name of the model."),
    field("api", LINE, "Interface."),
    field("apiType", LINE, "Interface."),
    field("provider", LINE, "Provider."),
    field("configuration", FreeMap, "Connection, in the first generation."),
    field("connection", FreeMap, "Connection."),
    field("parameters", Map(PARAMETERS, Rest::Free), "Parameters, in the first generation."),
    field("options", Map(OPTIONS, Rest::Free), "Parameters."),
    field("response", LINE, "Which answer is wanted: first or all."),
];

const PARAMETERS: &[Field] = &[
    field("temperature", Number { min: 0.0, max: 2.0 }, "Randomness, 0 to 2."),
    field("max_tokens", Integer { min: -1, max: i64::MAX }, "Longest answer in tokens."),
    field("top_p", Number { min: 0.0, max: 1.0 }, "Nucleus sampling, 0 to 1."),
];

const OPTIONS: &[Field] = &[
    field("temperature", Number { min: 0.0, max: 2.0 }, "Randomness, 0 to 2."),
    field("maxOutputTokens", Integer { min: 1, max: i64::MAX }, "Longest answer in tokens."),
    field("topP", Number { min: 0.0, max: 1.0 }, "Nucleus sampling, 0 to 1."),
];

/// The first generation has a `configuration` or `parameters` of the model, or a `sample`.
fn keys(root: Option<&Node>) -> &'static [Key] {
    let has = |path: &str| root.is_some_and(|root| root.at(path.split('.')).is_some());
    let first = ["model.configuration", "model.parameters", "sample", "authors", "tags"];
    if first.iter().any(|path| has(path)) && !has("model.options") { FIRST } else { SECOND }
}

const FIRST: &[Key] = &[
    whole("title", "name"),
    whole("description", "description"),
    whole("version", "version"),
    whole("authors", "authors"),
    whole("tags", "tags"),
    single("model", "model"),
    whole("model", "model.configuration.azure_deployment"),
    whole("model", "model.configuration.name"),
    whole("model", "model.id"),
    whole("provider", "model.configuration.type"),
    whole("provider", "model.provider"),
    whole("tools", "model.parameters.tools"),
    whole("params.max_tokens", "model.parameters.max_tokens"),
    rest("params", "model.parameters"),
    whole("input.default", "sample"),
    whole("tools", "tools"),
    whole("authors", "metadata.authors"),
    whole("tags", "metadata.tags"),
    rest("custom", "metadata"),
    whole("extends", "base"),
];

const SECOND: &[Key] = &[
    whole("title", "displayName"),
    whole("title", "name"),
    whole("description", "description"),
    whole("authors", "metadata.authors"),
    whole("tags", "metadata.tags"),
    whole("version", "metadata.version"),
    single("model", "model"),
    whole("model", "model.id"),
    whole("provider", "model.provider"),
    whole("params.max_tokens", "model.options.maxOutputTokens"),
    whole("params.top_p", "model.options.topP"),
    whole("params.top_k", "model.options.topK"),
    whole("params.frequency_penalty", "model.options.frequencyPenalty"),
    whole("params.presence_penalty", "model.options.presencePenalty"),
    whole("params.stop", "model.options.stopSequences"),
    whole("params.parallel_tool_calls", "model.options.allowMultipleToolCalls"),
    rest("params", "model.options"),
    whole("tools", "tools"),
    rest("custom", "metadata"),
];

fn reshape(words: &mut Words) {
    if let Some(entry) = words.take("inputs") {
        let inputs = properties(&entry.value);
        for (field, value) in [("schema", inputs.schema()), ("default", inputs.default), ("required", inputs.required)]
        {
            if !is_empty(&value) {
                words.put(&format!("input.{field}"), entry.key_span, words::node(&value, entry.value.span));
            }
        }
    }
    if let Some(entry) = words.take("outputs") {
        let schema = properties(&entry.value).schema();
        words.put("output.schema", entry.key_span, words::node(&schema, entry.value.span));
    }
    let places = ["template.format.kind", "template.format", "template.type", "template"];
    if let Some(format) = places.iter().find_map(|place| words.take_text(place)) {
        let engine = match format.value.text() {
            Some("mustache") => "mustache",
            Some("nunjucks") => "nunjucks",
            _ => "jinja",
        };
        words.put("template.engine", format.key_span, words::text(engine, format.value.span));
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// Variables as Prompty lists them.
struct Properties {
    types: Map<String, Value>,
    default: Value,
    required: Value,
}

impl Properties {
    fn schema(&self) -> Value {
        if self.types.is_empty() { json!({}) } else { json!({"type": "object", "properties": self.types}) }
    }
}

/// A list of `{name, kind, …}`, or a map from name to the same or to a default value alone.
fn properties(node: &Node) -> Properties {
    let (mut types, mut default, mut required) = (Map::new(), Map::new(), Vec::new());
    let mut add = |name: &str, node: &Node| {
        let value = node.value();
        let Value::Object(map) = &value else {
            default.insert(name.to_owned(), value);
            types.insert(name.to_owned(), json!({}));
            return;
        };
        if let Some(value) = ["default", "sample", "example"].iter().find_map(|key| map.get(*key)) {
            default.insert(name.to_owned(), value.clone());
        }
        if ["required", "is_required"].iter().any(|key| map.get(*key) == Some(&json!(true))) {
            required.push(json!(name));
        }
        types.insert(name.to_owned(), property(map));
    };
    match &node.data {
        Data::Map(entries) => entries.iter().for_each(|Entry { key, value, .. }| add(key, value)),
        Data::List(items) => items.iter().for_each(|item| {
            if let Some(name) = item.get("name").and_then(Node::text) {
                add(name, item);
            }
        }),
        Data::Scalar(_) => {}
    }
    Properties { types, default: Value::Object(default), required: Value::Array(required) }
}

/// One variable as JSON Schema. Kinds that JSON does not have stay open.
fn property(map: &Map<String, Value>) -> Value {
    let mut schema = Map::new();
    let kind = ["kind", "type"].iter().find_map(|key| map.get(*key)).and_then(Value::as_str);
    let known = ["string", "integer", "number", "boolean", "array", "object"];
    let kind = if kind == Some("float") { Some("number") } else { kind };
    if let Some(kind) = kind.filter(|kind| known.contains(kind)) {
        schema.insert("type".into(), json!(kind));
    }
    if let Some(text) = map.get("description") {
        schema.insert("description".into(), text.clone());
    }
    if let Some(values) = map.get("enumValues") {
        schema.insert("enum".into(), values.clone());
    }
    Value::Object(schema)
}
