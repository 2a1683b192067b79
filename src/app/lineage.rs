//! Where a prompt comes from and what came of it: parents, children, and the session that made them. Prompts are known
//! by their ids, so renaming one breaks nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Finding, Result};
use crate::format::session::Session;
use crate::model::Value;
use crate::repo::{PromptFile, Source};

use super::App;
use super::list::fronts;
use super::session;

#[derive(Debug)]
pub struct Outcome {
    /// The prompt that was asked about.
    pub prompt: Kin,
    /// The nearest first.
    pub ancestors: Vec<Kin>,
    /// Children before grandchildren, by name.
    pub descendants: Vec<(usize, Kin)>,
    /// Others of the same session.
    pub session: Option<Session>,
    pub findings: Vec<Finding>,
}

/// A prompt of the family; one that is gone has no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kin {
    pub id: Option<String>,
    pub file: Option<PromptFile>,
    pub phase: Vec<String>,
    /// How it came to be, as its origin says.
    pub method: Option<String>,
    /// The content it was made from: `id@blob`.
    pub parent: Option<String>,
}

pub fn lineage(app: &App, typed: &str) -> Result<Outcome> {
    let (_, asked) = app.resolve(typed)?;
    let source = Source::at(app.workspace()?, None)?;
    let survey = fronts(&source, |listed| {
        let origin = listed.front.get("origin");
        let text = |key: &str| origin.and_then(|origin| origin.get(key)).and_then(Value::as_str).map(str::to_owned);
        let session = text("session");
        let method = text("method").or_else(|| text("source_type"));
        let parent = text("parent");
        let related = listed.card.id.is_some() || parent.is_some() || listed.file.path == asked.path;
        let kin = Kin { id: listed.card.id, file: Some(listed.file), phase: listed.card.phase, method, parent };
        related.then_some((kin, session))
    })?;
    let all: Vec<(Kin, Option<String>)> = survey.facts;
    let by_id: BTreeMap<&str, &Kin> = all.iter().filter_map(|(kin, _)| Some((kin.id.as_deref()?, kin))).collect();
    let own = all.iter().find(|(kin, _)| kin.file.as_ref().is_some_and(|file| file.path == asked.path));
    let (prompt, of_session) = own.cloned().unwrap_or_else(|| {
        let kin = Kin { id: None, file: Some(asked.clone()), phase: Vec::new(), method: None, parent: None };
        (kin, None)
    });
    let mut findings = survey.skipped;
    let session = match of_session {
        Some(id) => match session::find(app, &source, &id) {
            Ok((session, _)) => Some(session),
            Err(error) => {
                let place = crate::base::Place::file(asked.path.clone());
                findings.push(Finding::warning("session", place, format!("its session {id}: {}", error.message())));
                None
            }
        },
        None => None,
    };
    Ok(Outcome {
        ancestors: ancestors(&prompt, &by_id),
        descendants: descendants(&prompt, &all),
        prompt,
        session,
        findings,
    })
}

/// The id that a parent's name begins with: `id@blob`.
fn id_of(parent: &str) -> &str {
    parent.rsplit_once('@').map_or(parent, |(id, _)| id)
}

fn ancestors(prompt: &Kin, by_id: &BTreeMap<&str, &Kin>) -> Vec<Kin> {
    let mut found: Vec<Kin> = Vec::new();
    let mut seen: BTreeSet<String> = prompt.id.iter().cloned().collect();
    let mut next = prompt.parent.clone();
    while let Some(parent) = next {
        let id = id_of(&parent).to_owned();
        if !seen.insert(id.clone()) {
            break;
        }
        let gone = || Kin { id: Some(id.clone()), file: None, phase: Vec::new(), method: None, parent: None };
        let kin = by_id.get(id.as_str()).map_or_else(gone, |kin| (*kin).clone());
        next = kin.parent.clone();
        found.push(kin);
    }
    found
}

fn descendants(prompt: &Kin, all: &[(Kin, Option<String>)]) -> Vec<(usize, Kin)> {
    let mut found: Vec<(usize, Kin)> = Vec::new();
    let mut seen: BTreeSet<String> = prompt.id.iter().cloned().collect();
    let mut parents: Vec<String> = prompt.id.iter().cloned().collect();
    for depth in 1.. {
        let is_child =
            |kin: &&Kin| kin.parent.as_deref().is_some_and(|parent| parents.iter().any(|id| id == id_of(parent)));
        let mut children: Vec<Kin> = all.iter().map(|(kin, _)| kin).filter(is_child).cloned().collect();
        children.retain(|kin| kin.id.as_ref().is_none_or(|id| seen.insert(id.clone())));
        if children.is_empty() {
            break;
        }
        children.sort_by(|a, b| a.file.cmp(&b.file));
        parents = children.iter().filter_map(|kin| kin.id.clone()).collect();
        found.extend(children.into_iter().map(|kin| (depth, kin)));
    }
    found
}
