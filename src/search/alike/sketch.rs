//! What of a text tells whether another is nearly the same: its runs of three words.
//!
//! The share of runs that two texts have in common (Jaccard) is exact. A signature of fixed size stands for a set of
//! runs where all texts have to be looked through: two signatures agree in about as many places as the sets do.

/// How many words make a run.
const RUN: usize = 3;
/// How many places a signature has. The first byte of a run's hash says which place it stands for.
pub const PLACES: usize = 256;

/// The runs of a text as hashes, in order and without repetition.
///
/// A hash has 32 bits: in texts of a thousand runs, one pair of texts in four thousand shares a hash by chance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch(Box<[u32]>);

/// The least hash of each place, shortened.
pub type Signature = [u16; PLACES];

impl Sketch {
    /// Case, spaces and punctuation do not count.
    pub fn of(text: &str) -> Sketch {
        let words = words(text);
        let run = |run: &[u64]| (run.iter().fold(0, |sum: u64, word| mix(sum.rotate_left(17) ^ word)) >> 32) as u32;
        let mut runs: Vec<u32> = match words.len() {
            0 => Vec::new(),
            1..RUN => vec![run(&words)],
            _ => words.windows(RUN).map(run).collect(),
        };
        runs.sort_unstable();
        runs.dedup();
        Sketch(runs.into())
    }

    /// Whether the text has no word at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many runs it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The share of all runs of both that both have, from 0 to 1.
    pub fn likeness(&self, other: &Sketch) -> f64 {
        let (mut a, mut b, mut both) = (&*self.0, &*other.0, 0);
        while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
            both += usize::from(x == y);
            (a, b) = (if x <= y { rest_a } else { a }, if y <= x { rest_b } else { b });
        }
        let all = self.0.len() + other.0.len() - both;
        if all == 0 { 0.0 } else { both as f64 / all as f64 }
    }

    /// One hash function for all places, as a sorted set holds the least of each place first. A place without a run
    /// borrows from another, found in an order that is its own and the same for every text.
    pub fn signature(&self) -> Signature {
        let mut filled = [None; PLACES];
        for hash in self.0.iter().rev() {
            filled[(hash >> 24) as usize] = Some(mix(u64::from(*hash)) as u16);
        }
        let mut signature = [0; PLACES];
        if self.is_empty() {
            return signature;
        }
        for (place, value) in signature.iter_mut().enumerate() {
            let borrowed = || (1..).find_map(|turn| filled[mix((place as u64) << 32 | turn) as usize % PLACES]);
            *value = filled[place].or_else(borrowed).unwrap_or_default();
        }
        signature
    }
}

/// The words as hashes. Every character of a writing without spaces is a word.
fn words(text: &str) -> Vec<u64> {
    const BEGIN: u64 = 0xcbf2_9ce4_8422_2325;
    let mut words = Vec::with_capacity(text.len() / 6);
    let mut word = BEGIN;
    let mut end = |word: &mut u64| {
        if *word != BEGIN {
            words.push(std::mem::replace(word, BEGIN));
        }
    };
    for char in text.chars() {
        if char.is_ascii_alphanumeric() {
            word = (word ^ u64::from(char.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
        } else if char.is_ascii() || !char.is_alphanumeric() {
            end(&mut word);
        } else {
            let alone = is_alone(char);
            if alone {
                end(&mut word);
            }
            for lower in char.to_lowercase() {
                word = (word ^ u64::from(lower)).wrapping_mul(0x0100_0000_01b3);
            }
            if alone {
                end(&mut word);
            }
        }
    }
    end(&mut word);
    words
}

fn is_alone(char: char) -> bool {
    matches!(char, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}

/// Spreads a number over all its bits, the same way on every machine and in every version.
pub fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: std::ops::Range<u32>) -> String {
        words.map(|word| format!("w{word} ")).collect()
    }

    #[test]
    fn only_words_count() {
        assert_eq!(Sketch::of("Be KIND, always.\r\n"), Sketch::of("be kind -- always"));
        assert_ne!(Sketch::of("be kind always"), Sketch::of("always be kind"));
        assert_eq!(Sketch::of("hello").likeness(&Sketch::of("Hello!")), 1.0);
        assert!(Sketch::of(" \n—").is_empty());
        assert_eq!(Sketch::of("").likeness(&Sketch::of("")), 0.0);
    }

    #[test]
    fn likeness_is_the_share_of_common_runs() {
        // 98 runs each, of which the one word in the middle changes three.
        let changed = text(0..100).replace("w50 ", "other ");
        assert_eq!(Sketch::of(&text(0..100)).likeness(&Sketch::of(&changed)), 95.0 / 101.0);
        assert_eq!(Sketch::of(&text(0..100)).likeness(&Sketch::of(&text(200..300))), 0.0);
        let chinese = Sketch::of("我想让你担任讲师").likeness(&Sketch::of("我想让你担任厨师"));
        assert!((0.3..0.6).contains(&chinese), "{chinese}");
    }

    #[test]
    fn signatures_agree_as_much_as_the_sets() {
        for (length, shift) in [(60, 6), (400, 40), (400, 100), (4000, 1000)] {
            let (a, b) = (Sketch::of(&text(0..length)), Sketch::of(&text(shift..length + shift)));
            let agree = a.signature().iter().zip(b.signature()).filter(|(a, b)| **a == *b).count();
            let told = agree as f64 / PLACES as f64;
            assert!((told - a.likeness(&b)).abs() < 0.12, "{length}: {told} for {}", a.likeness(&b));
        }
    }
}
