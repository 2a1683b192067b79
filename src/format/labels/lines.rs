//! The layout that palc writes, line by line: a hundred thousand labels are read so in a moment, where YAML as a whole
//! takes seconds. A file with anything else in it is left to the reader of YAML.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Edit, Span};
use crate::format::yaml;
use crate::model::{Labels, Pin};

use super::write::{self, Lines};
use super::{Entry, SECTIONS};

/// What the lines of a file say, and where each prompt stands.
#[derive(Debug, Default)]
pub struct Layout<'a> {
    pub entries: Vec<Entry>,
    /// The prompts of the sections, in the order of their ids.
    blocks: [Vec<Block<'a>>; 2],
    /// The section that is being read.
    section: Option<usize>,
}

/// The lines of a prompt in a section.
#[derive(Debug)]
struct Block<'a> {
    id: &'a str,
    id_span: Span,
    start: usize,
    /// Where the line of the id ends and those of its pins begin.
    pins: usize,
    end: usize,
    /// What the pin that was read last is sorted by.
    last: Option<(&'a str, Pin)>,
}

/// Read a file, if it is one that palc could have written.
pub fn read(text: &str) -> Option<Layout<'_>> {
    let mut layout = Layout::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        layout.line(at, line.strip_suffix('\n')?)?;
        at += line.len();
    }
    layout.is_closed().then_some(layout)
}

impl<'a> Layout<'a> {
    fn line(&mut self, at: usize, line: &'a str) -> Option<()> {
        let section = line.strip_suffix(':').and_then(|name| SECTIONS.iter().position(|section| *section == name));
        match (section, line.bytes().take_while(|&byte| byte == b' ').count()) {
            (Some(section), _) => {
                let is_first = self.section != Some(section) && self.blocks[section].is_empty();
                (is_first && self.is_closed()).then(|| self.section = Some(section))
            }
            (None, 0) => (self.section.is_none() && line.starts_with('#') && is_comment(line)).then_some(()),
            (None, 2) => self.prompt(at, &line[2..]),
            (None, 4) => self.pin(at + 4, &line[4..]),
            _ => None,
        }
    }

    /// Whether no section and no prompt is left without anything in it.
    fn is_closed(&self) -> bool {
        let Some(section) = self.section else { return true };
        self.blocks[section].last().is_some_and(|block| block.last.is_some())
    }

    fn prompt(&mut self, at: usize, line: &'a str) -> Option<()> {
        let (id, comment) = line.split_once(':')?;
        let blocks = &mut self.blocks[self.section?];
        let in_order = blocks.last().is_none_or(|block| block.id < id && block.last.is_some());
        let is_told = comment.is_empty() || comment.strip_prefix(" # ").is_some_and(is_comment);
        if !in_order || !is_told || !write::is_plain(id) {
            return None;
        }
        let (id_span, pins) = (Span::new(at + 2, at + 2 + id.len()), at + 2 + line.len() + 1);
        blocks.push(Block { id, id_span, start: at, pins, end: pins, last: None });
        Some(())
    }

    fn pin(&mut self, at: usize, line: &'a str) -> Option<()> {
        let section = self.section?;
        let block = self.blocks[section].last_mut()?;
        let (label, text) = match SECTIONS[section] {
            "labels" => line.split_once(": ").filter(|(label, _)| write::is_plain(label))?,
            _ => ("", line.strip_prefix("- ")?),
        };
        let (version, blob) = text.strip_prefix("{version: ")?.strip_suffix('}')?.split_once(", blob: ")?;
        let pin = Pin { version: number(version)?, blob: is_blob(blob).then(|| blob.to_owned())? };
        let blob_end = at + line.len() - 1;
        let blob_span = Span::new(blob_end - blob.len(), blob_end);
        let version_end = blob_span.start - ", blob: ".len();
        let version_span = Span::new(version_end - version.len(), version_end);
        let span = match label {
            "" => Span::new(at + 2, at + line.len()),
            _ => Span::new(at, at + label.len()),
        };
        let in_order = block.last.as_ref().is_none_or(|(before, other)| match label {
            "" => *other < pin,
            _ => *before < label,
        });
        if !in_order {
            return None;
        }
        block.last = Some((label, pin.clone()));
        block.end = at + line.len() + 1;
        let label = (!label.is_empty()).then(|| label.to_owned());
        let (id, id_span) = (block.id.to_owned(), block.id_span);
        self.entries.push(Entry { id, id_span, label, span, pin, version_span, blob_span });
        Some(())
    }

    /// What must change for the file to say something else; nothing if a section comes or goes.
    pub fn edits(&self, old: &Labels, new: &Labels, name: &dyn Fn(&str) -> Option<String>) -> Option<Vec<Edit>> {
        let [labels, inactive] = &self.blocks;
        let mut edits = changes(labels, &old.pins, &new.pins, write::on, name)?;
        edits.extend(changes(inactive, &old.inactive, &new.inactive, |pins| write::off(pins), name)?);
        Some(edits)
    }
}

fn changes<'l, T: PartialEq>(
    blocks: &[Block<'_>],
    old: &BTreeMap<String, T>,
    new: &'l BTreeMap<String, T>,
    lines: impl Fn(&'l T) -> Lines<'l>,
    name: &dyn Fn(&str) -> Option<String>,
) -> Option<Vec<Edit>> {
    let goes = old.iter().filter(|(id, said)| new.get(*id) != Some(said));
    let comes = new.iter().filter(|(id, _)| !old.contains_key(*id));
    let changed: BTreeSet<&str> = goes.chain(comes).map(|(id, _)| id.as_str()).collect();
    if !changed.is_empty() && (blocks.is_empty() || new.is_empty()) {
        return None;
    }
    let text = |lines: Vec<String>| lines.into_iter().map(|line| line + "\n").collect();
    let edit = |id| match (blocks.binary_search_by_key(&id, |block| block.id), new.get(id).map(&lines)) {
        (Ok(at), None) => Edit { span: Span::new(blocks[at].start, blocks[at].end), text: String::new() },
        (Ok(at), Some(lines)) => {
            Edit { span: Span::new(blocks[at].pins, blocks[at].end), text: text(write::below(&lines, 2)) }
        }
        (Err(at), said) => {
            let at = blocks.get(at).map_or(blocks[blocks.len() - 1].end, |next| next.start);
            let lines = said.map(|lines| write::whole(id, &lines, 2, name)).unwrap_or_default();
            Edit { span: Span::at(at), text: text(lines) }
        }
    };
    Some(changed.into_iter().map(edit).collect())
}

/// Nothing that YAML might take for anything else.
fn is_comment(text: &str) -> bool {
    text.chars().all(|char| char == ' ' || char.is_alphanumeric() || char.is_ascii_punctuation())
}

fn number(text: &str) -> Option<u32> {
    let is_usual = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_usual)
}

fn is_blob(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    matches!(text.len(), 40 | 64) && text.bytes().all(hex) && yaml::plain(text).is_string()
}
