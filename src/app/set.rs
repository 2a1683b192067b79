//! Set or unset a field of one prompt or of many.

use crate::base::{Error, Result};
use crate::format::change::{self, Files};
use crate::format::fields::FIELDS;
use crate::format::shape::{Rest, Shape};
use crate::format::yaml;
use crate::model::Value;

use super::App;
use super::write::{Selection, Work, Written};

#[derive(Debug)]
pub struct Request {
    pub prompts: Selection,
    /// Keys with dots between them; a key that holds dots itself stands in quotes.
    pub key: String,
    pub value: New,
    pub dry_run: bool,
}

/// What a field is to be.
#[derive(Debug, Clone)]
pub enum New {
    /// Typed values; several make a list. `text` keeps them from being read as anything but text.
    Typed {
        values: Vec<String>,
        text: bool,
    },
    Nothing,
}

pub fn set(app: &App, request: &Request) -> Result<Written> {
    let path = key_path(&request.key)?;
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let value = match &request.value {
        New::Typed { values, text } => Some(value(&path, values, *text)?),
        New::Nothing => None,
    };
    if path == ["id"] {
        return Err(Error::usage("an id stays what it is: results, labels and links refer to it")
            .hint("`palc edit` opens the file, if you must"));
    }
    let change = match &value {
        Some(value) => change::Change::Set(&path, value),
        None => change::Change::Unset(&path),
    };
    every(app, &request.prompts, request.dry_run, |files| files.changed(change))
}

/// Change every prompt that is meant, or none.
pub fn every(
    app: &App,
    prompts: &Selection,
    dry_run: bool,
    change: impl Fn(&Files) -> Result<Files>,
) -> Result<Written> {
    let mut work = Work::begin(app)?;
    for file in work.select(prompts)? {
        let opened = work.open(&file)?;
        let changed = change(&opened.files)?;
        work.save(&opened, &changed);
    }
    work.finish(dry_run)
}

/// The keys of a path: `params.max_tokens`, `ext."a.b".c`.
pub fn key_path(text: &str) -> Result<Vec<String>> {
    let wrong =
        || Error::usage(format!("`{text}` is not a key")).hint("write keys with dots between: params.temperature");
    let mut keys = Vec::new();
    let mut rest = text;
    loop {
        let (key, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(wrong)?,
            None => rest.split_at(rest.find('.').unwrap_or(rest.len())),
        };
        if key.is_empty() {
            return Err(wrong());
        }
        keys.push(key.to_owned());
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(keys),
            None => return Err(wrong()),
        }
    }
}

/// The value that was typed for a field: text where the field is text, else whatever YAML reads.
pub fn value(path: &[&str], typed: &[String], text: bool) -> Result<Value> {
    let shape = shape_of(path);
    let one = |typed: &String| match shape {
        _ if text => Ok(Value::from(typed.as_str())),
        Some(Shape::Text { .. } | Shape::Vocabulary(..) | Shape::Id | Shape::Choice(_)) => {
            Ok(Value::from(typed.as_str()))
        }
        Some(Shape::OneOrMany(Shape::Text { .. } | Shape::Vocabulary(..))) if !typed.trim_start().starts_with('[') => {
            Ok(Value::from(typed.as_str()))
        }
        _ => yaml_value(typed),
    };
    let is_list = matches!(shape, Some(Shape::List(_) | Shape::OneOrMany(_)));
    match typed {
        [only] => {
            let value = one(only)?;
            Ok(if is_list && !value.is_array() && !value.is_null() { Value::Array(vec![value]) } else { value })
        }
        several => several.iter().map(one).collect::<Result<Vec<_>>>().map(Value::Array),
    }
}

fn yaml_value(typed: &str) -> Result<Value> {
    let tree = yaml::read(typed, 0);
    match tree.problems.first() {
        None => Ok(tree.root.map_or(Value::Null, |root| root.value())),
        Some(problem) => Err(Error::usage(format!("`{typed}` cannot be read: {}", problem.message))
            .hint("--string takes it as text, whatever it holds")),
    }
}

/// The shape of the field at a path, if palc knows it.
fn shape_of(path: &[&str]) -> Option<&'static Shape> {
    let (first, rest) = path.split_first()?;
    let mut shape = &FIELDS.iter().find(|field| field.name == *first)?.shape;
    for key in rest {
        let inner = match shape {
            Shape::Map(fields, _) => fields,
            Shape::AnyOf(shapes) => shapes.iter().find_map(|shape| match shape {
                Shape::Map(fields, Rest::Refused | Rest::Warned) => Some(fields),
                _ => None,
            })?,
            _ => return None,
        };
        shape = &inner.iter().find(|field| field.name == *key)?.shape;
    }
    Some(shape)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_may_hold_dots_in_quotes() {
        assert_eq!(key_path("params.temperature").expect("reads"), ["params", "temperature"]);
        assert_eq!(key_path("ext.\"a.b\".c").expect("reads"), ["ext", "a.b", "c"]);
        for wrong in ["", ".", "a.", "a..b", "\"a", "\"a\"b"] {
            assert!(key_path(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn values_are_read_as_their_field_needs_them() {
        let read = |path: &[&str], typed: &[&str]| {
            value(path, &typed.iter().map(|&text| text.to_owned()).collect::<Vec<_>>(), false).expect("reads")
        };
        assert_eq!(read(&["version"], &["1.10"]), json!("1.10"));
        assert_eq!(read(&["params", "temperature"], &["0.4"]), json!(0.4));
        assert_eq!(read(&["tags"], &["a"]), json!(["a"]));
        assert_eq!(read(&["tags"], &["[a, b]"]), json!(["a", "b"]));
        assert_eq!(read(&["tags"], &["a", "b: c"]), json!(["a", "b: c"]));
        assert_eq!(read(&["custom", "tone"], &["{a: [1]}"]), json!({"a": [1]}));
        assert_eq!(read(&["description"], &["true: story"]), json!("true: story"));
    }
}
