//! The index: entries of a few paths change, all others stay as somebody staged them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use gix::bstr::{BStr, ByteSlice};
use gix::index::entry::{Flags, Mode as IndexMode, Stage, Stat};

use super::Git;
use super::session::{Entry, Mode, Session, Step, parse_id, unwritten};
use crate::base::disk::{Claim, Durability};
use crate::base::{Error, Result};

/// File times are as coarse as the kernel's clock: a file changed this shortly before the index may change once more
/// without a sign of it.
const COARSE: std::time::Duration = std::time::Duration::from_millis(20);

/// The index, locked and on its way to a new state.
pub struct Staging<'s> {
    session: &'s Session,
    index: gix::index::File,
    claim: Claim,
    /// The present by the file system's clock.
    now: Option<SystemTime>,
}

/// What an index says, read without a lock.
pub struct Staged {
    index: gix::index::File,
}

impl Git {
    /// The index as it is, or another one: hooks are given theirs by GIT_INDEX_FILE.
    pub fn staged(&self, file: Option<&Path>) -> Result<Staged> {
        let repo = self.repo();
        let path = file.map_or_else(|| repo.index_path(), Path::to_owned);
        Ok(Staged { index: read(&repo, &path)? })
    }
}

impl Staged {
    pub(super) fn of(index: gix::index::File) -> Staged {
        Staged { index }
    }

    /// What is staged at a path.
    pub fn entry(&self, path: &str) -> Option<Entry> {
        let entry = self.index.entry_by_path(path.into()).filter(|it| !it.flags.contains(Flags::INTENT_TO_ADD))?;
        let mode = Mode::of(entry.mode.to_tree_entry_mode()?.kind())?;
        Some(Entry { id: entry.id.to_string(), mode })
    }

    /// Every file that is staged, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, Entry)> {
        self.index.entries().iter().filter(|entry| entry.stage() == Stage::Unconflicted).filter_map(|entry| {
            let mode = Mode::of(entry.mode.to_tree_entry_mode()?.kind())?;
            Some((entry.path(&self.index).to_str().ok()?, Entry { id: entry.id.to_string(), mode }))
        })
    }

    /// Paths that a merge left for somebody to decide.
    pub fn unmerged(&self) -> Vec<String> {
        let unmerged = self.index.entries().iter().filter(|entry| entry.stage() != Stage::Unconflicted);
        let mut paths: Vec<String> = unmerged.map(|entry| entry.path(&self.index).to_string()).collect();
        paths.dedup();
        paths
    }

    /// The submodule that a path is in, if it is in one.
    pub fn submodule_of(&self, path: &str) -> Option<String> {
        path.match_indices('/').map(|(at, _)| &path[..at]).find_map(|folder| {
            let entry = self.index.entry_by_path(folder.into())?;
            (entry.mode == IndexMode::COMMIT).then(|| folder.to_owned())
        })
    }

    pub fn is_tracked(&self, path: &str) -> bool {
        self.index.entry_by_path(path.into()).is_some()
    }

    /// Whether a path is left out of the work tree on purpose (sparse checkout): its absence means nothing.
    pub fn is_left_out(&self, path: &str) -> bool {
        self.index.entry_by_path(path.into()).is_some_and(|entry| entry.flags.contains(Flags::SKIP_WORKTREE))
    }
}

impl Session {
    /// Lock the index and read it.
    pub fn staging(&self) -> Result<Staging<'_>> {
        let path = self.repo.index_path();
        let claim = self.claim(&path)?;
        let index = read(&self.repo, &path)?;
        let lock = PathBuf::from(format!("{}.lock", path.display()));
        let now = std::fs::metadata(lock).and_then(|it| it.modified()).ok();
        Ok(Staging { session: self, index, claim, now })
    }
}

impl Staging<'_> {
    /// Make paths of the index what a commit made them. Says whether anything changed.
    pub fn take(&mut self, steps: &[Step]) -> Result<bool> {
        let root = self.session.git.worktree().map(Path::to_owned);
        let stat = |path: &str| root.as_ref().map_or_else(Stat::default, |root| self.stat(&root.join(path)));
        let stats: Vec<Stat> = steps.iter().map(|step| stat(&step.path)).collect();
        apply(&mut self.index, steps, &stats)
    }

    /// Write it out for this commit. It can be made again from the commit and the files, so like git we leave it to the
    /// system when it reaches the disk: it is large, and everybody would wait for it. Whoever clears up after us puts it in place if the commit became HEAD.
    pub fn prepare(mut self, commit: &str) -> Result<Prepared> {
        self.claim.write(&bytes_of(&self.index)?, Durability::Eventual)?;
        self.claim.mark(commit)?;
        Ok(Prepared { claim: self.claim })
    }

    /// What the file's entry says of it, so that git need not read it. A file that has only just changed is left to
    /// be read.
    fn stat(&self, path: &Path) -> Stat {
        let Ok(metadata) = gix::index::fs::Metadata::from_path_no_follow(path) else { return Stat::default() };
        let settled = metadata.modified().zip(self.now).is_some_and(|(file, now)| file + COARSE < now);
        let stat = Stat::from_fs(&metadata).unwrap_or_default();
        if settled { stat } else { Stat { size: 0, ..stat } }
    }
}

/// An index that only needs to be put in place.
#[derive(Debug)]
pub struct Prepared {
    claim: Claim,
}

impl Prepared {
    pub fn publish(self) -> Result<()> {
        self.claim.publish()
    }
}

/// An index of one commit with these steps, for hooks to look at.
pub(super) fn of_commit(
    repo: &gix::Repository,
    staged: &Staged,
    commit: Option<&str>,
    steps: &[Step],
) -> Result<Vec<u8>> {
    let mut index = match commit {
        Some(commit) => repo.index_from_tree(&super::session::tree_of(repo, commit)?).map_err(unwritten)?,
        None => gix::index::File::from_state(gix::index::State::new(repo.object_hash()), PathBuf::new()),
    };
    for (entry, path) in index.entries_mut_with_paths() {
        // Files that nobody touched need not be read again by the hooks.
        if let Some(known) = staged.index.entry_by_path(path).filter(|known| known.id == entry.id) {
            entry.stat = known.stat;
        }
    }
    apply(&mut index, steps, &vec![Stat::default(); steps.len()])?;
    bytes_of(&index)
}

fn read(repo: &gix::Repository, path: &Path) -> Result<gix::index::File> {
    let empty = || gix::index::File::from_state(gix::index::State::new(repo.object_hash()), path.to_owned());
    if !path.exists() {
        return Ok(empty());
    }
    let options = gix::index::decode::Options::default();
    let index = gix::index::File::at(path, repo.object_hash(), false, options);
    let index = index.map_err(|error| Error::storage("git's index cannot be read").because(error))?;
    if index.is_sparse() {
        return Err(Error::storage("palc cannot change a sparse index")
            .hint("git sparse-checkout reapply --no-sparse-index makes it a usual one"));
    }
    Ok(index)
}

/// Make entries what the steps say. Says whether anything changed.
fn apply(index: &mut gix::index::File, steps: &[Step], stats: &[Stat]) -> Result<bool> {
    let mut changed = false;
    let mut added = Vec::new();
    let mut gone: HashSet<&str> = HashSet::new();
    for (step, stat) in steps.iter().zip(stats) {
        invalidate(index, step.path.as_str().into());
        let Some(entry) = &step.entry else {
            gone.insert(&step.path);
            continue;
        };
        let (id, mode) = (parse_id(&entry.id)?, IndexMode::from(gix::objs::tree::EntryMode::from(entry.mode.kind())));
        match index.entry_mut_by_path_and_stage(step.path.as_str().into(), Stage::Unconflicted) {
            Some(old) => {
                changed |= (old.id, old.mode) != (id, mode) || old.flags.contains(Flags::INTENT_TO_ADD);
                (old.id, old.mode, old.stat) = (id, mode, *stat);
                old.flags.remove(Flags::INTENT_TO_ADD);
            }
            None => added.push((step.path.as_str(), id, mode, *stat)),
        }
    }
    let before = index.entries().len();
    make_room(index, &added.iter().map(|it| it.0).collect(), &gone);
    changed |= index.entries().len() != before || !added.is_empty();
    for (path, id, mode, stat) in added {
        index.dangerously_push_entry(stat, id, Flags::empty(), mode, path.into());
    }
    index.sort_entries();
    Ok(changed)
}

/// Take out what goes, and what cannot stand beside a new path: its conflicting stages, a file where it has a folder,
/// files in a folder where it is a file.
fn make_room(index: &mut gix::index::File, added: &HashSet<&str>, gone: &HashSet<&str>) {
    if added.is_empty() && gone.is_empty() {
        return;
    }
    let folders: HashSet<&str> = added.iter().flat_map(|path| above(path)).collect();
    index.remove_entries(|_, path, _| {
        let Ok(path) = path.to_str() else { return false };
        gone.contains(path)
            || added.contains(path)
            || folders.contains(path)
            || above(path).any(|folder| added.contains(folder))
    });
}

fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Git keeps the trees of folders in the index, and must work these anew.
fn invalidate(index: &mut gix::index::File, path: &BStr) {
    let Some(mut tree) = index.tree_mut() else { return };
    tree.num_entries = None;
    for part in path.split_str("/") {
        let Some(at) = tree.children.iter().position(|child| child.name.as_slice() == part) else { return };
        tree = &mut tree.children[at];
        tree.num_entries = None;
    }
}

fn bytes_of(index: &gix::index::File) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    index.write_to(&mut bytes, gix::index::write::Options::default()).map_err(unwritten)?;
    Ok(bytes)
}

impl std::fmt::Debug for Staging<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staging").field("index", &self.index.path()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Staged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staged").field("index", &self.index.path()).finish()
    }
}
