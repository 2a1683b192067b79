//! Where each document comes from: the content and the path.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasherDefault;
use std::path::Path;

use tantivy::directory::OwnedBytes;

use crate::base::hash::{BlobId, IdHasher};
use crate::search::words::words;

use super::{Committed, table};

pub const TABLE: &str = "rows";
pub const PATHS: &str = "paths";
/// A blob's id; where the path ends, which begins where the one before ends; what the names are known by.
pub const ROW: usize = 20 + 4 + 4 + 4;

/// One row a document, in the order of their numbers.
#[derive(Debug)]
pub struct Rows {
    table: OwnedBytes,
    paths: OwnedBytes,
}

impl Rows {
    pub(super) fn open(folder: &Path, committed: &Committed) -> tantivy::Result<Rows> {
        let table_bytes = table(folder, TABLE, u64::from(committed.rows) * ROW as u64)?;
        Ok(Rows { table: table_bytes, paths: table(folder, PATHS, committed.paths)? })
    }

    pub fn len(&self) -> u32 {
        (self.table.len() / ROW) as u32
    }

    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The content of a document. Damage gives a content that nobody has.
    pub fn blob(&self, row: u32) -> BlobId {
        let at = row as usize * ROW;
        let bytes = self.table.get(at..at + 20).and_then(|bytes| bytes.first_chunk());
        BlobId(bytes.copied().unwrap_or_default())
    }

    pub fn path(&self, row: u32) -> &str {
        let start = if row == 0 { 0 } else { self.end(row - 1) };
        let bytes = self.paths.get(start..self.end(row)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    fn end(&self, row: u32) -> usize {
        let at = row as usize * ROW + 20;
        let bytes = self.table.get(at..at + 4).and_then(|bytes| bytes.first_chunk());
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize)
    }

    /// The documents whose name, or the last part of it, is made of exactly these words.
    pub fn named(&self, words: NameWords) -> impl Iterator<Item = u32> + '_ {
        let wanted = words.0.to_le_bytes();
        let is = move |row: &[u8]| row[24..28] == wanted || row[28..32] == wanted;
        self.table.chunks_exact(ROW).enumerate().filter(move |(_, row)| is(row)).map(|(row, _)| row as u32)
    }

    /// The numbers of documents by what they are, where they are here.
    pub fn find<'p>(&self, wanted: impl ExactSizeIterator<Item = (BlobId, &'p str)>) -> Vec<Option<u32>> {
        let mut found = vec![None; wanted.len()];
        let places: HashMap<_, usize, BuildHasherDefault<IdHasher>> =
            wanted.enumerate().map(|(at, origin)| (origin, at)).collect();
        for row in 0..self.len() {
            if let Some(&at) = places.get(&(self.blob(row), self.path(row))) {
                found[at] = Some(row);
            }
        }
        found
    }
}

/// The set of a name's words, as a number that hardly any other set has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameWords(u32);

impl NameWords {
    pub fn of(text: &str) -> NameWords {
        let words: BTreeSet<String> = words(text).into_iter().map(|(word, _)| word).collect();
        let mut sum = crc32fast::Hasher::new();
        words.iter().for_each(|word| sum.update(format!("{word} ").as_bytes()));
        NameWords(sum.finalize())
    }
}

/// The bytes of further rows.
#[derive(Debug, Default)]
pub struct More {
    pub table: Vec<u8>,
    pub paths: Vec<u8>,
}

impl More {
    /// Add a row, where the paths so far take so many bytes. The limit of paths is four gigabytes.
    pub fn push(&mut self, before: u64, blob: BlobId, path: &str, name: &str) -> Option<()> {
        self.paths.extend_from_slice(path.as_bytes());
        let end = u32::try_from(before + self.paths.len() as u64).ok()?;
        self.table.extend_from_slice(&blob.0);
        self.table.extend_from_slice(&end.to_le_bytes());
        let last = name.rsplit('/').next().unwrap_or(name);
        for name in [name, last] {
            self.table.extend_from_slice(&NameWords::of(name).0.to_le_bytes());
        }
        Some(())
    }
}
