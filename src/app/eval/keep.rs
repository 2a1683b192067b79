//! Results that are kept: the results of a run become files beside the suite, to be committed and reviewed.

use std::path::Path;

use super::{begun, record};
use crate::app::App;
use crate::base::disk::{self, Expect};
use crate::base::{Error, Result};
use crate::format::results::{LINES, SUMMARY};
use crate::model::results::Manifest;

#[derive(Debug)]
pub struct Kept {
    pub run: String,
    pub manifest: Manifest,
    /// The folder, from the repository's root.
    pub folder: String,
    /// Whether anything there was changed.
    pub changed: bool,
}

/// Keep the results of a run in the place of those that its suite had.
pub fn keep(app: &App, run: &str, dry_run: bool) -> Result<Kept> {
    let from = begun::find(app, run)?;
    let record::Head { manifest, whole, .. } = record::read_summary(&from)?;
    let id = from.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !whole {
        return Err(Error::no(format!("the run {id} did not come to its end"))
            .hint(format!("go on with `palc eval --resume {id}`")));
    }
    if let Some((share, of)) = manifest.shard {
        return Err(Error::no(format!("the run {id} is share {share} of {of}"))
            .hint("put all shares together with `palc results merge`, and keep that"));
    }
    if !manifest.filter.is_empty() {
        return Err(Error::no(format!("the run {id} left cases out: {}", manifest.filter))
            .hint("only results of all cases of a suite can be kept"));
    }
    let folder = format!("{}/{}", app.settings()?.eval.results, manifest.suite);
    let to = disk::resolve_beneath(app.workspace()?.root(), Path::new(&folder))?;
    let mut changed = false;
    for name in [LINES, SUMMARY] {
        let bytes = read(&from.join(name))?;
        let target = to.join(name);
        if std::fs::read(&target).is_ok_and(|old| old == bytes) {
            continue;
        }
        changed = true;
        if !dry_run {
            disk::write(&target, &bytes, Expect::Whatever)?;
        }
    }
    Ok(Kept { run: id, manifest, folder, changed })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Error::storage(format!("cannot read {}", path.display())).because(error))
}
