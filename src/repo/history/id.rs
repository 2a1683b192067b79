//! The id in a prompt's front matter, read quickly: a first pass over history asks for it tens of thousands of times.

use crate::format::{Dialect, Document, prompt};

/// The id of a prompt with this content, if it says one.
pub fn id_in(path: &str, bytes: &[u8]) -> Option<String> {
    let dialect = Dialect::of_path(path);
    memchr::memmem::find(bytes, b"id")?;
    if dialect == Dialect::Native
        && let Some(plain) = plain_id(bytes)
    {
        return plain.map(str::to_owned);
    }
    prompt::id(&Document::split(path, bytes, dialect).ok()?)
}

/// The id of an ordinary native file: a line `id: word` between the fences. The outer option says whether that was
/// certain: a line that starts in the first column is a key wherever the front matter is a block of YAML.
fn plain_id(bytes: &[u8]) -> Option<Option<&str>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.strip_prefix("---\n")?.lines();
    let (mut found, mut after_id) = (None, false);
    loop {
        let line = lines.next()?;
        if line == "---" {
            return Some(found);
        }
        let odd = |quote: u8| line.bytes().filter(|&byte| byte == quote).count() % 2 == 1;
        let goes_on = after_id && line.starts_with([' ', '\t']);
        if line.starts_with(['{', '?', '"', '\'', '&', '*', '!', '.', '%']) || odd(b'"') || odd(b'\'') || goes_on {
            return None;
        }
        after_id = false;
        if let Some(value) = line.strip_prefix("id:") {
            let value = value.strip_prefix(' ')?;
            let is_word = value.starts_with(|c: char| c.is_ascii_lowercase())
                && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            // Words such as `null` are no text; and a key given twice is for the whole parser to judge.
            if !is_word || found.is_some() || ["null", "true", "false", "yes", "no", "on", "off"].contains(&value) {
                return None;
            }
            found = Some(value);
            after_id = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_the_whole_parser_says() {
        let cases = [
            "---\nid: k3v9q2mx\n---\nBody\n",
            "---\ndescription: |\n  id: no\nid: k3v9q2mx # ours\n---\n",
            "---\nid: \"k3v9q2mx\"\n---\n",
            "---\r\nid: k3v9q2mx\r\n---\r\n",
            "---\n{id: k3v9q2mx}\n---\n",
            "---\nid: 12\n---\n",
            "---\nid: null\n---\n",
            "---\nid: a1\nid: b2\n---\n",
            "---\ntext: \"a\n\nid: x\n\"\n---\n",
            "---\nid:\n  k3v\n---\n",
            "---\nid: k3v\n  9q2\n---\n",
            "---\nid: open\n",
            "id: body\n",
            "",
        ];
        for text in cases {
            let document = Document::split("a.md", text.as_bytes(), Dialect::Native).ok();
            let whole = document.as_ref().and_then(prompt::id);
            assert_eq!(id_in("a.md", text.as_bytes()), whole, "{text:?}");
        }
    }
}
