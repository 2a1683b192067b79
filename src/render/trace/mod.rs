//! A rendering told step by step, with everything it was made from, so that it can be done again.
//!
//! A trace is a file: it is written by one palc and read by another. So it has its own shape here, and serde with it,
//! and no other type of palc goes into it as it is.

mod record;
mod replay;
mod spans;

pub use record::Recorder;
pub use replay::{Replayed, replay};
pub use spans::{Settling, Span, Step, spans};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Map, Value};

/// One rendering. `G` is [`Given`], or any JSON while nobody has looked whether it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trace<G = Given> {
    /// The version of the palc that rendered.
    pub palc: String,
    pub name: String,
    pub path: String,
    /// The row of the data file it was rendered for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Row>,
    /// The model whose tokens are counted.
    pub model: String,
    /// What was done, as a tree: each span names the one it belongs to.
    pub spans: Vec<SpanRecord>,
    /// What would be sent.
    pub request: Sent,
    /// What it was made from. Without it the trace can be shown and not replayed.
    pub given: G,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    pub number: u64,
    pub line: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpanRecord {
    pub id: usize,
    pub parent: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<At>,
    #[serde(flatten)]
    pub step: StepRecord,
}

/// A place in a file; lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct At {
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum StepRecord {
    /// The whole of it.
    Render,
    /// The variables are settled.
    Inputs,
    /// A variable after defaults and conversion. `from` is variable, context, default or none.
    Variable { name: String, value: Value, from: String },
    /// Earlier messages come in.
    History { messages: usize },
    /// Examples are picked.
    Examples { examples: usize },
    /// A file is loaded; below it stand those that it asks for.
    Load { path: String, version: Option<String>, bytes: usize },
    /// The template is expanded. `fuel` counts its steps.
    Expand { bytes: usize, fuel: Option<u64> },
    /// A message is split off.
    Message { role: String, bytes: usize, tokens: usize, exact: bool },
    /// A piece of a message that came from one place.
    Piece { bytes: usize, tokens: usize, computed: bool },
}

/// The body of the final request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sent {
    /// The language it is written in: openai, anthropic, google and so on.
    pub form: String,
    /// SHA-256 of the body as compact JSON.
    pub sha256: String,
    pub bytes: usize,
    pub tokens: usize,
    pub exact: bool,
    pub body: Value,
}

/// Everything that decides what is rendered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Given {
    pub prompt: Asked,
    /// The prompt's file, and where its body stands in it.
    pub text: String,
    pub body_start: usize,
    pub body_end: usize,
    pub variables: Map,
    pub context: Map,
    pub history: Vec<Said>,
    /// What the picked examples say.
    pub examples: Vec<Said>,
    /// Files that were asked for; one without a text was not there.
    pub files: Vec<File>,
    pub options: Limits,
}

/// What of a prompt's front matter counts, with what it inherits and what settings fill in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    pub provider: Option<String>,
    pub models: Vec<String>,
    pub params: Map,
    pub input_schema: Option<Value>,
    pub input_default: Map,
    pub input_required: Vec<String>,
    pub output_format: Option<String>,
    pub output_schema: Option<Value>,
    pub output_strict: bool,
    pub tools: Vec<Value>,
    pub engine: Option<String>,
    pub message_style: Option<String>,
    pub undefined: Option<String>,
    pub trim_blocks: bool,
    pub lstrip_blocks: bool,
    pub extends: Option<String>,
    pub partials: Vec<String>,
    /// Messages that are data, in files that are pure YAML.
    pub messages: Vec<Said>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    pub role: String,
    pub content: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct File {
    pub path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub text: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    pub fuel: u64,
    pub recursion: usize,
    pub include_depth: usize,
    pub output_bytes: usize,
    pub on_missing: String,
    pub undefined: String,
    pub first_role: String,
    /// lines, loose or calls.
    pub markers: String,
    pub roots: Vec<String>,
}
