//! One order out of several lists of scores.
//!
//! Each list is divided by its best score and has a weight; the weights were found with the questions of
//! `benches/search-quality`, where neither raising nor lowering one of them by half changes much. Mixing ranks instead
//! of scores does worse: where one list is sure, the others should not outvote it.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::index::{Bits, Index, View};

/// How much each list says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    pub words: f32,
    pub grams: f32,
    pub meaning: f32,
}

/// The lists, each with one score a document of the index; those that were not asked for are empty.
#[derive(Debug, Default)]
pub struct Lists {
    pub words: Vec<f32>,
    pub grams: Vec<f32>,
    /// Cosines.
    pub meaning: Vec<f32>,
    /// Documents that are called exactly as the question says.
    pub named: Bits,
    /// How close together the words of the question stand, in the best documents.
    pub near: HashMap<u32, f32>,
}

/// How much it counts that the words of the question stand side by side.
const NEAR: f32 = 0.3;
/// Only among so many of the best is that looked at.
pub const LOOKED_AT: usize = 100;

/// Why a document stands where it stands: what each list adds to its score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reasons {
    pub words: f32,
    pub grams: f32,
    pub meaning: f32,
    pub near: f32,
    pub named: bool,
    /// The cosine itself, if meaning was asked for.
    pub cosine: Option<f32>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    pub row: u32,
    pub score: f32,
}

/// Every name that says just what was asked for comes before everything else.
const NAMED: f32 = 10.0;

/// The lists with what is needed to mix them.
#[derive(Debug)]
pub struct Mixed {
    lists: Lists,
    weights: Weights,
    /// What each list is divided by.
    best: [f32; 3],
    /// Whether documents count that no list knows: they have what was asked for in another way.
    all: bool,
}

impl Mixed {
    pub fn new(lists: Lists, weights: Weights, view: &View, all: bool) -> Mixed {
        let best = |list: &[f32]| {
            let of_view = view.rows.iter().filter_map(|row| list.get(row as usize).copied());
            of_view.fold(0.0, f32::max).max(f32::MIN_POSITIVE)
        };
        let best = [best(&lists.words), best(&lists.grams), best(&lists.meaning)];
        Mixed { lists, weights, best, all }
    }

    pub fn reasons(&self, row: u32) -> Reasons {
        let part = |list: &[f32], weight: f32, best: f32| {
            list.get(row as usize).map_or(0.0, |score| weight * score.max(0.0) / best)
        };
        let [words, grams, meaning] = self.best;
        Reasons {
            words: part(&self.lists.words, self.weights.words, words),
            grams: part(&self.lists.grams, self.weights.grams, grams),
            meaning: part(&self.lists.meaning, self.weights.meaning, meaning),
            near: NEAR * self.lists.near.get(&row).copied().unwrap_or(0.0),
            named: self.lists.named.contains(row),
            cosine: self.lists.meaning.get(row as usize).copied(),
        }
    }

    fn score(&self, row: u32) -> f32 {
        self.reasons(row).score()
    }

    /// The best documents by everything but how close together the words stand, for that to be looked at.
    pub fn best(&self, index: &Index, rows: &Bits) -> Vec<u32> {
        let order = self.order(index, rows, LOOKED_AT);
        order.into_iter().take(LOOKED_AT).map(|scored| scored.row).collect()
    }

    pub fn look_at(&mut self, near: HashMap<u32, f32>) {
        self.lists.near = near;
    }

    /// Everything that counts, best first as far as `wanted` goes; the rest follows in no order. What has the same
    /// score goes by path, so that the order is the same whatever way the documents came into the index.
    pub fn order(&self, index: &Index, rows: &Bits, wanted: usize) -> Vec<Scored> {
        let scored = rows.iter().map(|row| Scored { row, score: rounded(self.score(row)) });
        let mut scored: Vec<Scored> = scored.filter(|scored| self.all || scored.score > 0.0).collect();
        let first = if wanted < scored.len() { front(&mut scored, wanted) } else { scored.len() };
        scored[..first]
            .sort_unstable_by(|a, b| before(a, b).then_with(|| index.rows.path(a.row).cmp(index.rows.path(b.row))));
        scored
    }
}

impl Reasons {
    pub fn score(&self) -> f32 {
        self.words + self.grams + self.meaning + self.near + if self.named { NAMED } else { 0.0 }
    }
}

/// Scores that differ by less than this differ by nothing anybody could mean.
fn rounded(score: f32) -> f32 {
    (score * 1e5).round() / 1e5
}

fn before(a: &Scored, b: &Scored) -> Ordering {
    b.score.total_cmp(&a.score)
}

/// Bring the best to the front, and say how many stand there: more than wanted where the last of them has equals.
fn front(scored: &mut [Scored], wanted: usize) -> usize {
    if wanted == 0 {
        return 0;
    }
    let (_, last, rest) = scored.select_nth_unstable_by(wanted - 1, before);
    let last = *last;
    let mut count = wanted;
    for at in 0..rest.len() {
        if before(&rest[at], &last) == Ordering::Equal {
            rest.swap(at, count - wanted);
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_holds_the_best_and_their_equals() {
        let score = |row: u32| Scored { row, score: [5.0, 1.0, 3.0, 3.0, 4.0, 3.0, 0.5][row as usize] };
        let mut scored: Vec<Scored> = (0..7).map(score).collect();
        let count = front(&mut scored, 3);
        let mut rows: Vec<u32> = scored[..count].iter().map(|scored| scored.row).collect();
        rows.sort_unstable();
        assert_eq!(rows, [0, 2, 3, 4, 5]);
        assert_eq!(front(&mut scored, 0), 0);
    }

    #[test]
    fn each_list_counts_by_its_best() {
        let view = View { rows: (0..3).collect(), ..View::default() };
        let lists = Lists { words: vec![2.0, 1.0, 0.0], grams: vec![0.0, 8.0, 4.0], ..Lists::default() };
        let mixed = Mixed::new(lists, Weights { words: 0.5, grams: 1.0, meaning: 0.5 }, &view, false);
        let scores: Vec<f32> = (0..3).map(|row| mixed.score(row)).collect();
        assert_eq!(scores, [0.5, 1.25, 0.5]);
        assert_eq!(mixed.reasons(0).cosine, None);
    }
}
