//! The steps by which the disk changes: one system call each, each asking `fault` first.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::fault::{Step, ask};

/// A new file; there must be none of that name, and a link of that name is not followed.
pub(super) fn create(path: &Path, mode: u32) -> io::Result<File> {
    ask(Step::Create(path))?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options.open(path)
}

/// A file to add to, made if it is missing.
pub(super) fn open_to_append(path: &Path) -> io::Result<File> {
    ask(Step::Create(path))?;
    OpenOptions::new().read(true).append(true).create(true).open(path)
}

/// A fault leaves half of the bytes behind, as a full disk and a kill do.
pub(super) fn write(mut file: &File, path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Err(error) = ask(Step::Write(path, bytes)) {
        file.write_all(&bytes[..bytes.len() / 2])?;
        return Err(error);
    }
    file.write_all(bytes)
}

pub(super) fn truncate(file: &File, path: &Path, len: u64) -> io::Result<()> {
    ask(Step::Truncate(path, len))?;
    file.set_len(len)
}

pub(super) fn sync(file: &File, path: &Path) -> io::Result<()> {
    ask(Step::Sync(path))?;
    if cfg!(test) { Ok(()) } else { file.sync_all() }
}

/// Make the names in a folder durable. Where folders cannot be synced, the system offers nothing better.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    ask(Step::SyncFolder(folder))?;
    if cfg!(test) {
        // No test cuts the power, and a busy disk takes its time.
        return Ok(());
    }
    #[cfg(unix)]
    match File::open(folder)?.sync_all() {
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Err(error),
        _ => Ok(()),
    }
    #[cfg(not(unix))]
    Ok(())
}

/// Give a file that will take another's place its permissions, and its owner where the system lets us.
pub(super) fn resemble(file: &File, model: &fs::Metadata) -> io::Result<()> {
    ask(Step::Mode)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        let ours = file.metadata()?;
        if (ours.uid(), ours.gid()) != (model.uid(), model.gid()) {
            // Only root may give files away. Failing that the file becomes ours, as with every editor.
            let _ = fchown(file, Some(model.uid()), Some(model.gid()));
        }
    }
    file.set_permissions(model.permissions())
}

/// Move over whatever is there.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    ask(Step::Rename(from, to))?;
    fs::rename(from, to)
}

/// Move to a name that must be free: `AlreadyExists` if it is not, whoever took it and whenever.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match rename_if_free(from, to) {
        Err(error) if unsupported(&error) => {
            link(from, to)?;
            unlink(from).inspect_err(|_| {
                let _ = unlink(to);
            })
        }
        result => result,
    }
}

/// Swap two names in one step; `Unsupported` where the system cannot.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    match try_exchange(one, other) {
        Err(error) if unsupported(&error) => Err(io::ErrorKind::Unsupported.into()),
        result => result,
    }
}

/// A second name for a file; the name must be free.
pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    ask(Step::Link(from, to))?;
    fs::hard_link(from, to)
}

pub(super) fn unlink(path: &Path) -> io::Result<()> {
    ask(Step::Unlink(path))?;
    fs::remove_file(path)
}

pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    ask(Step::MakeFolder(path))?;
    fs::create_dir(path)
}

/// Only an empty one.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    ask(Step::RemoveFolder(path))?;
    fs::remove_dir(path)
}

/// File systems that lack the finer kinds of rename say so in several ways.
fn unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    ask(Step::Rename(from, to))?;
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn try_exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    ask(Step::Exchange(one, other))?;
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_if_free(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn try_exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
