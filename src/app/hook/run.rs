//! The hook itself: it reads what is staged, never the work tree, and only what would be committed.

use std::path::PathBuf;

use super::super::{App, commit, evidence};
use super::EVENT;
use crate::base::env;
use crate::base::{Error, Finding, Result, Severity};
use crate::repo::Source;

#[derive(Debug, Default)]
pub struct Outcome {
    /// The prompts that would be committed.
    pub checked: usize,
    pub findings: Vec<Finding>,
}

impl Outcome {
    pub fn is_refusal(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

pub fn run(app: &App, event: &str) -> Result<Outcome> {
    if event != EVENT {
        return Err(Error::usage(format!("palc has nothing to do for `{event}`")).hint(format!("it answers {EVENT}")));
    }
    let workspace = app.workspace()?;
    let git = workspace.git().ok_or_else(|| Error::no("there is no git repository here"))?;
    // Git names the index that the commit is made from: for `commit -a` and `commit -- path` it is not the usual one.
    let index = app.env.get(env::GIT_INDEX_FILE).map(|path| app.env.folder().join(path));
    let index: Option<PathBuf> = index.filter(|path| path.exists());
    let steps = git.staged_steps(index.as_deref())?;
    let there = steps.iter().filter(|step| step.entry.is_some() && workspace.layout().is_prompt(&step.path));
    let paths: Vec<String> = there.map(|step| step.path.clone()).collect();
    let evaluates = !steps.is_empty() && workspace.path(&app.settings()?.eval.folder).is_dir();
    if paths.is_empty() && !evaluates {
        return Ok(Outcome::default());
    }
    let tree = git.tree_with(&steps)?;
    let staged = Source::Revision(workspace, tree.clone());
    let mut findings = commit::findings(app, git, &staged, &paths)?;
    if evaluates {
        let changed: Vec<String> = steps.into_iter().map(|step| step.path).collect();
        findings.extend(evidence::findings(app, &tree, &changed)?);
    }
    Ok(Outcome { checked: paths.len(), findings })
}
