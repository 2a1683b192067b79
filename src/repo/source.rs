//! Where files are read from: the work tree or a revision.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::base::disk::resolve_beneath;
use crate::base::{Error, Result};
use crate::git;

use super::Workspace;
use super::listing::FoundFile;

/// One view of the repository's files.
#[derive(Debug, Clone)]
pub enum Source<'a> {
    Worktree(&'a Workspace),
    Revision(&'a Workspace, String),
}

/// Reads files of a source, one reader a thread.
#[derive(Debug)]
pub struct Reader<'a> {
    source: &'a Source<'a>,
    git: Option<git::Reader>,
}

impl<'a> Source<'a> {
    /// The work tree, or a revision. A bare repository has only revisions.
    pub fn at(workspace: &'a Workspace, revision: Option<&str>) -> Result<Self> {
        match revision {
            None if workspace.git().is_some_and(git::Git::is_bare) => Ok(Source::Revision(workspace, "HEAD".into())),
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

    pub fn reader(&self) -> Reader<'_> {
        let git = match self {
            Source::Worktree(_) => None,
            Source::Revision(workspace, _) => workspace.git().map(git::Git::reader),
        };
        Reader { source: self, git }
    }

    /// A file's bytes, or nothing if there is no such file.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        self.reader().path(path)
    }

    pub fn exists(&self, path: &str) -> bool {
        match self {
            Source::Worktree(workspace) => workspace.path(path).is_file(),
            Source::Revision(..) => self.read(path).is_ok_and(|bytes| bytes.is_some()),
        }
    }
}

impl Reader<'_> {
    /// A file that a listing found.
    pub fn found(&self, file: &FoundFile) -> Result<Option<Vec<u8>>> {
        match (&self.git, &file.blob) {
            (Some(git), Some(id)) => git.blob(id).map(Some),
            // A listing follows no link out of the repository, so the path needs no second look.
            (None, _) => from_disk(&self.source.workspace().path(&file.path), &file.path),
            _ => self.path(&file.path),
        }
    }

    pub fn path(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match (self.source, &self.git) {
            (Source::Revision(_, revision), Some(git)) => git.read(revision, path),
            (source, _) => from_disk(&resolve_beneath(source.workspace().root(), Path::new(path))?, path),
        }
    }
}

fn from_disk(full: &Path, path: &str) -> Result<Option<Vec<u8>>> {
    match fs::read(full) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error)
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory) =>
        {
            Ok(None)
        }
        Err(error) => Err(Error::storage(format!("cannot read {path}")).because(error)),
    }
}
