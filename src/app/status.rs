//! What the work tree holds that the last commit does not.

use std::collections::BTreeMap;

use crate::base::{Finding, Result};
use crate::git::{Standing, Unstaged};
use crate::repo::{PromptFile, Source};

use super::App;
use super::diff::pairs::{self, Pair};
use super::diff::{Changed, Counting, How, compare_all, range};
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
    /// What each changed file shows by itself.
    pub findings: Vec<Finding>,
}

/// A prompt that is not as in the last commit.
#[derive(Debug)]
pub struct Entry {
    pub changed: Changed,
    pub staged: bool,
    pub unstaged: bool,
    pub untracked: bool,
    pub conflict: bool,
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
        return Err(crate::base::Error::usage("a bare repository has no work tree, so nothing differs from it"));
    }
    let globs = Globs::new(&request.names)?;
    let standings = git.standings(workspace.layout().roots())?;
    let mut pairs = pairs::of_worktree(workspace, git, &standings)?;
    pairs.retain(|pair| pair.before.iter().chain(&pair.after).any(|version| globs.matches(&version.name)));
    let findings = findings(app, &pairs)?;
    let changed = compare_all(app, pairs, &How { count: Counting::Never, ..How::default() })?;
    let mut prompts: Vec<Entry> = changed.into_iter().map(|changed| entry(changed, &standings)).collect();
    // Line endings that git converts, and modes, are nothing to speak of.
    prompts.retain(|entry| entry.changed.class().is_some() || entry.staged || entry.conflict);
    Ok(Outcome { branch: git.branch(), in_progress: git.in_progress(), prompts, findings })
}

fn entry(changed: Changed, standings: &BTreeMap<String, Standing>) -> Entry {
    let paths = changed.pair.before.iter().chain(&changed.pair.after).map(|version| version.path.as_str());
    let found: Vec<&Standing> = paths.filter_map(|path| standings.get(path)).collect();
    let unstaged =
        |wanted: fn(&Unstaged) -> bool| found.iter().any(|standing| standing.unstaged.as_ref().is_some_and(wanted));
    Entry {
        staged: found.iter().any(|standing| standing.staged.is_some()),
        unstaged: unstaged(|one| matches!(one, Unstaged::Modified(_) | Unstaged::Removed(_))),
        untracked: unstaged(|one| *one == Unstaged::Untracked),
        conflict: unstaged(|one| *one == Unstaged::Conflict),
        changed,
    }
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
