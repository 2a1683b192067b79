//! Everything that prompts ever said, on any branch: what of it is in the index, and which commit brought it.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::PathBuf;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::base::{Result, disk};
use crate::git::{Commit, Git};
use crate::repo::Workspace;
use crate::search::index::{Bits, Found, Key, Store, View};

use super::current::{Current, Wanted, git_of, in_git, rows};
use crate::app::App;

/// The branches, tags and branches of remotes. palc's own refs hold what people have put away.
const REFS: [&str; 3] = ["refs/heads/", "refs/tags/", "refs/remotes/"];

/// Which commit brought each document, the newest where several did.
#[derive(Debug, Default)]
pub struct Brought {
    by_row: HashMap<u32, (String, i64)>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// The commits that everything can be reached from, and what decides which files are prompts.
    tips: Vec<String>,
    layout: String,
    /// Each document with the commit and its time.
    brought: Vec<(u32, String, i64)>,
}

impl Brought {
    pub fn commit(&self, row: u32) -> Option<&str> {
        self.by_row.get(&row).map(|(commit, _)| commit.as_str())
    }

    /// When that was, in seconds since 1970.
    pub fn time(&self, row: u32) -> Option<i64> {
        self.by_row.get(&row).map(|(_, time)| *time)
    }
}

/// The view of all of history.
pub fn past(app: &App, workspace: &Workspace) -> Result<(Current, Brought)> {
    let store = Store::of(workspace)?;
    let git = git_of(workspace)?;
    let tips = tips(git)?;
    let layout = workspace.layout().described().to_owned();
    let key = Key::of(format!("history {} {layout} {}", tips.join(" "), git.ancestry()).as_bytes());
    let kept = kept(&store);
    if let (Some(current), Some(kept)) = (Current::known(app, &store, &key), &kept)
        && kept.tips == tips
    {
        return Ok((current, Brought::of(kept)));
    }
    let kept = kept.filter(|kept| kept.layout == layout && matches!(store.open(), Found::Index(_)));
    let old = kept.as_ref().map(|kept| kept.tips.as_slice()).unwrap_or_default();
    let (news, goes_on) = news(git, &tips, old)?;
    let mut kept = kept.filter(|_| goes_on).unwrap_or_default();
    let found = contents(workspace, git, &news)?;
    let wanted: Vec<Wanted> = found.iter().map(|(wanted, _)| wanted.clone()).collect();
    let (index, rows, note) = rows(app, workspace, &store, &wanted)?;
    let news = rows.iter().zip(&found).filter_map(|(row, (_, commit))| Some(((*row)?, commit)));
    kept.add(news.map(|(row, commit)| (row, commit.id.clone(), commit.committed)));
    (kept.tips, kept.layout) = (tips, layout);
    let view = View::of(&index, kept.brought.iter().map(|(row, ..)| *row).collect::<Bits>());
    store.keep_view(&key, &view);
    keep(&store, &kept);
    Ok((Current { index, view, note }, Brought::of(&kept)))
}

impl Brought {
    fn of(kept: &Kept) -> Brought {
        Brought { by_row: kept.brought.iter().map(|(row, commit, time)| (*row, (commit.clone(), *time))).collect() }
    }
}

impl Kept {
    /// The newest commit counts, and of two of one time the one with the greater id: the same whatever came first.
    fn add(&mut self, news: impl Iterator<Item = (u32, String, i64)>) {
        let mut by_row: HashMap<u32, (i64, String)> =
            self.brought.drain(..).map(|(row, commit, time)| (row, (time, commit))).collect();
        for (row, commit, time) in news {
            let slot = by_row.entry(row).or_default();
            *slot = std::mem::take(slot).max((time, commit));
        }
        self.brought = by_row.into_iter().map(|(row, (time, commit))| (row, commit, time)).collect();
        self.brought.sort_unstable();
    }
}

fn tips(git: &Git) -> Result<Vec<String>> {
    let reader = git.reader();
    let mut tips = Vec::new();
    for prefix in REFS {
        // A tag may name a tree or a file; there is no history to look at then.
        tips.extend(git.refs(prefix)?.iter().filter_map(|one| reader.commit_id(&one.name).ok()));
    }
    tips.extend(reader.commit_id("HEAD").ok());
    tips.sort_unstable();
    tips.dedup();
    Ok(tips)
}

/// The commits that came since, and whether nothing that was there is gone.
fn news(git: &Git, tips: &[String], old: &[String]) -> Result<(Vec<Commit>, bool)> {
    let reader = git.reader();
    let known = old.iter().all(|tip| reader.commit(tip).is_ok());
    if known && !old.is_empty() {
        let news = reader.beyond(tips, old)?;
        let reached: HashSet<&str> = news
            .iter()
            .flat_map(|commit| commit.parents.iter().map(String::as_str))
            .chain(tips.iter().map(String::as_str))
            .collect();
        let mut still = old.iter().map(|tip| Ok(reached.contains(tip.as_str()) || below_any(git, tip, tips)?));
        if still.try_fold(true, |all, still: Result<bool>| still.map(|still| all && still))? {
            return Ok((news, true));
        }
    }
    Ok((reader.beyond(tips, &[])?, false))
}

fn below_any(git: &Git, commit: &str, tips: &[String]) -> Result<bool> {
    for tip in tips {
        if git.is_ancestor(commit, tip)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every content that some commits brought, each at its path once, with the commit: the newest where several did.
fn contents<'c>(workspace: &Workspace, git: &Git, commits: &'c [Commit]) -> Result<Vec<(Wanted, &'c Commit)>> {
    let layout = workspace.layout();
    let by_id: HashMap<&str, &Commit> = commits.iter().map(|commit| (commit.id.as_str(), commit)).collect();
    // Neighbours share most of their trees, so each thread takes long runs of them.
    let run = (commits.len() / (4 * rayon::current_num_threads())).max(32);
    let of_run = |commits: &'c [Commit]| -> Result<Vec<(String, String, &'c Commit)>> {
        let reader = git.reader().remembering();
        let mut found = Vec::new();
        for commit in commits {
            let before = match commit.parents.first() {
                None => None,
                Some(id) => Some(match by_id.get(id.as_str()) {
                    Some(parent) => parent.tree.clone(),
                    None => reader.commit(id)?.tree,
                }),
            };
            let brought = |before: Option<&str>| -> Result<Vec<(String, String)>> {
                let changes = reader.changes(before, &commit.tree, layout.roots())?;
                let prompts = changes.into_iter().filter(|change| layout.is_prompt(&change.path));
                Ok(prompts.filter_map(|change| Some((change.path, change.after?))).collect())
            };
            let mut new = brought(before.as_deref())?;
            // A merge brings what none of its parents had.
            for parent in commit.parents.iter().skip(1) {
                let other: HashSet<(String, String)> =
                    brought(Some(&reader.commit(parent)?.tree))?.into_iter().collect();
                new.retain(|content| other.contains(content));
            }
            found.extend(new.into_iter().map(|(path, blob)| (path, blob, commit)));
        }
        Ok(found)
    };
    let runs: Vec<_> = commits.par_chunks(run).map(of_run).collect::<Result<_>>()?;
    let mut newest: HashMap<(String, String), &Commit> = HashMap::new();
    for (path, blob, commit) in runs.into_iter().flatten() {
        let slot = newest.entry((path, blob)).or_insert(commit);
        if (commit.committed, &commit.id) > (slot.committed, &slot.id) {
            *slot = commit;
        }
    }
    let mut all: Vec<((String, String), &Commit)> = newest.into_iter().collect();
    all.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    Ok(all.into_iter().map(|((path, blob), commit)| (in_git(path, blob), commit)).collect())
}

fn path(store: &Store) -> PathBuf {
    store.folder().join("history")
}

fn kept(store: &Store) -> Option<Kept> {
    let bytes = fs::read(path(store)).ok()?;
    let (sum, inside) = bytes.split_first_chunk()?;
    (crc32fast::hash(inside).to_le_bytes() == *sum).then(|| postcard::from_bytes(inside).ok())?
}

/// It is only a saving, so a failure to keep it is no failure.
fn keep(store: &Store, kept: &Kept) {
    let inside = postcard::to_stdvec(kept).unwrap_or_default();
    let bytes = [crc32fast::hash(&inside).to_le_bytes().as_slice(), &inside].concat();
    if let Err(error) = disk::write_derived(&path(store), &bytes) {
        tracing::warn!(%error, "what history holds was not kept");
    }
}
