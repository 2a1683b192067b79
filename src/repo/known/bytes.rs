//! The plain form of derived tables: segments, each with a magic word, its length, numbers and bytes, and a checksum.
//!
//! A table is written as one segment, and small news are added as further ones. What a killed writer left unfinished
//! is no whole segment and counts as absent.

use std::ops::Range;

const MAGIC: usize = 8;
const HEAD: usize = MAGIC + 8;
const SUM: usize = 4;

pub fn put(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// The beginning of a segment, for [`seal`] to finish.
pub fn begin(magic: [u8; MAGIC]) -> Vec<u8> {
    let mut out = magic.to_vec();
    put(&mut out, 0);
    out
}

/// Fill in the length and add the checksum that [`segments`] wants.
pub fn seal(mut out: Vec<u8>) -> Vec<u8> {
    let length = (out.len() - HEAD) as u64;
    out[MAGIC..HEAD].copy_from_slice(&length.to_le_bytes());
    let sum = crc32fast::hash(&out);
    out.extend_from_slice(&sum.to_le_bytes());
    out
}

/// Where the insides of the whole segments are, and whether they are all there is.
pub fn segments(bytes: &[u8], magic: [u8; MAGIC]) -> (Vec<Range<usize>>, bool) {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let Some(inside) = segment(&bytes[at..], magic) else { return (found, false) };
        found.push(at + HEAD..at + HEAD + inside);
        at += HEAD + inside + SUM;
    }
    (found, true)
}

/// The length of the inside of the segment that bytes begin with.
fn segment(bytes: &[u8], magic: [u8; MAGIC]) -> Option<usize> {
    let length = bytes.strip_prefix(&magic)?.first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (sealed, rest) = bytes.split_at_checked(HEAD.checked_add(length)?)?;
    let sum: &[u8; SUM] = rest.first_chunk()?;
    (crc32fast::hash(sealed).to_le_bytes() == *sum).then_some(length)
}

/// Bytes read from the front; every step says when there is not enough left.
#[derive(Debug, Default)]
pub struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub fn new(rest: &'a [u8]) -> Bytes<'a> {
        Bytes { rest }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn left(&self) -> usize {
        self.rest.len()
    }

    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub fn number(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_ends_the_table_where_it_is() {
        let one = |text: &[u8]| seal([begin(*b"magic123"), text.to_vec()].concat());
        let good = [one(b"first"), one(b""), one(b"third")].concat();
        let inside = |bytes: &[u8]| {
            let (found, whole) = segments(bytes, *b"magic123");
            (found.into_iter().map(|range| bytes[range].to_vec()).collect::<Vec<_>>(), whole)
        };
        let all = [b"first".to_vec(), b"".to_vec(), b"third".to_vec()];
        assert_eq!(inside(&good), (all.to_vec(), true));
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x10;
            let (found, whole) = inside(&bad);
            assert!(!whole && all.starts_with(&found) && found.len() < 3, "byte {at}");
            let (found, whole) = inside(&good[..at]);
            assert!(all.starts_with(&found) && found.len() < 3, "cut at {at}");
            assert_eq!(whole, at == 0 || good[..at].ends_with(&one(b"first")) || good[..at].ends_with(&one(b"")));
        }
    }
}
