//! The index brought up to date for what is asked about, before anything is answered.

use rayon::prelude::*;

use crate::base::hash::BlobId;
use crate::base::{Error, Result};
use crate::format::Dialect;
use crate::git::{self, Commit, Git};
use crate::repo::known::{Content, contents};
use crate::repo::{Source, Workspace};
use crate::search::index::{Bits, Found, Index, Key, Prepared, Store, View, Writer};
use crate::search::meaning::Embedder;
use crate::search::reading::Reading;
use crate::search::{grams, words};

use super::embedders::{Embedders, lacks_vectors, table, vectors};
use crate::app::App;

/// The index, and what of it is asked about.
pub struct Current {
    pub index: Index,
    pub view: View,
    /// What happened to the index that people should know.
    pub note: Option<String>,
}

/// A content that must be in the index.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub content: Content,
    /// The blob to read; none if the file in the work tree is to be read.
    pub blob: Option<String>,
}

/// So many documents are read, cut and added at a time: memory stays flat, whatever there is.
const BATCH: usize = 2048;
/// So many documents count for good at a time: more is lost when a first build is killed.
const COMMIT: usize = 64 * BATCH;

impl Current {
    /// Of the work tree or a revision.
    pub fn of(app: &App, source: &Source<'_>) -> Result<Current> {
        let store = Store::of(source.workspace())?;
        match source {
            Source::Worktree(workspace) => {
                let contents = contents(source)?;
                let key = Key::of(&signature(&contents));
                Current::known(app, &store, &key).map_or_else(
                    || {
                        let wanted = contents.into_iter().map(|content| Wanted { content, blob: None });
                        Current::made(app, workspace, &store, &key, &wanted.collect::<Vec<_>>())
                    },
                    Ok,
                )
            }
            Source::Revision(workspace, revision) => {
                let git = git_of(workspace)?;
                let reader = git.reader();
                let commit = reader.commit(&reader.commit_id(revision)?)?;
                let key = key_of(workspace, &commit.tree);
                if let Some(current) = Current::known(app, &store, &key) {
                    return Ok(current);
                }
                if let Some(current) = Current::after(app, workspace, &store, &reader, &commit)? {
                    return Ok(current);
                }
                Current::made(app, workspace, &store, &key, &in_revision(git, workspace, revision)?)
            }
        }
    }

    /// What needs no look at any file.
    pub fn known(app: &App, store: &Store, key: &Key) -> Option<Current> {
        let view = store.view(key)?;
        let Found::Index(index) = store.open() else { return None };
        let whole = !lacks_vectors(app, index.committed());
        whole.then_some(Current { index, view, note: None })
    }

    /// What a commit changed of an earlier one that is known: so a search after a commit needs no look at everything.
    fn after(
        app: &App,
        workspace: &Workspace,
        store: &Store,
        reader: &git::Reader,
        commit: &Commit,
    ) -> Result<Option<Current>> {
        let layout = workspace.layout();
        let Some(before) = known_before(workspace, store, reader, commit)? else { return Ok(None) };
        let mut changes = reader.changes(Some(&before), &commit.tree, layout.roots())?;
        changes.retain(|change| layout.is_prompt(&change.path));
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        changes.dedup_by(|a, b| a.path == b.path);
        let content = |path: &str, id: &Option<String>| Some(in_git(path.to_owned(), id.clone()?));
        let gone: Vec<Wanted> = changes.iter().filter_map(|change| content(&change.path, &change.before)).collect();
        let new: Vec<Wanted> = changes.iter().filter_map(|change| content(&change.path, &change.after)).collect();
        let (index, rows, note) = rows(app, workspace, store, &new)?;
        // It went with the index if that was made anew.
        let Some(View { rows: mut all, .. }) = store.view(&key_of(workspace, &before)) else { return Ok(None) };
        all.remove(&known(&index, &gone).into_iter().flatten().collect());
        all.add(&rows.iter().flatten().copied().collect());
        let view = View::of(&index, all);
        if rows.iter().all(Option::is_some) {
            store.keep_view(&key_of(workspace, &commit.tree), &view);
        }
        Ok(Some(Current { index, view, note }))
    }

    fn made(app: &App, workspace: &Workspace, store: &Store, key: &Key, wanted: &[Wanted]) -> Result<Current> {
        let (index, rows, note) = rows(app, workspace, store, wanted)?;
        let changed = rows.iter().any(Option::is_none);
        let view = View::of(&index, rows.into_iter().flatten().collect::<Bits>());
        if !changed {
            store.keep_view(key, &view);
        }
        Ok(Current { index, view, note })
    }
}

/// So many commits are looked at for one whose view is known.
const NEAR: usize = 16;

/// The tree of the nearest commit before this one whose view is known.
fn known_before(workspace: &Workspace, store: &Store, reader: &git::Reader, commit: &Commit) -> Result<Option<String>> {
    let mut at = commit.parents.first().cloned();
    for _ in 0..NEAR {
        let Some(commit) = at.map(|id| reader.commit(&id)).transpose()? else { break };
        if store.view(&key_of(workspace, &commit.tree)).is_some() {
            return Ok(Some(commit.tree));
        }
        at = commit.parents.first().cloned();
    }
    Ok(None)
}

fn key_of(workspace: &Workspace, tree: &str) -> Key {
    Key::of(format!("revision {tree} {}", workspace.layout().described()).as_bytes())
}

/// The documents of what is wanted; those that are not in the index yet are added first. A file that was changed since
/// it was looked at has none.
pub fn rows(
    app: &App,
    workspace: &Workspace,
    store: &Store,
    wanted: &[Wanted],
) -> Result<(Index, Vec<Option<u32>>, Option<String>)> {
    let (seen, unusable) = match store.open() {
        Found::Index(index) => (Some(index), None),
        Found::Nothing => (None, None),
        Found::Unusable(why) => (None, Some(why)),
    };
    let mut rows = seen.as_ref().map_or_else(|| vec![None; wanted.len()], |index| known(index, wanted));
    let missing = rows.iter().filter(|row| row.is_none()).count();
    let seen = match seen {
        Some(index) if missing == 0 && !lacks_vectors(app, index.committed()) => return Ok((index, rows, None)),
        seen => seen,
    };
    let (mut writer, present, set_aside) = store.writer(missing)?;
    // Another writer may have added them while this one waited.
    if !seen.is_some_and(|seen| seen.is_same(&present)) {
        rows = known(&present, wanted);
    }
    let embedders = Embedders::open(app)?;
    embedders.catch_up(workspace, &mut writer, &present)?;
    drop(present);
    let (slots, missing): (Vec<&mut Option<u32>>, Vec<&Wanted>) =
        rows.iter_mut().zip(wanted).filter(|(row, _)| row.is_none()).unzip();
    let embedders = embedders.inline(writer.committed(), missing.len());
    writer.with_vectors(embedders.iter().map(|embedder| table(embedder.model())));
    let added = add(workspace, &mut writer, &missing, &embedders)?;
    slots.into_iter().zip(added).for_each(|(slot, row)| *slot = row);
    writer.finish()?;
    Ok((store.reopen()?, rows, set_aside.or(unusable)))
}

fn known(index: &Index, wanted: &[Wanted]) -> Vec<Option<u32>> {
    index.rows.find(wanted.iter().map(|wanted| (wanted.content.blob, wanted.content.path.as_str())))
}

/// Add documents, and tell their numbers. One that is not what was wanted any more has none.
fn add(
    workspace: &Workspace,
    writer: &mut Writer,
    missing: &[&Wanted],
    embedders: &[&dyn Embedder],
) -> Result<Vec<Option<u32>>> {
    let git = workspace.git();
    let mut rows = Vec::with_capacity(missing.len());
    for (at, batch) in missing.chunks(BATCH).enumerate() {
        let reader = || git.map(Git::reader_of_many);
        let prepare =
            |git: &mut Option<git::Reader>, wanted: &&Wanted| prepared(workspace, git.as_ref(), wanted, embedders);
        let prepared: Vec<Option<(BlobId, Prepared)>> =
            batch.par_iter().map_init(reader, prepare).collect::<Result<_>>()?;
        for (prepared, wanted) in prepared.into_iter().zip(batch) {
            rows.push(match prepared {
                Some((blob, document)) => Some(writer.add(blob, &document)?).filter(|_| blob == wanted.content.blob),
                None => None,
            });
        }
        if ((at + 1) * BATCH).is_multiple_of(COMMIT) {
            writer.commit()?;
        }
    }
    Ok(rows)
}

/// A document as the index takes it. In the work tree it is what the file holds now, whatever it held a moment ago.
fn prepared(
    workspace: &Workspace,
    git: Option<&git::Reader>,
    wanted: &Wanted,
    embedders: &[&dyn Embedder],
) -> Result<Option<(BlobId, Prepared)>> {
    let Content { path, blob, .. } = &wanted.content;
    let (blob, bytes) = match (&wanted.blob, git) {
        (Some(id), Some(git)) => (*blob, git.blob(id)?),
        _ => match Source::Worktree(workspace).read(path)? {
            Some(bytes) => (BlobId::of(&bytes), bytes),
            None => return Ok(None),
        },
    };
    let reading = reading(workspace, path, &bytes);
    let document = Prepared {
        path: path.clone(),
        words: words::document(&reading),
        grams: grams::document(&reading),
        vectors: embedders.iter().map(|embedder| vectors(*embedder, &reading)).collect::<Result<_>>()?,
        name: reading.name,
    };
    Ok(Some((blob, document)))
}

/// The words of a prompt's file.
pub fn reading(workspace: &Workspace, path: &str, bytes: &[u8]) -> Reading {
    let name = workspace.layout().name_of_prompt(path).map(|name| name.to_string()).unwrap_or_default();
    Reading::of(&name, bytes, Dialect::of_path(path))
}

/// What a revision holds.
fn in_revision(git: &Git, workspace: &Workspace, revision: &str) -> Result<Vec<Wanted>> {
    let mut wanted = Vec::new();
    for root in workspace.layout().roots() {
        let files = git.reader().files(revision, root)?;
        let prompts = files.into_par_iter().filter(|file| workspace.layout().is_prompt(&file.path));
        wanted.par_extend(prompts.map(|file| in_git(file.path, file.id)));
    }
    wanted.sort_by(|a, b| a.content.path.cmp(&b.content.path));
    wanted.dedup_by(|a, b| a.content.path == b.content.path);
    Ok(wanted)
}

/// A content that git has. Where its ids are longer than the index's, they are known by their hash.
pub fn in_git(path: String, id: String) -> Wanted {
    let blob = BlobId::from_hex(&id).unwrap_or_else(|| BlobId::of(id.as_bytes()));
    Wanted { content: Content { dialect: Dialect::of_path(&path), path, blob }, blob: Some(id) }
}

fn signature(contents: &[Content]) -> Vec<u8> {
    let mut bytes = b"worktree ".to_vec();
    for content in contents {
        bytes.extend_from_slice(&content.blob.0);
        bytes.extend_from_slice(content.path.as_bytes());
        bytes.push(0);
    }
    bytes
}

pub fn git_of(workspace: &Workspace) -> Result<&Git> {
    workspace.git().ok_or_else(|| Error::bug("a search index without a git repository"))
}
