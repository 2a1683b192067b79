//! The repository's files as templates may include them: of the work tree or of a revision, and nothing beside it.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::base::{Error, Result};
use crate::git::Git;
use crate::render;
use crate::repo::Source;

#[derive(Debug)]
pub struct Files {
    root: PathBuf,
    git: Option<Git>,
    revision: Option<String>,
    /// What was read before: rendering row by row asks for the same files again and again, and must find the same.
    known: Mutex<HashMap<String, Option<Vec<u8>>>>,
}

impl Files {
    pub fn of(source: &Source<'_>) -> Files {
        let workspace = source.workspace();
        let revision = match source {
            Source::Worktree(_) => None,
            Source::Revision(_, revision) => Some(revision.clone()),
        };
        Files { root: workspace.root().to_owned(), git: workspace.git().cloned(), revision, known: Mutex::default() }
    }

    fn find(&self, path: &str, version: Option<&str>) -> Result<Option<Vec<u8>>> {
        let Some(revision) = version.or(self.revision.as_deref()) else { return self.on_disk(path) };
        let git = self.git.as_ref().ok_or_else(|| Error::no("without git there are no versions to include"))?;
        git.reader().read(revision, path)
    }

    fn on_disk(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let absent = |kind| matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory);
        let failed = |error: std::io::Error| Error::storage(format!("cannot read {path}")).because(error);
        let real = match fs::canonicalize(self.root.join(path)) {
            Ok(real) => real,
            Err(error) if absent(error.kind()) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        // A link may lead anywhere; what it leads to must be of this repository.
        if !real.starts_with(fs::canonicalize(&self.root).map_err(failed)?) {
            return Err(Error::invalid(format!("{path} is a link that leads out of the repository")));
        }
        match fs::read(real) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if absent(error.kind()) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }
}

impl render::Source for Files {
    fn read(&self, path: &str, version: Option<&str>) -> Result<Option<Vec<u8>>> {
        let key = format!("{path}@{}", version.unwrap_or_default());
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let found = self.find(path, version)?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found.clone());
        Ok(found)
    }
}
