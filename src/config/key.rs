//! A key as people write it: words joined by dots, quoted where a word holds more than letters, digits, `-` and `_`.

use std::fmt;

/// The path of one setting, such as `checks.severity.unused-variable`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Key(Vec<String>);

impl Key {
    pub fn new(words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Key(words.into_iter().map(Into::into).collect())
    }

    /// Read `a.b."c.d"`. Quotes are needed only around a dot; a word may otherwise hold anything.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = Vec::new();
        let mut rest = text.trim();
        loop {
            let (word, after) = first_word(rest)?;
            words.push(word.to_owned());
            match after.strip_prefix('.') {
                Some(after) => rest = after,
                None if after.is_empty() => return Some(Key(words)),
                None => return None,
            }
        }
    }

    pub fn words(&self) -> &[String] {
        &self.0
    }

    #[must_use]
    pub fn child(&self, word: &str) -> Self {
        Key(self.0.iter().cloned().chain([word.to_owned()]).collect())
    }

    pub fn starts_with(&self, prefix: &Key) -> bool {
        self.0.starts_with(&prefix.0)
    }
}

fn first_word(text: &str) -> Option<(&str, &str)> {
    let (word, after) = match text.chars().next()? {
        quote @ ('"' | '\'') => text[1..].split_once(quote)?,
        _ => text.split_at(text.find('.').unwrap_or(text.len())),
    };
    (!word.is_empty()).then_some((word, after))
}

fn is_bare(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            match is_bare(word) {
                true => f.write_str(word)?,
                // A JSON string is also a TOML basic string.
                false => write!(f, "{}", serde_json::Value::from(word.as_str()))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_they_are_read() {
        for text in ["a", "a.b-c.d_1", "projects.\"support/mail\".title", "x.\"a.b\".c"] {
            assert_eq!(Key::parse(text).expect("a key").to_string(), text);
        }
        assert_eq!(Key::parse("projects.support/mail.title").expect("a key").words()[1], "support/mail");
        for text in ["", ".", "a.", ".a", "a..b", "a.\"b", "\"a\"b"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
