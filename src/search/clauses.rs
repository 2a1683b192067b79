//! Which documents hold what a clause of a query asks for.

use std::collections::BTreeSet;

use tantivy::postings::Postings as _;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED};

use crate::base::Result;
use crate::base::near;

use super::index::{Bits, Index, Segment, failed};
use super::query::{Clause, Last};
use super::words::{Part, words};

/// More words than this with one beginning are not looked up.
const MOST: usize = 500;
/// Endings are at most so long.
const ENDING: usize = 3;

/// All documents of the index that hold the clause.
pub fn documents(index: &Index, clause: &Clause) -> Result<Bits> {
    let mut found = Bits::below(index.rows.len());
    for segment in index.segments() {
        in_segment(segment, clause, &mut found).map_err(|error| failed("read", error))?;
    }
    Ok(found)
}

/// Documents with the places where the words so far end, in the order of documents.
type Places = Vec<(u32, Vec<u32>)>;

fn in_segment(segment: &Segment, clause: &Clause, found: &mut Bits) -> std::io::Result<()> {
    let mut row: Option<Places> = None;
    for (at, word) in clause.words.iter().enumerate() {
        let is_last = at + 1 == clause.words.len();
        let terms = if is_last { meant(segment, word, clause.last)? } else { vec![word.clone()] };
        let here = places(segment, &terms, clause.part)?;
        row = Some(match row {
            None => here,
            Some(before) => followed(&before, &here),
        });
    }
    for (document, _) in row.unwrap_or_default() {
        found.insert(segment.rows[document as usize]);
    }
    Ok(())
}

/// The terms that a word stands for.
fn meant(segment: &Segment, word: &str, last: Last) -> std::io::Result<Vec<String>> {
    Ok(match last {
        Last::Whole => vec![word.to_owned()],
        Last::Beginning => {
            let mut terms: BTreeSet<String> = beginning(segment, word)?.into_iter().collect();
            // The index holds words without their endings, so a long beginning may be longer than its word.
            terms.extend(words(word).into_iter().map(|(stem, _)| stem));
            terms.into_iter().collect()
        }
        Last::Near(wrong) => near_to(segment, word, wrong)?,
    })
}

fn beginning(segment: &Segment, start: &str) -> std::io::Result<Vec<String>> {
    let mut stream = segment.words.terms().range().ge(start).into_stream()?;
    let mut terms = Vec::new();
    while stream.advance() && stream.key().starts_with(start.as_bytes()) && terms.len() < MOST {
        terms.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    Ok(terms)
}

/// The terms that a word with so many wrong letters may be. The index holds words without their endings, and what is
/// written wrong has no ending that could be told, so a few letters less are tried too.
fn near_to(segment: &Segment, word: &str, wrong: usize) -> std::io::Result<Vec<String>> {
    let letters: Vec<char> = word.chars().collect();
    let shortest = letters.len().saturating_sub(ENDING).max(4).min(letters.len());
    let tries: Vec<String> = (shortest..=letters.len()).map(|length| letters[..length].iter().collect()).collect();
    let mut stream = segment.words.terms().stream()?;
    let mut terms = Vec::new();
    while stream.advance() {
        let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
        let length = term.chars().count();
        let may = length + wrong >= shortest && length <= letters.len() + wrong;
        if may && tries.iter().any(|word| near::distance(term, word) <= wrong) {
            terms.push(term.to_owned());
        }
    }
    Ok(terms)
}

/// Where any of the terms stands, within a part if one is asked for.
fn places(segment: &Segment, terms: &[String], part: Option<Part>) -> std::io::Result<Places> {
    let allowed = part.map_or(0..u32::MAX, Part::positions);
    let mut all = Places::new();
    let mut positions = Vec::new();
    for term in terms {
        let Some(info) = segment.words.terms().get(term)? else { continue };
        let mut postings =
            segment.words.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqsAndPositions)?;
        while postings.doc() != TERMINATED {
            postings.positions(&mut positions);
            positions.retain(|place| allowed.contains(place));
            if !positions.is_empty() {
                all.push((postings.doc(), positions.clone()));
            }
            postings.advance();
        }
    }
    if terms.len() > 1 {
        all.sort_by_key(|(document, _)| *document);
        all.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1.append(&mut next.1);
            }
            same
        });
    }
    Ok(all)
}

/// The places of the second that follow directly upon places of the first.
fn followed(first: &Places, second: &Places) -> Places {
    let mut first = first.iter().peekable();
    let mut out = Places::new();
    for (document, places) in second {
        while first.next_if(|(before, _)| before < document).is_some() {}
        if let Some((_, before)) = first.peek().filter(|(before, _)| before == document) {
            let after = |place: &&u32| place.checked_sub(1).is_some_and(|before_it| before.contains(&before_it));
            let places: Vec<u32> = places.iter().filter(after).copied().collect();
            if !places.is_empty() {
                out.push((*document, places));
            }
        }
    }
    out
}
