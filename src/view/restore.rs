//! Prompts that were brought back.

use schemars::JsonSchema;
use serde::Serialize;

use super::commit::{self, CommitV1};
use super::paint::Paint;
use super::written::{self, WrittenV1};
use crate::app::restore::{Back, Outcome};

/// What was written, and the commit if one was made.
pub fn text(outcome: &Outcome, paint: Paint) -> String {
    match &outcome.commit {
        Some(commit) => commit::text(commit, paint),
        None => written::text(&outcome.written, paint),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RestoreV1 {
    restored: Vec<BackV1>,
    #[serde(flatten)]
    written: WrittenV1,
    /// Null if nothing was committed.
    commit: Option<CommitV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BackV1 {
    name: String,
    path: String,
    /// Null where no version was named.
    version: Option<u32>,
    /// The commit whose content the prompt has.
    from: String,
}

pub fn object(outcome: &Outcome) -> RestoreV1 {
    let back = |back: &Back| BackV1 {
        name: back.name.clone(),
        path: back.path.clone(),
        version: back.version,
        from: back.commit.clone(),
    };
    RestoreV1 {
        restored: outcome.back.iter().map(back).collect(),
        written: written::object(&outcome.written),
        commit: outcome.commit.as_ref().map(commit::object),
    }
}
