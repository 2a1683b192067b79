//! A template cut into text and tags, with the blanks around tags settled.

use std::ops::Range;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    Text(Range<usize>),
    Tag(Tag),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub range: Range<usize>,
    /// What stands between the braces, without blanks and without `~`.
    pub inside: Range<usize>,
}

/// What is wrong, and where.
pub type Wrong = (Range<usize>, String, &'static str);

pub fn scan(text: &str) -> Result<Vec<Item>, Wrong> {
    let mut items = Vec::new();
    let (mut at, mut literal, mut trim) = (0, 0, false);
    while let Some(found) = text[at..].find("{{") {
        let start = at + found;
        if text[..start].ends_with('\\') {
            // An escaped tag is text without the backslash.
            push_text(&mut items, text, literal..start - 1, &mut trim, false);
            (literal, at) = (start, start + 2);
            continue;
        }
        let (inside, end) = close(text, start)?;
        let mut inside = inside;
        let left = text[inside.clone()].starts_with('~');
        let right = text[inside.clone()].len() > 1 && text[inside.clone()].ends_with('~');
        inside = inside.start + usize::from(left)..inside.end - usize::from(right);
        push_text(&mut items, text, literal..start, &mut trim, left);
        items.push(Item::Tag(Tag { range: start..end, inside: trimmed(text, inside) }));
        trim = right;
        (at, literal) = (end, end);
    }
    push_text(&mut items, text, literal..text.len(), &mut trim, false);
    drop_lone_lines(text, &mut items);
    items.retain(|item| !matches!(item, Item::Text(range) if range.is_empty()));
    Ok(items)
}

/// Where the tag that opens at `start` closes: what is inside, and its end.
fn close(text: &str, start: usize) -> Result<(Range<usize>, usize), Wrong> {
    let rest = &text[start..];
    let (open, shut) = if rest.starts_with("{{!--") || rest.starts_with("{{~!--") {
        (2, "--")
    } else if rest.starts_with("{{{") {
        (3, "}}}")
    } else {
        (2, "}}")
    };
    let unclosed = || {
        (start..start + 2, "a tag is opened here and never closed".to_owned(), "write `\\{{` for braces that are text")
    };
    let from = if shut == "--" { rest.find("--").map_or(0, |at| at + 2) } else { open };
    let mut length = rest[from..].find(shut).map(|at| at + from).ok_or_else(unclosed)?;
    let mut end = length + shut.len();
    if shut == "--" {
        end = rest[length..].find("}}").map(|at| length + at + 2).ok_or_else(unclosed)?;
        length = end - 2;
    }
    Ok((start + open..start + length, start + end))
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = &text[range.clone()];
    let start = range.start + (inside.len() - inside.trim_start().len());
    start..(start + inside.trim().len())
}

fn push_text(items: &mut Vec<Item>, text: &str, range: Range<usize>, before: &mut bool, after: bool) {
    let (mut start, mut end) = (range.start, range.end);
    if *before {
        start = end - text[start..end].trim_start().len();
    }
    if after {
        end = start + text[start..end].trim_end().len();
    }
    *before = false;
    items.push(Item::Text(start..end));
}

/// A block tag, comment or partial that has a line to itself takes the line with it.
fn drop_lone_lines(text: &str, items: &mut [Item]) {
    for at in 0..items.len() {
        let Item::Tag(tag) = &items[at] else { continue };
        let inside = &text[tag.inside.clone()];
        let block = inside.starts_with(['#', '/', '^', '!', '>']) || inside == "else" || inside.starts_with("else ");
        if !block {
            continue;
        }
        let before = match at.checked_sub(1).and_then(|at| items.get(at)) {
            Some(Item::Text(range)) => range.clone(),
            None => 0..0,
            Some(Item::Tag(_)) => continue,
        };
        let after = match items.get(at + 1) {
            Some(Item::Text(range)) => range.clone(),
            None => text.len()..text.len(),
            Some(Item::Tag(_)) => continue,
        };
        let (Some(left), Some(right)) = (lead(text, &before), tail(text, &after)) else { continue };
        if at > 0 {
            items[at - 1] = Item::Text(before.start..left.max(before.start));
        }
        if at + 1 < items.len() {
            items[at + 1] = Item::Text(right.min(after.end)..after.end);
        }
    }
}

/// Where the blanks begin that stand before a tag on its line, if nothing else does.
fn lead(text: &str, before: &Range<usize>) -> Option<usize> {
    let line = text[..before.end].rfind('\n').map_or(0, |at| at + 1);
    text[line..before.end].chars().all(|c| c == ' ' || c == '\t').then_some(line)
}

/// The end of the line behind a tag, if nothing else stands on it.
fn tail(text: &str, after: &Range<usize>) -> Option<usize> {
    let rest = &text[after.start..];
    let line = rest.find('\n').map_or(rest.len(), |at| at + 1);
    rest[..line].trim().is_empty().then_some(after.start + line)
}
