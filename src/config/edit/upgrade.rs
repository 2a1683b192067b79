//! Bringing a file up to date: keys of old are renamed in their place or taken out, and every comment stays.

use serde_json::Value;

use super::layout::{find, line_end, line_start, span};
use super::{get, parse, set, unset, verified, whole, without};
use crate::base::text::apply;
use crate::base::{Edit, Result, Span};
use crate::config::key::Key;
use crate::config::moves::Move;

/// A file with the keys of today, and what that took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgraded {
    pub text: String,
    pub changes: Vec<Change>,
}

/// A key of old that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As it stood in the file, with its profile.
    pub key: Key,
    pub to: Option<Key>,
    /// Its line, before anything was changed.
    pub line: usize,
    pub moved: Move,
    /// Both names are there and say different things, so both are left as they are.
    pub stuck: bool,
}

/// Apply every move to a file and to the profiles in it.
pub fn upgrade(text: &str, moves: &[Move]) -> Result<Upgraded> {
    let mut upgraded = Upgraded { text: text.to_owned(), changes: Vec::new() };
    let mut sections = vec![Key::default()];
    if let Some(Value::Object(profiles)) = get(text, &Key::new(["profile"])) {
        sections.extend(profiles.keys().map(|name| Key::new(["profile", name])));
    }
    for section in &sections {
        for moved in moves {
            let Some(line) = line_of(text, &below(section, moved.old))? else { continue };
            let change = Change {
                key: below(section, moved.old),
                to: moved.new.map(|new| below(section, new)),
                line,
                moved: *moved,
                stuck: false,
            };
            let (text, stuck) = apply_one(&upgraded.text, &change)?;
            upgraded.text = text;
            upgraded.changes.push(Change { stuck, ..change });
        }
    }
    upgraded.changes.sort_by_key(|change| change.line);
    Ok(upgraded)
}

fn below(section: &Key, name: &str) -> Key {
    name.split('.').fold(section.clone(), |key, word| key.child(word))
}

fn line_of(text: &str, key: &Key) -> Result<Option<usize>> {
    let table = parse(text)?;
    let entry = find(text, table.get_ref(), key.words()).entry;
    Ok(entry.map(|(word, _)| text[..word.start].matches('\n').count() + 1))
}

/// The text after one change, and whether it could not be made.
fn apply_one(text: &str, change: &Change) -> Result<(String, bool)> {
    let Some(to) = &change.to else {
        return Ok((taken_out(text, &change.key)?, false));
    };
    let value = get(text, &change.key);
    match get(text, to) {
        Some(other) if Some(&other) != value.as_ref() => Ok((text.to_owned(), true)),
        Some(_) => Ok((taken_out(text, &change.key)?, false)),
        None => Ok((renamed(text, &change.key, to, &value.unwrap_or_default())?, false)),
    }
}

/// The text without a key. A comment on its line stays as a line of its own.
fn taken_out(text: &str, key: &Key) -> Result<String> {
    let Some((line, comment)) = comment_of(text, key)? else { return unset(text, key) };
    let whole = line.text(text);
    let indent = &whole[..whole.len() - whole.trim_start_matches([' ', '\t']).len()];
    let ending = &whole[whole.trim_end_matches(['\n', '\r']).len()..];
    let edit = Edit { span: line, text: format!("{indent}{comment}{ending}") };
    verified(text, apply(text, &[edit])?, key, None)
}

/// The lines of a key that stands by itself, and the comment at their end.
fn comment_of<'t>(text: &'t str, key: &Key) -> Result<Option<(Span, &'t str)>> {
    let table = parse(text)?;
    let found = find(text, table.get_ref(), key.words());
    let Some((word, node)) = found.entry else { return Ok(None) };
    let value = span(node);
    let line = Span::new(line_start(text, word.start), line_end(text, value.end));
    let rest = text[value.end..line.end].trim();
    Ok(rest.starts_with('#').then_some((line, rest)))
}

/// A name changes in its place where only its last word is another; else the entry moves, with the comment behind it.
fn renamed(text: &str, key: &Key, to: &Key, value: &Value) -> Result<String> {
    if let (Some((_, parent)), Some((new, new_parent))) = (key.words().split_last(), to.words().split_last())
        && parent == new_parent
    {
        let table = parse(text)?;
        let word = find(text, table.get_ref(), key.words()).entry.map_or(Span::default(), |(word, _)| word);
        let after = apply(text, &[Edit { span: word, text: Key::new([new]).to_string() }])?;
        let others = |text: &str, key: &Key| whole(text).map(|tree| without(tree, key.words()));
        if get(&after, to).as_ref() == Some(value) && others(text, key) == others(&after, to) {
            return Ok(after);
        }
    }
    let comment = comment_of(text, key)?.map(|(_, comment)| comment.to_owned());
    let moved = set(text, to, value)?;
    unset(
        &match comment {
            Some(comment) => commented(&moved, to, &comment)?,
            None => moved,
        },
        key,
    )
}

fn commented(text: &str, key: &Key, comment: &str) -> Result<String> {
    let table = parse(text)?;
    let found = find(text, table.get_ref(), key.words());
    let Some((_, node)) = found.entry else { return Ok(text.to_owned()) };
    let end = span(node).end;
    // Inside braces a comment has no place.
    match text[end..line_end(text, end)].trim().is_empty() {
        true => apply(text, &[Edit { span: Span::at(end), text: format!(" {comment}") }]),
        false => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVES: [Move; 4] = [
        Move { old: "a.gone", new: None, since: "1", why: "" },
        Move { old: "a.old", new: Some("a.new"), since: "1", why: "" },
        Move { old: "a.far", new: Some("b.near"), since: "1", why: "" },
        Move { old: "top", new: Some("b.top"), since: "2", why: "" },
    ];

    fn check(before: &str, after: &str) {
        let upgraded = upgrade(before, &MOVES).expect("upgrades");
        assert_eq!(upgraded.text, after);
        let again = upgrade(after, &MOVES).expect("upgrades");
        assert_eq!(again.text, after, "twice");
    }

    #[test]
    fn comments_and_all_other_bytes_stay() {
        check("# top\r\n[a]\r\n  gone = 1 # why\r\nx = 2\r\n", "# top\r\n[a]\r\n  # why\r\nx = 2\r\n");
        check("[a]\ngone = [\n  1, # one\n]\nx = 2", "[a]\nx = 2");
        check("[a] # a\nold   =   'x' # why\n", "[a] # a\nnew   =   'x' # why\n");
        check("a = { old = 1, gone = 2, x = 3 } # all\n", "a = { new = 1, x = 3 } # all\n");
        check("a.old = 1\n", "a.new = 1\n");
        check("[a]\nx = 1\nfar = 2 # far\n\n[b]\ny = 3\n", "[a]\nx = 1\n\n[b]\ny = 3\nnear = 2 # far\n");
        check("top = 1\n", "\n[b]\ntop = 1\n");
        check("", "");
    }

    #[test]
    fn profiles_are_brought_up_to_date_too() {
        check("[profile.p.a]\ngone = 1\nold = 2\n", "[profile.p.a]\nnew = 2\n");
    }

    #[test]
    fn two_names_with_two_values_are_left_to_people() {
        let upgraded = upgrade("[a]\nold = 1\nnew = 2\n", &MOVES).expect("upgrades");
        assert!(upgraded.changes[0].stuck && upgraded.text.contains("old = 1"));
        check("[a]\nold = 1\nnew = 1\n", "[a]\nnew = 1\n");
    }

    #[test]
    fn every_change_has_its_line() {
        let upgraded = upgrade("# x\n[a]\nold = 1\ngone = 2\n", &MOVES).expect("upgrades");
        let lines: Vec<usize> = upgraded.changes.iter().map(|change| change.line).collect();
        assert_eq!(lines, [3, 4]);
    }
}
