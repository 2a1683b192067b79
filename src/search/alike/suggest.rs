//! Which tags a prompt might have, told by those that resemble it.

use std::collections::BTreeMap;

use super::gist::Gist;
use super::intents::Intents;
use super::neighbours::{Neighbour, Neighbourhood};

/// A tag with how sure it is, from 0 to 1, and what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub tag: String,
    pub score: f32,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// These prompts resemble it and have the tag, the most alike first; by their numbers.
    Neighbours(Vec<usize>),
    /// It is what the prompt seems to be for.
    Intent,
}

/// So many neighbours have a say.
const VOTERS: usize = 8;
/// Less alike prompts have none.
const ALIKE: f32 = 0.35;
/// A tag needs this share of the votes.
const SHARE: f32 = 0.3;
/// So many tags are suggested at most.
const MOST: usize = 4;

/// Tags for a prompt, the surest first, none that it has. There is always one, unless none is `allowed`.
pub fn tags(
    gist: &Gist,
    hood: &Neighbourhood<'_>,
    intents: &Intents,
    voter: impl Fn(usize) -> bool + Sync,
    allowed: impl Fn(&str) -> bool,
) -> Vec<Suggestion> {
    let has = |tag: &str| gist.tags.iter().any(|own| own == tag);
    let mut votes: BTreeMap<&str, (f32, Vec<usize>)> = BTreeMap::new();
    let mut all = 0.0;
    let voters = hood.of(gist, VOTERS, |at| voter(at) && !hood.gist(at).tags.is_empty());
    let voters: Vec<Neighbour> = voters.into_iter().filter(|(_, likeness)| likeness.score >= ALIKE).collect();
    for (at, likeness) in &voters {
        let weight = likeness.score.powi(2);
        all += weight;
        for tag in hood.gist(*at).tags.iter().filter(|tag| !has(tag) && allowed(tag)) {
            let vote = votes.entry(tag).or_default();
            vote.0 += weight;
            vote.1.push(*at);
        }
    }
    let best = voters.first().map_or(0.0, |(_, likeness)| likeness.score);
    let sure = |(tag, (vote, from)): (&str, (f32, Vec<usize>))| {
        let share = vote / all;
        let told = share >= SHARE;
        told.then(|| Suggestion { tag: tag.to_owned(), score: (share * best).min(1.0), why: Why::Neighbours(from) })
    };
    let mut found: Vec<Suggestion> = votes.into_iter().filter_map(sure).collect();
    let is_new = |tag: &str| !has(tag) && found.iter().all(|it| it.tag != tag);
    let mut fitting = intents.of(gist).into_iter().filter(|(tag, _)| allowed(tag));
    let likeliest = fitting.next().filter(|(tag, _)| is_new(tag));
    // A prompt without any other suggestion gets the next best.
    let intent = likeliest.or_else(|| fitting.find(|(tag, _)| is_new(tag)).filter(|_| found.is_empty()));
    found.extend(intent.map(|(tag, score)| Suggestion { tag: tag.to_owned(), score, why: Why::Intent }));
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.tag.cmp(&b.tag)));
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Dialect;
    use crate::search::meaning::Builtin;
    use crate::search::reading::Reading;

    fn gist(body: &str, tags: &[&str]) -> Gist {
        let text = format!("---\ntags: [{}]\n---\n{body}", tags.join(", "));
        Gist::of(&Reading::of("", text.as_bytes(), Dialect::Native), &Builtin::new()).expect("nothing can fail")
    }

    #[test]
    fn neighbours_and_the_purpose_speak_for_tags() {
        let gists = [
            gist("Answer a customer who wants a refund for a broken lamp.", &["refund", "mail"]),
            gist("Answer a customer who asks for a refund of a late order.", &["refund"]),
            gist("Draw the stars of the southern sky.", &["stars"]),
        ];
        let all: Vec<&Gist> = gists.iter().collect();
        let hood = Neighbourhood::new(&all, 1);
        let intents = Intents::new(&Builtin::new()).expect("nothing can fail");
        let asked = gist("Answer a customer who demands a refund for broken shoes.", &["answering"]);
        let found = tags(&asked, &hood, &intents, |_| true, |_| true);
        assert_eq!((found[0].tag.as_str(), &found[0].why), ("refund", &Why::Neighbours(vec![0, 1])));
        assert!(found.iter().all(|it| it.tag != "answering" && it.tag != "stars"));
        let lonely = tags(&gist("Translate this into Greek.", &[]), &hood, &intents, |_| false, |_| true);
        assert_eq!((lonely.len(), lonely[0].tag.as_str()), (1, "translation"));
        assert!(tags(&asked, &hood, &intents, |_| true, |tag| tag == "mail").iter().all(|it| it.tag == "mail"));
    }
}
