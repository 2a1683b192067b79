//! Where files are read from: the work tree or a revision.

use crate::base::{Error, Result, disk};

use super::Workspace;

/// One consistent view of the repository's files.
#[derive(Debug, Clone)]
pub enum Source<'a> {
    Worktree(&'a Workspace),
    Revision(&'a Workspace, String),
}

impl<'a> Source<'a> {
    pub fn at(workspace: &'a Workspace, revision: Option<&str>) -> Result<Self> {
        match revision {
            None if workspace.git().is_some_and(|git| git.is_bare()) => Ok(Source::Revision(workspace, "HEAD".into())),
            None => Ok(Source::Worktree(workspace)),
            Some(_) if workspace.git().is_none() => {
                Err(Error::no("there is no git repository here, so there are no versions").hint("run `palc init`"))
            }
            Some(revision) => Ok(Source::Revision(workspace, revision.to_owned())),
        }
    }

    pub fn workspace(&self) -> &'a Workspace {
        match self {
            Source::Worktree(workspace) | Source::Revision(workspace, _) => workspace,
        }
    }

    /// A file's bytes, or nothing if there is no such file.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Source::Worktree(workspace) => {
                let full = workspace.path(path);
                if full.is_file() { disk::read(&full).map(|snapshot| Some(snapshot.bytes)) } else { Ok(None) }
            }
            Source::Revision(workspace, revision) => match workspace.git() {
                Some(git) => git.read(revision, path),
                None => Ok(None),
            },
        }
    }

    pub fn exists(&self, path: &str) -> bool {
        match self {
            Source::Worktree(workspace) => workspace.path(path).is_file(),
            Source::Revision(..) => self.read(path).is_ok_and(|bytes| bytes.is_some()),
        }
    }
}
