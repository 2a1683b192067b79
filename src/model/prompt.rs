//! A prompt as its author wrote it.

use super::name::Name;
use super::{Map, Value};

/// What a file is for. Partials are included by others, personas speak in generation, and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Kind {
    #[default]
    Prompt,
    Partial,
    Judge,
    Agent,
    Skill,
    Command,
    Rule,
    Persona,
    Phase,
}

impl Kind {
    pub const ALL: [Kind; 9] = [
        Kind::Prompt,
        Kind::Partial,
        Kind::Judge,
        Kind::Agent,
        Kind::Skill,
        Kind::Command,
        Kind::Rule,
        Kind::Persona,
        Kind::Phase,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Kind::Prompt => "prompt",
            Kind::Partial => "partial",
            Kind::Judge => "judge",
            Kind::Agent => "agent",
            Kind::Skill => "skill",
            Kind::Command => "command",
            Kind::Rule => "rule",
            Kind::Persona => "persona",
            Kind::Phase => "phase",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A word of the status vocabulary; a file without one is active.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Status(pub String);

impl Default for Status {
    fn default() -> Self {
        Status("active".into())
    }
}

/// The front matter and body of one file, in palc's own words whatever dialect the file is written in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prompt {
    pub id: Option<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub kind: Kind,
    /// `type:` in the file.
    pub type_: Option<String>,
    pub phase: Vec<String>,
    pub variant: Option<String>,
    pub version: Option<String>,
    pub status: Option<Status>,
    pub tags: Vec<String>,
    pub authors: Vec<String>,
    pub owners: Vec<String>,
    pub category: Option<String>,
    pub persona: Option<String>,
    pub target: Target,
    pub license: Option<String>,
    pub compatibility: Option<String>,
    pub provider: Option<String>,
    /// In order of preference; the first is the one to use.
    pub models: Vec<String>,
    pub params: Map,
    pub input: Input,
    pub output: Output,
    pub tools: Vec<Value>,
    /// `None` says nothing; an empty list allows no action.
    pub allowed_actions: Option<Vec<String>>,
    pub template: Template,
    pub extends: Option<String>,
    pub partials: Vec<String>,
    pub related: Vec<Related>,
    /// Messages given as data, in files that are pure YAML.
    pub messages: Vec<Message>,
    pub origin: Map,
    pub custom: Map,
    pub ext: Map,
    /// The whole front matter as written, for `--where` and for keys palc does not know.
    pub front: Map,
    pub body: String,
}

impl Prompt {
    pub fn status(&self) -> &str {
        self.status.as_ref().map_or("active", |status| &status.0)
    }

    pub fn model(&self) -> Option<&str> {
        self.models.first().map(String::as_str)
    }

    /// The title if there is one, else the last part of the name.
    pub fn title_or<'a>(&'a self, name: &'a Name) -> &'a str {
        self.title.as_deref().unwrap_or_else(|| name.stem())
    }
}

/// What somebody said this prompt has to do with another one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Related {
    /// An id or a name.
    pub to: String,
    pub type_: Option<String>,
    pub strength: Option<f64>,
    pub context: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    pub model_family: Option<String>,
    pub use_case: Option<String>,
    pub host: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub schema: Option<Value>,
    pub default: Map,
    pub required: Vec<String>,
    pub examples: Vec<Value>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Output {
    pub format: Option<String>,
    pub schema: Option<Value>,
    pub strict: bool,
}

/// How the body becomes messages. Unset parts follow the dialect and the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    pub engine: Option<String>,
    pub messages: Option<String>,
    pub undefined: Option<String>,
    pub trim_blocks: bool,
    pub lstrip_blocks: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub role: String,
    pub content: String,
    pub name: Option<String>,
}
