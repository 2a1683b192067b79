//! The JSON Schema of `palc.toml`, for editors. It follows the table of keys.

use serde_json::{Map, Value, json};

use super::key::Key;
use super::keys::{self, Reach, Row};
use super::kind::Kind;
use super::layers::Config;
use super::settings::vocabulary;

/// The schema (draft 07, which editors of TOML read).
pub fn schema() -> Value {
    let mut settings = section();
    for row in keys::rows() {
        insert(&mut settings, &row.name.split('.').collect::<Vec<_>>(), of_row(row));
    }
    settings["properties"]["profile"] = json!({
        "type": "object",
        "description": "Profiles: each overlays the keys it names when chosen by --profile or PALC_PROFILE.",
        "additionalProperties": {"$ref": "#/definitions/settings"},
    });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "palc.toml",
        "description": "Configuration of palc",
        "allOf": [{"$ref": "#/definitions/settings"}],
        "definitions": {"settings": settings},
    })
}

fn section() -> Value {
    json!({"type": "object", "properties": {}, "additionalProperties": false})
}

fn insert(at: &mut Value, words: &[&str], schema: Value) {
    let [word, rest @ ..] = words else { return };
    let slot = match word.starts_with('<') {
        true => &mut at["additionalProperties"],
        false => &mut at["properties"][*word],
    };
    if rest.is_empty() {
        *slot = schema;
        return;
    }
    if !slot.is_object() {
        *slot = section();
    }
    insert(slot, rest, schema);
}

fn of_row(row: &Row) -> Value {
    let mut schema = Map::new();
    let limit = match row.reach {
        Reach::Anyone => "",
        Reach::Lower => " A repository may lower it, and only your own file may raise it.",
        Reach::Trust => " In a repository's file it needs `palc trust`.",
        Reach::User => " Only in your own file, never in a repository's.",
    };
    schema.insert("description".into(), format!("{}{limit}", row.doc).into());
    schema.extend(of_kind(row.kind));
    let default = Key::parse(&row.name).and_then(|key| DEFAULTS.entry(&key).map(|entry| entry.value.clone()));
    schema.extend(default.map(|value| ("default".to_owned(), value)));
    Value::Object(schema)
}

static DEFAULTS: std::sync::LazyLock<Config> = std::sync::LazyLock::new(Config::defaults);

fn of_kind(kind: Kind) -> Map<String, Value> {
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let schema = match kind {
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Whole { min, max } => bounded("integer", json!(min), json!(max)),
        Kind::Number { min, max } => bounded("number", json!(min), json!(max)),
        Kind::Bytes { .. } => json!({"type": ["integer", "string"], "minimum": 1, "pattern": SIZE}),
        Kind::Text | Kind::Path | Kind::OwnPath | Kind::Header => json!({"type": "string"}),
        Kind::Duration => {
            json!({"type": ["integer", "string"], "minimum": 1, "pattern": "^[0-9]+ *(ms|s|m|min|h|d)?$"})
        }
        Kind::Url => json!({"type": "string", "pattern": "^https?://"}),
        Kind::Variable => json!({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}),
        Kind::Price => json!({"type": ["number", "string"], "minimum": 0, "pattern": "^[0-9]+([.][0-9]+)?$"}),
        Kind::Embedder => json!({"type": "string", "pattern": "^(builtin|none|[A-Za-z0-9_-]+:.+)$"}),
        Kind::Choice(words) => json!({"type": "string", "enum": words}),
        Kind::List | Kind::Globs | Kind::Folders => texts,
        Kind::Words => json!({"anyOf": [texts, {"type": "object", "additionalProperties": word()}]}),
        Kind::Any => json!({}),
    };
    schema.as_object().cloned().unwrap_or_default()
}

const SIZE: &str = "^[0-9]+ *(B|KiB|MiB|GiB|kB|MB|GB)?$";

fn bounded(kind: &str, min: Value, max: Value) -> Value {
    let mut schema = json!({"type": kind});
    if min != i64::MIN {
        schema["minimum"] = min;
    }
    if max != i64::MAX {
        schema["maximum"] = max;
    }
    schema
}

fn word() -> Value {
    let fields: Map<String, Value> = vocabulary::FIELDS
        .iter()
        .map(|&(name, kind, doc)| {
            let mut field = of_kind(kind);
            field.insert("description".into(), doc.into());
            (name.to_owned(), Value::Object(field))
        })
        .collect();
    json!({"anyOf": [{"type": "string"}, {"type": "object", "properties": fields, "additionalProperties": false}]})
}
