//! What is known about the content of prompt files, so that it is worked out once.
//!
//! Facts are keyed by content (git's blob id), never by path or commit: a branch switch, a rebase or a second worktree
//! costs nothing. A second table says which content each path of this worktree holds, as git's index does, by size,
//! times and inode. Both live in the derived folder and may be deleted at any time.

mod bytes;
mod signs;
mod store;

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
/// on the bytes and the dialect alone. `take` decodes them for one file. Both are called in parallel.
pub fn survey<T: Send>(
    source: &Source<'_>,
    facts: &Facts<'_>,
    learn: impl Fn(&[u8], Dialect) -> Vec<u8> + Sync,
    take: impl Fn(PromptFile, &[u8]) -> Result<T> + Sync,
) -> Result<Survey<T>> {
    let Found { files, skipped } = listing::found(source)?;
    let tables = Tables::open(source, facts);
    let ids = tables.identify(&files);
    let news = files.iter().zip(&ids).any(|(file, id)| tables.stored(file, *id).is_none());
    let began = if news { tables.present() } else { None };
    let learned: Vec<Option<Learned>> = files
        .par_iter()
        .zip(ids)
        .map_init(
            || source.reader(),
            |reader, (file, id)| match (id, tables.stored(file, id)) {
                (Some(id), Some(_)) => Ok(Some(Learned { id, facts: None })),
                _ => learn_file(reader, file, &tables, &learn),
            },
        )
        .collect::<Result<_>>()?;
    if let Some(began) = began {
        tables.save(&files, &learned, began);
    }
    let taken = |(file, learned): (FoundFile, Option<Learned>)| {
        // A file that disappeared since it was listed is not an error: the next listing would not show it.
        let learned = learned?;
        let facts = learned.facts.as_deref().or_else(|| tables.stored(&file, Some(learned.id))).unwrap_or_default();
        Some(take(PromptFile { name: file.name, path: file.path }, facts))
    };
    let facts = files.into_par_iter().zip(learned).filter_map(taken).collect::<Result<_>>()?;
    Ok(Survey { facts, skipped })
}

/// The content of a file, and its facts where the store does not have them.
struct Learned {
    id: BlobId,
    facts: Option<Vec<u8>>,
}

fn learn_file(
    reader: &Reader<'_>,
    file: &FoundFile,
    tables: &Tables<'_>,
    learn: &(impl Fn(&[u8], Dialect) -> Vec<u8> + Sync),
) -> Result<Option<Learned>> {
    let Some(bytes) = reader.found(file)? else { return Ok(None) };
    let id = BlobId::of(&bytes);
    let known = tables.stored(file, Some(id)).is_some();
    Ok(Some(Learned { id, facts: (!known).then(|| learn(&bytes, file.dialect)) }))
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

    fn identify(&self, found: &[FoundFile]) -> Vec<Option<BlobId>> {
        if self.worktree {
            return self.signs.identify(found.iter().map(|file| (file.path.as_str(), file.sign)));
        }
        found.iter().map(|file| file.blob.as_deref().and_then(BlobId::from_hex)).collect()
    }

    fn stored(&self, file: &FoundFile, id: Option<BlobId>) -> Option<&[u8]> {
        self.store.get(key(id?, file.dialect))
    }

    /// The present by the file system's clock; nothing where nothing is kept.
    fn present(&self) -> Option<i64> {
        signs::present(&folder(self.workspace)?).ok()
    }

    /// Keep what was learned. All of this can be worked out again, so a failure to keep it is no failure.
    fn save(&self, found: &[FoundFile], learned: &[Option<Learned>], began: i64) {
        let pairs = || found.iter().zip(learned).filter_map(|(file, learned)| Some((file, learned.as_ref()?)));
        if self.worktree {
            let rows: Vec<Row<'_>> = pairs()
                .filter_map(|(file, learned)| Some(Row { path: &file.path, sign: file.sign?, id: learned.id }))
                .collect();
            self.keep(&signs_name(self.workspace), &signs::encode(&rows, began));
        }
        let fresh: Vec<(Key, &[u8])> = pairs()
            .filter_map(|(file, learned)| Some((key(learned.id, file.dialect), learned.facts.as_deref()?)))
            .collect();
        if fresh.is_empty() {
            return;
        }
        // Content of other branches is worth keeping, but not for ever.
        let room = self.store.len() <= 3 * found.len() + 1000;
        let here: std::collections::HashSet<Key> =
            pairs().map(|(file, learned)| key(learned.id, file.dialect)).collect();
        let old = self.store.iter().filter(|(key, _)| room || here.contains(key));
        self.keep(self.facts.kind, &store::encode(&self.facts.digest, old.chain(fresh)));
    }

    fn keep(&self, name: &str, bytes: &[u8]) {
        if let Some(path) = path(self.workspace, name)
            && let Err(error) = disk::write(&path, bytes, disk::Expect::Whatever)
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
