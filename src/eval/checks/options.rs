//! Reading the value behind a kind: each thing that is wrong is said in a sentence.

use serde_json::json;

use crate::base::near::did_you_mean;
use crate::model::{Map, Value};

pub fn type_word(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

/// A text. A number or a truth value stands for how it is written.
pub fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        other => Err(format!("the value must be text, and is {}", type_word(other))),
    }
}

/// A text of at least one letter: an empty one is in every answer.
pub fn some_text(value: &Value) -> Result<String, String> {
    match text(value)? {
        text if text.is_empty() => Err("the text is empty, and that is in every answer".into()),
        text => Ok(text),
    }
}

/// A list of texts, none of them empty.
pub fn texts(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(items) if items.is_empty() => Err("the list is empty".into()),
        Value::Array(items) => {
            let numbered = |(at, item)| some_text(item).map_err(|error| format!("item {}: {error}", at + 1));
            items.iter().enumerate().map(numbered).collect()
        }
        other => Err(format!("the value must be a list of texts, and is {}", type_word(other))),
    }
}

/// One text, or a list of some.
pub fn one_or_more(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(_) => texts(value),
        _ => some_text(value).map(|text| vec![text]),
    }
}

/// For kinds that need no value: nothing, `true`, or a map of options.
pub fn optional<'a>(value: &'a Value, known: &[&str], none: &'a Map) -> Result<&'a Map, String> {
    match value {
        Value::Null | Value::Bool(true) => Ok(none),
        Value::Bool(false) => Err("write `not-` before the kind in place of `false`".into()),
        _ => options(value, known),
    }
}

/// A map with these keys and no others.
pub fn options<'a>(value: &'a Value, known: &[&str]) -> Result<&'a Map, String> {
    let Value::Object(map) = value else {
        let keys = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        return Err(format!("the value must be a map with {keys}, and is {}", type_word(value)));
    };
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(map),
        Some(key) => Err(match did_you_mean(key, known.iter().copied()) {
            Some(hint) => format!("there is no option `{key}`; {hint}"),
            None => format!("there is no option `{key}`; there are {}", known.join(", ")),
        }),
    }
}

pub fn flag(map: &Map, key: &str) -> Result<bool, String> {
    match map.get(key) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(other) => Err(format!("`{key}` must be true or false, and is {}", type_word(other))),
    }
}

pub fn number(map: &Map, key: &str) -> Result<Option<f64>, String> {
    let Some(value) = map.get(key) else { return Ok(None) };
    match value.as_f64().filter(|number| number.is_finite()) {
        Some(number) => Ok(Some(number)),
        None => Err(format!("`{key}` must be a number, and is {}", type_word(value))),
    }
}

/// How many of something there may be.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    least: u64,
    most: Option<u64>,
}

impl Amount {
    /// `5`, or `{min: 2, max: 8}`.
    pub fn read(value: &Value) -> Result<Amount, String> {
        if let Value::Number(_) = value {
            let exactly = whole(value, "the value")?;
            return Ok(Amount { least: exactly, most: Some(exactly) });
        }
        let map = options(value, &["min", "max"])?;
        Amount::bounds(map)?.ok_or_else(|| "the value must have `min`, `max` or both".into())
    }

    /// `min` and `max` of a map that may have neither.
    pub fn bounds(map: &Map) -> Result<Option<Amount>, String> {
        let bound = |key: &str| map.get(key).map(|value| whole(value, &format!("`{key}`"))).transpose();
        let (least, most) = (bound("min")?, bound("max")?);
        match (least, most) {
            (None, None) => Ok(None),
            (Some(least), Some(most)) if least > most => Err(format!("`min` ({least}) is above `max` ({most})")),
            (least, most) => Ok(Some(Amount { least: least.unwrap_or(0), most })),
        }
    }

    pub fn at_most(most: u64) -> Amount {
        Amount { least: 0, most: Some(most) }
    }

    pub fn allows(self, count: u64) -> bool {
        count >= self.least && self.most.is_none_or(|most| count <= most)
    }

    /// `at least 2`, `2 to 8`.
    pub fn words(self) -> String {
        match (self.least, self.most) {
            (least, Some(most)) if least == most => format!("exactly {most}"),
            (0, Some(most)) => format!("at most {most}"),
            (least, Some(most)) => format!("{least} to {most}"),
            (least, None) => format!("at least {least}"),
        }
    }

    pub fn schema() -> Value {
        let whole = json!({"type": "integer", "minimum": 0});
        json!({"anyOf": [whole, {
            "type": "object", "additionalProperties": false, "minProperties": 1,
            "properties": {"min": whole, "max": whole},
        }]})
    }
}

fn whole(value: &Value, what: &str) -> Result<u64, String> {
    value.as_u64().ok_or_else(|| match value {
        Value::Number(number) => format!("{what} must be a whole number of 0 or more, and is {number}"),
        other => format!("{what} must be a whole number, and is {}", type_word(other)),
    })
}

/// A pattern, read in the form in which texts are compared.
pub fn pattern(text: &str) -> Result<regex::Regex, String> {
    regex::Regex::new(&super::normal::normal(text)).map_err(|error| {
        let error = error.to_string();
        let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
        match error.contains("look-around") || error.contains("backreferences") {
            true => format!("the pattern {text} cannot be used: {why} (every pattern is matched in linear time)"),
            false => format!("the pattern {text} is broken: {why}"),
        }
    })
}

pub mod schemas {
    use super::*;

    pub fn text() -> Value {
        json!({"type": ["string", "number", "boolean"]})
    }

    pub fn some_text() -> Value {
        json!({"type": ["string", "number", "boolean"], "minLength": 1})
    }

    pub fn texts() -> Value {
        json!({"type": "array", "minItems": 1, "items": some_text()})
    }

    pub fn one_or_more() -> Value {
        json!({"anyOf": [some_text(), texts()]})
    }

    /// Nothing, `true`, or these options.
    pub fn optional(properties: &Value) -> Value {
        json!({"anyOf": [{"enum": [null, true]}, options(properties, &[])]})
    }

    pub fn options(properties: &Value, required: &[&str]) -> Value {
        let mut schema = json!({"type": "object", "additionalProperties": false, "properties": properties});
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema
    }
}
