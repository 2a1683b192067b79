//! Files that a configuration is made of, and what is to be said about places in them.

use crate::base::text::{BOM, Lines};
use crate::base::{Finding, Place, Result, Span};
use crate::format::yaml::{self, Node};
use crate::model::Value;

/// What the surroundings lend: files of the repository, by their path from its root.
pub struct World<'w> {
    pub read: &'w dyn Fn(&str) -> Result<String>,
    /// Paths that fit a pattern, sorted.
    pub find: &'w dyn Fn(&str) -> Result<Vec<String>>,
    /// A fresh id for a prompt.
    pub id: &'w dyn Fn() -> String,
}

/// A file and its content as a tree.
pub struct File {
    pub path: String,
    pub text: String,
    pub root: Option<Node>,
}

impl File {
    pub fn place(&self, span: Span) -> Place {
        Place::in_lines(&self.path, &Lines::new(&self.text), span)
    }
}

/// Everything that is noticed.
pub struct Notes<'w> {
    pub world: &'w World<'w>,
    /// The folder of the configuration, from the root.
    pub folder: String,
    /// From the suite's folder to the root: `../`.
    pub up: String,
    pub findings: Vec<Finding>,
}

impl Notes<'_> {
    /// It cannot be imported.
    pub fn lost(&mut self, place: Place, message: impl Into<String>) {
        self.findings.push(Finding::error("not-imported", place, message));
    }

    pub fn lost_but(&mut self, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.findings.push(Finding::error("not-imported", place, message).hint(hint));
    }

    /// It is imported, and means something else.
    pub fn differs(&mut self, place: Place, message: impl Into<String>) {
        self.findings.push(Finding::warning("differs", place, message));
    }

    /// It is left out, and nothing is lost by that.
    pub fn left_out(&mut self, place: Place, message: impl Into<String>) {
        self.findings.push(Finding::new("left-out", crate::base::Severity::Note, place, message));
    }

    /// The text of a file that is named at a place, and its path from the root.
    pub fn text_of(&mut self, named: &str, place: &Place) -> Option<(String, String)> {
        let Some(path) = joined(&self.folder, named.strip_prefix("file://").unwrap_or(named)) else {
            self.lost(place.clone(), format!("`{named}` lies outside of the repository"));
            return None;
        };
        match (self.world.read)(&path) {
            Ok(text) => Some((path, text)),
            Err(error) => {
                self.lost(place.clone(), error.message());
                None
            }
        }
    }

    /// A file of YAML or JSON that is named at a place.
    pub fn tree_of(&mut self, named: &str, place: &Place) -> Option<File> {
        let (path, text) = self.text_of(named, place)?;
        Some(self.tree(path, text))
    }

    pub fn tree(&mut self, path: String, text: String) -> File {
        let start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
        let tree = yaml::read(&text[start..], start);
        let file = File { path, text, root: tree.root };
        for problem in tree.problems {
            let finding = Finding::error(problem.rule, file.place(problem.span), problem.message);
            self.findings.push(finding.hint_if(problem.hint));
        }
        file
    }
}

/// A path from the folder, as one from the root. None if it leads out of the repository.
pub fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if path.starts_with('/') {
        return None;
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

pub fn extension(path: &str) -> String {
    path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default()
}

/// A name for files and cases: small letters, digits and dashes.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            c if c.is_alphanumeric() => out.push(c),
            _ if out.ends_with('-') || out.is_empty() => {}
            _ => out.push('-'),
        }
        if out.chars().count() >= 40 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// The name, or one with a number if it is taken.
pub fn free(name: &str, taken: &[String]) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name)).expect("numbers do not end")
}

/// Whether any text in it is a template.
pub fn has_template(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("{{") || text.contains("{%"),
        Value::Array(items) => items.iter().any(has_template),
        Value::Object(map) => map.values().any(has_template),
        _ => false,
    }
}
