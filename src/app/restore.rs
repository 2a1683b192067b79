//! Bring prompts back: an older version, what HEAD has, or a deleted one. Their history goes on.

use crate::base::disk::{self, Stamp};
use crate::base::{Error, Result};
use crate::format::change::{Change, Files};
use crate::format::{Dialect, Document, naming};
use crate::git::{Entry, Git, Mode, Step};
use crate::model::{Query, Value};
use crate::repo::history::PromptHistory;
use crate::repo::selector::{self, Selected};
use crate::repo::{self, History, PromptFile, Source, Workspace, resolve};

use super::App;
use super::commit::{self, Options, select::id_in};
use super::write::{Done, What, Written};

#[derive(Debug, Default)]
pub struct Request {
    /// Each `name` or `name@SPEC`.
    pub names: Vec<String>,
    /// Even over changes that were never committed.
    pub force: bool,
    /// Commit it, with this message or a fitting one.
    pub commit: Option<Commit>,
    pub dry_run: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Commit {
    pub message: Option<String>,
    pub options: Options,
    /// `Roll back` instead of `Restore`.
    pub rollback: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub written: Written,
    pub back: Vec<Back>,
    pub commit: Option<commit::Outcome>,
}

/// A prompt that is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    pub name: String,
    pub path: String,
    /// Where the number was named.
    pub version: Option<u32>,
    /// The commit whose content it has.
    pub commit: String,
}

pub fn restore(app: &App, request: &Request) -> Result<Outcome> {
    let workspace = app.workspace()?;
    let git = workspace.git().ok_or_else(|| {
        Error::no("there is no git repository here, so there are no versions").hint("run `palc init`")
    })?;
    if git.is_bare() {
        return in_bare(app, git, request);
    }
    let mut work = Work { workspace, git, request, change: repo::Change::new(), modes: Vec::new(), done: Vec::new() };
    let mut back = Vec::new();
    for typed in &request.names {
        let wanted = Wanted::of(app, typed)?;
        work.bring(&wanted)?;
        back.push(wanted.back());
    }
    let mut written = Written { done: work.done, findings: Vec::new(), dry_run: request.dry_run };
    if request.dry_run {
        return Ok(Outcome { written, back, commit: None });
    }
    if !work.change.is_empty() {
        work.change.apply(workspace, &app.journal_folder(workspace)?)?;
    }
    for path in work.modes {
        disk::program::make_executable(&workspace.path(&path))?;
    }
    let commit = match &request.commit {
        Some(how) => {
            // Also where the file needed no change: it may have been restored before and not been committed.
            let mut paths = written.paths();
            paths.extend(back.iter().map(|back| back.path.clone()));
            paths.sort();
            paths.dedup();
            let message = how.message.clone().unwrap_or_else(|| message(how, &back));
            let outcome = commit::files(app, &paths, &message, how.options)?;
            written.findings.clone_from(&outcome.findings);
            Some(outcome)
        }
        None => None,
    };
    Ok(Outcome { written, back, commit })
}

/// What was asked for: a prompt in a commit, and where it goes.
struct Wanted {
    name: String,
    path: String,
    from: PromptFile,
    commit: String,
    version: Option<u32>,
    /// The id that its history has.
    id: Option<String>,
    /// All contents that its history has.
    blobs: Vec<String>,
}

impl Wanted {
    fn of(app: &App, typed: &str) -> Result<Wanted> {
        let (workspace, folder) = (app.workspace()?, app.env.folder());
        let query = Query::parse(typed);
        let source = Source::at(workspace, None)?;
        let here = resolve::resolve(&source, folder, &query.what);
        let history = History::open(workspace, None)?;
        let past = selector::prompt(&history, folder, &query.what);
        let selected = match &query.version {
            Some(spec) => selector::select(workspace, folder, &query.what, spec)?,
            None => last(workspace, &history, past.as_ref().ok()).ok_or_else(|| match past {
                Err(error) => error,
                Ok(_) => Error::no(format!("`{typed}` was never committed here")),
            })?,
        };
        let past = selector::prompt(&history, folder, &query.what).ok();
        let there = match (here, &past) {
            (Ok(file), _) => file,
            // Not in the work tree under this name: under its id perhaps, else where it was last.
            (Err(_), Some(past)) => {
                let by_id = past.id.as_deref().map(|id| resolve::resolve(&source, folder, id));
                let last = PromptFile { name: past.name.clone(), path: past.path.clone() };
                by_id.and_then(Result::ok).unwrap_or(last)
            }
            (Err(_), None) => selected.file.clone(),
        };
        let versions = past.iter().flat_map(|past| &past.versions);
        Ok(Wanted {
            blobs: versions.map(|version| version.blob.clone()).collect(),
            name: there.name.to_string(),
            path: there.path,
            from: selected.file,
            commit: selected.commit,
            version: selected.version,
            id: past.and_then(|past| past.id),
        })
    }

    fn back(&self) -> Back {
        let (name, path) = (self.name.clone(), self.path.clone());
        Back { name, path, version: self.version, commit: self.commit.clone() }
    }

    /// The content with the mode, and the content of the file beside it, as git stores them. The id stays what the
    /// history says, so that the history goes on.
    fn content(&self, git: &Git) -> Result<(Entry, Vec<u8>, Option<Vec<u8>>)> {
        let entry = git.entry(Some(&self.commit), &self.from.path)?;
        let entry = entry.filter(|entry| entry.mode != Mode::Submodule);
        let entry = entry.ok_or_else(|| Error::no(format!("{} was not there at {}", self.from.path, self.commit)))?;
        let bytes = git.reader().blob(&entry.id)?;
        let beside = match naming::sidecar_of(&self.from.path) {
            Some(path) => git.reader().read(&self.commit, &path)?,
            None => None,
        };
        let bytes = match &self.id {
            Some(id) if entry.mode != Mode::Link => identified(&self.path, bytes, id),
            _ => bytes,
        };
        Ok((entry, bytes, beside))
    }
}

/// Its last content: that of HEAD, or of when it was deleted.
fn last(workspace: &Workspace, history: &History<'_>, past: Option<&PromptHistory>) -> Option<Selected> {
    let past = past?;
    if past.alive {
        let file = PromptFile::at(workspace, &past.path)?;
        return Some(Selected { file, commit: history.tip().to_owned(), version: None });
    }
    let version = past.versions.last()?;
    let file = PromptFile::at(workspace, &version.path)?;
    Some(Selected { file, commit: version.commit.clone(), version: Some(version.number) })
}

/// Put in the id that an early version lacks.
fn identified(path: &str, bytes: Vec<u8>, id: &str) -> Vec<u8> {
    if id_in(path, &bytes).is_some() {
        return bytes;
    }
    let dialect = Dialect::of_path(path);
    let Ok(document) = Document::split(path, &bytes, dialect) else { return bytes };
    let files = Files { path: path.into(), dialect: document.dialect, text: document.text.to_owned(), beside: None };
    match files.changed(Change::Set(&["id"], &Value::from(id))) {
        Ok(changed) if changed.beside.is_none() => changed.text.into_bytes(),
        _ => bytes,
    }
}

struct Work<'a> {
    workspace: &'a Workspace,
    git: &'a Git,
    request: &'a Request,
    change: repo::Change,
    /// Files that are to be executable.
    modes: Vec<String>,
    done: Vec<Done>,
}

impl Work<'_> {
    fn bring(&mut self, wanted: &Wanted) -> Result<()> {
        let (entry, bytes, beside) = wanted.content(self.git)?;
        if entry.mode == Mode::Link {
            return Err(Error::invalid(format!("{} is a link, and palc writes none", wanted.path))
                .hint(format!("git restore --source={} -- {}", wanted.commit, wanted.from.path)));
        }
        let is_new = !self.workspace.path(&wanted.path).exists();
        self.put(&wanted.path, Some(&bytes), &wanted.blobs)?;
        if entry.mode == Mode::Executable && is_new {
            self.modes.push(wanted.path.clone());
        }
        if let Some(path) = naming::sidecar_of(&wanted.path) {
            self.put(&path, beside.as_deref(), &[])?;
        }
        Ok(())
    }

    /// Make a file of the work tree what git has stored.
    fn put(&mut self, path: &str, stored: Option<&[u8]>, known: &[String]) -> Result<()> {
        let full = self.workspace.path(path);
        let standing = if full.is_file() { Some(disk::read(&full)?) } else { None };
        let wanted = stored.map(|bytes| self.git.to_worktree(path, bytes)).transpose()?;
        let (before, stamp): (Vec<u8>, Option<Stamp>) = match standing {
            Some(standing) if Some(&standing.bytes) == wanted.as_ref() => return Ok(()),
            None if wanted.is_none() => return Ok(()),
            Some(standing) => {
                self.must_be_kept(path, known)?;
                (standing.bytes, Some(standing.stamp))
            }
            None => (Vec::new(), None),
        };
        let what = match (&stamp, &wanted) {
            (None, _) => What::Created,
            (_, None) => What::Removed,
            _ => What::Changed,
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let after = text(wanted.as_deref().unwrap_or_default());
        self.done.push(Done { path: path.to_owned(), what, before: text(&before), after });
        match (wanted, stamp) {
            (Some(bytes), Some(stamp)) => self.change.replace(path, bytes, stamp),
            (Some(bytes), None) => self.change.create(path, bytes),
            (None, Some(stamp)) => self.change.remove(path, stamp),
            (None, None) => {}
        }
        Ok(())
    }

    /// What git has nowhere would be lost: it is not what HEAD has, nor staged, nor another version.
    fn must_be_kept(&self, path: &str, known: &[String]) -> Result<()> {
        if self.request.force {
            return Ok(());
        }
        let now = self.git.take_files([path])?.pop().and_then(|step| step.entry);
        let head = self.git.entry(self.git.head()?.commit.as_deref(), path)?;
        let staged = self.git.staged(None)?.entry(path);
        let is_known = now.as_ref().is_some_and(|now| known.contains(&now.id));
        if is_known || now == head || now == staged {
            return Ok(());
        }
        Err(Error::no(format!("{path} has changes that were never committed, and they would be lost"))
            .hint("`palc commit` or `palc checkpoint` keeps them; --force drops them"))
    }
}

/// Without files, it can only be committed.
fn in_bare(app: &App, git: &Git, request: &Request) -> Result<Outcome> {
    let how = request.commit.as_ref().ok_or_else(|| {
        Error::invalid("a bare repository has no files to restore").hint("--commit commits it directly")
    })?;
    let (mut steps, mut back) = (Vec::new(), Vec::new());
    for typed in &request.names {
        let wanted = Wanted::of(app, typed)?;
        steps.extend(stored(git, &wanted)?);
        back.push(wanted.back());
    }
    let written = Written { dry_run: request.dry_run, ..Written::default() };
    if request.dry_run {
        return Ok(Outcome { written, back, commit: None });
    }
    let message = how.message.clone().unwrap_or_else(|| message(how, &back));
    let name = git.head()?.name.ok_or_else(|| Error::no("HEAD is detached, so there is no branch to commit on"))?;
    let outcome = commit::on_branch(app, git, &name, &steps, &message, how.options)?;
    Ok(Outcome { written, back, commit: Some(outcome) })
}

/// The steps that put a wanted prompt into a tree.
fn stored(git: &Git, wanted: &Wanted) -> Result<Vec<Step>> {
    let (entry, bytes, beside) = wanted.content(git)?;
    let entry = Entry { id: git.store(&bytes)?, mode: entry.mode };
    let mut steps = vec![Step { path: wanted.path.clone(), entry: Some(entry) }];
    if let Some(path) = naming::sidecar_of(&wanted.path) {
        let entry =
            beside.map(|bytes| Ok::<_, Error>(Entry { id: git.store(&bytes)?, mode: Mode::File })).transpose()?;
        steps.push(Step { path, entry });
    }
    Ok(steps)
}

/// The same for another branch, where the prompt may have another path.
pub fn steps_for(
    app: &App,
    git: &Git,
    typed: &str,
    path_there: impl FnOnce(&Back, Option<&str>) -> Result<String>,
) -> Result<(Back, Vec<Step>)> {
    let mut wanted = Wanted::of(app, typed)?;
    wanted.path.clone_from(&wanted.from.path);
    wanted.path = path_there(&wanted.back(), wanted.id.as_deref())?;
    let steps = stored(git, &wanted)?;
    Ok((wanted.back(), steps))
}

fn message(how: &Commit, back: &[Back]) -> String {
    let verb = if how.rollback { "Roll back" } else { "Restore" };
    let one = |back: &Back| match back.version {
        Some(version) => format!("{} to version {version}", back.name),
        None => format!("{} to {}", back.name, &back.commit[..back.commit.len().min(10)]),
    };
    match back {
        [only] => format!("{verb} {}", one(only)),
        several => {
            let lines: String = several.iter().map(|back| format!("- {}\n", one(back))).collect();
            format!("{verb} {} prompts\n\n{lines}", several.len())
        }
    }
}
