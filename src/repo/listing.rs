//! Which files are prompts, and what they are called.

use std::fs::Metadata;

use crate::base::{Error, Result};
use crate::format::{Dialect, naming};
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
    pub name: Name,
    pub path: String,
    pub dialect: Dialect,
    /// In the work tree.
    pub sign: Option<Sign>,
    /// In a revision: the blob's id in hex.
    pub blob: Option<String>,
}

impl PromptFile {
    /// The prompt in a file, if a file at this path is one.
    pub fn at(workspace: &Workspace, path: &str) -> Option<PromptFile> {
        Some(PromptFile { name: name_at(workspace, path)?, path: path.to_owned() })
    }
}

fn name_at(workspace: &Workspace, path: &str) -> Option<Name> {
    let below = workspace.prompt_roots().iter().find_map(|root| below(path, root))?;
    naming::is_prompt_file(below).then(|| Name::of_path(naming::name_of(below).name))
}

fn below<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    if root.is_empty() { Some(path) } else { path.strip_prefix(root)?.strip_prefix('/') }
}

/// Every prompt file, in the order of their paths.
pub fn files(source: &Source<'_>) -> Result<Vec<PromptFile>> {
    Ok(found(source)?.into_iter().map(|file| PromptFile { name: file.name, path: file.path }).collect())
}

/// Every prompt file with the signs of its content, in the order of their paths.
pub fn found(source: &Source<'_>) -> Result<Vec<FoundFile>> {
    let mut files = match source {
        Source::Worktree(workspace) => in_worktree(workspace),
        Source::Revision(workspace, revision) => in_revision(workspace, revision)?,
    };
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}

fn in_worktree(workspace: &Workspace) -> Vec<FoundFile> {
    let mut files = Vec::new();
    for root in workspace.prompt_roots() {
        for entry in ignore::WalkBuilder::new(workspace.path(root)).build().filter_map(std::result::Result::ok) {
            let relative = entry.path().strip_prefix(workspace.root()).ok().and_then(|path| path.to_str());
            let metadata = entry.metadata().ok().filter(Metadata::is_file);
            if let (Some(path), Some(metadata)) = (relative, metadata) {
                files.extend(file(workspace, path.replace('\\', "/"), Some(Sign::of(&metadata)), None));
            }
        }
    }
    files
}

fn in_revision(workspace: &Workspace, revision: &str) -> Result<Vec<FoundFile>> {
    let git = workspace.git().ok_or_else(|| Error::bug("a revision without a repository"))?.reader();
    let mut files = Vec::new();
    for root in workspace.prompt_roots() {
        let entries = git.files(revision, root)?;
        files.extend(entries.into_iter().filter_map(|entry| file(workspace, entry.path, None, Some(entry.id))));
    }
    Ok(files)
}

fn file(workspace: &Workspace, path: String, sign: Option<Sign>, blob: Option<String>) -> Option<FoundFile> {
    let name = name_at(workspace, &path)?;
    Some(FoundFile { name, dialect: Dialect::of_path(&path), path, sign, blob })
}
