//! List prompts by their cards.

use rayon::prelude::*;

use crate::base::{Error, Finding, Result};
use crate::format::card::{self, Card};
use crate::model::Name;
use crate::repo::known::{Facts, Known, survey};
use crate::repo::{PromptFile, Source};

use super::App;
use super::filter::{Condition, Globs};

#[derive(Debug, Default)]
pub struct Request {
    /// Globs over names; none means all.
    pub names: Vec<String>,
    pub conditions: Vec<Condition>,
    pub revision: Option<String>,
}

#[derive(Debug)]
pub struct Listed {
    pub file: PromptFile,
    pub card: Card,
}

#[derive(Debug, Default)]
pub struct Outcome {
    pub prompts: Vec<Listed>,
    /// Files that could not be read; they are never left out silently.
    pub findings: Vec<Finding>,
}

pub fn list(app: &App, request: &Request) -> Result<Outcome> {
    let source = Source::at(app.workspace()?, request.revision.as_deref())?;
    let globs = Globs::new(&request.names)?;
    let Cards { mut prompts, skipped } = cards(&source)?;
    prompts.retain(|listed| globs.matches(&listed.file.name) && request.conditions.iter().all(|c| c.holds(listed)));
    let broken =
        |listed: &Listed| listed.card.unreadable.as_ref().map(|unreadable| unreadable.finding(&listed.file.path));
    let findings = prompts.iter().filter_map(broken).chain(skipped).collect();
    if prompts.is_empty() {
        globs.explain_nothing()?;
    }
    Ok(Outcome { prompts, findings })
}

/// The cards of all prompts, in the order of their paths.
pub fn cards(source: &Source<'_>) -> Result<Cards> {
    let facts = Facts { kind: "cards", digest: format!("{} {}", card::VERSION, env!("CARGO_PKG_VERSION")) };
    let survey = survey(source, &facts, |bytes, dialect| Card::of(bytes, dialect).encode())?;
    let listed = |known: Known| {
        let card = Card::decode(&known.facts).ok_or_else(|| Error::bug("a stored card cannot be decoded"))?;
        Ok(Listed { file: known.file, card })
    };
    let prompts = survey.known.into_par_iter().map(listed).collect::<Result<_>>()?;
    Ok(Cards { prompts, skipped: survey.skipped })
}

/// Every prompt's card, and what looks like a prompt and is none.
#[derive(Debug)]
pub struct Cards {
    pub prompts: Vec<Listed>,
    pub skipped: Vec<Finding>,
}

/// A folder of the tree of names.
#[derive(Debug, Default)]
pub struct Branch {
    pub folders: Vec<(String, Branch)>,
    pub prompts: Vec<(String, Listed)>,
}

/// The same prompts as a tree of folders.
pub fn tree(prompts: Vec<Listed>) -> Branch {
    let mut root = Branch::default();
    for listed in prompts {
        let name = listed.file.name.clone();
        let branch = name.folder().split('/').filter(|part| !part.is_empty()).fold(&mut root, Branch::folder);
        branch.prompts.push((Name::stem(&name).to_owned(), listed));
    }
    root
}

impl Branch {
    /// Names come sorted, so a folder that exists is usually the last one.
    fn folder(&mut self, name: &str) -> &mut Branch {
        let at = match self.folders.iter().rposition(|(folder, _)| folder == name) {
            Some(at) => at,
            None => {
                self.folders.push((name.to_owned(), Branch::default()));
                self.folders.len() - 1
            }
        };
        &mut self.folders[at].1
    }

    pub fn count(&self) -> usize {
        self.prompts.len() + self.folders.iter().map(|(_, branch)| branch.count()).sum::<usize>()
    }
}
