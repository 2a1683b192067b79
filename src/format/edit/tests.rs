use serde_json::json;

use super::super::Dialect;
use super::*;

fn split(text: &str) -> Document<'_> {
    Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits")
}

/// Edit a front matter given without its fences.
fn front(text: &str, edit: impl Fn(&Document<'_>) -> Result<String>) -> String {
    let whole = format!("---\n{text}---\nbody\n");
    match edit(&split(&whole)) {
        Ok(text) => {
            let body = text.strip_suffix("---\nbody\n").expect("the body is as it was");
            body.strip_prefix("---\n").expect("the fence is as it was").to_owned()
        }
        Err(error) => format!("refused: {error}"),
    }
}

fn setting(text: &str, path: &[&str], value: &Value) -> String {
    front(text, |document| set(document, path, value))
}

#[test]
fn a_scalar_keeps_its_line_its_quotes_and_its_comment() {
    let check = |before: &str, value: Value, after: &str| assert_eq!(setting(before, &["a"], &value), after);
    check("a: 1 # why\nb: 2\n", json!(2), "a: 2 # why\nb: 2\n");
    check("a: 'x'\n", json!("it's"), "a: 'it''s'\n");
    check("a: \"x\"\n", json!("y"), "a: \"y\"\n");
    check("a: x\n", json!("no"), "a: \"no\"\n");
    check("a: plain\n  text # c\nb: 1\n", json!("x"), "a: x # c\nb: 1\n");
    check("a:\nb: 1\n", json!("x"), "a: x\nb: 1\n");
    check("a: # c\nb: 1\n", json!("x"), "a: x # c\nb: 1\n");
    check("a: ~\n", json!(true), "a: true\n");
    check("a: |\n  one\n  two\n\nb: 1\n", json!("x\ny\n"), "a: |\n  x\n  y\n\nb: 1\n");
    check("a: |- # c\n  one\nb: 1\n", json!(5), "a: 5 # c\nb: 1\n");
    check("a: x # c\n", json!("one\n\n two"), "a: |- # c\n  one\n\n   two\n");
    check("a: x\n", json!(" lead\n"), "a: |2\n   lead\n");
    check("a: >-\n  one\n  two\n", json!("three four"), "a: >-\n  three four\n");
    check("a: 1\n", json!(null), "a: null\n");
    check("a: x\n", json!("\r\n"), "a: \"\\r\\n\"\n");
}

#[test]
fn a_collection_takes_the_place_of_a_scalar_and_back() {
    let check = |before: &str, value: Value, after: &str| assert_eq!(setting(before, &["a"], &value), after);
    check("a: 1 # c\nb: 2\n", json!({"x": {"z": [1, 2]}}), "a: # c\n  x:\n    z: [1, 2]\nb: 2\n");
    check("a: # c\n  x: 1\nb: 2\n", json!(3), "a: 3 # c\nb: 2\n");
    check("a: [1, 2] # c\n", json!({}), "a: {} # c\n");
    check("a:\n- x\n- y\nb: 2\n", json!([]), "a: []\nb: 2\n");
    check("a:\n", json!([{"k": 1, "l": "x\ny\n"}]), "a:\n  - k: 1\n    l: |\n      x\n      y\n");
}

#[test]
fn keys_are_added_where_they_belong() {
    let check = |before: &str, path: &[&str], after: &str| assert_eq!(setting(before, path, &json!(1)), after);
    check("", &["a"], "a: 1\n");
    check("# only\n", &["a"], "# only\na: 1\n");
    check("b: 2\n\n", &["a"], "b: 2\na: 1\n\n");
    check("b:\n  - x\n  # - y\n# end\n", &["a"], "b:\n  - x\n  # - y\na: 1\n# end\n");
    check("p: {}\n", &["p", "a"], "p:\n  a: 1\n");
    check("p: {x: 2}\n", &["p", "a"], "p: {x: 2, a: 1}\n");
    check("p: {\n  x: 2, # c\n}\n", &["p", "a"], "p: {\n  x: 2, # c\n  a: 1,\n}\n");
    check("p: {\n  x: 2 # c\n}\n", &["p", "a"], "p: {\n  x: 2, # c\n  a: 1\n}\n");
    check("p:\n    x: 2\nq: 3\n", &["p", "a"], "p:\n    x: 2\n    a: 1\nq: 3\n");
    check("p:\nq: 3\n", &["p", "a"], "p:\n  a: 1\nq: 3\n");
    check("b: |\n  text\n\n\n", &["a"], "b: |\n  text\na: 1\n\n\n");
    check("b: |+\n  text\n\n", &["a"], "b: |+\n  text\n\na: 1\n");
    check("b: 2\n", &["ext", "x", "a.b"], "b: 2\next:\n  x:\n    a.b: 1\n");
    check("l:\n  - k: 1\n", &["l", "0", "a"], "l:\n  - k: 1\n    a: 1\n");
    check("x.y: 2\n", &["x.y"], "x.y: 1\n");
}

#[test]
fn the_root_may_be_in_braces() {
    assert_eq!(setting("{a: 1}\n", &["b"], &json!(2)), "{a: 1, b: 2}\n");
    assert_eq!(front("{a: 1, b: 2}\n", |d| unset(d, &["a"])), "{b: 2}\n");
}

#[test]
fn keys_are_taken_out_with_their_lines() {
    let check = |before: &str, path: &[&str], after: &str| assert_eq!(front(before, |d| unset(d, path)), after);
    check("a: 1 # c\nb: 2\n", &["a"], "b: 2\n");
    check("a: |\n  x\n\nb: 2\n", &["a"], "\nb: 2\n");
    check("a:\n  x: 1\n  # c\n  y: 2\nb: 2\n", &["a"], "b: 2\n");
    check("a:\n  x: 1\nb: 2\n", &["a", "x"], "b: 2\n");
    check("a: # why\n  # c\n  x: 1\nb: 2\n", &["a", "x"], "b: 2\n");
    check("a: {x: 1, y: 2}\n", &["a", "x"], "a: {y: 2}\n");
    check("a: {x: 1, y: 2}\n", &["a", "y"], "a: {x: 1}\n");
    check("a: [\n  x, # one\n  y # two\n]\n", &["a", "1"], "a: [\n  x, # one\n]\n");
    check("l:\n  - a: 1\n    b: 2\n", &["l", "0", "a"], "l:\n  - b: 2\n");
    check("a: 1\n", &["a"], "");
    check("a: 1\n", &["b"], "a: 1\n");
}

#[test]
fn list_items_come_and_go_one_by_one() {
    let add = |before: &str, after: &str| {
        assert_eq!(front(before, |d| append(d, &["t"], &json!("n"))), after.replace("@", "\"n\""));
    };
    add("t: [a, b] # c\n", "t: [a, b, @] # c\n");
    add("t: []\n", "t: [@]\n");
    add("t:\n", "t: [@]\n");
    add("x: 1\n", "x: 1\nt: [@]\n");
    add("t: one\n", "t: [one, @]\n");
    add("t:\n- a # c\n- b\nx: 1\n", "t:\n- a # c\n- b\n- @\nx: 1\n");
    add("t:\n    - a\n\nx: 1\n", "t:\n    - a\n    - @\n\nx: 1\n");
    add("t: ['a', 'b']\n", "t: ['a', 'b', 'n']\n");
    add("t: [\n  a, # one\n  b, # two\n]\n", "t: [\n  a, # one\n  b, # two\n  @,\n]\n");
    add("t: [\n  a,\n  b # two\n]\n", "t: [\n  a,\n  b, # two\n  @\n]\n");
    let take = |before: &str, after: &str| assert_eq!(front(before, |d| remove_item(d, &["t"], &json!("a"))), after);
    take("t: [a, b] # c\n", "t: [b] # c\n");
    take("t: [b, a]\n", "t: [b]\n");
    take("t: a\nx: 1\n", "x: 1\n");
    take("t: [a]\nx: 1\n", "x: 1\n");
    take("t:\n- a # c\n# d\n- b\n", "t:\n# d\n- b\n");
    take("t:\n  - b\n  - a\nx: 1\n", "t:\n  - b\nx: 1\n");
    take("t: [\n  a, # one\n  b,\n]\n", "t: [\n  b,\n]\n");
}

#[test]
fn a_map_is_changed_key_by_key() {
    let before = "p:\n  a: 1 # one\n  # two\n  b: 'x'\n  c: 3\n";
    assert_eq!(
        setting(before, &["p"], &json!({"b": "y", "a": 1, "d": 4})),
        "p:\n  a: 1 # one\n  # two\n  b: 'y'\n  d: 4\n"
    );
}

#[test]
fn a_key_is_renamed_in_its_place() {
    assert_eq!(front("# c\na: 1 # d\nb: 2\n", |d| rename(d, &["a"], "no")), "# c\n\"no\": 1 # d\nb: 2\n");
    assert!(front("a: 1\nb: 2\n", |d| rename(d, &["a"], "b")).starts_with("refused"));
}

#[test]
fn what_is_not_understood_is_not_touched() {
    assert!(setting("a: 1\na: 2\n", &["b"], &json!(1)).starts_with("refused: x.md cannot be edited"));
    assert!(setting("a: x\n", &["a", "b"], &json!(1)).starts_with("refused: x.md: `a` is text"));
}

#[test]
fn endings_mark_and_missing_newline_survive() {
    let check = |before: &str, after: &str| {
        assert_eq!(set(&split(before), &["a"], &json!("x\ny\n")).expect("set"), after);
    };
    check("\u{feff}---\r\nb: 1\r\n---\r\nbody", "\u{feff}---\r\nb: 1\r\na: |\r\n  x\r\n  y\r\n---\r\nbody");
    check("\u{feff}body\r\n", "\u{feff}---\r\na: |\r\n  x\r\n  y\r\n---\r\nbody\r\n");
    check("---\n---", "---\na: |\n  x\n  y\n---");
    check("", "---\na: |\n  x\n  y\n---\n");
    check("no front\n---\nmatter", "---\na: |\n  x\n  y\n---\nno front\n---\nmatter");
}

#[test]
fn a_body_is_replaced_byte_for_byte() {
    let body = |before: &str, body: &str| replace_body(&split(before), body).map_err(|error| error.to_string());
    assert_eq!(body("---\na: 1\n---\nold\n", "new\r\nx").as_deref(), Ok("---\na: 1\n---\nnew\r\nx"));
    assert_eq!(body("---\na: 1\n---", "new").as_deref(), Ok("---\na: 1\n---\nnew"));
    assert_eq!(body("old", "---\nx\n---\n").as_deref(), Ok("---\n---\n---\nx\n---\n"));
    assert!(body("old", "a\0b").is_err());
    assert!(body("old", &"x".repeat(MAX_FILE + 1)).is_err());
}
