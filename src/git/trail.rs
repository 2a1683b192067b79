//! The commits that changed one file.

use std::collections::{BinaryHeap, HashMap};

use crate::base::Result;

use super::repository::unreadable;
use super::{Commit, Reader};

/// A commit after which a file is not what it was in any of the commit's parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    pub commit: Commit,
    /// The file's blob in each parent.
    pub before: Vec<Option<String>>,
    pub after: Option<String>,
}

impl Reader {
    /// Every commit behind a tip that changed a file, newest first. A merge that takes the file over from one of its
    /// parents changed nothing.
    pub fn trail(&self, tip: &str, path: &str) -> Result<Vec<Trail>> {
        let commits = self.reachable(&self.commit_id(tip)?, None)?;
        let mut blobs: HashMap<&str, Option<String>> = HashMap::new();
        for commit in commits.values() {
            blobs.insert(&commit.id, self.blob_at(&commit.tree, path)?);
        }
        let mut trail = Vec::new();
        for commit in newest_first(&commits) {
            let after = &blobs[commit.id.as_str()];
            let before: Vec<Option<String>> =
                commit.parents.iter().map(|parent| blobs.get(parent.as_str()).cloned().flatten()).collect();
            let differs = if before.is_empty() { after.is_some() } else { !before.contains(after) };
            if differs {
                trail.push(Trail { commit: commit.clone(), before, after: after.clone() });
            }
        }
        Ok(trail)
    }

    /// The blob of a file in a tree.
    fn blob_at(&self, tree: &str, path: &str) -> Result<Option<String>> {
        let failed = |error| unreadable(tree, error);
        let id = super::walk::object_id(tree)?;
        let tree = self.repo.find_tree(id).map_err(failed)?;
        let entry = tree.lookup_entry_by_path(path).map_err(failed)?;
        Ok(entry.filter(|entry| entry.mode().is_blob()).map(|entry| entry.object_id().to_string()))
    }
}

/// No commit before its children, whatever their clocks said; apart from that by time.
fn newest_first(commits: &HashMap<String, Commit>) -> Vec<&Commit> {
    let parents = |commit: &Commit| commit.parents.clone().into_iter().filter(|parent| commits.contains_key(parent));
    let mut children: HashMap<String, usize> = HashMap::new();
    commits.values().flat_map(parents).for_each(|parent| *children.entry(parent).or_default() += 1);
    let free = commits.values().filter(|commit| !children.contains_key(&commit.id));
    let mut free: BinaryHeap<(i64, &str)> = free.map(|commit| (commit.committed, commit.id.as_str())).collect();
    let mut ordered = Vec::new();
    while let Some((_, id)) = free.pop() {
        let commit = &commits[id];
        ordered.push(commit);
        for parent in &commit.parents {
            let Some(left) = children.get_mut(parent) else { continue };
            *left -= 1;
            if let Some(parent) = commits.get(parent).filter(|_| *left == 0) {
                free.push((parent.committed, &parent.id));
            }
        }
    }
    ordered
}
