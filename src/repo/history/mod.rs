//! The history of prompts: their versions along the first parents of a commit, through renames and merges.
//!
//! Every commit of that line after which a prompt's content is not what it was before it makes the next version
//! (ruling R4): A, B, A are three versions. A pure rename, a change of mode and a merge that leaves the prompt as it was
//! make none; neither does a deletion, and a prompt that comes back goes on counting.

mod base;
mod fact;
mod gather;
mod id;
mod index;
#[cfg(test)]
mod laws;
mod similar;
mod stored;
mod track;

use std::cell::RefCell;
use std::collections::HashMap;

use crate::base::{Error, Result};
use crate::git::{Commit, Git, Time};
use crate::model::Name;

use super::Workspace;
use base::Damaged;
use index::Index;
use track::Track;

pub use track::Kind as StepKind;
use track::Kind;

/// The line of commits that ends in one commit, and the prompts along it.
#[derive(Debug)]
pub struct History<'w> {
    workspace: &'w Workspace,
    git: &'w Git,
    tip: String,
    /// Replaced when damage is found in it.
    index: RefCell<Index>,
}

/// Whoever has read so many commits in a row will read most of them.
const MANY: usize = 100;

/// What a commit of the line did to one prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    pub id: Option<String>,
    /// Its name after the commit.
    pub name: Name,
    pub step: Step,
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
    pub kind: StepKind,
    pub commit: Commit,
    /// The commit's place in the line, counted from the oldest.
    pub at: u32,
    /// The version that the prompt has afterwards, or had last.
    pub number: u32,
    /// Whether this step made that version.
    pub is_version: bool,
    /// Its name and path afterwards, or last.
    pub name: Name,
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
        let index = RefCell::new(Index::open(workspace, git, &tip)?);
        Ok(History { workspace, git, tip, index })
    }

    /// Whether opening one will be quick.
    pub fn is_indexed(workspace: &Workspace) -> bool {
        workspace.git().is_some_and(Git::has_head) && Index::exists(workspace)
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
        self.git.is_shallow()
    }

    /// Whether the repository has grafts, which are not followed.
    pub fn has_grafts(&self) -> bool {
        self.git.has_grafts()
    }

    /// A prompt by its name, path or id. A living one comes before a deleted one, and who is called so before who was.
    pub fn prompt(&self, what: &str) -> Result<Option<PromptHistory>> {
        let layout = self.workspace.layout();
        let keys: Vec<String> = std::iter::once(what.to_owned()).chain(layout.candidates(what)).collect();
        let mut found: HashMap<u32, Track> = HashMap::new();
        for key in &keys {
            found.extend(self.ask(|index| index.known(key))?);
        }
        let mut found: Vec<(u32, Track)> = found.into_iter().collect();
        let rank = |(number, track): &(u32, Track)| {
            let is = track.path().is_some_and(|path| keys.iter().any(|key| key == path)) || track.id() == Some(what);
            (track.is_live() && is, is, track.last_at(), std::cmp::Reverse(*number))
        };
        found.sort_by_key(rank);
        found.pop().map(|(_, track)| self.told(&track)).transpose().map(Option::flatten)
    }

    /// All prompts, alive and deleted.
    pub fn prompts(&self) -> Result<Vec<PromptHistory>> {
        self.load()?;
        let mut told = Vec::new();
        for number in 0..self.ask(|index| Ok(index.count()))? {
            if let Some(track) = self.ask(|index| index.track(number))? {
                told.extend(self.told(&track)?);
            }
        }
        Ok(told)
    }

    /// What the line's commits did, the newest first, until `each` has enough. Commits that touched no prompt are left
    /// out, and so are those that are not wanted.
    pub fn timeline(
        &self,
        wanted: impl Fn(&Commit) -> bool,
        mut each: impl FnMut(Commit, Vec<Touch>) -> Result<bool>,
    ) -> Result<()> {
        let mut tracks: HashMap<u32, PromptHistory> = HashMap::new();
        for (read, at) in (0..self.ask(|index| Ok(index.length()))?).rev().enumerate() {
            if read == MANY {
                self.load()?;
            }
            let commit = self.ask(|index| index.commit(at))?;
            if !wanted(&commit) {
                continue;
            }
            let mut touches = Vec::new();
            for number in self.ask(|index| index.touched(at))? {
                if !tracks.contains_key(&number)
                    && let Some(track) = self.ask(|index| index.track(number))?
                    && let Some(told) = self.told(&track)?
                {
                    tracks.insert(number, told);
                }
                let Some(prompt) = tracks.get(&number) else { continue };
                let steps = &prompt.steps[prompt.steps.partition_point(|step| step.at < at)..];
                let done = steps.iter().take_while(|step| step.at == at);
                touches.extend(done.map(|step| Touch {
                    id: prompt.id.clone(),
                    name: step.name.clone(),
                    step: step.clone(),
                }));
            }
            touches.sort_by(|a, b| a.step.path.cmp(&b.step.path));
            if !touches.is_empty() && !each(commit, touches)? {
                break;
            }
        }
        Ok(())
    }

    /// Where a prompt was after a commit; nothing if it was not there or the commit is not of the line.
    pub fn path_at(&self, prompt: &PromptHistory, commit: &str) -> Result<Option<String>> {
        let Some(at) = self.ask(|index| index.position(commit))? else { return Ok(None) };
        let last = prompt.steps.iter().rev().find(|step| step.at <= at);
        Ok(last.filter(|step| step.kind != Kind::Removed).map(|step| step.path.clone()))
    }

    fn told(&self, track: &Track) -> Result<Option<PromptHistory>> {
        let (Some(last), mut steps) = (track.steps.last(), Vec::<Step>::new()) else { return Ok(None) };
        for step in &track.steps {
            let Some(name) = self.workspace.layout().name_of_prompt(&step.path) else { continue };
            let before = steps.last();
            let from = before.map(|before| &before.path).filter(|path| **path != step.path).cloned();
            steps.push(Step {
                kind: step.kind,
                commit: self.ask(|index| index.commit(step.at))?,
                at: step.at,
                name,
                number: step.number,
                is_version: before.is_none_or(|before| before.number != step.number),
                path: step.path.clone(),
                blob: step.blob.clone(),
                from,
                via: step.via.clone(),
            });
        }
        let Some(name) = self.workspace.layout().name_of_prompt(&last.path) else { return Ok(None) };
        Ok(Some(PromptHistory {
            id: track.steps.iter().rev().find_map(|step| step.id.clone()),
            name,
            path: last.path.clone(),
            alive: track.is_live(),
            versions: steps.iter().filter(|step| step.is_version).map(Version::of).collect(),
            steps,
        }))
    }

    /// Most of the index will be read.
    fn load(&self) -> Result<()> {
        let loaded = self.index.borrow_mut().base.load();
        loaded.or_else(|_| self.mend())
    }

    /// Ask the index; one that turns out to be damaged is made again and asked once more.
    fn ask<T>(&self, question: impl Fn(&Index) -> Result<T, Damaged>) -> Result<T> {
        let answer = question(&self.index.borrow());
        answer.or_else(|Damaged| {
            self.mend()?;
            question(&self.index.borrow())
                .map_err(|Damaged| Error::bug("the history index is wrong although it is new"))
        })
    }

    fn mend(&self) -> Result<()> {
        let index = Index::again(self.workspace, self.git, &self.tip)?;
        self.index.replace(index);
        Ok(())
    }
}

impl PromptHistory {
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions.get((number as usize).checked_sub(1)?)
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
