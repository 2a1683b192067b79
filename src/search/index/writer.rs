//! Adding documents. There is one writer at a time; readers never wait for it.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::merge_policy::LogMergePolicy;
use tantivy::{IndexWriter, TantivyDocument};

use crate::base::disk::{self, Lock};
use crate::base::hash::BlobId;
use crate::base::{Error, Result};

use crate::search::meaning::passages::Lines;
use crate::search::meaning::{self, Vector};

use super::rows::{More, PATHS, ROW, TABLE};
use super::schema::{self, Fields};
use super::{Committed, FORMAT, Found, Index, Reach, Store, committed, failed};

/// A document ready for the index.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    pub path: String,
    pub name: String,
    pub words: String,
    pub grams: String,
    /// For each table of vectors that is written, a vector for each passage.
    pub vectors: Vec<Vec<(Lines, Vector)>>,
}

/// Adds documents to the index, and holds everybody else off.
pub struct Writer {
    store: Store,
    writer: IndexWriter,
    fields: Fields,
    committed: Committed,
    more: More,
    next: u32,
    /// The tables that vectors of new documents go to, with what is not committed yet.
    vectors: Vec<(String, Vec<u8>)>,
    _lock: Lock,
}

/// So much may be waiting for the index at once, in each of its threads.
const SMALL: usize = 20_000_000;
const LARGE: usize = 90_000_000;
/// Parts with more documents are not put together with others.
const LARGE_PART: usize = 1_000;

/// The many small parts that edits leave are put together; large ones stay, since a search over some dozens of parts
/// costs less than what a first build would spend on writing everything again.
fn merging() -> LogMergePolicy {
    let mut merging = LogMergePolicy::default();
    merging.set_max_docs_before_merge(LARGE_PART);
    merging
}

impl Store {
    /// Begin to write to the index as it is now. What cannot be used is set aside, and the reason returned for people.
    pub fn writer(&self, expected: usize) -> Result<(Writer, Index, Option<String>)> {
        let lock = Lock::take(&self.lock)?;
        let (present, set_aside) = self.settle()?;
        let (threads, room) = if expected > 2000 { (2, LARGE) } else { (1, SMALL) };
        let write = || -> tantivy::Result<Writer> {
            let index = schema::open(&self.text())?;
            let committed = committed(&index)?;
            let writer = index.writer_with_num_threads(threads, threads * room)?;
            writer.set_merge_policy(Box::new(merging()));
            Ok(Writer {
                store: self.clone(),
                writer,
                fields: Fields::of(&index.schema())?,
                next: committed.rows,
                committed,
                more: More::default(),
                vectors: Vec::new(),
                _lock: lock,
            })
        };
        let writer = write().map_err(|error| failed("opened", error))?;
        writer.cut_tables()?;
        Ok((writer, present, set_aside))
    }

    /// Make the index usable: one that is not goes aside and an empty one takes its place.
    fn settle(&self) -> Result<(Index, Option<String>)> {
        let why = match self.open() {
            Found::Index(index) => return Ok((index, None)),
            Found::Nothing => None,
            Found::Unusable(why) => Some(why),
        };
        self.clear()?;
        disk::build(&self.folder, |folder| {
            let text = folder.join("text");
            fs::create_dir(&text).map_err(|error| failed("made", error))?;
            schema::create(&text).map_err(|error| failed("made", error))?;
            disk::write_derived(&folder.join("format"), FORMAT.as_bytes())
        })?;
        Ok((self.reopen()?, why))
    }

    /// Put what is there aside, where somebody may look at it until the next time.
    fn clear(&self) -> Result<()> {
        if !self.folder.exists() {
            return Ok(());
        }
        let aside = self.folder.with_file_name("search.aside");
        disk::remove_tree(&aside)?;
        fs::rename(&self.folder, &aside).map_err(|error| failed("set aside", error))
    }

    /// Begin anew with an empty index.
    pub fn discard(&self) -> Result<()> {
        let _lock = Lock::take(&self.lock)?;
        self.clear()?;
        disk::remove_tree(&self.folder.with_file_name("search.aside"))
    }
}

impl Writer {
    pub fn committed(&self) -> &Committed {
        &self.committed
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// New documents bring vectors for these tables from now on. Each must reach all documents that are there.
    pub fn with_vectors(&mut self, tables: impl IntoIterator<Item = String>) {
        self.vectors = tables.into_iter().map(|table| (table, Vec::new())).collect();
    }

    /// Add a document and learn its number.
    pub fn add(&mut self, blob: BlobId, document: &Prepared) -> Result<u32> {
        let row = self.next;
        let full =
            || Error::storage("the search index is full").hint("`palc index rebuild` drops what is no longer needed");
        self.more.push(self.committed.paths, blob, &document.path, &document.name).ok_or_else(full)?;
        let mut entry = TantivyDocument::new();
        entry.add_u64(self.fields.row, u64::from(row));
        entry.add_text(self.fields.words, &document.words);
        entry.add_text(self.fields.grams, &document.grams);
        self.writer.add_document(entry).map_err(|error| failed("written", error))?;
        for ((_, more), vectors) in self.vectors.iter_mut().zip(&document.vectors) {
            vectors.iter().for_each(|(lines, vector)| meaning::rows::add(more, row, *lines, vector));
        }
        self.next = row.checked_add(1).ok_or_else(full)?;
        Ok(row)
    }

    /// Let a table of vectors reach further over documents that are there already.
    pub fn reach(&mut self, table: &str, rows: u32, records: &[u8]) -> Result<()> {
        let path = self.extend(table, records)?;
        disk::settle(&[path])?;
        let reach = self.committed.vectors.entry(table.to_owned()).or_default();
        *reach = Reach { rows, bytes: reach.bytes + records.len() as u64 };
        self.publish()
    }

    /// Make everything count that was added so far.
    pub fn commit(&mut self) -> Result<()> {
        let mut touched = Vec::new();
        let more = std::mem::take(&mut self.more);
        touched.push(self.extend(TABLE, &more.table)?);
        touched.push(self.extend(PATHS, &more.paths)?);
        self.committed.rows = self.next;
        self.committed.paths += more.paths.len() as u64;
        for at in 0..self.vectors.len() {
            let name = self.vectors[at].0.clone();
            let more = std::mem::take(&mut self.vectors[at].1);
            touched.push(self.extend(&name, &more)?);
            let reach = self.committed.vectors.entry(name).or_default();
            *reach = Reach { rows: self.next, bytes: reach.bytes + more.len() as u64 };
        }
        disk::settle(&touched)?;
        self.publish()
    }

    /// Make everything count at once: tantivy's own documents, and how far the tables reach.
    fn publish(&mut self) -> Result<()> {
        let payload = serde_json::to_string(&self.committed).map_err(|error| Error::bug(error.to_string()))?;
        let mut commit = || -> tantivy::Result<()> {
            let mut commit = self.writer.prepare_commit()?;
            commit.set_payload(&payload);
            commit.commit()?;
            Ok(())
        };
        commit().map_err(|error| failed("written", error))
    }

    /// Commit, and let the index put its parts in order.
    pub fn finish(mut self) -> Result<()> {
        self.commit()?;
        self.writer.wait_merging_threads().map_err(|error| failed("put in order", error))
    }

    fn extend(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.store.folder.join(name);
        if !bytes.is_empty() {
            disk::extend(&path, bytes)?;
        }
        Ok(path)
    }

    /// Cut off what a killed writer added and never committed.
    fn cut_tables(&self) -> Result<()> {
        self.cut(TABLE, u64::from(self.committed.rows) * ROW as u64)?;
        self.cut(PATHS, self.committed.paths)?;
        self.committed.vectors.iter().try_for_each(|(name, reach)| self.cut(name, reach.bytes))
    }

    fn cut(&self, name: &str, bytes: u64) -> Result<()> {
        let path = self.store.folder.join(name);
        let longer = fs::metadata(&path).is_ok_and(|file| file.len() > bytes);
        if longer { cut_file(&path, bytes as usize) } else { Ok(()) }
    }
}

/// Whoever has the file mapped keeps the old one: a file that is cut in place would take its pages away.
fn cut_file(path: &Path, length: usize) -> Result<()> {
    let mut bytes = fs::read(path).map_err(|error| failed("read", error))?;
    bytes.truncate(length);
    disk::write_derived(path, &bytes)
}
