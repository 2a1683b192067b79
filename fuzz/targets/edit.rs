//! An edit of any file does what it should and nothing else, or is refused. Doing it again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use palc::format::{Dialect, Document, edit, yaml};
use serde_json::{Value, json};

const PATHS: &[&[&str]] = &[
    &["id"],
    &["tags"],
    &["params", "temperature"],
    &["input", "default", "queue"],
    &["custom", "a: b"],
    &["a", "b", "c"],
];

fn values() -> [Value; 12] {
    [
        Value::Null,
        json!(true),
        json!(0.4),
        json!("no"),
        json!("plain text"),
        json!("two\nlines\n"),
        json!("  - # '\"\\ "),
        json!("---"),
        json!([]),
        json!(["a", 1]),
        json!({}),
        json!({"a": {"b": ["c", {"d": "e\n"}]}}),
    ]
}

fuzz_target!(|data: &[u8]| {
    let [how, path, value, bytes @ ..] = data else { return };
    let path = PATHS[usize::from(*path) % PATHS.len()];
    let values = values();
    let value = &values[usize::from(*value) % values.len()];
    let Some(before) = document(bytes) else { return };
    let change = |document: &Document<'_>| match how % 4 {
        0 => edit::set(document, path, value),
        1 => edit::unset(document, path),
        2 => edit::append(document, path, value),
        _ => edit::remove_item(document, path, value),
    };
    let Ok(text) = change(&before) else { return };
    let after = document(text.as_bytes()).expect("an edited file can be read");
    assert_eq!(before.body_text(), after.body_text(), "the body is not touched");
    let there = yaml::read(after.front_text(), 0);
    let at = there.root.as_ref().and_then(|root| root.at(path.iter().copied())).map(yaml::Node::value);
    match how % 4 {
        0 => assert_eq!(at.as_ref(), Some(value)),
        1 => assert_eq!(at, None),
        _ => {}
    }
    if how % 4 < 2 {
        assert_eq!(change(&after).ok(), Some(text.clone()), "a second time changes nothing");
    }
    let rest = |document: &Document<'_>| {
        let root = yaml::read(document.front_text(), 0).root;
        let mut front = root.map(|root| yaml::map(root.entries())).unwrap_or_default();
        front.shift_remove(path[0]);
        front
    };
    assert_eq!(rest(&before), rest(&after), "the other keys stay");
});

fn document(bytes: &[u8]) -> Option<Document<'_>> {
    Document::split("prompts/a.md", bytes, Dialect::Native).ok()
}
