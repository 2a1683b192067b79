//! The plain form of derived tables: a magic word, numbers and bytes, a checksum at the end.

const SUM: usize = 4;

pub fn put(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Add the checksum that [`Bytes::sealed`] wants.
pub fn seal(mut out: Vec<u8>) -> Vec<u8> {
    let sum = crc32fast::hash(&out);
    out.extend_from_slice(&sum.to_le_bytes());
    out
}

/// Bytes read from the front; every step says when there is not enough left.
#[derive(Debug, Default)]
pub struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    /// The inside of sealed bytes that begin with the magic word; nothing if they are damaged.
    pub fn sealed(bytes: &'a [u8], magic: &[u8]) -> Option<Bytes<'a>> {
        let (inside, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
        let whole = crc32fast::hash(inside).to_le_bytes() == *sum;
        inside.strip_prefix(magic).filter(|_| whole).map(|rest| Bytes { rest })
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
