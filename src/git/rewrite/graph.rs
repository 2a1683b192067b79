//! All that can be reached from anything: refs, HEAD, and what reflogs remember.

use std::collections::{BTreeSet, HashSet};

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::objs::Kind;

use super::super::Git;
use super::super::session::unwritten;
use super::{Occurrence, id, raw};
use crate::base::{Error, Result};

pub(super) struct Graph<'r> {
    repo: &'r gix::Repository,
    pub(super) refs: Vec<Named>,
    /// No commit before its parents.
    pub(super) commits: Vec<ObjectId>,
    /// No tag before what it names.
    pub(super) tags: Vec<ObjectId>,
    /// Trees that are named without a commit.
    trees: Vec<ObjectId>,
    seen: HashSet<ObjectId>,
}

#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) id: ObjectId,
}

impl<'r> Graph<'r> {
    pub(super) fn read(git: &Git, repo: &'r gix::Repository) -> Result<Graph<'r>> {
        let mut graph = Graph {
            repo,
            refs: Vec::new(),
            commits: Vec::new(),
            tags: Vec::new(),
            trees: Vec::new(),
            seen: HashSet::new(),
        };
        let refs = repo.references().map_err(unwritten)?;
        for one in refs.all().map_err(unwritten)? {
            let one = one.map_err(|error| Error::storage("git cannot read all of its refs").because(error))?;
            // One that names another ref goes where that goes.
            if let Some(id) = one.try_id() {
                graph.refs.push(Named { name: one.name().as_bstr().to_string(), id: id.detach() });
            }
        }
        let head = super::super::session::head(repo)?;
        if let (None, Some(commit)) = (head.name, head.commit) {
            graph.refs.push(Named { name: "HEAD".into(), id: id(&commit)? });
        }
        for at in 0..graph.refs.len() {
            graph.reach(graph.refs[at].id)?;
        }
        // A log may remember what git has swept away since.
        for logged in git.logged_ids()? {
            let logged = id(&logged)?;
            if !logged.is_null() && repo.has_object(logged) {
                graph.reach(logged)?;
            }
        }
        Ok(graph)
    }

    /// Take in an object and all that it comes from. The stack holds what waits for its parents.
    fn reach(&mut self, tip: ObjectId) -> Result<()> {
        let mut stack = vec![(tip, false)];
        while let Some((id, is_ready)) = stack.pop() {
            if !is_ready && self.seen.contains(&id) {
                continue;
            }
            let object = self.repo.find_object(id).map_err(unwritten)?;
            match (object.kind, is_ready) {
                (Kind::Commit, true) => self.commits.push(id),
                (Kind::Tag, true) => self.tags.push(id),
                (Kind::Tree, _) => {
                    self.seen.insert(id);
                    self.trees.push(id);
                }
                (Kind::Blob, _) => {
                    self.seen.insert(id);
                }
                (_, false) => {
                    self.seen.insert(id);
                    stack.push((id, true));
                    let before = raw::before(&object.data)?;
                    stack.extend(before.into_iter().filter(|id| !self.seen.contains(id)).map(|id| (id, false)));
                }
            }
        }
        Ok(())
    }

    pub(super) fn occurrences(&self, wanted: &dyn Fn(&str, &str) -> bool) -> Result<BTreeSet<Occurrence>> {
        let mut walk = Walk { repo: self.repo, wanted, seen: HashSet::new(), found: BTreeSet::new() };
        for commit in &self.commits {
            let tree = raw::tree(&self.repo.find_object(*commit).map_err(unwritten)?.data)?;
            walk.folder("", tree)?;
        }
        for tree in &self.trees {
            walk.folder("", *tree)?;
        }
        Ok(walk.found)
    }
}

struct Walk<'a> {
    repo: &'a gix::Repository,
    wanted: &'a dyn Fn(&str, &str) -> bool,
    seen: HashSet<(String, ObjectId)>,
    found: BTreeSet<Occurrence>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &str, tree: ObjectId) -> Result<()> {
        if !self.seen.insert((folder.to_owned(), tree)) {
            return Ok(());
        }
        let tree = self.repo.find_tree(tree).map_err(unwritten)?;
        for entry in tree.iter() {
            let entry = entry.map_err(unwritten)?;
            // A name that is not Unicode cannot be a prompt's.
            let Ok(name) = entry.filename().to_str() else { continue };
            let path = format!("{folder}{name}");
            if entry.mode().is_tree() {
                self.folder(&format!("{path}/"), entry.object_id())?;
            } else if entry.mode().is_blob() {
                let blob = entry.object_id().to_string();
                if (self.wanted)(&path, &blob) {
                    self.found.insert(Occurrence { path, blob });
                }
            }
        }
        Ok(())
    }
}
