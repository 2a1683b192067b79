//! The search index itself: how it is, and what can be done about it. Nobody has to: a search brings it up to date.

use std::fs;
use std::path::Path;

use crate::app::App;
use crate::base::{Error, Result};
use crate::config::Embedder as Setting;
use crate::repo::{Source, Workspace};
use crate::search::index::{Committed, Found, Store};

use super::current::Current;
use super::embedders::{Embedders, complete, is_whole, table};
use super::past::past;
use super::remote::Remote;

#[derive(Debug)]
pub struct Status {
    pub state: State,
    pub folder: String,
    /// On the disk, with everything.
    pub bytes: u64,
    /// Contents of prompts, of all revisions that were ever searched.
    pub documents: u32,
    pub vectors: Vec<Vectors>,
    /// Why another embedder is used than the settings ask for.
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Usable,
    /// The next search makes it.
    Absent,
    /// The next search makes it anew, and why.
    Unusable(String),
}

/// The vectors of one embedder.
#[derive(Debug)]
pub struct Vectors {
    pub model: String,
    pub dimensions: usize,
    /// How many documents have theirs.
    pub documents: u32,
    pub bytes: u64,
    /// Whether searches use them.
    pub used: bool,
}

pub fn status(app: &App) -> Result<Status> {
    let store = Store::of(app.workspace()?)?;
    let (state, committed) = match store.open() {
        Found::Index(index) => (State::Usable, index.committed().clone()),
        Found::Nothing => (State::Absent, Committed::default()),
        Found::Unusable(why) => (State::Unusable(why), Committed::default()),
    };
    let embedders = Embedders::open(app)?;
    let used = embedders.ready(&committed).map(|embedder| embedder.model().clone());
    let vectors = embedders.all.iter().map(|embedder| {
        let model = embedder.model();
        let reach = committed.vectors.get(&table(model)).copied().unwrap_or_default();
        let (documents, bytes, used) = (reach.rows, reach.bytes, used.as_ref() == Some(model));
        Vectors { model: model.name.clone(), dimensions: model.dimensions, documents, bytes, used }
    });
    Ok(Status {
        state,
        folder: store.folder().display().to_string(),
        bytes: size(store.folder()),
        documents: committed.rows,
        vectors: vectors.collect(),
        note: embedders.instead,
    })
}

/// Bring the index up to date: the work tree, HEAD, all of history if wanted, and the vectors of every embedder.
pub fn update(app: &App, all_history: bool, mut progress: impl FnMut(u32, u32)) -> Result<Status> {
    let workspace = app.workspace()?;
    Current::of(app, &Source::at(workspace, None)?)?;
    if workspace.git().is_some_and(crate::git::Git::has_head) {
        Current::of(app, &Source::at(workspace, Some("HEAD"))?)?;
        if all_history {
            past(app, workspace)?;
        }
    }
    complete_vectors(app, workspace, &mut progress)?;
    status(app)
}

fn complete_vectors(app: &App, workspace: &Workspace, progress: &mut impl FnMut(u32, u32)) -> Result<()> {
    let store = Store::of(workspace)?;
    if let Setting::Service { provider, model } = &app.settings()?.search.embedder {
        Remote::meet(app, provider, model)?;
    }
    let embedders = Embedders::open(app)?;
    let Found::Index(index) = store.open() else { return Ok(()) };
    if embedders.all.iter().all(|embedder| is_whole(embedder.model(), index.committed())) {
        return Ok(());
    }
    let (mut writer, index, _) = store.writer(0)?;
    for embedder in &embedders.all {
        complete(workspace, &mut writer, &index, embedder.as_ref(), &mut *progress)?;
    }
    writer.finish()
}

/// Throw the index away and make it anew. What no revision needs any more is gone then.
pub fn rebuild(app: &App, all_history: bool, progress: impl FnMut(u32, u32)) -> Result<Status> {
    Store::of(app.workspace()?)?.discard()?;
    update(app, all_history, progress)
}

/// Read every byte of the index and compare the checksums. What is wrong, if anything.
pub fn verify(app: &App) -> Result<Vec<String>> {
    let store = Store::of(app.workspace()?)?;
    match store.open() {
        Found::Nothing => Err(Error::no("there is no search index yet").hint("`palc index update` makes it")),
        Found::Unusable(why) => Ok(vec![why]),
        Found::Index(_) => store.damage(),
    }
}

fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let of_entry = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.flatten().map(of_entry).sum()
}
