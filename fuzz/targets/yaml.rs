//! Any text is YAML or a problem, and every node stands where its span says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use palc::format::yaml::{Data, Node, read};

fuzz_target!(|text: &str| {
    let tree = read(text, 0);
    // What has a problem may lack a key: `: value`.
    if let (Some(root), []) = (&tree.root, &tree.problems[..]) {
        check(text, root);
    }
    for problem in &tree.problems {
        assert!(text.get(problem.span.range()).is_some(), "{problem:?} lies outside of the text");
    }
    for comment in &tree.comments {
        assert!(comment.span.text(text).starts_with('#'), "{comment:?} is no comment");
    }
});

fn check(text: &str, node: &Node) {
    assert!(text.get(node.span.range()).is_some(), "{node:?} lies outside of the text");
    match &node.data {
        Data::Scalar(_) => {}
        Data::List(items) => items.iter().for_each(|item| check(text, item)),
        Data::Map(entries) => entries.iter().for_each(|entry| {
            assert!(!entry.key_span.text(text).is_empty() || entry.key.is_empty(), "{entry:?} has no key in the text");
            check(text, &entry.value);
        }),
    }
}
