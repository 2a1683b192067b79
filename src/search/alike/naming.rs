//! Names for clusters: the words that tell each from the others.

use std::collections::HashMap;

use super::gist::Gist;

/// How many words name a cluster.
const WORDS: usize = 3;
/// Words that begin with so many of the same letters say the same.
const STEM: usize = 5;

/// For each group of prompts, given by their numbers, words that most of it and few other groups have.
pub fn naming(groups: &[Vec<usize>], gists: &[Gist]) -> Vec<Vec<String>> {
    let shares: Vec<HashMap<&str, f64>> = groups.iter().map(|group| shares(group, gists)).collect();
    // In as many groups as all shares of a word make up, it is at home.
    let mut homes: HashMap<&str, f64> = HashMap::new();
    for (word, share) in shares.iter().flatten() {
        *homes.entry(word).or_default() += share;
    }
    let named = |(group, shares): (&Vec<usize>, &HashMap<&str, f64>)| {
        let telling = |word: &str, share: f64| match groups.len() {
            1 => share,
            count => share * (count as f64 / homes[word]).ln().max(0.0).powi(2),
        };
        // A word of one prompt names it only if that is all there is.
        let least = if group.len() > 1 { 1.5 / group.len() as f64 } else { 0.0 };
        let frequent = shares.iter().filter(|&(_, &share)| share >= least);
        let mut words: Vec<(f64, &str)> = frequent.map(|(word, &share)| (telling(word, share), *word)).collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        different(words.into_iter().map(|(_, word)| word))
    };
    groups.iter().zip(&shares).map(named).collect()
}

/// The share of a group's prompts that have each word.
fn shares<'a>(group: &[usize], gists: &'a [Gist]) -> HashMap<&'a str, f64> {
    let mut shares = HashMap::new();
    for word in group.iter().flat_map(|&at| &gists[at].words) {
        *shares.entry(word.as_str()).or_default() += 1.0 / group.len() as f64;
    }
    shares
}

/// The first few, without those that say the same twice, as `refund` and `refunds` do.
fn different<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let stem = |word: &str| word.chars().take(STEM).collect::<String>();
    let mut chosen: Vec<String> = Vec::new();
    for word in words {
        if chosen.len() == WORDS {
            break;
        }
        if chosen.iter().all(|it| stem(it) != stem(word)) {
            chosen.push(word.to_owned());
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::meaning::Vector;

    fn gist(words: &[&str]) -> Gist {
        let words = words.iter().map(|&word| word.to_owned()).collect();
        Gist { vector: Vector::of(&[0.0]), tags: Vec::new(), words }
    }

    #[test]
    fn words_at_home_elsewhere_name_nothing() {
        let gists = [&["refund", "refunds", "text"], &["lamp", "refund", "text"], &["greek", "poem", "text"]]
            .map(|it| gist(it));
        assert_eq!(naming(&[vec![0, 1], vec![2]], &gists), [vec!["refund", "text"], vec!["greek", "poem", "text"]]);
        assert_eq!(naming(&[vec![0, 1, 2]], &gists), [["text", "refund"]]);
    }
}
