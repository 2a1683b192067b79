//! The prompts nearest to one: by what they mean, and by the rare words that they share.

use std::collections::HashMap;

use rayon::prelude::*;

use super::cluster::{self, Division};
use super::gist::Gist;

/// How much of the likeness is common words; the rest is meaning.
const WORDS: f32 = 0.3;
/// Of so many prompts nearest in meaning, the words decide on the order.
const CONSIDERED: usize = 100;
/// From so many comparisons on, only the prompts of the nearest clusters are looked at.
const MANY: usize = 200_000_000;
/// How many clusters those are.
const PROBED: usize = 6;

/// How alike two prompts are, from 0 to 1, and by what.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    pub score: f32,
    pub meaning: f32,
    pub words: f32,
    /// The words that both have, the rarest first.
    pub shared: Vec<String>,
}

/// A prompt by its number, and how alike it is.
pub type Neighbour = (usize, Likeness);

/// All prompts, ready to be compared.
#[derive(Debug)]
pub struct Neighbourhood<'a> {
    gists: &'a [&'a Gist],
    /// In how many prompts each word is.
    counts: HashMap<&'a str, u32>,
    division: Option<Division>,
}

impl<'a> Neighbourhood<'a> {
    /// For finding the neighbours of so many prompts.
    pub fn new(gists: &'a [&'a Gist], questions: usize) -> Neighbourhood<'a> {
        let mut counts = HashMap::new();
        for word in gists.iter().flat_map(|gist| &gist.words) {
            *counts.entry(word.as_str()).or_default() += 1;
        }
        let many = gists.len().saturating_mul(questions) > MANY;
        let division = many.then(|| {
            let vectors: Vec<_> = gists.iter().map(|gist| &gist.vector).collect();
            cluster::divide(&vectors, (gists.len() as f64).sqrt() as usize)
        });
        Neighbourhood { gists, counts, division }
    }

    /// The most alike first; of equals the one that came first. `wanted` says which may be told.
    pub fn of(&self, gist: &Gist, count: usize, wanted: impl Fn(usize) -> bool + Sync) -> Vec<Neighbour> {
        let near = |at: usize| (self.gists[at].vector.cosine(&gist.vector), at);
        let mut nearest: Vec<(f32, usize)> = match &self.division {
            None => (0..self.gists.len()).into_par_iter().filter(|&at| wanted(at)).map(near).collect(),
            Some(division) => division.near(&gist.vector, PROBED).filter(|&at| wanted(at)).map(near).collect(),
        };
        let order = |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        let considered = CONSIDERED.max(count);
        if nearest.len() > considered {
            nearest.select_nth_unstable_by(considered, order);
            nearest.truncate(considered);
        }
        let mut found: Vec<Neighbour> =
            nearest.into_iter().map(|(_, at)| (at, self.likeness(gist, self.gists[at]))).collect();
        found.retain(|(_, likeness)| likeness.score > 0.0);
        found.sort_by(|(a, one), (b, other)| other.score.total_cmp(&one.score).then(a.cmp(b)));
        found.truncate(count);
        found
    }

    pub fn gist(&self, at: usize) -> &'a Gist {
        self.gists[at]
    }

    pub fn likeness(&self, one: &Gist, other: &Gist) -> Likeness {
        let meaning = one.vector.cosine(&other.vector).max(0.0);
        let mut shared: Vec<&str> =
            one.words.iter().filter(|it| other.words.binary_search(it).is_ok()).map(String::as_str).collect();
        let weight = |words: &mut dyn Iterator<Item = &str>| words.map(|word| self.rarity(word).powi(2)).sum::<f32>();
        let of = |gist: &Gist| weight(&mut gist.words.iter().map(String::as_str));
        let all = (of(one) * of(other)).sqrt();
        let words = if all > 0.0 { (weight(&mut shared.iter().copied()) / all).min(1.0) } else { 0.0 };
        shared.sort_by(|a, b| self.rarity(b).total_cmp(&self.rarity(a)).then(a.cmp(b)));
        let shared = shared.into_iter().map(str::to_owned).collect();
        Likeness { score: (1.0 - WORDS) * meaning + WORDS * words, meaning, words, shared }
    }

    fn rarity(&self, word: &str) -> f32 {
        let count = self.counts.get(word).copied().unwrap_or(0);
        ((self.gists.len() as f32 + 1.0) / (count as f32 + 0.5)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Dialect;
    use crate::search::meaning::Builtin;
    use crate::search::reading::Reading;

    fn gist(body: &str) -> Gist {
        Gist::of(&Reading::of("", body.as_bytes(), Dialect::Native), &Builtin::new()).expect("nothing can fail")
    }

    #[test]
    fn the_nearest_come_first_with_the_words_they_share() {
        let gists = [
            gist("Draw a map of the railway lines."),
            gist("Calm an angry customer who wants a refund."),
            gist("Soothe an upset customer, and explain the refund."),
            gist("Translate a poem into Greek."),
        ];
        let all: Vec<&Gist> = gists.iter().collect();
        let hood = Neighbourhood::new(&all, 1);
        let found = hood.of(&gists[1], 2, |at| at != 1);
        assert_eq!(found[0].0, 2);
        assert_eq!(found[0].1.shared, ["customer", "refund"]);
        assert!(found[0].1.score > found[1].1.score + 0.1);
        assert!(hood.likeness(&gists[1], &gists[1]).score > 0.999);
    }
}
