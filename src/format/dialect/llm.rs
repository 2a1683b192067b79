//! Templates of Simon Willison's `llm` program: pure YAML, `$name` for variables, no key it does not know.

use serde_json::json;

use crate::format::fields::{FREE, Field, LINE, field};
use crate::format::shape::{Rest, Shape::*};
use crate::format::yaml::{Data, Node};
use crate::model::Kind;

use super::spec::{Key, Others, Spec, Split, rest, whole};
use super::words::{self, Words};

/// A `.yaml` file is one where a folder called `llm` holds it: the suffix alone says nothing.
pub(super) static SPEC: Spec = Spec {
    word: "llm",
    suffixes: &[".yaml"],
    split: Split::Yaml,
    kind: Kind::Prompt,
    engine: "dollar",
    messages: "list",
    fields: FIELDS,
    unknown: Rest::Refused,
    keys: |_| KEYS,
    reshape,
    others: Others::Sidecar,
};

const FIELDS: &[Field] = &[
    field("name", LINE, "Name."),
    field("prompt", FREE, "What the user says."),
    field("system", FREE, "What the system says."),
    field("attachments", List(&FREE), "Files or addresses to send along."),
    field("attachment_types", List(&FreeMap), "The same, each with its type."),
    field("model", LINE, "Model."),
    field("defaults", FreeMap, "Values for variables that are not given."),
    field("options", FreeMap, "Parameters of the model."),
    field("extract", Bool, "Whether only the first block of code is wanted."),
    field("extract_last", Bool, "Whether only the last block of code is wanted."),
    field("schema_object", FreeMap, "JSON Schema of the answer."),
    field("fragments", List(&FREE), "Texts put before the prompt."),
    field("system_fragments", List(&FREE), "Texts put before the system text."),
    field("tools", List(&LINE), "Names of tools."),
    field("functions", FREE, "Python code with tools."),
];

const KEYS: &[Key] = &[
    whole("title", "name"),
    whole("model", "model"),
    rest("params", "options"),
    whole("input.default", "defaults"),
    whole("output.schema", "schema_object"),
    whole("tools", "tools"),
];

/// Its two texts are two messages.
fn reshape(words: &mut Words) {
    let mut messages = Vec::new();
    let mut key_span = None;
    for (key, role) in [("system", "system"), ("prompt", "user")] {
        if let Some(entry) = words.take(key) {
            let message = json!({"role": role, "content": entry.value.text().unwrap_or("")});
            messages.push(words::node(&message, entry.value.span));
            key_span.get_or_insert(entry.key_span);
        }
    }
    if let Some(span) = key_span {
        words.put("messages", span, Node { span, data: Data::List(messages) });
    }
}
