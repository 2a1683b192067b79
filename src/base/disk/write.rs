//! Read a file with its stamp; replace or remove it only if it still is what was read.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::temp::{self, Access, Temp};
use super::{failed, folder, steps};
use crate::base::error::{Error, Result};
use crate::base::hash::BlobId;

/// What a file was when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub len: u64,
    /// Nanoseconds since 1970.
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
    try_read(path).map_err(|error| failed("read", path, error))
}

/// Replace a file, or make it and its folder. Once this succeeds, the bytes are on the disk; if it fails, the file holds
/// its old bytes or all of the new ones. If another program changed it meanwhile, that version stays, and the new bytes
/// are kept beside it.
pub fn write(path: &Path, bytes: &[u8], expect: Expect<'_>) -> Result<()> {
    put(path, bytes, expect, Access::Usual)
}

/// As `write`, for what only the user may read. A file that is there already keeps its mode.
pub fn write_private(path: &Path, bytes: &[u8], expect: Expect<'_>) -> Result<()> {
    put(path, bytes, expect, Access::Private)
}

/// Replace a file of derived data in one step, without waiting for the disk. After a power cut it may be old, torn or
/// empty, so it must carry a checksum by which its reader notices.
pub fn write_derived(path: &Path, bytes: &[u8]) -> Result<()> {
    folder::make(folder::of(path))?;
    let temp = Temp::unsynced(path, bytes, Access::Usual)?;
    steps::rename(&temp.path, path).map_err(|error| failed("replace", path, error))?;
    temp.moved();
    Ok(())
}

/// Remove a file of derived data, without waiting for the disk. One that is gone already is no matter.
pub fn remove_derived(path: &Path) -> Result<()> {
    match steps::unlink(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path, error)),
        _ => Ok(()),
    }
}

pub fn remove(path: &Path, expect: Expect<'_>) -> Result<()> {
    temp::replaceable(path)?;
    match expect {
        Expect::Absent if path.symlink_metadata().is_ok() => return Err(exists(path)),
        Expect::Absent => return Ok(()),
        Expect::Whatever => steps::unlink(path).map_err(|error| failed("remove", path, error))?,
        Expect::Same(stamp) => remove_same(path, stamp.content)?,
    }
    sync_names(path)
}

fn try_read(path: &Path) -> io::Result<Snapshot> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    file.read_to_end(&mut bytes)?;
    let content = BlobId::of(&bytes);
    let stamp = Stamp { len: bytes.len() as u64, modified: modified(&metadata), inode: inode(&metadata), content };
    Ok(Snapshot { bytes, stamp })
}

fn put(path: &Path, bytes: &[u8], expect: Expect<'_>, access: Access) -> Result<()> {
    match expect {
        Expect::Absent if path.symlink_metadata().is_ok() => return Err(exists(path)),
        Expect::Same(stamp) if BlobId::of(bytes) == stamp.content && content(path)? == Some(stamp.content) => {
            return Ok(());
        }
        _ => {}
    }
    let made = folder::make(folder::of(path))?;
    let result = Temp::write(path, bytes, access).and_then(|temp| place(temp, path, expect));
    if result.is_err() {
        folder::unmake(&made);
    }
    result
}

fn place(temp: Temp, path: &Path, expect: Expect<'_>) -> Result<()> {
    match expect {
        Expect::Absent => steps::rename_new(&temp.path, path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => exists(path),
            _ => failed("create", path, error),
        })?,
        Expect::Whatever => steps::rename(&temp.path, path).map_err(|error| failed("replace", path, error))?,
        Expect::Same(stamp) => match replace(&temp.path, path, stamp.content)? {
            Replaced::Done => {
                // What is in the temporary file's place by now is the old version, if anything.
                drop(temp);
                return sync_names(path);
            }
            Replaced::Not => return Err(keep_beside(temp, path)),
            Replaced::Stranded(error) => {
                temp.moved();
                return Err(error);
            }
        },
    }
    temp.moved();
    sync_names(path)
}

/// Whether a file took its target's place.
#[derive(Debug)]
pub(super) enum Replaced {
    Done,
    /// The target is not what was expected. Everything is where it was.
    Not,
    /// It was not, and could not be put back: another program's version is in the temporary file.
    Stranded(Error),
}

/// Put `new` in the place of `path`, which holds `expected`. The old version is at `new` afterwards.
///
/// The two are swapped in one step and the old version looked at afterwards: a program that saves the file between
/// our look and our step would lose its work otherwise.
pub(super) fn replace(new: &Path, path: &Path, expected: BlobId) -> Result<Replaced> {
    if content(path)? != Some(expected) {
        return Ok(Replaced::Not);
    }
    match steps::exchange(new, path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return replace_by_renames(new, path),
        Err(error) => return Err(failed("replace", path, error)),
    }
    let old = content(new);
    if matches!(old, Ok(Some(old)) if old == expected) {
        return Ok(Replaced::Done);
    }
    if let Err(error) = steps::exchange(new, path) {
        let hint = format!("the version of another program is in {}", new.display());
        return Ok(Replaced::Stranded(failed("put back", path, error).hint(hint)));
    }
    old.map(|_| Replaced::Not)
}

/// The same for file systems that cannot swap, with a moment in which another program's version may get lost.
fn replace_by_renames(new: &Path, path: &Path) -> Result<Replaced> {
    let failing = |error| failed("replace", path, error);
    let spare = spare(new);
    temp::clear(&spare);
    if steps::link(path, &spare).is_err() {
        // Neither links: the old version cannot be kept.
        return steps::rename(new, path).map(|()| Replaced::Done).map_err(failing);
    }
    if let Err(error) = steps::rename(new, path) {
        let _ = steps::unlink(&spare);
        return Err(failing(error));
    }
    steps::rename(&spare, new).map(|()| Replaced::Done).map_err(failing)
}

/// Where the old version waits on file systems that cannot swap.
pub(super) fn spare(new: &Path) -> PathBuf {
    let mut name = new.file_name().unwrap_or_default().to_owned();
    name.push("-old");
    new.with_file_name(name)
}

fn remove_same(path: &Path, expected: BlobId) -> Result<()> {
    if content(path)? != Some(expected) {
        return Err(changed(path));
    }
    let aside = temp::set_aside(path)?;
    if content(&aside)? != Some(expected) {
        return match steps::rename_new(&aside, path) {
            Ok(()) => Err(changed(path)),
            Err(_) => Err(changed(path).hint(format!("its version is in {}", aside.display()))),
        };
    }
    steps::unlink(&aside).or_else(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            return Ok(());
        }
        let _ = steps::rename_new(&aside, path);
        Err(failed("remove", path, error))
    })
}

/// The write is refused because the target changed: keep the bytes for the user.
fn keep_beside(temp: Temp, path: &Path) -> Error {
    let error = changed(path);
    let Some(beside) = move_beside(&temp.path, path, "palc-new") else {
        return error;
    };
    temp.moved();
    error.hint(format!("what palc would have written is in {}", beside.display()))
}

/// Move a temporary file to a free name beside its target, where its user finds it.
pub(super) fn move_beside(temporary: &Path, target: &Path, suffix: &str) -> Option<PathBuf> {
    let name = target.file_name()?.to_string_lossy();
    let names = (1..100).map(|n| if n == 1 { format!("{name}.{suffix}") } else { format!("{name}.{suffix}-{n}") });
    let beside = names.map(|name| target.with_file_name(name)).find(|it| it.symlink_metadata().is_err())?;
    steps::rename_new(temporary, &beside).ok()?;
    let _ = steps::sync_folder(folder::of(target));
    Some(beside)
}

/// The id of a file's content; `None` if there is no file.
pub(super) fn content(path: &Path) -> Result<Option<BlobId>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(BlobId::of(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, error)),
    }
}

pub(super) fn exists(path: &Path) -> Error {
    Error::no(format!("{} exists already", path.display()))
}

pub(super) fn changed(path: &Path) -> Error {
    let what = if path.symlink_metadata().is_ok() { "changed" } else { "removed" };
    Error::storage(format!("{} was {what} by another program meanwhile", path.display()))
}

fn sync_names(path: &Path) -> Result<()> {
    steps::sync_folder(folder::of(path)).map_err(|error| failed("make durable", path, error))
}

#[cfg(unix)]
fn modified(metadata: &fs::Metadata) -> i128 {
    use std::os::unix::fs::MetadataExt as _;
    i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec())
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn modified(metadata: &fs::Metadata) -> i128 {
    let since = metadata.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |since| i128::try_from(since.as_nanos()).unwrap_or(0))
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::super::fault::rehearsal;
    use super::super::temp;
    use super::*;
    use crate::base::Kind;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn makes_folders_and_never_overwrites_what_should_be_absent() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/b/c.md");
        write(&path, b"one", Expect::Absent).expect("made");
        let error = write(&path, b"two", Expect::Absent).expect_err("exists");
        assert_eq!(error.kind(), Kind::No);
        assert_eq!(fs::read(&path).expect("there"), b"one");
        assert_eq!(names(&folder.path().join("a/b")), ["c.md"]);
    }

    #[test]
    fn derived_data_is_replaced_whole_whatever_fails() {
        for step in 1.. {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("table");
            fs::write(&path, "old").expect("written");
            let (result, met) = rehearsal::with(&format!("{step}:EIO"), || write_derived(&path, b"new"));
            let text = fs::read_to_string(&path).expect("there");
            assert_eq!(text, if result.is_ok() { "new" } else { "old" }, "step {step}");
            assert_eq!(names(folder.path()), ["table"], "step {step}");
            if !met {
                break;
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_mode_is_kept_and_private_files_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o7777;
        let path = folder.path().join("run.sh");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o751)).expect("set");
        let old = read(&path).expect("read");
        write(&path, b"new", Expect::Same(&old.stamp)).expect("replaced");
        assert_eq!((mode(&path), fs::read(&path).expect("there")), (0o751, b"new".to_vec()));
        let secret = folder.path().join("secret");
        write_private(&secret, b"key", Expect::Absent).expect("made");
        assert_eq!(mode(&secret), 0o600);
        let usual = folder.path().join("usual");
        write(&usual, b"x", Expect::Whatever).expect("made");
        fs::write(folder.path().join("model"), "x").expect("written");
        assert_eq!(mode(&usual), mode(&folder.path().join("model")));
    }

    #[test]
    fn another_programs_version_stays_and_ours_is_kept_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.md");
        fs::write(&path, "old").expect("written");
        let old = read(&path).expect("read");
        fs::write(&path, "hers").expect("written");
        for beside in ["a.md.palc-new", "a.md.palc-new-2"] {
            let error = write(&path, b"ours", Expect::Same(&old.stamp)).expect_err("changed");
            assert_eq!(error.kind(), Kind::Storage);
            assert!(error.message().ends_with("a.md was changed by another program meanwhile"), "{error}");
            assert!(error.hints()[0].ends_with(beside), "{:?}", error.hints());
            assert_eq!(fs::read(folder.path().join(beside)).expect("kept"), b"ours");
        }
        assert_eq!(fs::read(&path).expect("there"), b"hers");
        let error = remove(&path, Expect::Same(&old.stamp)).expect_err("changed");
        assert_eq!(error.kind(), Kind::Storage);
        assert_eq!(names(folder.path()), ["a.md", "a.md.palc-new", "a.md.palc-new-2"]);
    }

    #[test]
    fn a_file_rewritten_with_the_same_bytes_is_the_same_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.md");
        fs::write(&path, "old").expect("written");
        let old = read(&path).expect("read");
        fs::remove_file(&path).expect("removed");
        fs::write(&path, "old").expect("written again");
        write(&path, b"new", Expect::Same(&old.stamp)).expect("replaced");
        assert_eq!(fs::read(&path).expect("there"), b"new");
    }

    #[test]
    fn writing_what_is_there_touches_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.md");
        fs::write(&path, "old").expect("written");
        let old = read(&path).expect("read");
        write(&path, b"old", Expect::Same(&old.stamp)).expect("nothing to do");
        assert_eq!(read(&path).expect("read").stamp, old.stamp);
    }

    #[cfg(unix)]
    #[test]
    fn links_folders_and_read_only_files_are_refused() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("real"), "x").expect("written");
        symlink("real", at("link")).expect("linked");
        symlink("nowhere", at("dangling")).expect("linked");
        fs::create_dir(at("folder")).expect("made");
        fs::write(at("fixed"), "x").expect("written");
        fs::set_permissions(at("fixed"), fs::Permissions::from_mode(0o444)).expect("set");
        for name in ["link", "dangling", "folder", "fixed"] {
            let before = names(folder.path());
            let error = write(&at(name), b"new", Expect::Whatever).expect_err(name);
            assert_eq!(error.kind(), Kind::Storage);
            remove(&at(name), Expect::Whatever).expect_err(name);
            assert_eq!(names(folder.path()), before);
        }
        assert_eq!(fs::read(at("real")).expect("there"), b"x");
    }

    #[test]
    fn leftovers_are_cleared_and_live_temporary_files_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.md");
        let live = Temp::write(&path, b"live", Access::Usual).expect("written");
        let (_, met) = rehearsal::with("5:stop", || write(&path, b"dead", Expect::Absent));
        assert!(met);
        assert_eq!(names(folder.path()).len(), 2, "one live, one dead");
        write(&path, b"new", Expect::Absent).expect("made");
        assert_eq!(fs::read(&live.path).expect("there"), b"live");
        drop(live);
        assert_eq!(names(folder.path()), ["a.md"]);
        assert!(is_clean("a.md") && !is_clean(".palc-tmp-0123456789ab-0"));
    }

    fn is_clean(name: &str) -> bool {
        !temp::is_temporary(name)
    }

    /// Run an operation on `old` with a fault at every step in turn, and look at what it leaves.
    fn at_every_step(fault: &str, run: impl Fn(&Path, &Stamp) -> Result<()>, look: impl Fn(Result<()>, &Path)) {
        for step in 1.. {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("a.md");
            fs::write(&path, "old").expect("written");
            let stamp = read(&path).expect("read").stamp;
            let (result, met) = rehearsal::with(&format!("{step}:{fault}"), || run(&path, &stamp));
            if !met {
                result.expect("undisturbed");
                return;
            }
            look(result, &path);
        }
    }

    fn fails_clean(result: Result<()>, path: &Path, old: Option<&str>, new: Option<&str>) {
        let found = fs::read_to_string(path).ok();
        match result {
            // What cleans up may fail without harm.
            Ok(()) => assert_eq!(found.as_deref(), new),
            Err(error) => {
                assert_eq!(error.kind(), Kind::Storage);
                let folder = folder::of(path).display().to_string();
                assert!(error.message().contains(&folder), "{error}");
                assert!(error.causes()[0].contains("(os error "), "{:?}", error.causes());
                assert!(found.as_deref() == old || found.as_deref() == new, "{found:?}");
            }
        }
        let names = names(folder::of(path));
        assert!(names.is_empty() || names == ["a.md"], "{names:?}");
    }

    #[test]
    fn an_error_at_any_step_is_told_and_harms_nothing() {
        for fault in ["ENOSPC", "EIO", "EDQUOT", "EACCES", "EROFS", "EMFILE"] {
            let same = |path: &Path, stamp: &Stamp| write(path, b"new", Expect::Same(stamp));
            at_every_step(fault, same, |result, path| fails_clean(result, path, Some("old"), Some("new")));
            let whatever = |path: &Path, _: &Stamp| write(path, b"new", Expect::Whatever);
            at_every_step(fault, whatever, |result, path| fails_clean(result, path, Some("old"), Some("new")));
            let gone = |path: &Path, stamp: &Stamp| remove(path, Expect::Same(stamp));
            at_every_step(fault, gone, |result, path| fails_clean(result, path, Some("old"), None));
            let fresh = |path: &Path, _: &Stamp| write(&path.with_file_name("b/a.md"), b"new", Expect::Absent);
            at_every_step(fault, fresh, |result, path| {
                let made = path.with_file_name("b/a.md");
                if result.is_err() && !made.exists() {
                    assert_eq!(names(folder::of(path)), ["a.md"], "no folder is left either");
                } else {
                    fails_clean(result, &made, None, Some("new"));
                }
            });
        }
    }

    #[test]
    fn killed_at_any_step_the_next_write_simply_works() {
        let same = |path: &Path, stamp: &Stamp| write(path, b"new", Expect::Same(stamp));
        at_every_step("stop", same, |_, path| {
            let found = fs::read(path).expect("never without the file");
            assert!(found == b"old" || found == b"new");
            let stamp = read(path).expect("read").stamp;
            write(path, b"newer", Expect::Same(&stamp)).expect("works");
            assert_eq!(fs::read(path).expect("there"), b"newer");
            assert_eq!(names(folder::of(path)), ["a.md"]);
        });
    }

    #[test]
    fn a_disk_that_cannot_swap_is_served_too() {
        for step in 1..=6 {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("a.md");
            fs::write(&path, "old").expect("written");
            let stamp = read(&path).expect("read").stamp;
            let write = || write(&path, b"new", Expect::Same(&stamp));
            let ((result, steps), _) = rehearsal::with(&format!("{step}:EINVAL"), || rehearsal::record(write));
            let renames = steps.iter().filter(|step| matches!(step, rehearsal::Done::Link(..))).count();
            if renames == 1 {
                result.expect("replaced by renames");
                assert_eq!(fs::read(&path).expect("there"), b"new");
                assert_eq!(names(folder.path()), ["a.md"]);
                return;
            }
        }
        panic!("no step was the swap");
    }
}
