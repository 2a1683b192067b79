//! Changing one setting in a file. Only the bytes of that setting change: comments, order and line endings stay.

mod layout;
mod upgrade;

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::key::Key;
use super::read;
use crate::base::text::{Ending, apply};
use crate::base::{Edit, Error, Result, Span};
pub use layout::toml_text;
use layout::{Found, Shape, find, first_header, last_entry, line_end, line_start, span};
pub use upgrade::{Change, Upgraded, upgrade};

/// The value that a file gives to a key.
pub fn get(text: &str, key: &Key) -> Option<Value> {
    let table = DeTable::parse(text).ok()?;
    let (_, node) = find(text, table.get_ref(), key.words()).entry?;
    Some(read::json(node.get_ref()))
}

/// The text with the key set to the value.
pub fn set(text: &str, key: &Key, value: &Value) -> Result<String> {
    if get(text, key).as_ref() == Some(value) {
        return Ok(text.to_owned());
    }
    let table = parse(text)?;
    let found = find(text, table.get_ref(), key.words());
    let edited = match found.entry {
        Some((_, node)) if is_in_one_place(text, node) => {
            apply(text, &[Edit { span: span(node), text: toml_text(value) }])?
        }
        Some(_) => return set(&unset(text, key)?, key, value),
        None => apply(text, &[insertion(text, table.get_ref(), &found, key, value)?])?,
    };
    verified(text, edited, key, Some(value))
}

/// The text without the key. If the key is not there, the text as it is.
pub fn unset(text: &str, key: &Key) -> Result<String> {
    let table = parse(text)?;
    let found = find(text, table.get_ref(), key.words());
    let Some((word, node)) = found.entry else {
        return Ok(text.to_owned());
    };
    let spans = match found.tables.last() {
        Some((parent, Shape::Inline)) => vec![inline_entry(parent, word)],
        _ if is_in_one_place(text, node) => {
            vec![Span::new(line_start(text, word.start), line_end(text, span(node).end))]
        }
        _ => layout::blocks(text, node),
    };
    let edits: Vec<Edit> = spans.into_iter().map(|span| Edit { span, text: String::new() }).collect();
    verified(text, apply(text, &edits)?, key, None)
}

/// The text with one more item at the end of a list.
pub fn push(text: &str, key: &Key, item: &str) -> Result<String> {
    let Some(Value::Array(mut items)) = get(text, key) else {
        return set(text, key, &vec![item].into());
    };
    items.push(item.into());
    let table = parse(text)?;
    let edited = match find(text, table.get_ref(), key.words()).entry.map(|(_, node)| node.get_ref()) {
        Some(DeValue::Array(nodes)) if !nodes.is_empty() => {
            apply(text, &after_item(text, &nodes[nodes.len() - 1], &toml_text(&item.into())))?
        }
        _ => return set(text, key, &items.into()),
    };
    verified(text, edited, key, Some(&items.into()))
}

/// A list over several lines gets a line more, and one on a line a word more.
fn after_item(text: &str, last: &layout::Node<'_>, item: &str) -> Vec<Edit> {
    let end = last.span().end;
    let line = &text[end..line_end(text, end)];
    let code = line.split('#').next().unwrap_or(line);
    if code.contains(']') {
        return vec![Edit { span: Span::at(end), text: format!(", {item}") }];
    }
    let start = line_start(text, last.span().start);
    let indent = &text[start..start + text[start..].find(|letter: char| letter != ' ' && letter != '\t').unwrap_or(0)];
    let new = Edit { span: Span::at(end + line.len()), text: format!("{indent}{item},{}", Ending::of(text).as_str()) };
    let comma = Edit { span: Span::at(end), text: ",".into() };
    if code.contains(',') { vec![new] } else { vec![comma, new] }
}

fn parse(text: &str) -> Result<toml::Spanned<DeTable<'_>>> {
    DeTable::parse(text)
        .map_err(|error| Error::invalid("the file is not valid TOML, so it is not edited").because(error))
}

/// Whether a value can be replaced by its bytes alone.
fn is_in_one_place(text: &str, node: &layout::Node<'_>) -> bool {
    match node.get_ref() {
        DeValue::Table(_) => layout::shape(text, node) == Shape::Inline,
        _ => true,
    }
}

/// Where and how a key that is not there yet is written.
fn insertion(text: &str, root: &DeTable<'_>, found: &Found<'_, '_>, key: &Key, value: &Value) -> Result<Edit> {
    let words = key.words();
    let depth = found.tables.len();
    let value = toml_text(value);
    let entry = |from: usize| format!("{} = {value}", Key::new(words[from..].iter().cloned()));
    match found.tables.last() {
        None if words.len() == 1 => Ok(root_entry(text, root, &entry(0))),
        Some((node, Shape::Header)) if depth + 1 == words.len() => {
            let table = table_of(node)?;
            let at = last_entry(text, table).unwrap_or(node.span().end);
            Ok(line_after(text, at, &format!("{}{}", indent_of(text, at), entry(depth))))
        }
        Some((node, Shape::Inline)) => inline_insertion(text, node, &entry(depth)),
        Some((node, Shape::Dotted)) => {
            let base = found.tables.iter().rposition(|(_, shape)| *shape != Shape::Dotted).map_or(0, |at| at + 1);
            let at = last_entry(text, table_of(node)?).unwrap_or(node.span().end);
            Ok(line_after(text, at, &format!("{}{}", indent_of(text, at), entry(base))))
        }
        _ => Ok(section(text, &words[..words.len() - 1], &entry(words.len() - 1))),
    }
}

fn table_of<'t, 'i>(node: &'t layout::Node<'i>) -> Result<&'t DeTable<'i>> {
    node.get_ref().as_table().ok_or_else(|| Error::bug("a table that is not one"))
}

fn indent_of(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..at];
    &line[..line.len() - line.trim_start().len()]
}

/// A new line after the line of an offset. A file without a final line break stays one.
fn line_after(text: &str, at: usize, line: &str) -> Edit {
    let end = line_end(text, at);
    let ending = Ending::of(text).as_str();
    let text = match text[..end].ends_with('\n') {
        true => format!("{line}{ending}"),
        false => format!("{ending}{line}"),
    };
    Edit { span: Span::at(end), text }
}

/// A key of the file itself stands before the first section and before that section's comment.
fn root_entry(text: &str, root: &DeTable<'_>, entry: &str) -> Edit {
    if let Some(at) = last_entry(text, root) {
        return line_after(text, at, entry);
    }
    let ending = Ending::of(text).as_str();
    let Some(header) = first_header(text, root) else {
        return at_end(text, &format!("{entry}{ending}"));
    };
    let mut at = line_start(text, header);
    while at > 0 && text[line_start(text, at - 1)..at].trim_start().starts_with('#') {
        at = line_start(text, at - 1);
    }
    Edit { span: Span::at(at), text: format!("{entry}{ending}{ending}") }
}

/// A new section at the end of the file.
fn section(text: &str, header: &[String], entry: &str) -> Edit {
    let ending = Ending::of(text).as_str();
    let header = Key::new(header.iter().cloned());
    let gap = if text.trim().is_empty() { "" } else { ending };
    at_end(text, &format!("{gap}[{header}]{ending}{entry}{ending}"))
}

fn at_end(text: &str, lines: &str) -> Edit {
    let open = !text.is_empty() && !text.ends_with('\n');
    let start = if open { Ending::of(text).as_str() } else { "" };
    Edit { span: Span::at(text.len()), text: format!("{start}{lines}") }
}

fn inline_insertion(text: &str, node: &layout::Node<'_>, entry: &str) -> Result<Edit> {
    if text.as_bytes().get(node.span().start) != Some(&b'{') {
        return Err(Error::invalid("a dotted key inside an inline table is not edited; edit the file by hand"));
    }
    let last = table_of(node)?.values().map(|value| value.span().end).max();
    Ok(match last {
        Some(end) => Edit { span: Span::at(end), text: format!(", {entry}") },
        None => Edit { span: span(node), text: format!("{{ {entry} }}") },
    })
}

/// An entry of an inline table with the comma that belongs to it.
fn inline_entry(parent: &layout::Node<'_>, word: Span) -> Span {
    let whole = Span::new(parent.span().start + 1, parent.span().end - 1);
    let mut entries: Vec<(usize, usize)> = parent
        .get_ref()
        .as_table()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.span().start, value.span().end))
        .collect();
    entries.sort_unstable();
    let index = entries.iter().position(|&(start, _)| start == word.start).unwrap_or_default();
    match (index.checked_sub(1).and_then(|before| entries.get(before)), entries.get(index + 1)) {
        (_, Some(&(next, _))) => Span::new(word.start, next),
        (Some(&(_, before)), None) => Span::new(before, entries[index].1),
        (None, None) => whole,
    }
}

/// Read the edited text again. If it says anything else than what was asked for, nothing is edited.
fn verified(before: &str, after: String, key: &Key, value: Option<&Value>) -> Result<String> {
    let others = |text: &str| whole(text).map(|tree| without(tree, key.words()));
    if get(&after, key).as_ref() == value && others(before) == others(&after) {
        return Ok(after);
    }
    Err(Error::invalid(format!("`{key}` cannot be changed without changing something else; edit the file by hand")))
}

/// Everything that a file says.
fn whole(text: &str) -> Option<Value> {
    Some(read::json(&DeValue::Table(DeTable::parse(text).ok()?.into_inner())))
}

/// The tree without a key and without the empty tables that this leaves.
fn without(tree: Value, words: &[String]) -> Value {
    let (Value::Object(fields), Some((word, rest))) = (tree.clone(), words.split_first()) else {
        return tree;
    };
    let mut kept = Map::new();
    for (name, value) in fields {
        let value = match name == *word {
            true if rest.is_empty() => continue,
            true => without(value, rest),
            false => value,
        };
        if value.as_object().is_none_or(|fields| !fields.is_empty()) {
            kept.insert(name, value);
        }
    }
    // The order of sections is not part of what a file says.
    kept.sort_keys();
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key(text: &str) -> Key {
        Key::parse(text).expect("a key")
    }

    fn check(before: &str, name: &str, value: &Value, after: &str) {
        assert_eq!(set(before, &key(name), value).expect("it can be set"), after);
        assert_eq!(set(after, &key(name), value).expect("it can be set"), after, "twice");
    }

    #[test]
    fn a_value_is_replaced_in_its_place() {
        check("a = 1 # why\n", "a", &json!(2), "a = 2 # why\n");
        check("\r\n[s]\r\na = 1\r\n# x", "s.a", &json!("é"), "\r\n[s]\r\na = \"é\"\r\n# x");
        check("s = { a = 1, b = 2 }", "s.a", &json!([1]), "s = { a = [1], b = 2 }");
        check("s.a = 1", "s.a", &json!(1.0), "s.a = 1.0");
        check("l = [\n  1, # one\n]\n", "l", &json!([]), "l = []\n");
    }

    #[test]
    fn a_new_key_goes_where_its_neighbours_are() {
        check("", "a", &json!(1), "a = 1\n");
        check("", "s.t.a", &json!(1), "[s.t]\na = 1\n");
        check("# x\n", "a", &json!(1), "# x\na = 1\n");
        check("# top\n\n# of s\n[s]\nb = 1\n", "a", &json!(1), "# top\n\na = 1\n\n# of s\n[s]\nb = 1\n");
        check("b = 1\n\n[s]\n", "a", &json!(1), "b = 1\na = 1\n\n[s]\n");
        check("[s]\nb = 1 # b\n\n[t]\n", "s.a", &json!(1), "[s]\nb = 1 # b\na = 1\n\n[t]\n");
        check("[s]\r\n[t]\r\n", "s.a", &json!(1), "[s]\r\na = 1\r\n[t]\r\n");
        check("[s]\n  b = 1", "s.a", &json!(1), "[s]\n  b = 1\n  a = 1");
        check("[s.t]\nb = 1\n", "s.a", &json!(1), "[s.t]\nb = 1\n\n[s]\na = 1\n");
        check("s.t.b = 1\nc = 1\n", "s.a", &json!(1), "s.t.b = 1\ns.a = 1\nc = 1\n");
        check("[q]\ns.b = 1\nc = 1\n", "q.s.a", &json!(1), "[q]\ns.b = 1\ns.a = 1\nc = 1\n");
        check("s = {}\n", "s.a", &json!(1), "s = { a = 1 }\n");
        check("s = { b = 1 }\n", "s.a.c", &json!(1), "s = { b = 1, a.c = 1 }\n");
        check("[s]\nb = 1\n", "s.\"x/y\".a", &json!(true), "[s]\nb = 1\n\n[s.\"x/y\"]\na = true\n");
    }

    #[test]
    fn a_removed_key_takes_its_line_along() {
        let check = |before: &str, name: &str, after: &str| {
            assert_eq!(unset(before, &key(name)).expect("it can be removed"), after);
        };
        check("a = 1 # why\nb = 2\n", "a", "b = 2\n");
        check("a = [\n 1,\n]\nb = 2\n", "a", "b = 2\n");
        check("s = { a = 1, b = 2 }\n", "s.a", "s = { b = 2 }\n");
        check("s = { a = 1, b = 2 }\n", "s.b", "s = { a = 1 }\n");
        check("s = { a = 1 }\n", "s.a", "s = {}\n");
        check("[v.p]\na = 1\n[v.p.x]\nb = 1\n\n[w]\n", "v.p", "\n[w]\n");
        check("a = 1\n", "b", "a = 1\n");
    }

    #[test]
    fn a_table_gives_way_to_a_list() {
        check("[v.p]\na = 1\n\n[w]\nc = 1\n", "v.p", &json!(["x"]), "\n[w]\nc = 1\n\n[v]\np = [\"x\"]\n");
    }

    #[test]
    fn a_list_grows_in_its_own_layout() {
        let check = |before: &str, after: &str| assert_eq!(push(before, &key("a"), "z").expect("it grows"), after);
        check("a = [\"x\"] # why\n", "a = [\"x\", \"z\"] # why\n");
        check("a = [\n  \"x\", # x\n]\n", "a = [\n  \"x\", # x\n  \"z\",\n]\n");
        check("a = [\n  \"x\"\n]\n", "a = [\n  \"x\",\n  \"z\",\n]\n");
        check("a = []\n", "a = [\"z\"]\n");
        check("b = 1\n", "b = 1\na = [\"z\"]\n");
    }

    #[test]
    fn what_is_broken_is_not_edited() {
        assert!(set("a = ", &key("b"), &json!(1)).is_err());
        assert!(set("a = 1\n", &key("a.b"), &json!(1)).is_err());
    }
}
