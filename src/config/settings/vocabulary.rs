//! Vocabularies: which words a field may hold. They are data, so a new word needs no new palc.

use serde_json::{Map, Value};

use crate::base::near::{did_you_mean, nearest};
use crate::config::kind::{Fault, Kind, found};
use crate::config::layers::Values;

/// A word with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub name: String,
    pub description: Option<String>,
    pub color: Option<String>,
    /// Other names that mean the same, such as older ones.
    pub aliases: Vec<String>,
    /// For actions: whether the model is told of it.
    pub offered: bool,
    /// For phases: whether a user can be in it.
    pub user: bool,
    /// For statuses: whether a version of that status serves.
    pub served: bool,
}

/// The words of one field. One without words allows any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    words: Vec<Word>,
}

impl Vocabulary {
    pub fn new(words: Vec<Word>) -> Self {
        Vocabulary { words }
    }

    /// Whether the field may hold the word.
    pub fn contains(&self, word: &str) -> bool {
        self.words.is_empty() || self.find(word).is_some()
    }

    /// The entry of a word or of its alias.
    pub fn find(&self, word: &str) -> Option<&Word> {
        let alias = |entry: &&Word| entry.aliases.iter().any(|alias| alias == word);
        self.words.iter().find(|entry| entry.name == word).or_else(|| self.words.iter().find(alias))
    }

    /// The word that was probably meant: one that differs only in case, or a near one.
    pub fn nearest(&self, word: &str) -> Option<&str> {
        let names = || self.words.iter().flat_map(Word::names);
        names().find(|name| name.to_lowercase() == word.to_lowercase()).or_else(|| nearest(word, names()))
    }

    /// Let it know one more word, if it knows any. An open one knows all words already.
    pub fn learn(&mut self, name: &str, description: Option<String>) {
        if !self.contains(name) {
            self.words.push(Word { description, ..Word::new(name) });
        }
    }

    /// The words in the order of their author.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    pub fn is_open(&self) -> bool {
        self.words.is_empty()
    }

    fn read(value: Option<&Value>) -> Self {
        let words = match value {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(Word::new).collect(),
            Some(Value::Object(table)) => table.iter().map(|(name, about)| Word::read(name, about)).collect(),
            _ => Vec::new(),
        };
        Vocabulary { words }
    }
}

impl Word {
    pub fn new(name: &str) -> Self {
        let name = name.to_owned();
        Word { name, description: None, color: None, aliases: Vec::new(), offered: true, user: true, served: true }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }

    fn read(name: &str, about: &Value) -> Self {
        let text = |field: &str| about.get(field).and_then(Value::as_str).map(str::to_owned);
        let flag = |field: &str| about.get(field).and_then(Value::as_bool).unwrap_or(true);
        Word {
            description: text("description").or_else(|| about.as_str().map(str::to_owned)),
            color: text("color"),
            aliases: about.get("aliases").map(super::texts).unwrap_or_default(),
            offered: flag("offered"),
            user: flag("user"),
            served: flag("served"),
            ..Word::new(name)
        }
    }
}

#[derive(Debug, Clone)]
pub struct Vocabularies {
    pub type_: Vocabulary,
    pub phase: Vocabulary,
    pub status: Vocabulary,
    pub category: Vocabulary,
    pub persona: Vocabulary,
    pub tags: Vocabulary,
    pub context_keys: Vocabulary,
    pub actions: Vocabulary,
    pub relation: Vocabulary,
}

impl Vocabularies {
    /// Their names, as in `vocabulary.<name>`.
    pub const NAMES: &'static [&'static str] =
        &["type", "phase", "status", "category", "persona", "tags", "context_keys", "actions", "relation"];

    pub(super) fn read(values: Values<'_>) -> Self {
        let read = |name: &str| Vocabulary::read(values.get(&format!("vocabulary.{name}")));
        Vocabularies {
            type_: read("type"),
            phase: read("phase"),
            status: read("status"),
            category: read("category"),
            persona: read("persona"),
            tags: read("tags"),
            context_keys: read("context_keys"),
            actions: read("actions"),
            relation: read("relation"),
        }
    }

    pub fn get(&self, name: &str) -> Option<&Vocabulary> {
        Some(match name {
            "type" => &self.type_,
            "phase" => &self.phase,
            "status" => &self.status,
            "category" => &self.category,
            "persona" => &self.persona,
            "tags" => &self.tags,
            "context_keys" => &self.context_keys,
            "actions" => &self.actions,
            "relation" => &self.relation,
            _ => return None,
        })
    }
}

/// What may be known of a word: `(field, kind, what it says)`.
pub(in crate::config) const FIELDS: &[(&str, Kind, &str)] = &[
    ("description", Kind::Text, "What the word means."),
    ("color", Kind::Text, "The colour it is shown in: a name, or `#rrggbb`."),
    ("aliases", Kind::List, "Other names for it, such as older ones."),
    ("offered", Kind::Bool, "For actions: whether the model is told of it."),
    ("user", Kind::Bool, "For phases: whether a user can be in it."),
    ("served", Kind::Bool, "For statuses: whether a version of that status serves."),
];

const COLORS: &[&str] = &["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "gray"];

/// Everything that is wrong with a vocabulary as it was written.
pub(in crate::config) fn faults(value: &Value) -> Vec<Fault> {
    match value {
        Value::Array(names) => list_faults(names),
        Value::Object(table) => {
            let words = table.iter();
            let mut faults: Vec<Fault> = words
                .flat_map(|(name, about)| word_faults(about).into_iter().map(move |fault| fault.inside(name)))
                .collect();
            faults.extend(twins(table));
            faults
        }
        other => vec![wrong_type(&Kind::Words.describe(), other)],
    }
}

fn list_faults(names: &[Value]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let problem = match name.as_str() {
            None => Some(wrong_type("a word", name)),
            Some("") => Some(Fault::new("config-word", "a word cannot be empty".into())),
            Some(text) if names[..index].contains(name) => {
                Some(Fault::new("config-duplicate-word", format!("`{text}` stands here twice")))
            }
            Some(_) => None,
        };
        faults.extend(problem.map(|fault| fault.inside(index.to_string())));
    }
    faults
}

/// A word is described by a table, or by a text that is its description.
fn word_faults(about: &Value) -> Vec<Fault> {
    let fields = match about {
        Value::String(_) => return Vec::new(),
        Value::Object(fields) => fields,
        other => return vec![wrong_type("a description, or a table such as { description = \"…\" }", other)],
    };
    let mut faults = Vec::new();
    for (name, value) in fields {
        match FIELDS.iter().find(|(field, ..)| field == name) {
            None => faults.push(unknown_field(name)),
            Some((_, kind, _)) => faults.extend(kind.faults(value).into_iter().map(|fault| fault.inside(name))),
        }
        if let ("color", Some(color)) = (name.as_str(), value.as_str()) {
            faults.extend(color_fault(color).map(|fault| fault.inside(name)));
        }
    }
    faults
}

fn color_fault(color: &str) -> Option<Fault> {
    let hex = |digits: &str| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let good = COLORS.contains(&color) || color.strip_prefix('#').is_some_and(hex);
    (!good).then(|| {
        let message = format!("`{color}` is no colour: write one of {}, or #rrggbb", COLORS.join(", "));
        let mut fault = Fault::new("config-word", message);
        fault.hint = did_you_mean(color, COLORS.iter().copied());
        fault
    })
}

fn unknown_field(name: &str) -> Fault {
    let known: Vec<&str> = FIELDS.iter().map(|(field, ..)| *field).collect();
    let mut fault = Fault::new("config-unknown-key", format!("unknown field `{name}`")).inside(name);
    fault.on_key = true;
    fault.hint =
        did_you_mean(name, known.iter().copied()).or_else(|| Some(format!("known of a word: {}", known.join(", "))));
    fault
}

/// Aliases that are also words, or aliases of two words.
fn twins(table: &Map<String, Value>) -> Vec<Fault> {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let mut faults = Vec::new();
    for (name, about) in table {
        let aliases = about.get("aliases").and_then(Value::as_array).into_iter().flatten();
        for (index, alias) in aliases.enumerate() {
            let Some(alias) = alias.as_str() else { continue };
            let other = seen.iter().find(|(seen, _)| *seen == alias).map(|(_, owner)| *owner);
            let owner = other.or_else(|| table.contains_key(alias).then_some(alias));
            if let Some(owner) = owner {
                let message = format!("the alias `{alias}` already means `{owner}`");
                let fault = Fault::new("config-duplicate-word", message);
                faults.push(fault.inside(index.to_string()).inside("aliases").inside(name));
            }
            seen.push((alias, name));
        }
    }
    faults
}

fn wrong_type(what: &str, value: &Value) -> Fault {
    Fault::new("config-type", format!("expected {what}, found {}", found(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_and_aliases_are_known_and_near_ones_named() {
        let value = json!({"coach": {"aliases": ["trainer"]}, "sentinel": "Watches", "System": {"user": false}});
        assert_eq!(faults(&value), []);
        let vocabulary = Vocabulary::read(Some(&value));
        assert!(vocabulary.contains("trainer") && !vocabulary.contains("Coach"));
        assert_eq!(vocabulary.nearest("COACH"), Some("coach"));
        assert_eq!(vocabulary.nearest("sentinal"), Some("sentinel"));
        assert_eq!(vocabulary.find("sentinel").expect("present").description.as_deref(), Some("Watches"));
        assert!(!vocabulary.find("System").expect("present").user);
        assert!(Vocabulary::default().contains("anything"));
    }
}
