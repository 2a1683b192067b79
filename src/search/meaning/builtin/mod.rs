//! The embedder inside the binary: a text's vector is the sum of the vectors of its word pieces. It knows no order of
//! words, and needs nothing but itself. Where the table comes from is told in `assets/static-256/README.md`.

mod hash;
mod pieces;
mod words;

use super::{Embedder, Model, Recipe, Vector};
use crate::base::Result;

const DIMENSIONS: usize = 256;
const ROWS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/static-256.rows"));
/// The SHA-256 of the rows and the vocabulary, which a test keeps true.
const DIGEST: &str = "da2b7439a23a6c92c8d87b197416f103b203843cf922ae33c3ba30adeea9da17";

#[derive(Debug)]
pub struct Builtin {
    model: Model,
}

impl Builtin {
    pub fn new() -> Self {
        let model =
            Model { name: "static-256".into(), dimensions: DIMENSIONS, digest: DIGEST.into(), recipe: Recipe::Parts };
        Builtin { model }
    }
}

impl Default for Builtin {
    fn default() -> Self {
        Builtin::new()
    }
}

impl Embedder for Builtin {
    fn model(&self) -> &Model {
        &self.model
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vector>> {
        let mut room = Room::default();
        Ok(texts.iter().map(|text| Vector::of(&room.sum(text))).collect())
    }
}

/// What one text after the other is worked out in.
#[derive(Default)]
struct Room {
    word: String,
    rows: Vec<u16>,
}

impl Room {
    fn sum(&mut self, text: &str) -> [f32; DIMENSIONS] {
        self.rows.clear();
        words::each(text, &mut self.word, |word| pieces::add(word, &mut self.rows));
        let mut sum = [0_i32; DIMENSIONS];
        // Sums of so few rows fit into two bytes, and those are added twice as fast.
        for rows in self.rows.chunks(255) {
            for (total, value) in sum.iter_mut().zip(small_sum(rows)) {
                *total += i32::from(value);
            }
        }
        sum.map(|total| total as f32)
    }
}

fn small_sum(rows: &[u16]) -> [i16; DIMENSIONS] {
    let mut sum = [0_i16; DIMENSIONS];
    for &row in rows {
        let values = &ROWS[usize::from(row) * DIMENSIONS..][..DIMENSIONS];
        for (total, &value) in sum.iter_mut().zip(values) {
            *total += i16::from(value as i8);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::base::hash::sha256;

    fn embed(text: &str) -> Vector {
        Builtin::new().embed(&[text]).expect("nothing can fail").remove(0)
    }

    #[test]
    fn vectors_are_those_of_the_reference() {
        let reference = include_str!("../../../../assets/static-256/reference.json");
        let texts: Value = serde_json::from_str(reference).expect("JSON");
        for text in texts.as_array().expect("a list") {
            let values: Vec<f32> = text["vector"]
                .as_array()
                .expect("numbers")
                .iter()
                .map(|it| it.as_f64().expect("a number") as f32)
                .collect();
            let cosine = embed(text["text"].as_str().expect("a text")).cosine(&Vector::of(&values));
            assert!(cosine > 0.9995, "{cosine} for {}", text["text"]);
        }
    }

    #[test]
    fn the_digest_is_that_of_the_table() {
        let vocabulary = include_bytes!("../../../../assets/static-256/vocab.txt");
        assert_eq!(sha256(&[ROWS, vocabulary].concat()), DIGEST);
    }

    #[test]
    fn near_meanings_are_nearer_than_others() {
        let angry = embed("calm an angry customer");
        assert!(
            angry.cosine(&embed("soothe an upset client")) > angry.cosine(&embed("draw a map of the railway")) + 0.1
        );
    }

    #[test]
    fn a_text_without_words_is_like_nothing() {
        for text in ["", " \n", "\u{1f980}\u{1f980}"] {
            assert_eq!(embed(text).cosine(&embed("the")), 0.0);
        }
    }

    /// `cargo test --release -- --ignored --nocapture texts_a_second`
    #[test]
    #[ignore = "a measurement"]
    #[expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures time and says so")]
    fn texts_a_second() {
        let texts = vec!["Write a concise commit message for this diff."; 200_000];
        let start = std::time::Instant::now();
        let vectors = Builtin::new().embed(&texts).expect("nothing can fail");
        println!("{:.0} texts/s", vectors.len() as f64 / start.elapsed().as_secs_f64());
    }
}
