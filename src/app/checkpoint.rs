//! Snapshots of the work tree's prompts beside all branches: private refs that nobody sees and that no gc takes away.
//! Making one touches neither the index nor a file.

use std::collections::BTreeSet;

use crate::base::disk;
use crate::base::{Error, Result};
use crate::git::{Commit, Delta, Draft, Git, Mode, Move, Step};
use crate::repo::{self, Workspace};

use super::App;
use super::commit::{self, select};
use super::write::{Done, What, Written};

const REFS: &str = "refs/palc/checkpoints/";

#[derive(Debug, Clone)]
pub struct Checkpoint {
    pub number: u32,
    pub commit: Commit,
    pub message: String,
    /// Prompts and files beside them that were not as in the commit it was made on.
    pub files: Vec<Delta>,
}

/// Keep the work tree's prompts as they are. None if nothing differs from the last commit, or from the last checkpoint
/// made on it.
pub fn create(app: &App, message: Option<&str>) -> Result<Option<Checkpoint>> {
    let (workspace, git) = place(app)?;
    let paths = select::changed(workspace, git)?;
    let steps = git.take_files(paths.iter().map(String::as_str))?;
    keep(app, git, &steps, message.unwrap_or("Checkpoint"))
}

fn keep(app: &App, git: &Git, steps: &[Step], message: &str) -> Result<Option<Checkpoint>> {
    git.must_know_people()?;
    if steps.is_empty() {
        return Ok(None);
    }
    let session = git.session()?;
    let head = session.head()?.commit;
    let tree = session.tree(head.as_deref(), steps)?;
    let known = numbered(git)?;
    if let Some((_, last)) = known.last() {
        let last = git.reader().commit(last)?;
        if last.tree == tree && last.parents.first() == head.as_ref() {
            return Ok(None);
        }
    }
    let dates = commit::dates(app);
    let message = crate::git::message::clean(message, false);
    let parents = head.as_slice();
    let commit = session.commit(&Draft { tree: &tree, parents, message: &message, dates, author_of: None })?;
    session.settle(&commit, steps)?;
    let mut number = known.last().map_or(0, |(number, _)| *number);
    loop {
        number += 1;
        let name = format!("{REFS}{number}");
        let log = "palc checkpoint";
        if session.move_ref(&Move { name: &name, from: None, to: &commit, log, dates })? {
            return describe(git, number, &commit).map(Some);
        }
    }
}

/// All checkpoints, oldest first.
pub fn list(app: &App) -> Result<Vec<Checkpoint>> {
    let (_, git) = place(app)?;
    numbered(git)?.into_iter().map(|(number, commit)| describe(git, number, &commit)).collect()
}

/// One of them: the last if none is named.
pub fn find(app: &App, number: Option<u32>) -> Result<Checkpoint> {
    let (_, git) = place(app)?;
    let known = numbered(git)?;
    let found = match number {
        Some(number) => known.iter().find(|(known, _)| *known == number),
        None => known.last(),
    };
    let (number, commit) = found.ok_or_else(|| {
        let error = match number {
            Some(number) => Error::no(format!("there is no checkpoint {number}")),
            None => Error::no("there are no checkpoints"),
        };
        error.hint(if known.is_empty() { "`palc checkpoint` makes one" } else { "`palc checkpoint list` shows them" })
    })?;
    describe(git, *number, commit)
}

/// What bringing one back did.
#[derive(Debug)]
pub struct Restored {
    pub checkpoint: Checkpoint,
    pub written: Written,
    /// What the work tree held before, if that was nowhere else.
    pub before: Option<Checkpoint>,
}

/// Make the work tree's prompts what they were. What they are now is kept as a checkpoint first.
pub fn restore(app: &App, number: Option<u32>, names: &[String], dry_run: bool) -> Result<Restored> {
    let (workspace, git) = place(app)?;
    let checkpoint = find(app, number)?;
    let now = select::changed(workspace, git)?;
    let paths = wanted(app, workspace, git, &checkpoint, &now, names)?;
    let mut change = repo::Change::new();
    let (mut done, mut modes) = (Vec::new(), Vec::new());
    for path in paths {
        put(workspace, git, &checkpoint.commit.id, &path, &mut change, &mut done, &mut modes)?;
    }
    let written = Written { done, findings: Vec::new(), dry_run };
    if dry_run || change.is_empty() {
        return Ok(Restored { checkpoint, written, before: None });
    }
    let steps = git.take_files(now.iter().map(String::as_str))?;
    let before = keep(app, git, &steps, &format!("Before checkpoint {} was restored", checkpoint.number))?;
    change.apply(workspace, &app.journal_folder(workspace)?)?;
    for path in modes {
        disk::program::make_executable(&workspace.path(&path))?;
    }
    Ok(Restored { checkpoint, written, before })
}

/// Forget checkpoints.
pub fn drop(app: &App, numbers: &[u32], all: bool) -> Result<Vec<Checkpoint>> {
    let (_, git) = place(app)?;
    let going = if all {
        list(app)?
    } else {
        numbers.iter().map(|number| find(app, Some(*number))).collect::<Result<Vec<_>>>()?
    };
    let session = git.session()?;
    for checkpoint in &going {
        session.delete_ref(&format!("{REFS}{}", checkpoint.number), &checkpoint.commit.id)?;
    }
    Ok(going)
}

fn place(app: &App) -> Result<(&Workspace, &Git)> {
    let workspace = app.workspace()?;
    let git = workspace
        .git()
        .ok_or_else(|| Error::no("there is no git repository here to keep checkpoints in").hint("run `palc init`"))?;
    if git.is_bare() {
        return Err(Error::invalid("a bare repository has no files to keep").hint("work in a clone of it"));
    }
    Ok((workspace, git))
}

fn numbered(git: &Git) -> Result<Vec<(u32, String)>> {
    let mut known: Vec<(u32, String)> = git
        .refs(REFS)?
        .into_iter()
        .filter_map(|found| Some((found.name.strip_prefix(REFS)?.parse().ok()?, found.commit)))
        .collect();
    known.sort();
    Ok(known)
}

fn describe(git: &Git, number: u32, commit: &str) -> Result<Checkpoint> {
    let reader = git.reader();
    let commit = reader.commit(commit)?;
    let files = reader.deltas(commit.parents.first().map(String::as_str), &commit.id, &|_| true)?;
    let message = reader.message(&commit.id)?.trim_end().to_owned();
    Ok(Checkpoint { number, commit, message, files })
}

/// The files that may differ between the work tree and the checkpoint.
fn wanted(
    app: &App,
    workspace: &Workspace,
    git: &Git,
    checkpoint: &Checkpoint,
    now: &[String],
    names: &[String],
) -> Result<BTreeSet<String>> {
    let layout = workspace.layout();
    let ours = |path: &str| select::is_ours(layout, path);
    let head = git.head()?.commit;
    let since = git.reader().deltas(head.as_deref(), &checkpoint.commit.id, &ours)?;
    let mut paths: BTreeSet<String> = since.into_iter().map(|delta| delta.path).chain(now.iter().cloned()).collect();
    if names.is_empty() {
        return Ok(paths);
    }
    let globs = super::filter::Globs::new(names)?;
    let typed: Vec<String> = names.iter().filter_map(|name| workspace.relative(app.env.folder(), name).ok()).collect();
    paths.retain(|path| {
        let named = path.strip_suffix(".palc.yaml").unwrap_or(path);
        typed.contains(path) || layout.name(named).is_some_and(|name| globs.matches(&name))
    });
    if paths.is_empty() {
        return Err(Error::no(format!(
            "nothing of {} differs from checkpoint {}",
            names.join(", "),
            checkpoint.number
        )));
    }
    Ok(paths)
}

fn put(
    workspace: &Workspace,
    git: &Git,
    commit: &str,
    path: &str,
    change: &mut repo::Change,
    done: &mut Vec<Done>,
    modes: &mut Vec<String>,
) -> Result<()> {
    let full = workspace.path(path);
    let entry = git.entry(Some(commit), path)?.filter(|entry| matches!(entry.mode, Mode::File | Mode::Executable));
    let standing = if full.is_file() { Some(disk::read(&full)?) } else { None };
    let wanted = match &entry {
        Some(entry) => Some(git.to_worktree(path, &git.reader().blob(&entry.id)?)?),
        None => None,
    };
    let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let before = text(standing.as_ref().map(|standing| standing.bytes.as_slice()));
    let after = text(wanted.as_deref());
    let what = match (standing, wanted) {
        (Some(standing), Some(bytes)) if standing.bytes == bytes => return Ok(()),
        (None, None) => return Ok(()),
        (Some(standing), Some(bytes)) => {
            change.replace(path, bytes, standing.stamp);
            What::Changed
        }
        (None, Some(bytes)) => {
            change.create(path, bytes);
            if entry.is_some_and(|entry| entry.mode == Mode::Executable) {
                modes.push(path.to_owned());
            }
            What::Created
        }
        (Some(standing), None) => {
            change.remove(path, standing.stamp);
            What::Removed
        }
    };
    done.push(Done { path: path.to_owned(), what, before, after });
    Ok(())
}
