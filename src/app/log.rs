//! What happened to prompts, commit by commit.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Error, Finding, Kind, Place, Result};
use crate::git::{Commit, Time};
use crate::model::Query;
use crate::repo::history::{PromptHistory, Step, StepKind, Touch};
use crate::repo::{History, selector};

use super::App;
use super::filter::Globs;
use super::scores::{self, Scores};

#[derive(Debug, Default)]
pub struct Request {
    /// Names, ids, folders or globs; none means all prompts.
    pub what: Vec<String>,
    pub author: Option<String>,
    pub since: Option<String>,
    pub until: Option<String>,
    pub limit: Option<usize>,
    /// Only prompts that are gone.
    pub deleted: bool,
    /// Read whole messages, not only subjects.
    pub messages: bool,
}

#[derive(Debug)]
pub struct Outcome {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// Whether one prompt was asked for.
    pub single: bool,
    /// Whether a shallow clone keeps the numbers of versions from being known.
    pub cut: bool,
    pub findings: Vec<Finding>,
    /// What kept results say of the contents of the one prompt that was asked for.
    pub scores: Scores,
}

/// A commit and the prompts that it touched.
#[derive(Debug)]
pub struct Entry {
    pub commit: Commit,
    pub message: String,
    pub touches: Vec<Touch>,
}

pub fn log(app: &App, request: &Request) -> Result<Outcome> {
    let workspace = app.workspace()?;
    let (names, tip) = names(app, &request.what)?;
    let history = History::open(workspace, tip.as_deref())?;
    let wanted = Wanted::of(app, request)?;
    let limit = request.limit.unwrap_or(usize::MAX);
    let mut entries = Vec::new();
    if names.is_empty() && !request.deleted {
        history.timeline(
            |commit| wanted.takes(commit),
            |commit, touches| {
                entries.push(Entry { commit, message: String::new(), touches });
                Ok(entries.len() < limit)
            },
        )?;
        entries.truncate(limit);
    } else {
        entries = of_prompts(chosen(app, &history, &names, request.deleted)?, request.deleted, &wanted, limit);
    }
    if request.messages {
        let git = workspace.git().ok_or_else(|| Error::bug("a history without git"))?.reader();
        for entry in &mut entries {
            entry.message = git.message(&entry.commit.id)?;
        }
    }
    let single = names.len() == 1 && entries.iter().all(|entry| entry.touches.len() == 1);
    let scores = match entries.first().and_then(|entry| entry.touches.first()).filter(|_| single) {
        Some(touch) => scores::of(
            app,
            &touch.id.clone().unwrap_or_else(|| touch.name.to_string()),
            tip.as_deref().unwrap_or("HEAD"),
        )?,
        None => Scores::new(),
    };
    Ok(Outcome { entries, single, cut: history.is_cut(), findings: caveats(&history), scores })
}

/// What the history cannot know.
pub fn caveats(history: &History<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if history.is_cut() {
        let message = "this is a shallow clone: what happened before is not here, and versions have no numbers";
        let finding = Finding::warning("shallow-history", Place::file(".git/shallow"), message);
        findings.push(finding.hint("fetch the rest of the history: `git fetch --unshallow`"));
    }
    if history.has_grafts() {
        let message = "the grafts in info/grafts are not followed";
        let finding = Finding::warning("grafts", Place::file(".git/info/grafts"), message);
        findings.push(finding.hint("turn them into replacements: `git replace --convert-graft-file`"));
    }
    findings
}

/// The names. One name may have a version or revision: its history then ends there.
fn names(app: &App, typed: &[String]) -> Result<(Vec<String>, Option<String>)> {
    let queries: Vec<Query> = typed.iter().map(|typed| Query::parse(typed)).collect();
    let specs: Vec<&Query> = queries.iter().filter(|query| query.version.is_some()).collect();
    match (&specs[..], queries.len()) {
        ([], _) => {}
        ([one], 1) => {
            let spec = one.version.as_deref().unwrap_or_default();
            let selected = selector::select(app.workspace()?, app.env.folder(), &one.what, spec)?;
            // It may have had another name then.
            return Ok((vec![selected.file.path], Some(selected.commit)));
        }
        _ => return Err(Error::usage("only a single prompt can have a version or revision here")),
    }
    Ok((queries.into_iter().map(|query| query.what).collect(), None))
}

/// The prompts that are meant, dead ones too.
fn chosen(app: &App, history: &History<'_>, names: &[String], deleted: bool) -> Result<Vec<PromptHistory>> {
    if names.is_empty() {
        return Ok(history.prompts()?.into_iter().filter(|prompt| !prompt.alive).collect());
    }
    let mut chosen: BTreeMap<String, PromptHistory> = BTreeMap::new();
    for name in names {
        match selector::prompt(history, app.env.folder(), name) {
            Ok(prompt) => drop(chosen.insert(prompt.path.clone(), prompt)),
            Err(error) if error.kind() == Kind::No => {
                let globs = Globs::new(std::slice::from_ref(name))?;
                let matching: Vec<PromptHistory> =
                    history.prompts()?.into_iter().filter(|prompt| globs.matches(&prompt.name)).collect();
                if matching.is_empty() {
                    return Err(error);
                }
                chosen.extend(matching.into_iter().map(|prompt| (prompt.path.clone(), prompt)));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(chosen.into_values().filter(|prompt| !deleted || !prompt.alive).collect())
}

/// Their steps by commit. Of prompts that are gone only how they went, where that was asked for.
fn of_prompts(prompts: Vec<PromptHistory>, deleted: bool, wanted: &Wanted, limit: usize) -> Vec<Entry> {
    let mut by_commit: BTreeMap<u32, Entry> = BTreeMap::new();
    for prompt in prompts {
        let id = prompt.id;
        for step in prompt.steps.into_iter().rev().take(if deleted { 1 } else { usize::MAX }) {
            if (deleted && step.kind != StepKind::Removed) || !wanted.takes(&step.commit) {
                continue;
            }
            let entry = by_commit.entry(step.at).or_insert_with(|| Entry {
                commit: step.commit.clone(),
                message: String::new(),
                touches: Vec::new(),
            });
            entry.touches.push(Touch { id: id.clone(), name: step.name.clone(), step });
        }
    }
    by_commit.into_values().rev().take(limit).collect()
}

/// Which commits are wanted.
struct Wanted {
    author: Option<String>,
    since: Option<i64>,
    until: Option<i64>,
}

impl Wanted {
    fn of(app: &App, request: &Request) -> Result<Wanted> {
        let now = app.clock.now();
        let moment = |text: &Option<String>| text.as_deref().map(|text| Time::parse(text, now)).transpose();
        let author = request.author.as_ref().map(|author| author.to_lowercase());
        Ok(Wanted { author, since: moment(&request.since)?, until: moment(&request.until)? })
    }

    fn takes(&self, commit: &Commit) -> bool {
        let said = |author: &String| format!("{} <{}>", commit.author, commit.email).to_lowercase().contains(author);
        self.author.as_ref().is_none_or(said)
            && self.since.is_none_or(|since| commit.committed >= since)
            && self.until.is_none_or(|until| commit.committed <= until)
    }
}

impl Outcome {
    /// The paths of all prompts that were touched, each once.
    pub fn paths(&self) -> BTreeSet<&str> {
        self.entries.iter().flat_map(|entry| &entry.touches).map(|touch| touch.step.path.as_str()).collect()
    }
}

impl Entry {
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.touches.iter().map(|touch| &touch.step)
    }
}
