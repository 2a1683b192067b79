//! How alike two texts are: by their words, of which the rare ones count more. Whole numbers only, so that every machine
//! comes to the same answer.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

/// The words of every example, and what each word weighs.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: Vec<BTreeSet<String>>,
    weights: HashMap<String, u64>,
}

impl Lexicon {
    pub(super) fn new(words: impl Iterator<Item = BTreeSet<String>>) -> Self {
        let words: Vec<BTreeSet<String>> = words.collect();
        let mut counts: HashMap<String, u64> = HashMap::new();
        for word in words.iter().flatten() {
            *counts.entry(word.clone()).or_default() += 1;
        }
        let all = words.len() as u64;
        let weigh = |(word, count): (String, u64)| (word, 1 + u64::from((all / count).max(1).ilog2()));
        Lexicon { weights: counts.into_iter().map(weigh).collect(), words }
    }

    /// The words of a text that any example has. Others tell nothing about which example is nearer.
    pub(super) fn words(&self, text: &str) -> BTreeSet<String> {
        words(text).into_iter().filter(|word| self.weights.contains_key(word)).collect()
    }

    /// What the example and the words have in common, as a part of what either has.
    pub(super) fn likeness(&self, at: usize, asked: &BTreeSet<String>) -> Likeness {
        let own = &self.words[at];
        let weight = |words: &mut dyn Iterator<Item = &String>| words.map(|word| self.weights[word]).sum();
        Likeness { common: weight(&mut own.intersection(asked)), all: weight(&mut own.union(asked)) }
    }
}

/// A part of a whole.
#[derive(Debug, Clone, Copy)]
pub struct Likeness {
    common: u64,
    all: u64,
}

impl Likeness {
    pub fn percent(self) -> u64 {
        (100 * self.common).checked_div(self.all).unwrap_or(0)
    }
}

impl Ord for Likeness {
    fn cmp(&self, other: &Self) -> Ordering {
        let product = |one: u64, two: u64| u128::from(one) * u128::from(two.max(1));
        product(self.common, other.all).cmp(&product(other.common, self.all))
    }
}

impl PartialOrd for Likeness {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Likeness {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Likeness {}

/// The words of a text in small letters. Scripts that put no blanks between words are taken sign by sign.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for run in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
        let mut rest = run;
        while let Some(at) = rest.find(stands_alone) {
            let sign = rest[at..].chars().next().map_or(1, char::len_utf8);
            found.extend(
                [&rest[..at], &rest[at..at + sign]].into_iter().filter(|word| !word.is_empty()).map(String::from),
            );
            rest = &rest[at + sign..];
        }
        if !rest.is_empty() {
            found.insert(rest.to_owned());
        }
    }
    found
}

fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_script() {
        let found = |text: &str| words(text).into_iter().collect::<Vec<_>>().join("|");
        assert_eq!(found("Don't CHARGE me, charge!"), "charge|don|me|t");
        assert_eq!(found("東京 tower駅"), "tower|京|東|駅");
    }

    #[test]
    fn rare_words_weigh_more() {
        let texts = ["the a", "the b", "the c", "the d"];
        let lexicon = Lexicon::new(texts.iter().map(|text| words(text)));
        let likeness = |at| lexicon.likeness(at, &lexicon.words("the b unheard"));
        assert_eq!((likeness(0).percent(), likeness(1).percent()), (14, 100));
        assert!(likeness(0) < likeness(1));
    }
}
