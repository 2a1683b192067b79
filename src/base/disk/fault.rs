//! Injected faults. Every step by which the write layer changes the disk asks here first, so that a test can make the
//! k-th one fail, or stop there as if the process had been killed.

use std::io;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::env::{self, Env};
use crate::base::error::{Error, Result};

/// How a run is disturbed: step `at`, counted from 1, does not happen.
#[derive(Debug)]
pub struct Faults {
    at: u64,
    /// The steps after it fail as well, as on a disk that stays full.
    lasting: bool,
    what: What,
    seen: AtomicU64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The step fails with this error of the operating system.
    Fail(i32),
    /// The process dies before the step. Nothing it would do later happens, not even cleaning up.
    Stop,
}

/// One step, as a test's record of a run shows it.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(test), expect(dead_code, reason = "the fields are what the tests' model of a disk replays"))]
pub(super) enum Step<'a> {
    Create(&'a Path),
    Mode,
    Write(&'a Path, &'a [u8]),
    Truncate(&'a Path, u64),
    Sync(&'a Path),
    SyncFolder(&'a Path),
    Rename(&'a Path, &'a Path),
    Exchange(&'a Path, &'a Path),
    Link(&'a Path, &'a Path),
    Unlink(&'a Path),
    MakeFolder(&'a Path),
    RemoveFolder(&'a Path),
}

static PROCESS: OnceLock<Faults> = OnceLock::new();

/// Disturb this process as `PALC_FAULT` says: `3:ENOSPC` fails the third step, `3+:EIO` the third and all later ones,
/// `3:stop` kills the process before its third step.
pub fn arm(env: &Env) -> Result<()> {
    if let Some(text) = env.get(env::FAULT) {
        let faults = Faults::parse(text).ok_or_else(|| {
            Error::usage(format!("PALC_FAULT is not a fault: {text}")).hint("write it as 3:ENOSPC, 3+:EIO or 3:stop")
        })?;
        PROCESS.get_or_init(|| faults);
    }
    Ok(())
}

/// Whether the next step may happen.
pub(super) fn ask(step: Step<'_>) -> io::Result<()> {
    #[cfg(test)]
    rehearsal::ask(step)?;
    #[cfg(not(test))]
    let _ = step;
    match PROCESS.get() {
        None => Ok(()),
        Some(faults) => faults.next().map_err(|what| match what {
            What::Fail(errno) => io::Error::from_raw_os_error(errno),
            What::Stop => die(),
        }),
    }
}

impl Faults {
    fn parse(text: &str) -> Option<Faults> {
        let (at, what) = text.split_once(':')?;
        let (at, lasting) = at.strip_suffix('+').map_or((at, false), |at| (at, true));
        let what = if what == "stop" { What::Stop } else { What::Fail(errno(what)?) };
        Some(Faults { at: at.parse().ok()?, lasting: lasting || what == What::Stop, what, seen: AtomicU64::new(0) })
    }

    fn next(&self) -> Result<(), What> {
        let now = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        let hit = now == self.at || (self.lasting && now > self.at);
        if hit { Err(self.what) } else { Ok(()) }
    }
}

#[cfg(unix)]
fn errno(name: &str) -> Option<i32> {
    use rustix::io::Errno;
    const KNOWN: &[(&str, Errno)] = &[
        ("EACCES", Errno::ACCESS),
        ("EDQUOT", Errno::DQUOT),
        ("EINTR", Errno::INTR),
        ("EINVAL", Errno::INVAL),
        ("EIO", Errno::IO),
        ("EMFILE", Errno::MFILE),
        ("ENOSPC", Errno::NOSPC),
        ("EROFS", Errno::ROFS),
    ];
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, errno)| errno.raw_os_error())
}

#[cfg(not(unix))]
fn errno(name: &str) -> Option<i32> {
    name.parse().ok()
}

/// Die as the kernel would have it: no destructor runs.
fn die() -> io::Error {
    #[cfg(unix)]
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    std::process::abort()
}

/// Faults and records for one thread, so that tests do not disturb each other.
#[cfg(test)]
pub(crate) mod rehearsal {
    use std::cell::RefCell;
    use std::io;
    use std::path::PathBuf;
    use std::sync::atomic::Ordering;

    use super::{Faults, Step, What};

    thread_local! {
        static FAULTS: RefCell<Option<Faults>> = const { RefCell::new(None) };
        static RECORD: RefCell<Option<Vec<Done>>> = const { RefCell::new(None) };
    }

    /// A step that happened.
    #[derive(Debug, Clone)]
    pub(crate) enum Done {
        Create(PathBuf),
        Write(PathBuf, Vec<u8>),
        Truncate(PathBuf, u64),
        Sync(PathBuf),
        SyncFolder(PathBuf),
        Rename(PathBuf, PathBuf),
        Exchange(PathBuf, PathBuf),
        Link(PathBuf, PathBuf),
        Unlink(PathBuf),
        MakeFolder(PathBuf),
        RemoveFolder(PathBuf),
        Mode,
    }

    /// Run with a fault, written as in `PALC_FAULT`. Says too whether the fault was met.
    pub(crate) fn with<T>(fault: &str, run: impl FnOnce() -> T) -> (T, bool) {
        let faults = Faults::parse(fault).expect("a fault");
        FAULTS.with_borrow_mut(|slot| *slot = Some(faults));
        let result = run();
        let faults = FAULTS.take().expect("still there");
        (result, faults.seen.into_inner() >= faults.at)
    }

    /// Whether this thread acts a killed process, which does not even free what it holds.
    pub(crate) fn is_dead() -> bool {
        let dead = |faults: &Faults| faults.what == What::Stop && faults.seen.load(Ordering::Relaxed) >= faults.at;
        FAULTS.with_borrow(|slot| slot.as_ref().is_some_and(dead))
    }

    /// Run and record every step.
    pub(crate) fn record<T>(run: impl FnOnce() -> T) -> (T, Vec<Done>) {
        RECORD.set(Some(Vec::new()));
        let result = run();
        (result, RECORD.take().expect("still there"))
    }

    pub(super) fn ask(step: Step<'_>) -> io::Result<()> {
        FAULTS.with_borrow(|slot| match slot.as_ref().map(Faults::next) {
            Some(Err(What::Fail(errno))) => Err(io::Error::from_raw_os_error(errno)),
            Some(Err(What::Stop)) => Err(io::Error::other("stopped")),
            _ => Ok(()),
        })?;
        RECORD.with_borrow_mut(|record| record.iter_mut().for_each(|record| record.push(done(step))));
        Ok(())
    }

    fn done(step: Step<'_>) -> Done {
        match step {
            Step::Create(path) => Done::Create(path.into()),
            Step::Mode => Done::Mode,
            Step::Write(path, bytes) => Done::Write(path.into(), bytes.into()),
            Step::Truncate(path, len) => Done::Truncate(path.into(), len),
            Step::Sync(path) => Done::Sync(path.into()),
            Step::SyncFolder(path) => Done::SyncFolder(path.into()),
            Step::Rename(from, to) => Done::Rename(from.into(), to.into()),
            Step::Exchange(one, other) => Done::Exchange(one.into(), other.into()),
            Step::Link(from, to) => Done::Link(from.into(), to.into()),
            Step::Unlink(path) => Done::Unlink(path.into()),
            Step::MakeFolder(path) => Done::MakeFolder(path.into()),
            Step::RemoveFolder(path) => Done::RemoveFolder(path.into()),
        }
    }
}
