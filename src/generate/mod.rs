//! Ideas become prompts, candidates are ranked and judged. Engines over values: they say which calls they want made.

pub mod batch;
pub mod compose;
pub mod judge;
pub mod plan;
pub mod rank;
pub mod refine;
pub mod run;
pub mod text;
pub mod weights;

#[cfg(test)]
mod tests;
