//! Finding a repository and reading it.

use std::path::{Path, PathBuf};

use crate::base::{Error, Result};

/// A git repository, found from some folder.
pub struct Git {
    repo: gix::Repository,
}

/// A file in a revision's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    pub path: String,
    pub id: String,
}

impl std::fmt::Debug for Git {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Git").field("folder", &self.repo.git_dir()).finish()
    }
}

impl Git {
    pub(super) fn of(repo: gix::Repository) -> Git {
        Git { repo }
    }

    /// The repository around a folder, if there is one.
    pub fn discover(folder: &Path) -> Result<Option<Git>> {
        match gix::discover(folder) {
            Ok(repo) => Ok(Some(Git { repo })),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(Error::storage("git cannot open this repository").because(error)),
        }
    }

    /// The work tree's root; a bare repository has none.
    pub fn worktree(&self) -> Option<&Path> {
        self.repo.workdir()
    }

    /// The folder shared by all linked worktrees, where palc keeps what can be derived.
    pub fn common_folder(&self) -> PathBuf {
        self.repo.common_dir().to_owned()
    }

    pub fn is_bare(&self) -> bool {
        self.repo.workdir().is_none()
    }

    /// Whether anything was committed yet.
    pub fn has_head(&self) -> bool {
        self.repo.head_id().is_ok()
    }

    /// The content of a file at a revision, or nothing where that revision has no such file.
    pub fn read(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>> {
        let tree = self.tree(revision)?;
        let entry = tree.lookup_entry_by_path(path).map_err(|error| unreadable(revision, error))?;
        let Some(entry) = entry.filter(|entry| entry.mode().is_blob()) else { return Ok(None) };
        let object = entry.object().map_err(|error| unreadable(revision, error))?;
        Ok(Some(object.detach().data))
    }

    /// All files of a revision below a folder, in the order of their paths.
    pub fn files(&self, revision: &str, folder: &str) -> Result<Vec<TreeFile>> {
        let tree = self.tree(revision)?;
        let entries = tree.traverse().breadthfirst.files().map_err(|error| unreadable(revision, error))?;
        let inside =
            |path: &str| folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let mut files: Vec<TreeFile> = entries
            .into_iter()
            .filter(|entry| entry.mode.is_blob())
            .map(|entry| TreeFile { path: entry.filepath.to_string(), id: entry.oid.to_string() })
            .filter(|file| inside(&file.path))
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    fn tree(&self, revision: &str) -> Result<gix::Tree<'_>> {
        let id = self
            .repo
            .rev_parse_single(revision)
            .map_err(|error| Error::no(format!("git knows no revision `{revision}` here")).because(error))?;
        let object = id.object().map_err(|error| unreadable(revision, error))?;
        object.peel_to_tree().map_err(|error| unreadable(revision, error))
    }
}

fn unreadable(revision: &str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::storage(format!("git cannot read revision `{revision}`")).because(error)
}
