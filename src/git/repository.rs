//! Finding a repository and reading it.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gix::odb::pack::Find as _;

use crate::base::{Error, Result};

/// A git repository, found from some folder.
#[derive(Clone)]
pub struct Git {
    pub(super) repo: gix::ThreadSafeRepository,
}

/// Reads objects. Each thread has its own, which keeps the packs it has opened.
pub struct Reader {
    pub(super) repo: gix::Repository,
    /// The commits whose parents a shallow clone left out, once anybody asked.
    pub(super) boundary: OnceCell<HashSet<gix::ObjectId>>,
}

/// A file in a revision's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    pub path: String,
    /// The blob's id in hex.
    pub id: String,
}

impl Git {
    pub(super) fn repo(&self) -> gix::Repository {
        self.repo.to_thread_local()
    }

    pub(super) fn of(repo: gix::Repository) -> Git {
        Git { repo: repo.into_sync() }
    }

    /// The repository around a folder, if there is one.
    pub fn discover(folder: &Path) -> Result<Option<Git>> {
        match gix::ThreadSafeRepository::discover(folder) {
            Ok(repo) => Ok(Some(Git { repo })),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(Error::storage("git cannot open this repository").because(error)),
        }
    }

    /// The work tree's root; a bare repository has none.
    pub fn worktree(&self) -> Option<&Path> {
        self.repo.work_dir()
    }

    /// The folder shared by all linked worktrees, where palc keeps what can be derived.
    pub fn common_folder(&self) -> PathBuf {
        self.repo.to_thread_local().common_dir().to_owned()
    }

    /// The folder of this worktree alone.
    pub fn own_folder(&self) -> &Path {
        self.repo.git_dir()
    }

    pub fn is_bare(&self) -> bool {
        self.repo.work_dir().is_none()
    }

    /// Whether anything was committed yet.
    pub fn has_head(&self) -> bool {
        self.repo.to_thread_local().head_id().is_ok()
    }

    pub fn reader(&self) -> Reader {
        Reader { repo: self.repo.to_thread_local(), boundary: OnceCell::new() }
    }

    /// A reader for many objects that are like each other: it keeps so much that one helps with the next.
    pub fn reader_of_many(&self) -> Reader {
        const KEPT: usize = 32 << 20;
        let mut reader = self.reader();
        reader.repo.objects.set_pack_cache(|| Box::new(gix::odb::pack::cache::lru::MemoryCappedHashmap::new(KEPT)));
        reader
    }
}

impl Reader {
    /// A blob's content by the id that [`Reader::files`] told.
    pub fn blob(&self, id: &str) -> Result<Vec<u8>> {
        let name = gix::ObjectId::from_hex(id.as_bytes()).map_err(|_| Error::bug(format!("`{id}` is no object id")))?;
        let object = self.repo.find_object(name);
        // A copy has the size of the content. The buffer it was read into is larger, for what it was made of, and is
        // used again for the next object.
        object
            .map(|object| object.data.clone())
            .map_err(|error| Error::storage(format!("git cannot read the object {id}")).because(error))
    }

    /// Whether one object lies before another in the same pack. What a packed object is made of always does, so this
    /// tells from which end many objects like these are read quickest.
    pub fn is_packed_before(&self, one: &str, other: &str) -> bool {
        let mut repo = self.repo.clone();
        repo.objects.prevent_pack_unload();
        repo.objects.ignore_replacements = true;
        let mut buffer = Vec::new();
        let mut place = |id: &str| {
            let id = gix::ObjectId::from_hex(id.as_bytes()).ok()?;
            repo.objects.location_by_oid(&id, &mut buffer).ok().flatten()
        };
        let (one, other) = (place(one), place(other));
        one.zip(other).is_some_and(|(one, other)| one.pack_id == other.pack_id && one.pack_offset < other.pack_offset)
    }

    /// The content of a file at a revision, or nothing where that revision has no such file.
    pub fn read(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>> {
        let tree = self.tree(revision)?;
        let entry = tree.lookup_entry_by_path(path).map_err(|error| unreadable(revision, error))?;
        let Some(entry) = entry.filter(|entry| entry.mode().is_blob()) else { return Ok(None) };
        let object = entry.object().map_err(|error| unreadable(revision, error))?;
        Ok(Some(object.detach().data))
    }

    /// All files of a revision below a folder, in the order of their paths. The empty folder is the root.
    pub fn files(&self, revision: &str, folder: &str) -> Result<Vec<TreeFile>> {
        let tree = self.tree(revision)?;
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let Some(tree) = subtree(tree, folder).map_err(|error| unreadable(revision, error))? else {
            return Ok(Vec::new());
        };
        let entries = tree.traverse().breadthfirst.files().map_err(|error| unreadable(revision, error))?;
        let blobs = entries.into_iter().filter(|entry| entry.mode.is_blob());
        let mut files: Vec<TreeFile> = blobs
            .map(|entry| TreeFile { path: format!("{prefix}{}", entry.filepath), id: entry.oid.to_string() })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    pub(super) fn tree(&self, revision: &str) -> Result<gix::Tree<'_>> {
        let unknown = |error| Error::no(format!("git knows no revision `{revision}` here")).because(error);
        let id = self.repo.rev_parse_single(revision).map_err(unknown)?;
        let object = id.object().map_err(|error| unreadable(revision, error))?;
        object.peel_to_tree().map_err(|error| unreadable(revision, error))
    }
}

fn subtree<'r>(tree: gix::Tree<'r>, folder: &str) -> Result<Option<gix::Tree<'r>>, gix::Error> {
    if folder.is_empty() {
        return Ok(Some(tree));
    }
    match tree.lookup_entry_by_path(folder)? {
        Some(entry) if entry.mode().is_tree() => Ok(Some(entry.object()?.into_tree())),
        _ => Ok(None),
    }
}

pub(super) fn unreadable(revision: &str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::storage(format!("git cannot read revision `{revision}`")).because(error)
}

impl std::fmt::Debug for Git {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Git").field("folder", &self.repo.git_dir()).finish()
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("folder", &self.repo.git_dir()).finish()
    }
}
