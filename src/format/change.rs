//! Edits in palc's words, whatever the dialect: each goes to the key that holds the field, in the file or beside it.

use crate::base::{Error, Result};
use crate::model::Value;

use super::dialect::{Dialect, Home};
use super::document::Document;
use super::{edit, naming, parse_with};

/// What to do to a field, which is named by a path of keys.
#[derive(Debug, Clone, Copy)]
pub enum Change<'a> {
    Set(&'a [&'a str], &'a Value),
    Unset(&'a [&'a str]),
    /// Add to a list what is not in it.
    Append(&'a [&'a str], &'a Value),
    /// Take out of a list what is in it.
    Remove(&'a [&'a str], &'a Value),
}

/// A prompt file and, if there is one, the file beside it that holds what its own format cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    pub path: String,
    pub dialect: Dialect,
    pub text: String,
    pub beside: Option<String>,
}

impl Files {
    /// The same files after a change. Texts that need no change come back byte for byte.
    pub fn changed(&self, change: Change<'_>) -> Result<Files> {
        let document = self.document()?;
        let tree = document.tree();
        let root = tree.root.as_ref();
        let path = change.path();
        if let Change::Set(_, value) = change
            && document.dialect.is_spread(root, path)
        {
            return self.spread(path, value);
        }
        match document.dialect.home(root, path) {
            Home::File(path) => Ok(Files { text: apply(&document, &path, change)?, ..self.clone() }),
            Home::Sidecar => {
                let path: Vec<String> = path.iter().map(|&key| key.to_owned()).collect();
                let beside = self.beside.clone().unwrap_or_default();
                let name = self.path_beside();
                let text = apply(&split(&name, &beside, Dialect::Sidecar)?, &path, change)?;
                let beside = if text.trim().is_empty() { None } else { Some(text) };
                Ok(Files { beside: beside.or(self.beside.clone().map(|_| String::new())), ..self.clone() })
            }
        }
    }

    /// The path of the file beside this one.
    pub fn path_beside(&self) -> String {
        naming::sidecar_of(&self.path).unwrap_or_else(|| format!("{}.palc.yaml", self.path))
    }

    /// The prompt as these files tell it.
    pub fn field(&self, path: &[&str]) -> Result<Option<Value>> {
        let document = self.document()?;
        let name = self.path_beside();
        let beside = self.beside.as_deref().map(|text| split(&name, text, Dialect::Sidecar)).transpose()?;
        let front = Value::Object(parse_with(document, beside.as_ref()).prompt.front);
        Ok(path.iter().try_fold(&front, |value, key| value.get(key)).cloned())
    }

    fn document(&self) -> Result<Document<'_>> {
        split(&self.path, &self.text, self.dialect)
    }

    /// Set a map whose keys are kept in several places, key by key.
    fn spread(&self, path: &[&str], value: &Value) -> Result<Files> {
        let Value::Object(map) = value else {
            return Err(Error::invalid(format!("`{}` must be a map of keys and values here", path.join("."))));
        };
        let mut files = self.clone();
        if let Some(Value::Object(old)) = self.field(path)? {
            for key in old.keys().filter(|key| !map.contains_key(*key)) {
                files = files.changed(Change::Unset(&join(path, key)))?;
            }
        }
        for (key, value) in map {
            files = files.changed(Change::Set(&join(path, key), value))?;
        }
        Ok(files)
    }
}

impl<'a> Change<'a> {
    pub fn path(&self) -> &'a [&'a str] {
        match *self {
            Change::Set(path, _) | Change::Unset(path) | Change::Append(path, _) | Change::Remove(path, _) => path,
        }
    }
}

fn split<'a>(path: &'a str, text: &'a str, dialect: Dialect) -> Result<Document<'a>> {
    Document::split(path, text.as_bytes(), dialect)
        .map_err(|finding| Error::findings(format!("{path} cannot be read"), vec![*finding]))
}

fn apply(document: &Document<'_>, path: &[String], change: Change<'_>) -> Result<String> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match change {
        Change::Set(_, value) => edit::set(document, &path, value),
        Change::Unset(_) => edit::unset(document, &path),
        Change::Append(_, item) => edit::append(document, &path, item),
        Change::Remove(_, item) => edit::remove_item(document, &path, item),
    }
}

fn join<'a>(path: &[&'a str], key: &'a str) -> Vec<&'a str> {
    path.iter().copied().chain([key]).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn files(path: &str, text: &str) -> Files {
        Files { path: path.into(), dialect: Dialect::of_path(path), text: text.into(), beside: None }
    }

    fn set(path: &str, text: &str, field: &str, value: &Value) -> Files {
        let field: Vec<&str> = field.split('.').collect();
        let changed = files(path, text).changed(Change::Set(&field, value)).expect("changes");
        assert_eq!(changed.field(&field).expect("reads"), Some(value.clone()), "{changed:?}");
        assert_eq!(changed.changed(Change::Set(&field, value)).expect("changes"), changed);
        changed
    }

    #[test]
    fn an_edit_in_palcs_words_changes_the_dialects_own_key() {
        let text = |path: &str, text: &str, field: &str| set(path, text, field, &json!(7)).text;
        let max = "params.max_tokens";
        assert_eq!(
            text("a.prompt", "# licence\n\n---\nconfig:\n  maxOutputTokens: 5 # c\n---\nHi\n", max),
            "# licence\n\n---\nconfig:\n  maxOutputTokens: 7 # c\n---\nHi\n"
        );
        assert_eq!(
            text("a.prompty", "---\nmodel:\n  options:\n    seed: 1\n---\nsystem:\n", max),
            "---\nmodel:\n  options:\n    seed: 1\n    maxOutputTokens: 7\n---\nsystem:\n"
        );
        assert_eq!(
            text("a.prompty", "---\nmodel:\n  parameters: {max_tokens: 5}\n---\n", max),
            "---\nmodel:\n  parameters: {max_tokens: 7}\n---\n"
        );
        assert_eq!(
            text("a.prompt.yml", "modelParameters:\n  maxTokens: 5\nmessages: []", max),
            "modelParameters:\n  maxTokens: 7\nmessages: []"
        );
        assert_eq!(text("llm/a.yaml", "prompt: x", max), "prompt: x\noptions:\n  max_tokens: 7");
        assert_eq!(text("a.prompt", "Hi", "priority"), "---\npalc.priority: 7\n---\nHi");
    }

    #[test]
    fn what_a_format_forbids_goes_beside_the_file() {
        let skill = "---\nname: pdf\ndescription: d\n---\nBody\n";
        let changed = set("pdf/SKILL.md", skill, "status", &json!("draft"));
        assert_eq!((changed.text.as_str(), changed.beside.as_deref()), (skill, Some("status: draft\n")));
        let unset = changed.changed(Change::Unset(&["status"])).expect("changes");
        assert_eq!(unset.beside.as_deref(), Some(""));
        let text = set("a.txt", "---\nno: front\n", "tags", &json!(["a"]));
        assert_eq!((text.text.as_str(), text.beside.as_deref()), ("---\nno: front\n", Some("tags: [a]\n")));
    }

    #[test]
    fn a_map_that_is_spread_is_set_key_by_key() {
        let before = "---\nconfig: {maxOutputTokens: 5, topP: 1}\n---\n";
        let changed = set("a.prompt", before, "params", &json!({"max_tokens": 7, "seed": 1}));
        assert_eq!(changed.text, "---\nconfig: {maxOutputTokens: 7, seed: 1}\n---\n");
    }

    #[test]
    fn rules_of_cursor_are_edited_although_they_are_not_yaml() {
        let before = "---\ndescription: a: b\nglobs: **/*.ts,**/*.js\nalwaysApply: false\n---\nBody\n";
        assert_eq!(
            set("a.mdc", before, "description", &json!("c")).text,
            "---\ndescription: c\nglobs: **/*.ts,**/*.js\nalwaysApply: false\n---\nBody\n"
        );
        assert_eq!(
            set("a.mdc", before, "host.globs", &json!("*.rs")).text,
            "---\ndescription: a: b\nglobs: \"*.rs\"\nalwaysApply: false\n---\nBody\n"
        );
    }
}
