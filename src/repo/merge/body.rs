//! Merging bodies: by message, then by paragraph or list item, then by line.
//!
//! Cutting first what belongs together keeps a conflict inside the message or paragraph it is about, and lets two sides
//! change neighbouring ones, which lines alone cannot tell from changing the same.

use crate::format::fields::ROLES;

use super::diff3::{Chunk, chunks};
use super::piece::{Piece, merge_lines};
use super::three::{Three, Verdict};
use super::{From, Note, Place};

/// How finely a text is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Message,
    Paragraph,
    Line,
}

/// Merge bodies, and tell which messages were changed by whom.
pub(super) fn merge_body(three: Three<&[String]>, notes: &mut Vec<Note>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    merge_level(Level::Message, &Place::Body { message: None }, three, &mut pieces, notes);
    pieces
}

fn merge_level(level: Level, place: &Place, three: Three<&[String]>, pieces: &mut Vec<Piece>, notes: &mut Vec<Note>) {
    let finer = match level {
        Level::Message => Level::Paragraph,
        Level::Paragraph => Level::Line,
        Level::Line => return by_line(place, three, pieces, notes),
    };
    let blocks = three.map(|lines| cut(level, lines));
    for chunk in chunks(blocks.as_ref().map(Vec::as_slice)) {
        let at = match chunk {
            Chunk::Stable(at) => {
                pieces.push(Piece::Lines(blocks.ours[at.ours].concat()));
                continue;
            }
            Chunk::Changed(at) => at,
        };
        let part = Three::new(&blocks.base[at.base], &blocks.ours[at.ours], &blocks.theirs[at.theirs]);
        match (part.verdict(), level) {
            (Verdict::Differ, Level::Message) if is_paired(part) => {
                for index in 0..part.base.len() {
                    let block = part.map(|blocks| blocks[index]);
                    merge_level(finer, &message(block.ours), block, pieces, notes);
                }
            }
            (Verdict::Differ, _) => match disjoint(part) {
                Some(blocks) => {
                    notes.push(Note { place: place.clone(), from: From::Merged });
                    pieces.push(Piece::Lines(blocks.concat()));
                }
                None => {
                    let lines = part.map(|blocks| blocks.concat());
                    merge_level(finer, place, lines.as_ref().map(Vec::as_slice), pieces, notes);
                }
            },
            (verdict, _) => {
                let side = if verdict == Verdict::Theirs { part.theirs } else { part.ours };
                let block = side.first().or(part.base.first()).filter(|_| level == Level::Message);
                note(&block.map_or_else(|| place.clone(), |block| message(block)), verdict, notes);
                pieces.push(Piece::Lines(side.concat()));
            }
        }
    }
}

fn by_line(place: &Place, three: Three<&[String]>, pieces: &mut Vec<Piece>, notes: &mut Vec<Note>) {
    let merged = merge_lines(place, three);
    let from = if super::piece::has_conflict(&merged) { From::Conflict } else { From::Merged };
    notes.push(Note { place: place.clone(), from });
    pieces.extend(merged);
}

fn note(place: &Place, verdict: Verdict, notes: &mut Vec<Note>) {
    if let Some(from) = From::of(verdict) {
        notes.push(Note { place: place.clone(), from });
    }
}

/// Whether the messages are the same ones on all sides.
fn is_paired(part: Three<&[&[String]]>) -> bool {
    let heads =
        part.map(|blocks| blocks.iter().map(|block| block.first().filter(|line| is_marker(line))).collect::<Vec<_>>());
    !part.base.is_empty() && heads.base == heads.ours && heads.base == heads.theirs
}

/// The blocks, if each was changed by one side at most. Blocks stand for each other by their place, so no line may have
/// gone from one to another: what the other side did to it there would be missed.
fn disjoint<'l>(part: Three<&[&'l [String]]>) -> Option<Vec<&'l [String]>> {
    if part.base.len() != part.ours.len() || part.base.len() != part.theirs.len() {
        return None;
    }
    if strays(part.base, part.ours) || strays(part.base, part.theirs) {
        return None;
    }
    let block = |at: usize| part.map(|blocks| blocks[at]).settled();
    (0..part.base.len()).map(block).collect()
}

/// Whether a line that is new to a block stood in another one before.
fn strays(base: &[&[String]], side: &[&[String]]) -> bool {
    let is_elsewhere = |at: usize, line: &String| {
        let others = base.iter().enumerate().filter(|(other, _)| *other != at);
        !line.trim().is_empty() && others.flat_map(|(_, block)| block.iter()).any(|other| other == line)
    };
    let changed = (0..base.len()).filter(|&at| side[at] != base[at]);
    changed
        .flat_map(|at| side[at].iter().map(move |line| (at, line)))
        .any(|(at, line)| !base[at].contains(line) && is_elsewhere(at, line))
}

/// The text cut into blocks; together they are the text.
fn cut(level: Level, lines: &[String]) -> Vec<&[String]> {
    let mut starts = Vec::new();
    let mut fence: Option<&str> = None;
    let mut blank = false;
    for (at, line) in lines.iter().enumerate() {
        let inside = fence.is_some();
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        let begins = match level {
            Level::Message => is_marker(line),
            _ => is_marker(line) || !inside && !line.trim().is_empty() && (blank || opens_block(line)),
        };
        // A marker starts a message wherever it stands, so no code block reaches beyond it.
        if is_marker(line) {
            fence = None;
        }
        if begins && at > 0 {
            starts.push(at);
        }
        blank = line.trim().is_empty() || is_marker(line);
    }
    let ends = starts.iter().copied().chain([lines.len()]);
    let starts = std::iter::once(0).chain(starts.iter().copied());
    starts.zip(ends).map(|(start, end)| &lines[start..end]).filter(|block| !block.is_empty()).collect()
}

/// A heading or an item of a list.
fn opens_block(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") "));
    let heading = line.trim_start_matches('#');
    numbered
        || ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
        || heading.len() < line.len() && heading.starts_with(' ')
}

/// `user:`, or `user[name=anna]:`.
fn is_marker(line: &str) -> bool {
    let Some(bare) = line.trim_end().strip_suffix(':') else { return false };
    let (word, rest) = bare.split_once('[').map_or((bare, None), |(word, rest)| (word, Some(rest)));
    ROLES.contains(&word) && rest.is_none_or(|rest| rest.ends_with(']'))
}

fn message(block: &[String]) -> Place {
    let marker = block.first().filter(|line| is_marker(line));
    Place::Body { message: marker.map(|line| line.trim_end().trim_end_matches(':').to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn blocks_are_messages_then_paragraphs_and_items() {
        let text = lines("intro\n\nuser:\n# Do\none\n- a\n- b\n\n```\n\nx\n```\nlast");
        let show = |level| {
            let blocks = cut(level, &text);
            blocks.iter().map(|block| block.join("|")).collect::<Vec<_>>()
        };
        assert_eq!(show(Level::Message), ["intro|", "user:|# Do|one|- a|- b||```||x|```|last"]);
        assert_eq!(show(Level::Paragraph), ["intro|", "user:", "# Do|one", "- a", "- b|", "```||x|```|last"]);
    }

    #[test]
    fn a_line_that_went_to_the_next_block_is_no_change_of_its_own() {
        let three = [lines("- a\nx\n- b"), lines("- a\n- o\nx\nb!"), lines("- a\n- b")];
        let pieces = merge_body(Three::new(&three[0][..], &three[1], &three[2]), &mut Vec::new());
        assert!(super::super::piece::has_conflict(&pieces), "{pieces:?}");
    }

    #[test]
    fn neighbours_may_be_changed_by_both() {
        let three = [lines("- a\n- b"), lines("- a!\n- b"), lines("- a\n- b!")];
        let pieces = merge_body(Three::new(&three[0][..], &three[1], &three[2]), &mut Vec::new());
        assert_eq!(pieces, [Piece::Lines(lines("- a!\n- b!"))]);
    }
}
