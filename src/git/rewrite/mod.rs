//! History written anew, with some contents of some paths taken out of it or put in place of others.
//!
//! Everything is worked out and stored before any ref moves: commits keep their messages, dates, people and order, down
//! to the byte; only what they name changes. What was signed is signed no longer, since nobody can sign for others. All
//! refs move in one transaction, so that whoever is killed before it leaves the old history whole, and whoever is killed
//! after it needs only to sweep up (see [`super::sweep`]).

mod graph;
mod objects;
mod raw;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gix::ObjectId;

use super::Git;
use super::session::{parse_id, unwritten};
use crate::base::{Error, Result, disk};

use graph::Graph;
use objects::Objects;

/// What is to become of contents at paths: another content, or nothing. All that is not named stays.
#[derive(Debug, Clone, Default)]
pub struct Edits {
    by_path: BTreeMap<String, HashMap<String, Option<String>>>,
}

/// A content that stood somewhere in history.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    pub path: String,
    pub blob: String,
}

/// A history that was written anew beside the old one.
#[derive(Debug, Default)]
pub struct Rewritten {
    /// Every ref that does not stay where it is, HEAD among them where it is detached.
    pub moves: Vec<RefMove>,
    /// Commits and tags that are others now.
    pub ids: HashMap<String, String>,
    /// How many of them are commits, and how many lost a signature.
    pub commits: usize,
    pub signatures: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefMove {
    pub name: String,
    pub from: String,
    /// None if the ref goes.
    pub to: Option<String>,
}

impl Edits {
    pub fn remove(&mut self, path: &str, blob: &str) {
        self.by_path.entry(path.to_owned()).or_default().insert(blob.to_owned(), None);
    }

    pub fn replace(&mut self, path: &str, blob: &str, by: String) {
        self.by_path.entry(path.to_owned()).or_default().insert(blob.to_owned(), Some(by));
    }

    /// What is to become of it: nothing said, gone, or another content.
    pub(super) fn of(&self, path: &str, blob: &str) -> Option<Option<&str>> {
        Some(self.by_path.get(path)?.get(blob)?.as_deref())
    }

    /// Whether a content is taken away wherever it was looked for.
    pub(super) fn removes(&self, blob: &str) -> bool {
        self.by_path.values().any(|blobs| blobs.get(blob) == Some(&None))
    }

    /// Whether something below this folder (with a slash at its end) is to change.
    pub(super) fn reaches(&self, folder: &str) -> bool {
        self.by_path.range(folder.to_owned()..).next().is_some_and(|(path, _)| path.starts_with(folder))
    }
}

impl Git {
    /// Every content that a wanted path has anywhere: in what refs name, in stashes, in what reflogs still remember.
    pub fn occurrences(&self, wanted: &dyn Fn(&str, &str) -> bool) -> Result<BTreeSet<Occurrence>> {
        let repo = self.repo();
        Graph::read(self, &repo)?.occurrences(wanted)
    }

    /// The messages of all commits, each once.
    pub fn all_messages(&self, mut each: impl FnMut(&[u8])) -> Result<()> {
        let repo = self.repo();
        for id in &Graph::read(self, &repo)?.commits {
            each(raw::message(&repo.find_object(*id).map_err(unwritten)?.data));
        }
        Ok(())
    }

    /// What rewriting would come to. Nothing is stored.
    pub fn rewrite_plan(&self, edits: &Edits) -> Result<Rewritten> {
        rewrite(self, &self.repo().with_object_memory(), edits).map(|(rewritten, _)| rewritten)
    }

    /// Store the new history. No ref moves yet.
    pub fn rewrite(&self, edits: &Edits) -> Result<Rewritten> {
        let repo = self.repo();
        let (rewritten, made) = rewrite(self, &repo, edits)?;
        let objects = repo.objects.store_ref().path().to_owned();
        let loose = made.iter().map(|id| {
            let hex = id.to_string();
            objects.join(&hex[..2]).join(&hex[2..])
        });
        // What was there before is durable already, in a pack or as it is.
        disk::settle(&loose.filter(|path| path.exists()).collect::<Vec<_>>())?;
        Ok(rewritten)
    }

    /// Move all refs to the new history, or none of them.
    pub fn move_all(&self, moves: &[RefMove], log: &str) -> Result<()> {
        if moves.is_empty() {
            return Ok(());
        }
        let mut script = String::from("start\n");
        for RefMove { name, from, to } in moves {
            script.push_str("option no-deref\n");
            match to {
                Some(to) => script.push_str(&format!("update {name} {to} {from}\n")),
                None => script.push_str(&format!("delete {name} {from}\n")),
            }
        }
        script.push_str("prepare\ncommit\n");
        let ended = self.program().args(["update-ref", "-m", log, "--stdin"]).input(script).run()?;
        match ended.is_success() {
            true => Ok(()),
            false => Err(Error::storage("the refs were not moved, so nothing has changed")
                .because(ended.complaint())
                .hint("run the same command again")),
        }
    }
}

fn rewrite(git: &Git, repo: &gix::Repository, edits: &Edits) -> Result<(Rewritten, Vec<ObjectId>)> {
    let graph = Graph::read(git, repo)?;
    let mut objects = Objects::new(repo, edits);
    for id in &graph.commits {
        objects.commit(*id)?;
    }
    for id in &graph.tags {
        objects.tag(*id)?;
    }
    let mut moves = Vec::new();
    for named in &graph.refs {
        let to = objects.target(named.id)?;
        if to == Some(named.id) {
            continue;
        }
        moves.push(RefMove { name: named.name.clone(), from: named.id.to_string(), to: to.map(|id| id.to_string()) });
    }
    let (ids, commits, signatures) = (objects.ids(), objects.commits, objects.signatures);
    Ok((Rewritten { moves, ids, commits, signatures }, objects.made))
}

/// An id as it was read from a ref or a log.
fn id(hex: &str) -> Result<ObjectId> {
    parse_id(hex)
}
