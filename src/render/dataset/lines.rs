//! Lines of a text that is never held as a whole.

use std::io::{BufRead, Read};

use super::MAX_ROW;

/// A reader that knows the line it is in.
pub struct Lines<R> {
    reader: R,
    /// The number of the line that was read last.
    pub number: u64,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R) -> Self {
        Lines { reader, number: 0 }
    }

    /// The next line with its ending; nothing at the end.
    pub fn next(&mut self) -> Result<Option<String>, String> {
        let mut bytes = Vec::new();
        let limit = MAX_ROW as u64 + 1;
        self.reader.by_ref().take(limit).read_until(b'\n', &mut bytes).map_err(|error| error.to_string())?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        if bytes.len() > MAX_ROW {
            return Err(format!("the line is longer than {} MiB", MAX_ROW >> 20));
        }
        String::from_utf8(bytes).map(Some).map_err(|_| "the line is not UTF-8".into())
    }
}
