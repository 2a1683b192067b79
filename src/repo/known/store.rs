//! Facts by content.

use std::collections::HashMap;
use std::fs;
use std::hash::BuildHasherDefault;
use std::ops::{Deref, Range};
use std::path::Path;
use std::sync::Arc;

use crate::base::hash::{BlobId, IdHasher};

use super::bytes::{Bytes, begin, put, seal, segments};
use super::has_room;

/// Content, and how it is read: the same bytes mean different things in two dialects.
pub type Key = (BlobId, u8);

/// What was stored, in one piece of memory.
#[derive(Debug, Default)]
pub struct Store {
    bytes: Arc<Vec<u8>>,
    index: Index,
    /// The length of the first segment; the others were added since.
    first: usize,
    whole: bool,
}

type Index = HashMap<Key, Range<usize>, BuildHasherDefault<IdHasher>>;

/// One file's facts, as they were encoded: a piece of what all share, so that a hundred thousand need no copies.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    bytes: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Deref for Stored {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[self.range.clone()]
    }
}

impl From<Vec<u8>> for Stored {
    fn from(facts: Vec<u8>) -> Stored {
        Stored { range: 0..facts.len(), bytes: Arc::new(facts) }
    }
}

const MAGIC: [u8; 8] = *b"palcfc2\n";

impl Store {
    /// Facts stored under the same digest; otherwise, or when damaged, nothing is known.
    pub fn open(path: &Path, digest: &str) -> Store {
        fs::read(path).ok().and_then(|bytes| decode(bytes, digest)).unwrap_or_default()
    }

    pub fn get(&self, key: Key) -> Option<Stored> {
        self.index.get(&key).map(|range| Stored { bytes: self.bytes.clone(), range: range.clone() })
    }

    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether so many bytes are worth adding, rather than writing the store anew.
    pub fn has_room(&self, bytes: usize) -> bool {
        has_room(self.whole, self.first, self.bytes.len(), bytes)
    }

    /// Everything stored that the filter wants.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &[u8])> {
        self.index.iter().map(|(key, range)| (*key, &self.bytes[range.clone()]))
    }
}

pub fn encode<'f>(digest: &str, facts: impl Iterator<Item = (Key, &'f [u8])>) -> Vec<u8> {
    let mut out = begin(MAGIC);
    put(&mut out, digest.len() as u64);
    out.extend_from_slice(digest.as_bytes());
    for ((id, dialect), facts) in facts {
        out.extend_from_slice(&id.0);
        out.push(dialect);
        put(&mut out, facts.len() as u64);
        out.extend_from_slice(facts);
    }
    seal(out)
}

fn decode(bytes: Vec<u8>, digest: &str) -> Option<Store> {
    let (parts, whole) = segments(&bytes, MAGIC);
    let mut index = Index::default();
    // Growing step by step would move every entry several times.
    index.reserve(bytes.len() / USUAL);
    for part in &parts {
        read_segment(&bytes, part.clone(), digest, &mut index)?;
    }
    Some(Store { index, first: parts.first()?.len(), whole, bytes: Arc::new(bytes) })
}

/// About how many bytes one prompt's facts take.
const USUAL: usize = 192;

fn read_segment(bytes: &[u8], part: Range<usize>, digest: &str, index: &mut Index) -> Option<()> {
    let end = part.end;
    let mut rest = Bytes::new(&bytes[part]);
    let length = rest.number()? as usize;
    if rest.take(length)? != digest.as_bytes() {
        return None;
    }
    while !rest.is_empty() {
        let id = BlobId(rest.take(20)?.try_into().ok()?);
        let dialect = rest.take(1)?[0];
        let length = rest.number()? as usize;
        let start = end - rest.left();
        rest.take(length)?;
        index.insert((id, dialect), start..start + length);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_come_back_by_content_and_dialect() {
        let key = |byte, dialect| (BlobId([byte; 20]), dialect);
        let facts: Vec<(Key, &[u8])> = vec![(key(1, 0), b"one"), (key(1, 1), b""), (key(2, 0), b"two")];
        let bytes = [encode("v1", facts[..2].iter().copied()), encode("v1", facts[2..].iter().copied())].concat();
        let store = decode(bytes.clone(), "v1").expect("decodes");
        let get = |key| store.get(key).map(|facts| facts.to_vec());
        assert_eq!(get(key(1, 0)), Some(b"one".to_vec()));
        assert_eq!(get(key(1, 1)), Some(b"".to_vec()));
        assert_eq!(get(key(2, 0)), Some(b"two".to_vec()));
        assert_eq!(get(key(3, 0)), None);
        assert!(decode(bytes, "v2").is_none());
    }
}
