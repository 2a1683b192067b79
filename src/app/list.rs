//! List prompts.

use crate::base::{Finding, Result};
use crate::repo::{Source, listing};

use super::App;
use super::load::{Loaded, load};

#[derive(Debug, Default)]
pub struct Request {
    /// Globs over names; none means all.
    pub names: Vec<String>,
    pub tags: Vec<String>,
    pub revision: Option<String>,
}

#[derive(Debug, Default)]
pub struct Outcome {
    pub prompts: Vec<Loaded>,
    /// Files that could not be read; they are never left out silently.
    pub findings: Vec<Finding>,
}

pub fn list(app: &App, request: &Request) -> Result<Outcome> {
    let source = Source::at(app.workspace()?, request.revision.as_deref())?;
    let mut outcome = Outcome::default();
    for file in listing::files(&source)? {
        match load(app, &source, file) {
            Ok(loaded) if request.wants(&loaded) => outcome.prompts.push(loaded),
            Ok(_) => {}
            Err(error) => outcome.findings.extend(error.places().iter().cloned()),
        }
    }
    Ok(outcome)
}

impl Request {
    fn wants(&self, loaded: &Loaded) -> bool {
        self.tags.iter().all(|tag| loaded.prompt.tags.contains(tag))
    }
}
