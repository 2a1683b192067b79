//! palc as a hook of git: put in beside what is there, taken out without a trace, and run on what is staged.

mod install;
mod run;

pub use install::{Installed, Way, install, uninstall};
pub use run::{Outcome, run};

/// The event that palc answers.
pub const EVENT: &str = "pre-commit";
