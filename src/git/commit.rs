//! Making repositories and commits out of values, without a work tree and without anybody's git settings.

use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;
use gix::refs::transaction::{PreviousValue, RefEdit};

use crate::base::{Error, Result};

use super::Git;

/// Writes objects, branches and the index.
pub struct Writer {
    repo: gix::Repository,
}

/// A commit to be made.
#[derive(Debug)]
pub struct NewCommit<'a> {
    /// The branch that it becomes the head of; made if need be.
    pub branch: &'a str,
    pub parents: &'a [String],
    pub author: &'a Signature<'a>,
    pub message: &'a str,
    /// What differs from the first parent.
    pub changes: &'a [(&'a str, Content<'a>)],
}

/// Who did something and when.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    pub name: &'a str,
    pub email: &'a str,
    /// With its offset: `2026-01-31T12:00:00+01:00`.
    pub date: &'a str,
}

/// A path's content after a change.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    Bytes(&'a [u8]),
    Removed,
}

impl Git {
    pub fn writer(&self) -> Writer {
        Writer { repo: self.repo.to_thread_local() }
    }
}

impl Writer {
    /// The commit at the head of a branch, if there is such a branch.
    pub fn branch(&self, name: &str) -> Result<Option<String>> {
        let found = self.repo.try_find_reference(&branch_ref(name)).map_err(unwritten)?;
        found.map(|mut head| head.peel_to_id().map(|id| id.to_string()).map_err(unwritten)).transpose()
    }

    /// Make a commit and move its branch there, unless the branch has moved meanwhile. Neither the work tree nor the
    /// index is touched.
    pub fn commit(&self, new: &NewCommit<'_>) -> Result<String> {
        let parents = new.parents.iter().map(|id| parse_id(id)).collect::<Result<Vec<_>>>()?;
        let tree = self.changed_tree(parents.first().copied(), new.changes)?;
        let who = new.author.signature()?;
        let commit = gix::objs::Commit {
            tree,
            parents: parents.iter().copied().collect(),
            author: who.clone(),
            committer: who.clone(),
            encoding: None,
            message: new.message.into(),
            extra_headers: Vec::new(),
        };
        let id = self.repo.write_object(commit).map_err(unwritten)?.detach();
        self.move_branch(new, id, &who)?;
        Ok(id.to_string())
    }

    /// Make the index what the head commit is, with the work tree's files as they are: `git status` is clean where
    /// they agree.
    pub fn reset_index(&self) -> Result<()> {
        let root = self.repo.workdir().ok_or_else(|| Error::bug("a bare repository has no index"))?;
        let tree = self.repo.head_tree_id().map_err(unwritten)?;
        let mut index = self.repo.index_from_tree(&tree).map_err(unwritten)?;
        for (entry, path) in index.entries_mut_with_paths() {
            let file = root.join(path.to_path_lossy());
            if let Ok(metadata) = gix::index::fs::Metadata::from_path_no_follow(&file) {
                entry.stat = gix::index::entry::Stat::from_fs(&metadata).map_err(unwritten)?;
            }
        }
        index.write(gix::index::write::Options::default()).map_err(unwritten)
    }

    fn changed_tree(&self, parent: Option<gix::ObjectId>, changes: &[(&str, Content<'_>)]) -> Result<gix::ObjectId> {
        let base = match parent {
            Some(id) => {
                let commit = self.repo.find_commit(id).map_err(unwritten)?;
                commit.tree_id().map_err(unwritten)?.detach()
            }
            None => gix::ObjectId::empty_tree(self.repo.object_hash()),
        };
        let mut tree = self.repo.edit_tree(base).map_err(unwritten)?;
        for (path, content) in changes {
            match content {
                Content::Bytes(bytes) => {
                    let blob = self.repo.write_blob(bytes).map_err(unwritten)?;
                    tree.upsert(*path, EntryKind::Blob, blob).map_err(unwritten)?;
                }
                Content::Removed => drop(tree.remove(*path).map_err(unwritten)?),
            }
        }
        Ok(tree.write().map_err(unwritten)?.detach())
    }

    fn move_branch(&self, new: &NewCommit<'_>, id: gix::ObjectId, who: &gix::actor::Signature) -> Result<()> {
        let expected = match self.branch(new.branch)? {
            Some(head) if new.parents.first() == Some(&head) => {
                PreviousValue::MustExistAndMatch(parse_id(&head)?.into())
            }
            Some(_) => return Err(Error::storage(format!("the branch `{}` has moved on meanwhile", new.branch))),
            None => PreviousValue::MustNotExist,
        };
        let name = branch_ref(new.branch).try_into().map_err(unwritten)?;
        let kind = match new.parents {
            [] => "commit (initial)",
            [_] => "commit",
            _ => "commit (merge)",
        };
        let log = format!("{kind}: {}", new.message.lines().next().unwrap_or_default());
        let edit = RefEdit::update(name, id, expected, log);
        let mut time = gix::date::parse::TimeBuf::default();
        self.repo.edit_references_as([edit], Some(who.to_ref(&mut time))).map_err(unwritten)?;
        Ok(())
    }
}

impl Signature<'_> {
    fn signature(&self) -> Result<gix::actor::Signature> {
        let time = gix::date::parse(self.date, None).map_err(unwritten)?;
        Ok(gix::actor::Signature { name: self.name.into(), email: self.email.into(), time })
    }
}

fn branch_ref(name: &str) -> String {
    format!("refs/heads/{name}")
}

fn parse_id(id: &str) -> Result<gix::ObjectId> {
    gix::ObjectId::from_hex(id.as_bytes()).map_err(unwritten)
}

fn unwritten(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::storage("git cannot write the commit").because(error)
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("folder", &self.repo.git_dir()).finish()
    }
}
