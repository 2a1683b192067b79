//! The canonical form of a native prompt file.
//!
//! It is as small as it can be, so that people agree to it: fences without blanks behind them; in the front matter no
//! blanks at the ends of lines, no blank line at its edges and never two in a row, one kind of line ending; a final
//! newline. The keys come in the order of the reference only where that is asked for. A body is never touched but for
//! its final newline, texts in the front matter keep every byte, and comments stay where they are.

use crate::base::text::Ending;
use crate::base::{Error, Result, Span};

use super::document::Document;
use super::fields::FIELDS;
use super::prompt::located;
use super::yaml::{Data, Entry, Node, Tree};

#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub sort_keys: bool,
    pub trim_trailing_space: bool,
    pub final_newline: bool,
}

/// The file in its canonical form. What is not understood is not formatted.
pub fn format(document: &Document<'_>, style: Style) -> Result<String> {
    let tree = document.tree();
    if !tree.problems.is_empty() {
        let message = format!("{} cannot be formatted before its front matter is mended", document.path);
        return Err(Error::findings(message, located(document, &tree.problems)));
    }
    let ending = document.ending.as_str();
    let Some(front) = document.front else { return Ok(closed(document.text.to_owned(), document.text, style, ending)) };
    let before = &document.text[..front.start];
    let mut text = format!("{}{ending}", before.trim_end());
    text.push_str(&tidy(document, front, &tree, style));
    text.push_str("---");
    if document.text[front.end..document.body.start].ends_with('\n') {
        text.push_str(ending);
    }
    text.push_str(document.body_text());
    let text = closed(text, document.body_text(), style, ending);
    let text = if style.sort_keys { sorted(document, text)? } else { text };
    proven(document, &tree, text)
}

fn closed(text: String, body: &str, style: Style, ending: &str) -> String {
    let open = !body.is_empty() && !body.ends_with('\n');
    if style.final_newline && open { text + ending } else { text }
}

/// The lines of the front matter without needless blanks.
fn tidy(document: &Document<'_>, front: Span, tree: &Tree, style: Style) -> String {
    let mut texts = Vec::new();
    tree.root.iter().for_each(|root| long_texts(root, document.text, &mut texts));
    let mut out = String::new();
    let mut blank = false;
    let mut at = front.start;
    for line in document.text[front.range()].split_inclusive('\n') {
        let start = at;
        at += line.len();
        if texts.iter().any(|text| text.start < start && start <= text.end && text.end > text.start) {
            out.push_str(line);
            continue;
        }
        let content = if style.trim_trailing_space { line.trim_end() } else { line.trim_end_matches(['\r', '\n']) };
        if content.trim().is_empty() {
            blank = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut blank) {
            out.push_str(document.ending.as_str());
        }
        out.push_str(content);
        out.push_str(document.ending.as_str());
    }
    out
}

/// The texts over several lines: what is in them is the author's.
fn long_texts(node: &Node, source: &str, texts: &mut Vec<Span>) {
    match &node.data {
        Data::Scalar(_) if node.span.text(source).contains('\n') => texts.push(node.span),
        Data::Scalar(_) => {}
        Data::List(items) => items.iter().for_each(|item| long_texts(item, source, texts)),
        Data::Map(entries) => entries.iter().for_each(|entry| long_texts(&entry.value, source, texts)),
    }
}

/// The keys in the order of the reference, each with the comments above it; others come last, in their own order.
fn sorted(document: &Document<'_>, text: String) -> Result<String> {
    let again = split(document, &text)?;
    let (tree, Some(front)) = (again.tree(), again.front) else { return Ok(text) };
    let entries = tree.root.as_ref().map(Node::entries).unwrap_or_default();
    let starts: Option<Vec<usize>> = entries.iter().map(|entry| chunk_start(&again, front, entry)).collect();
    let (Some(starts), true) = (starts, front.end > front.start) else { return Ok(text) };
    let Some(&first) = starts.first() else { return Ok(text) };
    let ends = starts[1..].iter().copied().chain([front.end]);
    let mut chunks: Vec<(usize, &str)> = entries
        .iter()
        .zip(starts.iter().zip(ends))
        .map(|(entry, (&start, end))| (rank(entry), &text[start..end]))
        .collect();
    chunks.sort_by_key(|(rank, _)| *rank);
    let sorted: String = chunks.into_iter().map(|(_, chunk)| chunk).collect();
    Ok(format!("{}{sorted}{}", &text[..first], &text[front.end..]))
}

fn rank(entry: &Entry) -> usize {
    FIELDS.iter().position(|field| field.name == entry.key).unwrap_or(FIELDS.len())
}

/// Where an entry begins with the comments that stand directly above it; none if it does not begin a line.
fn chunk_start(document: &Document<'_>, front: Span, entry: &Entry) -> Option<usize> {
    let line =
        |at: usize| document.text[front.start..at].rfind('\n').map_or(front.start, |newline| front.start + newline + 1);
    let mut start = line(entry.key_span.start);
    if start != entry.key_span.start {
        return None;
    }
    while start > front.start && document.text[line(start - 1)..start].starts_with('#') {
        start = line(start - 1);
    }
    Some(start)
}

/// The text, once it is shown that it says what the file said.
fn proven(document: &Document<'_>, tree: &Tree, text: String) -> Result<String> {
    let after = split(document, &text)?;
    let read = after.tree();
    let value = |tree: &Tree| tree.root.as_ref().map(Node::value).filter(|value| !value.is_null());
    let comments = |tree: &Tree| {
        let mut texts: Vec<String> = tree.comments.iter().map(|comment| comment.text.trim_end().to_owned()).collect();
        texts.sort();
        texts
    };
    let body = after.body_text().strip_prefix(document.body_text());
    let same_body = body.is_some_and(|rest| rest.is_empty() || rest == Ending::as_str(document.ending));
    if read.problems.is_empty() && value(&read) == value(tree) && comments(&read) == comments(tree) && same_body {
        return Ok(text);
    }
    Err(Error::invalid(format!("{} is written in a way that cannot be formatted without harm", document.path))
        .hint("the file is left as it is"))
}

fn split<'a>(document: &Document<'a>, text: &'a str) -> Result<Document<'a>> {
    Document::split(document.path, text.as_bytes(), document.dialect)
        .map_err(|finding| Error::findings("the formatted file cannot be read", vec![*finding]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;
    use crate::format::Dialect;
    use crate::format::edit::laws::file;

    const STYLE: Style = Style { sort_keys: false, trim_trailing_space: true, final_newline: true };

    fn formatted(text: &str, style: Style) -> String {
        let document = Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits");
        let once = format(&document, style).expect("formats");
        let document = Document::split("x.md", once.as_bytes(), Dialect::Native).expect("splits");
        assert_eq!(format(&document, style).expect("formats"), once);
        once
    }

    #[test]
    fn only_needless_blanks_go() {
        let check = |before: &str, after: &str| assert_eq!(formatted(before, STYLE), after);
        check("--- \n\na: 1  \n\n\n# c \nb: x\n\n---  \n\nbody  \n\n\n", "---\na: 1\n\n# c\nb: x\n---\n\nbody  \n\n\n");
        check("---\na: |+\n  x  \n\n\nb: 'q  \n\n  r'\n---\nx", "---\na: |+\n  x  \n\n\nb: 'q\n\n  r'\n---\nx\n");
        check("---\r\na: 1\n---\r\nbody\n", "---\r\na: 1\r\n---\r\nbody\n");
        check("just text", "just text\n");
        check("---\n---", "---\n---");
        check("---\n# only\n\n---\n", "---\n# only\n---\n");
        check("", "");
    }

    #[test]
    fn keys_are_sorted_only_on_request() {
        let text = "---\n# head\n\ntags: [a]\n# the id\nid: x\nmine: 1\ndescription: |\n  d\n---\n";
        assert_eq!(formatted(text, STYLE), text);
        assert_eq!(
            formatted(text, Style { sort_keys: true, ..STYLE }),
            "---\n# head\n\n# the id\nid: x\ndescription: |\n  d\ntags: [a]\nmine: 1\n---\n"
        );
    }

    #[test]
    fn one_changed_word_is_one_changed_line() {
        let text = formatted("---\na: one  \nb:\n    - x\n\n---\nsystem:\nText of one line.", STYLE);
        let edited = formatted(&text.replace("Text", "Words"), STYLE);
        let differing = text.lines().zip(edited.lines()).filter(|(a, b)| a != b).count();
        assert_eq!((differing, text.lines().count()), (1, edited.lines().count()));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 300, rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default()
        })]

        #[test]
        fn formatting_twice_is_formatting_once_and_nothing_is_lost(text in file(), sort_keys in any::<bool>()) {
            let document = Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits");
            prop_assume!(document.tree().problems.is_empty());
            formatted(&text, Style { sort_keys, ..STYLE });
        }
    }
}
