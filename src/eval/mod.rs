//! Evaluation: cases become calls, answers are checked, and what comes out is compared. Values in, values out.

pub mod budget;
pub mod check;
pub mod checks;
pub mod compare;
pub mod derive;
pub mod gate;
pub mod judge;
pub mod key;
pub mod perf;
pub mod ready;
pub mod run;
pub mod schema;
pub mod split;
pub mod tally;

pub use check::{Around, Compiled, Directions, Judged, Kind, Plain, Subject, Trial};
pub use tally::Tally;
