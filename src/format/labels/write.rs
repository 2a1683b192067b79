//! Changing the file and nothing but what must change in it.

use std::collections::{BTreeMap, HashMap};

use crate::base::text::{Ending, apply};
use crate::base::{Edit, Error, Result, Span};
use crate::format::yaml::{self, Data, Node};
use crate::model::{Labels, Pin};

use super::{Entry, File, HEADER, SECTIONS, read};

/// The file's text once it says `labels`. Lines of pins that stay the same stay byte for byte, with their comments.
/// `name` tells what an id's prompt is called, for the comment beside a new id.
pub fn write(file: &File<'_>, labels: &Labels, name: &dyn Fn(&str) -> Option<String>) -> Result<String> {
    let old = file.strict()?;
    if old == *labels {
        return Ok(file.text.to_owned());
    }
    let lines = file.layout.as_ref().and_then(|layout| layout.edits(&old, labels, name));
    let edits = lines.map_or_else(|| edits(file, &old, labels, name), Ok)?;
    let mut text = apply(file.text, &edits)?;
    if file.text.trim().is_empty() {
        text = format!("{HEADER}{}", text.trim_start());
    }
    let after = read(file.path, &text);
    if after.findings.is_empty() && after.labels() == *labels { Ok(text) } else { Err(stuck(file)) }
}

/// What must change in a file of any layout.
fn edits(file: &File<'_>, old: &Labels, new: &Labels, name: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Edit>> {
    let stands = file.entries.iter().map(|entry| (entry.span.start, entry)).collect();
    let mut writer = Writer { file, stands, name, ending: Ending::of(file.text).as_str(), edits: Vec::new() };
    writer.section("labels", &pins(old), &pins(new))?;
    writer.section("inactive", &inactive(old), &inactive(new))?;
    Ok(writer.edits)
}

/// The file's text with the names of prompts that are called otherwise now: `name` knows the old and the new one of an
/// id. A comment that says anything else is somebody's own.
pub fn renamed<'n>(file: &File<'_>, name: impl Fn(&str) -> Option<(&'n str, &'n str)>) -> Result<String> {
    let root = file.tree().root.as_ref();
    let sections = SECTIONS.into_iter().filter_map(|section| root?.entry(section));
    let mut edits = Vec::new();
    for prompt in sections.flat_map(|section| section.value.entries()) {
        let Some((old, new)) = name(&prompt.key) else { continue };
        let line = file.text[prompt.key_span.end..].lines().next().unwrap_or_default();
        let beside = prompt.key_span.end..prompt.key_span.end + line.len();
        let said = |comment: &&yaml::Comment| {
            beside.contains(&comment.span.start) && comment.text.trim_start_matches('#').trim() == old
        };
        if let Some(comment) = file.tree().comments.iter().find(said)
            && let Some(at) = file.text[comment.span.range()].find(old)
        {
            let start = comment.span.start + at;
            edits.push(Edit { span: Span::new(start, start + old.len()), text: new.to_owned() });
        }
    }
    apply(file.text, &edits)
}

fn stuck(file: &File<'_>) -> Error {
    Error::invalid(format!("{} cannot be changed without harm, because of the way it is written", file.path))
        .hint("give every label a line of its own: `production: {version: 7, blob: …}`")
}

/// A line to be: a label with its pin, or a pin alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'l> {
    label: Option<&'l str>,
    pin: &'l Pin,
}

/// The lines of a prompt by what they are sorted by.
pub type Lines<'l> = BTreeMap<String, Line<'l>>;
/// A section: the lines of each prompt.
type Section<'l> = BTreeMap<&'l str, Lines<'l>>;

fn pins(labels: &Labels) -> Section<'_> {
    labels.pins.iter().map(|(id, pins)| (id.as_str(), on(pins))).collect()
}

fn inactive(labels: &Labels) -> Section<'_> {
    labels.inactive.iter().map(|(id, pins)| (id.as_str(), off(pins))).collect()
}

pub fn on(pins: &BTreeMap<String, Pin>) -> Lines<'_> {
    pins.iter().map(|(label, pin)| (label.clone(), Line { label: Some(label), pin })).collect()
}

pub fn off(pins: &[Pin]) -> Lines<'_> {
    pins.iter().map(|pin| (rank(pin), Line { label: None, pin })).collect()
}

fn rank(pin: &Pin) -> String {
    format!("{:010} {}", pin.version, pin.blob)
}

impl Line<'_> {
    fn text(&self) -> String {
        let Pin { version, blob } = self.pin;
        let pin = format!("{{version: {version}, blob: {}}}", plain(blob));
        match self.label {
            Some(label) => format!("{}: {pin}", plain(label)),
            None => format!("- {pin}"),
        }
    }
}

/// A text that stands for itself in YAML, in quotes only if it must.
fn plain(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

pub fn is_plain(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
        && yaml::plain(text).is_string()
}

/// The lines of a prompt, whose id stands in a column.
pub fn whole(id: &str, lines: &Lines<'_>, column: usize, name: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let name = name(id).filter(|name| !name.chars().any(char::is_control));
    let comment = name.map(|name| format!(" # {name}")).unwrap_or_default();
    let head = format!("{}{}:{comment}", " ".repeat(column), plain(id));
    std::iter::once(head).chain(below(lines, column)).collect()
}

/// Those of them that stand below the id.
pub fn below(lines: &Lines<'_>, column: usize) -> Vec<String> {
    lines.values().map(|line| format!("{}{}", " ".repeat(column + 2), line.text())).collect()
}

/// Something that stands on lines of its own: a prompt in a section, a pin of a prompt.
struct Block {
    key: String,
    /// Its first character.
    start: usize,
    end: usize,
}

struct Writer<'a> {
    file: &'a File<'a>,
    /// What was read, by where it stands.
    stands: HashMap<usize, &'a Entry>,
    name: &'a dyn Fn(&str) -> Option<String>,
    ending: &'static str,
    edits: Vec<Edit>,
}

impl Writer<'_> {
    fn section(&mut self, key: &str, old: &Section<'_>, new: &Section<'_>) -> Result<()> {
        if old == new {
            return Ok(());
        }
        let file = self.file;
        let root = file.tree().root.as_ref();
        let Some(entry) = root.and_then(|root| root.entry(key)) else {
            let mut lines = vec![format!("{key}:")];
            lines.extend(self.all(new, 2));
            // Labels come first, wherever the other section stands.
            let next = root.and_then(|root| root.entry("inactive")).filter(|_| key == "labels");
            let at = next.map_or(file.text.len(), |next| self.above(next.key_span.start));
            self.insert(at, lines);
            return Ok(());
        };
        if new.is_empty() {
            return self.remove(entry.key_span.start, entry.value.span.end);
        }
        if !self.is_block(&entry.value) {
            let lines = self.all(new, 2);
            return self.replace_value(entry, lines);
        }
        let blocks: Vec<Block> = entry.value.entries().iter().map(block).collect();
        for prompt in entry.value.entries() {
            match new.get(prompt.key.as_str()) {
                None => self.remove(prompt.key_span.start, prompt.value.span.end)?,
                Some(lines) if old.get(prompt.key.as_str()) != Some(lines) => self.prompt(prompt, lines)?,
                Some(_) => {}
            }
        }
        let column = self.column(blocks[0].start);
        for (id, lines) in new.iter().filter(|(id, _)| !old.contains_key(**id)) {
            let lines = whole(id, lines, column, self.name);
            let at = self.between(&blocks, id);
            self.insert(at, lines);
        }
        Ok(())
    }

    fn prompt(&mut self, prompt: &yaml::Entry, new: &Lines<'_>) -> Result<()> {
        let column = self.column(prompt.key_span.start);
        if !self.is_block(&prompt.value) {
            return self.replace_value(prompt, below(new, column));
        }
        let blocks = self.pins_of(&prompt.value);
        for block in &blocks {
            let Some(entry) = self.stands.get(&block.entry).copied() else { return Err(stuck(self.file)) };
            match new.get(&block.block.key) {
                None => self.remove(block.block.start, block.block.end)?,
                Some(line) => self.pin(entry, line.pin),
            }
        }
        let blocks: Vec<Block> = blocks.into_iter().map(|pin| pin.block).collect();
        let indent = " ".repeat(self.column(blocks[0].start));
        for (key, line) in new.iter().filter(|(key, _)| !blocks.iter().any(|block| block.key == **key)) {
            let at = self.between(&blocks, key);
            self.insert(at, vec![format!("{indent}{}", line.text())]);
        }
        Ok(())
    }

    /// Give a pin another version in its place.
    fn pin(&mut self, entry: &Entry, pin: &Pin) {
        if entry.pin.version != pin.version {
            self.edits.push(Edit { span: entry.version_span, text: pin.version.to_string() });
        }
        if entry.pin.blob != pin.blob {
            self.edits.push(Edit { span: entry.blob_span, text: plain(&pin.blob) });
        }
    }

    fn pins_of(&self, prompt: &Node) -> Vec<PinBlock> {
        match &prompt.data {
            Data::Map(entries) => {
                entries.iter().map(|entry| PinBlock { entry: entry.key_span.start, block: block(entry) }).collect()
            }
            _ => prompt.items().iter().map(|item| self.item(item)).collect(),
        }
    }

    fn item(&self, item: &Node) -> PinBlock {
        let line = self.line_start(item.span.start);
        let dash = self.file.text[line..item.span.start].find('-').map_or(item.span.start, |at| line + at);
        let key = self.stands.get(&item.span.start).map(|entry| rank(&entry.pin)).unwrap_or_default();
        PinBlock { entry: item.span.start, block: Block { key, start: dash, end: item.span.end } }
    }

    /// All prompts of a section that is written anew.
    fn all(&self, section: &Section<'_>, column: usize) -> Vec<String> {
        section.iter().flat_map(|(id, lines)| whole(id, lines, column, self.name)).collect()
    }

    /// Whether a collection stands on lines below its key.
    fn is_block(&self, node: &Node) -> bool {
        let filled = !node.entries().is_empty() || !node.items().is_empty();
        filled && !self.file.text[node.span.start..].starts_with(['{', '['])
    }

    /// Put lines below a key in place of what stands behind it.
    fn replace_value(&mut self, entry: &yaml::Entry, lines: Vec<String>) -> Result<()> {
        let span = entry.value.span;
        let inside = |comment: &yaml::Comment| span.range().contains(&comment.span.start);
        let text = &self.file.text[entry.key_span.end..];
        let Some(colon) = text.find(':').filter(|&at| text[..at].trim().is_empty()) else {
            return Err(stuck(self.file));
        };
        if self.file.tree().comments.iter().any(inside) {
            return Err(stuck(self.file));
        }
        let colon = entry.key_span.end + colon + 1;
        if span.end > colon {
            self.edits.push(Edit { span: Span::new(colon, span.end), text: String::new() });
        }
        self.insert(self.line_after(span.end), lines);
        Ok(())
    }

    /// Where something with this key belongs among others: before the first that comes after it.
    fn between(&self, blocks: &[Block], key: &str) -> usize {
        match blocks.iter().find(|block| block.key.as_str() > key) {
            Some(next) => self.above(next.start),
            None => blocks.last().map_or(self.file.text.len(), |last| self.below(last.start, last.end)),
        }
    }

    /// The start of the line, or of the comments right above it that stand in the same column.
    fn above(&self, start: usize) -> usize {
        let column = self.column(start);
        let mut at = self.line_start(start);
        while at > 0 {
            let before = self.line_start(at - 1);
            let line = &self.file.text[before..at];
            let indent = line.len() - line.trim_start().len();
            if !line.trim_start().starts_with('#') || indent != column || (before == 0 && column == 0) {
                break;
            }
            at = before;
        }
        at
    }

    /// The start of the line after something and the comments below it that are indented deeper.
    fn below(&self, start: usize, end: usize) -> usize {
        let column = self.column(start);
        let mut at = self.line_after(end);
        while at < self.file.text.len() {
            let next = self.line_after(at);
            let line = &self.file.text[at..next];
            let indent = line.len() - line.trim_start().len();
            if !line.trim_start().starts_with('#') || indent <= column {
                break;
            }
            at = next;
        }
        at
    }

    fn remove(&mut self, start: usize, end: usize) -> Result<()> {
        let first = self.line_start(start);
        if !self.file.text[first..start].trim().is_empty() {
            return Err(stuck(self.file));
        }
        self.edits.push(Edit { span: Span::new(first, self.below(start, end)), text: String::new() });
        Ok(())
    }

    fn insert(&mut self, at: usize, lines: Vec<String>) {
        let open = at == self.file.text.len() && !self.file.text.is_empty() && !self.file.text.ends_with('\n');
        let line =
            |line: String| if open { format!("{}{line}", self.ending) } else { format!("{line}{}", self.ending) };
        let text = lines.into_iter().map(line).collect();
        self.edits.push(Edit { span: Span::at(at), text });
    }

    fn line_start(&self, at: usize) -> usize {
        let start = self.file.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        if start == 0 && self.file.text.starts_with(crate::base::text::BOM) { 3 } else { start }
    }

    fn line_after(&self, at: usize) -> usize {
        self.file.text[at..].find('\n').map_or(self.file.text.len(), |newline| at + newline + 1)
    }

    fn column(&self, at: usize) -> usize {
        self.file.text[self.line_start(at)..at].chars().count()
    }
}

/// A pin on its lines, and where it was read.
struct PinBlock {
    entry: usize,
    block: Block,
}

fn block(entry: &yaml::Entry) -> Block {
    Block { key: entry.key.clone(), start: entry.key_span.start, end: entry.value.span.end.max(entry.key_span.end) }
}
