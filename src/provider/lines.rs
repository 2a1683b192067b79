//! Lines out of bytes that may be cut anywhere, for streams of one JSON value a line.

/// What came after the last line end.
#[derive(Debug, Default)]
pub struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// Take the next bytes, and give the lines that they end. Empty lines are none.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        let mut parts = bytes.split(|byte| *byte == b'\n');
        let last = parts.next_back().unwrap_or_default();
        for part in parts {
            self.rest.extend_from_slice(part);
            lines.extend(self.finish());
        }
        self.rest.extend_from_slice(last);
        lines
    }

    /// The line that nothing ended.
    pub fn finish(&mut self) -> Option<Vec<u8>> {
        let line = std::mem::take(&mut self.rest);
        Some(line.trim_ascii().to_vec()).filter(|line| !line.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_they_are_cut() {
        let text = "{\"a\":1}\r\n\n{\"ä\":2}\n  \n{\"b\":3}".as_bytes();
        let all = |parts: &[&[u8]]| {
            let mut lines = Lines::default();
            let mut found: Vec<Vec<u8>> = parts.iter().flat_map(|part| lines.feed(part)).collect();
            found.extend(lines.finish());
            found
        };
        let whole = all(&[text]);
        assert_eq!(whole, ["{\"a\":1}", "{\"ä\":2}", "{\"b\":3}"].map(|line| line.as_bytes().to_vec()));
        for at in 0..=text.len() {
            assert_eq!(all(&[&text[..at], &text[at..]]), whole);
        }
    }
}
