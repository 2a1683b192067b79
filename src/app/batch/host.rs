//! The engine of a batch with its hands in the world: jobs are settled when their turn comes, and written when they end.

use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;

use crate::app::App;
use crate::app::generate::Contents;
use crate::app::generate::job::Job;
use crate::base::{Error, Result};
use crate::format::session;
use crate::generate::batch::Batch;
use crate::generate::run::Run;
use crate::model::call::What;
use crate::model::engine::{Ask, Engine, Outcome};

use super::Request;
use super::record::{Ended, Record, State};

/// How far the jobs are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub jobs: usize,
    /// Of these, that have ended, and that have failed.
    pub ended: usize,
    pub failed: usize,
}

/// Room for settled jobs, which their engines look at for as long as they run.
pub fn arena(jobs: usize) -> Vec<OnceCell<Job>> {
    (0..jobs).map(|_| OnceCell::new()).collect()
}

/// What all jobs share.
pub struct Common<'a> {
    pub app: &'a App,
    pub request: &'a Request,
    pub jobs: &'a [session::Request],
    pub contents: &'a Contents,
    /// What makes the sessions of this run their own.
    pub salt: &'a str,
    pub counts: Rc<Cell<Counts>>,
}

pub struct Host<'a> {
    common: &'a Common<'a>,
    arena: &'a [OnceCell<Job>],
    /// The first job of the arena.
    first: usize,
    batch: Batch<Run<'a>>,
    record: &'a mut Record,
    begun: BTreeMap<usize, Timestamp>,
    late: BTreeSet<usize>,
    /// Whether a job failed, so that no other begins.
    pub stopped: bool,
    /// Why nothing can be kept any more.
    pub broken: Option<Error>,
}

impl<'a> Host<'a> {
    /// Those of the jobs that are not done, from the first one on, as many as the arena holds.
    pub fn new(
        common: &'a Common<'a>,
        arena: &'a [OnceCell<Job>],
        first: usize,
        record: &'a mut Record,
        workers: usize,
    ) -> Host<'a> {
        let jobs: Vec<usize> = (first..first + arena.len()).filter(|job| !record.is_done(*job)).collect();
        let batch = Batch::new(jobs, workers);
        let (begun, late) = (BTreeMap::new(), BTreeSet::new());
        let host = Host { common, arena, first, batch, record, begun, late, stopped: false, broken: None };
        host.count();
        host
    }

    fn begin(&mut self, job: usize) -> Result<Run<'a>> {
        let Common { app, request, jobs, contents, salt, .. } = self.common;
        let wanted = jobs[job].clone();
        let settled = match self.record.begun(job) {
            Some((session, then)) => Job::again(app, wanted, then, session, &request.how)?,
            None => {
                let settled = Job::new(app, wanted, (*contents).clone(), &request.how, (job + 1, salt))?;
                self.record.note_begun(job, settled.session(), settled.settled())?;
                settled
            }
        };
        self.begun.insert(job, app.clock.now());
        self.arena[job - self.first].get_or_init(|| settled).run()
    }

    /// Ask nothing more for jobs that have had their time. Calls that are on their way end by themselves then.
    fn break_off_late(&mut self) {
        let now = self.common.app.clock.now();
        let timeout = self.common.request.timeout;
        let is_late = |job: &usize| {
            let begun = self.begun.get(job).copied().unwrap_or(now);
            now.duration_since(begun).unsigned_abs() >= timeout
        };
        let late: Vec<usize> = self.batch.running().filter(is_late).collect();
        late.into_iter().for_each(|job| self.break_off(job));
    }

    fn break_off(&mut self, job: usize) {
        self.batch.break_off(job);
        self.late.insert(job);
    }

    fn through(&mut self, job: usize, run: &Run<'_>) -> Result<()> {
        let settled = self.arena[job - self.first].get().expect("a job that is through was begun");
        let outcome = settled.end(self.common.app, run)?;
        let mut errors: Vec<String> = outcome.failures.iter().map(|error| error.message().to_owned()).collect();
        let made = outcome.texts.iter().filter(|text| text.member.result).count();
        let is_late = self.late.contains(&job) && made < self.common.jobs[job].count;
        if is_late {
            errors.push(format!("it was not done in {}s", self.common.request.timeout.as_secs()));
        }
        let state = match () {
            () if is_late => State::Late,
            () if errors.is_empty() => State::Done,
            () => State::Failed,
        };
        let prompts = outcome.texts.iter().filter(|text| text.member.result).filter_map(|text| text.name.clone());
        let session = Some(settled.session().to_owned());
        self.end(job, Ended { state, session, prompts: prompts.collect(), errors })
    }

    fn end(&mut self, job: usize, ended: Ended) -> Result<()> {
        if ended.state != State::Done && !self.common.request.skip_errors {
            self.stopped = true;
            self.batch.stop();
        }
        self.record.note(job, ended)?;
        self.count();
        Ok(())
    }

    fn count(&self) {
        let (ended, failed) = self.record.counts();
        self.common.counts.set(Counts { jobs: self.common.jobs.len(), ended, failed });
    }

    /// Begin what there is room for. A job that cannot begin has failed.
    fn begin_all(&mut self) -> Result<()> {
        while let Some(job) = self.batch.next_job() {
            match self.begin(job) {
                Ok(run) => self.batch.begin(job, run),
                Err(error) => {
                    let errors =
                        std::iter::once(error.message()).chain(error.places().iter().map(|it| it.message.as_str()));
                    let errors = errors.map(str::to_owned).collect();
                    self.end(job, Ended { state: State::Failed, session: None, prompts: Vec::new(), errors })?;
                }
            }
        }
        Ok(())
    }

    fn go_on(&mut self) -> Result<Vec<Ask>> {
        loop {
            self.break_off_late();
            self.begin_all()?;
            let asks = self.batch.asks();
            let through = self.batch.through();
            for (job, run) in &through {
                self.through(*job, run)?;
            }
            if !asks.is_empty() || through.is_empty() {
                return Ok(asks);
            }
        }
    }
}

impl Engine for Host<'_> {
    fn asks(&mut self) -> Vec<Ask> {
        if self.broken.is_some() {
            return Vec::new();
        }
        self.go_on().unwrap_or_else(|error| {
            self.broken = Some(error);
            Vec::new()
        })
    }

    fn patience(&self, ticket: &str) -> Option<Duration> {
        let begun = self.begun.get(&Batch::<Run<'_>>::job_of(ticket)?)?;
        Some(
            self.common
                .request
                .timeout
                .saturating_sub(self.common.app.clock.now().duration_since(*begun).unsigned_abs()),
        )
    }

    fn answer(&mut self, ticket: &str, outcome: Outcome) {
        if let (Err(trouble), Some(job)) = (&outcome, Batch::<Run<'_>>::job_of(ticket))
            && trouble.what == What::Late
        {
            self.break_off(job);
        }
        self.batch.answer(ticket, outcome);
    }
}
