//! Lossless edits: a change to one key moves only the bytes of that key.
//!
//! Comments, the order of keys, quotes, line endings, a byte order mark and a missing final newline survive. An edit
//! is read again and compared before anyone sees it; one that would change anything else is refused with the reason.
//!
//! The work is done in five small steps: [`step`] plans on values, [`splice`] finds the bytes in the tree's spans with
//! [`source`], [`render`] and [`scalar`] write the new ones, and [`verify`] compares the outcome with the plan.

mod render;
mod scalar;
mod source;
mod splice;
mod step;
mod verify;

use crate::base::text::apply;
use crate::base::{Edit, Error, Result, Span};
use crate::model::{Map, Value};

use super::document::{Document, MAX_FILE};
use super::prompt::located;
use super::yaml::{self, Tree};

use render::Site;
use source::Source;
use step::{Path, Step, plan};

/// Give a key a value; maps on the way to it are made. The text comes back unchanged if it has that value already.
pub fn set(document: &Document<'_>, path: &[&str], value: &Value) -> Result<String> {
    let tree = read(document)?;
    let (depth, old) = deepest(&value_of(&tree), path);
    let here = owned(&path[..depth]);
    let Some((key, rest)) = path[depth..].split_first() else {
        return run(document, &plan(&here, &old, value));
    };
    let value =
        rest.iter().rev().fold(value.clone(), |value, key| Value::Object(Map::from_iter([((*key).into(), value)])));
    match old {
        Value::Object(map) if !map.is_empty() || depth == 0 => {
            run(document, &[Step::Add { path: here, key: (*key).to_owned(), value }])
        }
        Value::Object(_) | Value::Null => {
            run(document, &[Step::Put { path: here, value: Value::Object(Map::from_iter([((*key).into(), value)])) }])
        }
        _ => Err(not_a_map(document, &tree, &path[..depth])),
    }
}

/// Take a key out. A map that is left without keys and comments goes too. Nothing happens if there is no such key.
pub fn unset(document: &Document<'_>, path: &[&str]) -> Result<String> {
    let tree = read(document)?;
    let root = value_of(&tree);
    let mut path = path;
    if deepest(&root, path).0 < path.len() || path.is_empty() {
        return Ok(document.text.to_owned());
    }
    while let Some((_, parent)) = path.split_last() {
        let alone = deepest(&root, parent).1.as_object().is_some_and(|map| map.len() == 1);
        let span = tree.root.as_ref().and_then(|root| root.at(parent.iter().copied())).map(|node| node.span);
        let commented = tree.comments.iter().any(|c| span.is_some_and(|span| span.range().contains(&c.span.start)));
        if parent.is_empty() || !alone || commented {
            break;
        }
        path = parent;
    }
    let (_, parent) = path.split_last().expect("the loop stops before the path is empty");
    let only = match deepest(&root, parent).1 {
        Value::Object(map) => map.len() == 1,
        Value::Array(items) => items.len() == 1,
        _ => false,
    };
    let empty = if deepest(&root, parent).1.is_array() { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    if only && !parent.is_empty() {
        return run(document, &[Step::Put { path: owned(parent), value: empty }]);
    }
    run(document, &[Step::Remove { path: owned(path) }])
}

/// Add an item to a list, unless it is there. A missing list is made; a single value becomes a list of two.
pub fn append(document: &Document<'_>, path: &[&str], item: &Value) -> Result<String> {
    let (depth, old) = deepest(&value_of(&read(document)?), path);
    let mut items = match old {
        _ if depth < path.len() => Vec::new(),
        Value::Array(items) => items,
        Value::Null => Vec::new(),
        single => vec![single],
    };
    if items.contains(item) {
        return Ok(document.text.to_owned());
    }
    items.push(item.clone());
    set(document, path, &Value::Array(items))
}

/// Take an item out of a list, or the single value that stands for a list. Nothing happens if it is not there.
pub fn remove_item(document: &Document<'_>, path: &[&str], item: &Value) -> Result<String> {
    match deepest(&value_of(&read(document)?), path) {
        (depth, _) if depth < path.len() => Ok(document.text.to_owned()),
        (_, Value::Array(items)) if items.contains(item) => {
            let items: Vec<Value> = items.into_iter().filter(|other| other != item).collect();
            if items.is_empty() { unset(document, path) } else { set(document, path, &Value::Array(items)) }
        }
        (_, single) if single == *item => unset(document, path),
        _ => Ok(document.text.to_owned()),
    }
}

/// Call a key something else, in its place.
pub fn rename(document: &Document<'_>, path: &[&str], key: &str) -> Result<String> {
    let root = value_of(&read(document)?);
    let Some((last, parent)) = path.split_last() else { return Ok(document.text.to_owned()) };
    if deepest(&root, path).0 < path.len() || *last == key {
        return Ok(document.text.to_owned());
    }
    if deepest(&root, parent).1.as_object().is_some_and(|map| map.contains_key(key)) {
        return Err(Error::invalid(format!("{}: there is a key `{key}` already", document.path)));
    }
    run(document, &[Step::Rename { path: owned(path), key: key.to_owned() }])
}

/// A value as an item of a block list, its dash in a column. `quoted` is ugly and always right.
pub fn item_lines(value: &Value, column: usize, quoted: bool) -> Vec<String> {
    let site = Site { quoted, ..Site::block(column) };
    render::dash(&render::item(value, None, site), site)
}

/// A map as a document of its own.
pub fn map_lines(map: &Map, quoted: bool) -> Vec<String> {
    map.iter().flat_map(|(key, value)| render::entry(key, value, Site { quoted, ..Site::block(0) })).collect()
}

/// A value inside brackets or braces.
pub fn flow_text(value: &Value) -> String {
    render::value(value, None, Site { flow: true, ..Site::block(0) }).head
}

/// Put another body in place of the one there is, byte for byte.
pub fn replace_body(document: &Document<'_>, body: &str) -> Result<String> {
    if body.contains('\0') {
        return Err(Error::invalid("the body holds a NUL character").hint("prompts are text; remove it"));
    }
    let opens = document.front.is_none() && document.dialect.has_fences();
    let fences = if opens && super::document::opens_front(body) {
        // A body that looks like the start of a front matter needs an empty one before it.
        let ending = document.ending.as_str();
        format!("---{ending}---{ending}")
    } else {
        String::new()
    };
    let needs_break =
        document.body.start > 0 && document.front.is_some() && !document.text[..document.body.start].ends_with('\n');
    let gap = if needs_break && !body.is_empty() { document.ending.as_str() } else { "" };
    let text = format!("{}{fences}{gap}{body}", &document.text[..document.body.start]);
    if text.len() > MAX_FILE {
        return Err(Error::invalid(format!("the file would be larger than {} MiB", MAX_FILE >> 20)));
    }
    let read = Document::split(document.path, text.as_bytes(), document.dialect)
        .map_err(|finding| Error::findings("the result could not be read", vec![*finding]))?;
    if read.body_text() != body || read.front_text() != document.front_text() {
        return Err(Error::invalid(format!("{}: this body cannot stand in this file", document.path)));
    }
    Ok(text)
}

fn owned(path: &[&str]) -> Path {
    path.iter().map(|&key| key.to_owned()).collect()
}

/// The strict reading of a file, which an edit needs: where the file is not understood, nothing is changed.
fn read(document: &Document<'_>) -> Result<Tree> {
    let tree = document.tree();
    if tree.problems.iter().all(|problem| problem.rule == "loose-yaml") {
        return Ok(tree);
    }
    let message = format!("{} cannot be edited before its front matter is mended", document.path);
    Err(Error::findings(message, located(document, &tree.problems)))
}

fn value_of(tree: &Tree) -> Value {
    value(tree)
}

/// The front matter as a value; an empty one is an empty map.
fn value(tree: &Tree) -> Value {
    match &tree.root {
        Some(root) if !root.is_null() => root.value(),
        _ => Value::Object(Map::new()),
    }
}

/// How far a path leads, and the value there.
fn deepest(root: &Value, path: &[&str]) -> (usize, Value) {
    let mut value = root;
    for (depth, key) in path.iter().enumerate() {
        let next = match value {
            Value::Object(map) => map.get(*key),
            Value::Array(items) => key.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return (depth, value.clone()),
        }
    }
    (path.len(), value.clone())
}

fn not_a_map(document: &Document<'_>, tree: &Tree, path: &[&str]) -> Error {
    let node = tree.root.as_ref().and_then(|root| root.at(path.iter().copied()));
    let what = node.map_or("no map", yaml::Node::type_word);
    let name = if path.is_empty() { "the front matter".to_owned() } else { format!("`{}`", path.join(".")) };
    Error::invalid(format!("{}: {name} is {what}, so it has no keys", document.path))
        .hint_if((!path.is_empty()).then(|| format!("unset `{}` first", path.join("."))))
}

/// Take the steps one after the other, each proven before the next.
fn run(document: &Document<'_>, steps: &[Step]) -> Result<String> {
    let mut text = document.text.to_owned();
    for step in steps {
        let document = Document::split(document.path, text.as_bytes(), document.dialect)
            .map_err(|finding| Error::findings("an edit made the file unreadable", vec![*finding]))?;
        text = take(&document, step)?;
    }
    Ok(text)
}

/// Take one step in the style of the file, or, if that does not come out right, in the style that always can.
fn take(document: &Document<'_>, step: &Step) -> Result<String> {
    let tree = read(document)?;
    let mut expected = value(&tree);
    step.apply(&mut expected).ok_or_else(|| Error::bug(format!("a step leads nowhere: {step:?}")))?;
    let mut reason = "the way it is written leaves no place for the change";
    for quoted in [false, true] {
        match attempt(document, &tree, step, &expected, quoted) {
            Ok(text) => return Ok(text),
            Err(why) => reason = why,
        }
    }
    let key = step.path().join(".");
    Err(Error::invalid(format!("{}: `{key}` cannot be edited without harm: {reason}", document.path))
        .hint("change it in an editor; palc leaves the file as it is"))
}

fn attempt(
    document: &Document<'_>,
    tree: &Tree,
    step: &Step,
    expected: &Value,
    quoted: bool,
) -> Result<String, &'static str> {
    let front = document.front.unwrap_or(Span::at(document.body.start));
    let source = Source { text: document.text, front, ending: document.ending, tree };
    let edits = match (&tree.root, step) {
        (None, Step::Add { key, value, .. }) => first_key(document, &source, key, value, quoted),
        (Some(root), Step::Add { key, value, .. }) if root.is_null() => {
            first_key(document, &source, key, value, quoted)
        }
        _ => splice::edits(&source, step, quoted).ok_or("the way it is written leaves no place for the change")?,
    };
    let text = apply(document.text, &edits).map_err(|_| "the changes overlap")?;
    let after = Document::split(document.path, text.as_bytes(), document.dialect)
        .map_err(|_| "the result could not be read")?;
    let read = after.tree();
    match verify::difference((document, &source), (&after, &read), step, expected) {
        None => Ok(text),
        Some(why) => Err(why),
    }
}

/// The first key of a file whose front matter is missing, empty or only comments.
fn first_key(document: &Document<'_>, source: &Source<'_>, key: &str, value: &Value, quoted: bool) -> Vec<Edit> {
    let ending = document.ending.as_str();
    let lines = render::entry(key, value, Site { quoted, ..Site::block(0) });
    let text: String = lines.iter().map(|line| format!("{line}{ending}")).collect();
    let (at, text) = match document.front {
        None => (document.body.start, format!("---{ending}{text}---{ending}")),
        Some(front) if document.text[front.range()].is_empty() || document.text[..front.end].ends_with('\n') => {
            (front.end, text)
        }
        Some(front) => (source.line_end(front.end), format!("{ending}{}", text.trim_end())),
    };
    vec![Edit { span: Span::at(at), text }]
}

#[cfg(test)]
pub(super) mod laws;
#[cfg(test)]
mod tests;
