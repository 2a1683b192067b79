//! Ideas become prompts, candidates are ranked and judged. Engines over values: they say which calls they want made.

pub mod batch;
pub mod form;
pub mod judge;
pub mod rank;
pub mod refine;
pub mod weights;
