//! One place in an answer that is JSON.

use regex::Regex;
use serde_json::json;

use super::json::{equal, parse};
use super::normal::{folded, normal, quoted};
use super::options::{Amount, flag, number, options, pattern, schemas, some_text, type_word};
use super::path::Path;
use super::plain;
use crate::base::near::did_you_mean;
use crate::eval::{Around, Compiled, Kind};
use crate::model::{Map, Score, Value};

pub static JSON_FIELD: Kind = Kind {
    name: "json-field",
    about: "The answer is JSON, and what lies at `path` is as wanted: `equals`, `one-of`, `contains`, `icontains`, `matches`, \
            `type`, `min`, `max`, `length`, or just there. Paths: `order.items[0].price`, `items[-1]`, `items[*].price` (each \
            of them, and at least one), `[\"odd.key\"]`.",
    example: "json-field: {path: 'items[0].price', min: 0, max: 100}",
    schema,
    threshold: None,
    compile,
};

const KEYS: [&str; 11] =
    ["path", "equals", "one-of", "contains", "icontains", "matches", "type", "min", "max", "length", "exists"];
const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

fn schema() -> Value {
    let properties = json!({
        "path": {"type": "string"},
        "equals": {},
        "one-of": {"type": "array", "minItems": 1},
        "contains": {},
        "icontains": schemas::some_text(),
        "matches": {"type": "string"},
        "type": {"enum": TYPES},
        "min": {"type": "number"},
        "max": {"type": "number"},
        "length": Amount::schema(),
        "exists": {"type": "boolean"},
    });
    schemas::options(&properties, &["path"])
}

/// What is wanted of a value.
enum Want {
    Equals(Value),
    OneOf(Vec<Value>),
    /// Text in text, or an item in a list.
    Contains(Value),
    Icontains(String),
    Matches(Regex, String),
    Type(String),
    Min(f64),
    Max(f64),
    Length(Amount),
}

fn compile(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let map = options(value, &KEYS)?;
    let Some(Value::String(written)) = map.get("path") else {
        return Err("`path` must say where to look, such as `items[0].price`".into());
    };
    let path = Path::read(written)?;
    let wants = wants(map)?;
    let absent = map.contains_key("exists") && !flag(map, "exists")?;
    if absent && !wants.is_empty() {
        return Err("what does not exist cannot be anything: `exists: false` stands alone".into());
    }
    let shown = format!("`{written}`");
    Ok(plain(move |subject| {
        let answer = match parse(&subject.reply.text) {
            Err(why) => return Score::of(false, why),
            Ok(answer) => answer,
        };
        match path.values(&answer).filter(|values| !values.is_empty()) {
            None => Score::of(absent, format!("there is nothing at {shown}")),
            Some(_) if absent => Score::of(false, format!("there is something at {shown}")),
            Some(values) => match values.iter().find_map(|value| wants.iter().find_map(|want| want.fault(value))) {
                None => Score::of(true, format!("{shown} is as wanted")),
                Some(fault) => Score::of(false, format!("{shown} {fault}")),
            },
        }
    }))
}

fn wants(map: &Map) -> Result<Vec<Want>, String> {
    let mut wants = Vec::new();
    for (key, value) in map {
        wants.push(match key.as_str() {
            "equals" => Want::Equals(value.clone()),
            "contains" => Want::Contains(value.clone()),
            "icontains" => Want::Icontains(folded(&some_text(value)?)),
            "one-of" => match value {
                Value::Array(items) if !items.is_empty() => Want::OneOf(items.clone()),
                _ => return Err("`one-of` must be a list of values".into()),
            },
            "matches" => match value {
                Value::String(text) => Want::Matches(pattern(text)?, text.clone()),
                other => return Err(format!("`matches` must be a pattern in quotes, and is {}", type_word(other))),
            },
            "type" => Want::Type(type_name(value)?),
            "min" => Want::Min(number(map, key)?.unwrap_or_default()),
            "max" => Want::Max(number(map, key)?.unwrap_or_default()),
            "length" => Want::Length(Amount::read(value).map_err(|error| format!("`length`: {error}"))?),
            _ => continue,
        });
    }
    Ok(wants)
}

fn type_name(value: &Value) -> Result<String, String> {
    match value.as_str() {
        Some(word) if TYPES.contains(&word) => Ok(word.to_owned()),
        Some(word) => Err(match did_you_mean(word, TYPES) {
            Some(hint) => format!("there is no type `{word}`; {hint}"),
            None => format!("there is no type `{word}`; there are {}", TYPES.join(", ")),
        }),
        None => Err(format!("`type` must be one of {}", TYPES.join(", "))),
    }
}

impl Want {
    /// What a value is that it should not be: the end of a sentence that begins with its place.
    fn fault(&self, value: &Value) -> Option<String> {
        let shown = || quoted(&value.to_string());
        let fault = match self {
            Want::Equals(wanted) if !equal(wanted, value) => {
                format!("is {}, and {} is wanted", shown(), quoted(&wanted.to_string()))
            }
            Want::OneOf(all) if !all.iter().any(|wanted| equal(wanted, value)) => {
                format!("is {}, and none of the {} wanted values", shown(), all.len())
            }
            Want::Contains(wanted) if !contains(value, wanted) => {
                format!("is {}, and does not contain {}", shown(), quoted(&wanted.to_string()))
            }
            Want::Icontains(wanted) if !value.as_str().is_some_and(|text| folded(text).contains(wanted)) => {
                format!("is {}, and does not contain {}", shown(), quoted(wanted))
            }
            Want::Matches(pattern, written) if !value.as_str().is_some_and(|text| pattern.is_match(&normal(text))) => {
                format!("is {}, and {} does not match that", shown(), quoted(written))
            }
            Want::Type(wanted) if !is_type(value, wanted) => format!("is {}, and a {wanted} is wanted", shown()),
            Want::Min(least) if value.as_f64().is_none_or(|number| number < *least) => {
                format!("is {}, and a number of at least {least} is wanted", shown())
            }
            Want::Max(most) if value.as_f64().is_none_or(|number| number > *most) => {
                format!("is {}, and a number of at most {most} is wanted", shown())
            }
            Want::Length(amount) => match length(value) {
                Some(length) if amount.allows(length) => return None,
                Some(length) => format!("has a length of {length}, and {} is wanted", amount.words()),
                None => format!("is {}, which has no length", shown()),
            },
            _ => return None,
        };
        Some(fault)
    }
}

fn contains(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Array(items), _) => items.iter().any(|item| equal(item, wanted)),
        (Value::String(text), Value::String(part)) => normal(text).contains(&*normal(part)),
        _ => false,
    }
}

fn is_type(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Null => wanted == "null",
        Value::Bool(_) => wanted == "boolean",
        Value::Number(number) => {
            let is_whole = number.as_f64().is_some_and(|number| number.fract() == 0.0);
            wanted == "number" || (wanted == "integer" && is_whole)
        }
        Value::String(_) => wanted == "string",
        Value::Array(_) => wanted == "array",
        Value::Object(_) => wanted == "object",
    }
}

/// Characters of a text, items of a list, keys of a map.
fn length(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => Some(normal(text).chars().count() as u64),
        Value::Array(items) => Some(items.len() as u64),
        Value::Object(map) => Some(map.len() as u64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{refused, table};

    const ORDER: &str =
        "{\"who\": \"Zoe\u{308} 😀\", \"items\": [{\"price\": 3}, {\"price\": 4.5}],\r\n\"note\": null, \"none\": []}";

    #[test]
    fn places_in_answers() {
        let rows = [
            (json!({"path": "who", "equals": "Zoë 😀"}), true),
            (json!({"path": "who", "contains": "Zoë"}), true),
            (json!({"path": "who", "icontains": "ZOË"}), true),
            (json!({"path": "who", "matches": "^Zo.\\s"}), true),
            (json!({"path": "who", "length": 5}), true),
            (json!({"path": "who", "type": "number"}), false),
            (json!({"path": "items[0].price", "equals": 3.0}), true),
            (json!({"path": "items[*].price", "min": 3, "max": 5}), true),
            (json!({"path": "items[*].price", "type": "integer"}), false),
            (json!({"path": "items", "length": {"max": 1}}), false),
            (json!({"path": "items", "contains": {"price": 3}}), true),
            (json!({"path": "note", "type": "null"}), true),
            (json!({"path": "note", "one-of": [1, null]}), true),
            (json!({"path": "note", "min": 0}), false),
            (json!({"path": "none[*].x", "exists": false}), true),
            (json!({"path": "none[*]", "min": 1}), false),
            (json!({"path": "gone.deep"}), false),
            (json!({"path": "gone", "exists": false}), true),
            (json!({"path": "who", "exists": false}), false),
            (json!({"path": "$", "type": "object"}), true),
        ];
        for (value, passes) in rows {
            table("json-field", &value, &[(ORDER, passes), ("", false), ("no JSON", false)]);
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let wrong = |value| refused("json-field", &value).expect("refused");
        assert!(wrong(json!({"equals": 1})).starts_with("`path` must say"));
        assert_eq!(wrong(json!({"path": "a", "equal": 1})), "there is no option `equal`; did you mean `equals`?");
        assert_eq!(wrong(json!({"path": "a", "type": "strin"})), "there is no type `strin`; did you mean `string`?");
        assert!(wrong(json!({"path": "a", "exists": false, "equals": 1})).contains("stands alone"));
        assert!(wrong(json!({"path": "a", "matches": "("})).contains("is broken"));
        assert!(wrong(json!({"path": "a[", "min": 1})).contains("`]` is missing"));
    }
}
