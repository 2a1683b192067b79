//! List prompts by their cards.

use crate::base::{Error, Finding, Result};
use crate::format::card::{self, Card};
use crate::format::{Dialect, Document, naming, parse_with};
use crate::model::{Map, Name, Prompt};
use crate::repo::known::{Facts, survey};
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
    /// The front matter as written, if a condition looked into it.
    pub front: Map,
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
    let deep = request.conditions.iter().any(Condition::is_deep);
    let Cards { mut prompts, skipped } = if deep { cards_with_fronts(&source)? } else { cards(&source)? };
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
    let facts = Facts { kind: "cards", digest: digest() };
    let learn = |bytes: &[u8], dialect| Card::of(bytes, dialect).encode();
    let survey = survey(source, &facts, learn, |file, facts| {
        let card = Card::decode(facts).ok_or_else(|| Error::bug("a stored card cannot be decoded"))?;
        let card = with_beside(source, &file.path)?.map_or(card, |prompt| Card::from_prompt(&prompt));
        Ok(Listed { file, card, front: Map::new() })
    })?;
    Ok(Cards { prompts: survey.facts, skipped: survey.skipped })
}

/// The same with the whole front matter, for conditions that look beyond the card.
fn cards_with_fronts(source: &Source<'_>) -> Result<Cards> {
    let mut cards = cards(source)?;
    let facts = Facts { kind: "fronts", digest: digest() };
    let fronts = survey(source, &facts, card::front, |file, facts| Ok((file.path, facts.to_vec())))?;
    let mut fronts = fronts.facts.into_iter().peekable();
    for listed in &mut cards.prompts {
        // Both come in the order of paths; a file may have come or gone between the two.
        while fronts.next_if(|(path, _)| *path < listed.file.path).is_some() {}
        if let Some((_, front)) = fronts.next_if(|(path, _)| *path == listed.file.path) {
            listed.front = serde_json::from_slice(&front).unwrap_or_default();
        }
        if let Some(prompt) = with_beside(source, &listed.file.path)? {
            listed.front = prompt.front;
        }
    }
    Ok(cards)
}

fn digest() -> String {
    format!("{} {}", card::VERSION, env!("CARGO_PKG_VERSION"))
}

/// Every prompt's card, and what looks like a prompt and is none.
#[derive(Debug)]
pub struct Cards {
    pub prompts: Vec<Listed>,
    pub skipped: Vec<Finding>,
}

/// A prompt that has a file beside it with what its own format cannot hold. Only formats that may need one are looked at.
fn with_beside(source: &Source<'_>, path: &str) -> Result<Option<Prompt>> {
    let Some(beside_path) = naming::sidecar_of(path) else { return Ok(None) };
    let Some(beside) = source.read(&beside_path)? else { return Ok(None) };
    let Some(bytes) = source.read(path)? else { return Ok(None) };
    let parts = (
        Document::split(path, &bytes, Dialect::of_path(path)),
        Document::split(&beside_path, &beside, Dialect::Sidecar),
    );
    let (Ok(document), Ok(beside)) = parts else { return Ok(None) };
    Ok(Some(parse_with(document, Some(&beside)).prompt))
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
