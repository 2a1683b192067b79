//! A scenario: one prompt in several contexts, and what is expected of it in each.

use super::Map;
use crate::base::Span;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scenario {
    /// A name as on the command line, perhaps with a version.
    pub prompt: String,
    /// Variables in every context, where neither its data nor its own say otherwise.
    pub vars: Map,
    pub contexts: Vec<Context>,
}

/// One situation. Nothing of it is seen by the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    pub name: String,
    pub vars: Map,
    /// Earlier messages, each with role and content.
    pub history: Vec<Message>,
    /// A data file, from the repository's root, and the row that gives variables.
    pub data: Option<String>,
    pub row: u64,
    /// A set of examples, and how many are shown.
    pub examples: Option<(String, usize)>,
    /// Those of the whole scenario come first.
    pub expect: Vec<Expectation>,
}

pub use super::prompt::Message;

/// What must be true of the messages, and where that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    pub check: Check,
    /// Only messages of this role.
    pub role: Option<String>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    Contains(String),
    NotContains(String),
    /// A regular expression.
    Matches(String),
    Messages(usize),
    Roles(Vec<String>),
    MaxTokens(usize),
    /// These variables are asked for, and it cannot be rendered without them.
    Missing(Vec<String>),
}
