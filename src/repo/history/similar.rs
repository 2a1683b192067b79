//! How much of one text is in another, as git judges it for renames: by lines, wherever they stand.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many bytes of a text stand in which line.
#[derive(Debug)]
pub struct Lines {
    bytes: HashMap<u64, usize>,
    size: usize,
}

/// Longer lines are cut, so that a text of one line can be like another.
const PIECE: usize = 64;

impl Lines {
    pub fn of(text: &[u8]) -> Lines {
        let mut bytes: HashMap<u64, usize> = HashMap::new();
        for piece in text.split_inclusive(|&byte| byte == b'\n').flat_map(|line| line.chunks(PIECE)) {
            let mut hasher = DefaultHasher::new();
            piece.trim_ascii_end().hash(&mut hasher);
            *bytes.entry(hasher.finish()).or_default() += piece.len();
        }
        Lines { bytes, size: text.len() }
    }

    /// The common part in thousandths of the larger text, if it is half of it or more.
    pub fn likeness(&self, other: &Lines) -> Option<usize> {
        let larger = self.size.max(other.size);
        if larger == 0 || self.size.min(other.size) * 2 < larger {
            return None;
        }
        let shared = |(line, size): (&u64, &usize)| other.bytes.get(line).map_or(0, |other| *size.min(other));
        let common: usize = self.bytes.iter().map(shared).sum();
        let likeness = common * 1000 / larger;
        (likeness >= 500).then_some(likeness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_enough() {
        let likeness = |a: &str, b: &str| Lines::of(a.as_bytes()).likeness(&Lines::of(b.as_bytes()));
        assert_eq!(likeness("a\nb\n", "b\na\n"), Some(1000));
        assert_eq!(likeness("a\nb\n", "a\nc\n"), Some(500));
        assert_eq!(likeness("a\nb\nd\n", "a\nc\ne\n"), None);
        assert_eq!(likeness("a\r\nb\r\n", "a\nb\n").map(|it| it > 600), Some(true));
        assert_eq!(likeness("", ""), None);
    }
}
