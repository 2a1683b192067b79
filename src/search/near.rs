//! How close together the words of a question stand in a document.

use std::collections::HashMap;

use tantivy::DocSet as _;
use tantivy::postings::Postings as _;
use tantivy::schema::IndexRecordOption;

use crate::base::Result;

use super::index::{Index, Segment, failed};

/// Words that stand between others without a meaning of their own, as stems.
const SMALL: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "how", "i", "in", "into", "is", "it", "me", "my",
    "of", "on", "or", "so", "that", "the", "them", "then", "these", "this", "to", "what", "when", "which", "who",
    "with", "you", "your",
];

/// For each document 1 if all neighbours in the question stand side by side in it, and less the further apart they are.
pub fn nearness(
    index: &Index,
    rows: &[u32],
    question: &[String],
    rarities: &HashMap<String, f32>,
) -> Result<HashMap<u32, f32>> {
    let words: Vec<&String> = question.iter().filter(|word| !SMALL.contains(&word.as_str())).collect();
    let rarity = |word: &String| rarities.get(word).copied().unwrap_or(0.0);
    let pairs = || words.windows(2).filter(|pair| pair[0] != pair[1]);
    let all: f32 = pairs().map(|pair| rarity(pair[0]) + rarity(pair[1])).sum();
    if all == 0.0 {
        return Ok(HashMap::new());
    }
    let mut nearness = HashMap::new();
    for segment in index.segments() {
        let documents = documents(segment, rows);
        let mut places: HashMap<&str, HashMap<u32, Vec<u32>>> = HashMap::new();
        for word in &words {
            if !places.contains_key(word.as_str()) {
                places.insert(word, in_segment(segment, word, &documents).map_err(|error| failed("read", error))?);
            }
        }
        for &document in &documents {
            let at = |word: &String| places.get(word.as_str()).and_then(|places| places.get(&document));
            let near = pairs().filter_map(|pair| {
                let distance = distance(at(pair[0])?, at(pair[1])?)?;
                Some((rarity(pair[0]) + rarity(pair[1])) / distance as f32)
            });
            nearness.insert(segment.rows[document as usize], near.fold(0.0, |sum, near| sum + near) / all);
        }
    }
    Ok(nearness)
}

/// Which of a segment's documents are among some rows, lowest first.
fn documents(segment: &Segment, rows: &[u32]) -> Vec<u32> {
    let wanted: super::index::Bits = rows.iter().copied().collect();
    let all = segment.rows.iter().enumerate().filter(|(_, row)| wanted.contains(**row));
    all.map(|(document, _)| document as u32).collect()
}

/// Where a word stands in some documents.
fn in_segment(segment: &Segment, word: &str, documents: &[u32]) -> std::io::Result<HashMap<u32, Vec<u32>>> {
    let mut found = HashMap::new();
    let Some(info) = segment.words.terms().get(word)? else { return Ok(found) };
    let mut postings = segment.words.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqsAndPositions)?;
    for &document in documents {
        if postings.doc() < document {
            postings.seek(document);
        }
        if postings.doc() == document {
            let mut places = Vec::new();
            postings.positions(&mut places);
            found.insert(document, places);
        }
    }
    Ok(found)
}

/// The smallest distance between two places, both lists in order.
fn distance(one: &[u32], other: &[u32]) -> Option<u32> {
    let (mut a, mut b) = (one.iter().peekable(), other.iter().peekable());
    let mut best = None;
    while let (Some(&&here), Some(&&there)) = (a.peek(), b.peek()) {
        let distance = here.abs_diff(there).max(1);
        best = Some(best.map_or(distance, |best: u32| best.min(distance)));
        if here < there {
            a.next()
        } else {
            b.next()
        };
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_distance_is_found() {
        assert_eq!(distance(&[1, 9, 40], &[20, 42]), Some(2));
        assert_eq!(distance(&[5], &[4, 900]), Some(1));
        assert_eq!(distance(&[], &[4]), None);
    }
}
