//! Front matter that is nearly YAML, read line by line.
//!
//! One in eight of Cursor's public rules has `globs: **/*.ts` without quotes, which YAML takes for an alias. Cursor
//! reads it, so palc does.

use crate::base::Span;
use crate::format::yaml::{self, Data, Entry, Node, Problem, Scalar, Style, Tree};

/// Read `key: value` lines. Values that YAML understands are read as YAML, the others as the text they are.
pub(super) fn read(text: &str, offset: usize) -> Tree {
    let mut tree = Tree::default();
    let mut entries: Vec<Entry> = Vec::new();
    for (start, block) in blocks(text) {
        let line = block.trim_end();
        if line.is_empty() {
            continue;
        }
        let strict = yaml::read(block, offset + start);
        if strict.problems.is_empty() {
            entries.extend(strict.root.iter().flat_map(|root| root.entries().to_vec()));
            tree.comments.extend(strict.comments);
        } else if let Some(entry) = as_text(line, offset + start) {
            let message = format!("the value of `{}` is not valid YAML; it is read as text", entry.key);
            let hint = Some("put it in quotes".to_owned());
            tree.problems.push(Problem { rule: "loose-yaml", message, span: entry.value.span, hint });
            entries.push(entry);
        } else {
            tree.problems.extend(strict.problems);
        }
    }
    let span = Span::new(offset, offset + text.trim_end().len());
    tree.root = Some(Node { span, data: Data::Map(entries) });
    tree
}

/// Each line that is not indented, with the indented lines that belong to it.
fn blocks(text: &str) -> Vec<(usize, &str)> {
    let mut blocks: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let continues = line.starts_with([' ', '\t', '-']) && !line.trim().is_empty();
        match blocks.last_mut() {
            Some((start, block)) if continues => *block = &text[*start..at + line.len()],
            _ => blocks.push((at, line)),
        }
        at += line.len();
    }
    blocks
}

fn as_text(line: &str, offset: usize) -> Option<Entry> {
    let (key, value) = line.split_once(':').filter(|_| !line.contains('\n'))?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let start = line.len() - value.trim_start().len();
    is_key.then(|| Entry {
        key: key.to_owned(),
        key_span: Span::new(offset, offset + key.len()),
        value: Node {
            span: Span::new(offset + start, offset + line.len()),
            data: Data::Scalar(Scalar { text: value.trim().to_owned(), style: Style::Plain }),
        },
    })
}
