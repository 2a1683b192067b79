//! Which way a file is merged: by field where it is understood, else by line.

use crate::format::{Dialect, Document, naming};

use super::piece::{Pick, Piece, conflict, has_conflict, merge_lines, resolved};
use super::split::by_fields;
use super::text::Text;
use super::three::Three;
use super::{From, How, Note, Place};

/// A merge before its conflicts are written out.
pub(super) struct Draft {
    pub(super) pieces: Vec<Piece>,
    pub(super) notes: Vec<Note>,
    pub(super) how: How,
}

pub(super) fn draft(path: &str, texts: &Three<Text>) -> Draft {
    let lines = texts.as_ref().map(|text| &text.lines[..]);
    if texts.ours.frame.raw {
        return by_lines(lines, "it is not UTF-8");
    }
    let Some(dialect) = dialect(path) else { return by_lines(lines, "it is no prompt") };
    let files = lines.map(|lines| lines.iter().flat_map(|line| [line, "\n"]).collect::<String>());
    let texts = files.as_ref().map(String::as_str);
    // Which side is ours must not decide whether fields can be merged.
    let mirrored = Three { ours: texts.theirs, theirs: texts.ours, ..texts };
    let by_fields = |texts| by_fields(path, dialect, texts);
    let by_lines = match by_fields(texts).and_then(|draft| by_fields(mirrored).map(|_| draft)) {
        Ok(draft) => return draft,
        Err(why) => by_lines(lines, why),
    };
    let result: String = resolved(&by_lines.pieces, Pick::Ours).iter().flat_map(|line| [line, "\n"]).collect();
    let sound = |text: &str| is_sound(path, dialect, text);
    if has_conflict(&by_lines.pieces) || sound(&result) || !sound(&files.ours) || !sound(&files.theirs) {
        return by_lines;
    }
    // Two good files must not silently become a bad one, say with a key that stands twice.
    let pieces = vec![conflict(&Place::Lines, lines)];
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
