//! Answers that are JSON, or hold some.

use serde_json::{Deserializer, json};

use super::normal::{normal, quoted};
use super::options::{flag, optional, schemas, type_word};
use super::plain;
use super::repair::mend;
use super::schema::Schema;
use crate::eval::{Around, Compiled, Kind};
use crate::model::{Map, Score, Value};

pub static IS_JSON: Kind = Kind {
    name: "is-json",
    about: "The whole answer is one JSON value, with nothing but blanks around it; with `schema`, one that conforms to it.",
    example: "is-json: {schema: output.schema}",
    schema: || schemas::optional(&json!({"schema": Schema::schema()})),
    threshold: None,
    compile: whole,
};

pub static CONTAINS_JSON: Kind = Kind {
    name: "contains-json",
    about: "The answer contains a JSON object or list; with `schema`, one that conforms to it. `repair: true` mends what \
            models often get wrong, and says what it mended.",
    example: "contains-json: {schema: schemas/ticket.json, repair: true}",
    schema: || schemas::optional(&json!({"schema": Schema::schema(), "repair": {"type": "boolean"}})),
    threshold: None,
    compile: part,
};

pub static JSON_EQUALS: Kind = Kind {
    name: "json-equals",
    about: "The whole answer is JSON of the same value: the order of keys and how numbers are written do not matter. A text \
            is read as JSON.",
    example: "json-equals: {queue: billing, urgent: false}",
    schema: || json!({}),
    threshold: None,
    compile: |value, _| match value {
        Value::String(text) => {
            let wanted =
                serde_json::from_str(text).map_err(|error| format!("{} is not JSON: {error}", quoted(text)))?;
            Ok(equal_to(wanted))
        }
        _ => Ok(equal_to(value.clone())),
    },
};

/// The answer as JSON. The error says why it is none.
pub fn parse(text: &str) -> Result<Value, String> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if trimmed.is_empty() {
        return Err("the answer is empty".into());
    }
    serde_json::from_str(trimmed).map_err(|error| match trimmed.starts_with("```") {
        true => "the answer stands in a Markdown fence, so it is not JSON as a whole".into(),
        false => format!("the answer is not JSON: {error}"),
    })
}

fn whole(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let none = Map::new();
    let schema = Schema::read(optional(value, &["schema"], &none)?, around)?;
    Ok(plain(move |subject| match parse(&subject.reply.text) {
        Err(why) => Score::of(false, why),
        Ok(value) => match schema.as_ref().and_then(|schema| schema.fault(&value)) {
            None => Score::of(true, "the answer is JSON"),
            Some(fault) => Score::of(false, fault),
        },
    }))
}

fn part(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let none = Map::new();
    let options = optional(value, &["schema", "repair"], &none)?;
    let (schema, repair) = (Schema::read(options, around)?, flag(options, "repair")?);
    Ok(plain(move |subject| {
        let conforms = |value: &Value| schema.as_ref().and_then(|schema| schema.fault(value));
        let text = &subject.reply.text;
        let mut fault = None;
        for value in parts(text) {
            match conforms(&value) {
                None => return Score::of(true, format!("the answer contains {} of JSON", type_word(&value))),
                Some(why) => fault = fault.or(Some(why)),
            }
        }
        if repair {
            for (value, mended) in mended(text) {
                match conforms(&value) {
                    None => return Score::of(true, format!("the answer contains JSON once mended: {mended}")),
                    Some(why) => fault = fault.or(Some(why)),
                }
            }
        }
        Score::of(false, fault.unwrap_or_else(|| "the answer contains no JSON object or list".into()))
    }))
}

/// Objects and lists in a text, one after the other; those inside of others are not counted.
fn parts(text: &str) -> impl Iterator<Item = Value> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(start) = text[at..].find(['{', '[']) {
            let begin = at + start;
            let mut stream = Deserializer::from_str(&text[begin..]).into_iter::<Value>();
            if let Some(Ok(value)) = stream.next() {
                at = begin + stream.byte_offset();
                return Some(value);
            }
            at = begin + 1;
        }
        None
    })
}

/// The same with what can be mended, each with what was.
fn mended(text: &str) -> impl Iterator<Item = (Value, String)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(start) = text[at..].find(['{', '[']) {
            let begin = at + start;
            if let Some((value, mended, end)) = mend(&text[begin..]) {
                at = begin + end;
                let words: Vec<&str> = mended.into_iter().map(|what| what.words()).collect();
                return Some((value, words.join(", ")));
            }
            at = begin + 1;
        }
        None
    })
}

/// The check whether an answer is JSON of this value.
pub fn equal_to(wanted: Value) -> Compiled {
    plain(move |subject| match parse(&subject.reply.text) {
        Err(why) => Score::of(false, why),
        Ok(value) => match difference(&wanted, &value, "") {
            None => Score::of(true, "the answer is JSON of the wanted value"),
            Some(difference) => Score::of(false, difference),
        },
    })
}

pub fn equal(one: &Value, other: &Value) -> bool {
    difference(one, other, "").is_none()
}

/// The first place where two values differ.
fn difference(wanted: &Value, value: &Value, at: &str) -> Option<String> {
    let here = || if at.is_empty() { "the answer".to_owned() } else { format!("`{at}`") };
    match (wanted, value) {
        (Value::Object(wanted), Value::Object(map)) => {
            let inside = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
            let lacking = wanted.keys().find(|key| !map.contains_key(*key));
            let extra = map.keys().find(|key| !wanted.contains_key(*key));
            match (lacking, extra) {
                (Some(key), _) => Some(format!("{} lacks `{key}`", here())),
                (_, Some(key)) => Some(format!("{} has `{key}`, which is not wanted", here())),
                _ => wanted.iter().find_map(|(key, value)| difference(value, &map[key], &inside(key))),
            }
        }
        (Value::Array(wanted), Value::Array(items)) if wanted.len() == items.len() => {
            let pairs = wanted.iter().zip(items).enumerate();
            pairs.into_iter().find_map(|(index, (wanted, item))| difference(wanted, item, &format!("{at}[{index}]")))
        }
        (Value::Array(wanted), Value::Array(items)) => {
            Some(format!("{} has {} items, and {} are wanted", here(), items.len(), wanted.len()))
        }
        (Value::Number(one), Value::Number(other)) if one == other || one.as_f64() == other.as_f64() => None,
        (Value::String(one), Value::String(other)) if normal(one) == normal(other) => None,
        _ if wanted == value => None,
        _ => {
            Some(format!("{} is {}, and {} is wanted", here(), quoted(&value.to_string()), quoted(&wanted.to_string())))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{look, refused, said, subject, table};

    #[test]
    fn whole_answers() {
        table(
            "is-json",
            &json!(null),
            &[
                (r#"{"a": 1}"#, true),
                (" [1, \"😀\"]\r\n", true),
                ("3", true),
                ("null", true),
                ("", false),
                ("{'a': 1}", false),
                (r#"{"a": 1,}"#, false),
                ("```json\n{}\n```", false),
                ("{} {}", false),
            ],
        );
        table(
            "is-json",
            &json!({"schema": {"type": "object", "properties": {"when": {"format": "date"}}}}),
            &[(r#"{"when": "2026-01-31"}"#, true), (r#"{"when": "soon"}"#, false), ("[]", false)],
        );
        table(
            "is-json",
            &json!({"schema": "output.schema"}),
            &[(r#"{"queue": "bug"}"#, true), (r#"{"queue": "other"}"#, false)],
        );
        for file in ["schemas/ticket.json", "schemas/ticket.yaml"] {
            table("is-json", &json!({"schema": file}), &[(r#"{"queue": 1}"#, true), ("{}", false)]);
        }
    }

    #[test]
    fn broken_schemas_are_told() {
        let wrong = |value| refused("is-json", &value).expect("refused");
        assert_eq!(wrong(json!({"shema": {}})), "there is no option `shema`; did you mean `schema`?");
        assert!(wrong(json!({"schema": {"type": "strng"}})).starts_with("the schema is no JSON Schema at `/type`"));
        assert_eq!(wrong(json!({"schema": "none.json"})), "there is no file none.json");
        assert!(wrong(json!({"schema": "schemas/broken.json"})).contains("is not JSON"));
        assert!(wrong(json!({"schema": 3})).contains("is a number"));
    }

    #[test]
    fn parts_of_answers() {
        table(
            "contains-json",
            &json!(null),
            &[
                ("Here: {\"a\": 1}. Done", true),
                ("```json\r\n[1,2]\r\n```", true),
                ("3", false),
                ("null", false),
                ("", false),
                ("[see below] {", false),
                ("[1] {bad", true),
                ("{'lat': 1}", false),
                ("{😀}", false),
            ],
        );
        table(
            "contains-json",
            &json!({"schema": {"required": ["b"], "type": "object"}}),
            &[(r#"{"a": 1} then {"b": 2}"#, true), (r#"{"a": {"b": 1}}"#, false)],
        );
        table(
            "contains-json",
            &json!({"repair": true}),
            &[
                ("so {'lat': 1}", true),
                (r#"{"lat": 1,}"#, true),
                ("{lat: 3}", true),
                ("[see below]", false),
                ("", false),
            ],
        );
        let score = look("contains-json", &json!({"repair": true}), &subject(&said("{'lat': 1,}")));
        assert_eq!(score.reason, "the answer contains JSON once mended: a comma too many, single quotes");
    }

    #[test]
    fn equal_values() {
        table(
            "json-equals",
            &json!({"a": [1, "é"], "b": null}),
            &[
                ("{\"b\": null,\r\n \"a\": [1.0, \"e\u{301}\"]}", true),
                (r#"{"a": [1, "é"]}"#, false),
                (r#"{"a": [1, "é"], "b": null, "c": 1}"#, false),
                (r#"{"a": ["é", 1], "b": null}"#, false),
                (r#"{"a": [1], "b": null}"#, false),
                ("😀", false),
                ("", false),
            ],
        );
        table("json-equals", &json!("[1, 2]"), &[("[1,2]", true), ("\"[1, 2]\"", false)]);
        table("json-equals", &json!(0.1), &[("0.1", true), ("1e-1", true), ("0.10001", false)]);
        assert!(refused("json-equals", &json!("{")).expect("refused").contains("is not JSON"));
        let score = look("json-equals", &json!({"a": {"b": 1}}), &subject(&said(r#"{"a": {"b": 2}}"#)));
        assert_eq!(score.reason, "`a.b` is `2`, and `1` is wanted");
    }
}
