//! Branches, told by what they do to prompts.

use std::collections::BTreeSet;

use crate::base::{Error, Result};
use crate::git::{Commit, Git, Reader};
use crate::repo::Layout;

use super::App;

/// Branches without a commit for so many days are stale.
const STALE_DAYS: i64 = 90;
/// How far back to look for the commit that took over a branch as one.
const SQUASH_DEPTH: usize = 2000;

#[derive(Debug, Default)]
pub struct Listing {
    /// Only what is merged or was long left alone.
    pub stale: bool,
    /// What others are compared with; the main branch if nothing is said.
    pub base: Option<String>,
}

/// A branch beside the base.
#[derive(Debug, Clone)]
pub struct Branch {
    pub name: String,
    pub current: bool,
    pub state: State,
    /// No commit for a long time.
    pub stale: bool,
    /// Commits that only it has, and that only the base has.
    pub ahead: usize,
    pub behind: usize,
    pub head: Commit,
    /// Where it left the base.
    pub from: Option<String>,
    /// Who made its first own commit.
    pub creator: Option<String>,
    /// Prompts that it adds, changes or removes.
    pub prompts: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Base,
    Open,
    /// All its commits are in the base.
    Merged,
    /// Its content is in the base, though its commits are not: a squash or a rebase.
    Squashed,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Base => "base",
            State::Open => "open",
            State::Merged => "merged",
            State::Squashed => "squashed",
        }
    }

    pub fn is_merged(self) -> bool {
        matches!(self, State::Merged | State::Squashed)
    }
}

pub fn list(app: &App, listing: &Listing) -> Result<Vec<Branch>> {
    let git = repository(app)?;
    let base = match &listing.base {
        Some(base) => Some(base.clone()),
        None => git.main_branch()?,
    };
    let reader = git.reader();
    let base_commit = base.as_deref().map(|base| reader.commit_id(base)).transpose();
    let base_commit = if git.has_head() || listing.base.is_some() { base_commit? } else { None };
    let mut branches = Vec::new();
    for found in git.refs("refs/heads/")? {
        let name = found.name.trim_start_matches("refs/heads/").to_owned();
        let head = reader.commit(&found.commit)?;
        let look = Look { app, git, reader: &reader, layout: app.workspace()?.layout(), head };
        branches.push(look.describe(name, base.as_deref(), base_commit.as_deref())?);
    }
    if listing.stale {
        branches.retain(|branch| branch.state != State::Base && (branch.stale || branch.state.is_merged()));
    }
    Ok(branches)
}

struct Look<'a> {
    app: &'a App,
    git: &'a Git,
    reader: &'a Reader,
    layout: &'a Layout,
    head: Commit,
}

impl Look<'_> {
    fn describe(self, name: String, base: Option<&str>, base_commit: Option<&str>) -> Result<Branch> {
        let current = self.git.branch().as_deref() == Some(&name);
        let now = self.app.clock.now().as_second();
        let stale = now - self.head.committed > STALE_DAYS * 24 * 3600;
        let Some(base_commit) = base_commit.filter(|_| base != Some(&name)) else {
            let (state, ahead, behind) = (State::Base, 0, 0);
            let (from, creator, prompts) = (None, None, Vec::new());
            return Ok(Branch {
                name,
                current,
                state,
                stale: false,
                ahead,
                behind,
                head: self.head,
                from,
                creator,
                prompts,
            });
        };
        let own = self.reader.reachable(&self.head.id, Some(base_commit))?;
        let behind = self.reader.reachable(base_commit, Some(&self.head.id))?.len();
        let from = self.reader.merge_base(base_commit, &self.head.id).ok();
        let first = own.values().min_by_key(|commit| (commit.committed, &commit.id));
        let creator = first.map(|commit| commit.author.clone());
        let changed = self.changed(from.as_deref())?;
        let state = match own.is_empty() {
            true => State::Merged,
            false if self.is_squashed(from.as_deref(), base_commit, &changed)? => State::Squashed,
            false => State::Open,
        };
        let names = changed.iter().filter_map(|path| self.layout.name(path));
        let prompts: BTreeSet<String> = names.map(|name| name.to_string()).collect();
        let (ahead, prompts) = (own.len(), prompts.into_iter().collect());
        Ok(Branch { name, current, state, stale, ahead, behind, head: self.head, from, creator, prompts })
    }

    /// The paths that differ between where it left the base and where it is.
    fn changed(&self, from: Option<&str>) -> Result<Vec<String>> {
        let deltas = self.reader.deltas(from, &self.head.id, &|_| true)?;
        Ok(deltas.into_iter().map(|delta| delta.path).collect())
    }

    /// Whether merging would bring nothing, or some commit of the base held all of it once.
    fn is_squashed(&self, from: Option<&str>, base: &str, changed: &[String]) -> Result<bool> {
        let there = |commit: &str, path: &String| self.git.entry(Some(commit), path);
        let wanted = changed.iter().map(|path| there(&self.head.id, path)).collect::<Result<Vec<_>>>()?;
        let mut left = SQUASH_DEPTH;
        let line = self.reader.first_parents(base, |commit| {
            left = left.saturating_sub(1);
            Ok(Some(commit) != from && left > 0)
        })?;
        for commit in &line {
            if changed.iter().zip(&wanted).all(|(path, wanted)| there(&commit.id, path).is_ok_and(|it| it == *wanted)) {
                return Ok(true);
            }
        }
        let merged = self.git.merged_tree(base, &self.head.id)?;
        Ok(merged.is_some_and(|tree| self.reader.commit(base).is_ok_and(|base| base.tree == tree)))
    }
}

/// A new branch; the work tree stays where it is. Returns the commit that it begins at.
pub fn create(app: &App, name: &str, start: Option<&str>) -> Result<String> {
    let git = repository(app)?;
    let start = git.reader().commit_id(start.unwrap_or("HEAD"))?;
    git.create_branch(name, &start)?;
    Ok(start)
}

/// Delete branches whose work is elsewhere, or any with force. Returns what each was.
pub fn delete(app: &App, names: &[String], force: bool) -> Result<Vec<(String, String)>> {
    let git = repository(app)?;
    let branches = list(app, &Listing::default())?;
    let mut going = Vec::new();
    for name in names {
        let branch = branches.iter().find(|branch| branch.name == *name).ok_or_else(|| {
            let near = crate::base::near::nearest(name, branches.iter().map(|branch| branch.name.as_str()));
            Error::no(format!("there is no branch `{name}`"))
                .hint_if(near.map(|near| format!("did you mean `{near}`?")))
        })?;
        if !branch.state.is_merged() && !force {
            let commits = if branch.ahead == 1 { "a commit".into() } else { format!("{} commits", branch.ahead) };
            let why = match branch.state {
                State::Base => format!("`{name}` is what the other branches are compared with"),
                _ => format!("`{name}` has {commits} that would be lost"),
            };
            return Err(Error::no(why).hint("--force deletes it all the same"));
        }
        going.push((name.clone(), branch.head.id.clone()));
    }
    for (name, _) in &going {
        git.delete_branch(name)?;
    }
    Ok(going)
}

fn repository(app: &App) -> Result<&Git> {
    app.workspace()?
        .git()
        .ok_or_else(|| Error::no("there is no git repository here, so there are no branches").hint("run `palc init`"))
}
