//! Which files differ from the last commit.

use std::collections::BTreeSet;

use gix::bstr::{BString, ByteSlice};
use gix::status::{UntrackedFiles, tree_index::TrackRenames};

use super::Git;
use crate::base::{Error, Result};

impl Git {
    /// Paths below these folders (or these files) that are staged, changed, new or gone. Ignored files are not told
    /// of. The empty folder is the root.
    pub fn changed(&self, below: &[&str]) -> Result<Vec<String>> {
        let repo = self.repo();
        let failed = |error| Error::storage("git cannot compare the work tree with its index").because(error);
        let pattern = |path: &&str| match *path {
            "" => BString::from(":/"),
            path => BString::from(format!(":(top,literal){path}")),
        };
        let status = repo
            .status(gix::progress::Discard)
            .map_err(failed)?
            .untracked_files(UntrackedFiles::Files)
            .tree_index_track_renames(TrackRenames::Disabled)
            .index_worktree_rewrites(None)
            .index_worktree_submodules(None);
        let mut paths = BTreeSet::new();
        for item in status.into_iter(below.iter().map(pattern)).map_err(failed)? {
            // Names that are not Unicode cannot be prompts.
            if let Ok(path) = item.map_err(failed)?.location().to_str() {
                paths.insert(path.to_owned());
            }
        }
        Ok(paths.into_iter().collect())
    }
}
