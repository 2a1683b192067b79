//! Files that other programs lock by making `<name>.lock`, as git does with its index and its refs.
//!
//! A killed git leaves its lock behind, and nobody can tell whether its owner lives. palc makes the lock as a second
//! name (a hard link) of a file in a folder of its own, the twin. So a lock that is the same file as a twin is palc's,
//! and since all claimants hold one kernel lock, whoever has that one knows that the twins' owners are dead.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::append::Durability;
use super::{failed, folder, journal, steps};
use crate::base::error::{Error, Result};

/// Longer names than this some file systems refuse.
const LONGEST: usize = 240;
/// Between the name of a twin and its mark.
const MARK: char = '@';

/// The right to change a file, held until it is published or dropped.
#[derive(Debug)]
pub struct Claim {
    target: PathBuf,
    lock: PathBuf,
    twin: Option<PathBuf>,
    file: File,
    durability: Durability,
    published: bool,
}

/// Where claims are made: the folder that all targets are below, and the folder for twins in it.
#[derive(Debug, Clone, Copy)]
pub struct Claims<'a> {
    pub home: &'a Path,
    pub twins: &'a Path,
}

impl Claims<'_> {
    /// Lock a file, waiting a while for whoever has it locked.
    pub fn take(&self, target: &Path, wait: Duration) -> Result<Claim> {
        folder::make(folder::of(target))?;
        let mut waited = Duration::ZERO;
        let mut pause = Duration::from_millis(2);
        loop {
            match self.attempt(target) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                result => return result.map_err(|error| failed("lock", target, error)),
            }
            if waited >= wait {
                return Err(busy(&lock_of(target), wait));
            }
            std::thread::sleep(pause);
            waited += pause;
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    fn attempt(&self, target: &Path) -> io::Result<Claim> {
        let lock = lock_of(target);
        let Some(twin) = self.twin_of(target) else {
            let file = steps::create(&lock, 0o666)?;
            return Ok(Claim {
                target: target.to_owned(),
                lock,
                twin: None,
                file,
                durability: Durability::Synced,
                published: false,
            });
        };
        if fs::symlink_metadata(&lock).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        folder::make(self.twins).map_err(io::Error::other)?;
        // What lies there is a dead palc's, or it would hold the kernel lock that our caller holds.
        let _ = fs::remove_file(&twin);
        let file = steps::create(&twin, 0o666)?;
        match steps::link(&twin, &lock) {
            Ok(()) => Ok(Claim {
                target: target.to_owned(),
                lock,
                twin: Some(twin),
                file,
                durability: Durability::Synced,
                published: false,
            }),
            Err(error) => {
                let _ = steps::unlink(&twin);
                match error.raw_os_error() {
                    // Some file systems know no second names: then the lock is as good as git's own.
                    Some(EPERM | ENOTSUP | ENOSYS | EMLINK) => {
                        let file = steps::create(&lock, 0o666)?;
                        Ok(Claim {
                            target: target.to_owned(),
                            lock,
                            twin: None,
                            file,
                            durability: Durability::Synced,
                            published: false,
                        })
                    }
                    _ => Err(error),
                }
            }
        }
    }

    fn twin_of(&self, target: &Path) -> Option<PathBuf> {
        let name = journal::escape(target.strip_prefix(self.home).ok()?).ok()?.replace('/', "%2f");
        (name.len() < LONGEST - 70 && !name.contains(MARK)).then(|| self.twins.join(name))
    }

    /// Clear away the locks of palcs that were killed. The caller holds the kernel lock. A lock that was marked is
    /// given to `finish`, which says whether its file is to take its place after all.
    pub fn clear(&self, finish: impl Fn(&Path, &str) -> bool) -> Result<()> {
        let entries = match fs::read_dir(self.twins) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed("read", self.twins, error)),
        };
        for twin in entries.flatten().map(|entry| entry.path()) {
            self.clear_one(&twin, &finish).map_err(|error| failed("clear away", &twin, error))?;
        }
        Ok(())
    }

    fn clear_one(&self, twin: &Path, finish: &impl Fn(&Path, &str) -> bool) -> io::Result<()> {
        let name = twin.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (name, mark) = name.split_once(MARK).unwrap_or((&name, ""));
        if let Some(target) = journal::unescape(name).map(|path| self.home.join(path)) {
            let lock = lock_of(&target);
            if same_file(twin, &lock) {
                if !mark.is_empty() && finish(&target, mark) {
                    steps::rename(&lock, &target)?;
                } else {
                    steps::unlink(&lock)?;
                }
            }
        }
        match steps::unlink(twin) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }
}

impl Claim {
    /// What the file is to hold.
    pub fn write(&mut self, bytes: &[u8], durability: Durability) -> Result<()> {
        self.durability = durability;
        let model = fs::metadata(&self.target).ok();
        let written = model.map_or(Ok(()), |model| steps::resemble(&self.file, &model));
        written
            .and_then(|()| steps::write(&self.file, &self.lock, bytes))
            .and_then(|()| if self.is_synced() { steps::sync(&self.file, &self.lock) } else { Ok(()) })
            .map_err(|error| failed("write", &self.target, error))
    }

    /// Note what must be true for [`Claims::clear`] to put the file in its place if we die before we do.
    pub fn mark(&mut self, word: &str) -> Result<()> {
        if let Some(twin) = &mut self.twin {
            let name = twin.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let marked = twin.with_file_name(format!("{name}{MARK}{word}"));
            steps::rename(twin, &marked).map_err(|error| failed("lock", &self.target, error))?;
            *twin = marked;
        }
        Ok(())
    }

    /// Put what was written in the place of the file.
    pub fn publish(mut self) -> Result<()> {
        let failing = |error| failed("write", &self.target, error);
        steps::rename(&self.lock, &self.target).map_err(failing)?;
        self.published = true;
        if self.is_synced() { steps::sync_folder(folder::of(&self.target)).map_err(failing) } else { Ok(()) }
    }

    fn is_synced(&self) -> bool {
        self.durability == Durability::Synced
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Without its twin a lock would be nobody's, so the twin goes last.
        if !self.published && steps::unlink(&self.lock).is_err() {
            return;
        }
        if let Some(twin) = &self.twin {
            let _ = steps::unlink(twin);
        }
    }
}

const EPERM: i32 = 1;
const EMLINK: i32 = 31;
const ENOSYS: i32 = 38;
const ENOTSUP: i32 = 95;

fn lock_of(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    target.with_file_name(name)
}

#[cfg(unix)]
fn same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let inode = |path| fs::symlink_metadata(path).map(|it| (it.dev(), it.ino())).ok();
    inode(one).is_some() && inode(one) == inode(other)
}

/// Where files have no number that can be asked for, no lock is ever taken for ours.
#[cfg(not(unix))]
fn same_file(_: &Path, _: &Path) -> bool {
    false
}

fn busy(lock: &Path, wait: Duration) -> Error {
    Error::storage(format!("another program is at work: {} is there", lock.display()))
        .hint(format!("palc waited {} s for it; it is most likely git's, or an editor's that runs git", wait.as_secs()))
        .hint("if no git command is running any more, one was killed: remove that file")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place {
        folder: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Place {
            let place = Place { folder: tempfile::tempdir().expect("a folder") };
            fs::write(place.target(), "old").expect("written");
            place
        }

        fn target(&self) -> PathBuf {
            self.folder.path().join("index")
        }

        fn with<T>(&self, act: impl FnOnce(Claims<'_>) -> T) -> T {
            act(Claims { home: self.folder.path(), twins: &self.folder.path().join("palc/twins") })
        }

        fn names(&self) -> Vec<String> {
            let read = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
            let mut all: Vec<String> = read(self.folder.path())
                .chain(read(&self.folder.path().join("palc/twins")))
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .filter(|name| name != "palc")
                .collect();
            all.sort();
            all
        }
    }

    #[test]
    fn a_claim_is_a_lock_that_others_see() {
        let place = Place::new();
        place.with(|claims| {
            let mut claim = claims.take(&place.target(), Duration::ZERO).expect("free");
            assert!(place.folder.path().join("index.lock").exists());
            claims.take(&place.target(), Duration::ZERO).expect_err("taken");
            claim.write(b"new", Durability::Synced).expect("written");
            claim.publish().expect("published");
            drop(claims.take(&place.target(), Duration::ZERO).expect("free again"));
        });
        assert_eq!((fs::read_to_string(place.target()).expect("there").as_str(), place.names().len()), ("new", 1));
    }

    #[test]
    fn a_lock_of_somebody_else_is_named_and_left_alone() {
        let place = Place::new();
        let lock = place.folder.path().join("index.lock");
        fs::write(&lock, "").expect("written");
        place.with(|claims| {
            let error = claims.take(&place.target(), Duration::ZERO).expect_err("taken");
            assert!(error.message().contains("index.lock"), "{error}");
            claims.clear(|_, _| true).expect("nothing of ours");
        });
        assert_eq!(place.names(), ["index", "index.lock"]);
    }

    #[test]
    fn whoever_dies_at_any_step_leaves_nothing_that_stays() {
        use super::super::fault::rehearsal;
        let run = |claims: Claims<'_>, target: &Path| {
            let mut claim = claims.take(target, Duration::ZERO)?;
            claim.write(b"new", Durability::Synced)?;
            claim.mark("done")?;
            claim.publish()
        };
        let mut ends = std::collections::BTreeSet::new();
        for step in 1.. {
            let place = Place::new();
            let met = place.with(|claims| {
                let (result, met) = rehearsal::with(&format!("{step}:stop"), || run(claims, &place.target()));
                assert!(met || result.is_ok());
                claims.clear(|target, mark| target == place.target() && mark == "done").expect("cleared");
                met
            });
            let text = fs::read_to_string(place.target()).expect("there");
            assert!(["old", "new"].contains(&text.as_str()), "{text} at {step}");
            assert_eq!(place.names(), ["index"], "killed at step {step}");
            ends.insert(text);
            if !met {
                break;
            }
        }
        assert_eq!(ends.len(), 2);
    }
}
