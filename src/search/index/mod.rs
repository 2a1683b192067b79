//! The index of prompts: one document for each content at each path, kept beside git's data.
//!
//! A document is never changed, so a branch switch, a rebase or a second worktree finds what it needs already there.
//! What a revision, a work tree or all of history holds is a [`View`]: a set of documents. The postings lie in a tantivy
//! index; the documents' numbers and where they come from lie in tables beside it, which are only ever added to. How much
//! of them counts is written into tantivy's own commit, so a writer may be killed at any moment: what it had not
//! committed does not count, and the next writer cuts it off.

mod bits;
mod rows;
mod schema;
mod view;
mod writer;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::directory::{Directory as _, MmapDirectory, OwnedBytes};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::{HasLen as _, InvertedIndexReader, ReloadPolicy, SegmentReader};

use crate::base::{Error, Result};
use crate::repo::Workspace;

pub use bits::Bits;
pub use rows::{NameWords, Rows};
pub use view::{Key, View};
pub use writer::{Prepared, Writer};

use schema::Fields;

/// Changes whenever the same files would give another index.
const FORMAT: &str = "palc search 1";

/// Where the index lies.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    lock: PathBuf,
}

/// What a look at the folder found.
pub enum Found {
    Index(Index),
    Nothing,
    /// It cannot be used, and why.
    Unusable(String),
}

/// The index as it was committed last. Whatever is committed meanwhile does not disturb it.
pub struct Index {
    pub rows: Rows,
    segments: Vec<Segment>,
    committed: Committed,
    folder: PathBuf,
}

/// A part of the index with everything that scoring reads of it again and again.
pub(super) struct Segment {
    id: SegmentId,
    pub words: Arc<InvertedIndexReader>,
    pub grams: Arc<InvertedIndexReader>,
    pub words_lengths: FieldNormReader,
    pub grams_lengths: FieldNormReader,
    /// The number of each document.
    pub rows: Vec<u32>,
}

/// How much of the tables counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Committed {
    pub rows: u32,
    pub paths: u64,
    /// For each set of vectors, by the name of its file, how far it reaches.
    #[serde(default)]
    pub vectors: BTreeMap<String, Reach>,
}

/// How far a set of vectors reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// All documents with lower numbers have their vectors.
    pub rows: u32,
    pub bytes: u64,
}

impl Store {
    pub fn of(workspace: &Workspace) -> Result<Store> {
        let folder = workspace.derived().ok_or_else(|| {
            Error::no("there is no git repository here, beside whose data the search index could lie")
                .hint("run `palc init`, or use `palc list` and `grep`")
        })?;
        Ok(Store { folder: folder.join("search"), lock: folder.join("search.lock") })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn text(&self) -> PathBuf {
        self.folder.join("text")
    }

    fn format(&self) -> PathBuf {
        self.folder.join("format")
    }

    pub fn open(&self) -> Found {
        if !self.folder.exists() {
            return Found::Nothing;
        }
        match fs::read_to_string(self.format()) {
            Ok(format) if format == FORMAT => {}
            Ok(format) => return Found::Unusable(format!("it is of another kind, `{}`", format.trim())),
            Err(_) => return Found::Unusable("it was never finished".into()),
        }
        match self.read() {
            Ok(index) => Found::Index(index),
            Err(error) => Found::Unusable(format!("it is damaged: {error}")),
        }
    }

    /// The index where one must be, since it was only just written.
    pub fn reopen(&self) -> Result<Index> {
        match self.open() {
            Found::Index(index) => Ok(index),
            _ => Err(Error::storage("the search index cannot be read after it was written")
                .hint("`palc index rebuild` makes it anew; nothing but time is lost")),
        }
    }

    /// Everything that is damaged, by reading all of it.
    pub fn damage(&self) -> Result<Vec<String>> {
        let look = || -> tantivy::Result<Vec<String>> {
            let bad = schema::open(&self.text())?.validate_checksum()?;
            let mut damage: Vec<String> = bad.iter().map(|file| format!("{} is damaged", file.display())).collect();
            damage.sort();
            let index = self.read()?;
            let lost = (0..index.rows.len()).filter(|&row| index.rows.path(row).is_empty()).count();
            if lost > 0 {
                damage.push(format!("{lost} documents do not know where they come from"));
            }
            for (name, reach) in &index.committed.vectors {
                if let Err(error) = table(&self.folder, name, reach.bytes) {
                    damage.push(error.to_string());
                }
            }
            Ok(damage)
        };
        look().map_err(|error| failed("read", error))
    }

    fn read(&self) -> tantivy::Result<Index> {
        let index = schema::open(&self.text())?;
        let committed = committed(&index)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let fields = Fields::of(&index.schema())?;
        let searcher = reader.searcher();
        let segments = searcher.segment_readers().iter().map(|segment| Segment::open(segment, fields));
        let segments = segments.collect::<tantivy::Result<Vec<_>>>()?;
        let rows = Rows::open(&self.folder, &committed)?;
        let all: usize = segments.iter().map(|segment| segment.rows.len()).sum();
        if all != committed.rows as usize {
            return Err(tantivy::TantivyError::InternalError(format!("{} documents, {all} found", committed.rows)));
        }
        Ok(Index { rows, segments, committed, folder: self.folder.clone() })
    }
}

fn committed(index: &tantivy::Index) -> tantivy::Result<Committed> {
    let payload = index.load_metas()?.payload.unwrap_or_else(|| "{\"rows\":0,\"paths\":0}".into());
    serde_json::from_str(&payload).map_err(|error| tantivy::TantivyError::InternalError(error.to_string()))
}

impl Index {
    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    pub fn committed(&self) -> &Committed {
        &self.committed
    }

    /// Whether another look found the same documents under the same numbers. Parts are never changed.
    pub fn is_same(&self, other: &Index) -> bool {
        self.segments.iter().map(|segment| segment.id).eq(other.segments.iter().map(|segment| segment.id))
    }

    /// The bytes of a table that count.
    pub fn table(&self, name: &str, bytes: u64) -> Result<OwnedBytes> {
        table(&self.folder, name, bytes).map_err(|error| Error::storage("the search index is damaged").because(error))
    }
}

/// A table's bytes, as far as they count, mapped into memory.
fn table(folder: &Path, name: &str, bytes: u64) -> tantivy::Result<OwnedBytes> {
    if bytes == 0 {
        return Ok(OwnedBytes::empty());
    }
    let file = MmapDirectory::open(folder)?.open_read(Path::new(name))?;
    let short = || tantivy::TantivyError::InternalError(format!("the table `{name}` is too short"));
    let bytes = usize::try_from(bytes).ok().filter(|&bytes| bytes <= file.len()).ok_or_else(short)?;
    Ok(file.slice_to(bytes).read_bytes()?)
}

impl Segment {
    fn open(segment: &SegmentReader, fields: Fields) -> tantivy::Result<Segment> {
        let column = segment.fast_fields().u64(schema::ROW)?.first_or_default_col(0);
        let mut wide = vec![0; segment.max_doc() as usize];
        column.get_range(0, &mut wide);
        Ok(Segment {
            id: segment.segment_id(),
            words: segment.inverted_index(fields.words)?,
            grams: segment.inverted_index(fields.grams)?,
            words_lengths: segment.get_fieldnorms_reader(fields.words)?,
            grams_lengths: segment.get_fieldnorms_reader(fields.grams)?,
            rows: wide.into_iter().map(|row| row as u32).collect(),
        })
    }
}

/// What went wrong inside tantivy, in palc's words.
pub(super) fn failed(doing: &str, error: impl std::fmt::Display) -> Error {
    Error::storage(format!("the search index could not be {doing}: {error}"))
        .hint("`palc index rebuild` makes it anew; nothing but time is lost")
}
