//! Which files differ: between two revisions, and between the last commit, the index and the work tree.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gix::bstr::{BString, ByteSlice};
use gix::object::tree::diff::ChangeDetached;
use gix::status::index_worktree::Item as WorktreeItem;
use gix::status::{Item, UntrackedFiles};

use crate::base::{Error, Result, disk};

use super::{Git, Reader};

/// A file of which two states differ. A state without a blob has no such file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    pub path: String,
    /// Blob ids in hex.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// How a file of the work tree differs from the last commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its blob in the last commit and in the index, where these two differ.
    pub staged: Option<(Option<String>, Option<String>)>,
    /// How the file differs from the index.
    pub unstaged: Option<Unstaged>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unstaged {
    Untracked,
    /// With its blob in the index.
    Modified(String),
    Removed(String),
    /// A merge left it in several versions.
    Conflict,
}

impl Git {
    /// The files that are not as in the last commit, by their path; only those below these folders, unless one of
    /// them is the root. Ignored files are left out.
    pub fn standings(&self, folders: &[String]) -> Result<BTreeMap<String, Standing>> {
        let mut repo = self.repo();
        // The system finds the way to each file; from here it is shortest.
        if repo.workdir().is_some_and(disk::is_here) {
            repo.set_workdir(PathBuf::from(".")).map_err(unknown)?;
        }
        let platform = repo.status(gix::progress::Discard).map_err(unknown)?;
        let platform = platform.untracked_files(UntrackedFiles::Files).index_worktree_submodules(None);
        let platform = platform.tree_index_track_renames(gix::status::tree_index::TrackRenames::Disabled);
        // To compare the last commit with the index, all of its trees are read. Most often nothing is staged, and then
        // the index itself says so.
        let items: Box<dyn Iterator<Item = Result<Item, gix::Error>>> = match nothing_is_staged(&repo)? {
            true => {
                let items = platform.into_index_worktree_iter(patterns(folders)).map_err(unknown)?;
                Box::new(items.map(|item| item.map(Item::IndexWorktree)))
            }
            false => Box::new(platform.into_iter(patterns(folders)).map_err(unknown)?),
        };
        let mut found: BTreeMap<String, Standing> = BTreeMap::new();
        for item in items {
            let item = item.map_err(unknown)?;
            let Ok(path) = item.location().to_str().map(str::to_owned) else { continue };
            match item {
                Item::TreeIndex(change) => {
                    if let Some(staged) = staged(&change) {
                        found.entry(path).or_default().staged = Some(staged);
                    }
                }
                Item::IndexWorktree(item) => {
                    if let Some(unstaged) = unstaged(&item) {
                        found.entry(path).or_default().unstaged = Some(unstaged);
                    }
                }
            }
        }
        Ok(found)
    }
}

impl Reader {
    /// The files that differ between two revisions, of those that are wanted, in the order of their paths. No first
    /// revision means nothing was there.
    pub fn deltas(&self, before: Option<&str>, after: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Delta>> {
        let old = before.map(|revision| self.tree(revision)).transpose()?;
        let new = self.tree(after)?;
        let changes = self.repo.diff_tree_to_tree(old.as_ref(), Some(&new), gix::diff::Options::default());
        let mut deltas: Vec<Delta> = changes.map_err(unknown)?.into_iter().filter_map(delta).collect();
        deltas.retain(|delta| wanted(&delta.path));
        deltas.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(deltas)
    }

    /// Where two lines of history parted.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<String> {
        let (a, b) = (self.peeled(one)?, self.peeled(other)?);
        let base = self.repo.merge_base(a, b).map_err(unknown)?;
        let base = base.map(|id| id.to_string());
        base.ok_or_else(|| Error::no(format!("`{one}` and `{other}` have no common history")))
    }

    /// Whether git knows a revision of this name.
    pub fn knows(&self, revision: &str) -> bool {
        self.repo.rev_parse_single(revision).is_ok()
    }
}

/// Whether the index knows of which tree it was made, nothing changed it since, and that is the last commit's.
fn nothing_is_staged(repo: &gix::Repository) -> Result<bool> {
    let index = repo.index_or_empty().map_err(unknown)?;
    let head = repo.head_tree_id_or_empty().map_err(unknown)?;
    let intended = |entry: &gix::index::Entry| entry.flags.contains(gix::index::entry::Flags::INTENT_TO_ADD);
    let made_of = index.tree().filter(|tree| tree.num_entries.is_some() && tree.id == head.detach());
    Ok(made_of.is_some() && !index.entries().iter().any(intended))
}

/// Folders as patterns that mean nothing but themselves.
fn patterns(folders: &[String]) -> Vec<BString> {
    if folders.iter().any(String::is_empty) {
        return Vec::new();
    }
    folders.iter().map(|folder| format!(":(top,literal){folder}").into()).collect()
}

type Blobs = (Option<String>, Option<String>);

fn staged(change: &gix::diff::index::Change) -> Option<Blobs> {
    use gix::diff::index::ChangeRef::{Addition, Deletion, Modification, Rewrite};
    Some(match change {
        Addition { id, .. } => (None, Some(id.to_hex().to_string())),
        Deletion { id, .. } => (Some(id.to_hex().to_string()), None),
        Modification { previous_id, id, .. } if previous_id != id => {
            (Some(previous_id.to_hex().to_string()), Some(id.to_hex().to_string()))
        }
        Modification { .. } => return None,
        Rewrite { id, .. } => (None, Some(id.to_hex().to_string())),
    })
}

fn unstaged(item: &WorktreeItem) -> Option<Unstaged> {
    use gix::status::index_worktree::iter::Summary;
    let entry = match item {
        WorktreeItem::Modification { entry, .. } => entry.id.to_string(),
        _ => String::new(),
    };
    Some(match item.summary()? {
        Summary::Conflict => Unstaged::Conflict,
        Summary::Removed => Unstaged::Removed(entry),
        // The intent to add a file puts nothing of it into the index.
        Summary::Added | Summary::Copied | Summary::Renamed | Summary::IntentToAdd => Unstaged::Untracked,
        Summary::Modified | Summary::TypeChange => Unstaged::Modified(entry),
    })
}

fn delta(change: ChangeDetached) -> Option<Delta> {
    let (path, before, after) = match change {
        ChangeDetached::Addition { location, entry_mode, id, .. } => {
            (location, None, entry_mode.is_blob().then_some(id))
        }
        ChangeDetached::Deletion { location, entry_mode, id, .. } => {
            (location, entry_mode.is_blob().then_some(id), None)
        }
        ChangeDetached::Modification { location, previous_entry_mode, previous_id, entry_mode, id } => {
            (location, previous_entry_mode.is_blob().then_some(previous_id), entry_mode.is_blob().then_some(id))
        }
        // Renames are for those who know what a prompt is.
        ChangeDetached::Rewrite { location, entry_mode, id, .. } => {
            (location, None, entry_mode.is_blob().then_some(id))
        }
    };
    // A change of the mode alone changes no prompt.
    (before != after).then_some(())?;
    let hex = |id: Option<gix::ObjectId>| id.map(|id| id.to_string());
    Some(Delta { path: path.to_str().ok()?.to_owned(), before: hex(before), after: hex(after) })
}

fn unknown(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::storage("git cannot tell what changed").because(error)
}
