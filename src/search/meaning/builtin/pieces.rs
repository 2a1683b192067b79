//! Words into the pieces that the table knows: the longest known beginning, then the longest known continuation, and so on.

use super::hash::{Hash, SLOTS};

const VOCABULARY: &str = include_str!("../../../../assets/static-256/vocab.txt");
/// For each row where its piece begins in the vocabulary, as the build wrote it: little-endian numbers of four bytes.
const STARTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/static-256.starts"));
/// Rows by the hash of their piece, in two bytes each; zero is an empty slot.
const SLOT_ROWS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/static-256.slots"));

/// No piece has more bytes, without the `##` of continuations.
const LONGEST: usize = 18;
/// Longer words are unknown as a whole, as the model has learned it.
const LONGEST_WORD: usize = 100;

/// Add the rows of a word's pieces. A word that does not consist of known pieces throughout adds none.
pub fn add(word: &str, rows: &mut Vec<u16>) {
    let before = rows.len();
    if word.len() > LONGEST_WORD && word.chars().count() > LONGEST_WORD {
        return;
    }
    let mut rest = word.as_bytes();
    while !rest.is_empty() {
        let Some((row, length)) = longest(rest, rows.len() > before) else {
            rows.truncate(before);
            return;
        };
        rows.push(row);
        rest = &rest[length..];
    }
}

/// The longest known piece that the bytes begin with. It ends between characters, because all pieces do.
fn longest(bytes: &[u8], continues: bool) -> Option<(u16, usize)> {
    let mut hashes = [Hash::new(continues); LONGEST + 1];
    let most = bytes.len().min(LONGEST);
    for (at, &byte) in bytes[..most].iter().enumerate() {
        hashes[at + 1] = hashes[at].add(byte);
    }
    (1..=most).rev().find_map(|end| Some((find(&bytes[..end], hashes[end], continues)?, end)))
}

fn find(piece: &[u8], hash: Hash, continues: bool) -> Option<u16> {
    let mut slot = hash.slot();
    loop {
        let row = u16::from_le_bytes([SLOT_ROWS[2 * slot], SLOT_ROWS[2 * slot + 1]]);
        if row == 0 {
            return None;
        }
        let known = piece_of(row);
        let known = if continues { known.strip_prefix(b"##") } else { Some(known) };
        if known == Some(piece) {
            return Some(row);
        }
        slot = (slot + 1) % SLOTS;
    }
}

fn piece_of(row: u16) -> &'static [u8] {
    let (begin, end) = (start(row.into()), start(usize::from(row) + 1));
    // Each piece but the last is followed by a line break.
    &VOCABULARY.as_bytes()[begin..end - 1]
}

fn start(row: usize) -> usize {
    let bytes = STARTS[4 * row..].first_chunk().expect("there is a start behind every row");
    u32::from_le_bytes(*bytes) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(word: &str) -> Vec<&'static str> {
        let mut rows = Vec::new();
        add(word, &mut rows);
        rows.into_iter().map(|row| std::str::from_utf8(piece_of(row)).expect("whole characters")).collect()
    }

    #[test]
    fn every_piece_is_found_at_its_row() {
        for (row, piece) in VOCABULARY.split('\n').enumerate().skip(2) {
            let (text, continues) = piece.strip_prefix("##").map_or((piece, false), |rest| (rest, true));
            assert!(text.len() <= LONGEST, "{piece}");
            let hash = text.bytes().fold(Hash::new(continues), Hash::add);
            assert_eq!(find(text.as_bytes(), hash, continues).map(usize::from), Some(row), "{piece}");
        }
    }

    #[test]
    fn the_longest_piece_wins_and_an_unknown_part_takes_its_word_along() {
        assert_eq!(pieces("summarization"), ["sum", "##mar", "##ization"]);
        assert_eq!(pieces("the"), ["the"]);
        assert_eq!(pieces("[PAD]"), [] as [&str; 0]);
        assert_eq!(pieces("the\u{1f980}"), [] as [&str; 0]);
        assert_eq!(pieces(&"a".repeat(101)), [] as [&str; 0]);
        assert!(!pieces(&"a".repeat(100)).is_empty());
    }
}
