//! Which files are prompts, and where the others are.

use crate::config::layers::Values;

#[derive(Debug, Clone)]
pub struct Prompts {
    /// Folders that hold prompts, from the repository's root.
    pub roots: Vec<String>,
    /// Patterns below a root.
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub max_bytes: u64,
    pub max_front_matter_bytes: u64,
    pub max_depth: usize,
}

impl Prompts {
    pub(super) fn read(values: Values<'_>) -> Self {
        Prompts {
            roots: values.list("prompts.roots"),
            include: values.list("prompts.include"),
            exclude: values.list("prompts.exclude"),
            max_bytes: values.whole("prompts.max_bytes"),
            max_front_matter_bytes: values.whole("prompts.max_front_matter_bytes"),
            max_depth: values.whole("prompts.max_depth") as usize,
        }
    }
}

/// Paths from the repository's root.
#[derive(Debug, Clone)]
pub struct Files {
    pub labels: String,
    pub evals: String,
    pub datasets: String,
    pub personas: String,
    pub phases: String,
}

impl Files {
    pub(super) fn read(values: Values<'_>) -> Self {
        Files {
            labels: values.text("files.labels"),
            evals: values.text("files.evals"),
            datasets: values.text("files.datasets"),
            personas: values.text("files.personas"),
            phases: values.text("files.phases"),
        }
    }
}
