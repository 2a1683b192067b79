//! Merging YAML by key path: the lines of each entry are taken from the side that changed them, comments and quotes and
//! all; an entry that both changed is merged inside, and only what both changed differently is a conflict.

use std::collections::BTreeSet;

use crate::format::{Dialect, Document, edit, yaml};
use crate::model::{Map, Value};

use super::block::{Block, Form, Kind, Part, indent, shifted};
use super::diff3::{Chunk, chunks};
use super::piece::{Pick, Piece, conflict, has_conflict, merge_lines, resolved};
use super::three::{Three, Verdict};
use super::value::{self, Lists, is_unit, join};
use super::{From, Note, Place, order};

/// Merged lines, and the value they must mean once every conflict in them is settled for one side. No value: the entry
/// is gone.
#[derive(Debug, Clone, Default)]
pub(super) struct Out {
    pub(super) pieces: Vec<Piece>,
    pub(super) ours: Option<Value>,
    pub(super) theirs: Option<Value>,
}

impl Out {
    fn kept(lines: Vec<String>, value: &Value) -> Out {
        Out { pieces: vec![Piece::Lines(lines)], ours: Some(value.clone()), theirs: Some(value.clone()) }
    }
}

/// Walks down the key paths and notes on the way who changed what.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) notes: Vec<Note>,
}

impl Fields {
    /// Merge lines that hold a map or a list. None where they are not written so that this can be done.
    pub(super) fn block(&mut self, path: &[String], three: Three<&[String]>) -> Option<Out> {
        let blocks = three.map(Block::read).complete()?;
        let kind = kind(&blocks)?;
        let columns = blocks.as_ref().map(|block| Some(block.column).filter(|_| block.kind != Kind::Empty));
        let column = columns.settled().flatten().or(columns.ours).or(columns.theirs).unwrap_or(0);
        let blocks = blocks.map(|block| block.at_column(column));
        match kind {
            Kind::List => self.list(path, blocks.as_ref()),
            Kind::Map | Kind::Empty => Some(self.map(path, blocks.as_ref())),
        }
    }

    fn map(&mut self, path: &[String], blocks: Three<&Block>) -> Out {
        let (keys, parts) = (blocks.map(Block::keys), blocks.map(Block::by_key));
        let mut gathered = Gathered::default();
        for key in order::merged(keys.as_ref().map(Vec::as_slice)) {
            let out = self.entry(&join(path, key), parts.as_ref().map(|parts| parts.get(key).copied()), false);
            gathered.add(key, out);
        }
        let tail = self.trivia(path, blocks.map(|block| &block.tail[..]));
        gathered.map(tail)
    }

    fn list(&mut self, path: &[String], blocks: Three<&Block>) -> Option<Out> {
        let values = blocks.map(|block| block.parts.iter().map(|part| part.value.clone()).collect::<Vec<_>>());
        let lists = Lists::of(path, values.as_ref().map(Vec::as_slice));
        let mut gathered = Gathered::default();
        if lists == Lists::Sequence {
            self.sequence(path, blocks, &mut gathered);
        } else {
            let named = blocks.map(|block| {
                let name = |part: &Part| Part { key: lists.name(&part.value).unwrap_or_default(), ..part.clone() };
                Block { parts: block.parts.iter().map(name).collect(), ..block.clone() }
            });
            let (keys, parts) = (named.as_ref().map(Block::keys), named.as_ref().map(Block::by_key));
            for key in order::merged(keys.as_ref().map(Vec::as_slice)) {
                let out = self.entry(&join(path, key), parts.as_ref().map(|parts| parts.get(key).copied()), true);
                gathered.add("", out);
            }
        }
        let tail = self.trivia(path, blocks.map(|block| &block.tail[..]));
        Some(gathered.list(tail))
    }

    fn sequence(&mut self, path: &[String], blocks: Three<&Block>, gathered: &mut Gathered) {
        let texts = blocks.map(|block| block.parts.iter().map(|part| &part.own).collect::<Vec<_>>());
        for chunk in chunks(texts.as_ref().map(Vec::as_slice)) {
            let (Chunk::Stable(at) | Chunk::Changed(at)) = chunk.clone();
            let part = Three {
                base: &blocks.base.parts[at.base],
                ours: &blocks.ours.parts[at.ours.clone()],
                theirs: &blocks.theirs.parts[at.theirs],
            };
            let place = |index: usize| join(path, &(at.ours.start + index).to_string());
            if matches!(chunk, Chunk::Stable(_)) || is_paired(part) {
                for index in 0..part.base.len() {
                    let out = self.entry(&place(index), part.map(|parts| Some(&parts[index])), true);
                    gathered.add("", out);
                }
            } else {
                self.run(&place(0), part, gathered);
            }
        }
    }

    /// Items that stand for each other nowhere: one side's are taken, or all stand in a conflict.
    fn run(&mut self, path: &[String], part: Three<&[Part]>, gathered: &mut Gathered) {
        let lines = part.map(|parts| parts.iter().flat_map(Part::lines).collect::<Vec<_>>());
        let values = part.map(|parts| parts.iter().map(|part| part.value.clone()).collect::<Vec<_>>());
        let verdict = lines.verdict();
        let place = Place::Field(path.to_vec());
        self.note(path, verdict);
        if verdict == Verdict::Differ {
            gathered.pieces.push(conflict(&place, lines.as_ref().map(Vec::as_slice)));
            gathered.values(values.ours, values.theirs);
        } else {
            let (lines, values) =
                if verdict == Verdict::Theirs { (lines.theirs, values.theirs) } else { (lines.ours, values.ours) };
            gathered.pieces.push(Piece::Lines(lines));
            gathered.values(values.clone(), values);
        }
    }

    /// An entry of a map, or an item of a list, where a side that lacks it has removed it or never had it.
    fn entry(&mut self, path: &[String], part: Three<Option<&Part>>, item: bool) -> Out {
        match (part.ours, part.theirs) {
            (Some(ours), Some(theirs)) => self.both(path, Both { base: part.base, ours, theirs }, item),
            (None, None) => Out::default(),
            (Some(left), None) | (None, Some(left)) => {
                let from = if part.ours.is_some() { Verdict::Ours } else { Verdict::Theirs };
                let removed = if part.ours.is_none() { Verdict::Ours } else { Verdict::Theirs };
                match part.base {
                    None => {
                        self.note(path, from);
                        Out::kept(left.lines(), &left.value)
                    }
                    Some(base) if is_as_before(base, left) => {
                        self.note(path, removed);
                        Out::default()
                    }
                    Some(base) => self.conflict(path, Three::new(Some(base), part.ours, part.theirs), true),
                }
            }
        }
    }

    fn both(&mut self, path: &[String], part: Both<'_>, item: bool) -> Out {
        let lines = Three::new(part.base.map(|base| &base.own), Some(&part.ours.own), Some(&part.theirs.own));
        let above = Three::new(part.base.map_or(&[][..], |base| &base.above), &part.ours.above, &part.theirs.above);
        let mut pieces = self.trivia(path, above);
        let verdict = lines.verdict();
        let own = match verdict {
            Verdict::Theirs => Out::kept(part.theirs.own.clone(), &part.theirs.value),
            Verdict::Differ => self.inside(path, part, item),
            Verdict::Same | Verdict::Ours | Verdict::Both => Out::kept(part.ours.own.clone(), &part.ours.value),
        };
        self.note(path, if verdict == Verdict::Differ { Verdict::Same } else { verdict });
        pieces.extend(own.pieces);
        Out { pieces, ..own }
    }

    /// Both sides changed the entry.
    fn inside(&mut self, path: &[String], part: Both<'_>, item: bool) -> Out {
        let known = self.notes.len();
        let merged = self
            .nested(path, part)
            .or_else(|| self.dashed(path, part))
            .or_else(|| self.text(path, part))
            .or_else(|| self.inline(path, part, item));
        merged.unwrap_or_else(|| {
            self.notes.truncate(known);
            self.conflict(path, Three::new(part.base, Some(part.ours), Some(part.theirs)), false)
        })
    }

    /// A map or list below its key.
    fn nested(&mut self, path: &[String], part: Both<'_>) -> Option<Out> {
        if !has_form(part, |form| form == Form::Below) || is_unit(&part.ours.value) || is_unit(&part.theirs.value) {
            return None;
        }
        let head = head(part)?;
        let below = Three::new(part.base.map_or(&[][..], Part::below), part.ours.below(), part.theirs.below());
        let out = self.block(path, below)?;
        // A map that lost all its keys would read as nothing at all, so the whole entry is settled in another way.
        let is_left = |value: &Option<Value>| value.is_some();
        let pieces = std::iter::once(Piece::Lines(head)).chain(out.pieces).collect();
        (is_left(&out.ours) && is_left(&out.theirs)).then_some(Out { pieces, ..out })
    }

    /// A map that begins on the line of its dash: without the dash it is a block like any other.
    fn dashed(&mut self, path: &[String], part: Both<'_>) -> Option<Out> {
        if !has_form(part, |form| matches!(form, Form::Dashed(_))) || is_unit(&part.ours.value) {
            return None;
        }
        let bare = |part: &Part| {
            let mut lines = part.own.clone();
            let dash = indent(&lines[0]);
            lines[0].replace_range(dash..=dash, " ");
            lines
        };
        let column = indent(&part.ours.own[0]);
        let lines = Three::new(part.base.map(bare).unwrap_or_default(), bare(part.ours), bare(part.theirs));
        let mut out = self.block(path, lines.as_ref().map(Vec::as_slice))?;
        out.pieces.retain(|piece| !matches!(piece, Piece::Lines(lines) if lines.is_empty()));
        let Some(Piece::Lines(first)) = out.pieces.first_mut() else { return None };
        if indent(&first[0]) <= column || first[0].trim().is_empty() {
            return None;
        }
        first[0].replace_range(column..=column, "-");
        (out.ours.is_some() && out.theirs.is_some()).then_some(out)
    }

    /// A text after `|` or `>`, by its lines.
    fn text(&mut self, path: &[String], part: Both<'_>) -> Option<Out> {
        if !has_form(part, |form| form == Form::Text) {
            return None;
        }
        let head = head(part)?;
        let below = Three::new(part.base.map_or(&[][..], Part::below), part.ours.below(), part.theirs.below());
        let column = |lines: &[String]| lines.iter().find(|line| !line.trim().is_empty()).map(|line| indent(line));
        let columns = below.map(column);
        let to = columns.settled().flatten().or(columns.ours).or(columns.theirs)?;
        let moved = |lines: &[String]| {
            let from = column(lines).unwrap_or(to);
            lines.iter().map(|line| shifted(line.clone(), from, to)).collect::<Vec<_>>()
        };
        let below = below.map(moved);
        let merged = merge_lines(&Place::Field(path.to_vec()), below.as_ref().map(Vec::as_slice));
        let value = |pick: Pick| {
            let lines = [&head[..], &resolved(&merged, pick)].concat();
            Block::read(&lines).filter(|block| block.parts.len() == 1)?.parts.pop().map(|part| part.value)
        };
        let (ours, theirs) = (value(Pick::Ours)?, value(Pick::Theirs)?);
        let from = if has_conflict(&merged) { From::Conflict } else { From::Merged };
        self.notes.push(Note { place: Place::Field(path.to_vec()), from });
        let pieces = std::iter::once(Piece::Lines(head)).chain(merged).collect();
        Some(Out { pieces, ours: Some(ours), theirs: Some(theirs) })
    }

    /// Anything else, by its value: the merged value is put into our lines, or into theirs if those hold the comments.
    fn inline(&mut self, path: &[String], part: Both<'_>, item: bool) -> Option<Out> {
        let Both { base, ours, theirs } = part;
        let values = Three::new(base.map(|base| &base.value), Some(&ours.value), Some(&theirs.value));
        let value = value::merge(path, values)??;
        let comments = Three::new(base.map(comments).unwrap_or_default(), comments(ours), comments(theirs));
        let put = |side| edited(side, &value, item).filter(|lines| comments_of(lines) == merged_comments(&comments));
        let lines = put(ours).or_else(|| put(theirs))?;
        self.notes.push(Note { place: Place::Field(path.to_vec()), from: From::Merged });
        Some(Out::kept(lines, &value))
    }

    /// The entry as each side has it.
    fn conflict(&mut self, path: &[String], part: Three<Option<&Part>>, with_comments: bool) -> Out {
        let lines = |part: Option<&Part>| match part {
            Some(part) if with_comments => part.lines(),
            Some(part) => part.own.clone(),
            None => Vec::new(),
        };
        let place = Place::Field(path.to_vec());
        self.notes.push(Note { place: place.clone(), from: From::Conflict });
        let value = |part: Option<&Part>| part.map(|part| part.value.clone());
        let lines = part.map(lines);
        Out {
            pieces: vec![conflict(&place, lines.as_ref().map(Vec::as_slice))],
            ours: value(part.ours),
            theirs: value(part.theirs),
        }
    }

    /// Comments and empty lines.
    fn trivia(&mut self, path: &[String], three: Three<&[String]>) -> Vec<Piece> {
        let blank = |lines: &[String]| lines.iter().all(|line| line.trim().is_empty());
        match three.verdict() {
            Verdict::Theirs => vec![Piece::Lines(three.theirs.to_vec())],
            Verdict::Differ if blank(three.theirs) && blank(three.base) => vec![Piece::Lines(three.ours.to_vec())],
            Verdict::Differ if blank(three.ours) && blank(three.base) => vec![Piece::Lines(three.theirs.to_vec())],
            Verdict::Differ => {
                let pieces = merge_lines(&Place::Field(path.to_vec()), three);
                if has_conflict(&pieces) {
                    self.notes.push(Note { place: Place::Field(path.to_vec()), from: From::Conflict });
                }
                pieces
            }
            Verdict::Same | Verdict::Ours | Verdict::Both => vec![Piece::Lines(three.ours.to_vec())],
        }
    }

    fn note(&mut self, path: &[String], verdict: Verdict) {
        if let Some(from) = From::of(verdict) {
            self.notes.push(Note { place: Place::Field(path.to_vec()), from });
        }
    }
}

/// A part that both sides have; what they came from may not have had it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Both<'p> {
    base: Option<&'p Part>,
    ours: &'p Part,
    theirs: &'p Part,
}

/// The parts of a map or list, put together.
#[derive(Debug, Default)]
struct Gathered {
    pieces: Vec<Piece>,
    ours: Vec<(String, Value)>,
    theirs: Vec<(String, Value)>,
}

impl Gathered {
    fn add(&mut self, key: &str, out: Out) {
        self.pieces.extend(out.pieces);
        self.ours.extend(out.ours.map(|value| (key.to_owned(), value)));
        self.theirs.extend(out.theirs.map(|value| (key.to_owned(), value)));
    }

    fn values(&mut self, ours: Vec<Value>, theirs: Vec<Value>) {
        self.ours.extend(ours.into_iter().map(|value| (String::new(), value)));
        self.theirs.extend(theirs.into_iter().map(|value| (String::new(), value)));
    }

    fn map(self, tail: Vec<Piece>) -> Out {
        self.out(tail, |entries| Value::Object(entries.into_iter().collect::<Map>()))
    }

    fn list(self, tail: Vec<Piece>) -> Out {
        self.out(tail, |items| Value::Array(items.into_iter().map(|(_, item)| item).collect()))
    }

    fn out(mut self, tail: Vec<Piece>, whole: fn(Vec<(String, Value)>) -> Value) -> Out {
        self.pieces.extend(tail);
        let value = |parts: Vec<(String, Value)>| (!parts.is_empty()).then(|| whole(parts));
        Out { pieces: self.pieces, ours: value(self.ours), theirs: value(self.theirs) }
    }
}

/// What all three are; an empty one goes along with the others.
fn kind(blocks: &Three<Block>) -> Option<Kind> {
    let mut kinds = blocks.as_ref().sides().map(|block| block.kind).into_iter().filter(|kind| *kind != Kind::Empty);
    let first = kinds.next().unwrap_or_default();
    kinds.all(|kind| kind == first).then_some(first)
}

fn has_form(part: Both<'_>, is: impl Fn(Form) -> bool) -> bool {
    is(part.ours.form) && is(part.theirs.form) && part.base.is_none_or(|base| is(base.form))
}

/// The line of the key, unless both sides changed it.
fn head(part: Both<'_>) -> Option<Vec<String>> {
    let base = part.base.map_or(part.ours.head(), Part::head);
    let head = Three::new(base, part.ours.head(), part.theirs.head());
    match part.base {
        None if head.ours != head.theirs => None,
        _ => head.settled().map(<[String]>::to_vec),
    }
}

/// Whether a part has stayed what it was; comments that moved to a new neighbour are no change.
fn is_as_before(base: &Part, left: &Part) -> bool {
    let known = |line: &String| line.trim().is_empty() || base.above.contains(line);
    base.own == left.own && left.above.iter().all(known)
}

/// Whether items at the same places are the same items: none has come from another place, and those that both sides
/// changed still share something.
fn is_paired(part: Three<&[Part]>) -> bool {
    let count = part.base.len();
    if count == 0 || part.ours.len() != count || part.theirs.len() != count {
        return false;
    }
    let stays = |side: &[Part]| {
        let moved =
            |at: usize| part.base.iter().enumerate().any(|(other, base)| other != at && base.own == side[at].own);
        (0..count).all(|at| side[at].own == part.base[at].own || !moved(at))
    };
    let alike = |at: usize| {
        let items = part.map(|parts| &parts[at]);
        items.map(|item| &item.own).verdict() != Verdict::Differ
            || shares(&items.base.value, &items.ours.value) && shares(&items.base.value, &items.theirs.value)
    };
    stays(part.ours) && stays(part.theirs) && (0..count).all(alike)
}

/// Whether two maps have an entry in common.
fn shares(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return false };
    one.iter().any(|(key, value)| other.get(key) == Some(value))
}

/// Our lines of a part with another value, written as we write.
fn edited(part: &Part, value: &Value, item: bool) -> Option<Vec<String>> {
    if part.value == *value {
        return Some(part.own.clone());
    }
    let text = part.own.join("\n");
    let document = Document::split("merge", text.as_bytes(), Dialect::Sidecar).ok()?;
    let key = if item { "0" } else { &part.key };
    let text = edit::set(&document, &[key], value).ok()?;
    Some(text.lines().map(str::to_owned).collect())
}

/// The comments of a part, in no order.
fn comments(part: &Part) -> BTreeSet<String> {
    comments_of(&part.own)
}

fn comments_of(lines: &[String]) -> BTreeSet<String> {
    yaml::read(&lines.join("\n"), 0).comments.into_iter().map(|comment| comment.text).collect()
}

/// Every comment that a side added, and those that neither took away.
fn merged_comments(three: &Three<BTreeSet<String>>) -> BTreeSet<String> {
    let stays = |text: &&String| {
        let (ours, theirs) = (three.ours.contains(*text), three.theirs.contains(*text));
        if three.base.contains(*text) { ours && theirs } else { true }
    };
    three.ours.union(&three.theirs).filter(stays).cloned().collect()
}
