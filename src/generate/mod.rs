//! Ideas become prompts, candidates are ranked and judged. Engines over values: they say which calls they want made.

pub mod judge;
pub mod weights;
