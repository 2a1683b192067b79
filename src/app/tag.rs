//! Tags: add, remove, rename, list.

use std::collections::BTreeMap;

use crate::base::{Error, Result};
use crate::format::change::Change;
use crate::model::Value;
use crate::repo::Source;

use super::App;
use super::list;
use super::set::every;
use super::write::{Selection, Written};

#[derive(Debug)]
pub struct Request {
    pub action: Action,
    pub prompts: Selection,
    pub dry_run: bool,
}

#[derive(Debug)]
pub enum Action {
    Add(String),
    Remove(String),
    Rename { from: String, to: String },
}

const TAGS: &[&str] = &["tags"];

pub fn tag(app: &App, request: &Request) -> Result<Written> {
    every(app, &request.prompts, request.dry_run, |files| match &request.action {
        Action::Add(tag) => files.changed(Change::Append(TAGS, &Value::from(tag.as_str()))),
        Action::Remove(tag) => files.changed(Change::Remove(TAGS, &Value::from(tag.as_str()))),
        Action::Rename { from, to } => {
            let tags = files.field(TAGS)?;
            let tags = match tags {
                Some(Value::Array(tags)) => tags,
                Some(tag @ Value::String(_)) => vec![tag],
                _ => return Ok(files.clone()),
            };
            if !tags.contains(&Value::from(from.as_str())) {
                return Ok(files.clone());
            }
            let (from, to) = (Value::from(from.as_str()), Value::from(to.as_str()));
            let mut renamed: Vec<Value> = Vec::new();
            for tag in tags {
                let tag = if tag == from { to.clone() } else { tag };
                if !renamed.contains(&tag) {
                    renamed.push(tag);
                }
            }
            files.changed(Change::Set(TAGS, &Value::Array(renamed)))
        }
    })
}

/// Refuse what could not be told apart from other tags later.
pub fn check(tag: &str) -> Result<()> {
    if tag.is_empty() || tag.trim() != tag || tag.contains([',', '\n']) {
        return Err(Error::usage(format!("`{tag}` cannot be a tag")).hint("use a word, such as `support`"));
    }
    Ok(())
}

/// A tag that is used or declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    pub prompts: usize,
    pub description: Option<String>,
    pub color: Option<String>,
    /// Whether the vocabulary has it; always so where there is none.
    pub known: bool,
}

pub fn tags(app: &App) -> Result<Vec<Tag>> {
    let vocabulary = &app.settings()?.vocabulary.tags;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    counts.extend(vocabulary.words().iter().map(|word| (word.name.clone(), 0)));
    for listed in list::cards(&Source::at(app.workspace()?, None)?, Some)?.facts {
        for tag in listed.card.tags {
            *counts.entry(tag).or_default() += 1;
        }
    }
    let tag = |(name, prompts): (String, usize)| {
        let word = vocabulary.find(&name);
        let description = word.and_then(|word| word.description.clone());
        let color = word.and_then(|word| word.color.clone());
        Tag { known: vocabulary.contains(&name), name, prompts, description, color }
    };
    Ok(counts.into_iter().map(tag).collect())
}
