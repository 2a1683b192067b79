//! Scores by words: BM25 over whole postings, so that every document of a view has its exact score and the lists can be
//! mixed before the best are taken.
//!
//! How rare a word is and how long documents are is counted within the view. So the same view gives the same scores,
//! whatever else the index holds.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;

use crate::base::Result;

use super::index::{Index, Segment, View, failed};

/// Which of a document's two lists of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    Words,
    Grams,
}

impl Terms {
    /// How soon more of the same counts no more, and how much long documents are held back.
    fn weights(self) -> (f32, f32) {
        match self {
            Terms::Words => (1.2, 0.75),
            Terms::Grams => (0.6, 0.75),
        }
    }

    fn lengths(self, segment: &Segment) -> &FieldNormReader {
        match self {
            Terms::Words => &segment.words_lengths,
            Terms::Grams => &segment.grams_lengths,
        }
    }

    fn total(self, view: &View) -> u64 {
        match self {
            Terms::Words => view.words,
            Terms::Grams => view.grams,
        }
    }
}

/// The score of every document, by its number; 0 for those that are not in the view or have none of the terms.
pub fn scores(index: &Index, view: &View, kind: Terms, terms: &[String]) -> Result<Vec<f32>> {
    let mut scores = vec![0.0; index.rows.len() as usize];
    if view.documents == 0 {
        return Ok(scores);
    }
    let (k1, b) = kind.weights();
    let average = (kind.total(view) as f32 / view.documents as f32).max(1.0);
    let dampers: Vec<f32> =
        (0..=u8::MAX).map(|id| k1 * (1.0 - b + b * FieldNormReader::id_to_fieldnorm(id) as f32 / average)).collect();
    let mut found = Vec::new();
    for (term, times) in counted(terms) {
        found.clear();
        for segment in index.segments() {
            collect(segment, kind, term, view, &mut found).map_err(|error| failed("read", error))?;
        }
        let (all, with) = (view.documents as f32, found.len() as f32);
        let rarity = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
        let weight = times * rarity * (k1 + 1.0);
        for &Posting { row, frequency, length } in &found {
            let frequency = frequency as f32;
            scores[row as usize] += weight * frequency / (frequency + dampers[usize::from(length)]);
        }
    }
    Ok(scores)
}

struct Posting {
    row: u32,
    frequency: u32,
    length: u8,
}

/// Each term once, in the order of its first use, with how often it was asked for.
fn counted(terms: &[String]) -> Vec<(&str, f32)> {
    let mut counted: Vec<(&str, f32)> = Vec::new();
    for term in terms {
        match counted.iter_mut().find(|(known, _)| known == term) {
            Some((_, times)) => *times += 1.0,
            None => counted.push((term, 1.0)),
        }
    }
    counted
}

fn collect(segment: &Segment, kind: Terms, term: &str, view: &View, found: &mut Vec<Posting>) -> std::io::Result<()> {
    let lengths = kind.lengths(segment);
    let Some(mut postings) = postings(segment, kind, term)? else { return Ok(()) };
    while !postings.docs().is_empty() {
        for (&document, &frequency) in postings.docs().iter().zip(postings.freqs()) {
            let row = segment.rows[document as usize];
            if view.rows.contains(row) {
                found.push(Posting { row, frequency, length: lengths.fieldnorm_id(document) });
            }
        }
        postings.advance();
    }
    Ok(())
}

fn postings(segment: &Segment, kind: Terms, term: &str) -> std::io::Result<Option<BlockSegmentPostings>> {
    let terms = match kind {
        Terms::Words => &segment.words,
        Terms::Grams => &segment.grams,
    };
    let Some(info) = terms.terms().get(term)? else { return Ok(None) };
    terms.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs).map(Some)
}
