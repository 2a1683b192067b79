//! Locks between palc processes: kernel advisory locks, freed when the holder dies. So a lock file that lies about
//! means nothing, and is never removed.
//!
//! The file says who holds the lock, for people, and names the temporary files that the holder makes. If the holder is
//! killed, the next one clears them away.

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::{failed, folder, journal, temp};
use crate::base::error::{Error, Result};

const NOTE: &str = "temporary ";
/// How long palc waits for another palc.
const WAIT: Duration = Duration::from_secs(10);

/// Held until dropped.
#[derive(Debug)]
pub struct Lock {
    file: Arc<File>,
    how: Use,
}

thread_local! {
    /// The locks that this thread has taken, the latest last.
    static HELD: RefCell<Vec<Weak<File>>> = const { RefCell::new(Vec::new()) };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Alone,
    Shared,
}

impl Lock {
    /// Take the lock, waiting for its holder a while. The error names the holder.
    pub fn take(path: &Path) -> Result<Lock> {
        Lock::take_within(path, WAIT)
    }

    pub fn take_within(path: &Path, wait: Duration) -> Result<Lock> {
        let lock = acquire(path, Use::Alone, wait)?;
        clear_after(&lock.file);
        // For people only: a failure here must not stop the work.
        let _ = lock.file.set_len(0).and_then(|()| (&*lock.file).write_all(introduction().as_bytes()));
        HELD.with_borrow_mut(|held| held.push(Arc::downgrade(&lock.file)));
        Ok(lock)
    }

    /// Whether somebody holds the lock alone, or died holding it.
    pub(super) fn is_noted(path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|it| it.len() > 0)
    }

    /// Take the lock together with others who only read.
    pub fn share(path: &Path) -> Result<Lock> {
        acquire(path, Use::Shared, WAIT)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        #[cfg(test)]
        if super::fault::rehearsal::is_dead() {
            return;
        }
        if self.how == Use::Alone {
            let _ = self.file.set_len(0);
        }
    }
}

/// Note in the lock that this thread holds, if any, that a temporary file is about to be made.
pub(super) fn note(temporary: &Path) {
    let held = HELD.with_borrow_mut(|held| {
        held.retain(|file| file.strong_count() > 0);
        held.last().and_then(Weak::upgrade)
    });
    let name = std::path::absolute(temporary).ok().and_then(|path| journal::escape(&path).ok());
    if let (Some(file), Some(name)) = (held, name) {
        // Failing that, the file is cleared away when its target is written next.
        let _ = (&*file).write_all(format!("{NOTE}{name}\n").as_bytes());
    }
}

/// Remove the temporary files of a holder that died.
fn clear_after(mut file: &File) {
    let mut text = String::new();
    if file.read_to_string(&mut text).is_ok() {
        let noted = text.lines().filter_map(|line| journal::unescape(line.strip_prefix(NOTE)?));
        for path in
            noted.filter(|path| path.file_name().is_some_and(|name| temp::is_temporary(&name.to_string_lossy())))
        {
            temp::clear(&path);
        }
    }
}

fn acquire(path: &Path, how: Use, wait: Duration) -> Result<Lock> {
    folder::make(folder::of(path))?;
    let mut waited = Duration::ZERO;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(file) = attempt(path, how)? {
            return Ok(Lock { file: Arc::new(file), how });
        }
        if waited >= wait {
            return Err(busy(path, wait));
        }
        std::thread::sleep(pause);
        waited += pause;
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

fn attempt(path: &Path, how: Use) -> Result<Option<File>> {
    let failing = |error| failed("lock", path, error);
    let file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failing)?;
    let locked = match how {
        Use::Alone => file.try_lock(),
        Use::Shared => file.try_lock_shared(),
    };
    match locked {
        Ok(()) if same_file(&file, path) => Ok(Some(file)),
        // Somebody removed the file between our opening it and our lock, so the next process would make another.
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failing(error)),
    }
}

#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let inode = |it: io::Result<fs::Metadata>| it.map(|it| (it.dev(), it.ino())).ok();
    inode(file.metadata()) == inode(fs::metadata(path))
}

#[cfg(not(unix))]
fn same_file(_: &File, _: &Path) -> bool {
    true
}

fn introduction() -> String {
    format!("palc {} (process {})\n", verb(std::env::args().skip(1)), std::process::id())
}

/// The command's first word. The rest may hold what others should not read.
fn verb(mut words: impl Iterator<Item = String>) -> String {
    while let Some(word) = words.next() {
        if ["-C", "--profile", "--config", "--color", "--log-level"].contains(&word.as_str()) {
            words.next();
        } else if !word.starts_with('-') {
            return word;
        }
    }
    String::new()
}

fn busy(path: &Path, wait: Duration) -> Error {
    let holder = fs::read_to_string(path).unwrap_or_default();
    let holder = holder.lines().next().filter(|line| !line.is_empty()).unwrap_or("another program");
    let message = match since(path) {
        Some(since) => format!("{holder} has been at work here since {since}"),
        None => format!("{holder} is at work here"),
    };
    Error::storage(message)
        .hint(format!("palc waited {} s; wait for it to end and try again", wait.as_secs()))
        .hint(format!("the lock is {}; it is freed when that process ends", path.display()))
}

/// The holder wrote its name when it took the lock.
fn since(path: &Path) -> Option<String> {
    let written = fs::metadata(path).and_then(|it| it.modified()).ok()?;
    let written = jiff::Timestamp::try_from(written).ok()?.round(jiff::Unit::Second).ok()?;
    Some(written.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_hears_who_holds_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/lock");
        let held = Lock::take(&path).expect("free");
        let error = Lock::take_within(&path, Duration::from_millis(5)).expect_err("held");
        assert_eq!(error.kind(), crate::base::Kind::Storage);
        assert!(error.message().contains(&format!("(process {})", std::process::id())), "{error}");
        assert!(error.message().contains("has been at work here since 2"), "{error}");
        drop(held);
        Lock::take_within(&path, Duration::ZERO).expect("free again");
    }

    #[test]
    fn what_a_killed_holder_left_is_cleared_by_the_next() {
        use super::super::{Expect, fault::rehearsal, read, remove};
        for step in 1.. {
            let folder = tempfile::tempdir().expect("a folder");
            let (path, lock) = (folder.path().join("a b.md"), folder.path().join("lock"));
            fs::write(&path, "a").expect("written");
            let stamp = read(&path).expect("there").stamp;
            let run = || {
                let _held = Lock::take(&lock).expect("free");
                remove(&path, Expect::Same(&stamp))
            };
            let (result, met) = rehearsal::with(&format!("{step}:stop"), run);
            if !met {
                result.expect("undisturbed");
                break;
            }
            let _next = Lock::take(&lock).expect("free");
            let left = fs::read_dir(folder.path()).expect("there").count();
            assert_eq!(left, 1 + usize::from(path.exists()), "killed at step {step}");
        }
    }

    #[test]
    fn readers_share_and_keep_writers_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let _one = Lock::share(&path).expect("free");
        let _other = Lock::share(&path).expect("shared");
        assert!(Lock::take_within(&path, Duration::ZERO).is_err());
    }

    #[test]
    fn a_removed_lock_file_does_not_make_two_holders() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let before = OpenOptions::new().append(true).create(true).open(&path).expect("made");
        fs::remove_file(&path).expect("removed");
        before.lock().expect("locked");
        assert!(!same_file(&before, &path));
        Lock::take_within(&path, Duration::from_millis(5)).expect("a new file, a new lock");
    }

    #[test]
    fn only_the_verb_is_told() {
        let verb = |words: &[&str]| verb(words.iter().map(|word| (*word).to_owned()));
        assert_eq!(verb(&["-C", "here", "--json", "set", "x", "key", "secret"]), "set");
        assert_eq!(verb(&[]), "");
    }

    #[test]
    fn nothing_is_lost_between_writers() {
        let folder = tempfile::tempdir().expect("a folder");
        let (lock, file) = (folder.path().join("lock"), folder.path().join("count"));
        fs::write(&file, "0").expect("written");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        let _lock = Lock::take(&lock).expect("ours in the end");
                        let read = super::super::read(&file).expect("there");
                        let count: u32 = String::from_utf8_lossy(&read.bytes).parse().expect("a number");
                        let next = (count + 1).to_string();
                        super::super::write(&file, next.as_bytes(), super::super::Expect::Same(&read.stamp))
                            .expect("nobody else writes");
                    }
                });
            }
        });
        assert_eq!(fs::read_to_string(&file).expect("there"), "100");
    }
}
