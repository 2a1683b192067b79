//! A set of edits to the repository's files that happens as a whole or not at all.

use std::path::Path;

use crate::base::Result;
use crate::base::disk::{Batch, Expect, Stamp, resolve_beneath};

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
    Rename { from: String, to: String, before: Stamp },
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

    /// Move a file whose bytes stay as they are; nothing may stand at the new path.
    pub fn rename(&mut self, from: impl Into<String>, to: impl Into<String>, before: Stamp) {
        self.steps.push(Step::Rename { from: from.into(), to: to.into(), before });
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Do it all. Folders that are left empty go too. `journal` is [`crate::app::App::journal_folder`].
    pub fn apply(self, workspace: &Workspace, journal: &Path) -> Result<()> {
        let at = |path: &str| resolve_beneath(workspace.root(), Path::new(path));
        let mut batch = Batch::new();
        for step in self.steps {
            batch = match step {
                Step::Write { path, bytes, before } => {
                    batch.write(at(&path)?, bytes, before.as_ref().map_or(Expect::Absent, Expect::Same))
                }
                Step::Remove { path, before } => batch.remove(at(&path)?, Expect::Same(&before)),
                Step::Rename { from, to, before } => batch.rename(at(&from)?, at(&to)?, Expect::Same(&before)),
            };
        }
        batch.prune(workspace.root()).commit(journal)
    }
}
