//! What people say of answers.

use super::Verdict;

/// One person's word about one answer to one case, whoever gave the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// When, as RFC 3339 says it.
    pub at: String,
    pub suite: String,
    /// Stands for the case and the answer's text: see [`item`].
    pub item: String,
    pub case: String,
    pub rater: String,
    /// The rubric by which it was scored.
    pub rubric: Option<String>,
    /// The rubric's criteria, each from 0 to 1.
    pub scores: Vec<(String, f64)>,
    /// Undecided if the rater cannot tell.
    pub verdict: Verdict,
    /// From 0 to 1. None if undecided.
    pub value: Option<f64>,
    pub comment: Option<String>,
    /// Whether the rater saw neither the prompt's name nor the model's.
    pub blind: bool,
}

/// The name of an answer to a case. The same words have the same name whoever said them, so they are rated once.
pub fn item(case: &str, answer: &str) -> String {
    crate::base::hash::sha256(format!("{}:{case}{answer}", case.len()).as_bytes())[..16].to_owned()
}
