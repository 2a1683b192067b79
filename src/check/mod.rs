//! Rules over prompt files, one rule a file, and the one way from a file to its findings.
//!
//! A file is looked at once: [`learn`] reads it, runs the rules that need nothing but the file, and keeps its
//! [`Summary`]: findings without a path, and the facts other files' rules ask for. A summary depends on the content
//! alone, so it is kept by content and a second check reads nothing. [`judge()`] then runs the rules over all summaries,
//! weighs every finding by the settings, and takes out what an author allowed.

mod allow;
mod basis;
mod body;
pub mod branches;
mod facts;
mod file;
pub mod fix;
mod hit;
mod judge;
mod labels;
mod mask;
pub mod registry;
mod repository;
mod rule;
pub mod rules;
mod summary;

pub use basis::Basis;
pub use file::File;
pub use judge::{Allowed, Filter, Outside, Report, judge, weigh};
pub use labels::{Labels, judge_labels};
pub use repository::Member;
pub use rule::{How, Rule};
pub use rules::unknown_rule;
pub use summary::{Summary, learn};

#[cfg(test)]
mod laws;
