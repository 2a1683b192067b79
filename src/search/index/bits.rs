//! A set of documents.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Room for numbers below the given one; others are added all the same.
    pub fn below(limit: u32) -> Bits {
        Bits { words: vec![0; (limit as usize).div_ceil(64)] }
    }

    pub fn insert(&mut self, number: u32) {
        let at = number as usize / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        self.words[at] |= 1 << (number % 64);
    }

    pub fn contains(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub fn len(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// All numbers, lowest first.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at as u32 * 64 + bit)
        })
    }

    /// Keep what the other holds too.
    pub fn keep(&mut self, other: &Bits) {
        for (at, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(at).copied().unwrap_or(0);
        }
    }

    /// Take out what the other holds.
    pub fn remove(&mut self, other: &Bits) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Add what the other holds.
    pub fn add(&mut self, other: &Bits) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// As bytes: runs of empty and of full words take two bytes, whatever their length up to 128.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut at = 0;
        while at < self.words.len() {
            let first = self.words[at];
            let same = self.words[at..].iter().take(127).take_while(|&&word| word == first).count();
            if first == 0 || first == u64::MAX {
                out.extend([same as u8 | if first == 0 { 0 } else { 0x80 }]);
                at += same;
            } else {
                out.push(0);
                out.extend_from_slice(&first.to_le_bytes());
                at += 1;
            }
        }
    }

    pub fn decode(mut bytes: &[u8]) -> Option<Bits> {
        let mut words = Vec::new();
        while let Some((&head, rest)) = bytes.split_first() {
            bytes = rest;
            if head == 0 {
                let (word, rest) = bytes.split_first_chunk()?;
                words.push(u64::from_le_bytes(*word));
                bytes = rest;
            } else {
                let word = if head & 0x80 == 0 { 0 } else { u64::MAX };
                words.resize(words.len() + usize::from(head & 0x7f), word);
            }
        }
        Some(Bits { words })
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<T: IntoIterator<Item = u32>>(numbers: T) -> Bits {
        let mut bits = Bits::default();
        numbers.into_iter().for_each(|number| bits.insert(number));
        bits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    use super::*;

    proptest! {
        #[test]
        fn is_a_set(numbers in prop::collection::btree_set(0u32..3000, 0..80), others in prop::collection::btree_set(0u32..3000, 0..80)) {
            let bits: Bits = numbers.iter().copied().collect();
            let other: Bits = others.iter().copied().collect();
            prop_assert_eq!(&bits.iter().collect::<BTreeSet<_>>(), &numbers);
            prop_assert_eq!(bits.len() as usize, numbers.len());
            let changed = |change: fn(&mut Bits, &Bits)| { let mut bits = bits.clone(); change(&mut bits, &other); bits.iter().collect::<BTreeSet<_>>() };
            prop_assert_eq!(changed(Bits::keep), &numbers & &others);
            prop_assert_eq!(changed(Bits::remove), &numbers - &others);
            prop_assert_eq!(changed(Bits::add), &numbers | &others);
        }

        #[test]
        fn survives_its_bytes(runs in prop::collection::vec((0u32..2000, 1u32..900), 0..6)) {
            let bits: Bits = runs.iter().flat_map(|&(start, length)| start..start + length).collect();
            let mut bytes = Vec::new();
            bits.encode(&mut bytes);
            prop_assert_eq!(Bits::decode(&bytes), Some(bits));
        }
    }

    #[test]
    fn a_full_set_is_small() {
        let mut bytes = Vec::new();
        (0..128_000).collect::<Bits>().encode(&mut bytes);
        assert!(bytes.len() < 40, "{}", bytes.len());
        assert_eq!(Bits::decode(&[0, 1]), None);
    }
}
