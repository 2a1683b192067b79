//! Which files are prompts, and where the others are.

use crate::config::layers::Values;

#[derive(Debug, Clone)]
pub struct Prompts {
    /// Folders that hold prompts, from the repository's root.
    pub roots: Vec<String>,
    /// Patterns below a root.
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

impl Prompts {
    pub(super) fn read(values: Values<'_>) -> Self {
        Prompts {
            roots: values.list("prompts.roots"),
            include: values.list("prompts.include"),
            exclude: values.list("prompts.exclude"),
        }
    }
}

/// Paths from the repository's root.
#[derive(Debug, Clone)]
pub struct Files {
    pub examples: String,
    pub forms: String,
    pub labels: String,
    pub personas: String,
    pub phases: String,
    pub ranking: String,
    pub sessions: String,
}

impl Files {
    pub(super) fn read(values: Values<'_>) -> Self {
        Files {
            examples: values.text("files.examples"),
            forms: values.text("files.forms"),
            labels: values.text("files.labels"),
            personas: values.text("files.personas"),
            phases: values.text("files.phases"),
            ranking: values.text("files.ranking"),
            sessions: values.text("files.sessions"),
        }
    }
}
