//! Writing in somebody's repository: one palc at a time, beside any number of gits.
//!
//! Objects go through gix. Refs and the index are changed here rather than by gix or the git program because of what
//! a kill would leave: a `.lock` of theirs is nobody's afterwards, one of ours is known and cleared by the next palc
//! (see [`crate::base::disk::Claims`]).

use std::path::PathBuf;
use std::time::Duration;

use gix::objs::tree::EntryKind;

use super::Git;
use super::sign;
use crate::base::disk::{self, Claim, Claims, Lock};
use crate::base::{Error, Result};

/// How long a git command may keep its locks before palc gives up.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
const LOCK: &str = "git.lock";
/// How long other palcs may take. Each needs a moment only, but twenty on a slow disk are many, and a lock that dies
/// with its holder cannot be waited for in vain.
const TURN: Duration = Duration::from_secs(60);

/// The exclusive right among palcs to write refs and the index of a repository.
pub struct Session {
    pub(super) git: Git,
    pub(super) repo: gix::Repository,
    _lock: Lock,
}

/// A path's content in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The blob's id in hex.
    pub id: String,
    pub mode: Mode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    File,
    Executable,
    Link,
    Submodule,
}

/// What a path is to be in a tree: an entry, or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub path: String,
    pub entry: Option<Entry>,
}

/// A commit to be made.
#[derive(Debug)]
pub struct Draft<'a> {
    pub tree: &'a str,
    pub parents: &'a [String],
    pub message: &'a str,
    pub dates: Dates,
    /// Whose work it is, where that is not who commits: author line of another commit, kept as it is.
    pub author_of: Option<&'a str>,
}

/// Times in seconds since 1970 in place of the clock's.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dates {
    pub author: Option<i64>,
    pub committer: Option<i64>,
}

/// Where HEAD is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The branch's full name; none where HEAD is detached.
    pub name: Option<String>,
    /// None before the first commit.
    pub commit: Option<String>,
}

impl Git {
    /// Begin to write, when no other palc does.
    pub fn session(&self) -> Result<Session> {
        let lock = Lock::take_within(&self.palc_folder().join(LOCK), TURN)?;
        let session = Session { git: self.clone(), repo: self.repo(), _lock: lock };
        session.clear()?;
        Ok(session)
    }

    /// Finish or undo what a palc left that was killed while it wrote. Does nothing if another palc is writing.
    pub fn recover(&self) {
        let twins = self.twins();
        if std::fs::read_dir(&twins).is_ok_and(|mut entries| entries.next().is_some())
            && let Ok(lock) = Lock::take_within(&self.palc_folder().join(LOCK), Duration::ZERO)
        {
            let session = Session { git: self.clone(), repo: self.repo(), _lock: lock };
            if let Err(error) = session.clear() {
                tracing::warn!(%error, "locks of a killed palc were not cleared away");
            }
        }
    }

    /// Where HEAD is at this moment.
    pub fn head(&self) -> Result<Head> {
        head(&self.repo())
    }

    pub(super) fn palc_folder(&self) -> PathBuf {
        self.common_folder().join("palc")
    }

    fn twins(&self) -> PathBuf {
        self.palc_folder().join("locks")
    }
}

impl Session {
    /// Store a blob.
    pub fn store(&self, bytes: &[u8]) -> Result<String> {
        store(&self.repo, bytes)
    }

    /// The tree that a commit becomes by these steps; without a commit, that of the steps alone.
    pub fn tree(&self, commit: Option<&str>, steps: &[Step]) -> Result<String> {
        tree(&self.repo, commit, steps)
    }

    /// Write a commit, signed if the user wants that. No ref moves.
    pub fn commit(&self, draft: &Draft<'_>) -> Result<String> {
        let id = sign::commit(&self.repo, draft)?;
        Ok(id.to_string())
    }

    /// Make a commit and what these steps brought durable, before a ref names it.
    pub fn settle(&self, commit: &str, steps: &[Step]) -> Result<()> {
        settle(&self.repo, commit, steps)
    }

    pub fn head(&self) -> Result<Head> {
        head(&self.repo)
    }

    pub(super) fn claim(&self, target: &std::path::Path) -> Result<Claim> {
        let (home, twins) = (self.git.common_folder(), self.git.twins());
        Claims { home: &home, twins: &twins }.take(target, PATIENCE)
    }

    /// An index that was written for a commit takes its place if the commit did; everything else is undone.
    fn clear(&self) -> Result<()> {
        let (home, twins) = (self.git.common_folder(), self.git.twins());
        let is_head = |commit: &str| {
            // The worktree that was committed in may be another one, on the same branch or not: its index is lost
            // then, which costs a `git status` that shows the commit's files as changed.
            self.head().is_ok_and(|head| head.commit.as_deref() == Some(commit))
        };
        let index = self.repo.index_path();
        Claims { home: &home, twins: &twins }.clear(|target, mark| target == index && is_head(mark))
    }
}

impl Mode {
    pub(super) fn of(kind: EntryKind) -> Option<Mode> {
        match kind {
            EntryKind::Blob => Some(Mode::File),
            EntryKind::BlobExecutable => Some(Mode::Executable),
            EntryKind::Link => Some(Mode::Link),
            EntryKind::Commit => Some(Mode::Submodule),
            EntryKind::Tree => None,
        }
    }

    pub(super) fn kind(self) -> EntryKind {
        match self {
            Mode::File => EntryKind::Blob,
            Mode::Executable => EntryKind::BlobExecutable,
            Mode::Link => EntryKind::Link,
            Mode::Submodule => EntryKind::Commit,
        }
    }
}

pub(super) fn head(repo: &gix::Repository) -> Result<Head> {
    let name = repo.head_name().map_err(unwritten)?.map(|name| name.as_bstr().to_string());
    let commit = repo.head().map_err(unwritten)?.id().map(|id| id.to_string());
    Ok(Head { name, commit })
}

pub(super) fn store(repo: &gix::Repository, bytes: &[u8]) -> Result<String> {
    Ok(repo.write_blob(bytes).map_err(unwritten)?.to_string())
}

pub(super) fn tree(repo: &gix::Repository, commit: Option<&str>, steps: &[Step]) -> Result<String> {
    let base = match commit {
        Some(id) => tree_of(repo, id)?,
        None => gix::ObjectId::empty_tree(repo.object_hash()),
    };
    let mut tree = repo.edit_tree(base).map_err(unwritten)?;
    // What goes goes first: a file may take the place of a folder.
    for step in steps.iter().filter(|step| step.entry.is_none()) {
        tree.remove(step.path.as_str()).map_err(unwritten)?;
    }
    for step in steps {
        if let Some(entry) = &step.entry {
            tree.upsert(step.path.as_str(), entry.mode.kind(), parse_id(&entry.id)?).map_err(unwritten)?;
        }
    }
    Ok(tree.write().map_err(unwritten)?.to_string())
}

/// The tree of a commit.
pub(super) fn tree_of(repo: &gix::Repository, commit: &str) -> Result<gix::ObjectId> {
    let commit = repo.find_commit(parse_id(commit)?).map_err(unwritten)?;
    Ok(commit.tree_id().map_err(unwritten)?.detach())
}

/// What stands at a path of a commit.
pub(super) fn entry_in(repo: &gix::Repository, commit: Option<&str>, path: &str) -> Result<Option<Entry>> {
    let Some(commit) = commit else { return Ok(None) };
    let tree = repo.find_tree(tree_of(repo, commit)?).map_err(unwritten)?;
    let entry = tree.lookup_entry_by_path(path).map_err(unwritten)?;
    Ok(entry.and_then(|entry| {
        let mode = Mode::of(entry.mode().kind())?;
        Some(Entry { id: entry.object_id().to_string(), mode })
    }))
}

pub(super) fn parse_id(id: &str) -> Result<gix::ObjectId> {
    gix::ObjectId::from_hex(id.as_bytes()).map_err(unwritten)
}

pub(super) fn unwritten(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::storage("git cannot write here").because(error)
}

/// Make objects durable before a ref names them. Git leaves that to chance by default; a lost prompt is worth more
/// than the milliseconds.
pub(super) fn settle(repo: &gix::Repository, commit: &str, steps: &[Step]) -> Result<()> {
    let mut ids = vec![parse_id(commit)?];
    let root = tree_of(repo, commit)?;
    ids.push(root);
    for step in steps {
        let mut at = repo.find_tree(root).map_err(unwritten)?;
        for part in step.path.split('/') {
            let Some(entry) = at.find_entry(part).map(|it| (it.object_id(), it.mode())) else {
                break;
            };
            ids.push(entry.0);
            if !entry.1.is_tree() {
                break;
            }
            at = repo.find_tree(entry.0).map_err(unwritten)?;
        }
    }
    ids.sort();
    ids.dedup();
    let objects = repo.objects.store_ref().path().to_owned();
    let loose = |id: &gix::ObjectId| {
        let hex = id.to_string();
        objects.join(&hex[..2]).join(&hex[2..])
    };
    disk::settle(&ids.iter().map(loose).collect::<Vec<_>>())
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("git", &self.git).finish_non_exhaustive()
    }
}
