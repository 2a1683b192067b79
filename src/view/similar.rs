//! Prompts that resemble one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::similar::Outcome;
use crate::repo::PromptFile;
use crate::search::alike::neighbours::Likeness;

use super::paint::{Paint, printable};
use super::table;

/// How many common words are shown.
const SHOWN: usize = 5;

pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let row = |(file, likeness): &(PromptFile, Likeness)| {
        let shared: Vec<String> = likeness.shared.iter().take(SHOWN).map(|word| printable(word)).collect();
        vec![percent(likeness.score), paint.bold(&printable(file.name.as_str())), paint.dim(&shared.join(", "))]
    };
    table::columns(&outcome.similar.iter().map(row).collect::<Vec<_>>(), width)
}

/// ` 7 %`
pub fn percent(share: f32) -> String {
    format!("{:>3} %", (share * 100.0).round())
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SimilarV1<'a> {
    name: &'a str,
    path: &'a str,
    /// The most alike first.
    similar: Vec<NeighbourV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NeighbourV1<'a> {
    name: &'a str,
    path: &'a str,
    /// How alike they are in all, from 0 to 1.
    score: f32,
    /// The cosine of what they mean, not below 0.
    meaning: f32,
    /// How much of their words they share; rare ones count more.
    words: f32,
    /// The words that both begin with, the rarest first.
    shared: &'a [String],
}

pub fn object(outcome: &Outcome) -> SimilarV1<'_> {
    let similar = outcome.similar.iter().map(|(file, likeness)| NeighbourV1 {
        name: file.name.as_str(),
        path: &file.path,
        score: likeness.score,
        meaning: likeness.meaning,
        words: likeness.words,
        shared: &likeness.shared,
    });
    SimilarV1 { name: outcome.file.name.as_str(), path: &outcome.file.path, similar: similar.collect() }
}
