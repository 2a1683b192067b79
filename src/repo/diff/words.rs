//! Two texts word by word.

use similar::{Algorithm, DiffOp, DiffableStr, capture_diff_slices};

/// How a text is cut into the pieces that are compared. Together the pieces are the text.
pub type Cut<'c> = dyn for<'t> Fn(&'t str) -> Vec<&'t str> + Sync + 'c;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub mark: Mark,
    pub text: String,
}

impl Piece {
    /// Whether it only parts words.
    pub fn is_blank(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_whitespace())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Same,
    Gone,
    New,
}

/// More pieces than this are compared line by line: nobody reads such a difference word by word.
const MOST: usize = 40_000;

/// Words as Unicode has them: each ideograph is one, an emoji with all that joins it is one, and none ends inside of what
/// a reader takes for one character.
pub fn words(text: &str) -> Vec<&str> {
    if text.is_ascii() {
        return plain_words(text);
    }
    whole(text.tokenize_unicode_words().into_iter().map(str::len), text)
}

/// The same, and much quicker, for text that is only ASCII, as most is.
fn plain_words(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let (mut words, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        at += 1;
        match bytes[start] {
            b' ' => at += bytes[at..].iter().take_while(|byte| **byte == b' ').count(),
            b'\r' if bytes.get(at) == Some(&b'\n') => at += 1,
            byte if inside(byte) => {
                while at < bytes.len() {
                    // `don't` and `0.7` are one word.
                    let joined =
                        matches!(bytes[at], b'\'' | b'.') && bytes.get(at + 1).is_some_and(|next| inside(*next));
                    if !inside(bytes[at]) && !joined {
                        break;
                    }
                    at += 1;
                }
            }
            _ => {}
        }
        words.push(&text[start..at]);
    }
    words
}

/// Pieces with these lengths, made longer where they would end within what a reader takes for one character.
pub fn whole(lengths: impl Iterator<Item = usize>, text: &str) -> Vec<&str> {
    if text.is_ascii() && !text.contains('\r') {
        let mut at = 0;
        let piece = |length| {
            at += length;
            &text[at - length..at]
        };
        return lengths.map(piece).collect();
    }
    let mut ends = lengths.scan(0, |at, length| {
        *at += length;
        Some(*at)
    });
    let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
    let mut end = ends.next();
    for grapheme in text.tokenize_graphemes() {
        at += grapheme.len();
        while end.is_some_and(|end| end < at) {
            end = ends.next();
        }
        if end == Some(at) {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    if start < at {
        pieces.push(&text[start..at]);
    }
    pieces
}

/// What stayed, went and came. What went and what stayed make the first text, what stayed and what came the second.
pub fn pieces(before: &str, after: &str, cut: &Cut<'_>) -> Vec<Piece> {
    let (mut old, mut new) = (cut(before), cut(after));
    if old.len() + new.len() > MOST {
        (old, new) = (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    }
    let mut pieces = Pieces::default();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let gone = old[op.old_range()].concat();
        if let DiffOp::Equal { .. } = op {
            pieces.same(gone);
        } else {
            pieces.changed(gone, new[op.new_range()].concat());
        }
    }
    pieces.done
}

/// Joins changes that are only parted by a blank: `[-a b-]{+c d+}` reads better than word by word.
#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
}

impl Pieces {
    fn same(&mut self, text: String) {
        self.done.push(Piece { mark: Mark::Same, text });
    }

    fn changed(&mut self, gone: String, came: String) {
        let (mut old, mut new) = (gone, came);
        if self.parted_by_blank() {
            let blank = self.done.pop().map(|piece| piece.text).unwrap_or_default();
            let (last_gone, last_new) = self.last_change();
            old = format!("{last_gone}{blank}{old}");
            new = format!("{last_new}{blank}{new}");
        }
        for (mark, text) in [(Mark::Gone, old), (Mark::New, new)] {
            if !text.is_empty() {
                self.done.push(Piece { mark, text });
            }
        }
    }

    fn parted_by_blank(&self) -> bool {
        let blank = |piece: &Piece| piece.mark == Mark::Same && matches!(piece.text.as_str(), " " | "\t");
        // Only replaced words are joined; a word that merely came or went stands for itself.
        let replaced =
            |pieces: &[Piece]| matches!(pieces, [.., a, b, _] if a.mark == Mark::Gone && b.mark == Mark::New);
        self.done.last().is_some_and(blank) && replaced(&self.done)
    }

    fn last_change(&mut self) -> (String, String) {
        let new = self.done.pop().map(|piece| piece.text).unwrap_or_default();
        let gone = self.done.pop().map(|piece| piece.text).unwrap_or_default();
        (gone, new)
    }
}

/// How much two texts have in common, from 0 to 1, counted in words.
pub fn likeness(before: &[&str], after: &[&str]) -> f64 {
    let mut counts: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    let matter = |word: &&&str| !word.trim().is_empty();
    let mut total = 0;
    for word in before.iter().filter(matter) {
        *counts.entry(word).or_default() += 1;
        total += 1;
    }
    let mut shared = 0;
    for word in after.iter().filter(matter) {
        total += 1;
        if let Some(count) = counts.get_mut(word).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    if total == 0 { 0.0 } else { 2.0 * f64::from(shared) / f64::from(total) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let piece = |piece: Piece| match piece.mark {
            Mark::Same => piece.text,
            Mark::Gone => format!("[-{}-]", piece.text),
            Mark::New => format!("{{+{}+}}", piece.text),
        };
        pieces(before, after, &words).into_iter().map(piece).collect()
    }

    #[test]
    fn words_are_what_readers_take_for_words() {
        assert_eq!(told("be very kind", "be kind"), "be [-very -]kind");
        assert_eq!(told("a quick fox", "one slow fox"), "[-a quick-]{+one slow+} fox");
        assert_eq!(told("你好世界", "你好地界"), "你好[-世-]{+地+}界");
        assert_eq!(told("x 👩‍👩‍👧 y", "x 👩‍👩‍👦 y"), "x [-👩‍👩‍👧-]{+👩‍👩‍👦+} y");
        assert_eq!(told("e\u{301}", "e"), "[-e\u{301}-]{+e+}");
        assert_eq!(told("a\r\n", "a\n"), "a[-\r\n-]{+\n+}");
        assert_eq!(told("temperature 0.7.", "temperature 0.75."), "temperature [-0.7-]{+0.75+}.");
        assert_eq!(told("don't: x", "do: x"), "[-don't-]{+do+}: x");
    }
}
