//! Answer git, which asks to merge one file.

use std::path::{Path, PathBuf};

use super::{App, merge as merging};
use crate::base::Result;
use crate::base::disk::{self, Expect};
use crate::base::env::MERGE_KEEP;
use crate::git::Git;
use crate::repo::merge::{Merged, Options, Style, Three, merge};

/// What git hands to a merge driver.
#[derive(Debug)]
pub struct Request {
    /// Three files; the result is written into ours.
    pub files: Three<PathBuf>,
    pub path: String,
    pub marker_size: Option<usize>,
    pub labels: Three<Option<String>>,
}

pub fn merge_driver(app: &App, request: &Request) -> Result<Merged> {
    let folder = app.env.folder();
    let read = |path: &PathBuf| disk::read(&folder.join(path));
    let files = Three {
        base: read(&request.files.base)?,
        ours: read(&request.files.ours)?,
        theirs: read(&request.files.theirs)?,
    };
    let style = Git::discover(folder).ok().flatten().map(|git| style(&git)).unwrap_or_default();
    let usual = Options::default();
    let options = Options {
        labels: Three {
            base: label(&request.labels.base, usual.labels.base),
            ours: label(&request.labels.ours, usual.labels.ours),
            theirs: label(&request.labels.theirs, usual.labels.theirs),
        },
        marker_size: request.marker_size.filter(|&size| size > 0).unwrap_or(usual.marker_size),
        style,
    };
    let merged = merge(&request.path, files.as_ref().map(|file| &file.bytes[..]), &options);
    // A merge of several bases into one is git's own business; its files are nobody's.
    let is_inner = options.labels.ours.starts_with("Temporary merge branch");
    if let Some(keep) = app.env.get(MERGE_KEEP).filter(|_| !is_inner) {
        merging::keep(Path::new(keep), &request.path, files.as_ref().map(|file| &file.bytes[..]))?;
    }
    let ours = folder.join(&request.files.ours);
    if merged.bytes != files.ours.bytes {
        disk::write(&ours, &merged.bytes, Expect::Same(&files.ours.stamp))?;
    }
    Ok(merged)
}

/// How the user likes to see conflicts.
pub(super) fn style(git: &Git) -> Style {
    match git.setting("merge.conflictStyle").as_deref() {
        Some("diff3" | "zdiff3") => Style::Diff3,
        _ => Style::Merge,
    }
}

/// A git that does not know a placeholder hands it on as it stands.
fn label(given: &Option<String>, usual: String) -> String {
    given.clone().filter(|label| !label.is_empty() && !label.starts_with('%')).unwrap_or(usual)
}
