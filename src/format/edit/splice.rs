//! A step as replacements of bytes.

use crate::base::{Edit, Span};
use crate::format::yaml::{Data, Node, Style};
use crate::model::Value;

use super::render::{self, Rendered, Site};
use super::scalar::quoted_if_needed;
use super::source::{Holder, Source, Spot};
use super::step::Step;

/// The replacements for a step, or none where the way the file is written leaves no place for it.
pub(super) fn edits(source: &Source<'_>, step: &Step, quoted: bool) -> Option<Vec<Edit>> {
    let spot = source.spot(step.path())?;
    match step {
        Step::Put { value, .. } => put(source, spot, value, quoted),
        Step::Add { key, value, .. } => add(source, spot, key, value, quoted),
        Step::Insert { index, value, .. } => insert(source, spot, *index, value, quoted),
        Step::Rename { key, .. } => match spot.holder {
            Holder::Entry(entry) => Some(vec![replace(entry.key_span, quoted_if_needed(key, spot.flow))]),
            _ => None,
        },
        Step::Remove { path } => {
            let parent = source.spot(&path[..path.len() - 1])?.node;
            if source.is_flow(parent) {
                take_from_flow(source, parent, spot)
            } else {
                take_lines(source, parent, spot, quoted)
            }
        }
    }
}

fn replace(span: Span, text: impl Into<String>) -> Edit {
    Edit { span, text: text.into() }
}

fn insertion(at: usize, text: impl Into<String>) -> Edit {
    replace(Span::at(at), text)
}

/// Lines to stand after the line that ends at `at`.
fn below(source: &Source<'_>, at: usize, lines: &[String]) -> String {
    let ending = source.ending.as_str();
    if at == source.front.start {
        return lines.iter().map(|line| format!("{line}{ending}")).collect();
    }
    // The last line of a front matter has an ending; that of a file need not have one.
    lines.iter().map(|line| format!("{ending}{line}")).collect()
}

/// The style to keep: that of the text itself, or the quotes that every neighbour has.
fn style(node: &Node) -> Option<Style> {
    match &node.data {
        Data::Scalar(scalar) => Some(scalar.style),
        Data::List(items) => {
            let mut styles = items.iter().map(|item| item.scalar().map(|scalar| scalar.style));
            let first = styles.next()??;
            (matches!(first, Style::Single | Style::Double) && styles.all(|style| style == Some(first)))
                .then_some(first)
        }
        Data::Map(_) => None,
    }
}

fn put(source: &Source<'_>, spot: Spot<'_>, value: &Value, quoted: bool) -> Option<Vec<Edit>> {
    let Spot { node, holder, flow } = spot;
    let dashes = |column| match &node.data {
        Data::List(_) if !source.is_flow(node) => source.column(node.span.start),
        _ => column + Site::STEP,
    };
    let (after, column) = match holder {
        Holder::File => return Some(vec![replace(node.span, render::value(value, None, whole_file()).head)]),
        Holder::Entry(entry) => match source.colon(entry) {
            Some(colon) => (colon, source.column(entry.key_span.start)),
            None => return Some(vec![insertion(entry.key_span.end, format!(": {}", value_in(value, flow, quoted)))]),
        },
        Holder::Item { .. } if flow => (node.span.start, 0),
        Holder::Item { list, index } => {
            let dash = source.dash(list, index);
            (dash + 1, source.column(dash))
        }
    };
    let site = Site { column, dashes: dashes(column), flow, quoted };
    let rendered = match holder {
        Holder::Item { .. } => render::item(value, style(node), site),
        _ => render::value(value, style(node), site),
    };
    Some(place(source, node, after, &rendered))
}

fn whole_file() -> Site {
    Site { flow: true, ..Site::block(0) }
}

fn value_in(value: &Value, flow: bool, quoted: bool) -> String {
    render::value(value, None, Site { flow, quoted, ..Site::block(0) }).head
}

/// Put a rendered value in place of a node that follows the colon or dash ending at `after`.
fn place(source: &Source<'_>, node: &Node, after: usize, new: &Rendered) -> Vec<Edit> {
    let end = source.end_of(node, after);
    let head = if new.head.is_empty() { String::new() } else { format!(" {}", new.head) };
    let is_block_scalar = node.scalar().is_some() && matches!(style(node), Some(Style::Literal | Style::Folded));
    let header = if is_block_scalar {
        let marks = source.text[node.span.start..end].find(|c: char| !"|>+-0123456789".contains(c));
        marks.map_or(end, |marks| node.span.start + marks)
    } else {
        after
    };
    let line = source.line_end(header);
    let is_below = node.scalar().is_none() && node.span.start > line;
    if line < end && (is_block_scalar || is_below) {
        // What follows the colon on its line, a comment, stays; the lines below it go.
        let bottom = if is_below { source.line_end(end) } else { end };
        let below = below(source, line, &new.lines);
        return vec![replace(Span::new(after, header), head), replace(Span::new(line, bottom), below)];
    }
    if new.lines.is_empty() && node.span.start < node.span.end && !head.is_empty() {
        return vec![replace(Span::new(node.span.start, end), head.trim_start())];
    }
    let bottom = source.line_end(end);
    if bottom == end || new.lines.is_empty() {
        return vec![replace(Span::new(after, end), head + &below(source, bottom, &new.lines))];
    }
    vec![replace(Span::new(after, end), head), insertion(bottom, below(source, bottom, &new.lines))]
}

fn add(source: &Source<'_>, spot: Spot<'_>, key: &str, value: &Value, quoted: bool) -> Option<Vec<Edit>> {
    let entries = spot.node.entries();
    if source.is_flow(spot.node) {
        let site = Site { flow: true, quoted, ..Site::block(0) };
        let spans: Vec<Span> =
            entries.iter().map(|entry| Span::new(entry.key_span.start, source.end_of_entry(entry))).collect();
        return Some(into_flow(source, spot.node, &spans, spans.len(), &render::pair(key, value, site)));
    }
    let column = source.column(entries.first()?.key_span.start);
    let at = source.end_of_block(source.end_of_entry(entries.last()?), column);
    let lines = render::entry(key, value, Site { quoted, ..Site::block(column) });
    Some(vec![insertion(at, below(source, at, &lines))])
}

fn insert(source: &Source<'_>, spot: Spot<'_>, index: usize, value: &Value, quoted: bool) -> Option<Vec<Edit>> {
    let list = spot.node;
    let items = list.items();
    if source.is_flow(list) {
        let site = Site { flow: true, quoted, ..Site::block(0) };
        let spans: Vec<Span> = items.iter().map(|item| item.span).collect();
        return Some(into_flow(source, list, &spans, index, &render::item(value, style(list), site).head));
    }
    let column = source.column(list.span.start);
    let site = Site { quoted, ..Site::block(column) };
    let lines = render::dash(&render::item(value, style(list), site), site);
    if index == items.len() {
        let last = source.end_of(items.last()?, source.dash(list, index - 1) + 1);
        let at = source.end_of_block(last, column);
        return Some(vec![insertion(at, below(source, at, &lines))]);
    }
    let dash = source.dash(list, index);
    let ending = source.ending.as_str();
    let text: String = lines.iter().map(|line| format!("{line}{ending}")).collect();
    if source.begins_line(dash) {
        return Some(vec![insertion(source.line_start(dash), text)]);
    }
    Some(vec![insertion(dash, format!("{}{}", text.trim_start(), " ".repeat(column)))])
}

/// Put an item or pair between brackets or braces.
fn into_flow(source: &Source<'_>, node: &Node, spans: &[Span], index: usize, text: &str) -> Vec<Edit> {
    let ending = source.ending.as_str();
    if let Some(next) = spans.get(index) {
        let indent = source.column(next.start);
        let gap = if source.begins_line(next.start) { format!("{ending}{}", " ".repeat(indent)) } else { " ".into() };
        return vec![insertion(next.start, format!("{text},{gap}"))];
    }
    let Some(last) = spans.last() else { return vec![insertion(node.span.start + 1, text)] };
    let comma = comma(source, last.end);
    if !source.begins_line(last.start) {
        return match comma {
            Some(comma) => vec![insertion(comma, format!(" {text},"))],
            None => vec![insertion(last.end, format!(", {text}"))],
        };
    }
    let line = format!("{ending}{}{text}", " ".repeat(source.column(last.start)));
    match comma {
        Some(comma) => vec![insertion(source.line_end(comma), format!("{line},"))],
        None if source.line_end(last.end) > node.span.end => vec![insertion(last.end, format!(",{line}"))],
        None => {
            let bottom = source.line_end(last.end);
            if bottom == last.end {
                return vec![insertion(bottom, format!(",{line}"))];
            }
            vec![insertion(last.end, ","), insertion(bottom, line)]
        }
    }
}

/// The offset after the comma that follows, if one does.
fn comma(source: &Source<'_>, at: usize) -> Option<usize> {
    let at = source.skip(at);
    source.text[at..source.front.end].starts_with(',').then_some(at + 1)
}

fn extent(source: &Source<'_>, spot: Spot<'_>) -> Option<Span> {
    match spot.holder {
        Holder::File => None,
        Holder::Entry(entry) => Some(Span::new(entry.key_span.start, source.end_of_entry(entry))),
        Holder::Item { .. } if spot.flow => Some(spot.node.span),
        Holder::Item { list, index } => {
            let dash = source.dash(list, index);
            Some(Span::new(dash, source.end_of(spot.node, dash + 1)))
        }
    }
}

/// Take an item or pair out of brackets or braces, with one comma, or with its line if it has one for itself.
fn take_from_flow(source: &Source<'_>, parent: &Node, spot: Spot<'_>) -> Option<Vec<Edit>> {
    let span = extent(source, spot)?;
    let comma = comma(source, span.end);
    let end = comma.unwrap_or(span.end);
    let rest = &source.text[end..source.line_end(end)];
    if source.begins_line(span.start) && (rest.trim().is_empty() || rest.trim_start().starts_with('#')) {
        return Some(vec![replace(Span::new(source.line_start(span.start), source.line_after(end)), "")]);
    }
    if comma.is_some() {
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        return Some(vec![replace(Span::new(span.start, end + blanks), "")]);
    }
    let before = source.text[parent.span.start..span.start].trim_end();
    let start = before.strip_suffix(',').map_or(span.start, |before| parent.span.start + before.len());
    Some(vec![replace(Span::new(start, span.end), "")])
}

/// Take an entry or item out of a block, with its lines. The blank lines after it go too where a text before it would
/// take them for its own.
fn take_lines(source: &Source<'_>, parent: &Node, spot: Spot<'_>, blanks: bool) -> Option<Vec<Edit>> {
    let span = extent(source, spot)?;
    if source.begins_line(span.start) {
        let bottom = source.end_of_block(span.end, source.column(span.start));
        let mut end = source.line_after(bottom);
        while blanks && end < source.front.end && source.text[end..source.line_end(end)].trim().is_empty() {
            end = source.line_after(end);
        }
        let start = source.line_start(span.start);
        // The file may lack a final newline, and keeps lacking it.
        let open = end == bottom && start > source.front.start;
        let start = if open { source.line_end(start - 1) } else { start };
        return Some(vec![replace(Span::new(start, end), "")]);
    }
    let next = match spot.holder {
        Holder::Entry(entry) => {
            let at = parent.entries().iter().position(|other| other.key == entry.key)?;
            parent.entries().get(at + 1)?.key_span.start
        }
        Holder::Item { list, index } => source.dash(list, index + 1),
        Holder::File => return None,
    };
    let bottom = source.line_end(span.end).min(next);
    source.text[bottom..next].trim().is_empty().then(|| vec![replace(Span::new(span.start, next), "")])
}
