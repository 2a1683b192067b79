//! The hook itself: it reads what is staged, never the work tree, and only what would be committed.

use std::path::PathBuf;

use super::super::check::{self, Request};
use super::super::{App, commit::select};
use super::EVENT;
use crate::base::env;
use crate::base::{Error, Finding, Result, Severity};

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
    let ours = |path: &str| select::is_ours(workspace.layout(), path);
    let there = steps.iter().filter(|step| step.entry.is_some() && workspace.layout().is_prompt(&step.path));
    let names: Vec<String> = there.map(|step| workspace.path(&step.path).to_string_lossy().into_owned()).collect();
    if names.is_empty() || !steps.iter().any(|step| ours(&step.path)) {
        return Ok(Outcome::default());
    }
    let tree = git.tree_with(&steps)?;
    let outcome = check::check(app, &Request { names, revision: Some(tree), ..Request::default() })?;
    Ok(Outcome { checked: outcome.checked, findings: outcome.report.findings })
}
