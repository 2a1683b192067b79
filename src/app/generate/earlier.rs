//! Contents as they were when a session was made.

use crate::app::App;
use crate::base::Result;
use crate::base::hash::BlobId;
use crate::repo::Source;

/// The content of a file by git's id of it: the file as it is now, the copy beside the sessions, or what git keeps.
pub fn content(app: &App, path: &str, blob: &str) -> Result<Option<Vec<u8>>> {
    let workspace = app.workspace()?;
    let source = Source::at(workspace, None)?;
    let is_it = |bytes: &Vec<u8>| BlobId::of(bytes).to_string() == blob;
    for path in [path.to_owned(), copy_path(app, blob)?] {
        if let Some(bytes) = source.read(&path).ok().flatten().filter(is_it) {
            return Ok(Some(bytes));
        }
    }
    Ok(workspace.git().and_then(|git| git.reader().blob(blob).ok()).filter(is_it))
}

/// Where a context file is copied to that git does not keep.
pub fn copy_path(app: &App, blob: &str) -> Result<String> {
    Ok(format!("{}/context/{blob}", app.settings()?.files.sessions))
}

/// Whether git keeps this content of a file for good.
pub fn is_committed(app: &App, path: &str, blob: &str) -> Result<bool> {
    let Some(git) = app.workspace()?.git().filter(|git| git.has_head()) else { return Ok(false) };
    let stored = git.reader().read("HEAD", path)?;
    Ok(stored.is_some_and(|bytes| BlobId::of(&bytes).to_string() == blob))
}
