//! Several files change together or not at all.
//!
//! The new versions are written to temporary files first. Then a journal says what is to be done, and from the moment
//! it stands, whoever comes next finishes the work: palc itself, or after a crash the next palc.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::change::{Change, Verb};
use super::journal::{self, Journal, State};
use super::lock::Lock;
use super::write::{self, Expect, changed, content, exists};
use super::{failed, folder, resolve, steps, temp};
use crate::base::error::{Error, Result};
use crate::base::hash::BlobId;

/// Held while a batch is made, or finished by somebody else.
const LOCK: &str = "batch.lock";

/// Changes of files, to be made as one. Each path may occur once.
#[derive(Debug, Default)]
pub struct Batch {
    plans: Vec<Plan>,
    prune: Option<PathBuf>,
}

#[derive(Debug)]
struct Plan {
    path: PathBuf,
    what: What,
    wanted: Wanted,
}

#[derive(Debug)]
enum What {
    Write(Vec<u8>),
    Remove,
    Rename(PathBuf),
}

/// `Expect` without its borrow.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Absent,
    Same(write::Stamp),
    Whatever,
}

/// What `recover` found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    Nothing,
    /// A batch had not got far enough; its temporary files are gone, and its files hold what they held before.
    Discarded,
    /// A batch was finished: this many files.
    Completed(usize),
}

impl Batch {
    pub fn new() -> Self {
        Batch::default()
    }

    #[must_use]
    pub fn write(self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>, expect: Expect<'_>) -> Self {
        self.plan(path.into(), What::Write(bytes.into()), expect)
    }

    #[must_use]
    pub fn remove(self, path: impl Into<PathBuf>, expect: Expect<'_>) -> Self {
        self.plan(path.into(), What::Remove, expect)
    }

    /// `expect` is about `from`; there must be nothing at `to`.
    #[must_use]
    pub fn rename(self, from: impl Into<PathBuf>, to: impl Into<PathBuf>, expect: Expect<'_>) -> Self {
        self.plan(from.into(), What::Rename(to.into()), expect)
    }

    /// Remove folders below this root that removals and renames leave empty.
    #[must_use]
    pub fn prune(mut self, root: impl Into<PathBuf>) -> Self {
        self.prune = Some(root.into());
        self
    }

    pub fn is_empty(&self) -> bool {
        self.plans.is_empty()
    }

    pub fn len(&self) -> usize {
        self.plans.len()
    }

    /// Make all changes. On an error none is made, unless the error says that the next command will see to it.
    /// The journal folder is the same for all who write these files, and on a disk that lasts.
    pub fn commit(self, journal_folder: &Path) -> Result<()> {
        if self.plans.is_empty() {
            return Ok(());
        }
        let _lock = lock(journal_folder)?;
        if journal::left(journal_folder) {
            recover_locked(journal_folder)?;
        }
        if let [Plan { path, what: What::Write(bytes), wanted }] = &self.plans[..] {
            return write::write(path, bytes, wanted.expect());
        }
        let (plans, mut journal) = self.prepare()?;
        journal::save(&journal, journal_folder)?;
        let staged = stage(&plans, &mut journal).and_then(|()| {
            journal.state = State::Committed;
            journal::save(&journal, journal_folder)
        });
        match staged {
            Ok(()) => finish(&journal, journal_folder),
            Err(error) => Err(give_up(&journal, journal_folder, error)),
        }
    }

    /// The journal as it will be, but for what the files hold, which is looked at last.
    fn prepare(self) -> Result<(Vec<Plan>, Journal)> {
        let prune = self.prune.map(|root| real(&root)).transpose()?;
        let mut journal = Journal { state: State::Staged, folders: Vec::new(), changes: Vec::new(), prune };
        let plans: Vec<Plan> = self.plans.into_iter().filter(|plan| !plan.is_idle()).collect();
        let mut seen = BTreeSet::new();
        for plan in &plans {
            let change = plan.prepare()?;
            let named = [Some(&change.path), (change.verb == Verb::Rename).then_some(&change.other)];
            if let Some(twice) = named.into_iter().flatten().find(|path| !seen.insert((*path).clone())) {
                return Err(Error::bug(format!("{} occurs twice in one set of changes", twice.display())));
            }
            for folder in folder::missing(folder::of(&change.other)) {
                if !journal.folders.contains(&folder) {
                    journal.folders.push(folder);
                }
            }
            journal.changes.push(change);
        }
        Ok((plans, journal))
    }

    fn plan(mut self, path: PathBuf, what: What, expect: Expect<'_>) -> Self {
        let wanted = match expect {
            Expect::Absent => Wanted::Absent,
            Expect::Same(stamp) => Wanted::Same(*stamp),
            Expect::Whatever => Wanted::Whatever,
        };
        self.plans.push(Plan { path, what, wanted });
        self
    }
}

/// Finish what a crash interrupted. Every command calls this first; it costs next to nothing if there was none.
pub fn recover(journal_folder: &Path) -> Result<Recovery> {
    if journal::left(journal_folder) {
        let _lock = lock(journal_folder)?;
        return recover_locked(journal_folder);
    }
    let path = journal_folder.join(LOCK);
    if Lock::is_noted(&path) {
        // Taking the lock clears up after a dead holder. A living one clears up itself.
        let _ = Lock::take_within(&path, Duration::ZERO);
    }
    Ok(Recovery::Nothing)
}

fn recover_locked(home: &Path) -> Result<Recovery> {
    let Some(journal) = journal::load(home)? else {
        journal::clear(home)?;
        return Ok(Recovery::Nothing);
    };
    if journal.state == State::Staged {
        discard(&journal);
        journal::clear(home)?;
        return Ok(Recovery::Discarded);
    }
    match finish(&journal, home) {
        Ok(()) => Ok(Recovery::Completed(journal.changes.len())),
        Err(_) if !journal::stands(home) => Ok(Recovery::Discarded),
        Err(error) => Err(error),
    }
}

impl Plan {
    fn prepare(&self) -> Result<Change> {
        temp::replaceable(&self.path)?;
        let path = place(&self.path)?;
        let (verb, other, new) = match &self.what {
            What::Write(bytes) => (Verb::Write, temp::name_for_batch(&path)?, Some(BlobId::of(bytes))),
            What::Remove => (Verb::Remove, temp::name_for_batch(&path)?, None),
            What::Rename(to) => (Verb::Rename, place(to)?, None),
        };
        Ok(Change { verb, path, other, old: None, new })
    }

    /// Nothing to do: the file holds these bytes already, or is gone already.
    fn is_idle(&self) -> bool {
        match (&self.what, self.wanted) {
            (What::Write(bytes), Wanted::Same(stamp)) => BlobId::of(bytes) == stamp.content,
            (What::Remove, Wanted::Absent) => self.path.symlink_metadata().is_err(),
            _ => false,
        }
    }

    /// Whether the files are what the caller expects. Returns what the path holds.
    fn verify(&self, change: &Change) -> Result<Option<BlobId>> {
        let found = content(&change.path)?;
        match self.wanted {
            Wanted::Absent if found.is_some() => return Err(exists(&self.path)),
            Wanted::Same(stamp) if found != Some(stamp.content) => return Err(changed(&self.path)),
            _ => {}
        }
        if found.is_none() && change.verb != Verb::Write {
            return Err(Error::no(format!("there is no {}", self.path.display())));
        }
        if change.verb == Verb::Rename && change.other.symlink_metadata().is_ok() {
            return Err(exists(&change.other));
        }
        Ok(found)
    }
}

impl Wanted {
    fn expect(&self) -> Expect<'_> {
        match self {
            Wanted::Absent => Expect::Absent,
            Wanted::Same(stamp) => Expect::Same(stamp),
            Wanted::Whatever => Expect::Whatever,
        }
    }
}

/// Write the new versions beside their targets, durably, and look at the targets.
fn stage(plans: &[Plan], journal: &mut Journal) -> Result<()> {
    for change in &journal.changes {
        folder::make(folder::of(&change.other))?;
    }
    for (plan, change) in plans.iter().zip(&journal.changes) {
        if let What::Write(bytes) = &plan.what {
            temp::write_at(&change.other, &change.path, bytes)?;
        }
    }
    sync_folders(journal)?;
    for (plan, change) in plans.iter().zip(&mut journal.changes) {
        change.old = plan.verify(change)?;
    }
    Ok(())
}

/// Carry out a committed journal. If that fails half-way, take back what was done.
fn finish(journal: &Journal, home: &Path) -> Result<()> {
    let done = journal.changes.iter().try_for_each(Change::forward).and_then(|()| sync_folders(journal));
    if let Err(error) = done {
        return Err(
            match journal.changes.iter().rev().try_for_each(Change::back).and_then(|()| sync_folders(journal)) {
                Ok(()) => give_up(journal, home, error),
                Err(_) => unfinished(error),
            },
        );
    }
    journal.changes.iter().for_each(Change::finish);
    prune(journal);
    sync_folders(journal)
        .and_then(|()| journal::clear(home))
        .map_err(|error| error.hint("all changes were made; the next palc command clears up"))
}

/// Nothing was done, or all is taken back. The journal goes first: it might stand as committed although saving it
/// failed, and must not outlive its temporary files.
fn give_up(journal: &Journal, home: &Path, error: Error) -> Error {
    if journal::clear(home).is_err() {
        return unfinished(error);
    }
    discard(journal);
    if journal.changes.len() > 1 { error.hint("nothing was changed") } else { error }
}

fn discard(journal: &Journal) {
    let discard = if journal.state == State::Staged { Change::forget } else { Change::finish };
    journal.changes.iter().for_each(discard);
    folder::unmake(&journal.folders);
}

fn unfinished(error: Error) -> Error {
    error.hint("some files may be changed and others not; the next palc command that writes here will see to it")
}

fn prune(journal: &Journal) {
    if let Some(root) = &journal.prune {
        for change in journal.changes.iter().filter(|change| change.verb != Verb::Write) {
            folder::prune(folder::of(&change.path), root);
        }
    }
}

/// Make the names in all folders concerned durable. One may be gone by now because it was empty.
fn sync_folders(journal: &Journal) -> Result<()> {
    let folders: BTreeSet<&Path> =
        journal.changes.iter().flat_map(|it| [folder::of(&it.path), folder::of(&it.other)]).collect();
    folders
        .into_iter()
        .filter(|folder| folder.exists())
        .try_for_each(|folder| steps::sync_folder(folder).map_err(|error| failed("make durable", folder, error)))
}

fn lock(home: &Path) -> Result<Lock> {
    Lock::take(&home.join(LOCK))
}

fn real(path: &Path) -> Result<PathBuf> {
    resolve::real(path).map_err(|error| failed("resolve", path, error))
}

/// A path without links but for its last part, so that a journal means the same from everywhere.
fn place(path: &Path) -> Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| Error::invalid(format!("{} names no file", path.display())))?;
    Ok(real(folder::of(path))?.join(name))
}
