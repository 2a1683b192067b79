//! An assembly: a file that says in which order the parts of a request stand.
//!
//! ```yaml
//! segments:
//!   - select: {type: system, phase: system_context}
//!   - variable: notes
//!     title: Notes about the user
//!   - template
//!   - actions
//!   - history: 10
//! ```

use serde_json::{Value, json};

use crate::base::near::did_you_mean;
use crate::base::text::{BOM, Lines};
use crate::base::{Error, Finding, Place, Result, Span};

use super::yaml::{self, Data, Node};

/// A file as it was read, with what is wrong in it.
#[derive(Debug)]
pub struct Assembly {
    pub segments: Vec<Segment>,
    pub findings: Vec<Finding>,
}

/// A part of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub what: What,
    /// The role of text that brings none of its own.
    pub role: String,
    /// A line above such text.
    pub title: Option<String>,
    pub missing: Missing,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A prompt by its name, with a version or a label if that is wanted.
    Prompt(String),
    /// Whichever prompt serves a type and a phase.
    Select { type_: Option<String>, phase: Option<String> },
    /// A value of the context.
    Variable(String),
    /// The prompt that is rendered.
    Template,
    /// What answers may ask for, in words.
    Actions,
    /// Earlier messages, the last so many or all.
    History(Option<usize>),
}

/// What is done where there is nothing to put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Warn,
    Error,
    Skip,
}

const KINDS: [&str; 6] = ["prompt", "select", "variable", "template", "actions", "history"];
const OPTIONS: [&str; 3] = ["role", "title", "missing"];
const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

impl What {
    /// The word for it in the file.
    pub fn word(&self) -> &'static str {
        match self {
            What::Prompt(_) => "prompt",
            What::Select { .. } => "select",
            What::Variable(_) => "variable",
            What::Template => "template",
            What::Actions => "actions",
            What::History(_) => "history",
        }
    }
}

/// Read a file. What cannot be understood is left out and reported.
pub fn read(path: &str, text: &str) -> Assembly {
    let start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let tree = yaml::read(&text[start..], start);
    let mut reader = Reader { path, lines: Lines::new(text), segments: Vec::new(), findings: Vec::new() };
    for problem in &tree.problems {
        let finding = Finding::error(problem.rule, reader.place(problem.span), &problem.message);
        reader.findings.push(finding.hint_if(problem.hint.as_ref()));
    }
    match tree.root.as_ref() {
        Some(root) => reader.root(root),
        None => reader.wrong(Span::at(0), "this must be a map with `segments`"),
    }
    let Reader { segments, findings, .. } = reader;
    Assembly { segments, findings }
}

impl Assembly {
    /// The parts, or an error with all that is wrong.
    pub fn strict(self, path: &str) -> Result<Vec<Segment>> {
        match self.findings.is_empty() {
            true => Ok(self.segments),
            false => Err(Error::findings(format!("{path} is not in order"), self.findings)),
        }
    }
}

struct Reader<'a> {
    path: &'a str,
    lines: Lines<'a>,
    segments: Vec<Segment>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn root(&mut self, root: &Node) {
        if !matches!(root.data, Data::Map(_)) {
            return self.wrong(root.span, "this must be a map with `segments`");
        }
        for entry in root.entries() {
            match entry.key.as_str() {
                "palc" if entry.value.value() == json!(1) => {}
                "palc" => self.wrong(entry.value.span, "this palc knows version 1 of the format only"),
                "segments" if matches!(entry.value.data, Data::List(_)) => {
                    entry.value.items().iter().for_each(|item| self.segment(item));
                }
                "segments" => self.wrong(entry.value.span, "this must be a list"),
                other => self.unknown(other, entry.key_span, &["segments", "palc"]),
            }
        }
        let templates = self.segments.iter().filter(|segment| segment.what == What::Template).count();
        if templates != 1 && self.findings.is_empty() {
            self.wrong(root.span, "`template` must stand in the list once: it is the prompt that is rendered");
        }
    }

    fn segment(&mut self, item: &Node) {
        if let Some(word) = item.text() {
            let what = self.what(word, None, item.span);
            return self.segments.extend(what.map(|what| self.made(what, item)));
        }
        if !matches!(item.data, Data::Map(_)) {
            return self.wrong(item.span, "this must be a word, or a map that begins with one");
        }
        let kinds: Vec<&yaml::Entry> =
            item.entries().iter().filter(|entry| !OPTIONS.contains(&entry.key.as_str())).collect();
        let [kind] = kinds[..] else {
            return self.wrong(item.span, &format!("one of these must stand here: {}", KINDS.join(", ")));
        };
        let Some(what) = self.what(&kind.key, Some(&kind.value), kind.key_span) else { return };
        let mut segment = self.made(what, item);
        for entry in item.entries() {
            let word = entry.value.text().unwrap_or_default();
            match entry.key.as_str() {
                "role" if ROLES.contains(&word) => word.clone_into(&mut segment.role),
                "role" => self.wrong(entry.value.span, &format!("the roles are {}", ROLES.join(", "))),
                "title" => segment.title = Some(word.to_owned()),
                "missing" => match word {
                    "warn" => segment.missing = Missing::Warn,
                    "error" => segment.missing = Missing::Error,
                    "skip" => segment.missing = Missing::Skip,
                    _ => self.wrong(entry.value.span, "`missing` is warn, error or skip"),
                },
                _ => {}
            }
        }
        self.segments.push(segment);
    }

    fn made(&self, what: What, item: &Node) -> Segment {
        // A prompt that is not there is worth a word; a value that nobody gave is the usual case.
        let missing = match what {
            What::Prompt(_) | What::Select { .. } => Missing::Warn,
            _ => Missing::Skip,
        };
        Segment { what, role: "system".into(), title: None, missing, place: self.place(item.span) }
    }

    fn what(&mut self, word: &str, value: Option<&Node>, span: Span) -> Option<What> {
        let text = value.and_then(Node::text);
        let plain = value.is_none_or(Node::is_null);
        let what = match word {
            "prompt" => text.map(|name| What::Prompt(name.to_owned())),
            "variable" => text.map(|name| What::Variable(name.to_owned())),
            "select" => return self.select(value, span),
            "template" if plain => Some(What::Template),
            "actions" if plain => Some(What::Actions),
            "history" if plain => Some(What::History(None)),
            "history" => text.and_then(|text| text.parse().ok()).map(|last| What::History(Some(last))),
            "template" | "actions" => None,
            other => {
                self.unknown(other, span, &KINDS);
                return None;
            }
        };
        if what.is_none() {
            let wants = match word {
                "prompt" => "the name of a prompt",
                "variable" => "the name of a value",
                "history" => "how many messages are wanted, or nothing",
                _ => "nothing behind it",
            };
            self.wrong(value.map_or(span, |node| node.span), &format!("`{word}` takes {wants}"));
        }
        what
    }

    fn select(&mut self, value: Option<&Node>, span: Span) -> Option<What> {
        let node = value.filter(|node| !node.entries().is_empty());
        let Some(node) = node else {
            self.wrong(span, "`select` takes a map of `type`, `phase` or both");
            return None;
        };
        for entry in node.entries().iter().filter(|entry| !["type", "phase"].contains(&entry.key.as_str())) {
            self.unknown(&entry.key, entry.key_span, &["type", "phase"]);
        }
        let word = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
        Some(What::Select { type_: word("type"), phase: word("phase") })
    }

    fn unknown(&mut self, key: &str, span: Span, known: &[&str]) {
        let finding = Finding::error("unknown-key", self.place(span), format!("unknown key `{key}`"));
        let near =
            did_you_mean(key, known.iter().copied()).unwrap_or_else(|| format!("known here: {}", known.join(", ")));
        self.findings.push(finding.hint(near));
    }

    fn wrong(&mut self, span: Span, message: &str) {
        self.findings.push(Finding::error("wrong-value", self.place(span), message));
    }

    fn place(&self, span: Span) -> Place {
        Place::in_lines(self.path, &self.lines, span)
    }
}

/// The JSON Schema of the file (draft 07, which editors of YAML read).
pub fn schema() -> Value {
    let text = |description: &str| json!({"type": "string", "description": description});
    let options = json!({
        "role": {"enum": ROLES, "description": "The role of text that brings none of its own; system if absent."},
        "title": text("A line above such text."),
        "missing": {"enum": ["warn", "error", "skip"], "description": "What is done where there is nothing to put in: warn for prompts, skip for all else."},
    });
    let kinds = json!({
        "prompt": text("A prompt by its name, with @VERSION or @label if that is wanted."),
        "select": {
            "type": "object", "minProperties": 1, "additionalProperties": false,
            "properties": {"type": {"type": "string"}, "phase": {"type": "string"}},
            "description": "Whichever prompt serves this type and phase.",
        },
        "variable": text("A value of the context, as a message."),
        "template": {"type": "null", "description": "The prompt that is rendered; once."},
        "actions": {"type": "null", "description": "What answers may ask for, in words."},
        "history": {"type": ["integer", "null"], "minimum": 0, "description": "Earlier messages: the last so many, or all."},
    });
    let mut properties = kinds.as_object().cloned().unwrap_or_default();
    properties.extend(options.as_object().cloned().unwrap_or_default());
    let one_of: Vec<Value> = KINDS.iter().map(|kind| json!({"required": [kind]})).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Assembly",
        "description": "In which order the parts of a request stand",
        "type": "object",
        "properties": {
            "palc": {"const": 1, "description": "Version of this format; 1 if absent."},
            "segments": {
                "type": "array",
                "items": {"anyOf": [
                    {"enum": ["template", "actions", "history"]},
                    {"type": "object", "properties": properties, "oneOf": one_of, "additionalProperties": false},
                ]},
            },
        },
        "required": ["segments"],
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(text: &str) -> Vec<What> {
        read("a.yaml", text).strict("a.yaml").expect("is in order").into_iter().map(|segment| segment.what).collect()
    }

    fn wrong(text: &str) -> Vec<String> {
        let findings = read("a.yaml", text).findings;
        findings
            .iter()
            .map(|finding| format!("{}:{} {}", finding.place.line, finding.place.column, finding.message))
            .collect()
    }

    #[test]
    fn segments_are_words_or_maps() {
        let text = "palc: 1\nsegments:\n  - prompt: a@production\n  - select: {phase: p}\n  - variable: notes\n    role: user\n  - template\n  - actions:\n  - history: 3\n";
        let select = What::Select { type_: None, phase: Some("p".into()) };
        let prompt = What::Prompt("a@production".into());
        let variable = What::Variable("notes".into());
        assert_eq!(whats(text), [prompt, select, variable, What::Template, What::Actions, What::History(Some(3))]);
        let read = read("a.yaml", text);
        assert_eq!((read.segments[2].role.as_str(), read.segments[0].role.as_str()), ("user", "system"));
        assert_eq!((read.segments[0].missing, read.segments[2].missing), (Missing::Warn, Missing::Skip));
    }

    #[test]
    fn everything_that_is_wrong_is_said() {
        let text =
            "segments:\n  - promt: a\n  - template: x\n  - {role: boss, actions: }\n  - select: 3\n  - [a]\nmore: 1\n";
        assert_eq!(
            wrong(text),
            [
                "2:5 unknown key `promt`",
                "3:15 `template` takes nothing behind it",
                "4:12 the roles are system, developer, user, assistant, tool",
                "5:5 `select` takes a map of `type`, `phase` or both",
                "6:5 this must be a word, or a map that begins with one",
                "7:1 unknown key `more`",
            ]
        );
        assert_eq!(wrong("segments: [actions]\n").len(), 1);
        assert_eq!(wrong("").len(), 1);
    }
}
