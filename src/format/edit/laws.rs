//! Laws of editing, tried on front matters of every shape that people write.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde_json::json;

use crate::format::yaml::{Data, Node};
use crate::format::{Dialect, parse};

use super::*;

/// An inline value as people write them.
fn inline() -> impl Strategy<Value = String> {
    let texts = vec![
        "1",
        "-2.5",
        "true",
        "no",
        "~",
        "plain words",
        "a:b",
        "'it''s'",
        "\"a \\\" b\"",
        "''",
        "[]",
        "{}",
        "[a, b]",
        "[a, 'b', \"c\"]",
        "[ 1 , 2 ]",
        "{k: v, l: [1, {m: 2}]}",
        "{ k: 'v' }",
        "[a,b,]",
        "2024-01-01",
        "日本 語",
    ];
    select(texts).prop_map(str::to_owned)
}

/// Lines of a value below its key, not indented yet.
fn below(depth: u32) -> BoxedStrategy<Vec<String>> {
    let flow = select(vec![vec!["[", "  a, # one", "  b", "]"], vec!["{", "  k: 1,", "  # c", "  l: 2,", "}"]]);
    let folded = select(vec![vec!["plain over", "two lines"], vec!["'quoted over", "", "  lines'"]]);
    let simple = prop_oneof![flow, folded].prop_map(|lines| lines.into_iter().map(str::to_owned).collect());
    if depth == 0 {
        return simple.boxed();
    }
    prop_oneof![2 => simple, 3 => list(depth - 1), 3 => map(depth - 1)].boxed()
}

fn block() -> impl Strategy<Value = (String, Vec<String>)> {
    let lines = prop::collection::vec(select(vec!["text", "---", "# no comment", "", "  deeper", "a: b", "- x"]), 1..4);
    (select(vec!["|", "|-", "|+", ">", ">-", "|2-", "| # why"]), lines).prop_map(|(header, lines)| {
        let lines = std::iter::once("first")
            .chain(lines)
            .map(|line| if line.is_empty() { String::new() } else { format!("  {line}") });
        (header.to_owned(), lines.collect())
    })
}

/// What stands after a colon or dash: the rest of its line, and lines below relative to the key.
fn holder(depth: u32) -> impl Strategy<Value = (String, Vec<String>)> {
    let comment = select(vec!["", "", "", " # why", "  "]);
    let nested =
        (below(depth), select(vec![2usize, 4]), select(vec!["", " # head"])).prop_map(|(lines, by, comment)| {
            (comment.to_owned(), lines.into_iter().map(|line| format!("{}{line}", " ".repeat(by))).collect())
        });
    prop_oneof![
        4 => (inline(), comment).prop_map(|(value, comment)| (format!(" {value}{comment}"), Vec::new())),
        1 => Just((String::new(), Vec::new())),
        2 => block().prop_map(|(header, lines)| (format!(" {header}"), lines)),
        3 => nested,
    ]
}

fn list(depth: u32) -> BoxedStrategy<Vec<String>> {
    prop::collection::vec((holder(depth), select(vec!["", "", "# between"])), 1..4)
        .prop_map(|items| {
            let item = |((head, lines), comment): ((String, Vec<String>), &str)| {
                let before = (!comment.is_empty()).then(|| comment.to_owned());
                before.into_iter().chain([format!("-{head}")]).chain(lines)
            };
            items.into_iter().flat_map(item).collect()
        })
        .boxed()
}

fn map(depth: u32) -> BoxedStrategy<Vec<String>> {
    let key = select(vec!["a", "b-c", "x.y", "\"q k\"", "'no'"]);
    let before = select(vec!["", "", "", "# above", " "]);
    prop::collection::vec((key, holder(depth), before), 1..5)
        .prop_map(|entries| {
            let mut seen = Vec::new();
            let mut lines = Vec::new();
            for (key, (head, below), before) in entries {
                if seen.contains(&key) {
                    continue;
                }
                seen.push(key);
                lines.extend(if before.is_empty() { None } else { Some(before.trim().to_owned()) });
                lines.push(format!("{key}:{head}"));
                lines.extend(below);
            }
            lines
        })
        .boxed()
}

/// A whole file.
pub(in crate::format) fn file() -> impl Strategy<Value = String> {
    let body = select(vec!["", "body", "system:\n---\nx: 1\n---\n", "\n\n# Title\n"]);
    (map(3), select(vec!["", "# footer", "  # deep footer"]), body, any::<[bool; 2]>()).prop_map(
        |(mut lines, footer, body, [crlf, bom])| {
            lines.extend((!footer.is_empty()).then(|| footer.to_owned()));
            let text = format!("---\n{}\n---\n{body}", lines.join("\n"));
            let text = if crlf { text.replace('\n', "\r\n") } else { text };
            if bom { format!("\u{feff}{text}") } else { text }
        },
    )
}

fn value_to_set() -> impl Strategy<Value = Value> {
    select(vec![
        json!(7),
        json!(null),
        json!("yes"),
        json!("x: y # z"),
        json!("one\n---\n  two\n"),
        json!("\ttab\n\n\n"),
        json!(" "),
        json!("\n"),
        json!([]),
        json!(["a", {"b": ["c\nd", {}]}]),
        json!({"k": {"l": [[1], []]}}),
        json!({"a": "b", "x.y": 1}),
        json!("\u{7f}\u{2028}"),
        json!(1e300),
    ])
}

/// Every path of the tree.
fn paths(node: &Node, here: &mut Vec<String>, all: &mut Vec<Vec<String>>) {
    let children: Vec<(String, &Node)> = match &node.data {
        Data::Map(entries) => entries.iter().map(|entry| (entry.key.clone(), &entry.value)).collect(),
        Data::List(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        Data::Scalar(_) => Vec::new(),
    };
    for (key, child) in children {
        here.push(key);
        all.push(here.clone());
        paths(child, here, all);
        here.pop();
    }
}

fn read_again(text: &str) -> Document<'_> {
    Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits")
}

/// The lines of the top-level entry that a path leads into.
fn entry_lines(document: &Document<'_>, key: &str) -> Span {
    let tree = document.tree();
    let entry = tree.root.as_ref().and_then(|root| root.entry(key)).expect("the path exists");
    let start = document.text[..entry.key_span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = entry.value.span.end.max(entry.key_span.end);
    let mut lines = document.text[end..].split_inclusive('\n');
    let first = lines.next().map_or(0, str::len);
    let comments = lines.take_while(|line| line.starts_with(' ') && line.trim_start().starts_with('#'));
    Span::new(start, end + first + comments.map(str::len).sum::<usize>())
}

/// Before and after are the same but for the lines of one entry and the comments that hang on it.
fn only_entry_differs(before: &Document<'_>, after: &str, key: &str) -> bool {
    let lines = entry_lines(before, key);
    after.starts_with(&before.text[..lines.start]) && after.ends_with(before.text[lines.end..].trim_start())
}

#[derive(Debug, Clone, Copy)]
enum Op {
    Set,
    Unset,
    Append,
    Remove,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(2), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_changes_its_entry_and_nothing_else(
        text in file(),
        pick in any::<prop::sample::Index>(),
        op in select(vec![Op::Set, Op::Set, Op::Unset, Op::Append, Op::Remove]),
        value in value_to_set(),
    ) {
        let document = read_again(&text);
        let tree = document.tree();
        prop_assume!(tree.problems.is_empty());
        let mut all = Vec::new();
        paths(tree.root.as_ref().expect("a map"), &mut Vec::new(), &mut all);
        let path: Vec<&str> = all[pick.index(all.len())].iter().map(String::as_str).collect();
        let act = |document: &Document<'_>| match op {
            Op::Set => set(document, &path, &value),
            Op::Unset => unset(document, &path),
            Op::Append => append(document, &path, &value),
            Op::Remove => remove_item(document, &path, &value),
        };
        let after = act(&document).expect("nothing of this needs to be refused");
        prop_assert!(only_entry_differs(&document, &after, path[0]), "{text:?}\n{after:?}");
        if matches!(op, Op::Set) {
            let again = read_again(&after);
            prop_assert_eq!(&deepest(&super::value(&again.tree()), &path), &(path.len(), value.clone()));
            prop_assert_eq!(set(&again, &path, &value).expect("sets"), after.clone());
        }
        if text.contains("\r\n") {
            prop_assert!(!after.replace("\r\n", "").contains('\n'), "{after:?}");
        }
    }

    #[test]
    fn a_new_key_is_an_insertion(text in file(), value in value_to_set()) {
        let document = read_again(&text);
        prop_assume!(document.tree().problems.is_empty());
        let after = set(&document, &["new"], &value).expect("sets");
        let common = text.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        prop_assert!(after.as_bytes().ends_with(&text.as_bytes()[common..]), "{text:?}\n{after:?}");
        let back = unset(&read_again(&after), &["new"]).expect("unsets");
        prop_assert_eq!(back, text);
    }

    #[test]
    fn a_body_is_what_it_is_set_to(text in file(), body in "(---|[a\r\n]){0,6}") {
        let document = read_again(&text);
        let after = replace_body(&document, &body).expect("replaces");
        prop_assert_eq!(read_again(&after).body_text(), body.as_str());
        prop_assert_eq!(read_again(&after).front_text(), document.front_text());
    }

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), mark in any::<bool>()) {
        let bytes = if mark { [b"---\n", &bytes[..], b"\n---\n"].concat() } else { bytes };
        for dialect in Dialect::ALL {
            if let Ok(document) = Document::split("x", &bytes, dialect) {
                let _ = set(&document, &["a", "b"], &json!(1));
                let _ = parse(document);
            }
        }
    }

    #[test]
    fn reading_marks_of_yaml_never_panics(text in "([-:?#|>'\"\\[\\]{},&*!%@`~ \n\ta0]|---|: |- |\r\n){0,40}") {
        for dialect in Dialect::ALL {
            let whole = format!("---\n{text}\n---\n{text}");
            if let Ok(document) = Document::split("x", whole.as_bytes(), dialect) {
                let _ = set(&document, &["a"], &json!("b\nc"));
                let _ = unset(&document, &["a"]);
                let _ = parse(document);
            }
        }
    }
}

#[test]
fn sheer_depth_and_size_are_refused_quickly() {
    for text in ["[".repeat(200_000), "- ".repeat(100_000), "{a: ".repeat(50_000), "a:\n ".repeat(60_000)] {
        let whole = format!("---\n{text}\n---\n");
        let document = read_again(&whole);
        assert!(set(&document, &["a"], &json!(1)).is_err());
        assert!(!parse(document).findings.is_empty());
    }
}
