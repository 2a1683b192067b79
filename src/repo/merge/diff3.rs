//! The classic comparison of three sequences: runs that all three share, and what stands between them.

use std::hash::Hash;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::three::Three;

/// A stretch of the three sequences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chunk {
    /// The same in all three.
    Stable(Three<Range<usize>>),
    /// Whatever stands between two such runs; at least one side changed something here.
    Changed(Three<Range<usize>>),
}

/// Cut three sequences into chunks that together cover them. Swapping the sides swaps them in every chunk.
pub(super) fn chunks<T: Eq + Hash + Ord>(three: Three<&[T]>) -> Vec<Chunk> {
    let ours = matches(three.base, three.ours);
    let theirs = matches(three.base, three.theirs);
    let ends = three.map(<[T]>::len);
    let mut at = Three::new(0, 0, 0);
    let mut chunks = Vec::new();
    for base in 0..ends.base {
        let (Some(ours), Some(theirs)) = (ours[base], theirs[base]) else { continue };
        push(&mut chunks, at, Three::new(base, ours, theirs), false);
        at = Three::new(base + 1, ours + 1, theirs + 1);
        push(&mut chunks, Three::new(base, ours, theirs), at, true);
    }
    push(&mut chunks, at, ends, false);
    chunks
}

/// Where each item of the first sequence stands in the second, if it is there still.
fn matches<T: Eq + Hash + Ord>(old: &[T], new: &[T]) -> Vec<Option<usize>> {
    let mut places = vec![None; old.len()];
    for op in capture_diff_slices(Algorithm::Patience, old, new) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            for step in 0..len {
                places[old_index + step] = Some(new_index + step);
            }
        }
    }
    places
}

fn push(chunks: &mut Vec<Chunk>, from: Three<usize>, to: Three<usize>, stable: bool) {
    if from == to {
        return;
    }
    let ranges = Three::new(from.base..to.base, from.ours..to.ours, from.theirs..to.theirs);
    match chunks.last_mut() {
        Some(Chunk::Stable(last)) if stable => {
            (last.base.end, last.ours.end, last.theirs.end) = (to.base, to.ours, to.theirs);
        }
        _ if stable => chunks.push(Chunk::Stable(ranges)),
        _ => chunks.push(Chunk::Changed(ranges)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stand_between_what_all_three_share() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let (base, ours, theirs) = (chars("abcd"), chars("aXbcd"), chars("abcY"));
        let found = chunks(Three::new(&base[..], &ours, &theirs));
        assert_eq!(
            found,
            [
                Chunk::Stable(Three::new(0..1, 0..1, 0..1)),
                Chunk::Changed(Three::new(1..1, 1..2, 1..1)),
                Chunk::Stable(Three::new(1..3, 2..4, 1..3)),
                Chunk::Changed(Three::new(3..4, 4..5, 3..4)),
            ]
        );
        assert!(chunks::<char>(Three::default()).is_empty());
    }
}
