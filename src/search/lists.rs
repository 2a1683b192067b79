//! Scores by words: BM25 over whole postings, so that every document of a view has its exact score and the lists can be
//! mixed before the best are taken.
//!
//! How rare a word is and how long documents are is counted within the view. So the same view gives the same scores,
//! whatever else the index holds.

use std::collections::HashMap;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;

use crate::base::Result;

use super::index::{Index, Segment, View, failed};

/// How much the words of a question say, and what they give each document.
#[derive(Debug, Default)]
pub struct Words {
    /// By document; 0 for those that are not in the view or have none of the words.
    pub scores: Vec<f32>,
    /// How rare each word is, if any document has it.
    pub rarities: HashMap<String, f32>,
}

/// Which of a document's two lists of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Terms {
    Words,
    Grams,
}

/// Pieces that every fifth prompt has tell nothing, and theirs are the long lists.
const COMMON: u32 = 5;
/// In so few documents nothing is common.
const FEW: u32 = 50;
/// Of common pieces so many are read at most.
const RAREST: usize = 8;

/// BM25 by words, times the share of the question that a document covers: one that has all words is more likely meant
/// than one that has a single word often.
pub fn words(index: &Index, view: &View, terms: &[String]) -> Result<Words> {
    let mut tally = Tally::new(index, view, Terms::Words);
    let mut covered = vec![0.0; tally.scores.len()];
    let (mut rarities, mut all) = (HashMap::new(), 0.0);
    for (term, times) in counted(terms) {
        let found = tally.find(term)?;
        if found.is_empty() {
            continue;
        }
        let rarity = tally.rarity(&found);
        found.iter().for_each(|posting| covered[posting.row as usize] += rarity);
        tally.add(&found, times);
        all += rarity;
        rarities.insert(term.to_owned(), rarity);
    }
    let mut scores = tally.scores;
    for (score, covered) in scores.iter_mut().zip(covered).filter(|(score, _)| **score > 0.0) {
        *score *= covered / all;
    }
    Ok(Words { scores, rarities })
}

/// BM25 by pieces of words. Where all are common, the rarest of them must do.
pub fn grams(index: &Index, view: &View, terms: &[String]) -> Result<Vec<f32>> {
    let mut tally = Tally::new(index, view, Terms::Grams);
    let limit = (view.documents / COMMON).max(FEW);
    let terms = counted(terms);
    let mut common = Vec::new();
    for &(term, times) in &terms {
        // How many documents of the whole index have it is known without reading, and that is never below the view's.
        let count = if tally.is_all { tally.count(term)? } else { 0 };
        if count > limit {
            common.push((count, term, times));
            continue;
        }
        let found = tally.find(term)?;
        if found.len() as u32 > limit {
            common.push((found.len() as u32, term, times));
        } else {
            tally.add(&found, times);
        }
    }
    if common.len() == terms.len() {
        common.sort_by_key(|(count, ..)| *count);
        for (_, term, times) in common.into_iter().take(RAREST) {
            let found = tally.find(term)?;
            tally.add(&found, times);
        }
    }
    Ok(tally.scores)
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

struct Posting {
    row: u32,
    frequency: u32,
    length: u8,
}

/// The scores of one list while terms are added.
struct Tally<'a> {
    index: &'a Index,
    view: &'a View,
    kind: Terms,
    /// The view is the whole index.
    is_all: bool,
    scores: Vec<f32>,
    /// By the length of a document as tantivy keeps it, how much more of a term is needed for the same score.
    dampers: Vec<f32>,
}

impl Terms {
    /// How soon more of the same counts no more, and how much long documents are held back.
    fn weights(self) -> (f32, f32) {
        match self {
            Terms::Words => (1.2, 0.75),
            Terms::Grams => (0.6, 0.75),
        }
    }
}

impl<'a> Tally<'a> {
    fn new(index: &'a Index, view: &'a View, kind: Terms) -> Tally<'a> {
        let (k1, b) = kind.weights();
        let total = if kind == Terms::Words { view.words } else { view.grams };
        let average = (total as f32 / view.documents.max(1) as f32).max(1.0);
        let damper = |id| k1 * (1.0 - b + b * FieldNormReader::id_to_fieldnorm(id) as f32 / average);
        Tally {
            index,
            view,
            kind,
            is_all: view.documents == index.rows.len(),
            scores: vec![0.0; index.rows.len() as usize],
            dampers: (0..=u8::MAX).map(damper).collect(),
        }
    }

    /// How many documents of the index have the term.
    fn count(&self, term: &str) -> Result<u32> {
        let count = |segment: &Segment| Ok(self.terms(segment).terms().get(term)?.map_or(0, |info| info.doc_freq));
        let counts = self.index.segments().iter().map(count);
        counts.sum::<std::io::Result<u32>>().map_err(|error| failed("read", error))
    }

    /// The documents of the view that have the term.
    fn find(&self, term: &str) -> Result<Vec<Posting>> {
        let mut found = Vec::new();
        for segment in self.index.segments() {
            self.collect(segment, term, &mut found).map_err(|error| failed("read", error))?;
        }
        Ok(found)
    }

    fn collect(&self, segment: &Segment, term: &str, found: &mut Vec<Posting>) -> std::io::Result<()> {
        let lengths = if self.kind == Terms::Words { &segment.words_lengths } else { &segment.grams_lengths };
        let Some(mut postings) = self.postings(segment, term)? else { return Ok(()) };
        found.reserve(postings.doc_freq() as usize);
        while !postings.docs().is_empty() {
            for (&document, &frequency) in postings.docs().iter().zip(postings.freqs()) {
                let row = segment.rows[document as usize];
                if self.is_all || self.view.rows.contains(row) {
                    found.push(Posting { row, frequency, length: lengths.fieldnorm_id(document) });
                }
            }
            postings.advance();
        }
        Ok(())
    }

    fn postings(&self, segment: &Segment, term: &str) -> std::io::Result<Option<BlockSegmentPostings>> {
        let terms = self.terms(segment);
        let Some(info) = terms.terms().get(term)? else { return Ok(None) };
        terms.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs).map(Some)
    }

    fn terms<'s>(&self, segment: &'s Segment) -> &'s tantivy::InvertedIndexReader {
        if self.kind == Terms::Words { &segment.words } else { &segment.grams }
    }

    fn rarity(&self, found: &[Posting]) -> f32 {
        let (all, with) = (self.view.documents as f32, found.len() as f32);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    fn add(&mut self, found: &[Posting], times: f32) {
        let weight = times * self.rarity(found) * (self.kind.weights().0 + 1.0);
        for &Posting { row, frequency, length } in found {
            let frequency = frequency as f32;
            self.scores[row as usize] += weight * frequency / (frequency + self.dampers[usize::from(length)]);
        }
    }
}
