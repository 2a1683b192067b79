//! Which files are prompts, and what they are called.

use crate::base::{Error, Result};
use crate::format::naming;
use crate::model::Name;

use super::{Source, Workspace};

/// A prompt's file, known by its path alone; nothing was read yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PromptFile {
    pub name: Name,
    /// From the repository's root.
    pub path: String,
}

impl PromptFile {
    /// The prompt in a file, if a file at this path is one.
    pub fn at(workspace: &Workspace, path: &str) -> Option<PromptFile> {
        let below = workspace.prompt_roots().iter().find_map(|root| below(path, root))?;
        naming::is_prompt_file(below)
            .then(|| PromptFile { name: Name::of_path(naming::name_of(below).name), path: path.to_owned() })
    }
}

fn below<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    if root.is_empty() { Some(path) } else { path.strip_prefix(root)?.strip_prefix('/') }
}

/// Every prompt file, in the order of their paths.
pub fn files(source: &Source<'_>) -> Result<Vec<PromptFile>> {
    let workspace = source.workspace();
    let mut paths = match source {
        Source::Worktree(workspace) => worktree_paths(workspace)?,
        Source::Revision(workspace, revision) => revision_paths(workspace, revision)?,
    };
    paths.sort();
    paths.dedup();
    Ok(paths.iter().filter_map(|path| PromptFile::at(workspace, path)).collect())
}

fn worktree_paths(workspace: &Workspace) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    for root in workspace.prompt_roots() {
        for entry in ignore::WalkBuilder::new(workspace.path(root)).hidden(true).build() {
            let Ok(entry) = entry else { continue };
            let relative = entry.path().strip_prefix(workspace.root()).ok().and_then(|path| path.to_str());
            if let (true, Some(path)) = (entry.file_type().is_some_and(|kind| kind.is_file()), relative) {
                paths.push(path.replace('\\', "/"));
            }
        }
    }
    Ok(paths)
}

fn revision_paths(workspace: &Workspace, revision: &str) -> Result<Vec<String>> {
    let git = workspace.git().ok_or_else(|| Error::bug("a revision without a repository"))?;
    let mut paths = Vec::new();
    for root in workspace.prompt_roots() {
        paths.extend(git.files(revision, root)?.into_iter().map(|file| file.path));
    }
    Ok(paths)
}
