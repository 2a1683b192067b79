//! Where is searched: the work tree, a revision, or all of history.

use crate::base::{Error, Result};
use crate::repo::{Source, Workspace};

use super::Request;
use super::current::{Current, git_of};
use super::past::{Brought, past};
use crate::app::App;

pub struct Place<'a> {
    pub current: Current,
    source: Source<'a>,
    past: Option<Brought>,
}

impl<'a> Place<'a> {
    /// The place that is asked about, with its index brought up to date.
    pub fn of(app: &'a App, request: &Request) -> Result<Place<'a>> {
        let workspace = app.workspace()?;
        if request.all_history {
            if request.revision.is_some() {
                return Err(Error::usage("a revision and all of history cannot be searched at once"));
            }
            let (current, brought) = past(app, workspace)?;
            return Ok(Place { current, source: Source::at(workspace, None)?, past: Some(brought) });
        }
        let source = Source::at(workspace, request.revision.as_deref())?;
        Ok(Place { current: Current::of(app, &source)?, source, past: None })
    }

    pub fn workspace(&self) -> &'a Workspace {
        self.source.workspace()
    }

    pub fn is_past(&self) -> bool {
        self.past.is_some()
    }

    /// The commit that brought a document, where all of history is searched.
    pub fn commit(&self, row: u32) -> Option<&str> {
        self.past.as_ref()?.commit(row)
    }

    /// When that was, in seconds since 1970.
    pub fn time(&self, row: u32) -> Option<i64> {
        self.past.as_ref()?.time(row)
    }

    /// What a document was made of; nothing for a file that is gone since.
    pub fn text(&self, row: u32) -> Result<Option<Vec<u8>>> {
        let rows = &self.current.index.rows;
        let path = rows.path(row);
        if !self.is_past() && matches!(self.source, Source::Worktree(_)) {
            return self.source.read(path);
        }
        let git = git_of(self.workspace())?.reader();
        match git.blob(&rows.blob(row).to_string()) {
            Ok(bytes) => Ok(Some(bytes)),
            // In a SHA-256 repository the index does not know the ids of git.
            Err(_) => match self.commit(row) {
                Some(commit) => git.read(commit, path),
                None => self.source.read(path),
            },
        }
    }
}
