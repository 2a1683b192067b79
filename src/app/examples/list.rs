//! The sets of a repository, or the examples of one.

use super::set::{self, Entry, Found};
use crate::app::App;
use crate::base::{Finding, Place, Result};

#[derive(Debug)]
pub struct Listed {
    /// What the set is called, where it stands in the folder of sets.
    pub name: String,
    pub found: Found,
    pub entries: Vec<Entry>,
}

#[derive(Debug, Default)]
pub struct Outcome {
    pub sets: Vec<Listed>,
    /// Sets that cannot be read.
    pub findings: Vec<Finding>,
}

pub fn list(app: &App, what: Option<&str>) -> Result<Outcome> {
    if let Some(typed) = what {
        let found = set::existing(app, typed)?;
        let entries = set::read(&found)?;
        return Ok(Outcome { sets: vec![Listed { name: typed.to_owned(), found, entries }], findings: Vec::new() });
    }
    let folder = set::folder(app)?;
    let mut outcome = Outcome::default();
    for path in set::paths(app)? {
        let read = set::in_repository(app, &path).and_then(|found| Ok((set::read(&found)?, found)));
        match read {
            Ok((entries, found)) => {
                outcome.sets.push(Listed { name: set::name(&folder, &path).to_owned(), found, entries });
            }
            Err(error) if error.places().is_empty() => {
                outcome.findings.push(Finding::warning("examples", Place::file(&path), error.message()));
            }
            Err(error) => outcome.findings.extend(error.places().iter().cloned()),
        }
    }
    Ok(outcome)
}
