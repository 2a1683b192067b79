//! A commit of files of the work tree, as `git commit -- paths` makes it: what others have staged stays staged and is
//! not in it, hooks see what is about to be committed, and the index is clean afterwards for these paths alone.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::hooks::Hooks;
use super::index::{Staged, of_commit};
use super::message::clean;
use super::refs::Move;
use super::session::{Dates, Draft, Entry, Head, Session, Step, entry_in, settle, tree_of, unwritten};
use super::{Git, sign};
use crate::base::disk::{self, Expect};
use crate::base::{Error, Result, process};

/// How often another commit may come between before palc gives up.
const TRIES: usize = 100;

/// What to commit on HEAD.
#[derive(Debug)]
pub struct Record<'a> {
    pub steps: Vec<Step>,
    pub message: Message<'a>,
    pub hooks: bool,
    pub dates: Dates,
}

#[derive(Debug, Clone, Copy)]
pub enum Message<'a> {
    /// As typed by the user, or drafted where nobody can be asked.
    Given(&'a str),
    /// A draft with explanations, for this editor.
    Edit { draft: &'a str, editor: &'a str },
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    Commit(Made),
    /// HEAD holds all of it already.
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub id: String,
    /// Without `refs/heads/`; none where HEAD is detached.
    pub branch: Option<String>,
    pub message: String,
    pub is_first: bool,
    /// What is in it: what was asked for, and what hooks changed.
    pub steps: Vec<Step>,
    /// The hook that ran afterwards failed, which changes nothing.
    pub hook_failed: bool,
}

/// A commit that only has to be put on HEAD.
struct Ready {
    head: Head,
    steps: Vec<Step>,
    message: String,
}

impl Git {
    pub fn record(&self, record: &Record<'_>) -> Result<Recorded> {
        self.must_know_people()?;
        self.must_be_free()?;
        let hooks = Hooks::of(self);
        let mut message = record.message;
        let mut edited = String::new();
        for _ in 0..TRIES {
            let Some(ready) = self.make_ready(record, message, &hooks)? else { return self.tidy(&record.steps) };
            match self.put(record, &ready)? {
                Some(commit) => return Ok(Recorded::Commit(self.after(commit, &hooks))),
                // Nobody is asked twice for a message.
                None => edited.clone_from(&ready.message),
            }
            message = Message::Given(&edited);
        }
        Err(Error::storage("other commits came between again and again"))
    }

    /// Commit on a branch that is checked out nowhere, or in a bare repository: no file and no index is touched, and no
    /// hook runs, since hooks look at files.
    pub fn record_on(&self, name: &str, steps: &[Step], message: &str, dates: Dates) -> Result<Recorded> {
        self.must_know_people()?;
        let session = self.session()?;
        for _ in 0..TRIES {
            let head = Head { name: Some(name.to_owned()), commit: session.value(name)? };
            let steps = new_steps(&session.repo, &head, steps)?;
            if steps.is_empty() {
                return Ok(Recorded::Nothing);
            }
            let message = filled(clean(message, false))?;
            let tree = session.tree(head.commit.as_deref(), &steps)?;
            let draft =
                Draft { tree: &tree, parents: head.commit.as_slice(), message: &message, dates, author_of: None };
            let id = session.commit(&draft)?;
            settle(&session.repo, &id, &steps)?;
            let log = format!("commit: {}", message.lines().next().unwrap_or_default());
            if session.move_ref(&Move { name, from: head.commit.as_deref(), to: &id, log: &log, dates })? {
                let branch = Some(name.trim_start_matches("refs/heads/").to_owned());
                let is_first = head.commit.is_none();
                return Ok(Recorded::Commit(Made { id, branch, message, is_first, steps, hook_failed: false }));
            }
        }
        Err(Error::storage("other commits came between again and again"))
    }

    /// How an index differs from HEAD: the usual one, or the one that git gives to a hook.
    pub fn staged_steps(&self, index: Option<&Path>) -> Result<Vec<Step>> {
        let (repo, head) = (self.repo(), self.head()?);
        let staged = self.staged(index)?;
        let mut steps = Vec::new();
        let mut old: HashMap<String, Entry> = match head.commit.as_deref() {
            Some(commit) => {
                let tree = repo.index_from_tree(&tree_of(&repo, commit)?).map_err(unwritten)?;
                Staged::of(tree).files().map(|(path, entry)| (path.to_owned(), entry)).collect()
            }
            None => HashMap::new(),
        };
        for (path, entry) in staged.files() {
            if old.remove(path).as_ref() != Some(&entry) {
                steps.push(Step { path: path.to_owned(), entry: Some(entry) });
            }
        }
        steps.extend(old.into_keys().map(|path| Step { path, entry: None }));
        steps.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(steps)
    }

    /// The tree that HEAD becomes by these steps. Nothing names it, so git forgets it in time.
    pub fn tree_with(&self, steps: &[Step]) -> Result<String> {
        super::session::tree(&self.repo(), self.head()?.commit.as_deref(), steps)
    }

    /// Store a blob that a commit will name.
    pub fn store(&self, bytes: &[u8]) -> Result<String> {
        super::session::store(&self.repo(), bytes)
    }

    /// States in which git, too, refuses to commit a part of the changes.
    fn must_be_free(&self) -> Result<()> {
        let busy = [("MERGE_HEAD", "a merge"), ("CHERRY_PICK_HEAD", "a cherry-pick"), ("REVERT_HEAD", "a revert")];
        if let Some((_, what)) = busy.iter().find(|(file, _)| self.own_folder().join(file).exists()) {
            let verb = what.trim_start_matches("a ");
            let program = if verb == "merge" { "palc" } else { "git" };
            return Err(Error::no(format!("{what} is under way, and git cannot commit a part of it"))
                .hint(format!("{program} {verb} --continue finishes it, {program} {verb} --abort drops it")));
        }
        match &self.staged(None)?.unmerged()[..] {
            [] => Ok(()),
            [path, ..] => Err(Error::no(format!("{path} has a conflict that is not resolved yet"))
                .hint(format!("edit it, then say so: git add {path}"))),
        }
    }

    /// Everything up to the commit itself: hooks, message. None if there is nothing to commit.
    fn make_ready(&self, record: &Record<'_>, message: Message<'_>, hooks: &Hooks<'_>) -> Result<Option<Ready>> {
        let (repo, head) = (self.repo(), self.head()?);
        let steps = new_steps(&repo, &head, &record.steps)?;
        if steps.is_empty() {
            return Ok(None);
        }
        // As with git, --no-verify does not keep prepare-commit-msg from running.
        let runs = |event| (record.hooks || event == "prepare-commit-msg") && hooks.exists(event);
        let watched = ["pre-commit", "prepare-commit-msg", "commit-msg"].into_iter().any(runs);
        if !watched && let Message::Given(text) = message {
            return Ok(Some(Ready { head, steps, message: filled(clean(text, false))? }));
        }
        let mut stage = Stage { git: self, hooks, head, steps, index: None, variables: variables(&repo, record)? };
        if record.hooks {
            stage.look()?;
        }
        let message = stage.word(message, record.hooks)?;
        Ok(Some(Ready { head: stage.head.clone(), steps: std::mem::take(&mut stage.steps), message }))
    }

    /// Commit on HEAD as it is now. None if hooks must look again, because somebody committed the same files.
    fn put(&self, record: &Record<'_>, ready: &Ready) -> Result<Option<Made>> {
        let session = self.session()?;
        for _ in 0..TRIES {
            let head = session.head()?;
            if head != ready.head && !self.is_unmoved(&ready.head, &head, &ready.steps)? {
                return Ok(None);
            }
            let commit = session.commit(&Draft {
                tree: &session.tree(head.commit.as_deref(), &ready.steps)?,
                parents: head.commit.as_slice(),
                message: &ready.message,
                dates: record.dates,
                author_of: None,
            })?;
            settle(&session.repo, &commit, &ready.steps)?;
            if self.place(&session, record, ready, &head, &commit)? {
                let branch = head.name.as_deref().map(|name| name.trim_start_matches("refs/heads/").to_owned());
                let (message, steps) = (ready.message.clone(), ready.steps.clone());
                let is_first = head.commit.is_none();
                return Ok(Some(Made { id: commit, branch, message, is_first, steps, hook_failed: false }));
            }
        }
        Err(Error::storage("other commits came between again and again"))
    }

    /// Index and ref together: the index is locked and ready before the ref moves, as git does it.
    fn place(&self, session: &Session, record: &Record<'_>, ready: &Ready, head: &Head, commit: &str) -> Result<bool> {
        let mut staging = session.staging()?;
        if session.head()?.name != head.name {
            return Ok(false);
        }
        staging.take(&ready.steps)?;
        let index = staging.prepare(commit)?;
        let kind = if head.commit.is_some() { "commit" } else { "commit (initial)" };
        let log = format!("{kind}: {}", ready.message.lines().next().unwrap_or_default());
        let moved = session.move_ref(&Move {
            name: head.name.as_deref().unwrap_or("HEAD"),
            from: head.commit.as_deref(),
            to: commit,
            log: &log,
            dates: record.dates,
        })?;
        if moved {
            index.publish().map_err(|error| {
                Error::storage("the commit was made, but git's index does not know of it")
                    .because(error)
                    .hint("run the same command again")
            })?;
        }
        Ok(moved)
    }

    /// Whether a new HEAD left alone what we are about to commit, so that what hooks have seen still holds.
    fn is_unmoved(&self, old: &Head, new: &Head, steps: &[Step]) -> Result<bool> {
        let repo = self.repo();
        for step in steps {
            let before = entry_in(&repo, old.commit.as_deref(), &step.path)?;
            if before != entry_in(&repo, new.commit.as_deref(), &step.path)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// HEAD holds it all; the index may not know, when a palc died in between or somebody unstaged it.
    fn tidy(&self, steps: &[Step]) -> Result<Recorded> {
        let staged = self.staged(None)?;
        if steps.iter().all(|step| staged.entry(&step.path) == step.entry) {
            return Ok(Recorded::Nothing);
        }
        let session = self.session()?;
        let mut staging = session.staging()?;
        if staging.take(steps)? {
            let head = session.head()?.commit.unwrap_or_default();
            staging.prepare(&head)?.publish()?;
        }
        Ok(Recorded::Nothing)
    }

    fn after(&self, mut commit: Made, hooks: &Hooks<'_>) -> Made {
        let index = self.repo().index_path();
        let run = || hooks.run("post-commit", &[], &index, &[("GIT_EDITOR", ":".to_owned())]);
        // As with git, --no-verify does not keep this one from running.
        commit.hook_failed = !matches!(run(), Ok(true));
        self.maintain();
        commit
    }

    /// Loose objects pile up; git tidies when it thinks it is time. Its own estimate tells whether to ask it at all.
    fn maintain(&self) {
        let sample = self.common_folder().join("objects/17");
        if std::fs::read_dir(sample).is_ok_and(|entries| entries.count() > 27) {
            let _ = self.program().args(["maintenance", "run", "--auto", "--quiet"]).run();
        }
    }
}

/// The steps that change something.
fn new_steps(repo: &gix::Repository, head: &Head, steps: &[Step]) -> Result<Vec<Step>> {
    let mut new = Vec::new();
    for step in steps {
        if entry_in(repo, head.commit.as_deref(), &step.path)? != step.entry {
            new.push(step.clone());
        }
    }
    Ok(new)
}

fn filled(message: String) -> Result<String> {
    if message.is_empty() {
        return Err(Error::no("nothing was committed, because the message is empty"));
    }
    Ok(message)
}

/// What git tells its hooks about the author.
fn variables(repo: &gix::Repository, record: &Record<'_>) -> Result<Vec<(&'static str, String)>> {
    let (author, _) = sign::people(repo, record.dates, None)?;
    let mut variables = vec![
        ("GIT_AUTHOR_NAME", author.name.to_string()),
        ("GIT_AUTHOR_EMAIL", author.email.to_string()),
        ("GIT_AUTHOR_DATE", format!("@{}", sign::moment(author.time))),
        ("GIT_PREFIX", String::new()),
    ];
    if matches!(record.message, Message::Given(_)) {
        variables.push(("GIT_EDITOR", ":".to_owned()));
    }
    Ok(variables)
}

/// What hooks look at: an index of their own, which holds HEAD and the steps and nothing that others staged.
struct Stage<'g> {
    git: &'g Git,
    hooks: &'g Hooks<'g>,
    head: Head,
    steps: Vec<Step>,
    index: Option<Desk>,
    variables: Vec<(&'static str, String)>,
}

/// A folder of its own for the index of one commit: git makes its lock beside it.
struct Desk {
    folder: PathBuf,
    _lock: disk::Lock,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = disk::remove_tree(&self.folder);
    }
}

impl Stage<'_> {
    fn index(&mut self) -> Result<PathBuf> {
        if let Some(desk) = &self.index {
            return Ok(desk.folder.join("index"));
        }
        let home = self.git.palc_folder().join("commits");
        clear_desks(&home);
        let folder = home.join(std::process::id().to_string());
        let lock = disk::Lock::take(&folder.join("lock"))?;
        let desk = Desk { folder, _lock: lock };
        let (repo, path) = (self.git.repo(), desk.folder.join("index"));
        let bytes = of_commit(&repo, &self.git.staged(None)?, self.head.commit.as_deref(), &self.steps)?;
        disk::write(&path, &bytes, Expect::Whatever)?;
        self.index = Some(desk);
        Ok(path)
    }

    /// The pre-commit hook. What it stages goes into the commit.
    fn look(&mut self) -> Result<()> {
        if !self.hooks.exists("pre-commit") {
            return Ok(());
        }
        let index = self.index()?;
        let before = std::fs::read(&index).unwrap_or_default();
        if !self.hooks.run("pre-commit", &[], &index, &self.variables)? {
            return Err(declined("pre-commit"));
        }
        if std::fs::read(&index).unwrap_or_default() != before {
            self.steps = self.git.staged_steps(Some(&index))?;
        }
        Ok(())
    }

    /// The message through its hooks and, if wanted, the editor.
    fn word(&mut self, message: Message<'_>, hooks: bool) -> Result<String> {
        let file = self.git.own_folder().join("COMMIT_EDITMSG");
        let (text, source) = match message {
            Message::Given(text) => (clean(text, false), Some("message")),
            Message::Edit { draft, .. } => (draft.to_owned(), None),
        };
        disk::write(&file, text.as_bytes(), Expect::Whatever)?;
        let index = self.index()?;
        let name = file.to_string_lossy().into_owned();
        let arguments: Vec<&str> = std::iter::once(name.as_str()).chain(source).collect();
        if !self.hooks.run("prepare-commit-msg", &arguments, &index, &self.variables)? {
            return Err(declined("prepare-commit-msg"));
        }
        if let Message::Edit { editor, .. } = message {
            process::edit(editor, &file)?;
        }
        if hooks && !self.hooks.run("commit-msg", &[&name], &index, &self.variables)? {
            return Err(declined("commit-msg"));
        }
        let text = String::from_utf8_lossy(&disk::read(&file)?.bytes).into_owned();
        filled(clean(&text, matches!(message, Message::Edit { .. })))
    }
}

fn declined(hook: &str) -> Error {
    Error::no(format!("nothing was committed, because the {hook} hook says no"))
        .hint("--no-verify commits without asking it")
}

/// Folders of palcs that died while their hooks ran.
fn clear_desks(home: &Path) {
    for entry in std::fs::read_dir(home).into_iter().flatten().flatten() {
        if disk::Lock::take_within(&entry.path().join("lock"), std::time::Duration::ZERO).is_ok() {
            let _ = disk::remove_tree(&entry.path());
        }
    }
}
