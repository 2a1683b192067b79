//! A merged file in the making: settled lines, and conflicts between them.

use super::diff3::{Chunk, chunks};
use super::three::{Three, Verdict};
use super::{Conflict, Options, Place, Style};

/// A stretch of the merged file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Lines(Vec<String>),
    Conflict(Conflict),
}

/// Which side is taken where the sides disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    Ours,
    Theirs,
}

/// The lines once every conflict is settled for one side.
pub(super) fn resolved(pieces: &[Piece], pick: Pick) -> Vec<String> {
    let lines = |piece: &Piece| match (piece, pick) {
        (Piece::Lines(lines), _) => lines.clone(),
        (Piece::Conflict(conflict), Pick::Ours) => conflict.ours.clone(),
        (Piece::Conflict(conflict), Pick::Theirs) => conflict.theirs.clone(),
    };
    pieces.iter().flat_map(lines).collect()
}

pub(super) fn has_conflict(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Conflict(_)))
}

/// A whole conflict: nobody's lines are left out.
pub(super) fn conflict(place: &Place, three: Three<&[String]>) -> Piece {
    let Three { base, ours, theirs } = three.map(<[String]>::to_vec);
    Piece::Conflict(Conflict { place: place.clone(), line: 0, base, ours, theirs })
}

/// Merge lines; where both sides changed the same ones, they stand in a conflict.
pub(super) fn merge_lines(place: &Place, three: Three<&[String]>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for chunk in chunks(three) {
        match chunk {
            Chunk::Stable(at) => pieces.push(Piece::Lines(three.ours[at.ours].to_vec())),
            Chunk::Changed(at) => {
                let part = Three::new(&three.base[at.base], &three.ours[at.ours], &three.theirs[at.theirs]);
                changed(place, part, &mut pieces);
            }
        }
    }
    pieces
}

fn changed(place: &Place, part: Three<&[String]>, pieces: &mut Vec<Piece>) {
    match part.verdict() {
        Verdict::Theirs => pieces.push(Piece::Lines(part.theirs.to_vec())),
        Verdict::Differ if part.base.is_empty() => both_added(place, part, pieces),
        Verdict::Differ => trimmed(place, part, pieces),
        Verdict::Same | Verdict::Ours | Verdict::Both => pieces.push(Piece::Lines(part.ours.to_vec())),
    }
}

/// What both sides did alike at either end of a conflict is settled.
fn trimmed(place: &Place, part: Three<&[String]>, pieces: &mut Vec<Piece>) {
    let Three { base, ours, theirs } = part;
    let most = ours.len().min(theirs.len());
    let head = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let tail = ours.iter().rev().zip(theirs.iter().rev()).take(most - head).take_while(|(a, b)| a == b).count();
    pieces.push(Piece::Lines(ours[..head].to_vec()));
    let (ours_left, theirs_left) = (&ours[head..ours.len() - tail], &theirs[head..theirs.len() - tail]);
    pieces.push(conflict(place, Three::new(base, ours_left, theirs_left)));
    pieces.push(Piece::Lines(ours[ours.len() - tail..].to_vec()));
}

/// Where nothing was before, what both sides wrote alike is settled, and the rest is in conflict.
fn both_added(place: &Place, part: Three<&[String]>, pieces: &mut Vec<Piece>) {
    // With one side in the place of the base, the other's changes are exactly what differs between the two. The same
    // side is chosen whichever is ours, because a comparison need not find the same the other way round.
    let swapped = part.theirs < part.ours;
    let (first, second) = if swapped { (part.theirs, part.ours) } else { (part.ours, part.theirs) };
    for chunk in chunks(Three::new(first, first, second)) {
        match chunk {
            Chunk::Stable(at) => pieces.push(Piece::Lines(first[at.ours].to_vec())),
            Chunk::Changed(at) => {
                let (first, second) = (&first[at.ours], &second[at.theirs]);
                let (ours, theirs) = if swapped { (second, first) } else { (first, second) };
                pieces.push(conflict(place, Three::new(&[], ours, theirs)));
            }
        }
    }
}

/// All lines with markers around the conflicts, which learn the lines they begin at.
pub(super) fn written(pieces: Vec<Piece>, options: &Options) -> (Vec<String>, Vec<Conflict>) {
    let mut lines: Vec<String> = Vec::new();
    let mut conflicts = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Lines(more) => lines.extend(more),
            Piece::Conflict(mut conflict) => {
                conflict.line = lines.len() + 1;
                mark(&conflict, options, &mut lines);
                conflicts.push(conflict);
            }
        }
    }
    (lines, conflicts)
}

fn mark(conflict: &Conflict, options: &Options, lines: &mut Vec<String>) {
    let marker = |sign: char, label: &str| {
        let marker = sign.to_string().repeat(options.marker_size);
        if label.is_empty() { marker } else { format!("{marker} {label}") }
    };
    lines.push(marker('<', &options.labels.ours));
    lines.extend_from_slice(&conflict.ours);
    if options.style == Style::Diff3 {
        lines.push(marker('|', &options.labels.base));
        lines.extend_from_slice(&conflict.base);
    }
    lines.push(marker('=', ""));
    lines.extend_from_slice(&conflict.theirs);
    lines.push(marker('>', &options.labels.theirs));
}
