//! Text into words as the model was taught them: small letters without accents, punctuation and CJK characters each by
//! itself.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

/// Call for each word of a text. The buffer's content does not matter; it saves asking for memory.
pub fn each(text: &str, buffer: &mut String, mut word: impl FnMut(&str)) {
    // Nothing that is done to a text reaches across a blank, so the few parts that need Unicode are told apart here.
    for part in text.split([' ', '\n', '\t', '\r']) {
        if part.is_ascii() {
            ascii(part, buffer, &mut word);
        } else {
            unicode(part, &mut word);
        }
    }
}

fn ascii(part: &str, buffer: &mut String, word: &mut impl FnMut(&str)) {
    buffer.clear();
    for (at, byte) in part.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() {
            buffer.push(byte.to_ascii_lowercase().into());
        } else if byte.is_ascii_punctuation() {
            if !buffer.is_empty() {
                word(buffer);
                buffer.clear();
            }
            word(&part[at..=at]);
        }
    }
    if !buffer.is_empty() {
        word(buffer);
    }
}

/// Accents once letters and accents are apart, and control characters that are no blanks.
static DROPPED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{Mn}\p{Cc}\p{Cf}\p{Co}\u{fffd}&&[^\t\n\r]]+").expect("a right pattern"));

/// What is a word of its own: CJK characters, punctuation (for ASCII that includes symbols); otherwise all up to the
/// next of these, or to a blank.
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    let cjk =
        r"\u{4e00}-\u{9fff}\u{3400}-\u{4dbf}\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{f900}-\u{faff}\u{2f800}-\u{2fa1f}";
    let single = format!(r"\p{{P}}!-/:-@\[-`{{-~{cjk}");
    Regex::new(&format!(r"[{single}]|[^\s{single}]+")).expect("a right pattern")
});

fn unicode(part: &str, word: &mut impl FnMut(&str)) {
    let apart: String = part.nfd().collect();
    let small = DROPPED.replace_all(&apart, "").to_lowercase();
    WORD.find_iter(&small).for_each(|found| word(found.as_str()));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        each(text, &mut String::new(), |word| found.push(word.to_owned()));
        found
    }

    #[test]
    fn splits_as_the_model_was_taught() {
        assert_eq!(words("Don't PANIC_now!"), ["don", "'", "t", "panic", "_", "now", "!"]);
        assert_eq!(words("Café – naïve\u{a0}Übermut"), ["cafe", "–", "naive", "ubermut"]);
        assert_eq!(words("東京 ab京c"), ["東", "京", "ab", "京", "c"]);
        assert_eq!(words("a\0b\u{200b}c é\u{7}e"), ["abc", "ee"]);
        assert_eq!(words(" \t\r\n\u{3000}"), [] as [&str; 0]);
        assert_eq!(words("100€ „so“ ©"), ["100€", "„", "so", "“", "©"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn both_ways_agree_on_ascii(text in "[ -~\\x00-\\x1f]{0,20}") {
            let mut found = Vec::new();
            text.split([' ', '\n', '\t', '\r']).for_each(|part| unicode(part, &mut |word| found.push(word.to_owned())));
            prop_assert_eq!(words(&text), found);
        }
    }
}
