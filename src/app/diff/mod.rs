//! Compare prompts between two states of the repository.

pub mod pairs;
pub mod range;
