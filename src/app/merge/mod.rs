//! Merge another branch, prompts by field.
//!
//! `git merge` does it, with palc as the driver for prompts: HEAD, index, work tree, hooks, signatures and what an
//! unfinished merge leaves behind are git's own, so `git status`, `git commit` and `git merge --abort` go on from there.
//! The driver is handed over for this one run, by its full path; nothing needs to be set up. It keeps what git gave it,
//! and from that the same merge, which is a pure function, tells afterwards what became of each field.

mod kept;
mod onto;

use super::{App, drivers, merge_driver};
use crate::base::process::own_path;
use crate::base::{Error, Finding, Place, Result};
use crate::format::conflict;
use crate::git::{Choices, Driving, Ending, Git, Unmerged, Why};
use crate::repo::merge::{Conflict, How, Merged, Note};

use kept::Kept;
pub(super) use kept::keep;

#[derive(Debug, Clone)]
pub struct Request {
    pub what: What,
    pub choices: Choices,
    pub dry_run: bool,
}

#[derive(Debug, Clone)]
pub enum What {
    /// Merge a revision, into a branch or into the one that is checked out.
    Merge {
        revision: String,
        onto: Option<String>,
    },
    Continue,
    Abort,
}

#[derive(Debug)]
pub struct Outcome {
    pub end: End,
    /// The revision as it was named; empty where an unfinished merge was continued or given up.
    pub from: String,
    /// The branch; empty where HEAD is detached.
    pub into: String,
    /// The commit that the branch has come to.
    pub commit: Option<String>,
    /// The prompts that both sides changed.
    pub files: Vec<File>,
    /// What waits for a decision, prompts among it.
    pub unmerged: Vec<Unmerged>,
    /// What git and its hooks said.
    pub said: String,
    pub dry_run: bool,
    /// Nothing was checked out, so nothing waits in a work tree.
    pub onto: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    UpToDate,
    FastForward,
    Merged,
    Conflicts,
    Aborted,
}

/// A prompt that both sides changed.
#[derive(Debug)]
pub struct File {
    pub path: String,
    /// The prompt's name, if the file is one.
    pub name: Option<String>,
    pub how: How,
    pub notes: Vec<Note>,
    pub conflicts: Vec<Conflict>,
}

pub fn merge(app: &App, request: &Request) -> Result<Outcome> {
    let git = app.workspace()?.git().ok_or_else(|| {
        Error::no("there is no git repository here, so there is nothing to merge").hint("run `palc init`")
    })?;
    match &request.what {
        What::Merge { revision, onto: Some(branch) } => onto::merge(app, git, revision, branch, request),
        What::Merge { revision, onto: None } => here(app, git, revision, request),
        What::Continue => conclude(app, git),
        What::Abort => abort(git),
    }
}

/// Merge into what is checked out.
fn here(app: &App, git: &Git, revision: &str, request: &Request) -> Result<Outcome> {
    if git.is_bare() {
        return Err(Error::invalid("a bare repository has nothing checked out to merge into")
            .hint(format!("palc merge {revision} --onto BRANCH merges into a branch")));
    }
    let head = git.head()?;
    let (Some(commit), Some(_)) = (&head.commit, git.reader().commit_id(revision).map(Some)?) else {
        return Err(Error::no("there is no commit yet to merge into").hint(format!("git switch -c main {revision}")));
    };
    if let Some(what) = git.in_progress() {
        let error = Error::no(format!("{what} is under way"));
        return Err(match what {
            "a merge" => error.hint("`palc merge --continue` ends it, `palc merge --abort` takes it back"),
            _ => error.hint("finish it first"),
        });
    }
    if request.dry_run {
        return onto::plan(app, git, revision, commit, request);
    }
    git.must_know_people()?;
    let (ended, files) = driven(app, git, |driving| git.merge(driving, revision, &request.choices))?;
    let (ending, said) = ended;
    let unmerged = if ending == Ending::Conflicts { git.unmerged()? } else { Vec::new() };
    let end = match ending {
        Ending::UpToDate => End::UpToDate,
        Ending::FastForward => End::FastForward,
        Ending::Merged => End::Merged,
        Ending::Conflicts => End::Conflicts,
    };
    Ok(Outcome {
        end,
        from: revision.to_owned(),
        into: git.branch().unwrap_or_default(),
        commit: git.head()?.commit.filter(|_| matches!(end, End::Merged | End::FastForward)),
        files,
        unmerged,
        said,
        dry_run: false,
        onto: false,
    })
}

/// Let git merge with palc as its driver, and tell what the driver did.
fn driven<T>(app: &App, git: &Git, run: impl FnOnce(&Driving<'_>) -> Result<T>) -> Result<(T, Vec<File>)> {
    let workspace = app.workspace()?;
    let kept = Kept::begin(app, git)?;
    let palc = own_path().map_err(|error| Error::storage("palc does not find itself").because(error))?;
    let driver = drivers::merge_command(&shell_word(&palc.to_string_lossy()));
    let driving = Driving { driver: &driver, attributes: &kept.attributes(), keep: kept.folder() };
    let ended = run(&driving)?;
    let style = merge_driver::style(git);
    let file = |(path, merged): (String, Merged)| File {
        name: workspace.layout().name(&path).map(|name| name.to_string()),
        path,
        how: merged.how,
        notes: merged.notes,
        conflicts: merged.conflicts,
    };
    let files = kept.merges(style)?.into_iter().map(file).collect();
    Ok((ended, files))
}

/// A word that the shell takes as it stands.
fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Commit an unfinished merge, once nothing waits any more. Prompts whose markers are gone count as settled.
fn conclude(app: &App, git: &Git) -> Result<Outcome> {
    must_merge(git)?;
    let workspace = app.workspace()?;
    let mut wrong = Vec::new();
    let mut settled = Vec::new();
    for Unmerged { path, why } in git.unmerged()? {
        let text = std::fs::read(workspace.path(&path)).ok();
        match (why, text) {
            (Why::BothChanged | Why::BothAdded, Some(bytes)) => {
                let text = String::from_utf8_lossy(&bytes);
                let regions = conflict::regions(&text);
                let finding = |span| Finding::error("merge-conflict", Place::in_text(&path, &text, span), UNSETTLED);
                wrong.extend(regions.iter().map(|&span| finding(span)));
                settled.extend(regions.is_empty().then_some(path.clone()));
            }
            _ => {
                let finding = Finding::error("merge-conflict", Place::file(&path), word(why));
                wrong.push(finding.hint(format!("`git add {path}` keeps the file, `git rm {path}` removes it")));
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Error::no("the merge is not settled yet").with_findings(wrong));
    }
    for path in settled {
        git.settle_path(&path)?;
    }
    git.must_know_people()?;
    let said = git.conclude_merge()?;
    let commit = git.head()?.commit;
    Ok(Outcome { said, commit, ..ended(git, End::Merged) })
}

const UNSETTLED: &str = "this conflict is not settled";

/// What both sides did to a path that waits.
pub fn word(why: Why) -> &'static str {
    match why {
        Why::BothChanged => "both sides changed it",
        Why::BothAdded => "both sides added it",
        Why::BothDeleted => "both sides moved it, each elsewhere",
        Why::WeDeleted => "we deleted it and they changed it",
        Why::TheyDeleted => "they deleted it and we changed it",
        Why::WeAdded => "we moved it here and they did not",
        Why::TheyAdded => "they moved it here and we did not",
    }
}

fn abort(git: &Git) -> Result<Outcome> {
    must_merge(git)?;
    git.abort_merge()?;
    Ok(ended(git, End::Aborted))
}

fn must_merge(git: &Git) -> Result<()> {
    match git.in_progress() {
        Some("a merge") => Ok(()),
        _ => Err(Error::no("no merge is under way")),
    }
}

fn ended(git: &Git, end: End) -> Outcome {
    Outcome {
        end,
        from: String::new(),
        into: git.branch().unwrap_or_default(),
        commit: None,
        files: Vec::new(),
        unmerged: Vec::new(),
        said: String::new(),
        dry_run: false,
        onto: false,
    }
}
