//! What a merge driver was given during one merge, kept until the merge is told.

use std::path::{Path, PathBuf};

use super::super::{App, drivers};
use crate::base::disk::{self, Expect, Lock};
use crate::base::hash::sha256;
use crate::base::{Error, Result};
use crate::git::Git;
use crate::repo::merge::{Merged, Options, Style, Three, merge};

/// A folder in the derived data for one merge, gone when this is dropped.
pub(super) struct Kept {
    folder: PathBuf,
    _lock: Lock,
}

const PARTS: [&str; 4] = ["path", "base", "ours", "theirs"];

impl Kept {
    pub(super) fn begin(app: &App, git: &Git) -> Result<Kept> {
        let home = git.common_folder().join("palc/merges");
        clear(&home);
        let folder = home.join(std::process::id().to_string());
        let kept = Kept { _lock: Lock::take(&folder.join("lock"))?, folder };
        // The user's own attributes hold as ever, and those of the repository win over ours.
        let own = attributes_of_user(app, git).and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
        let ours = drivers::attributes(app.workspace()?.layout());
        let lines: String = ours.iter().map(|line| format!("{line}\n")).collect();
        disk::write(&kept.attributes(), format!("{lines}{own}").as_bytes(), Expect::Whatever)?;
        Ok(kept)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn attributes(&self) -> PathBuf {
        self.folder.join("attributes")
    }

    /// Every file that the driver merged, merged again.
    pub(super) fn merges(&self, style: Style) -> Result<Vec<(String, Merged)>> {
        let options = Options { style, ..Options::default() };
        let mut merges = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(|error| unread(&self.folder, error))?.flatten() {
            let name = entry.path();
            if name.extension().is_none_or(|extension| extension != PARTS[0]) {
                continue;
            }
            let [path, base, ours, theirs] = PARTS.map(|part| disk::read(&name.with_extension(part)));
            let path = String::from_utf8_lossy(&path?.bytes).into_owned();
            let files = Three::new(base?.bytes, ours?.bytes, theirs?.bytes);
            let merged = merge(&path, files.as_ref().map(Vec::as_slice), &options);
            merges.push((path, merged));
        }
        merges.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(merges)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = disk::remove_tree(&self.folder);
    }
}

/// Keep what the driver was given for one path; a later merge of the same path takes the place of an earlier one.
pub(in crate::app) fn keep(folder: &Path, path: &str, files: Three<&[u8]>) -> Result<()> {
    let name = sha256(path.as_bytes());
    for (part, bytes) in PARTS.into_iter().zip([path.as_bytes(), files.base, files.ours, files.theirs]) {
        disk::write(&folder.join(format!("{name}.{part}")), bytes, Expect::Whatever)?;
    }
    Ok(())
}

/// The file that `core.attributesFile` names, or the usual one.
fn attributes_of_user(app: &App, git: &Git) -> Option<PathBuf> {
    match git.setting("core.attributesFile") {
        Some(path) => match path.strip_prefix("~/") {
            Some(rest) => Some(app.env.home()?.join(rest)),
            None => Some(git.worktree().unwrap_or(git.own_folder()).join(path)),
        },
        None => {
            let config = app.env.config_folder()?;
            Some(config.parent()?.join("git/attributes"))
        }
    }
}

/// Folders of palcs that died.
fn clear(home: &Path) {
    for entry in std::fs::read_dir(home).into_iter().flatten().flatten() {
        if Lock::take_within(&entry.path().join("lock"), std::time::Duration::ZERO).is_ok() {
            let _ = disk::remove_tree(&entry.path());
        }
    }
}

fn unread(folder: &Path, error: std::io::Error) -> Error {
    Error::storage(format!("cannot read {}", folder.display())).because(error)
}
