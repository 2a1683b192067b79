//! Find the commit that broke something. Nobody's work tree is touched: a command runs in a checkout of its own.

pub mod scores;

use std::path::PathBuf;
use std::time::Duration;

use super::{App, check};
use crate::base::disk::{self, Lock};
use crate::base::process::Program;
use crate::base::{Error, Result, Severity};
use crate::git::{Commit, Git};
use crate::repo::Workspace;
use crate::repo::bisect::{Answer, Bisect, Step};
use crate::repo::history::History;
pub use scores::Scores;

#[derive(Debug)]
pub struct Request {
    /// Where all was well, and where it is not.
    pub good: String,
    pub bad: String,
    /// The one prompt whose versions are meant; otherwise every commit that touched a prompt is.
    pub prompt: Option<String>,
    pub test: Test,
}

#[derive(Debug)]
pub enum Test {
    /// A line of shell: 0 is good, 125 cannot be told, anything else below 128 is bad.
    Run(String),
    /// What `palc check` says; errors are bad.
    Check,
    /// What a suite says: a version is bad if it is more like the bad end than like the good one.
    Suite(scores::Request),
}

#[derive(Debug)]
pub struct Outcome {
    pub end: End,
    pub tried: Vec<(Commit, Answer)>,
    /// How many commits could have done it.
    pub candidates: usize,
    /// Where a suite told.
    pub scores: Option<Scores>,
}

#[derive(Debug)]
pub enum End {
    /// The commit, and what it changed.
    Found(Commit, Vec<String>),
    /// One of these; the oldest first.
    Among(Vec<Commit>),
}

/// What is about to be tried.
#[derive(Debug)]
pub struct Progress<'a> {
    pub commit: &'a Commit,
    /// How many commits are left, and about how many tries that takes.
    pub left: (usize, u32),
}

pub fn bisect(app: &App, request: &Request, tell: &mut dyn FnMut(&Progress<'_>)) -> Result<Outcome> {
    let workspace = app.workspace()?;
    let git = workspace.git().ok_or_else(|| {
        Error::no("there is no git repository here, so there are no commits to search").hint("run `palc init`")
    })?;
    let commits = candidates(workspace, git, request)?;
    let mut machine = Bisect::new(commits.len()).ok_or_else(|| {
        let what = request.prompt.as_deref().map_or("any prompt".to_owned(), |name| format!("`{name}`"));
        Error::no(format!("no commit after {} and up to {} changed {what}", request.good, request.bad))
    })?;
    let mut scores = match &request.test {
        Test::Suite(suite) => {
            let (good, bad) = (git.reader().commit_id(&request.good)?, git.reader().commit_id(&request.bad)?);
            Some(Scores::begin(app, suite, (&request.good, &good), (&request.bad, &bad))?)
        }
        Test::Run(_) | Test::Check => None,
    };
    let mut room = None;
    let mut tried = Vec::new();
    let end = loop {
        match machine.next() {
            Step::Try(at) => {
                let commit = &commits[at];
                tell(&Progress { commit, left: machine.left() });
                let answer = match (&request.test, &mut scores) {
                    (Test::Suite(_), None) => Answer::Skip,
                    (_, Some(scores)) => scores.look(app, &commit.id)?,
                    (Test::Check, _) => by_check(app, commit, request.prompt.as_deref())?,
                    (Test::Run(line), _) => by_command(git, &mut room, commit, line)?,
                };
                machine.answer(at, answer);
                tried.push((commit.clone(), answer));
            }
            Step::Found(at) => break End::Found(commits[at].clone(), touched(workspace, git, &commits[at])?),
            Step::Among(range) => break End::Among(commits[range].to_vec()),
        }
    };
    Ok(Outcome { end, tried, candidates: commits.len(), scores })
}

/// The commits after the good one up to the bad one that changed a prompt, oldest first.
fn candidates(workspace: &Workspace, git: &Git, request: &Request) -> Result<Vec<Commit>> {
    let reader = git.reader();
    let (good, bad) = (reader.commit_id(&request.good)?, reader.commit_id(&request.bad)?);
    let mut met = false;
    let mut line = reader.first_parents(&bad, |id| {
        met = id == good;
        Ok(!met)
    })?;
    if !met {
        let error =
            Error::no(format!("{} is not on the line of first parents that leads to {}", request.good, request.bad));
        return Err(error.hint("merged branches count as one commit; give the commit that they were merged after"));
    }
    line.reverse();
    let versions = match &request.prompt {
        None => None,
        Some(name) => {
            let found = History::open(workspace, Some(&bad))?.prompt(name)?;
            let found = found.ok_or_else(|| Error::no(format!("there never was a prompt `{name}`")))?;
            Some(found.versions.into_iter().map(|version| version.commit).collect::<Vec<_>>())
        }
    };
    let mut found = Vec::new();
    for commit in line {
        let counts = match &versions {
            Some(versions) => versions.contains(&commit.id),
            None => !touched(workspace, git, &commit)?.is_empty(),
        };
        found.extend(counts.then_some(commit));
    }
    Ok(found)
}

/// The files below the prompt roots that a commit changed.
fn touched(workspace: &Workspace, git: &Git, commit: &Commit) -> Result<Vec<String>> {
    let reader = git.reader();
    let before = match commit.parents.first() {
        Some(parent) => Some(reader.commit(parent)?.tree),
        None => None,
    };
    let changes = reader.changes(before.as_deref(), &commit.tree, workspace.layout().roots())?;
    let mut paths: Vec<String> = changes.into_iter().map(|change| change.path).collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

fn by_check(app: &App, commit: &Commit, prompt: Option<&str>) -> Result<Answer> {
    let names = prompt.map(str::to_owned).into_iter().collect();
    let request = check::Request { names, revision: Some(commit.id.clone()), ..check::Request::default() };
    match check::check(app, &request) {
        Ok(outcome) => {
            let bad = outcome.report.findings.iter().any(|finding| finding.severity == Severity::Error);
            Ok(if bad { Answer::Bad } else { Answer::Good })
        }
        // The prompt had another name then, or there was none.
        Err(error) if prompt.is_some() && error.kind() == crate::base::Kind::No => Ok(Answer::Skip),
        Err(error) => Err(error),
    }
}

fn by_command(git: &Git, room: &mut Option<Room>, commit: &Commit, line: &str) -> Result<Answer> {
    let room = match room {
        Some(room) => room,
        None => room.insert(Room::open(git, &commit.id)?),
    };
    room.turn_to(&commit.id)?;
    let program = Program::new("sh", &room.tree()).args(["-c", line]).set("PALC_BISECT", &commit.id);
    let ended = program.with_keys().show()?;
    match ended.code {
        Some(0) => Ok(Answer::Good),
        Some(125) => Ok(Answer::Skip),
        Some(code @ (126 | 127)) => Err(Error::no(format!("the command cannot be run: it ended with {code}"))),
        Some(code) if code < 128 => Ok(Answer::Bad),
        code => {
            let how = code.map_or("by a signal".to_owned(), |code| format!("with {code}"));
            Err(Error::no(format!("the command ended {how}, which is no answer"))
                .hint("0 is good, 125 cannot be told, 1 to 127 is bad"))
        }
    }
}

/// A checkout of its own for the command, gone when this is dropped.
struct Room {
    git: Git,
    folder: PathBuf,
    _lock: Lock,
}

impl Room {
    fn open(git: &Git, commit: &str) -> Result<Room> {
        let home = git.common_folder().join("palc/bisect");
        for entry in std::fs::read_dir(&home).into_iter().flatten().flatten() {
            // The rooms of palcs that died.
            if let Ok(lock) = Lock::take_within(&entry.path().join("lock"), Duration::ZERO) {
                drop(Room { git: git.clone(), folder: entry.path(), _lock: lock });
            }
        }
        let folder = home.join(std::process::id().to_string());
        let lock = Lock::take(&folder.join("lock"))?;
        let room = Room { git: git.clone(), folder, _lock: lock };
        let tree = room.tree();
        let ended =
            plain(git.program()).args(["worktree", "add", "--quiet", "--detach"]).arg(&tree).arg(commit).run()?;
        if ended.is_success() { Ok(room) } else { Err(unready(commit, &ended.complaint())) }
    }

    fn tree(&self) -> PathBuf {
        self.folder.join("tree")
    }

    fn turn_to(&self, commit: &str) -> Result<()> {
        let program = plain(Program::new("git", &self.tree()));
        let ended = program.args(["checkout", "--quiet", "--force", "--detach", commit]).run()?;
        if ended.is_success() { Ok(()) } else { Err(unready(commit, &ended.complaint())) }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = self.git.program().args(["worktree", "remove", "--force", "--force"]).arg(self.tree()).run();
        let _ = disk::remove_tree(&self.folder);
        let _ = self.git.program().args(["worktree", "prune"]).run();
    }
}

/// Hooks that act on a checkout mean the user's own.
fn plain(program: Program) -> Program {
    program.args(["-c", "core.hooksPath=/dev/null"])
}

fn unready(commit: &str, complaint: &str) -> Error {
    Error::storage(format!("git cannot check out {commit}")).because(complaint.to_owned())
}
