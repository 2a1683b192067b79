//! What a commit holds.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use crate::app::commit::{File, Outcome, What};

/// A line for the commit and one for each file.
pub fn text(outcome: &Outcome, paint: Paint) -> String {
    if outcome.files.is_empty() {
        return String::new();
    }
    let subject = printable(outcome.message.lines().next().unwrap_or_default());
    let head = match &outcome.commit {
        Some(commit) => {
            let place = commit.branch.as_deref().map_or_else(|| "a detached HEAD".to_owned(), printable);
            let first = if commit.is_first { ", its first commit" } else { "" };
            format!("{} on {place}{first}: {subject}", paint.yellow(&commit.id[..commit.id.len().min(10)]))
        }
        None => format!("would commit: {subject}"),
    };
    outcome.files.iter().fold(format!("{head}\n"), |text, file| text + &line(file, paint))
}

fn line(file: &File, paint: Paint) -> String {
    let word = match file.what {
        What::Added => paint.green("added"),
        What::Changed => paint.green("changed"),
        What::Removed => paint.red("removed"),
    };
    let id = file.id.as_ref().filter(|_| file.stamped).map(|id| format!(" (id {id})")).unwrap_or_default();
    format!("{word} {}{id}\n", printable(&file.path))
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CommitV1 {
    /// The commit's id; null for a dry run and where there was nothing to commit.
    commit: Option<String>,
    /// Null where HEAD is detached, and where nothing was committed.
    branch: Option<String>,
    message: String,
    files: Vec<FileV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FileV1 {
    path: String,
    /// added, changed or removed.
    done: &'static str,
    /// The prompt's name, if the file is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Whether this commit put the id into the file.
    stamped: bool,
}

pub fn object(outcome: &Outcome) -> CommitV1 {
    let file = |file: &File| FileV1 {
        path: file.path.clone(),
        done: match file.what {
            What::Added => "added",
            What::Changed => "changed",
            What::Removed => "removed",
        },
        name: file.name.clone(),
        id: file.id.clone(),
        stamped: file.stamped,
    };
    let commit = outcome.commit.as_ref();
    CommitV1 {
        commit: commit.map(|commit| commit.id.clone()),
        branch: commit.and_then(|commit| commit.branch.clone()),
        message: outcome.message.clone(),
        files: outcome.files.iter().map(file).collect(),
    }
}
