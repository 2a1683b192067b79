//! Merging YAML by key path: the lines of each entry are taken from the side that changed them, comments and quotes and
//! all; an entry that both changed is merged inside, and only what both changed differently is a conflict.

use super::block::{Block, Form, Kind, Part, indent, shifted};
use super::diff3::{Chunk, chunks};
use super::gathered::{Gathered, Out};
use super::part::{
    Both, comments, comments_of, edited, has_form, head, is_as_before, is_paired, kind, merged_comments,
};
use super::piece::{Pick, Piece, conflict, has_conflict, merge_lines, resolved};
use super::three::{Three, Verdict};
use super::value::{self, Lists, is_unit, is_units, join};
use super::{From, Note, Place, order};

/// Walks down the key paths and notes on the way who changed what.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) notes: Vec<Note>,
    /// Comments above what one side took away and the other brought back, which the first may have at its end now.
    back: Vec<String>,
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
            let part = parts.as_ref().map(|parts| parts.get(key).copied());
            let mut out = self.entry(&join(path, key), part, false);
            let lacks =
                if part.ours.is_none() { Some(blocks.ours) } else { part.theirs.is_none().then_some(blocks.theirs) };
            if let (Some(base), Some(side), Some(Piece::Lines(first))) = (part.base, lacks, out.pieces.first_mut()) {
                // Who took the entry away has kept these comments, above something else.
                let is_kept = |line: &String| side.parts.iter().any(|part| part.above.contains(line));
                first.retain(|line| !base.above.contains(line) || !is_kept(line));
            }
            gathered.add(key, out);
        }
        let tail = blocks.map(|block| self.without_back(&block.tail));
        self.back.clear();
        let tail = self.trivia(path, tail.as_ref().map(Vec::as_slice));
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
                    Some(base) => self
                        .emptied(path, base, left, part)
                        .unwrap_or_else(|| self.conflict(path, Three::new(Some(base), part.ours, part.theirs), true)),
                }
            }
        }
    }

    /// One side took away all that a map or list of pins held, and the other changed what it holds.
    fn emptied(&mut self, path: &[String], base: &Part, left: &Part, part: Three<Option<&Part>>) -> Option<Out> {
        let is_whole = |part: &Part| part.form == Form::Below && is_units(&part.value);
        if !is_whole(base) || !is_whole(left) {
            return None;
        }
        let known = self.notes.len();
        let below = part.map(|part| part.map_or(&[][..], Part::below));
        let merged = self.block(path, below);
        let Some(out) = merged.filter(|out| out.ours.is_some() && !has_conflict(&out.pieces)) else {
            self.notes.truncate(known);
            return None;
        };
        let head = [&left.above[..], left.head()].concat();
        self.back.extend(left.above.iter().filter(|line| base.above.contains(line)).cloned());
        Some(Out { pieces: std::iter::once(Piece::Lines(head)).chain(out.pieces).collect(), ..out })
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
        let is_new = |line: &String| part.base.is_none_or(|base| base.head() != std::slice::from_ref(line));
        let says_nothing = |piece: &Piece| matches!(piece, Piece::Lines(lines) if lines.is_empty());
        if is_units(&part.ours.value) && !head.iter().any(is_new) && out.pieces.iter().all(says_nothing) {
            return Some(Out::default());
        }
        // A map that lost all its keys would read as nothing at all, so the whole entry is settled in another way.
        let pieces = std::iter::once(Piece::Lines(head)).chain(out.pieces).collect();
        (out.ours.is_some() && out.theirs.is_some()).then_some(Out { pieces, ..out })
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

    fn without_back(&self, lines: &[String]) -> Vec<String> {
        lines.iter().filter(|line| !self.back.contains(line)).cloned().collect()
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
