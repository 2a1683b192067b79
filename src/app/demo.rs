//! Write a sample repository: the prompts of a support team, with the history they came from.

mod history;

use std::path::{Path, PathBuf};

use crate::base::{Error, Result, disk};
use crate::git::{Git, NewCommit, Writer};
use crate::repo::{Source, Workspace};

use super::App;
use super::list::{self, Listed};
use history::{MAIN, STEPS, Step};

/// Where the repository is written if nobody says.
pub const FOLDER: &str = "palc-demo";

#[derive(Debug)]
pub struct Request {
    pub folder: PathBuf,
}

#[derive(Debug)]
pub struct Outcome {
    /// As it was asked for.
    pub folder: PathBuf,
    /// The commit that is checked out.
    pub head: String,
    pub commits: usize,
    pub authors: usize,
    pub branches: usize,
    pub prompts: Vec<Listed>,
    /// Commands to try next, in the new folder.
    pub tour: &'static [Stop],
}

/// A command of the tour and what it shows.
#[derive(Debug)]
pub struct Stop {
    pub command: &'static str,
    pub shows: &'static str,
}

pub const TOUR: &[Stop] = &[
    Stop { command: "palc show support/triage", shows: "what it is, and its text" },
    Stop { command: "palc render support/triage --var ticket=Hello", shows: "what the model reads" },
    Stop { command: "palc check", shows: "every mistake, with its place" },
    Stop { command: "palc show support/triage@main~8", shows: "how it began" },
    Stop { command: "git log --oneline --graph --all", shows: "who changed what, and why" },
];

/// All or nothing: the repository is built aside and moved to its place when it is complete.
pub fn demo(app: &App, request: &Request) -> Result<Outcome> {
    let folder = app.env.folder().join(&request.folder);
    refuse_used(&folder, &request.folder)?;
    let head = disk::build(&folder, write)?;
    let count = |key: fn(&Step) -> &str| STEPS.iter().map(key).collect::<std::collections::BTreeSet<_>>().len();
    Ok(Outcome {
        folder: request.folder.clone(),
        head,
        commits: STEPS.len(),
        authors: count(|step| step.author.name),
        branches: count(|step| step.branch),
        prompts: list::cards(&Source::at(&Workspace::discover(&folder)?, None)?, Some)?.facts,
        tour: TOUR,
    })
}

fn refuse_used(folder: &Path, typed: &Path) -> Result<()> {
    let used = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(Error::storage(format!("cannot look into {}", folder.display())).because(error)),
    };
    if !used {
        return Ok(());
    }
    let error = Error::invalid(format!("{} is not empty, and a demo needs a folder of its own", typed.display()));
    Err(error.hint("name another folder: `palc demo FOLDER`"))
}

/// Commit every step, then check out the last one of the main branch.
fn write(folder: &Path) -> Result<String> {
    let git = Git::init_alone(folder, MAIN)?;
    let writer = git.writer();
    for step in STEPS {
        commit(&writer, step)?;
    }
    let reader = git.reader();
    for file in reader.files(MAIN, "")? {
        disk::write(&folder.join(&file.path), &reader.blob(&file.id)?, disk::Expect::Absent)?;
    }
    writer.reset_index()?;
    writer.branch(MAIN)?.ok_or_else(|| Error::bug("the demo has no main branch"))
}

fn commit(writer: &Writer, step: &Step) -> Result<String> {
    let parents = step.parents().into_iter().filter_map(|name| writer.branch(name).transpose());
    writer.commit(&NewCommit {
        branch: step.branch,
        parents: &parents.collect::<Result<Vec<_>>>()?,
        author: &step.author.signature(step.date),
        message: step.message,
        changes: step.changes,
    })
}
