//! What the work tree holds that the last commit does not.

use std::collections::BTreeMap;

use crate::base::{Error, Finding, Result};
use crate::format::labels;
use crate::git::{Git, Standing, Unstaged};
use crate::repo::{PromptFile, Source, Workspace};

use super::App;
use super::diff::pairs::{self, Pair};
use super::diff::{Changed, Counting, How, compare_all, range};
use super::label::{self, Moved, differences};
use super::{check, filter::Globs};

#[derive(Debug, Default)]
pub struct Request {
    /// Names, folders or globs; none means all.
    pub names: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Outcome {
    /// None where HEAD is detached.
    pub branch: Option<String>,
    /// What git has begun and not finished: `a merge`.
    pub in_progress: Option<&'static str>,
    /// In the order of their paths.
    pub prompts: Vec<Entry>,
    /// The labels, if `palc commit` would take them along.
    pub labels: Option<Labels>,
    /// What each changed file shows by itself.
    pub findings: Vec<Finding>,
}

/// A prompt that is not as in the last commit.
#[derive(Debug)]
pub struct Entry {
    pub changed: Changed,
    pub state: State,
}

/// Where a change stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct State {
    pub staged: bool,
    pub unstaged: bool,
    pub untracked: bool,
    pub conflict: bool,
}

/// The file of labels, which is not as in the last commit.
#[derive(Debug)]
pub struct Labels {
    pub path: String,
    pub state: State,
    /// What it says otherwise; nothing where only comments changed, or where a conflict stands in it.
    pub moved: Vec<Moved>,
}

impl State {
    fn of(found: &[&Standing]) -> State {
        let unstaged =
            |wanted: fn(&Unstaged) -> bool| found.iter().any(|standing| standing.unstaged.as_ref().is_some_and(wanted));
        State {
            staged: found.iter().any(|standing| standing.staged.is_some()),
            unstaged: unstaged(|one| matches!(one, Unstaged::Modified(_) | Unstaged::Removed(_))),
            untracked: unstaged(|one| *one == Unstaged::Untracked),
            conflict: unstaged(|one| *one == Unstaged::Conflict),
        }
    }
}

impl Entry {
    /// Whether the file has no id yet.
    pub fn unstamped(&self) -> bool {
        self.changed.pair.after.as_ref().is_some_and(|version| version.id.is_none() && version.holds_id())
    }
}

pub fn status(app: &App, request: &Request) -> Result<Outcome> {
    let workspace = app.workspace()?;
    let git = range::repository(workspace)?;
    if git.is_bare() {
        return Err(Error::usage("a bare repository has no work tree, so nothing differs from it"));
    }
    let globs = Globs::new(&request.names)?;
    let layout = workspace.layout();
    let mut below = layout.roots().to_vec();
    below.push(layout.labels().to_owned());
    let mut standings = git.standings(&below)?;
    let labels = standings.remove(layout.labels()).filter(|_| request.names.is_empty());
    let mut pairs = pairs::of_worktree(workspace, git, &standings)?;
    pairs.retain(|pair| pair.before.iter().chain(&pair.after).any(|version| globs.matches(&version.name)));
    let mut findings = findings(app, &pairs)?;
    let labels = labels.map(|standing| labels_of(workspace, git, &standing, &mut findings)).transpose()?;
    let changed = compare_all(app, pairs, &How { count: Counting::Never, ..How::default() })?;
    let mut prompts: Vec<Entry> = changed.into_iter().map(|changed| entry(changed, &standings)).collect();
    // Line endings that git converts, and modes, are nothing to speak of.
    prompts.retain(|entry| entry.changed.class().is_some() || entry.state.staged || entry.state.conflict);
    Ok(Outcome { branch: git.branch(), in_progress: git.in_progress(), prompts, labels, findings })
}

fn entry(changed: Changed, standings: &BTreeMap<String, Standing>) -> Entry {
    let paths = changed.pair.before.iter().chain(&changed.pair.after).map(|version| version.path.as_str());
    let found: Vec<&Standing> = paths.filter_map(|path| standings.get(path)).collect();
    Entry { state: State::of(&found), changed }
}

/// What the labels say that they did not say in the last commit. What is wrong with them is found on the way.
fn labels_of(workspace: &Workspace, git: &Git, standing: &Standing, findings: &mut Vec<Finding>) -> Result<Labels> {
    let path = workspace.layout().labels();
    let now = Source::Worktree(workspace);
    let text = |source: &Source<'_>| {
        Ok::<_, Error>(String::from_utf8_lossy(&source.read(path)?.unwrap_or_default()).into_owned())
    };
    let before = if git.has_head() { text(&Source::at(workspace, Some("HEAD"))?)? } else { String::new() };
    let after = text(&now)?;
    let (before, after) = (labels::read(path, &before), labels::read(path, &after));
    findings.extend(after.findings.iter().cloned());
    let state = State::of(&[standing]);
    let mut moved = if state.conflict { Vec::new() } else { differences(&[before.labels()], &after.labels()) };
    if !moved.is_empty() {
        let names = label::names(&now)?;
        moved.iter_mut().for_each(|moved| moved.prompt = names.get(&moved.id).cloned());
    }
    Ok(Labels { path: path.to_owned(), state, moved })
}

/// Only what a file shows by itself: the whole repository is not read for this.
fn findings(app: &App, pairs: &[Pair]) -> Result<Vec<Finding>> {
    let source = Source::at(app.workspace()?, None)?;
    let files = pairs.iter().filter_map(|pair| {
        let after = pair.after.as_ref().filter(|after| !after.is_beside())?;
        Some((PromptFile { name: after.name.clone(), path: after.path.clone() }, after.bytes.as_slice()))
    });
    check::alone(app, &source, files.collect())
}
