//! Text as checks compare it. Two texts that look the same to a reader are the same: composed and decomposed letters
//! (Unicode normalisation form C), and line ends of every system. Nothing else is smoothed over: blanks count, and so do
//! wide and narrow forms of a letter.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Form C, with `\n` at the end of each line.
pub fn normal(text: &str) -> Cow<'_, str> {
    let lines = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    match is_nfc_quick(lines.chars()) {
        IsNormalized::Yes => lines,
        _ => Cow::Owned(lines.nfc().collect()),
    }
}

/// The same without regard to case: `Straße` is `STRASSE`, and `ΟΔΟΣ` is `οδος`.
pub fn folded(text: &str) -> String {
    let normal = normal(text);
    if normal.is_ascii() {
        return normal.to_ascii_lowercase();
    }
    normal.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

/// A piece of text for a sentence, on one line and not too long.
pub fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let mut piece: String = text.chars().take(MOST).collect();
    if piece.len() < text.len() {
        piece.push('…');
    }
    format!("`{}`", piece.replace('\n', "\\n").replace('\r', "\\r").replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same() {
        assert_eq!(normal("e\u{301}\r\nA\u{30a}\rx"), "é\nÅ\nx");
        assert_eq!(normal("\u{212b}"), "Å", "the sign for Ångström is the letter");
        assert_ne!(normal("ﬁ"), "fi", "ligatures are letters of their own");
        assert!(matches!(normal("plain 😀"), Cow::Borrowed(_)));
        assert_eq!(folded("STRASSE"), folded("Straße"));
        assert_eq!(folded("ΟΔΟΣ"), folded("οδος"));
        assert_eq!(folded("E\u{301}A"), "éa");
        assert_eq!(quoted("a\n`b`"), "`a\\n'b'`");
    }
}
