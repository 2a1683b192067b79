//! Finding prompts: by their words, by their meaning, by what they are like; in any revision and in all of history.

pub mod alike;
pub mod clauses;
pub mod grams;
pub mod index;
pub mod lists;
pub mod meaning;
pub mod near;
pub mod query;
pub mod rank;
pub mod reading;
pub mod snippet;
pub mod words;
