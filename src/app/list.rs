//! List prompts by their cards.

use crate::base::{Error, Finding, Result};
use crate::format::card::{self, Card};
use crate::format::{Dialect, Document, naming, parse_with};
use crate::model::{Map, Name, Prompt};
use crate::repo::known::{Facts, Survey, survey};
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

#[derive(Debug)]
pub struct Outcome<T = Listed> {
    pub prompts: Vec<T>,
    /// Files that could not be read; they are never left out silently.
    pub findings: Vec<Finding>,
}

/// The prompts that are wanted, in the order of their paths.
pub fn list(app: &App, request: &Request) -> Result<Outcome> {
    list_as(app, request, |listed| listed)
}

/// The same, with what the caller makes of each, in parallel: all cards of a large repository are never there at once.
pub fn list_as<T: Send>(app: &App, request: &Request, make: impl Fn(Listed) -> T + Sync) -> Result<Outcome<T>> {
    let source = Source::at(app.workspace()?, request.revision.as_deref())?;
    let globs = Globs::new(&request.names)?;
    let deep = request.conditions.iter().any(Condition::is_deep);
    let take = |listed: Listed| {
        let wanted = globs.matches(&listed.file.name) && request.conditions.iter().all(|it| it.holds(&listed));
        let broken = listed.card.unreadable.as_ref().map(|why| Box::new(why.finding(&listed.file.path)));
        wanted.then(|| (make(listed), broken))
    };
    let Survey { facts, skipped } = if deep { fronts(&source, take)? } else { cards(&source, take)? };
    let mut outcome = Outcome { prompts: Vec::with_capacity(facts.len()), findings: Vec::new() };
    for (prompt, broken) in facts {
        outcome.prompts.push(prompt);
        outcome.findings.extend(broken.map(|finding| *finding));
    }
    outcome.findings.extend(skipped);
    if outcome.prompts.is_empty() {
        globs.explain_nothing()?;
    }
    Ok(outcome)
}

/// What the caller wants of the cards of all prompts, in the order of their paths; and what looks like a prompt and is
/// none.
pub fn cards<T: Send>(source: &Source<'_>, take: impl Fn(Listed) -> Option<T> + Sync) -> Result<Survey<T>> {
    let facts = Facts { kind: "cards", digest: digest() };
    let learn = |bytes: &[u8], dialect| Card::of(bytes, dialect).encode();
    survey(source, &facts, learn, |file, facts| {
        let card = Card::decode(&facts).ok_or_else(|| Error::bug("a stored card cannot be decoded"))?;
        let card = with_beside(source, &file.path)?.map_or(card, |prompt| Card::from_prompt(&prompt));
        Ok(take(Listed { file, card, front: Map::new() }))
    })
}

/// The same with the whole front matter, for conditions that look beyond the card.
pub fn fronts<T: Send>(source: &Source<'_>, take: impl Fn(Listed) -> Option<T> + Sync) -> Result<Survey<T>> {
    let Survey { facts: cards, skipped } = cards(source, Some)?;
    let facts = Facts { kind: "fronts", digest: digest() };
    let fronts = survey(source, &facts, card::front, |file, facts| Ok(Some((file.path, facts.to_vec()))))?;
    let mut fronts = fronts.facts.into_iter().peekable();
    let mut taken = Vec::new();
    for mut listed in cards {
        // Both come in the order of paths; a file may have come or gone between the two.
        while fronts.next_if(|(path, _)| *path < listed.file.path).is_some() {}
        if let Some((_, front)) = fronts.next_if(|(path, _)| *path == listed.file.path) {
            listed.front = serde_json::from_slice(&front).unwrap_or_default();
        }
        if let Some(prompt) = with_beside(source, &listed.file.path)? {
            listed.front = prompt.front;
        }
        taken.extend(take(listed));
    }
    Ok(Survey { facts: taken, skipped })
}

fn digest() -> String {
    format!("{} {}", card::VERSION, env!("CARGO_PKG_VERSION"))
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
