//! What is known about the content of prompt files, so that it is worked out once.
//!
//! Facts are keyed by content (git's blob id), never by path or commit: a branch switch, a rebase or a second worktree
//! costs nothing. A second table says which content each path of this worktree holds, as git's index does, by size,
//! times and inode. Both live in the derived folder and may be deleted at any time.

mod bytes;
mod signs;
mod store;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::base::hash::{BlobId, sha256};
use crate::base::{Finding, Result, disk};
use crate::format::Dialect;

use super::listing::{self, Found, FoundFile};
use super::source::Reader;
use super::{PromptFile, Source, Workspace};
use signs::{Row, Signs};
use store::{Key, Store};

pub use signs::Sign;
pub use store::Stored;

/// Facts of one kind.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What their file is called.
    pub kind: &'a str,
    /// Changes whenever the same content would give other facts: with the program, with settings.
    pub digest: String,
}

/// What a survey found, in the order of paths.
#[derive(Debug)]
pub struct Survey<T> {
    pub facts: Vec<T>,
    /// What looks like a prompt and cannot be read as one.
    pub skipped: Vec<Finding>,
}

/// The facts of every prompt file. `learn` works them out, encoded, for content that is not known yet: it must depend
/// on the bytes and the dialect alone. `take` makes of them what the caller wants of one file, if anything. Both are
/// called in parallel.
pub fn survey<T: Send>(
    source: &Source<'_>,
    facts: &Facts<'_>,
    learn: impl Fn(&[u8], Dialect) -> Vec<u8> + Sync,
    take: impl Fn(PromptFile, Stored) -> Result<Option<T>> + Sync,
) -> Result<Survey<T>> {
    let (found, tables) = rayon::join(|| listing::found(source), || Tables::open(source, facts));
    let Found { files, skipped } = found?;
    let known = tables.known(&files);
    let learned = if known.iter().all(Option::is_some) {
        known.into_iter().map(|known| known.map(Learned::known)).collect()
    } else {
        let began = tables.present();
        let learned = learn_rest(source, &tables, &files, known, &learn)?;
        if let Some(began) = began {
            tables.save(&files, &learned, began);
        }
        learned
    };
    let layout = source.workspace().layout();
    let taken = |(file, learned): (FoundFile, Option<Learned>)| {
        // A file that disappeared since it was listed is not an error: the next listing would not show it.
        let name = layout.name_of_prompt(&file.path)?;
        take(PromptFile { name, path: file.path }, learned?.facts).transpose()
    };
    // Each is written to its place at once; to collect what is left over in parallel would move everything twice.
    let facts: Vec<Option<Result<T>>> = files.into_par_iter().zip(learned).map(taken).collect();
    Ok(Survey { facts: facts.into_iter().flatten().collect::<Result<_>>()?, skipped })
}

/// A prompt file and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub path: String,
    pub dialect: Dialect,
    /// The id that git has for it; in a SHA-256 repository its SHA-1 all the same.
    pub blob: BlobId,
}

/// What every prompt file holds, in the order of their paths. Only files that changed are read.
pub fn contents(source: &Source<'_>) -> Result<Vec<Content>> {
    // Nothing is kept of the contents themselves, so this kind of facts has no file.
    let facts = Facts { kind: "contents", digest: String::new() };
    let (found, tables) = rayon::join(|| listing::found(source), || Tables::open(source, &facts));
    let files = found?.files;
    let known = tables.identify(&files);
    let blobs: Vec<Option<BlobId>> = if known.iter().all(Option::is_some) {
        known
    } else {
        let began = tables.present();
        let one = |reader: &mut Reader<'_>, (file, known): (&FoundFile, &Option<BlobId>)| match known {
            Some(_) => Ok(Some(Learned { facts: Stored::default(), read: None, new: false })),
            None => {
                let bytes = reader.found(file)?;
                Ok(bytes.map(|bytes| Learned { facts: Stored::default(), read: Some(BlobId::of(&bytes)), new: false }))
            }
        };
        let learned: Vec<Option<Learned>> =
            files.par_iter().zip(&known).map_init(|| source.reader(), one).collect::<Result<_>>()?;
        if let Some(began) = began {
            tables.save(&files, &learned, began);
        }
        let read = learned.into_iter().map(|learned| learned.and_then(|learned| learned.read));
        known.into_iter().zip(read).map(|(known, read)| known.or(read)).collect()
    };
    let content = |(file, blob): (FoundFile, Option<BlobId>)| {
        Some(Content { path: file.path, dialect: file.dialect, blob: blob? })
    };
    Ok(files.into_iter().zip(blobs).filter_map(content).collect())
}

/// The facts of a file's content.
struct Learned {
    facts: Stored,
    /// The content, if the file was read.
    read: Option<BlobId>,
    /// The facts are not on record yet.
    new: bool,
}

impl Learned {
    /// What is on record for content that the file's signs told.
    fn known(facts: Stored) -> Learned {
        Learned { facts, read: None, new: false }
    }
}

/// The facts of all files, by reading those whose content or facts are not known.
fn learn_rest(
    source: &Source<'_>,
    tables: &Tables<'_>,
    files: &[FoundFile],
    known: Vec<Option<Stored>>,
    learn: &(impl Fn(&[u8], Dialect) -> Vec<u8> + Sync),
) -> Result<Vec<Option<Learned>>> {
    let one = |reader: &mut Reader<'_>, (file, known): (&FoundFile, Option<Stored>)| {
        if let Some(facts) = known {
            return Ok(Some(Learned::known(facts)));
        }
        let Some(bytes) = reader.found(file)? else { return Ok(None) };
        let id = BlobId::of(&bytes);
        let stored = tables.store.get(key(id, file.dialect));
        let new = stored.is_none();
        let facts = stored.unwrap_or_else(|| learn(&bytes, file.dialect).into());
        Ok(Some(Learned { facts, read: Some(id), new }))
    };
    files.par_iter().zip(known).map_init(|| source.reader(), one).collect()
}

/// Whether news may be added to a derived table: it is undamaged, and its later parts stay a fraction of the first.
fn has_room(whole: bool, first: usize, all: usize, news: usize) -> bool {
    whole && all - first + news <= first / 4
}

fn key(id: BlobId, dialect: Dialect) -> Key {
    (id, dialect as u8)
}

/// The two tables of a source, as they were on disk.
struct Tables<'a> {
    workspace: &'a Workspace,
    worktree: bool,
    facts: &'a Facts<'a>,
    signs: Signs,
    store: Store,
}

impl<'a> Tables<'a> {
    fn open(source: &Source<'a>, facts: &'a Facts<'a>) -> Tables<'a> {
        let workspace = source.workspace();
        let worktree = matches!(source, Source::Worktree(_));
        let signs =
            if worktree { path(workspace, &signs_name(workspace)).map(|path| Signs::open(&path)) } else { None };
        let store = path(workspace, facts.kind).map(|path| Store::open(&path, &facts.digest));
        Tables { workspace, worktree, facts, signs: signs.unwrap_or_default(), store: store.unwrap_or_default() }
    }

    /// The facts of the files whose content is known without reading.
    fn known(&self, found: &[FoundFile]) -> Vec<Option<Stored>> {
        let ids = self.identify(found);
        found.par_iter().zip(ids).map(|(file, id)| self.store.get(key(id?, file.dialect))).collect()
    }

    fn identify(&self, found: &[FoundFile]) -> Vec<Option<BlobId>> {
        if self.worktree {
            return self.signs.identify(found.iter().map(|file| (file.path.as_str(), file.sign)));
        }
        found.iter().map(|file| file.blob.as_deref().and_then(BlobId::from_hex)).collect()
    }

    /// The present by the file system's clock; nothing where nothing is kept.
    fn present(&self) -> Option<i64> {
        signs::present(&folder(self.workspace)?).ok()
    }

    /// Keep what was learned. All of this can be worked out again, so a failure to keep it is no failure.
    fn save(&self, found: &[FoundFile], learned: &[Option<Learned>], began: i64) {
        let ids = self.identify(found);
        if self.worktree {
            self.save_signs(found, &ids, learned, began);
        }
        let fresh = found.iter().zip(learned).filter_map(|(file, learned)| {
            let learned = learned.as_ref().filter(|learned| learned.new)?;
            Some((key(learned.read?, file.dialect), &*learned.facts))
        });
        let segment = store::encode(&self.facts.digest, fresh.clone());
        if fresh.clone().next().is_none() {
            return;
        }
        if self.store.has_room(segment.len()) {
            return self.add(self.facts.kind, &segment);
        }
        // Content of other branches is worth keeping, but not for ever.
        let room = self.store.len() <= 3 * found.len() + 1000;
        let here: HashSet<Key> = found.iter().zip(ids).filter_map(|(file, id)| Some(key(id?, file.dialect))).collect();
        let old = self.store.iter().filter(|(key, _)| room || here.contains(key));
        self.keep(self.facts.kind, &store::encode(&self.facts.digest, old.chain(fresh)));
    }

    fn save_signs(&self, found: &[FoundFile], known: &[Option<BlobId>], learned: &[Option<Learned>], began: i64) {
        let rows = || {
            found.iter().zip(known).zip(learned).filter_map(|((file, known), learned)| {
                let read = learned.as_ref().and_then(|learned| learned.read);
                let row = Row { path: &file.path, sign: file.sign?, id: read.or(*known)? };
                Some((row, known.is_none()))
            })
        };
        let news = signs::encode(rows().filter(|(_, new)| *new).map(|(row, _)| row), began);
        match self.signs.has_room(news.len()) {
            true if rows().all(|(_, new)| !new) => {}
            true => self.add(&signs_name(self.workspace), &news),
            false => self.keep(&signs_name(self.workspace), &signs::encode(rows().map(|(row, _)| row), began)),
        }
    }

    fn keep(&self, name: &str, bytes: &[u8]) {
        self.kept(name, |path| disk::write(path, bytes, disk::Expect::Whatever));
    }

    fn add(&self, name: &str, segment: &[u8]) {
        self.kept(name, |path| disk::extend(path, segment));
    }

    fn kept(&self, name: &str, write: impl FnOnce(&Path) -> Result<()>) {
        if let Some(path) = path(self.workspace, name)
            && let Err(error) = write(&path)
        {
            tracing::warn!(file = name, %error, "derived facts were not kept");
        }
    }
}

fn folder(workspace: &Workspace) -> Option<PathBuf> {
    Some(workspace.derived()?.join("known"))
}

fn path(workspace: &Workspace, name: &str) -> Option<PathBuf> {
    Some(folder(workspace)?.join(name))
}

/// Each worktree has its own table of signs.
fn signs_name(workspace: &Workspace) -> String {
    let own = workspace.git().map_or(Path::new(""), |git| git.own_folder());
    format!("signs-{}", &sha256(own.to_string_lossy().as_bytes())[..12])
}
