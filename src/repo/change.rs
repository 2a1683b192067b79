//! A set of edits to the repository's files that happens as a whole or not at all.

use crate::base::disk::{self, Expect, Stamp};
use crate::base::{Result, disk::Lock};

use super::Workspace;

/// Edits gathered by a use case. Every command that writes prompts ends in one of these.
#[derive(Debug, Default)]
pub struct Change {
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Write { path: String, bytes: Vec<u8>, before: Option<Stamp> },
    Remove { path: String, before: Stamp },
}

impl Change {
    pub fn new() -> Self {
        Change::default()
    }

    /// A file that must not exist yet.
    pub fn create(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.steps.push(Step::Write { path: path.into(), bytes: bytes.into(), before: None });
    }

    /// A file that must still be what was read.
    pub fn replace(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>, before: Stamp) {
        self.steps.push(Step::Write { path: path.into(), bytes: bytes.into(), before: Some(before) });
    }

    pub fn remove(&mut self, path: impl Into<String>, before: Stamp) {
        self.steps.push(Step::Remove { path: path.into(), before });
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| match step {
            Step::Write { path, .. } | Step::Remove { path, .. } => path.as_str(),
        })
    }

    /// Write everything, holding the repository's lock.
    pub fn apply(self, workspace: &Workspace) -> Result<()> {
        let _lock = workspace.derived().map(|folder| Lock::take(&folder.join("lock"))).transpose()?;
        for step in &self.steps {
            match step {
                Step::Write { path, bytes, before } => {
                    let expect = before.as_ref().map_or(Expect::Absent, Expect::Same);
                    disk::write(&workspace.path(path), bytes, expect)?;
                }
                Step::Remove { path, before } => disk::remove(&workspace.path(path), Expect::Same(before))?,
            }
        }
        Ok(())
    }
}
