//! One change of a batch: done, undone and finished as often as a crash makes necessary. Each looks at what the disk
//! holds, so that it does not matter where an earlier attempt stopped.

use std::path::{Path, PathBuf};

use super::write::{Replaced, changed, content, exists, move_beside, replace, spare};
use super::{failed, steps, temp};
use crate::base::error::{Error, Result};
use crate::base::hash::BlobId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// `other` is the temporary file: it holds the new bytes before, the old ones after.
    Write,
    /// `other` is where the old version waits until the batch is finished.
    Remove,
    /// `other` is the new name.
    Rename,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) verb: Verb,
    pub(super) path: PathBuf,
    pub(super) other: PathBuf,
    /// What the path holds before; `None`: there is no such file.
    pub(super) old: Option<BlobId>,
    /// What a written file holds after.
    pub(super) new: Option<BlobId>,
}

impl Change {
    /// Make the change, unless it is made already.
    pub(super) fn forward(&self) -> Result<()> {
        match self.verb {
            Verb::Write => self.write(),
            Verb::Remove => self.remove(),
            Verb::Rename => self.rename(),
        }
    }

    /// Take the change back if it was made. What somebody else put there since stays.
    pub(super) fn back(&self) -> Result<()> {
        match self.verb {
            Verb::Write => self.unwrite(),
            Verb::Remove if self.other.exists() => move_new(&self.other, &self.path),
            Verb::Rename if !self.path.exists() && content(&self.other)? == self.old => {
                move_new(&self.other, &self.path)
            }
            Verb::Remove | Verb::Rename => Ok(()),
        }
    }

    /// Remove what was kept for the way back. Only after the other changes are durable.
    pub(super) fn finish(&self) {
        if self.verb == Verb::Rename {
            return;
        }
        for waiting in [&self.other, &spare(&self.other)] {
            match content(waiting) {
                Ok(None) => {}
                // Another program's version that could not be put back.
                Ok(id) if id != self.old && id != self.new => {
                    let _ = move_beside(waiting, &self.path, "palc-old");
                }
                _ => temp::discard(waiting),
            }
        }
    }

    /// Forget the change before anything was done: what is in its temporary file may be half of the new bytes.
    pub(super) fn forget(&self) {
        if self.verb == Verb::Write {
            temp::discard(&self.other);
        }
    }

    fn write(&self) -> Result<()> {
        let waiting = content(&self.other)?;
        let standing = content(&self.path)?;
        if standing == self.new {
            return Ok(());
        }
        if waiting != self.new {
            // Done before, and edited since: unless the new bytes are gone and the old ones never replaced.
            return if waiting.is_none() && standing == self.old { Err(lost(&self.path)) } else { Ok(()) };
        }
        let Some(old) = self.old else {
            return move_new(&self.other, &self.path);
        };
        match replace(&self.other, &self.path, old)? {
            Replaced::Done => Ok(()),
            Replaced::Not => Err(changed(&self.path)),
            Replaced::Stranded(error) => Err(error),
        }
    }

    fn unwrite(&self) -> Result<()> {
        if content(&self.path)? != self.new {
            return Ok(());
        }
        if self.old.is_none() {
            return move_new(&self.path, &self.other);
        }
        if !self.other.exists() && spare(&self.other).exists() {
            move_new(&spare(&self.other), &self.other)?;
        }
        if self.other.exists() {
            let failing = |error| failed("put back", &self.path, error);
            steps::exchange(&self.other, &self.path)
                .or_else(|error| match error.kind() {
                    std::io::ErrorKind::Unsupported => steps::rename(&self.other, &self.path),
                    _ => Err(error),
                })
                .map_err(failing)?;
        }
        Ok(())
    }

    fn remove(&self) -> Result<()> {
        if self.other.exists() || !self.path.exists() {
            return Ok(());
        }
        if content(&self.path)? != self.old {
            return Err(changed(&self.path));
        }
        move_new(&self.path, &self.other)?;
        if content(&self.other)? != self.old {
            move_new(&self.other, &self.path)?;
            return Err(changed(&self.path));
        }
        Ok(())
    }

    fn rename(&self) -> Result<()> {
        if content(&self.other)? == self.old {
            return Ok(());
        }
        if !self.path.exists() {
            return Err(changed(&self.path));
        }
        move_new(&self.path, &self.other)
    }
}

fn move_new(from: &Path, to: &Path) -> Result<()> {
    steps::rename_new(from, to).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => exists(to),
        _ => failed("move", from, error).hint(format!("it was to become {}", to.display())),
    })
}

fn lost(path: &Path) -> Error {
    Error::storage(format!("the new version of {} is gone: its temporary file was removed", path.display()))
}
