//! Branches.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table::columns;
use crate::app::branch::{Branch, State};
use crate::app::switch;

pub fn text(branches: &[Branch], paint: Paint, width: Option<usize>) -> String {
    let row = |branch: &Branch| {
        let mark = if branch.current { "*" } else { "" };
        let name = printable(&branch.name);
        let name = if branch.current { paint.green(&name) } else { name };
        let state = if branch.stale && branch.state == State::Open { "stale" } else { branch.state.word() };
        let distance = match branch.state {
            State::Base => String::new(),
            _ => format!("+{} -{}", branch.ahead, branch.behind),
        };
        let prompts = match &branch.prompts[..] {
            [] => String::new(),
            [one] => one.clone(),
            several => format!("{} prompts", several.len()),
        };
        let head = format!("{} {}", branch.head.time.day(), branch.head.subject);
        vec![mark.to_owned(), name, state.to_owned(), distance, printable(&prompts), paint.dim(&printable(&head))]
    };
    columns(&branches.iter().map(row).collect::<Vec<_>>(), width)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct BranchV1 {
    name: String,
    current: bool,
    /// base, open, merged or squashed.
    state: &'static str,
    /// Whether it had no commit for 90 days.
    stale: bool,
    /// Commits that only it has.
    ahead: usize,
    /// Commits that only the base has.
    behind: usize,
    commit: String,
    /// Where it left the base.
    from: Option<String>,
    time: String,
    subject: String,
    /// Who made its first own commit.
    creator: Option<String>,
    /// Prompts that it adds, changes or removes.
    prompts: Vec<String>,
}

pub fn objects(branches: &[Branch]) -> Vec<BranchV1> {
    let object = |branch: &Branch| BranchV1 {
        name: branch.name.clone(),
        current: branch.current,
        state: branch.state.word(),
        stale: branch.stale,
        ahead: branch.ahead,
        behind: branch.behind,
        commit: branch.head.id.clone(),
        from: branch.from.clone(),
        time: branch.head.time.iso(),
        subject: branch.head.subject.clone(),
        creator: branch.creator.clone(),
        prompts: branch.prompts.clone(),
    };
    branches.iter().map(object).collect()
}

pub fn change_text(done: &str, branches: &[(String, String)]) -> String {
    let short = |commit: &str| commit[..commit.len().min(10)].to_owned();
    let line = |(name, commit): &(String, String)| match done {
        "deleted" => format!("deleted {} (was {})\n", printable(name), short(commit)),
        done => format!("{done} {} at {}\n", printable(name), short(commit)),
    };
    branches.iter().map(line).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangeV1 {
    /// created or deleted.
    done: &'static str,
    branch: String,
    commit: String,
}

pub fn changes(done: &'static str, branches: &[(String, String)]) -> Vec<ChangeV1> {
    let object =
        |(branch, commit): &(String, String)| ChangeV1 { done, branch: branch.clone(), commit: commit.clone() };
    branches.iter().map(object).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SwitchV1 {
    branch: String,
    /// Null if HEAD was detached.
    before: Option<String>,
    /// Null on a branch without a commit.
    commit: Option<String>,
}

pub fn switched(outcome: &switch::Outcome) -> SwitchV1 {
    SwitchV1 { branch: outcome.branch.clone(), before: outcome.before.clone(), commit: outcome.commit.clone() }
}
