//! Objects written anew, each once.

use std::collections::HashMap;

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::objs::{Kind, Write as _};

use super::super::session::{parse_id, unwritten};
use super::{Edits, raw};
use crate::base::{Error, Result};

pub(super) struct Objects<'a> {
    repo: &'a gix::Repository,
    edits: &'a Edits,
    /// A folder with its content becomes another content, or empty, which git keeps no folder for.
    trees: HashMap<(String, ObjectId), Option<ObjectId>>,
    /// Commits and tags.
    renamed: HashMap<ObjectId, ObjectId>,
    pub(super) made: Vec<ObjectId>,
    pub(super) commits: usize,
    pub(super) signatures: usize,
}

impl<'a> Objects<'a> {
    pub(super) fn new(repo: &'a gix::Repository, edits: &'a Edits) -> Self {
        let (trees, renamed, made) = (HashMap::new(), HashMap::new(), Vec::new());
        Objects { repo, edits, trees, renamed, made, commits: 0, signatures: 0 }
    }

    pub(super) fn ids(&self) -> HashMap<String, String> {
        self.renamed.iter().map(|(old, new)| (old.to_string(), new.to_string())).collect()
    }

    /// A commit, whose parents have had their turn.
    pub(super) fn commit(&mut self, id: ObjectId) -> Result<()> {
        let data = self.repo.find_object(id).map_err(unwritten)?.detach().data;
        let old = raw::tree(&data)?;
        let new = self.root(old)?;
        let is_same = new == old && raw::before(&data)?.iter().all(|parent| !self.renamed.contains_key(parent));
        if is_same {
            return Ok(());
        }
        let other = |key: &[u8], id: ObjectId| match key {
            b"tree" => new,
            _ => self.renamed.get(&id).copied().unwrap_or(id),
        };
        let (data, signed) = raw::renamed(&data, other, false);
        let made = self.write(Kind::Commit, &data)?;
        self.renamed.insert(id, made);
        self.commits += 1;
        self.signatures += usize::from(signed);
        Ok(())
    }

    /// A tag, after what it names.
    pub(super) fn tag(&mut self, id: ObjectId) -> Result<()> {
        let data = self.repo.find_object(id).map_err(unwritten)?.detach().data;
        let Some(old) = raw::before(&data)?.into_iter().next() else { return Ok(()) };
        let new = self.target(old)?.unwrap_or(old);
        if new == old {
            return Ok(());
        }
        let (data, signed) = raw::renamed(&data, |_, _| new, true);
        let made = self.write(Kind::Tag, &data)?;
        self.renamed.insert(id, made);
        self.signatures += usize::from(signed);
        Ok(())
    }

    /// What a ref that names this object is to name; none if that is nothing any more.
    pub(super) fn target(&mut self, id: ObjectId) -> Result<Option<ObjectId>> {
        if let Some(new) = self.renamed.get(&id) {
            return Ok(Some(*new));
        }
        Ok(match self.repo.find_object(id).map_err(unwritten)?.kind {
            Kind::Tree => Some(self.root(id)?),
            Kind::Blob if self.edits.removes(&id.to_string()) => None,
            _ => Some(id),
        })
    }

    fn root(&mut self, tree: ObjectId) -> Result<ObjectId> {
        match self.tree("", tree)? {
            Some(tree) => Ok(tree),
            None => self.write(Kind::Tree, b""),
        }
    }

    fn tree(&mut self, folder: &str, id: ObjectId) -> Result<Option<ObjectId>> {
        let key = (folder.to_owned(), id);
        if let Some(known) = self.trees.get(&key) {
            return Ok(*known);
        }
        let data = self.repo.find_tree(id).map_err(unwritten)?.detach().data;
        let mut new = Vec::with_capacity(data.len());
        let mut rest = &data[..];
        while !rest.is_empty() {
            let entry = Entry::first(rest, id.as_bytes().len())?;
            if let Some(id) = self.entry(folder, &entry)? {
                new.extend_from_slice(entry.head);
                new.extend_from_slice(id.as_bytes());
            }
            rest = &rest[entry.head.len() + entry.id.as_bytes().len()..];
        }
        let made = if new == data {
            Some(id)
        } else if new.is_empty() {
            None
        } else {
            Some(self.write(Kind::Tree, &new)?)
        };
        self.trees.insert(key, made);
        Ok(made)
    }

    /// What an entry is to name; none if it goes.
    fn entry(&mut self, folder: &str, entry: &Entry<'_>) -> Result<Option<ObjectId>> {
        let Ok(name) = entry.name().to_str() else { return Ok(Some(entry.id)) };
        let path = format!("{folder}{name}");
        if entry.head.starts_with(b"40000 ") {
            let below = format!("{path}/");
            return if self.edits.reaches(&below) { self.tree(&below, entry.id) } else { Ok(Some(entry.id)) };
        }
        match self.edits.of(&path, &entry.id.to_string()) {
            None => Ok(Some(entry.id)),
            Some(None) => Ok(None),
            Some(Some(other)) => parse_id(other).map(Some),
        }
    }

    fn write(&mut self, kind: Kind, data: &[u8]) -> Result<ObjectId> {
        let id = self.repo.write_buf(kind, data).map_err(unwritten)?;
        self.made.push(id);
        Ok(id)
    }
}

/// An entry of a tree: mode, blank, name, zero byte, and then the id.
struct Entry<'d> {
    head: &'d [u8],
    id: ObjectId,
}

impl<'d> Entry<'d> {
    fn first(data: &'d [u8], length: usize) -> Result<Entry<'d>> {
        let damaged = || Error::storage("git has a tree that cannot be read");
        let end = data.find_byte(0).ok_or_else(damaged)? + 1;
        let id = data.get(end..end + length).ok_or_else(damaged)?;
        let id = ObjectId::try_from(id).map_err(|error| damaged().because(error))?;
        Ok(Entry { head: &data[..end], id })
    }

    fn name(&self) -> &'d [u8] {
        let at = self.head.find_byte(b' ').map_or(0, |at| at + 1);
        &self.head[at..self.head.len() - 1]
    }
}
