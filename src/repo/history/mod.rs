//! The history of prompts: their versions along the first parents of a commit, through renames and merges.
//!
//! Every commit of that line after which a prompt's content is not what it was before it makes the next version
//! (ruling R4): A, B, A are three versions. A pure rename, a change of mode and a merge that leaves the prompt as it was
//! make none; neither does a deletion, and a prompt that comes back goes on counting.

mod fact;
mod gather;
mod id;
mod similar;
mod track;

use crate::base::{Error, Result};
use crate::git::{Commit, Git, Time};
use crate::model::Name;

use super::Workspace;
use gather::gather;
use track::{Growth, LineCommit, Track};

pub use track::Kind;

/// The line of commits that ends in one commit, and the prompts along it.
#[derive(Debug)]
pub struct History<'w> {
    workspace: &'w Workspace,
    tip: String,
    line: Vec<Commit>,
    growth: Growth,
}

/// One prompt, alive or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptHistory {
    /// The id that its front matter says, or said last.
    pub id: Option<String>,
    /// What it is called, or was last.
    pub name: Name,
    pub path: String,
    pub alive: bool,
    /// Oldest first, so number 7 is the seventh.
    pub versions: Vec<Version>,
    /// Everything that happened to it, renames and deletions too; oldest first.
    pub steps: Vec<Step>,
}

/// A content that a prompt had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub number: u32,
    /// The commit of the line that made it.
    pub commit: String,
    pub blob: String,
    pub path: String,
    pub time: Time,
    pub author: String,
    pub email: String,
    pub subject: String,
}

/// What a commit of the line did to a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub kind: Kind,
    pub commit: Commit,
    /// The version that the prompt has afterwards, or had last.
    pub number: u32,
    /// Whether this step made that version.
    pub is_version: bool,
    pub path: String,
    pub blob: String,
    /// Where it was before it moved.
    pub from: Option<String>,
    /// Of a merge: the commits that did it, newest first.
    pub via: Vec<Commit>,
}

impl<'w> History<'w> {
    /// The history that ends in a revision, or in HEAD.
    pub fn open(workspace: &'w Workspace, tip: Option<&str>) -> Result<History<'w>> {
        let git = repository(workspace)?;
        let tip = git.reader().commit_id(tip.unwrap_or("HEAD"))?;
        let line = gather(git, workspace.layout(), &tip, None)?;
        let mut growth = Growth::default();
        for (at, commit) in line.iter().enumerate() {
            growth.grow(at as u32, commit);
        }
        let line = line.into_iter().map(|LineCommit { commit, .. }| commit).collect();
        Ok(History { workspace, tip, line, growth })
    }

    pub fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    /// The commit that it ends in.
    pub fn tip(&self) -> &str {
        &self.tip
    }

    /// Whether a shallow clone has left out where the line begins: then nobody knows the numbers of versions.
    pub fn is_cut(&self) -> bool {
        self.workspace.git().is_some_and(Git::is_shallow)
    }

    /// A prompt by its name, path or id. A living one comes before a deleted one.
    pub fn prompt(&self, what: &str) -> Result<Option<PromptHistory>> {
        let mut found: Vec<PromptHistory> =
            self.prompts()?.into_iter().filter(|prompt| prompt.is_called(what)).collect();
        found.sort_by_key(|prompt| prompt.steps.last().map(|step| (prompt.alive, step.commit.committed)));
        Ok(found.pop())
    }

    /// All prompts, alive and deleted.
    pub fn prompts(&self) -> Result<Vec<PromptHistory>> {
        let mut numbers: Vec<&u32> = self.growth.tracks.keys().collect();
        numbers.sort();
        Ok(numbers.into_iter().filter_map(|number| self.told(&self.growth.tracks[number])).collect())
    }

    /// Where a prompt was after a commit; nothing if it was not there or the commit is not of the line.
    pub fn path_at(&self, prompt: &PromptHistory, commit: &str) -> Result<Option<String>> {
        let Some(at) = self.line.iter().position(|one| one.id == commit) else { return Ok(None) };
        let before = |step: &&Step| self.line.iter().take(at + 1).any(|one| one.id == step.commit.id);
        let last = prompt.steps.iter().rev().find(before);
        Ok(last.filter(|step| step.kind != Kind::Removed).map(|step| step.path.clone()))
    }

    fn told(&self, track: &Track) -> Option<PromptHistory> {
        let last = track.steps.last()?;
        let mut steps: Vec<Step> = Vec::new();
        for step in &track.steps {
            let before = steps.last();
            let from = before.map(|before| &before.path).filter(|path| **path != step.path).cloned();
            steps.push(Step {
                kind: step.kind,
                commit: self.line.get(step.at as usize)?.clone(),
                number: step.number,
                is_version: before.is_none_or(|before| before.number != step.number),
                path: step.path.clone(),
                blob: step.blob.clone(),
                from,
                via: step.via.clone(),
            });
        }
        Some(PromptHistory {
            id: track.steps.iter().rev().find_map(|step| step.id.clone()),
            name: self.workspace.layout().name_of_prompt(&last.path)?,
            path: last.path.clone(),
            alive: track.is_live(),
            versions: steps.iter().filter(|step| step.is_version).map(Version::of).collect(),
            steps,
        })
    }
}

impl PromptHistory {
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions.get((number as usize).checked_sub(1)?)
    }

    fn is_called(&self, what: &str) -> bool {
        self.name.as_str() == what || self.path == what || self.id.as_deref() == Some(what)
    }
}

impl Version {
    fn of(step: &Step) -> Version {
        let Commit { id, time, author, email, subject, .. } = step.commit.clone();
        let (blob, path) = (step.blob.clone(), step.path.clone());
        Version { number: step.number, commit: id, blob, path, time, author, email, subject }
    }
}

fn repository(workspace: &Workspace) -> Result<&Git> {
    workspace
        .git()
        .ok_or_else(|| Error::no("there is no git repository here, so there are no versions").hint("run `palc init`"))
}
