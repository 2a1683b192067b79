//! What OpenAI wants of a schema that it is to enforce: no other properties, and every property required.

use serde_json::json;

use crate::model::Value;

/// The schema as it can be sent, and whether it can be enforced.
pub fn fitted(schema: &Value, strict: bool, notes: &mut Vec<String>) -> (Value, bool) {
    if !strict {
        return (schema.clone(), false);
    }
    let mut fitted = schema.clone();
    let mut optional = Vec::new();
    close(&mut fitted, &mut optional);
    if optional.is_empty() {
        return (fitted, true);
    }
    let names = optional.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    notes.push(format!(
        "a strict schema requires every property, and {names} may be absent: it is sent without `strict`"
    ));
    (schema.clone(), false)
}

/// Say of every object that it has no other properties, and collect the properties that may be absent.
fn close(schema: &mut Value, optional: &mut Vec<String>) {
    let Value::Object(map) = schema else {
        return;
    };
    if map.get("properties").is_some_and(Value::is_object) {
        map.entry("additionalProperties").or_insert(json!(false));
        let required = map.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let names = map["properties"].as_object().into_iter().flat_map(|all| all.keys());
        optional.extend(names.filter(|name| !required.contains(&json!(name))).cloned());
    }
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties" | "$defs" | "definitions", Value::Object(all)) => {
                all.values_mut().for_each(|schema| close(schema, optional));
            }
            ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(all)) => {
                all.iter_mut().for_each(|schema| close(schema, optional));
            }
            ("items", schema) => close(schema, optional),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_closed_all_the_way_down() {
        let inner = json!({"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]});
        let schema =
            json!({"type": "object", "properties": {"a": {"type": "array", "items": inner}}, "required": ["a"]});
        let mut notes = Vec::new();
        let (fitted, strict) = fitted(&schema, true, &mut notes);
        assert!(strict && notes.is_empty());
        assert_eq!(fitted["additionalProperties"], false);
        assert_eq!(fitted["properties"]["a"]["items"]["additionalProperties"], false);
    }

    #[test]
    fn what_cannot_be_enforced_is_not_claimed() {
        let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let mut notes = Vec::new();
        assert_eq!(fitted(&schema, true, &mut notes), (schema, false));
        assert_eq!(
            notes,
            ["a strict schema requires every property, and `a` may be absent: it is sent without `strict`"]
        );
    }
}
