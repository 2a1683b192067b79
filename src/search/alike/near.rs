//! Near copies among many texts.
//!
//! Texts whose signatures agree in every place of some band are compared exactly. How wide the bands are follows from
//! how alike texts must be: a pair that is just alike enough is missed at most once in fifty times, one that is more
//! alike hardly ever, and far ones seldom meet. What comes out depends on the texts alone, not on their order.

use std::cmp::{Ordering, Reverse};

use rayon::prelude::*;

use super::groups::Groups;
use super::sketch::{PLACES, Signature, Sketch, mix};

/// Below this, so much of all texts is alike that groups say nothing.
pub const LEAST: f64 = 0.5;
/// How often a pair at the threshold may be missed.
const MISSED: f64 = 0.02;
/// The texts of a bucket up to this size are compared each with each.
const BUCKET: usize = 32;
/// In a larger bucket each is compared with so many of those that resemble it most.
const NEIGHBOURS: usize = 4;
/// An estimate from signatures is hardly ever further off than this, for texts of so many runs.
const ROUGHLY: (f64, usize) = (0.15, 64);

/// Two texts that are alike, by their numbers; the lesser number first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub one: usize,
    pub other: usize,
    pub likeness: f64,
}

/// The pairs that hold the near copies together, the most alike first: of each group of texts just as many as it takes,
/// and the strongest there are.
pub fn links(sketches: &[Sketch], threshold: f64) -> Vec<Pair> {
    let threshold = threshold.max(LEAST);
    let signatures: Vec<Signature> = sketches.par_iter().map(Sketch::signature).collect();
    let digests: Vec<u64> = signatures.par_iter().map(|it| digest(it.iter().copied())).collect();
    let mut pairs: Vec<Pair> = candidates(sketches, &signatures, &digests, threshold)
        .into_par_iter()
        .filter(|&(one, other)| {
            let small = sketches[one].len().min(sketches[other].len()) < ROUGHLY.1;
            small || agreement(&signatures[one], &signatures[other]) >= threshold - ROUGHLY.0
        })
        .map(|(one, other)| Pair { one, other, likeness: sketches[one].likeness(&sketches[other]) })
        .filter(|pair| pair.likeness >= threshold)
        .collect();
    // Among equals the texts decide, so that their order does not.
    let texts = |pair: &Pair| {
        let (a, b) = (digests[pair.one], digests[pair.other]);
        (a.min(b), a.max(b), pair.one, pair.other)
    };
    let stronger = |a: &Pair, b: &Pair| b.likeness.partial_cmp(&a.likeness).unwrap_or(Ordering::Equal);
    pairs.par_sort_unstable_by(|a, b| stronger(a, b).then_with(|| texts(a).cmp(&texts(b))));
    let mut groups = Groups::new(sketches.len());
    pairs.retain(|pair| groups.join(pair.one, pair.other));
    pairs
}

/// Pairs worth comparing, each once.
fn candidates(sketches: &[Sketch], signatures: &[Signature], digests: &[u64], threshold: f64) -> Vec<(usize, usize)> {
    let width = band_width(threshold);
    let bands = (0..PLACES / width).into_par_iter();
    let mut pairs: Vec<(usize, usize)> = bands
        .flat_map_iter(|band| {
            let places = band * width..(band + 1) * width;
            let key = |text: usize| digest(signatures[text][places.clone()].iter().copied());
            let texts = (0..sketches.len()).filter(|&text| !sketches[text].is_empty());
            let mut keyed: Vec<(u64, usize)> = texts.map(|text| (key(text), text)).collect();
            keyed.sort_unstable();
            let mut pairs = Vec::new();
            for bucket in keyed.chunk_by(|a, b| a.0 == b.0) {
                let bucket: Vec<usize> = bucket.iter().map(|&(_, text)| text).collect();
                meet(bucket, signatures, digests, &mut pairs);
            }
            pairs
        })
        .collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

/// The pairs of one bucket. A large one is put in order of its signatures, so that the most alike stand side by side.
fn meet(mut bucket: Vec<usize>, signatures: &[Signature], digests: &[u64], pairs: &mut Vec<(usize, usize)>) {
    let reach = if bucket.len() <= BUCKET { BUCKET } else { NEIGHBOURS };
    if reach < bucket.len() {
        bucket.sort_unstable_by_key(|&text| (&signatures[text], digests[text], Reverse(text)));
    }
    for (at, &one) in bucket.iter().enumerate() {
        for &other in bucket[at + 1..].iter().take(reach) {
            pairs.push((one.min(other), one.max(other)));
        }
    }
}

/// The widest bands that still miss few: fewer pairs meet in wide ones.
fn band_width(threshold: f64) -> usize {
    let missed = |width: &usize| (1.0 - threshold.powi(*width as i32)).powi((PLACES / width) as i32);
    (1..=16).rev().find(|width| missed(width) <= MISSED).unwrap_or(1)
}

fn agreement(one: &Signature, other: &Signature) -> f64 {
    one.iter().zip(other).filter(|(a, b)| a == b).count() as f64 / PLACES as f64
}

fn digest(values: impl Iterator<Item = u16>) -> u64 {
    values.fold(0, |sum: u64, value| mix(sum.rotate_left(5) ^ u64::from(value)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Numbers that look thrown, the same every time.
    fn chance(seed: u64) -> impl FnMut(u64) -> u64 {
        let mut state = seed;
        move |below| {
            state = mix(state);
            state % below
        }
    }

    fn text(seed: u64, words: usize) -> Vec<String> {
        let mut chance = chance(seed);
        (0..words).map(|_| format!("w{}", chance(900))).collect()
    }

    /// A copy of which every `every`th word or so is another.
    fn changed(text: &[String], seed: u64, every: u64) -> Vec<String> {
        let mut chance = chance(seed);
        text.iter().map(|word| if chance(every) == 0 { format!("c{}", chance(900)) } else { word.clone() }).collect()
    }

    fn sketch(words: &[String]) -> Sketch {
        Sketch::of(&words.join(" "))
    }

    /// Which texts stand together, as sets of what they are called.
    fn groups(sketches: &[Sketch], names: &[usize], threshold: f64) -> BTreeSet<BTreeSet<usize>> {
        let mut groups = Groups::new(sketches.len());
        for pair in links(sketches, threshold) {
            groups.join(pair.one, pair.other);
        }
        groups.all().into_iter().map(|group| group.into_iter().map(|text| names[text]).collect()).collect()
    }

    #[test]
    fn planted_copies_are_found_and_nothing_else() {
        let originals: Vec<_> = (0..400).map(|seed| text(seed, 20 + 7 * (seed as usize % 60))).collect();
        let copies = originals.iter().zip(0..).map(|(text, seed)| changed(text, 1000 + seed, 30));
        let sketches: Vec<Sketch> = originals.iter().cloned().chain(copies).map(|text| sketch(&text)).collect();
        let alike = |one: usize, other: usize| sketches[one].likeness(&sketches[other]);
        let wanted: Vec<usize> = (0..400).filter(|&at| alike(at, at + 400) >= 0.8).collect();
        assert!(wanted.len() > 150, "only {} copies are near", wanted.len());
        let found = links(&sketches, 0.8);
        assert!(found.iter().all(|pair| pair.other == pair.one + 400), "precision is 1");
        assert!(found.len() * 100 >= wanted.len() * 98, "{} of {} found", found.len(), wanted.len());
    }

    #[test]
    fn a_thousand_copies_of_one_text_are_one_group() {
        let original = text(1, 300);
        let sketches: Vec<Sketch> = (0..1000).map(|seed| sketch(&changed(&original, seed, 150))).collect();
        let found = groups(&sketches, &(0..1000).collect::<Vec<_>>(), 0.8);
        assert_eq!(found.iter().map(BTreeSet::len).collect::<Vec<_>>(), [1000]);
    }

    #[test]
    fn bands_are_narrower_for_less_likeness() {
        assert_eq!([1.0, 0.9, 0.8, 0.7, 0.5].map(band_width), [16, 15, 9, 6, 4]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn order_does_not_matter(seeds in prop::collection::vec((0u64..6, 0u64..4), 2..40), keys in prop::collection::vec(any::<u64>(), 40)) {
            let texts: Vec<_> = seeds.iter().map(|&(base, change)| changed(&text(base, 80), change, 40)).collect();
            let straight: Vec<usize> = (0..texts.len()).collect();
            let mut shuffled = straight.clone();
            shuffled.sort_by_key(|&at| keys[at]);
            let of = |order: &[usize]| {
                let sketches: Vec<Sketch> = order.iter().map(|&at| sketch(&texts[at])).collect();
                groups(&sketches, order, 0.8)
            };
            prop_assert_eq!(of(&straight), of(&shuffled));
        }
    }
}
