//! Words that stayed, went and came, as lines to be shown.

use crate::app::diff::Changed;
use crate::repo::diff::blocks::Kind;
use crate::repo::diff::{BlockChange, BlockEdit, Mark, Piece};

use super::super::paint::visible;

/// One line of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub sign: Sign,
    /// Safe to show: everything invisible is escaped.
    pub pieces: Vec<(Mark, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Added,
    Removed,
    Changed,
    Moved,
    /// As it was, shown for the sake of its neighbours.
    Same,
    /// Lines that are as they were and are left out.
    Skipped,
}

impl Sign {
    pub fn mark(self) -> &'static str {
        match self {
            Sign::Added => "+",
            Sign::Removed => "-",
            Sign::Changed => "~",
            Sign::Moved => ">",
            Sign::Same => "|",
            Sign::Skipped => "…",
        }
    }
}

/// A block that came, went, changed or moved.
pub fn of_block(change: &BlockChange) -> Vec<Line> {
    if change.kind == Kind::Blank {
        return vec![blank(change.edit)];
    }
    match change.edit {
        BlockEdit::Added | BlockEdit::Removed => whole(change),
        BlockEdit::Moved if !change.rewords() => vec![first(change)],
        BlockEdit::Moved => near_changes(lines(&change.pieces), Sign::Moved),
        BlockEdit::Changed => near_changes(lines(&change.pieces), Sign::Changed),
    }
}

/// Any two texts.
pub fn of_pieces(pieces: &[Piece]) -> Vec<Line> {
    let only = |mark: Mark| pieces.iter().all(|piece| piece.mark == mark);
    match () {
        () if pieces.is_empty() => Vec::new(),
        () if only(Mark::New) => signed(lines(pieces), Sign::Added),
        () if only(Mark::Gone) => signed(lines(pieces), Sign::Removed),
        () => near_changes(lines(pieces), Sign::Changed),
    }
}

/// Lines that hold nothing are told in words.
fn blank(edit: BlockEdit) -> Line {
    let sign = match edit {
        BlockEdit::Added => Sign::Added,
        BlockEdit::Removed => Sign::Removed,
        BlockEdit::Changed => Sign::Changed,
        BlockEdit::Moved => Sign::Moved,
    };
    Line { sign, pieces: vec![(Mark::Same, "(blank lines)".into())] }
}

/// A file that came or went, line by line.
pub fn of_file(changed: &Changed) -> Vec<Line> {
    let (version, sign) = match (&changed.pair.after, &changed.pair.before) {
        (Some(version), _) => (version, Sign::Added),
        (None, Some(version)) => (version, Sign::Removed),
        (None, None) => return Vec::new(),
    };
    let text = String::from_utf8_lossy(&version.bytes);
    text.lines().map(|line| Line { sign, pieces: vec![(Mark::Same, visible(line))] }).collect()
}

fn whole(change: &BlockChange) -> Vec<Line> {
    let sign = if change.edit == BlockEdit::Added { Sign::Added } else { Sign::Removed };
    let text: String = change.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let line = |line: &str| Line { sign, pieces: vec![(Mark::Same, visible(line.trim_end_matches(['\n', '\r'])))] };
    text.split_inclusive('\n').map(line).collect()
}

/// A block that only moved is known by its first line.
fn first(change: &BlockChange) -> Line {
    let text: String = change.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let mut lines = text.trim_end().lines();
    let line = visible(lines.next().unwrap_or_default());
    let more = if lines.next().is_some() { " …" } else { "" };
    Line { sign: Sign::Moved, pieces: vec![(Mark::Same, format!("{line}{more}"))] }
}

fn signed(lines: Vec<Vec<(Mark, String)>>, sign: Sign) -> Vec<Line> {
    let plain = |pieces: Vec<(Mark, String)>| pieces.into_iter().map(|(_, text)| (Mark::Same, text)).collect();
    lines.into_iter().map(|pieces| Line { sign, pieces: plain(pieces) }).collect()
}

/// Lines with changes and their neighbours.
fn near_changes(lines: Vec<Vec<(Mark, String)>>, sign: Sign) -> Vec<Line> {
    let changed: Vec<bool> =
        lines.iter().map(|line| line.iter().any(|(mark, text)| *mark != Mark::Same && !text.is_empty())).collect();
    let near_one = |at: usize| changed[at.saturating_sub(1)..(at + 2).min(changed.len())].contains(&true);
    // A single line between two that are shown, or at the edge, takes no more room than the sign for it.
    let edge = |at: Option<usize>| at.filter(|at| *at < changed.len()).is_none_or(near_one);
    let near = |at: usize| near_one(at) || (edge(at.checked_sub(1)) && edge(Some(at + 1)));
    let mut shown: Vec<Line> = Vec::new();
    for (at, pieces) in lines.into_iter().enumerate() {
        if changed[at] {
            shown.push(Line { sign, pieces });
        } else if near(at) {
            shown.push(Line { sign: Sign::Same, pieces });
        } else if shown.last().is_none_or(|last| last.sign != Sign::Skipped) {
            shown.push(Line { sign: Sign::Skipped, pieces: Vec::new() });
        }
    }
    shown
}

/// Cut at line ends. A line end that came or went by itself is shown as a sign; one within a longer text just ends the
/// line.
fn lines(pieces: &[Piece]) -> Vec<Vec<(Mark, String)>> {
    let mut lines = vec![Vec::new()];
    for piece in pieces {
        let alone = piece.mark != Mark::Same && piece.is_blank();
        let mut parts = piece.text.split('\n').peekable();
        while let Some(part) = parts.next() {
            let ends = parts.peek().is_some();
            let part = if ends && !alone { part.strip_suffix('\r').unwrap_or(part) } else { part };
            let sign = if alone && ends { "⏎" } else { "" };
            let text = format!("{}{sign}", visible(part));
            if let Some(line) = lines.last_mut().filter(|_| !text.is_empty()) {
                line.push((piece.mark, text));
            }
            if ends && !(alone && piece.mark == Mark::Gone) {
                lines.push(Vec::new());
            }
        }
    }
    if lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    lines
}
