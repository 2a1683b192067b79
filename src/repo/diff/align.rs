//! Which block of one text became which block of the other.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::blocks::{Block, Kind};
use super::words::{likeness, words};

/// One step on the way from the first text to the second; the numbers are those of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Same(usize, usize),
    Changed(usize, usize),
    /// It stands elsewhere now; its words may have changed as well.
    Moved(usize, usize),
    Removed(usize),
    Added(usize),
}

/// A text with its blocks.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub text: &'a str,
    pub blocks: &'a [Block],
}

impl<'a> Side<'a> {
    fn text_of(&self, at: usize) -> &'a str {
        self.blocks[at].span.text(self.text)
    }
}

/// Blocks that changed have at least so much in common.
const ALIKE: f64 = 0.4;
/// Blocks that changed and moved have at least so much in common.
const MOVED: f64 = 0.75;
/// Blocks shorter than this are not said to have moved: their like stands everywhere.
const WORTH_MOVING: usize = 3;
/// So many pairs are looked at; beyond that, blocks only came and went.
const MOST_PAIRS: usize = 20_000;

/// The steps in the order of the second text, what was removed standing where it was.
pub fn align(before: Side<'_>, after: Side<'_>) -> Vec<Step> {
    let mut pairs = Pairs::new(before, after);
    let gaps = pairs.anchor();
    pairs.moved_whole();
    for gap in &gaps {
        pairs.changed_in(gap);
    }
    pairs.moved_and_changed();
    pairs.steps()
}

/// Blocks between two anchors.
struct Gap {
    before: std::ops::Range<usize>,
    after: std::ops::Range<usize>,
}

struct Pairs<'a> {
    before: Side<'a>,
    after: Side<'a>,
    /// What each block of the second text was.
    was: Vec<Option<Step>>,
    /// Whether a block of the first text is part of the second.
    kept: Vec<bool>,
    words: HashMap<(bool, usize), Vec<&'a str>>,
}

impl<'a> Pairs<'a> {
    fn new(before: Side<'a>, after: Side<'a>) -> Pairs<'a> {
        let (was, kept) = (vec![None; after.blocks.len()], vec![false; before.blocks.len()]);
        Pairs { before, after, was, kept, words: HashMap::new() }
    }

    /// Blocks that stayed as they are, in the same order.
    fn anchor(&mut self) -> Vec<Gap> {
        let keys = |side: Side<'a>| (0..side.blocks.len()).map(|at| side.text_of(at)).collect::<Vec<_>>();
        let mut gaps = Vec::new();
        for op in capture_diff_slices(Algorithm::Patience, &keys(self.before), &keys(self.after)) {
            match op {
                DiffOp::Equal { .. } => {
                    op.old_range().zip(op.new_range()).for_each(|(old, new)| self.pair(Step::Same(old, new)));
                }
                op => gaps.push(Gap { before: op.old_range(), after: op.new_range() }),
            }
        }
        gaps
    }

    fn pair(&mut self, step: Step) {
        if let Step::Same(old, new) | Step::Changed(old, new) | Step::Moved(old, new) = step {
            self.kept[old] = true;
            self.was[new] = Some(step);
        }
    }

    fn free_before(&self) -> Vec<usize> {
        (0..self.kept.len()).filter(|&at| !self.kept[at]).collect()
    }

    fn free_after(&self) -> Vec<usize> {
        (0..self.was.len()).filter(|&at| self.was[at].is_none()).collect()
    }

    /// Blocks that stand elsewhere, word for word.
    fn moved_whole(&mut self) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for old in self.free_before().into_iter().rev() {
            if self.worth_moving(true, old) {
                places.entry(self.before.text_of(old).trim_end()).or_default().push(old);
            }
        }
        for new in self.free_after() {
            let same = places.get_mut(self.after.text_of(new).trim_end()).and_then(Vec::pop);
            if let Some(old) = same.filter(|&old| self.before.blocks[old].kind == self.after.blocks[new].kind) {
                self.pair(Step::Moved(old, new));
            }
        }
    }

    /// Blocks between the same neighbours that are like each other, in order: the most likeness over the whole gap.
    fn changed_in(&mut self, gap: &Gap) {
        let old: Vec<usize> = gap.before.clone().filter(|&at| !self.kept[at]).collect();
        let new: Vec<usize> = gap.after.clone().filter(|&at| self.was[at].is_none()).collect();
        if old.is_empty() || new.is_empty() {
            return;
        }
        if let ([one], [other]) = (&old[..], &new[..])
            && self.before.blocks[*one].kind == self.after.blocks[*other].kind
        {
            return self.pair(Step::Changed(*one, *other));
        }
        if old.len() * new.len() > MOST_PAIRS {
            return;
        }
        for (one, other) in self.best_order(&old, &new) {
            self.pair(Step::Changed(one, other));
        }
    }

    fn best_order(&mut self, old: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
        let width = new.len() + 1;
        let mut likes = vec![0.0; old.len() * new.len()];
        let mut best = vec![0.0; (old.len() + 1) * width];
        for i in (0..old.len()).rev() {
            for j in (0..new.len()).rev() {
                let like = self.alike(old[i], new[j]);
                let like = if like >= ALIKE { like } else { 0.0 };
                likes[i * new.len() + j] = like;
                let skip = f64::max(best[(i + 1) * width + j], best[i * width + j + 1]);
                best[i * width + j] = f64::max(skip, best[(i + 1) * width + j + 1] + like);
            }
        }
        let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
        while i < old.len() && j < new.len() {
            let like = likes[i * new.len() + j];
            if like > 0.0 && best[i * width + j] <= best[(i + 1) * width + j + 1] + like {
                pairs.push((old[i], new[j]));
                (i, j) = (i + 1, j + 1);
            } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
        pairs
    }

    fn moved_and_changed(&mut self) {
        let (old, new) = (self.free_before(), self.free_after());
        if old.len() * new.len() > MOST_PAIRS {
            return;
        }
        for new in new {
            if !self.worth_moving(false, new) {
                continue;
            }
            let candidates = old.iter().copied().filter(|&at| !self.kept[at] && self.worth_moving(true, at));
            let candidates: Vec<usize> = candidates.collect();
            let likes = candidates.into_iter().map(|at| (self.alike(at, new), at));
            let best = likes.collect::<Vec<_>>().into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, old)) = best.filter(|(like, _)| *like >= MOVED) {
                self.pair(Step::Moved(old, new));
            }
        }
    }

    fn worth_moving(&self, before: bool, at: usize) -> bool {
        let side = if before { self.before } else { self.after };
        let kind = side.blocks[at].kind;
        let long = || side.text_of(at).split_whitespace().count() >= WORTH_MOVING;
        // Ideographs are not parted by blanks.
        let wide = || side.text_of(at).chars().filter(|c| !c.is_ascii()).count() >= 4 * WORTH_MOVING;
        matches!(kind, Kind::Heading) || (!matches!(kind, Kind::Blank | Kind::Marker) && (long() || wide()))
    }

    /// How much two blocks have in common; blocks of different kinds have nothing.
    fn alike(&mut self, old: usize, new: usize) -> f64 {
        let (one, other) = (&self.before.blocks[old], &self.after.blocks[new]);
        if one.kind != other.kind {
            return 0.0;
        }
        if matches!(one.kind, Kind::Marker | Kind::Blank) {
            return 0.5;
        }
        let (before, after) = (self.before, self.after);
        self.words.entry((true, old)).or_insert_with(|| words(before.text_of(old)));
        self.words.entry((false, new)).or_insert_with(|| words(after.text_of(new)));
        likeness(&self.words[&(true, old)], &self.words[&(false, new)])
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut next = 0;
        // Where the block that holds its place next stands in the first text.
        let holds = |new: usize| match self.was[new] {
            Some(Step::Same(old, _) | Step::Changed(old, _)) => Some(old),
            _ => None,
        };
        let mut bound = vec![self.kept.len(); self.was.len() + 1];
        for new in (0..self.was.len()).rev() {
            bound[new] = holds(new).unwrap_or(bound[new + 1]);
        }
        let remove = |steps: &mut Vec<Step>, next: &mut usize, until: usize| {
            steps.extend((*next..until).filter(|&old| !self.kept[old]).map(Step::Removed));
            *next = until.max(*next);
        };
        for (new, until) in bound.iter().enumerate().take(self.was.len()) {
            remove(&mut steps, &mut next, *until);
            if let Some(old) = holds(new) {
                next = next.max(old + 1);
            }
            steps.push(self.was[new].unwrap_or(Step::Added(new)));
        }
        remove(&mut steps, &mut next, self.kept.len());
        steps
    }
}
