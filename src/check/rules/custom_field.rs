//! Fields of the project's own that its schema does not allow.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;

use crate::base::Severity;
use crate::format::yaml::Node;

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "custom-field",
    doc: "A field under `custom` is not what the project's schema says.",
    why: "`custom.schema` in the settings names a JSON Schema for the project's own fields. Each front matter is held against it, \
          one without `custom` as if it were empty.",
    severity: Severity::Error,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    let (Some(schema), Some(root)) = (&file.basis.custom, file.root()) else { return };
    let entry = root.entry("custom");
    let value = serde_json::Value::Object(file.prompt().custom.clone());
    for error in schema.iter_errors(&value) {
        let (path, node) = place(&error, entry.map(|entry| &entry.value));
        if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
            out.extend(unexpected.iter().map(|key| unknown(&path, key, node)));
            continue;
        }
        let message = format!("`{path}`: {error}");
        // A whole map is marked by its key: what is missing in it stands nowhere.
        let span = match (node, entry) {
            (Some(node), _) if node.scalar().is_some() => Some(node.span),
            (_, Some(entry)) if path == "custom" => Some(entry.key_span),
            (Some(node), _) => Some(node.span),
            (None, entry) => entry.map(|entry| entry.key_span),
        };
        out.push(match span {
            Some(span) => Hit::at(RULE.name, span, message),
            None => Hit::file(RULE.name, message),
        });
    }
}

fn unknown(path: &str, key: &str, map: Option<&Node>) -> Hit {
    let message = format!("`{path}.{key}` is not a field of the project");
    match map.and_then(|map| map.entry(key)) {
        Some(entry) => Hit::at(RULE.name, entry.key_span, message),
        None => Hit::file(RULE.name, message),
    }
}

/// The dotted path to what is wrong, and its node.
fn place<'a>(error: &ValidationError<'_>, custom: Option<&'a Node>) -> (String, Option<&'a Node>) {
    let mut path = "custom".to_owned();
    let mut node = custom;
    for segment in error.instance_path() {
        match segment {
            LocationSegment::Property(key) => {
                path.push_str(&format!(".{key}"));
                node = node.and_then(|node| node.get(&key));
            }
            LocationSegment::Index(index) => {
                path.push_str(&format!("[{index}]"));
                node = node.and_then(|node| node.items().get(index));
            }
        }
    }
    (path, node)
}
