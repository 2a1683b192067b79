//! The labels of one prompt out of a file that may hold a hundred thousand.

use memchr::memmem;

use crate::base::Result;
use crate::model::Labels;

/// What the file says of one prompt. A file that is written as palc writes it is not read as a whole; whatever stands
/// elsewhere in it is the business of `palc check`.
pub fn find(path: &str, text: &str, id: &str) -> Result<Labels> {
    if let Some(part) = excerpt(text, id) {
        let file = super::read(path, &part);
        if file.findings.is_empty() {
            return Ok(file.labels());
        }
    }
    let mut labels = super::read(path, text).strict()?;
    labels.pins.retain(|key, _| key == id);
    labels.inactive.retain(|key, _| key == id);
    Ok(labels)
}

/// The sections with this prompt's entries alone; nothing where the layout of the file does not tell them apart.
fn excerpt(text: &str, id: &str) -> Option<String> {
    let is_plain =
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    // What could make a line mean something else than it says, and does not occur in files that palc wrote.
    let odd =
        memchr::memchr3(b'"', b'\'', b'|', text.as_bytes()).or_else(|| memchr::memchr2(b'>', b'\t', text.as_bytes()));
    if !is_plain || odd.is_some() {
        return None;
    }
    let mut heads = Vec::new();
    for section in super::SECTIONS {
        heads.extend(head(text, section)?);
    }
    let line = format!("\n  {id}:");
    let (mut out, mut met) = (String::new(), Vec::new());
    for at in memmem::find_iter(text.as_bytes(), id) {
        let head = *heads.iter().filter(|&&head| head < at).max()?;
        let start = at.checked_sub(3)?;
        if met.contains(&head) || !text.get(start..)?.starts_with(&line) {
            return None;
        }
        met.push(head);
        let section = text[head..].lines().next()?;
        out.push_str(&format!("{section}\n{}", block(&text[start + 1..])?));
    }
    (!out.is_empty()).then_some(out)
}

/// Where a section's line begins, if there is one. One with anything but a comment behind it is not this layout.
fn head(text: &str, section: &str) -> Option<Option<usize>> {
    let line = format!("\n{section}:");
    let found = memmem::find(text.as_bytes(), line.as_bytes()).map(|at| at + 1);
    let Some(at) = found.or_else(|| text.starts_with(&line[1..]).then_some(0)) else { return Some(None) };
    let rest = text[at..].lines().next()?[section.len() + 1..].trim();
    (rest.is_empty() || rest.starts_with('#')).then_some(Some(at))
}

/// The line of an id and everything that is indented below it.
fn block(text: &str) -> Option<&str> {
    let mut end = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim();
        let deeper = line.len() - line.trim_start_matches(' ').len() > 2;
        if number > 0 && !bare.is_empty() && !bare.starts_with('#') && !deeper {
            break;
        }
        end += line.len();
    }
    text.get(..end)
}
