//! Three-way merging of prompt files by field: bytes in, bytes and conflicts out, nothing read and nothing written.
//!
//! The front matter is merged by key path ([`fields`]), sets as sets and records by their names; the body by message,
//! then by paragraph, then by line ([`body`]). Lines are taken whole from the side that changed them, so comments, order
//! and quotes come along; only an entry that both sides changed on one line is edited.
//!
//! Nothing is lost and nothing is invented: what both sides changed differently stands between git's markers, on lines of
//! its own inside the field it is about. Such a file still splits into front matter and body, and its front matter is no
//! YAML until the conflict is settled, so no reader takes one side for the truth. What a merge should mean is computed
//! beside its lines, and the result is read again; if it says anything else, or if a file is not understood in the
//! first place, the lines are merged as git does.

mod block;
mod body;
mod diff3;
mod fields;
mod order;
mod piece;
mod text;
mod three;
mod value;

use std::collections::HashSet;
use std::fmt;

use crate::format::{Dialect, Document, naming};
use crate::model::{Map, Value};

use fields::Fields;
use piece::{Pick, Piece, has_conflict, merge_lines, resolved, written};
use text::{Frame, Text};
use three::Verdict;

pub use three::Three;

/// How conflicts are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub labels: Three<String>,
    pub marker_size: usize,
    pub style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    #[default]
    Merge,
    /// With what both sides came from.
    Diff3,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub bytes: Vec<u8>,
    /// In the order of their lines; none means that the merge is clean.
    pub conflicts: Vec<Conflict>,
    /// What was changed, and by whom.
    pub notes: Vec<Note>,
    pub how: How,
}

/// What both sides changed, each in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub place: Place,
    /// The line of the first marker in the merged file, from 1; 0 where the file has no lines to mark.
    pub line: usize,
    pub base: Vec<String>,
    pub ours: Vec<String>,
    pub theirs: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A path of keys.
    Field(Vec<String>),
    /// The body, or one of its messages by its marker.
    Body { message: Option<String> },
    /// Lines of a file that was not understood.
    Lines,
}

/// Who changed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub place: Place,
    pub from: From,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Ours,
    Theirs,
    /// Both, in the same way.
    Both,
    /// Both, and the changes go together.
    Merged,
    /// Both, and the changes do not.
    Conflict,
}

/// How a file was merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// One side is the result as it stands.
    Side,
    Fields,
    /// By lines, as git does, and why.
    Lines(&'static str),
    /// The file is no text; it stays ours.
    Binary,
}

impl Default for Options {
    fn default() -> Self {
        let labels = Three::new("base", "ours", "theirs").map(str::to_owned);
        Options { labels, marker_size: 7, style: Style::default() }
    }
}

impl From {
    fn of(verdict: Verdict) -> Option<From> {
        match verdict {
            Verdict::Same => None,
            Verdict::Ours => Some(From::Ours),
            Verdict::Theirs => Some(From::Theirs),
            Verdict::Both => Some(From::Both),
            Verdict::Differ => Some(From::Conflict),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Field(path) if path.is_empty() => f.write_str("front matter"),
            Place::Field(path) => f.write_str(&path.join(".")),
            Place::Body { message: Some(message) } => write!(f, "{message} message"),
            Place::Body { message: None } => f.write_str("body"),
            Place::Lines => f.write_str("lines"),
        }
    }
}

impl From {
    /// The stable word in output.
    pub fn word(self) -> &'static str {
        match self {
            From::Ours => "ours",
            From::Theirs => "theirs",
            From::Both => "both",
            From::Merged => "merged",
            From::Conflict => "conflict",
        }
    }
}

impl Merged {
    pub fn is_clean(&self) -> bool {
        self.conflicts.is_empty()
    }
}

/// Merge the three versions of a file. The path says which format it has.
pub fn merge(path: &str, files: Three<&[u8]>, options: &Options) -> Merged {
    let side = |bytes: &[u8], how| Merged { bytes: bytes.to_vec(), conflicts: Vec::new(), notes: Vec::new(), how };
    if files.verdict() != Verdict::Differ {
        let bytes = files.settled().unwrap_or(files.ours);
        return Merged { notes: notes_of_side(path, files), ..side(bytes, How::Side) };
    }
    let Some(texts) = text::read(files) else {
        let conflict =
            Conflict { place: Place::Lines, line: 0, base: Vec::new(), ours: Vec::new(), theirs: Vec::new() };
        return Merged { conflicts: vec![conflict], ..side(files.ours, How::Binary) };
    };
    let frame = Frame::merged(texts.as_ref().map(|text| text.frame));
    let Draft { pieces, notes, how } = draft(path, &texts);
    let ends_in_marker = matches!(pieces.iter().rev().find(|piece| !is_empty(piece)), Some(Piece::Conflict(_)));
    let (lines, conflicts) = written(pieces, options);
    Merged { bytes: frame.bytes(&lines, ends_in_marker), conflicts, notes, how }
}

fn is_empty(piece: &Piece) -> bool {
    matches!(piece, Piece::Lines(lines) if lines.is_empty())
}

/// A merge before its conflicts are written out.
struct Draft {
    pieces: Vec<Piece>,
    notes: Vec<Note>,
    how: How,
}

fn draft(path: &str, texts: &Three<Text>) -> Draft {
    let lines = texts.as_ref().map(|text| &text.lines[..]);
    if texts.ours.frame.raw {
        return by_lines(lines, "it is not UTF-8");
    }
    let Some(dialect) = dialect(path) else { return by_lines(lines, "it is no prompt") };
    let files = lines.map(|lines| lines.iter().flat_map(|line| [line, "\n"]).collect::<String>());
    let by_lines = match by_fields(path, dialect, files.as_ref().map(String::as_str)) {
        Ok(draft) => return draft,
        Err(why) => by_lines(lines, why),
    };
    let result: String = resolved(&by_lines.pieces, Pick::Ours).iter().flat_map(|line| [line, "\n"]).collect();
    let sound = |text: &str| is_sound(path, dialect, text);
    if has_conflict(&by_lines.pieces) || sound(&result) || !sound(&files.ours) || !sound(&files.theirs) {
        return by_lines;
    }
    // Two good files must not silently become a bad one, say with a key that stands twice.
    let pieces = vec![piece::conflict(&Place::Lines, lines)];
    Draft { pieces, notes: vec![Note { place: Place::Lines, from: From::Conflict }], ..by_lines }
}

fn is_sound(path: &str, dialect: Dialect, text: &str) -> bool {
    Document::split(path, text.as_bytes(), dialect).is_ok_and(|document| document.tree().problems.is_empty())
}

/// How a file is split: prompts as their format has it, and whatever is YAML as a whole. Other files are left to lines:
/// what may stand beside each other in a text need not in a program.
fn dialect(path: &str) -> Option<Dialect> {
    let is_yaml = [".yaml", ".yml"].iter().any(|suffix| path.ends_with(suffix));
    match Dialect::of_path(path) {
        dialect if naming::is_prompt_file(path) => Some(dialect),
        dialect if is_yaml => Some(if dialect == Dialect::Llm { dialect } else { Dialect::Sidecar }),
        _ => None,
    }
}

fn by_lines(lines: Three<&[String]>, why: &'static str) -> Draft {
    let pieces = merge_lines(&Place::Lines, lines);
    let from = if has_conflict(&pieces) { From::Conflict } else { From::Merged };
    Draft { pieces, notes: vec![Note { place: Place::Lines, from }], how: How::Lines(why) }
}

/// What one side alone changed, told by the same walk as any merge.
fn notes_of_side(path: &str, files: Three<&[u8]>) -> Vec<Note> {
    match text::read(files) {
        Some(texts) if files.verdict() != Verdict::Same => draft(path, &texts).notes,
        _ => Vec::new(),
    }
}

/// A file in its parts, each as lines.
struct Parts {
    /// What stands before the front matter, its fence among it.
    opening: Vec<String>,
    front: Vec<String>,
    closing: Vec<String>,
    body: Vec<String>,
    has_front: bool,
}

impl Parts {
    fn of(document: &Document<'_>) -> Parts {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let body = lines(document.body_text());
        match document.front {
            None => Parts { opening: Vec::new(), front: Vec::new(), closing: Vec::new(), body, has_front: false },
            Some(front) => Parts {
                opening: lines(&document.text[..front.start]),
                front: lines(document.front_text()),
                closing: lines(&document.text[front.end..document.body.start]),
                body,
                has_front: true,
            },
        }
    }
}

fn by_fields(path: &str, dialect: Dialect, files: Three<&str>) -> Result<Draft, &'static str> {
    let split = |text| Document::split(path, str::as_bytes(text), dialect).ok();
    let documents = files.map(split).complete().ok_or("one version cannot be split into front matter and body")?;
    if documents.as_ref().map(|document| document.dialect).settled().is_none() {
        return Err("the versions are of different formats");
    }
    let parts = documents.as_ref().map(Parts::of);
    let has_front = parts.as_ref().map(|parts| parts.has_front);
    if crosses_fence(&parts.base, &parts.ours) || crosses_fence(&parts.base, &parts.theirs) {
        return Err("lines went from the front matter to the body or back");
    }
    let mut fields = Fields::default();
    let mut pieces = Vec::new();
    let mut front = None;
    if has_front.ours && has_front.theirs {
        let frame = |of: fn(&Parts) -> &[String]| {
            let lines = parts.as_ref().map(of);
            let base = if has_front.base { lines.base } else { lines.ours };
            Three { base, ..lines }
                .settled()
                .map(<[String]>::to_vec)
                .ok_or("what stands around the front matter differs")
        };
        let lines = parts.as_ref().map(|parts| &parts.front[..]);
        let out = fields.block(&[], lines).ok_or("a front matter is not written so that it can be merged by field")?;
        pieces.push(Piece::Lines(frame(|parts| &parts.opening)?));
        pieces.extend(out.pieces);
        pieces.push(Piece::Lines(frame(|parts| &parts.closing)?));
        front = Some((out.ours, out.theirs));
    } else if has_front.base || has_front.ours || has_front.theirs {
        return Err("only some versions have a front matter");
    }
    let from = pieces.len();
    pieces.extend(body::merge_body(parts.as_ref().map(|parts| &parts.body[..]), &mut fields.notes));
    let (ours, theirs) = front.unwrap_or_default();
    for (pick, value) in [(Pick::Ours, ours), (Pick::Theirs, theirs)] {
        prove(path, dialect, &pieces, from, pick, value)?;
    }
    Ok(Draft { pieces, notes: fields.notes, how: How::Fields })
}

/// Whether lines went from the front matter to the body or back, as they do when a fence is put in or taken out. Then
/// fields that only seem to be removed must not be compared with fields.
fn crosses_fence(base: &Parts, side: &Parts) -> bool {
    let lines = |lines: &'_ [String]| lines.iter().map(|line| line.trim().to_owned()).collect::<HashSet<_>>();
    let (old_front, new_front) = (lines(&base.front), lines(&side.front));
    let (old_body, new_body) = (lines(&base.body), lines(&side.body));
    let crosses = |line: &String| !line.is_empty() && !line.starts_with('#');
    let into_body =
        old_front.difference(&new_front).filter(|line| new_body.contains(*line) && !old_body.contains(*line));
    let into_front =
        old_body.difference(&new_body).filter(|line| new_front.contains(*line) && !old_front.contains(*line));
    into_body.chain(into_front).any(crosses)
}

/// The merged lines, with every conflict settled for one side, must read as what was computed.
fn prove(
    path: &str,
    dialect: Dialect,
    pieces: &[Piece],
    body: usize,
    pick: Pick,
    expected: Option<Value>,
) -> Result<(), &'static str> {
    let text: String = resolved(pieces, pick).iter().flat_map(|line| [line, "\n"]).collect();
    let document = Document::split(path, text.as_bytes(), dialect).map_err(|_| "the result could not be split")?;
    let body: String = resolved(&pieces[body..], pick).iter().flat_map(|line| [line, "\n"]).collect();
    if document.body_text() != body {
        return Err("the result would be split at another place");
    }
    let tree = document.tree();
    if !tree.problems.is_empty() {
        return Err("the result would not be valid YAML");
    }
    let value = tree
        .root
        .as_ref()
        .filter(|root| !root.is_null())
        .map_or_else(|| Value::Object(Map::new()), |root| root.value());
    match value == expected.unwrap_or_else(|| Value::Object(Map::new())) {
        true => Ok(()),
        false => Err("the result would mean something else"),
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
