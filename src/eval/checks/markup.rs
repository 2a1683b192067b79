//! What looking for XML and for HTML in a text have in common.

/// The text from each `<` on that begins a tag.
pub fn texts_in(text: &str) -> impl Iterator<Item = &str> {
    let begins = |rest: &&str| rest[1..].starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':' | '!'));
    text.match_indices('<').map(|(at, _)| &text[at..]).filter(begins)
}

/// How much may be read again and again before it takes too long.
#[derive(Debug)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Budget {
        Budget(2_000_000)
    }
}

impl Budget {
    /// Whether there was enough left.
    pub fn spend(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}
