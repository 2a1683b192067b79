//! A YAML block cut into its parts: the entries of a map or the items of a list, each as the lines that are its own and
//! the comments and empty lines above it.

use std::collections::HashMap;

use crate::base::text::Lines;
use crate::format::yaml::{self, Data, Node, Style};
use crate::model::Value;

/// The lines of a map or list that is written one part a line.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// Where the keys or dashes stand.
    pub(super) column: usize,
    pub(super) parts: Vec<Part>,
    /// Comments and empty lines after the last part.
    pub(super) tail: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    #[default]
    Empty,
    Map,
    List,
}

/// An entry or an item.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The key; items have none.
    pub(super) key: String,
    pub(super) above: Vec<String>,
    pub(super) own: Vec<String>,
    pub(super) value: Value,
    pub(super) form: Form,
}

/// How a part's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A block below the line of the key or dash.
    Below,
    /// A block that begins on the line of its dash, so many columns after it.
    Dashed(usize),
    /// Text after `|` or `>`.
    Text,
    /// Anything else.
    Inline,
}

impl Block {
    /// Read lines that hold one map or list, or nothing but comments. None where they hold anything else, or where the
    /// way they are written does not let each part have lines of its own.
    pub(super) fn read(lines: &[String]) -> Option<Block> {
        let text = lines.join("\n");
        let tree = yaml::read(&text, 0);
        if !tree.problems.is_empty() {
            return None;
        }
        let Some(root) = tree.root.filter(|root| !root.is_null() || !lines.iter().all(|line| is_trivia(line))) else {
            let block = Block { tail: lines.to_vec(), ..Block::default() };
            return lines.iter().all(|line| is_trivia(line)).then_some(block);
        };
        if text[root.span.start..].starts_with(['[', '{']) {
            return None;
        }
        let found = match &root.data {
            Data::Map(_) => entries(&text, &root)?,
            Data::List(_) => items(lines, &text, &root)?,
            Data::Scalar(_) => return None,
        };
        cut(lines, &root, &found)
    }

    pub(super) fn keys(&self) -> Vec<&str> {
        self.parts.iter().map(|part| part.key.as_str()).collect()
    }

    pub(super) fn by_key(&self) -> HashMap<&str, &Part> {
        self.parts.iter().map(|part| (part.key.as_str(), part)).collect()
    }

    /// The same block with its parts at another column.
    pub(super) fn at_column(self, column: usize) -> Block {
        let shift = |lines: Vec<String>| lines.into_iter().map(|line| shifted(line, self.column, column)).collect();
        let part = |part: Part| Part { above: shift(part.above), own: shift(part.own), ..part };
        Block {
            parts: self.parts.into_iter().map(part).collect(),
            tail: self.tail.into_iter().map(|line| shifted(line, self.column, column)).collect(),
            column,
            kind: self.kind,
        }
    }
}

impl Part {
    /// The first line of a part whose value stands below it.
    pub(super) fn head(&self) -> &[String] {
        &self.own[..1]
    }

    pub(super) fn below(&self) -> &[String] {
        &self.own[1..]
    }

    /// The comments above and the lines of its own.
    pub(super) fn lines(&self) -> Vec<String> {
        [&self.above[..], &self.own].concat()
    }
}

/// Lines that hold no value: empty ones, comments, the start of a document.
pub(super) fn is_trivia(line: &str) -> bool {
    let bare = line.trim();
    bare.is_empty() || bare.starts_with('#') || line.trim_end() == "---"
}

pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// A line moved sideways, as far as its own blanks let it.
pub(super) fn shifted(line: String, from: usize, to: usize) -> String {
    match line.trim().is_empty() || from == to {
        true => line,
        false if to > from => format!("{}{line}", " ".repeat(to - from)),
        false => line[(from - to).min(indent(&line))..].to_owned(),
    }
}

/// A part as the tree tells it: its key, its value, and its first line.
struct Found<'n> {
    key: &'n str,
    node: &'n Node,
    first: usize,
}

fn entries<'n>(text: &str, root: &'n Node) -> Option<Vec<Found<'n>>> {
    let lines = Lines::new(text);
    let entry = |entry: &'n yaml::Entry| {
        let first = lines.position(entry.key_span.start).0 as usize - 1;
        Some(Found { key: &entry.key, node: &entry.value, first })
    };
    root.entries().iter().map(entry).collect()
}

fn items<'n>(lines: &[String], text: &str, root: &'n Node) -> Option<Vec<Found<'n>>> {
    let column = indent(lines.iter().find(|line| !is_trivia(line))?);
    let is_dash = |line: &String| {
        indent(line) == column
            && line[column..].strip_prefix('-').is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let dashes: Vec<usize> = (0..lines.len()).filter(|&at| is_dash(&lines[at])).collect();
    // A dash that is text of some item would make more dashes than items.
    if dashes.len() != root.items().len() {
        return None;
    }
    let numbers = Lines::new(text);
    let found = root.items().iter().zip(dashes).map(|(node, first)| {
        let line = numbers.position(node.span.start).0 as usize - 1;
        (node.is_null() || line >= first).then_some(Found { key: "", node, first })
    });
    found.collect()
}

fn cut(lines: &[String], root: &Node, found: &[Found<'_>]) -> Option<Block> {
    let text = lines.join("\n");
    let numbers = Lines::new(&text);
    let column = indent(&lines[found.first()?.first]);
    let mut parts = Vec::new();
    let mut next = 0;
    for (at, Found { key, node, first }) in found.iter().enumerate() {
        let limit = found.get(at + 1).map_or(lines.len(), |after| after.first);
        let last = numbers.position(node.span.end.max(1) - 1).0 as usize - 1;
        let last = if node.span.start == node.span.end { *first } else { last.max(*first) };
        let mut end = last + 1;
        while end < limit && lines[end].trim_start().starts_with('#') && indent(&lines[end]) > column {
            end += 1;
        }
        let fits = *first >= next && end <= limit && indent(&lines[*first]) == column;
        if !fits || !lines[next..*first].iter().all(|line| is_trivia(line)) {
            return None;
        }
        let start = numbers.position(node.span.start).0 as usize - 1;
        let form = form(node, start > *first, &lines[*first][column..], &text);
        parts.push(Part {
            key: (*key).to_owned(),
            above: lines[next..*first].to_vec(),
            own: lines[*first..end].to_vec(),
            value: node.value(),
            form,
        });
        next = end;
    }
    let tail = lines[next..].to_vec();
    let kind = if matches!(root.data, Data::List(_)) { Kind::List } else { Kind::Map };
    tail.iter().all(|line| is_trivia(line)).then_some(Block { kind, column, parts, tail })
}

fn form(node: &Node, below: bool, line: &str, text: &str) -> Form {
    match &node.data {
        Data::Scalar(scalar) if matches!(scalar.style, Style::Literal | Style::Folded) && !below => Form::Text,
        Data::Scalar(_) => Form::Inline,
        _ if text[node.span.start..].starts_with(['[', '{']) => Form::Inline,
        _ if below => Form::Below,
        _ => match line.strip_prefix('-') {
            Some(rest) => Form::Dashed(1 + indent(rest)),
            None => Form::Inline,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Block> {
        Block::read(&text.lines().map(str::to_owned).collect::<Vec<_>>())
    }

    fn show(text: &str) -> String {
        let Some(block) = read(text) else { return "-".into() };
        let part = |part: &Part| format!("{:?}+{:?} {:?}", part.above, part.own, part.form);
        let parts: Vec<String> = block.parts.iter().map(part).collect();
        format!("{} {:?}", parts.join("; "), block.tail)
    }

    #[test]
    fn parts_have_their_lines_and_the_comments_above() {
        assert_eq!(
            show("# a\na: 1 # x\n\nb:\n  # in\n  c: 1\n  # deep\n# tail"),
            r##"["# a"]+["a: 1 # x"] Inline; [""]+["b:", "  # in", "  c: 1", "  # deep"] Below ["# tail"]"##
        );
        assert_eq!(
            show("- a\n- b: 1\n  c: 2\n- |\n  - x\n-\n  k: v"),
            r#"[]+["- a"] Inline; []+["- b: 1", "  c: 2"] Dashed(2); []+["- |", "  - x"] Text; []+["-", "  k: v"] Below []"#
        );
        assert_eq!(
            show("l:\n- a\n- b\nt: |\n  x\n\nz:"),
            r#"[]+["l:", "- a", "- b"] Below; []+["t: |", "  x"] Text; [""]+["z:"] Inline []"#
        );
        assert_eq!(show("# only"), r##" ["# only"]"##);
    }

    #[test]
    fn what_has_no_lines_of_its_own_is_left_alone() {
        for text in ["{a: 1}", "- - a\n  - b\n- - c", "a: *x", "text", "a: 1\na: 2"] {
            let block = read(text);
            assert!(block.is_none() || text.starts_with("- -"), "{text}");
        }
    }
}
