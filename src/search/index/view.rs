//! What a revision, a work tree or all of history holds: a set of documents, and the sums that scores need of them.
//!
//! A view is kept under a key that says everything it depends on, so it is right as long as it is there.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::base::hash::sha256;
use crate::base::{Result, disk};

use super::{Bits, Index, Store};

/// Everything that a view depends on, as the name of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    pub rows: Bits,
    pub documents: u32,
    /// The words of all documents together.
    pub words: u64,
    pub grams: u64,
}

const MAGIC: &[u8; 8] = b"palcvw1\n";
const HEAD: usize = 8 + 4 + 4 + 8 + 8;
/// More are not kept: the oldest go.
const MOST: usize = 64;

impl Key {
    pub fn of(what: &[u8]) -> Key {
        Key(sha256(what)[..40].to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl View {
    pub fn of(index: &Index, rows: Bits) -> View {
        let mut view = View { documents: rows.len(), rows, ..View::default() };
        for segment in index.segments() {
            for (document, &row) in segment.rows.iter().enumerate() {
                if view.rows.contains(row) {
                    view.words += u64::from(segment.words_lengths.fieldnorm(document as u32));
                    view.grams += u64::from(segment.grams_lengths.fieldnorm(document as u32));
                }
            }
        }
        view
    }

    fn encode(&self) -> Vec<u8> {
        let mut inside = self.documents.to_le_bytes().to_vec();
        inside.extend_from_slice(&self.words.to_le_bytes());
        inside.extend_from_slice(&self.grams.to_le_bytes());
        self.rows.encode(&mut inside);
        let sum = crc32fast::hash(&inside).to_le_bytes();
        [MAGIC.as_slice(), &sum, &inside].concat()
    }

    fn decode(bytes: &[u8]) -> Option<View> {
        if bytes.len() < HEAD
            || !bytes.starts_with(MAGIC)
            || crc32fast::hash(&bytes[12..]).to_le_bytes() != bytes[8..12]
        {
            return None;
        }
        let number = |at: usize| bytes[at..].first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
        let documents = u32::from_le_bytes(*bytes[12..].first_chunk()?);
        let rows = Bits::decode(&bytes[HEAD..])?;
        Some(View { rows, documents, words: number(16)?, grams: number(24)? })
    }
}

impl Store {
    fn views(&self) -> PathBuf {
        self.folder().join("views")
    }

    pub fn view(&self, key: &Key) -> Option<View> {
        View::decode(&fs::read(self.views().join(key.as_str())).ok()?)
    }

    /// Keep a view for those who ask for the same. It is only a saving, so a failure to keep it is no failure.
    pub fn keep_view(&self, key: &Key, view: &View) {
        if let Err(error) = self.try_keep_view(key, view) {
            tracing::warn!(%error, "a view of the search index was not kept");
        }
    }

    fn try_keep_view(&self, key: &Key, view: &View) -> Result<()> {
        disk::write_derived(&self.views().join(key.as_str()), &view.encode())?;
        let Ok(entries) = fs::read_dir(self.views()) else { return Ok(()) };
        let modified = |entry: fs::DirEntry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()));
        let mut kept: Vec<(SystemTime, PathBuf)> = entries.flatten().filter_map(modified).collect();
        kept.sort();
        for (_, path) in kept.iter().rev().skip(MOST) {
            disk::remove(path, disk::Expect::Whatever)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_survives_its_bytes_and_damage_is_seen() {
        let view = View { rows: (3..900).collect(), documents: 897, words: 1 << 40, grams: 7 };
        let bytes = view.encode();
        assert_eq!(View::decode(&bytes), Some(view));
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 4;
            assert_eq!(View::decode(&bad), None, "byte {at}");
            assert_eq!(View::decode(&bytes[..at]), None, "cut at {at}");
        }
    }
}
