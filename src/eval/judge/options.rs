//! The value of a check that asks a judge: a map with known keys, or one text that stands for the main one.

use crate::base::near::did_you_mean;
use crate::model::{Map, Value};

/// Keys that every way of judging knows.
pub const COMMON: [&str; 6] = ["judge", "judges", "panel", "prompt", "threshold", "allow_self"];

/// Keys that stand beside a check, and not in its value.
const BESIDE: [&str; 3] = ["weight", "metric", "required"];

pub struct Options {
    map: Map,
}

impl Options {
    /// `main` is the key that a text alone stands for.
    pub fn read(value: &Value, main: &str, own: &[&str]) -> Result<Options, String> {
        let map = match value {
            Value::Object(map) => map.clone(),
            Value::Null => return Err(format!("its value is missing: give `{main}`, or a map of {}", list(own))),
            Value::Array(_) => return Err(format!("its value is text or a map of {}, and not a list", list(own))),
            plain => Map::from_iter([(main.to_owned(), plain.clone())]),
        };
        let known: Vec<&str> = own.iter().copied().chain(COMMON).collect();
        let Some(unknown) = map.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(Options { map }) };
        let hint = match BESIDE.contains(&unknown.as_str()) {
            true => format!("`{unknown}` stands beside the check: `{{…, {unknown}: …}}`"),
            false => {
                did_you_mean(unknown, known.iter().copied()).unwrap_or_else(|| format!("known here: {}", list(&known)))
            }
        };
        Err(format!("it knows no `{unknown}`; {hint}"))
    }

    pub fn value(&self, key: &str) -> Option<&Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Text; a number or a truth value is taken as it is written.
    pub fn text(&self, key: &str) -> Result<Option<String>, String> {
        match self.value(key) {
            None => Ok(None),
            Some(value) => match plain(value).filter(|text| !text.trim().is_empty()) {
                Some(text) => Ok(Some(text)),
                None => Err(format!("`{key}` must be text that is not empty")),
            },
        }
    }

    pub fn needed(&self, key: &str) -> Result<String, String> {
        self.text(key)?.ok_or_else(|| format!("it needs `{key}`"))
    }

    /// A list of texts, or its only item.
    pub fn texts(&self, key: &str) -> Result<Vec<String>, String> {
        let texts: Option<Vec<String>> = match self.value(key) {
            None => Some(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(plain).collect(),
            Some(one) => plain(one).map(|text| vec![text]),
        };
        let texts = texts.filter(|texts| texts.iter().all(|text| !text.trim().is_empty()));
        texts.ok_or_else(|| format!("`{key}` must be text or a list of it"))
    }

    pub fn flag(&self, key: &str) -> Result<bool, String> {
        match self.value(key) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or_else(|| format!("`{key}` must be true or false")),
        }
    }

    pub fn share(&self, key: &str) -> Result<Option<f64>, String> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let share = value.as_f64().filter(|share| (0.0..=1.0).contains(share));
        share.map(Some).ok_or_else(|| format!("`{key}` must be a number from 0 to 1, and is {value}"))
    }

    /// The same without some keys.
    pub fn rest(&self, without: &[&str]) -> Map {
        let kept = self.map.iter().filter(|(key, _)| !without.contains(&key.as_str()));
        kept.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn list(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
