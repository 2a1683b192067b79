//! `labels.yaml`: which version of each prompt a label means, and which versions are switched off.
//!
//! ```yaml
//! labels:
//!   k3v9q2mx: # support/triage
//!     production: {version: 7, blob: 5b1f0e…}
//! inactive:
//!   k3v9q2mx: # support/triage
//!     - {version: 8, blob: 90ac4d…}
//! ```
//!
//! Every pin has a line of its own, so moving a label is a difference of one line, and what is added goes to its place
//! in the order of ids, so that branches which label different prompts can be merged as text.

mod find;
mod lines;
mod write;

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::base::near::did_you_mean;
use crate::base::text::{BOM, Lines};
use crate::base::{Error, Finding, Place, Result, Span};
use crate::model::{Labels, Pin};

use super::yaml::{self, Data, Node, Tree};

pub use find::{find, utf8};
pub use write::{renamed, write};

/// What begins a new file.
const HEADER: &str = "# Which version of each prompt serves where, and which versions are switched off.\n\
                      # `palc label`, `palc promote` and `palc deactivate` write it; it is reviewed like code.\n";

/// A file as it was read, with what is wrong in it.
#[derive(Debug)]
pub struct File<'a> {
    pub path: &'a str,
    pub text: &'a str,
    /// Known where palc wrote the file.
    layout: Option<lines::Layout<'a>>,
    tree: OnceLock<Tree>,
    /// Everything that could be understood, in the order of the file.
    pub entries: Vec<Entry>,
    pub findings: Vec<Finding>,
}

/// One pin and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub id_span: Span,
    /// The label, or nothing for a version that is switched off.
    pub label: Option<String>,
    /// The label's word, or the whole pin of an inactive version.
    pub span: Span,
    pub pin: Pin,
    pub version_span: Span,
    pub blob_span: Span,
}

const SECTIONS: [&str; 2] = ["labels", "inactive"];

/// Read a file. What cannot be understood is left out and reported.
pub fn read<'a>(path: &'a str, text: &'a str) -> File<'a> {
    match lines::read(text) {
        Some(mut layout) => {
            let entries = std::mem::take(&mut layout.entries);
            File { path, text, layout: Some(layout), tree: OnceLock::new(), entries, findings: Vec::new() }
        }
        None => read_yaml(path, text),
    }
}

fn read_yaml<'a>(path: &'a str, text: &'a str) -> File<'a> {
    let tree = tree(text);
    let mut reader = Reader { path, lines: Lines::new(text), entries: Vec::new(), findings: Vec::new() };
    for problem in &tree.problems {
        let finding = Finding::error(problem.rule, reader.place(problem.span), &problem.message);
        reader.findings.push(finding.hint_if(problem.hint.as_ref()));
    }
    if let Some(root) = tree.root.as_ref().filter(|root| !root.is_null()) {
        reader.root(root);
    }
    let Reader { entries, findings, .. } = reader;
    File { path, text, layout: None, tree: tree.into(), entries, findings }
}

fn tree(text: &str) -> Tree {
    let start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    yaml::read(&text[start..], start)
}

impl File<'_> {
    pub fn labels(&self) -> Labels {
        let mut labels = Labels::default();
        for entry in &self.entries {
            match &entry.label {
                Some(label) => drop(labels.set(&entry.id, label, entry.pin.clone())),
                None => drop(labels.deactivate(&entry.id, entry.pin.clone())),
            }
        }
        labels
    }

    /// The same, or an error with all that is wrong: what serves in production is not guessed.
    pub fn strict(&self) -> Result<Labels> {
        if self.findings.is_empty() {
            return Ok(self.labels());
        }
        Err(Error::findings(format!("{} is not in order", self.path), self.findings.clone()))
    }

    fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| tree(self.text))
    }

    pub fn place(&self, span: Span) -> Place {
        Place::in_text(self.path, self.text, span)
    }
}

struct Reader<'a> {
    path: &'a str,
    lines: Lines<'a>,
    entries: Vec<Entry>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn root(&mut self, root: &Node) {
        if !matches!(root.data, Data::Map(_)) {
            return self.wrong("wrong-type", root.span, format!("this must be a map, and is {}", root.type_word()));
        }
        for entry in root.entries() {
            match entry.key.as_str() {
                "palc" if entry.value.value() == json!(1) => {}
                "palc" => self.wrong("wrong-value", entry.value.span, "this palc knows version 1 of the format only"),
                "labels" => self.section(&entry.value, Self::labels),
                "inactive" => self.section(&entry.value, Self::inactive),
                other => self.unknown(other, entry.key_span, &["labels", "inactive", "palc"]),
            }
        }
    }

    fn section(&mut self, section: &Node, read: fn(&mut Self, &yaml::Entry)) {
        match &section.data {
            _ if section.is_null() => {}
            Data::Map(entries) => entries.iter().for_each(|entry| read(self, entry)),
            _ => {
                let message = format!("this must be a map of prompt ids, and is {}", section.type_word());
                self.wrong("wrong-type", section.span, message);
            }
        }
    }

    fn labels(&mut self, prompt: &yaml::Entry) {
        if !matches!(prompt.value.data, Data::Map(_)) {
            let message = format!("the labels of `{}` must be a map, and are {}", prompt.key, prompt.value.type_word());
            return self.wrong("wrong-type", prompt.value.span, message);
        }
        for label in prompt.value.entries() {
            self.pin(prompt, Some(&label.key), label.key_span, &label.value);
        }
    }

    fn inactive(&mut self, prompt: &yaml::Entry) {
        if !matches!(prompt.value.data, Data::List(_)) {
            let message = format!(
                "the inactive versions of `{}` must be a list, and are {}",
                prompt.key,
                prompt.value.type_word()
            );
            return self.wrong("wrong-type", prompt.value.span, message);
        }
        for item in prompt.value.items() {
            self.pin(prompt, None, item.span, item);
        }
    }

    fn pin(&mut self, prompt: &yaml::Entry, label: Option<&str>, span: Span, node: &Node) {
        if !matches!(node.data, Data::Map(_)) {
            let message = format!("this must be `{{version: …, blob: …}}`, and is {}", node.type_word());
            return self.wrong("wrong-type", node.span, message);
        }
        for entry in node.entries().iter().filter(|entry| !matches!(entry.key.as_str(), "version" | "blob")) {
            self.unknown(&entry.key, entry.key_span, &["version", "blob"]);
        }
        let version = self.need(node, span, "version", "a whole number from 1 on", |node| {
            let text = node.text()?;
            text.parse().ok().filter(|&version: &u32| version > 0)
        });
        let blob = self.need(node, span, "blob", "git's id of the content, 40 or 64 digits in hex", |node| {
            let hex = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
            node.text().filter(|text| matches!(text.len(), 40 | 64)).filter(hex).map(str::to_owned)
        });
        if let (Some((version, version_span)), Some((blob, blob_span))) = (version, blob) {
            let (id, id_span, label) = (prompt.key.clone(), prompt.key_span, label.map(str::to_owned));
            let pin = Pin { version, blob };
            self.entries.push(Entry { id, id_span, label, span, pin, version_span, blob_span });
        }
    }

    fn need<T>(
        &mut self,
        pin: &Node,
        whole: Span,
        key: &str,
        what: &str,
        read: fn(&Node) -> Option<T>,
    ) -> Option<(T, Span)> {
        let Some(node) = pin.get(key) else {
            self.wrong("wrong-value", whole, format!("`{key}` is missing here: {what}"));
            return None;
        };
        let value = read(node);
        if value.is_none() {
            self.wrong("wrong-value", node.span, format!("`{key}` must be {what}"));
        }
        Some((value?, node.span))
    }

    fn unknown(&mut self, key: &str, span: Span, known: &[&str]) {
        let finding = Finding::error("unknown-key", self.place(span), format!("unknown key `{key}`"));
        let near =
            did_you_mean(key, known.iter().copied()).unwrap_or_else(|| format!("known here: {}", known.join(", ")));
        self.findings.push(finding.hint(near));
    }

    fn wrong(&mut self, rule: &str, span: Span, message: impl Into<String>) {
        self.findings.push(Finding::error(rule, self.place(span), message));
    }

    fn place(&self, span: Span) -> Place {
        Place::in_lines(self.path, &self.lines, span)
    }
}

/// The JSON Schema of the file (draft 07, which editors of YAML read).
pub fn schema() -> Value {
    let pin = json!({
        "type": "object",
        "properties": {
            "version": {"type": "integer", "minimum": 1, "maximum": u32::MAX, "description": "The number of the version; for people."},
            "blob": {
                "type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$",
                "description": "git's id of the content: what is meant, even if history was rewritten."
            },
        },
        "required": ["version", "blob"],
        "additionalProperties": false,
    });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Labels",
        "description": "Which version of each prompt serves where, and which versions are switched off",
        "type": "object",
        "properties": {
            "palc": {"const": 1, "description": "Version of this format; 1 if absent."},
            "labels": {
                "description": "By prompt id: what each label means.",
                "type": ["object", "null"],
                "additionalProperties": {"type": "object", "additionalProperties": pin},
            },
            "inactive": {
                "description": "By prompt id: versions that do not serve. The newest version before them does.",
                "type": ["object", "null"],
                "additionalProperties": {"type": "array", "items": pin},
            },
        },
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests;
