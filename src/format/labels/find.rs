//! The labels of one prompt out of a file that may hold a hundred thousand.

use memchr::memmem;

use crate::base::{Error, Result};
use crate::model::Labels;

/// What the file says of one prompt. A file that is written as palc writes it is not read as a whole; whatever stands
/// elsewhere in it is the business of `palc check`.
pub fn find(path: &str, bytes: &[u8], id: &str) -> Result<Labels> {
    if let Some(part) = excerpt(bytes, id) {
        let file = super::read(path, &part);
        if file.findings.is_empty() {
            return Ok(file.labels());
        }
    }
    let mut labels = super::read(path, utf8(path, bytes)?).strict()?;
    labels.pins.retain(|key, _| key == id);
    labels.inactive.retain(|key, _| key == id);
    Ok(labels)
}

/// The file as text.
pub fn utf8<'b>(path: &str, bytes: &'b [u8]) -> Result<&'b str> {
    std::str::from_utf8(bytes).map_err(|error| Error::invalid(format!("{path} is not UTF-8")).because(error))
}

/// The sections with this prompt's entries alone; nothing where the layout of the file does not tell them apart.
fn excerpt(text: &[u8], id: &str) -> Option<String> {
    let is_plain =
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    // What could make a line mean something else than it says, and does not occur in files that palc wrote.
    let odd = memchr::memchr3(b'"', b'\'', b'|', text).or_else(|| memchr::memchr2(b'>', b'\t', text));
    if !is_plain || odd.is_some() {
        return None;
    }
    let mut heads = Vec::new();
    for section in super::SECTIONS {
        heads.extend(head(text, section)?);
    }
    let line = format!("\n  {id}:");
    let (mut out, mut met) = (String::new(), Vec::new());
    for at in memmem::find_iter(text, id) {
        let head = *heads.iter().filter(|&&head| head < at).max()?;
        let start = at.checked_sub(3)?;
        if met.contains(&head) || !text.get(start..)?.starts_with(line.as_bytes()) {
            return None;
        }
        met.push(head);
        out.push_str(&format!("{}\n{}", line_at(text, head)?, block(&text[start + 1..])?));
    }
    (!out.is_empty()).then_some(out)
}

/// Where a section's line begins, if there is one. One with anything but a comment behind it is not this layout.
fn head(text: &[u8], section: &str) -> Option<Option<usize>> {
    let line = format!("\n{section}:");
    let found = memmem::find(text, line.as_bytes()).map(|at| at + 1);
    let first = text.starts_with(&line.as_bytes()[1..]).then_some(0);
    let Some(at) = first.or(found) else { return Some(None) };
    let rest = line_at(text, at)?[section.len() + 1..].trim();
    (rest.is_empty() || rest.starts_with('#')).then_some(Some(at))
}

fn line_at(text: &[u8], at: usize) -> Option<&str> {
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length);
    std::str::from_utf8(&text[at..end]).ok()
}

/// The line of an id and everything that is indented below it.
fn block(text: &[u8]) -> Option<&str> {
    let mut end = 0;
    for (number, line) in text.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let bare = line.trim_ascii();
        let indent = line.iter().take_while(|&&byte| byte == b' ').count();
        if number > 0 && !bare.is_empty() && !bare.starts_with(b"#") && indent <= 2 {
            break;
        }
        end += line.len();
    }
    std::str::from_utf8(&text[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Pin;

    /// The quick way is taken for what palc writes itself, however much it is.
    #[test]
    fn what_palc_writes_is_found_without_reading_it_all() {
        let mut labels = Labels::default();
        for number in 0..500_u32 {
            let pin = Pin { version: number + 1, blob: format!("a{number:039x}") };
            labels.set(&format!("p{number:07}"), "production", pin.clone());
            labels.deactivate(&format!("p{number:07}"), pin);
        }
        let text = super::super::write(&super::super::read("x", ""), &labels, &|id| Some(format!("support/{id}x")));
        let text = text.expect("writes");
        assert!(excerpt(text.as_bytes(), "p0000007").is_none(), "the name in the comment holds the id");
        let text = text.replace("support/p", "support/q");
        let part = excerpt(text.as_bytes(), "p0000007").expect("is found");
        assert_eq!(part.lines().count(), 6, "{part}");
        assert_eq!(excerpt(text.as_bytes(), "zzzzzzzz"), None);
    }
}
