//! Commit prompts: what is named, or every prompt that changed, and nothing that others have staged.

mod draft;
pub mod select;
mod stamp;

use std::collections::BTreeSet;

use super::write::Written;
use super::{App, check, edit};
use crate::base::env;
use crate::base::{Error, Finding, Result, Severity};
use crate::git::{self, Dates, Git, Message, Record, Recorded, Step};
use crate::repo::{PromptFile, Source, Workspace};

#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Names, ids, folders, globs or paths; none means every prompt that changed, and palc's own files.
    pub names: Vec<String>,
    /// None drafts one from what changed.
    pub message: Option<String>,
    pub options: Options,
    /// Let the user have a look at a drafted message.
    pub ask: bool,
    pub dry_run: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Refuse what has errors.
    pub check: bool,
    pub hooks: bool,
    /// Name the prompts below the message.
    pub trailers: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { check: true, hooks: true, trailers: true }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// None for a dry run, and where there was nothing to commit.
    pub commit: Option<git::Made>,
    pub files: Vec<File>,
    pub message: String,
    /// Warnings about what was committed.
    pub findings: Vec<Finding>,
    pub dry_run: bool,
}

/// A file of the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub path: String,
    pub what: What,
    /// The prompt in it, if it is one.
    pub name: Option<String>,
    pub id: Option<String>,
    /// The id was put in by this commit.
    pub stamped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Added,
    Changed,
    Removed,
}

/// More trailers than this help nobody.
const TRAILERS: usize = 50;

pub fn commit(app: &App, request: &Request) -> Result<Outcome> {
    let git = worktree(app)?;
    let paths = select::paths(app, git, &request.names)?;
    paths_as(app, git, &paths, request)
}

/// Commit these files as they are in the work tree: for commands that have just written them.
pub fn files(app: &App, paths: &[String], message: &str, options: Options) -> Result<Outcome> {
    let request = Request { message: Some(message.to_owned()), options, ..Request::default() };
    paths_as(app, worktree(app)?, paths, &request)
}

/// Commit what a command has just written.
pub fn written(app: &App, written: &Written, message: &str) -> Result<Outcome> {
    files(app, &written.paths(), message, Options::default())
}

/// Commit on a branch that is not checked out; there are no files to check, and hooks have nothing to look at.
pub fn on_branch(app: &App, git: &Git, name: &str, steps: &[Step], message: &str, options: Options) -> Result<Outcome> {
    let mut outcome = preview(app, git, name, steps, message, options)?;
    outcome.dry_run = false;
    if let Recorded::Commit(commit) = git.record_on(name, steps, &outcome.message, dates(app))? {
        outcome.commit = Some(commit);
    }
    Ok(outcome)
}

/// What [`on_branch`] would commit.
pub fn preview(app: &App, git: &Git, name: &str, steps: &[Step], message: &str, options: Options) -> Result<Outcome> {
    let head = git.refs(name)?.into_iter().find(|found| found.name == name).map(|found| found.commit);
    let files = described(app.workspace()?, git, head.as_deref(), steps)?;
    let request = Request { message: Some(message.to_owned()), options, ..Request::default() };
    let message = self::message(app, git, &files, &request)?;
    Ok(Outcome { commit: None, files, message, findings: Vec::new(), dry_run: true })
}

fn paths_as(app: &App, git: &Git, paths: &[String], request: &Request) -> Result<Outcome> {
    let mut steps = git.take_files(paths.iter().map(String::as_str))?;
    let head = git.head()?.commit;
    let files = described(app.workspace()?, git, head.as_deref(), &steps)?;
    let findings = if request.options.check { checked(app, git, &files)? } else { Vec::new() };
    let mut outcome = Outcome { commit: None, files, message: String::new(), findings, dry_run: request.dry_run };
    if outcome.files.is_empty() && !request.dry_run {
        // HEAD has it all, but the index may not know: a palc that was killed in between is made up for here.
        record(app, git, steps, Message::Given("nothing"), request)?;
        return Ok(outcome);
    }
    let stamps = stamp::stamp(app, &mut outcome.files, request.dry_run)?;
    let result = (|| {
        for step in git.take_files(stamps.paths())? {
            steps.retain(|old| old.path != step.path);
            steps.push(step);
        }
        outcome.message = message(app, git, &outcome.files, request)?;
        if request.dry_run {
            return Ok(());
        }
        let editor = if request.ask && request.message.is_none() { edit::editor(app, git).ok() } else { None };
        let help = draft::with_help(&outcome.message, &outcome.files);
        let message = match &editor {
            Some(editor) => Message::Edit { draft: &help, editor },
            None => Message::Given(&outcome.message),
        };
        if let Recorded::Commit(commit) = record(app, git, steps, message, request)? {
            outcome.message.clone_from(&commit.message);
            outcome.files = hooked(app.workspace()?, git, head.as_deref(), &commit, &outcome.files)?;
            outcome.commit = Some(commit);
        }
        Ok(())
    })();
    match result {
        Ok(()) => Ok(outcome),
        Err(error) => {
            stamps.undo(app)?;
            Err(error)
        }
    }
}

/// The repository to commit in, if it has files.
pub fn worktree(app: &App) -> Result<&Git> {
    let git = app.workspace()?.git().ok_or_else(|| {
        Error::no("there is no git repository here, so nothing can be committed").hint("run `palc init`")
    })?;
    if git.is_bare() {
        return Err(Error::invalid("a bare repository has no files to commit").hint("work in a clone of it"));
    }
    git.must_know_people()?;
    Ok(git)
}

fn record(app: &App, git: &Git, steps: Vec<Step>, message: Message<'_>, request: &Request) -> Result<Recorded> {
    git.record(&Record { steps, message, hooks: request.options.hooks, dates: dates(app) })
}

/// A fixed time for palc is one for its commits, unless git was told another one.
pub fn dates(app: &App) -> Dates {
    let fixed = app.env.get(env::NOW).map(|_| app.clock.now().as_second());
    let unless = |variable| if app.env.get(variable).is_some() { None } else { fixed };
    Dates { author: unless("GIT_AUTHOR_DATE"), committer: unless("GIT_COMMITTER_DATE") }
}

/// The files that differ from HEAD.
fn described(workspace: &Workspace, git: &Git, head: Option<&str>, steps: &[Step]) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for step in steps {
        let before = git.entry(head, &step.path)?;
        let what = match (&before, &step.entry) {
            (before, after) if before == after => continue,
            (None, _) => What::Added,
            (_, None) => What::Removed,
            _ => What::Changed,
        };
        let name = workspace.layout().name(&step.path).map(|name| name.to_string());
        let blob = step.entry.as_ref().or(before.as_ref());
        let id = match blob.filter(|_| name.is_some()) {
            Some(entry) => select::id_in(&step.path, &git.reader().blob(&entry.id)?),
            None => None,
        };
        files.push(File { path: step.path.clone(), what, name, id, stamped: false });
    }
    Ok(files)
}

/// The files after hooks had their say.
fn hooked(workspace: &Workspace, git: &Git, head: Option<&str>, commit: &git::Made, old: &[File]) -> Result<Vec<File>> {
    let mut files = described(workspace, git, head, &commit.steps)?;
    for file in &mut files {
        file.stamped = old.iter().any(|old| old.path == file.path && old.stamped);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// What is wrong with the prompts that would be committed. Errors stop it.
fn checked(app: &App, git: &Git, files: &[File]) -> Result<Vec<Finding>> {
    let source = Source::at(app.workspace()?, None)?;
    let there = files.iter().filter(|file| file.name.is_some() && file.what != What::Removed);
    let paths: Vec<String> = there.map(|file| file.path.clone()).collect();
    let (errors, others): (Vec<_>, Vec<_>) =
        findings(app, git, &source, &paths)?.into_iter().partition(|finding| finding.severity == Severity::Error);
    if errors.is_empty() {
        return Ok(others);
    }
    Err(Error::no("nothing was committed, because of these errors")
        .with_findings(errors)
        .hint("`palc check --fix` mends what it can; --no-check commits all the same"))
}

/// More files than this are not looked at one by one.
const FEW: usize = 32;

/// What is wrong with prompts that are about to be committed. A few that were there before, under the same name and with
/// the same id, need no look at all the others, unless something is wrong: then the full check says it better.
pub fn findings(app: &App, git: &Git, source: &Source<'_>, paths: &[String]) -> Result<Vec<Finding>> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    if paths.len() <= FEW
        && are_known(git, source, paths)?
        && let Some(findings) = check::near(app, source, paths)?
        && findings.iter().all(|finding| finding.severity != Severity::Error)
    {
        return Ok(findings);
    }
    let workspace = source.workspace();
    let names = paths.iter().map(|path| workspace.path(path).to_string_lossy().into_owned()).collect();
    let revision = match source {
        Source::Worktree(_) => None,
        Source::Revision(_, revision) => Some(revision.clone()),
    };
    Ok(check::check(app, &check::Request { names, revision, ..check::Request::default() })?.report.findings)
}

fn are_known(git: &Git, source: &Source<'_>, paths: &[String]) -> Result<bool> {
    let Some(head) = git.head()?.commit else { return Ok(false) };
    for path in paths {
        let Some(before) = git.reader().read(&head, path)? else { return Ok(false) };
        let after = source.read(path)?.unwrap_or_default();
        if select::id_in(path, &before) != select::id_in(path, &after) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn message(app: &App, git: &Git, files: &[File], request: &Request) -> Result<String> {
    let text = match &request.message {
        Some(message) => message.clone(),
        None => draft::draft(app, git, files)?,
    };
    let text = git::message::clean(&text, false);
    if text.is_empty() {
        return Err(Error::usage("the message is empty").hint("without -m, palc drafts one from what changed"));
    }
    let ids: BTreeSet<&str> = files.iter().filter_map(|file| file.id.as_deref()).collect();
    if !request.options.trailers || ids.len() > TRAILERS {
        return Ok(text);
    }
    let trailers: Vec<String> = ids.into_iter().map(|id| format!("Palc-Prompt: {id}")).collect();
    Ok(git::message::with_trailers(&text, &trailers))
}

impl Outcome {
    pub fn prompts(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter_map(|file| file.name.as_deref())
    }
}

impl File {
    fn prompt(&self, workspace: &Workspace) -> Option<PromptFile> {
        PromptFile::at(workspace, &self.path)
    }
}
