//! The case in question, and how an example is recognised that asks the same.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::model::{Map, Value};

use super::Example;
use super::words::words;

/// What examples are picked for.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// Every text that belongs to the case, in its plain form. An example made of nothing else asks the same.
    known: BTreeSet<String>,
    /// What is asked: examples are compared with its words.
    pub asked: String,
    /// Ids and inputs of examples that shall not be shown whatever the case is.
    except: Vec<String>,
}

impl Case {
    /// A case that is one text, or the JSON of one.
    pub fn of_text(text: &str) -> Self {
        let mut known = BTreeSet::new();
        leaves(&Value::from(text), &mut known);
        Case { known, asked: text.to_owned(), except: Vec::new() }
    }

    /// A case that is some variables. Everything in `known` belongs to it; only what is in `asked` is compared, so
    /// that a column with the expected answer cannot draw examples that give it away.
    pub fn of_values(known: &Map, asked: &Map) -> Self {
        let mut all = BTreeSet::new();
        known.values().chain(asked.values()).for_each(|value| leaves(value, &mut all));
        let mut texts = Vec::new();
        asked.values().for_each(|value| raw(value, &mut texts));
        Case { known: all, asked: texts.join("\n"), except: Vec::new() }
    }

    /// The same case, which shall not be shown the examples with these ids or inputs.
    #[must_use]
    pub fn without(self, except: &[String]) -> Self {
        Case { except: except.to_vec(), ..self }
    }

    /// Whether everything that an example asks is part of the case.
    pub(super) fn asks(&self, example: &Question) -> bool {
        !self.known.is_empty() && !example.0.is_empty() && example.0.is_subset(&self.known)
    }

    pub(super) fn excepts(&self, example: &Example, question: &Question) -> bool {
        self.except.iter().any(|what| example.id.as_ref() == Some(what) || Case::of_text(what).asks(question))
    }
}

/// The texts that a value is made of, each in its plain form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Question(BTreeSet<String>);

impl Question {
    pub(super) fn of(value: &Value) -> Self {
        let mut all = BTreeSet::new();
        leaves(value, &mut all);
        // An empty cell asks nothing, unless there is nothing else.
        if all.len() > 1 {
            all.remove("");
        }
        Question(all)
    }

    pub(super) fn words(&self) -> BTreeSet<String> {
        self.0.iter().flat_map(|text| words(text)).collect()
    }
}

/// Names do not count: the same text may stand under another one.
fn leaves(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| leaves(item, into)),
        Value::Object(map) => map.values().for_each(|value| leaves(value, into)),
        Value::String(text) => {
            into.insert(plain(text));
            // Tables and command lines hold lists and maps as text.
            if text.trim_start().starts_with(['{', '['])
                && let Ok(inner) = serde_json::from_str::<Value>(text)
            {
                leaves(&inner, into);
            }
        }
        other => drop(into.insert(other.to_string())),
    }
}

fn raw(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| raw(item, into)),
        Value::Object(map) => map.values().for_each(|value| raw(value, into)),
        Value::String(text) => into.push(text.clone()),
        other => into.push(other.to_string()),
    }
}

/// A text without what people and programs change in passing: case, blanks, the form of letters.
fn plain(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
