//! How a TOML file is laid out: where tables begin, where their last entry ends, and in which shape they stand.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::base::Span;

pub(super) type Node<'i> = Spanned<DeValue<'i>>;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `[a.b]`
    Header,
    /// Only named by the header of a table inside it.
    Implied,
    /// `{ … }`
    Inline,
    /// `a.b = 1`
    Dotted,
}

/// What a path of words leads to.
#[derive(Debug)]
pub(super) struct Found<'t, 'i> {
    /// The tables on the way, each with its shape; the file itself is not among them.
    pub tables: Vec<(&'t Node<'i>, Shape)>,
    /// The key's own bytes and its value, if the path leads to the end.
    pub entry: Option<(Span, &'t Node<'i>)>,
}

pub(super) fn find<'t, 'i>(text: &str, root: &'t DeTable<'i>, words: &[String]) -> Found<'t, 'i> {
    let mut found = Found { tables: Vec::new(), entry: None };
    let mut table = root;
    for (index, word) in words.iter().enumerate() {
        let Some((key, node)) = table.get_key_value(word.as_str()) else { break };
        if index + 1 == words.len() {
            found.entry = Some((span(key), node));
            break;
        }
        let DeValue::Table(inner) = node.get_ref() else { break };
        let inside_inline = found.tables.iter().any(|(_, shape)| *shape == Shape::Inline);
        found.tables.push((node, if inside_inline { Shape::Inline } else { shape(text, node) }));
        table = inner;
    }
    found
}

pub(super) fn shape(text: &str, table: &Node<'_>) -> Shape {
    let start = table.span().start;
    match text.as_bytes().get(start) {
        Some(b'[') => Shape::Header,
        Some(b'{') => Shape::Inline,
        _ if text[line_start(text, start)..].trim_start().starts_with('[') => Shape::Implied,
        _ => Shape::Dotted,
    }
}

/// The end of the last entry that stands in the table's own block, not counting tables with headers of their own.
pub(super) fn last_entry(text: &str, table: &DeTable<'_>) -> Option<usize> {
    table.values().filter_map(|node| entry_end(text, node)).max()
}

fn entry_end(text: &str, node: &Node<'_>) -> Option<usize> {
    match node.get_ref() {
        DeValue::Table(table) => match shape(text, node) {
            Shape::Inline => Some(node.span().end),
            Shape::Dotted => last_entry(text, table),
            Shape::Header | Shape::Implied => None,
        },
        DeValue::Array(_) if is_array_of_tables(node) => None,
        _ => Some(node.span().end),
    }
}

/// Where the first header of the file stands.
pub(super) fn first_header(text: &str, table: &DeTable<'_>) -> Option<usize> {
    let of_node = |node: &Node<'_>| match node.get_ref() {
        DeValue::Table(inner) => match shape(text, node) {
            Shape::Header => [Some(node.span().start), first_header(text, inner)].into_iter().flatten().min(),
            Shape::Implied => first_header(text, inner),
            Shape::Inline | Shape::Dotted => None,
        },
        DeValue::Array(_) if is_array_of_tables(node) => Some(node.span().start),
        _ => None,
    };
    table.values().filter_map(of_node).min()
}

/// The lines of a node that is written over several places: its headers, each with its entries.
pub(super) fn blocks(text: &str, node: &Node<'_>) -> Vec<Span> {
    let DeValue::Table(table) = node.get_ref() else {
        return Vec::new();
    };
    let has_header = shape(text, node) == Shape::Header;
    let mut blocks = Vec::new();
    if has_header {
        let header = node.span();
        let end = last_entry(text, table).unwrap_or(header.end);
        blocks.push(Span::new(line_start(text, header.start), line_end(text, end)));
    }
    for (key, inner) in table {
        let is_table = inner.get_ref().is_table();
        match shape(text, inner) {
            Shape::Header | Shape::Implied if is_table => blocks.extend(self::blocks(text, inner)),
            _ if has_header => {}
            Shape::Dotted if is_table => blocks.extend(self::blocks(text, inner)),
            _ => blocks.push(Span::new(line_start(text, key.span().start), line_end(text, inner.span().end))),
        }
    }
    blocks
}

fn is_array_of_tables(node: &Node<'_>) -> bool {
    let DeValue::Array(items) = node.get_ref() else {
        return false;
    };
    let first = items.iter().next();
    first.is_some_and(|item| item.get_ref().is_table() && item.span().start == node.span().start)
}

pub(super) fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// After the line break of the line, or the end of the text.
pub(super) fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

pub(super) fn span<T>(node: &Spanned<T>) -> Span {
    Span::new(node.span().start, node.span().end)
}

/// A value as TOML writes it on one line.
pub fn toml_text(value: &Value) -> String {
    match value {
        Value::Array(values) => format!("[{}]", values.iter().map(toml_text).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) if fields.is_empty() => "{}".into(),
        Value::Object(fields) => {
            let pairs = fields.iter().map(|(name, value)| format!("{} = {}", word(name), toml_text(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => toml_edit::Value::from(text.as_str()).to_string(),
        Value::Number(number) if number.is_f64() => {
            toml_edit::Value::from(number.as_f64().unwrap_or_default()).to_string()
        }
        other => other.to_string(),
    }
}

fn word(name: &str) -> String {
    crate::config::Key::new([name]).to_string()
}
