//! Read a file with its stamp; replace it only if it still is what was read.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use crate::base::error::{Error, Result};
use crate::base::hash::BlobId;

/// What a file was when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub len: u64,
    pub modified: i128,
    pub inode: u64,
    pub content: BlobId,
}

#[derive(Debug, Clone)]
pub struct Snapshot {
    pub bytes: Vec<u8>,
    pub stamp: Stamp,
}

/// What must be true of the target for a write to go ahead.
#[derive(Debug, Clone, Copy)]
pub enum Expect<'a> {
    /// There is no such file.
    Absent,
    /// The file is still the one that was read.
    Same(&'a Stamp),
    /// Derived data: the last writer wins.
    Whatever,
}

pub fn read(path: &Path) -> Result<Snapshot> {
    let bytes = fs::read(path).map_err(|error| failed("read", path, error))?;
    let content = BlobId::of(&bytes);
    Ok(Snapshot { stamp: Stamp { len: bytes.len() as u64, modified: 0, inode: 0, content }, bytes })
}

pub fn write(path: &Path, bytes: &[u8], expect: Expect<'_>) -> Result<()> {
    check(path, expect)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| failed("create", folder, error))?;
    }
    let temporary = path.with_extension("palc-tmp");
    let mut file = File::create(&temporary).map_err(|error| failed("create", &temporary, error))?;
    file.write_all(bytes).map_err(|error| failed("write", &temporary, error))?;
    fs::rename(&temporary, path).map_err(|error| failed("replace", path, error))
}

pub fn remove(path: &Path, expect: Expect<'_>) -> Result<()> {
    check(path, expect)?;
    fs::remove_file(path).map_err(|error| failed("remove", path, error))
}

fn check(path: &Path, expect: Expect<'_>) -> Result<()> {
    match expect {
        Expect::Whatever => Ok(()),
        Expect::Absent if path.exists() => Err(Error::no(format!("{} exists already", path.display()))),
        Expect::Absent => Ok(()),
        Expect::Same(stamp) if read(path)?.stamp.content == stamp.content => Ok(()),
        Expect::Same(_) => Err(Error::storage(format!("{} was changed by another program meanwhile", path.display()))),
    }
}

fn failed(verb: &str, path: &Path, error: std::io::Error) -> Error {
    Error::storage(format!("cannot {verb} {}", path.display())).because(error)
}
