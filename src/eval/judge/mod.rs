//! Judges: models that say what no rule can. They are asked strictly and believed only so far.
//!
//! What is judged stands between tags that end in a word which nobody who wrote it can know, and a verdict repeats that
//! word: an answer can neither close its fence nor bring a verdict along. A reply that is no whole verdict is asked for
//! once more and then left undecided, as is a judge that says it cannot tell: no score is ever made up. Several judges
//! decide together, and their agreement is told. Nobody judges an answer of its own unless the check allows it.

pub mod audit;
mod bench;
pub mod classify;
pub mod g_eval;
mod hearing;
mod inquiry;
mod options;
pub mod pairwise;
mod panel;
pub mod rubric;
pub mod sheet;
mod shown;
pub mod terms;

#[cfg(test)]
mod scripted;
#[cfg(test)]
mod tests;

pub use bench::{Bench, Seat};
