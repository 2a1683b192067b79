//! Take prompts away.

use std::collections::BTreeSet;

use crate::base::{Error, Result};
use crate::model::Name;
use crate::repo::{Source, listing};

use super::App;
use super::links::{Link, Map, links_to};
use super::write::{Opened, Selection, Work, Written};

#[derive(Debug)]
pub struct Request {
    pub prompts: Selection,
    /// Every prompt there is.
    pub all: bool,
}

/// What would go, and who needs it.
#[derive(Debug)]
pub struct Plan<'a> {
    work: Work<'a>,
    opened: Vec<Opened>,
    /// Links of prompts that stay to prompts that go.
    pub dependants: Vec<Link>,
}

pub fn plan<'a>(app: &'a App, request: &Request) -> Result<Plan<'a>> {
    let work = Work::begin(app)?;
    let files =
        if request.all { listing::files(&Source::Worktree(work.workspace()))? } else { work.select(&request.prompts)? };
    if files.is_empty() {
        return Err(Error::no("no prompt is meant by this"));
    }
    let opened: Vec<Opened> = files.iter().map(|file| work.open(file)).collect::<Result<_>>()?;
    let goes: BTreeSet<Name> = files.iter().map(|file| file.name.clone()).collect();
    let mut dependants = links_to(work.workspace(), &Map::of(work.workspace())?, &goes)?;
    dependants.retain(|link| !goes.contains(&link.from.name));
    Ok(Plan { work, opened, dependants })
}

impl Plan<'_> {
    pub fn names(&self) -> Vec<&str> {
        self.opened.iter().map(|opened| opened.file.name.as_str()).collect()
    }

    pub fn carry_out(mut self, dry_run: bool) -> Result<Written> {
        for opened in &self.opened {
            self.work.take_away(opened);
        }
        self.work.finish(dry_run)
    }
}

/// Whether what is removed can come back from git.
pub fn is_kept_by_git(app: &App) -> bool {
    app.place().is_ok_and(|workspace| workspace.git().is_some_and(|git| git.has_head()))
}
