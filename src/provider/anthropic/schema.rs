//! A JSON Schema as the service takes it: closed objects, and no bounds that it cannot hold an answer to.

use serde_json::json;

use crate::model::Value;

use super::super::draft::note;

/// Bounds for which the service refuses a whole schema.
const UNKNOWN: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "patternProperties",
];

/// Keys under which schemas stand: one, or a list, or a map of them.
const SCHEMAS: &[&str] = &["properties", "$defs", "definitions", "items", "anyOf", "allOf", "oneOf"];

pub fn strict(schema: &Value, notes: &mut Vec<String>) -> Value {
    let mut lost = Vec::new();
    let strict = walk(schema, &mut lost);
    if !lost.is_empty() {
        let lost = lost.join("`, `");
        note(notes, format!("the service does not hold an answer to `{lost}`: left out of the schema"));
    }
    strict
}

fn walk(schema: &Value, lost: &mut Vec<String>) -> Value {
    let Value::Object(map) = schema else { return schema.clone() };
    let mut strict = map.clone();
    strict.retain(|key, value| {
        let known = !(UNKNOWN.contains(&key.as_str()) || key == "minItems" && value.as_u64() > Some(1));
        if !known && !lost.contains(key) {
            lost.push(key.clone());
        }
        known
    });
    for (key, value) in strict.iter_mut().filter(|(key, _)| SCHEMAS.contains(&key.as_str())) {
        *value = match (key.as_str(), &*value) {
            ("properties" | "$defs" | "definitions", Value::Object(named)) => {
                named.iter().map(|(name, schema)| (name.clone(), walk(schema, lost))).collect()
            }
            (_, Value::Array(several)) => several.iter().map(|schema| walk(schema, lost)).collect(),
            (_, one) => walk(one, lost),
        };
    }
    if map.get("type") == Some(&json!("object")) || map.contains_key("properties") {
        strict.insert("additionalProperties".into(), json!(false));
    }
    Value::Object(strict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_closed_and_bounds_are_said() {
        let mut notes = Vec::new();
        let schema = json!({"type": "object", "properties": {
            "minimum": {"type": "integer", "minimum": 1, "maximum": 5},
            "tags": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "object", "properties": {}}}}});
        assert_eq!(
            strict(&schema, &mut notes),
            json!({"type": "object", "properties": {
                "minimum": {"type": "integer"},
                "tags": {"type": "array", "minItems": 1,
                    "items": {"type": "object", "properties": {}, "additionalProperties": false}}},
                "additionalProperties": false})
        );
        assert_eq!(
            notes,
            ["the service does not hold an answer to `minimum`, `maximum`, `maxItems`: left out of the schema"]
        );
    }
}
