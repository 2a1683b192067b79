//! The file of vectors: records of one size, one after the other, only ever added to. Reading it is exact: every row that
//! is wanted is compared with the question.
//!
//! A record is, in little-endian: the number of its prompt, the first and the last line of its passage, the vector's
//! inverse norm, and its values. All rows of a prompt stand together. Which bytes count is the caller's to know: what
//! a killed writer left behind the last whole commit is never looked at.

use rayon::prelude::*;

use super::passages::Lines;
use super::vector::Vector;

/// Goes up when records are laid out differently.
pub const VERSION: u32 = 1;

/// What stands before the values.
const HEAD: usize = 16;

/// How many records one thread looks at before it asks for more.
const BLOCK: usize = 4096;

/// Add a record to bytes that will be appended to the file.
pub fn add(bytes: &mut Vec<u8>, prompt: u32, lines: Lines, vector: &Vector) {
    bytes.extend(prompt.to_le_bytes());
    bytes.extend(lines.first.to_le_bytes());
    bytes.extend(lines.last.to_le_bytes());
    bytes.extend(vector.inverse_norm.to_le_bytes());
    bytes.extend(vector.values.iter().map(|&value| value as u8));
}

/// How many bytes a record of so many dimensions takes.
pub const fn record_length(dimensions: usize) -> usize {
    HEAD + dimensions
}

/// The records of a file.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    bytes: &'a [u8],
    dimensions: usize,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub prompt: u32,
    pub lines: Lines,
    pub inverse_norm: f32,
    values: &'a [u8],
}

/// How near a prompt's best passage is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Best {
    pub prompt: u32,
    pub cosine: f32,
    pub lines: Lines,
}

impl<'a> Rows<'a> {
    /// The first so many bytes of a file, as far as they are whole records.
    pub fn new(bytes: &'a [u8], committed: usize, dimensions: usize) -> Rows<'a> {
        let length = committed.min(bytes.len());
        Rows { bytes: &bytes[..length - length % record_length(dimensions)], dimensions }
    }

    pub fn len(&self) -> usize {
        self.bytes.len() / record_length(self.dimensions)
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = Row<'a>> + use<'a> {
        self.bytes.chunks_exact(record_length(self.dimensions)).map(Row::read)
    }

    /// Each wanted prompt with its best passage, in the order of the file. A question of another model has no answer.
    pub fn best(&self, question: &Vector, wanted: impl Fn(u32) -> bool + Sync) -> Vec<Best> {
        if question.values.len() != self.dimensions {
            return Vec::new();
        }
        let record = record_length(self.dimensions);
        let in_block = |block: &[u8]| {
            let mut found = Vec::new();
            for row in block.chunks_exact(record).map(Row::read).filter(|row| wanted(row.prompt)) {
                let cosine = row.product(&question.values) as f32 * row.inverse_norm * question.inverse_norm;
                keep_better(&mut found, Best { prompt: row.prompt, cosine, lines: row.lines });
            }
            found
        };
        let blocks: Vec<Vec<Best>> = self.bytes.par_chunks(BLOCK * record).map(in_block).collect();
        let mut found = Vec::with_capacity(blocks.iter().map(Vec::len).sum());
        for block in blocks {
            let mut block = block.into_iter();
            // The rows of a prompt may be divided between two blocks.
            block.next().into_iter().for_each(|first| keep_better(&mut found, first));
            found.extend(block);
        }
        found
    }
}

/// Rows of a prompt follow each other, so only the last one can be of the same.
fn keep_better(found: &mut Vec<Best>, next: Best) {
    match found.last_mut().filter(|last| last.prompt == next.prompt) {
        Some(last) if last.cosine >= next.cosine => {}
        Some(last) => *last = next,
        None => found.push(next),
    }
}

impl<'a> Row<'a> {
    fn read(record: &'a [u8]) -> Row<'a> {
        let number = |at: usize| *record[at..].first_chunk().expect("a record begins with four numbers");
        Row {
            prompt: u32::from_le_bytes(number(0)),
            lines: Lines { first: u32::from_le_bytes(number(4)), last: u32::from_le_bytes(number(8)) },
            inverse_norm: f32::from_le_bytes(number(12)),
            values: &record[HEAD..],
        }
    }

    pub fn vector(&self) -> Vector {
        Vector { values: self.values.iter().map(|&byte| byte as i8).collect(), inverse_norm: self.inverse_norm }
    }

    /// Products of two signed bytes fit into two bytes, and sixteen sums side by side are what the compiler turns into
    /// a few wide instructions. `as_chunks` would say the same and makes it half as fast.
    fn product(&self, other: &[i8]) -> i32 {
        let (values, others) = (self.values.chunks_exact(16), other.chunks_exact(16));
        let left = values.remainder().iter().zip(others.remainder());
        let left: i32 = left.map(|(&value, &other)| i32::from(value as i8) * i32::from(other)).sum();
        let mut sums = [0_i32; 16];
        for (values, others) in values.zip(others) {
            for ((sum, &value), &other) in sums.iter_mut().zip(values).zip(others) {
                *sum += i32::from(i16::from(value as i8) * i16::from(other));
            }
        }
        left + sums.iter().sum::<i32>()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn lines(first: u32, last: u32) -> Lines {
        Lines { first, last }
    }

    fn file(rows: &[(u32, Vector)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (at, (prompt, vector)) in rows.iter().enumerate() {
            add(&mut bytes, *prompt, lines(at as u32, at as u32 + 3), vector);
        }
        bytes
    }

    #[test]
    fn the_best_passage_of_each_wanted_prompt_counts() {
        let vector = |values: [f32; 2]| Vector::of(&values);
        let rows = [(1, vector([0.0, 1.0])), (1, vector([1.0, 0.1])), (2, vector([1.0, 0.0])), (3, vector([1.0, 1.0]))];
        let bytes = file(&rows);
        let best = Rows::new(&bytes, bytes.len(), 2).best(&vector([1.0, 0.0]), |prompt| prompt != 2);
        assert_eq!(
            best.iter().map(|it| (it.prompt, it.lines)).collect::<Vec<_>>(),
            [(1, lines(1, 4)), (3, lines(3, 6))]
        );
        assert!((best[1].cosine - 0.5_f32.sqrt()).abs() < 0.01);
    }

    #[test]
    fn what_is_not_committed_or_not_whole_is_not_there() {
        let mut bytes = file(&[(1, Vector::of(&[1.0, 0.0])), (2, Vector::of(&[0.0, 1.0]))]);
        let record = record_length(2);
        assert_eq!(Rows::new(&bytes, record, 2).len(), 1);
        assert_eq!(Rows::new(&bytes, 2 * record - 1, 2).len(), 1);
        assert_eq!(Rows::new(&bytes, 9 * record, 2).len(), 2);
        bytes.truncate(record + 5);
        assert_eq!(Rows::new(&bytes, 2 * record, 2).len(), 1);
        assert!(Rows::new(&[], 0, 2).is_empty());
    }

    #[test]
    fn a_question_of_another_model_has_no_answer() {
        let bytes = file(&[(1, Vector::of(&[1.0, 0.0]))]);
        assert_eq!(Rows::new(&bytes, bytes.len(), 2).best(&Vector::of(&[1.0, 0.0, 0.0]), |_| true), []);
    }

    #[test]
    fn a_row_gives_its_vector_back() {
        let vector = Vector::of(&[1.0, -0.5, 0.25]);
        let bytes = file(&[(7, vector.clone())]);
        let row = Rows::new(&bytes, bytes.len(), 3).iter().next().expect("one row");
        assert_eq!((row.prompt, row.lines, row.vector()), (7, lines(0, 3), vector));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        /// Also across the borders of what one thread takes.
        #[test]
        fn finds_what_looking_at_each_row_finds(
            counts in prop::collection::vec(1..4_usize, 1..40),
            seed in prop::collection::vec(any::<[i8; 19]>(), 1..9),
            padding in 0..3_usize,
        ) {
            let counts: Vec<usize> = std::iter::repeat_n(1, BLOCK - 20 + padding).chain(counts).collect();
            let prompts = counts.iter().enumerate().flat_map(|(prompt, &count)| std::iter::repeat_n(prompt as u32, count));
            let vectors = seed.iter().cycle().map(|values| Vector::from_bytes(Box::new(*values)));
            let rows: Vec<(u32, Vector)> = prompts.zip(vectors).collect();
            let bytes = file(&rows);
            let question = Vector::from_bytes((-9..10).collect());
            let best = Rows::new(&bytes, bytes.len(), 19).best(&question, |prompt| prompt % 5 != 0);
            let mut expected = BTreeMap::new();
            for (prompt, vector) in rows.iter().filter(|(prompt, _)| prompt % 5 != 0) {
                let cosine: &mut f32 = expected.entry(*prompt).or_insert(f32::MIN);
                *cosine = cosine.max(vector.cosine(&question));
            }
            prop_assert_eq!(best.len(), expected.len());
            for (best, (prompt, cosine)) in best.iter().zip(expected) {
                prop_assert_eq!(best.prompt, prompt);
                prop_assert!((best.cosine - cosine).abs() < 1e-5);
            }
        }
    }

    /// `cargo test --release -- --ignored --nocapture three_hundred_thousand_rows`
    #[test]
    #[ignore = "a measurement"]
    #[expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures time and says so")]
    fn three_hundred_thousand_rows() {
        let vectors: Vec<Vector> = (0..251)
            .map(|at| Vector::of(&(0..256).map(|d| ((at * 37 + d * 11) % 199) as f32 - 99.0).collect::<Vec<_>>()))
            .collect();
        let rows: Vec<(u32, Vector)> = (0..300_000).map(|at| (at as u32 / 3, vectors[at % 251].clone())).collect();
        let bytes = file(&rows);
        for _ in 0..5 {
            let start = std::time::Instant::now();
            let best = Rows::new(&bytes, bytes.len(), 256).best(&vectors[3], |_| true);
            println!("{} prompts in {:?}", best.len(), start.elapsed());
        }
    }
}
