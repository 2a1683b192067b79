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
mod draft;
mod fields;
mod gathered;
mod order;
mod part;
mod piece;
mod split;
mod text;
mod three;
mod value;

use std::fmt;

use draft::{Draft, draft};
use piece::{Piece, written};
use text::Frame;
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

/// What one side alone changed, told by the same walk as any merge.
fn notes_of_side(path: &str, files: Three<&[u8]>) -> Vec<Note> {
    match text::read(files) {
        Some(texts) if files.verdict() != Verdict::Same => draft(path, &texts).notes,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod label_laws;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
