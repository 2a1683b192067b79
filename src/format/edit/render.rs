//! How a value is written at a place: on the line of its key, or as lines below it.

use crate::format::yaml::Style;
use crate::model::{Map, Value};

use super::scalar;

/// Lists longer than this become one item a line.
const WIDTH: usize = 80;

/// Where a value is to stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    /// The column of the key or dash that holds it.
    pub(super) column: usize,
    /// The column of the dashes, if the value is to be a block list.
    pub(super) dashes: usize,
    /// Inside brackets or braces, where everything stands on one line.
    pub(super) flow: bool,
    /// Write every text in double quotes and every collection in brackets: ugly, and always right.
    pub(super) quoted: bool,
}

impl Site {
    /// How far each level is indented.
    pub(super) const STEP: usize = 2;

    pub(super) fn block(column: usize) -> Self {
        Site { column, dashes: column + Self::STEP, flow: false, quoted: false }
    }

    pub(super) fn inner(self) -> usize {
        self.column + Self::STEP
    }
}

/// A value as text: what stands after the colon or dash, and whole lines that follow, indented, without endings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rendered {
    pub(super) head: String,
    pub(super) lines: Vec<String>,
}

impl Rendered {
    pub(super) fn inline(text: impl Into<String>) -> Self {
        Rendered { head: text.into(), lines: Vec::new() }
    }

    /// The head after its colon or dash.
    pub(super) fn after(&self, mark: &str) -> String {
        if self.head.is_empty() { mark.to_owned() } else { format!("{mark} {}", self.head) }
    }
}

/// `old` is the style of the text that stood there, or that its neighbours have.
pub(super) fn value(value: &Value, old: Option<Style>, site: Site) -> Rendered {
    match value {
        Value::Object(map) if is_block(value, site) => Rendered { head: String::new(), lines: block_map(map, site) },
        Value::Array(items) if is_block(value, site) => {
            Rendered { head: String::new(), lines: block_list(items, site) }
        }
        Value::Object(_) | Value::Array(_) => Rendered::inline(flow(value, site)),
        scalar => scalar::render(scalar, old, site),
    }
}

/// As [`value`], for the item of a block list: a map begins on the line of the dash.
pub(super) fn item(value: &Value, old: Option<Style>, site: Site) -> Rendered {
    match value {
        Value::Object(_) if is_block(value, site) => {
            let mut lines = self::value(value, old, site).lines.into_iter();
            let head = lines.next().unwrap_or_default().trim_start().to_owned();
            Rendered { head, lines: lines.collect() }
        }
        _ => self::value(value, old, site),
    }
}

/// A key with its value, as the lines of a block map whose keys stand at `column`.
pub(super) fn entry(key: &str, value: &Value, site: Site) -> Vec<String> {
    let rendered = self::value(value, None, site);
    let key = scalar::quoted_if_needed(key, false);
    let first = format!("{}{}", " ".repeat(site.column), rendered.after(&format!("{key}:")));
    std::iter::once(first).chain(rendered.lines).collect()
}

/// A key with its value inside braces.
pub(super) fn pair(key: &str, value: &Value, site: Site) -> String {
    format!("{}: {}", scalar::quoted_if_needed(key, true), self::value(value, None, site).head)
}

fn is_block(value: &Value, site: Site) -> bool {
    match value {
        Value::Object(map) => !map.is_empty() && !site.flow && !site.quoted,
        Value::Array(items) => !items.is_empty() && !site.flow && !site.quoted && !is_short(items),
        _ => false,
    }
}

/// A list of short words is read best on one line.
fn is_short(items: &[Value]) -> bool {
    let width = |item: &Value| match item {
        Value::String(text) if text.contains('\n') => None,
        Value::String(text) => Some(text.chars().count() + 2),
        Value::Object(_) | Value::Array(_) => None,
        other => Some(other.to_string().len() + 2),
    };
    items.iter().map(width).sum::<Option<usize>>().is_some_and(|sum| sum <= WIDTH)
}

fn block_map(map: &Map, site: Site) -> Vec<String> {
    let inner = Site { quoted: site.quoted, ..Site::block(site.inner()) };
    map.iter().flat_map(|(key, value)| entry(key, value, inner)).collect()
}

fn block_list(items: &[Value], site: Site) -> Vec<String> {
    let inner = Site { column: site.dashes, dashes: site.dashes + Site::STEP, ..site };
    items.iter().flat_map(|value| dash(&item(value, None, inner), inner)).collect()
}

/// An item with its dash, as lines.
pub(super) fn dash(item: &Rendered, site: Site) -> Vec<String> {
    let first = format!("{}{}", " ".repeat(site.column), item.after("-"));
    std::iter::once(first).chain(item.lines.iter().cloned()).collect()
}

fn flow(value: &Value, site: Site) -> String {
    let inner = Site { flow: true, ..site };
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| self::value(item, None, inner).head).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let pairs: Vec<String> = map.iter().map(|(key, value)| pair(key, value, inner)).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        _ => self::value(value, None, inner).head,
    }
}
