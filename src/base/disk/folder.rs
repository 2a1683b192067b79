//! Folders: made with their names synced, and unmade again when what needed them did not happen.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{failed, steps};
use crate::base::error::Result;

/// The folder a path is in.
pub(super) fn of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => path,
    }
}

/// The folders that would have to be made, outermost first.
pub(super) fn missing(folder: &Path) -> Vec<PathBuf> {
    let mut missing: Vec<PathBuf> =
        folder.ancestors().take_while(|it| !it.as_os_str().is_empty() && !it.exists()).map(Path::to_path_buf).collect();
    missing.reverse();
    missing
}

/// Make a folder and those above it. Returns what was made, outermost first.
pub(super) fn make(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut made = Vec::new();
    for each in missing(folder) {
        if let Err(error) = make_one(&each, &mut made) {
            unmake(&made);
            return Err(failed("create the folder", &each, error));
        }
    }
    Ok(made)
}

fn make_one(folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    match steps::make_folder(folder) {
        // Another process was faster: that one is not ours to unmake.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => return Ok(()),
        result => result?,
    }
    made.push(folder.to_path_buf());
    steps::sync_folder(of(folder))
}

/// Remove a folder of palc's own with everything in it.
pub fn remove_tree(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", folder, error)),
        _ => Ok(()),
    }
}

/// Make files durable that somebody else wrote. Those that are not there are kept elsewhere. The name of a new file is
/// durable with it on the file systems that matter, so their folders are not synced one by one.
pub fn settle(files: &[PathBuf]) -> Result<()> {
    let one = |path: &PathBuf| match std::fs::File::open(path) {
        Ok(file) => steps::sync(&file, path).map_err(|error| failed("write", path, error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed("read", path, error)),
    };
    // The disk is asked for all at once: most file systems then write for all of them what they write for one.
    files.par_iter().try_for_each(one)
}

/// Remove folders that were made for nothing, innermost first. One that is in use by now stays.
pub(super) fn unmake(made: &[PathBuf]) {
    for folder in made.iter().rev() {
        let _ = steps::remove_folder(folder);
    }
}

/// Remove a folder and those above it, below a root, as long as they are empty.
pub(super) fn prune(folder: &Path, root: &Path) {
    for each in folder.ancestors().take_while(|it| it.starts_with(root) && *it != root) {
        if steps::remove_folder(each).is_err() {
            return;
        }
    }
}
