//! The ways to declare inputs, all of them as one JSON Schema.

use serde_json::json;

use crate::model::{Map, Value};

/// Types by the names people give them.
fn type_name(word: &str) -> Option<&'static str> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "string" | "str" | "text" => "string",
        "integer" | "int" => "integer",
        "number" | "float" => "number",
        "boolean" | "bool" => "boolean",
        "array" | "list" | "thread" => "array",
        "object" | "map" | "dict" => "object",
        "null" => "null",
        "any" | "image" | "file" | "audio" => "",
        _ => return None,
    })
}

/// JSON Schema of an object, from JSON Schema, from a map of names to types, or from a list of properties.
/// An error says what cannot be understood.
pub fn normalise(schema: &Value) -> Result<Value, String> {
    match schema {
        Value::Object(map) if is_json_schema(map) => Ok(schema.clone()),
        Value::Object(map) => short(map),
        Value::Array(list) => properties(list),
        _ => Err("`input.schema` must be a JSON Schema, a map of names and types, or a list of properties".into()),
    }
}

fn is_json_schema(map: &Map) -> bool {
    const BESIDE_TYPE: &[&str] =
        &["items", "enum", "const", "minimum", "maximum", "pattern", "minLength", "maxLength", "additionalProperties"];
    let keyword = |key: &str| map.keys().any(|name| name == key);
    let typed = map.get("type").is_some_and(|kind| kind.as_str().is_some_and(|word| type_name(word).is_some()));
    if typed && BESIDE_TYPE.iter().any(|key| map.contains_key(*key)) {
        return true;
    }
    map.get("type") == Some(&json!("object"))
        || map.get("properties").is_some_and(Value::is_object)
        || ["$schema", "$ref", "$defs", "allOf", "anyOf", "oneOf"].into_iter().any(keyword)
}

/// `{ticket: string, tone?: "string, how to sound", queues(array): string, size(enum): [small, large]}`
fn short(map: &Map) -> Result<Value, String> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (key, value) in map {
        let (name, form) = key.split_once('(').map_or((key.as_str(), None), |(name, rest)| (name, Some(rest)));
        let bare = name.trim_end_matches('?');
        let schema = match form {
            Some(form) => formed(bare, form.trim_end_matches(')'), value)?,
            None => property(bare, value)?,
        };
        if bare == name && schema.get("default").is_none() {
            required.push(json!(bare));
        }
        properties.insert(bare.to_owned(), schema);
    }
    Ok(json!({"type": "object", "properties": properties, "required": required}))
}

fn property(name: &str, value: &Value) -> Result<Value, String> {
    match value {
        Value::String(text) => {
            let (word, doc) = text.split_once(',').unwrap_or((text, ""));
            let kind = type_name(word).ok_or_else(|| unknown(name, word))?;
            Ok(described(typed(kind), doc))
        }
        Value::Object(map) if map.get("type").is_some_and(|kind| kind.is_string() || kind.is_array()) => {
            let mut map = map.clone();
            if let Some(word) = map.get("type").and_then(Value::as_str) {
                match type_name(word).ok_or_else(|| unknown(name, word))? {
                    "" => map.remove("type"),
                    kind => map.insert("type".into(), json!(kind)),
                };
            }
            Ok(Value::Object(map))
        }
        Value::Object(map) if is_json_schema(map) || map.contains_key("enum") => Ok(value.clone()),
        Value::Object(map) => short(map),
        Value::Null => Ok(json!({})),
        _ => Err(format!("`input.schema.{name}` must name a type, and is {value}")),
    }
}

/// `queues(array, the queues): string`, `size(enum): [small, large]`, `who(object): {name: string}`.
fn formed(name: &str, form: &str, value: &Value) -> Result<Value, String> {
    let (form, doc) = form.split_once(',').unwrap_or((form, ""));
    let schema = match (form.trim(), value) {
        ("array", value) => json!({"type": "array", "items": property(name, value)?}),
        ("enum", Value::Array(words)) => json!({"enum": words}),
        ("object", Value::Object(map)) => short(map)?,
        _ => return Err(unknown(name, form)),
    };
    Ok(described(schema, doc))
}

/// A list of properties, as Prompty writes them.
fn properties(list: &[Value]) -> Result<Value, String> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for item in list {
        let text = |key: &str| item.get(key).and_then(Value::as_str);
        let name = text("name").ok_or("each property of `input.schema` needs a `name`")?;
        let word = text("kind").or(text("type")).unwrap_or("any");
        let kind = type_name(word).ok_or_else(|| unknown(name, word))?;
        let mut schema = described(typed(kind), text("description").unwrap_or(""));
        for (theirs, ours) in [("default", "default"), ("enumValues", "enum"), ("items", "items")] {
            if let Some(value) = item.get(theirs) {
                schema[ours] = value.clone();
            }
        }
        if item.get("required") == Some(&json!(true)) {
            required.push(json!(name));
        }
        properties.insert(name.to_owned(), schema);
    }
    Ok(json!({"type": "object", "properties": properties, "required": required}))
}

fn typed(kind: &str) -> Value {
    if kind.is_empty() { json!({}) } else { json!({"type": kind}) }
}

fn described(mut schema: Value, doc: &str) -> Value {
    if !doc.trim().is_empty() {
        schema["description"] = json!(doc.trim());
    }
    schema
}

fn unknown(name: &str, word: &str) -> String {
    format!(
        "`{}` is not a type (`input.schema.{name}`); the types are string, integer, number, boolean, array, object, any",
        word.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_means_the_same() {
        let wanted = json!({"type": "object", "required": ["ticket"], "properties": {
            "ticket": {"type": "string"}, "size": {"enum": ["s", "l"]}}});
        let short = normalise(&json!({"ticket": "string", "size?(enum)": ["s", "l"]})).expect("reads");
        assert_eq!(short, wanted);
        assert_eq!(normalise(&wanted).expect("reads"), wanted);
        let list =
            json!([{"name": "ticket", "kind": "string", "required": true}, {"name": "size", "enumValues": ["s", "l"]}]);
        assert_eq!(normalise(&list).expect("reads"), wanted);
    }

    #[test]
    fn nested_and_described() {
        let schema =
            normalise(&json!({"who": {"name": "str, full name", "age?": "int"}, "tags(array, words)": "string"}));
        assert_eq!(
            schema.expect("reads")["properties"],
            json!({
                "who": {"type": "object", "required": ["name"], "properties": {
                    "name": {"type": "string", "description": "full name"}, "age": {"type": "integer"}}},
                "tags": {"type": "array", "items": {"type": "string"}, "description": "words"}})
        );
        assert!(normalise(&json!({"a": "strng"})).expect_err("refused").contains("`strng` is not a type"));
    }
}
