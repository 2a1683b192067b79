//! Many ideas at once. What has been paid for is kept when it is broken off, at whatever moment.
//!
//! The run's journal holds every answer; beside it a line for each job says what became of it. Taken up again, jobs that
//! are done are not touched, and the others find the answers that they had. A prompt that was written already stays as it
//! is, so that a job which was cut down between its files and its line is not done twice.

mod host;
pub mod input;
mod record;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use serde_json::json;

use crate::base::hash::sha256;
use crate::base::{Error, Finding, Result};
use crate::format::session;
use crate::model::Value;
use crate::model::engine::Engine;

use super::App;
use super::generate::{self, Contents};
use super::judging::{self, Plan};
use super::models::{How, Journal, Models, Progress, folder};

pub use host::Counts;
use host::{Common, Host};
pub use input::Input;
use record::Record;
pub use record::{Ended, State};

/// Jobs at once, where nobody says otherwise, and at most.
pub const WORKERS: usize = 3;
pub const MOST_WORKERS: usize = 20;
/// So many jobs are settled at once at most; the memory of those that are through is given back.
const CHUNK: usize = 500;
const KIND: &str = "batch";

#[derive(Debug, Clone, Default)]
pub struct Request {
    /// In their order.
    pub jobs: Vec<generate::Request>,
    pub how: How,
    /// A job that has taken so long is broken off, with the calls that are on their way for it.
    pub timeout: Duration,
    /// Go on with the others where a job fails.
    pub skip_errors: bool,
    pub dry_run: bool,
    pub resume: Option<Resume>,
}

/// What is to be taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resume {
    /// The latest run of these jobs.
    Latest,
    /// A run by its id.
    Run(String),
}

#[derive(Debug)]
pub struct Outcome {
    /// The run's id; none for a dry run.
    pub run: Option<String>,
    pub jobs: Vec<Job>,
    /// Calls that an earlier palc, or this one, sent and never heard of: they may have been paid for.
    pub doubtful: Vec<String>,
    pub progress: Progress,
    pub interrupted: bool,
    /// Whether it stopped because a job failed.
    pub stopped: bool,
    /// The calls with which the jobs begin, for a dry run.
    pub planned: Option<Plan>,
}

#[derive(Debug, Clone)]
pub struct Job {
    /// Counted from 1.
    pub number: usize,
    pub idea: String,
    /// None if it has not been done.
    pub ended: Option<Ended>,
    /// Whether it was done before this run was taken up.
    pub before: bool,
}

/// Do all jobs.
pub fn batch(app: &App, request: &Request, progress: &mut dyn FnMut(Counts, &Progress)) -> Result<Outcome> {
    let workers = workers(&request.how)?;
    let mut contents = Contents::new();
    if request.dry_run {
        let jobs = settled(app, &request.jobs, &mut contents)?;
        return planned(app, request, &jobs, &contents);
    }
    let (mut journal, jobs) = match &request.resume {
        Some(resume) => take_up(app, request, resume)?,
        None => begin(app, request, &mut contents)?,
    };
    let mut doubtful = journal.doubtful().to_vec();
    let mut record = Record::open(journal.folder())?;
    let models = Models::open(app, &request.how)?;
    let salt = journal.plan()["salt"].as_str().unwrap_or_default().to_owned();
    let counts = Rc::new(Cell::new(Counts::default()));
    let common = Common { app, request, jobs: &jobs, contents: &contents, salt: &salt, counts: counts.clone() };
    let (mut so_far, mut interrupted, mut stopped) = (Progress::default(), false, false);
    for first in (0..jobs.len()).step_by(CHUNK) {
        let arena = host::arena(CHUNK.min(jobs.len() - first));
        let mut host = Host::new(&common, &arena, first, &mut record, workers);
        let ended =
            models.drive(&mut host, Some(&mut journal), &mut |now| progress(counts.get(), &sum(&so_far, now)))?;
        so_far = sum(&so_far, &ended.progress);
        if let Some(error) = host.broken.take() {
            return Err(error.hint(format!("palc batch --resume={} goes on", journal.id())));
        }
        doubtful.extend(ended.doubtful);
        (interrupted, stopped) = (ended.interrupted, host.stopped);
        if interrupted || stopped {
            break;
        }
    }
    let report = |(at, job): (usize, &session::Request)| Job {
        number: at + 1,
        idea: job.idea.clone(),
        ended: record.ended(at).cloned(),
        before: record.is_done(at),
    };
    let jobs: Vec<Job> = jobs.iter().enumerate().map(report).collect();
    if jobs.iter().all(Job::is_done) {
        journal.done()?;
    }
    let run = Some(journal.id().to_owned());
    Ok(Outcome { run, jobs, doubtful, progress: so_far, interrupted, stopped, planned: None })
}

impl Job {
    pub fn is_done(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.state == State::Done)
    }

    pub fn has_failed(&self) -> bool {
        self.ended.is_some() && !self.is_done()
    }
}

fn workers(how: &How) -> Result<usize> {
    let workers = how.workers.unwrap_or(WORKERS);
    match workers {
        1..=MOST_WORKERS => Ok(workers),
        _ => {
            Err(Error::usage(format!("{workers} jobs at once are too many")).hint(format!("1 to {MOST_WORKERS} work")))
        }
    }
}

/// All jobs as they will be asked for. Everything that is wrong with any is told at once.
fn settled(app: &App, jobs: &[generate::Request], contents: &mut Contents) -> Result<Vec<session::Request>> {
    let mut findings = Vec::new();
    let mut settled = Vec::with_capacity(jobs.len());
    for (at, job) in jobs.iter().enumerate() {
        match generate::job::settled(app, job, contents) {
            Ok(job) => settled.push(job),
            Err(error) if error.places().is_empty() => return Err(error),
            Err(error) => findings.extend(
                error
                    .places()
                    .iter()
                    .cloned()
                    .map(|finding| Finding { message: format!("job {}: {}", at + 1, finding.message), ..finding }),
            ),
        }
    }
    if findings.is_empty() { Ok(settled) } else { Err(Error::findings("nothing was begun", findings)) }
}

fn begin(app: &App, request: &Request, contents: &mut Contents) -> Result<(Journal, Vec<session::Request>)> {
    let jobs = settled(app, &request.jobs, contents)?;
    // What cannot be written shall not be paid for.
    super::write::Work::begin(app)?;
    let random = format!("{:016x}", app.clock.random());
    let plan = json!({"kind": KIND, "digest": digest(&jobs)?, "salt": random, "jobs": value(&jobs)?});
    Ok((Journal::create(app, plan)?, jobs))
}

/// The journal and the jobs of a run that is to go on.
fn take_up(app: &App, request: &Request, resume: &Resume) -> Result<(Journal, Vec<session::Request>)> {
    let journal = match resume {
        Resume::Run(id) => Journal::resume(app, id)?,
        Resume::Latest => latest(app, request)?,
    };
    if journal.plan()["kind"] != KIND {
        return Err(Error::usage(format!("the run {} is no batch", journal.id())));
    }
    let jobs = serde_json::from_value(journal.plan()["jobs"].clone()).map_err(|error| {
        Error::storage(format!("the run {} cannot be taken up by this palc", journal.id())).because(error)
    })?;
    Ok((journal, jobs))
}

/// The latest run of the same jobs that is not done.
fn latest(app: &App, request: &Request) -> Result<Journal> {
    let wanted = digest(&settled(app, &request.jobs, &mut Contents::new())?)?;
    let runs = folder::runs(app)?;
    let mut names: Vec<String> = std::fs::read_dir(&runs)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    names.sort();
    for name in names.iter().rev() {
        // Runs that something is wrong with are not this one.
        let Ok(journal) = Journal::resume(app, name) else { continue };
        if journal.plan()["kind"] == KIND && journal.plan()["digest"] == wanted.as_str() && !journal.is_done() {
            return Ok(journal);
        }
    }
    Err(Error::no("there is no run of these jobs to take up")
        .hint("leave --resume away to begin one, or name a run: --resume=RUN"))
}

/// What would come first: the calls with which the jobs begin.
fn planned(app: &App, request: &Request, jobs: &[session::Request], contents: &Contents) -> Result<Outcome> {
    let mut asks = Vec::new();
    for (at, job) in jobs.iter().enumerate() {
        let job = generate::job::Job::new(app, job.clone(), contents.clone(), &request.how, (at + 1, "")).map_err(
            |error| Error::findings(format!("job {}: {}", at + 1, error.message()), error.places().to_vec()),
        )?;
        asks.extend(job.run()?.asks());
    }
    let plan = judging::plan(app, &asks, &[])?;
    let job = |(at, job): (usize, &session::Request)| Job {
        number: at + 1,
        idea: job.idea.clone(),
        ended: None,
        before: false,
    };
    Ok(Outcome {
        run: None,
        jobs: jobs.iter().enumerate().map(job).collect(),
        doubtful: Vec::new(),
        progress: Progress::default(),
        interrupted: false,
        stopped: false,
        planned: Some(plan),
    })
}

fn sum(one: &Progress, other: &Progress) -> Progress {
    Progress {
        asked: one.asked + other.asked,
        answered: one.answered + other.answered,
        failed: one.failed + other.failed,
        on_their_way: other.on_their_way,
        kept: one.kept + other.kept,
        cost: one.cost + other.cost,
        unpriced: one.unpriced + other.unpriced,
        ending: other.ending,
    }
}

fn digest(jobs: &[session::Request]) -> Result<String> {
    Ok(sha256(value(jobs)?.to_string().as_bytes()))
}

fn value(jobs: &[session::Request]) -> Result<Value> {
    serde_json::to_value(jobs).map_err(|error| Error::bug("jobs have no JSON").because(error))
}
