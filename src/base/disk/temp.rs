//! Temporary files: beside their target, so that a rename can put them in its place.
//!
//! The name follows from the target's name. So whoever writes the same target next meets what a killed process left
//! behind, and clears it away without looking through the folder. A writer holds a kernel lock on its temporary file:
//! one without a lock belongs to nobody.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{failed, lock, steps};
use crate::base::error::{Error, Result};
use crate::base::hash::BlobId;

pub(super) const PREFIX: &str = ".palc-tmp-";
const TRIES: u32 = 100;

/// Whether a file of this name is palc's own and temporary: never a prompt, never to be listed.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Who may read a file that is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Usual,
    /// Only its owner.
    Private,
}

/// A temporary file that holds its bytes, durably unless it was asked not to. It goes away unless it is moved.
#[derive(Debug)]
pub(super) struct Temp {
    pub(super) path: PathBuf,
    _file: File,
    moved: bool,
}

impl Temp {
    /// Write the bytes beside the target, with the target's mode if there is one.
    pub(super) fn write(target: &Path, bytes: &[u8], access: Access) -> Result<Temp> {
        let temp = Temp::unsynced(target, bytes, access)?;
        steps::sync(&temp._file, &temp.path).map_err(|error| failed("write", target, error))?;
        Ok(temp)
    }

    /// The same, but the bytes are on the disk only when the system likes.
    pub(super) fn unsynced(target: &Path, bytes: &[u8], access: Access) -> Result<Temp> {
        let standing = replaceable(target)?;
        let mode = if standing.is_some() || access == Access::Private { 0o600 } else { 0o666 };
        let temp = create_free(target, mode)?;
        fill(&temp._file, &temp.path, bytes, standing.as_ref()).map_err(|error| failed("write", target, error))?;
        Ok(temp)
    }

    /// The file is elsewhere by now, or the caller looks after it.
    pub(super) fn moved(mut self) {
        self.moved = true;
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        if !self.moved {
            discard(&self.path);
        }
    }
}

/// Write a temporary file at a name chosen before, for a batch whose journal protects it.
pub(super) fn write_at(temp: &Path, target: &Path, bytes: &[u8]) -> Result<()> {
    let standing = replaceable(target)?;
    let mode = if standing.is_some() { 0o600 } else { 0o666 };
    let file = steps::create(temp, mode).map_err(|error| failed("write", target, error))?;
    let filled = fill(&file, temp, bytes, standing.as_ref()).and_then(|()| steps::sync(&file, temp));
    filled.map_err(|error| failed("write", target, error))
}

/// A name beside the target for a batch to use; nothing of that name is there.
pub(super) fn name_for_batch(target: &Path) -> Result<PathBuf> {
    (0..TRIES)
        .map(|n| name(target, &format!("b{n}")))
        .find(|path| path.symlink_metadata().is_err())
        .ok_or_else(|| crowded(target))
}

/// Move the target aside, to a temporary name.
pub(super) fn set_aside(target: &Path) -> Result<PathBuf> {
    for path in names(target) {
        lock::note(&path);
        match steps::rename_new(target, &path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed("remove", target, error)),
            Err(_) => clear(&path),
        }
    }
    Err(crowded(target))
}

/// What stands at the target, if palc may put something in its place.
pub(super) fn replaceable(target: &Path) -> Result<Option<fs::Metadata>> {
    let standing = match fs::symlink_metadata(target) {
        Ok(standing) => standing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("look at", target, error)),
    };
    let target = target.display();
    if standing.is_symlink() {
        return Err(Error::storage(format!("{target} is a link, and palc does not write through links"))
            .hint("name the file that it points to"));
    }
    if !standing.is_file() {
        return Err(Error::storage(format!("{target} is not a file")));
    }
    if standing.permissions().readonly() {
        return Err(Error::storage(format!("{target} is read-only")).hint("make it writable first"));
    }
    Ok(Some(standing))
}

fn create_free(target: &Path, mode: u32) -> Result<Temp> {
    for path in names(target) {
        lock::note(&path);
        match steps::create(&path, mode) {
            Ok(file) if claim(&file) => return Ok(Temp { path, _file: file, moved: false }),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => clear(&path),
            Err(error) => return Err(failed("write", target, error)),
        }
    }
    Err(crowded(target))
}

fn fill(file: &File, path: &Path, bytes: &[u8], model: Option<&fs::Metadata>) -> io::Result<()> {
    if let Some(model) = model {
        steps::resemble(file, model)?;
    }
    steps::write(file, path, bytes)
}

/// Lock a file just made. Between the making and the lock another process may have taken it for a leftover and
/// removed it; then it has no name any more. A file system without locks has no such processes to fear.
fn claim(file: &File) -> bool {
    let _ = file.lock();
    #[cfg(unix)]
    return file.metadata().is_ok_and(|it| std::os::unix::fs::MetadataExt::nlink(&it) > 0);
    #[cfg(not(unix))]
    true
}

/// Remove a temporary file; once more if that fails, since nobody hears of it.
pub(super) fn discard(path: &Path) {
    if let Err(error) = steps::unlink(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        let _ = steps::unlink(path);
    }
}

/// Remove a temporary file if nobody holds it.
pub(super) fn clear(path: &Path) {
    let Ok(file) = File::open(path) else { return };
    if file.try_lock().is_ok() {
        let _ = steps::unlink(path);
    }
}

/// Each name twice: once to find a leftover and clear it away, once to use it.
fn names(target: &Path) -> impl Iterator<Item = PathBuf> {
    (0..TRIES).flat_map(|n| [n, n]).map(|n| name(target, &n.to_string()))
}

/// Short whatever the target's name is, since names have a limit.
fn name(target: &Path, suffix: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default();
    let hash = BlobId::of(name.as_encoded_bytes()).to_string();
    target.with_file_name(format!("{PREFIX}{}-{suffix}", &hash[..12]))
}

fn crowded(target: &Path) -> Error {
    Error::storage(format!("there are too many temporary files beside {}", target.display()))
        .hint(format!("remove the files named {PREFIX}* in its folder"))
}
