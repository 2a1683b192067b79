//! Which files are prompts, and what they are called.

use rayon::prelude::*;

use crate::base::{Error, Finding, Place, Result, disk};
use crate::format::Dialect;
use crate::model::Name;

use super::known::Sign;
use super::{Source, Workspace};

/// A prompt's file, known by its path alone; nothing was read yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PromptFile {
    pub name: Name,
    /// From the repository's root.
    pub path: String,
}

/// A prompt file with what the listing learned on the way: the signs of its content, or its blob.
#[derive(Debug, Clone)]
pub struct FoundFile {
    pub path: String,
    pub dialect: Dialect,
    /// In the work tree.
    pub sign: Option<Sign>,
    /// In a revision: the blob's id in hex.
    pub blob: Option<String>,
}

/// What a listing found.
#[derive(Debug, Default)]
pub struct Found {
    pub files: Vec<FoundFile>,
    /// What looks like a prompt and cannot be read as one.
    pub skipped: Vec<Finding>,
}

impl PromptFile {
    /// The prompt in a file, if a file at this path is one.
    pub fn at(workspace: &Workspace, path: &str) -> Option<PromptFile> {
        Some(PromptFile { name: workspace.layout().name(path)?, path: path.to_owned() })
    }
}

/// Every prompt file, in the order of their paths.
pub fn files(source: &Source<'_>) -> Result<Vec<PromptFile>> {
    let layout = source.workspace().layout();
    let prompt = |file: FoundFile| Some(PromptFile { name: layout.name_of_prompt(&file.path)?, path: file.path });
    Ok(found(source)?.files.into_iter().filter_map(prompt).collect())
}

/// Every prompt file with the signs of its content, in the order of their paths.
pub fn found(source: &Source<'_>) -> Result<Found> {
    let mut found = match source {
        Source::Worktree(workspace) => in_worktree(workspace)?,
        Source::Revision(workspace, revision) => in_revision(workspace, revision)?,
    };
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    found.files.dedup_by(|a, b| a.path == b.path);
    Ok(found)
}

fn in_worktree(workspace: &Workspace) -> Result<Found> {
    let layout = workspace.layout();
    let roots: Vec<&str> = layout.roots().iter().map(String::as_str).collect();
    let listing = disk::walk(workspace.root(), &roots, &|path| layout.is_prompt(path))?;
    let skipped = listing.skipped.iter().map(odd).collect();
    let found = |entry: disk::Entry| {
        let sign = Sign { len: entry.len, modified: entry.modified, changed: entry.changed, inode: entry.inode };
        file(entry.path, Some(sign), None)
    };
    Ok(Found { files: listing.entries.into_par_iter().map(found).collect(), skipped })
}

/// What has the place of a prompt and cannot be one.
fn odd(skipped: &disk::Skipped) -> Finding {
    let why = match &skipped.why {
        disk::Why::NotUnicode => "the name of this file is not Unicode, so it cannot be a prompt's".into(),
        disk::Why::Link => "this link leads out of the repository or nowhere, so it is not followed".into(),
        disk::Why::Unreadable(error) => format!("this cannot be read: {error}"),
    };
    Finding::warning("skipped-file", Place::file(&skipped.path), why)
}

fn in_revision(workspace: &Workspace, revision: &str) -> Result<Found> {
    let git = workspace.git().ok_or_else(|| Error::bug("a revision without a repository"))?.reader();
    let mut files = Vec::new();
    for root in workspace.layout().roots() {
        let entries = git.files(revision, root)?;
        let prompts = entries.into_iter().filter(|entry| workspace.layout().is_prompt(&entry.path));
        files.extend(prompts.map(|entry| file(entry.path, None, Some(entry.id))));
    }
    Ok(Found { files, skipped: Vec::new() })
}

fn file(path: String, sign: Option<Sign>, blob: Option<String>) -> FoundFile {
    FoundFile { dialect: Dialect::of_path(&path), path, sign, blob }
}
