//! What makes vectors of prompts, and which tables of vectors are whole.

use std::ops::Range;

use rayon::prelude::*;

use crate::app::App;
use crate::base::Result;
use crate::base::hash::BlobId;
use crate::config::{Embedder as Setting, Search};
use crate::repo::{Source, Workspace};
use crate::search::index::{Committed, Index, Writer};
use crate::search::meaning::passages::Lines;
use crate::search::meaning::{self, Builtin, Embedder, Model, Vector, open, rows};
use crate::search::reading::Reading;

use super::current;
use super::remote::Remote;

/// The embedder that the settings ask for first. The built-in one is quick and always there, so its vectors are always
/// made: they serve while those of another are not complete.
pub struct Embedders {
    pub all: Vec<Box<dyn Embedder>>,
    /// Why the one that was asked for is not there.
    pub instead: Option<String>,
}

/// So many prompts are given to a slow embedder on the way; more wait for `palc index update`.
const ON_THE_WAY: usize = 100;
/// So many documents get their vectors between two commits.
const BATCH: usize = 1024;
/// The same where somebody else is asked: what has been paid for is kept.
const TOGETHER: usize = 64;

impl Embedders {
    pub fn open(app: &App) -> Result<Embedders> {
        let meaning::Opened { embedder, instead } = opened(app, &app.settings()?.search);
        let builtin = Builtin::new();
        let is_other = embedder.as_ref().is_some_and(|embedder| embedder.model() != builtin.model());
        let mut all: Vec<Box<dyn Embedder>> = embedder.into_iter().collect();
        if is_other {
            all.push(Box::new(builtin));
        }
        let instead = instead.map(|error| format!("meanings are compared by the built-in vectors: {error}"));
        Ok(Embedders { all, instead })
    }

    /// The first one whose table reaches every document.
    pub fn ready(&self, committed: &Committed) -> Option<&dyn Embedder> {
        self.whole(committed).next()
    }

    /// All of which the table reaches every document.
    pub fn whole<'a, 'c>(&'a self, committed: &'c Committed) -> impl Iterator<Item = &'a dyn Embedder> + use<'a, 'c> {
        self.all.iter().map(AsRef::as_ref).filter(|embedder| is_whole(embedder.model(), committed))
    }

    /// Those that are asked while documents are added.
    pub fn inline(&self, committed: &Committed, documents: usize) -> Vec<&dyn Embedder> {
        // A search sends nothing but its question.
        let quick = |embedder: &&dyn Embedder| {
            is_builtin(embedder.model()) || (documents <= ON_THE_WAY && !embedder.is_remote())
        };
        let embedders = self.all.iter().map(AsRef::as_ref);
        embedders.filter(|embedder| is_whole(embedder.model(), committed)).filter(quick).collect()
    }

    /// Make the built-in vectors of documents that came while there were none.
    pub fn catch_up(&self, workspace: &Workspace, writer: &mut Writer, index: &Index) -> Result<()> {
        match self.all.iter().find(|embedder| is_builtin(embedder.model())) {
            Some(builtin) => complete(workspace, writer, index, builtin.as_ref(), |_, _| {}),
            None => Ok(()),
        }
    }
}

/// What the settings ask for, or the built-in one and why.
pub fn opened(app: &App, search: &Search) -> meaning::Opened {
    let Setting::Service { provider, model } = &search.embedder else { return open(search, &app.env) };
    match Remote::open(app, provider, model) {
        Ok(remote) => meaning::Opened { embedder: Some(Box::new(remote)), instead: None },
        Err(error) => meaning::Opened { instead: Some(error), ..open(search, &app.env) },
    }
}

/// Let an embedder's table reach all documents. What a killed process had done stays done.
pub fn complete(
    workspace: &Workspace,
    writer: &mut Writer,
    index: &Index,
    embedder: &dyn Embedder,
    mut progress: impl FnMut(u32, u32),
) -> Result<()> {
    let table = table(embedder.model());
    let all = index.rows.len();
    let mut from = writer.committed().vectors.get(&table).map_or(0, |reach| reach.rows);
    while from < all {
        let batch = if embedder.is_remote() { TOGETHER } else { BATCH };
        let until = all.min(from + batch as u32);
        let of_row = |row: u32| -> Result<Vec<u8>> {
            let mut records = Vec::new();
            if let Some(reading) = reading(workspace, index, row)? {
                for (lines, vector) in vectors(embedder, &reading)? {
                    rows::add(&mut records, row, lines, &vector);
                }
            }
            Ok(records)
        };
        let records = match embedder.is_remote() {
            true => together(workspace, index, from..until, embedder)?,
            false => (from..until).into_par_iter().map(of_row).collect::<Result<Vec<_>>>()?.concat(),
        };
        writer.reach(&table, until, &records)?;
        from = until;
        progress(from, all);
    }
    Ok(())
}

/// The vectors of documents, asked for at once.
fn together(workspace: &Workspace, index: &Index, rows: Range<u32>, embedder: &dyn Embedder) -> Result<Vec<u8>> {
    let (mut places, mut texts) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(reading) = reading(workspace, index, row)? else { continue };
        for passage in embedder.model().recipe.passages(&reading) {
            places.push((row, passage.lines));
            texts.push(passage.text);
        }
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut records = Vec::new();
    for ((row, lines), vector) in places.into_iter().zip(embedder.embed(&texts)?) {
        rows::add(&mut records, row, lines, &vector);
    }
    Ok(records)
}

/// A document's words, from git or from the work tree; nothing if its content is in neither any more.
fn reading(workspace: &Workspace, index: &Index, row: u32) -> Result<Option<Reading>> {
    let (path, blob) = (index.rows.path(row), index.rows.blob(row));
    let committed = workspace.git().and_then(|git| git.reader().blob(&blob.to_string()).ok());
    let bytes = match committed {
        Some(bytes) => Some(bytes),
        None => Source::Worktree(workspace).read(path)?.filter(|bytes| BlobId::of(bytes) == blob),
    };
    Ok(bytes.map(|bytes| current::reading(workspace, path, &bytes)))
}

/// A prompt's passages as vectors.
pub fn vectors(embedder: &dyn Embedder, reading: &Reading) -> Result<Vec<(Lines, Vector)>> {
    let passages = embedder.model().recipe.passages(reading);
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
    let vectors = embedder.embed(&texts)?;
    Ok(passages.iter().map(|passage| passage.lines).zip(vectors).collect())
}

/// The name of the table with an embedder's vectors.
pub fn table(model: &Model) -> String {
    format!("vectors-{}", model.key())
}

/// Whether vectors are wanted and the built-in ones do not reach all documents.
pub fn lacks_vectors(app: &App, committed: &Committed) -> bool {
    let wanted = app.settings().is_ok_and(|settings| settings.search.embedder != Setting::None);
    wanted && !is_whole(Builtin::new().model(), committed)
}

pub fn is_whole(model: &Model, committed: &Committed) -> bool {
    committed.vectors.get(&table(model)).map_or(0, |reach| reach.rows) == committed.rows
}

fn is_builtin(model: &Model) -> bool {
    model == Builtin::new().model()
}
