//! Sets of examples: data files that list `input` and `output`. They are listed, added to and picked from.

mod add;
mod list;
mod pick;
mod set;

pub use add::{Added, add};
pub use list::{Listed, Outcome, list};
pub use pick::{Chosen, pick};
pub use set::{Entry, Found, existing, names, read};

use std::path::PathBuf;

use crate::render::examples::Choice;

/// New examples for a set.
#[derive(Debug, Default)]
pub struct AddRequest {
    pub set: String,
    pub new: New,
    /// Leave out those whose input is in the set already, in place of refusing them all.
    pub skip_known: bool,
    pub dry_run: bool,
}

/// Where new examples come from.
#[derive(Debug)]
pub enum New {
    One {
        id: Option<String>,
        input: String,
        output: String,
    },
    /// A data file, or standard input.
    File(PathBuf),
    Piped(String),
}

impl Default for New {
    fn default() -> Self {
        New::Piped(String::new())
    }
}

/// Which examples a case would be shown.
#[derive(Debug)]
pub struct PickRequest {
    pub set: String,
    /// The case: a text, or a map of variables as JSON.
    pub case: String,
    pub choice: Choice,
    /// Ids or inputs of examples that shall not be shown.
    pub except: Vec<String>,
}
