//! Run suites: ask for what is not known yet, check the answers, and write down what came of it.

mod around;
pub mod baseline;
pub mod begun;
mod book;
pub mod cases;
pub mod choose;
pub mod keep;
mod known;
mod plan;
pub mod record;
mod samples;
mod sorted;
mod stage;
mod store;
pub mod suites;
pub mod watch;

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;

use jiff::SignedDuration;

use super::App;
use super::models::{How, Progress, folder};
use super::report::found;
use crate::base::{Error, Result};
use crate::eval::Tally;
use crate::eval::budget::Limits;
use crate::eval::compare::Comparison;
use crate::eval::run::Stopped;
use crate::model::results::Manifest;
use crate::model::{Map, Money, Suite, Value};
use cases::Wanted;
use plan::Rendered;
use record::Spent;
use stage::Stage;
use store::Store;

/// What is asked of one suite. What is left empty is as the suite says it.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The path of the suite's file, from the repository's root.
    pub suite: String,
    pub prompts: Vec<String>,
    pub models: Vec<String>,
    /// Prompts as they are in this revision.
    pub at: Option<String>,
    pub params: Map,
    pub sweep: Vec<(String, Vec<Value>)>,
    pub repeat: Option<u32>,
    pub wanted: Wanted,
    pub limits: Limits,
    /// How long calls are made.
    pub time: Option<SignedDuration>,
    /// Whether a sweep with very many combinations is meant.
    pub yes: bool,
    pub how: How,
}

/// What a run would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub manifest: Manifest,
    pub samples: u64,
    /// Answers that are known already.
    pub known: u64,
    /// What those that are not may cost at most, without their judges; None if a price is not known.
    pub cost: Option<Money>,
    /// Models whose price is not known.
    pub unpriced: Vec<String>,
    pub tokens: u64,
    /// Whether judges may be asked, too; nobody knows yet how often.
    pub is_judged: bool,
}

#[derive(Debug)]
pub struct Outcome {
    /// The run's id, and where everything about it is.
    pub id: String,
    pub folder: PathBuf,
    pub suite: Suite,
    /// The revision whose prompts were asked.
    pub at: Option<String>,
    pub manifest: Manifest,
    pub tally: Tally,
    pub spent: Spent,
    /// What of the gate is not reached.
    pub missed: Vec<String>,
    /// Beside the results that are kept, if the gate asks for that and there are any.
    pub against: Option<Comparison>,
    pub stopped: Option<Stopped>,
    pub interrupted: bool,
    /// Calls that were sent and not heard of: they may have been paid for.
    pub doubtful: Vec<String>,
}

impl Outcome {
    /// Whether it came to its end.
    pub fn is_whole(&self) -> bool {
        self.stopped.is_none() && !self.interrupted
    }

    /// Whether everything is reached that the suite asks for: without a gate, that every case passes.
    pub fn passes(&self) -> bool {
        let gate = &self.suite.gate;
        let says = gate.min_pass_rate.is_some() || gate.min_score.is_some() || !gate.metrics.is_empty();
        self.missed.is_empty() && (says || self.tally.total.counts.failed == 0)
    }

    /// Lines without an answer.
    pub fn unanswered(&self) -> u64 {
        let total = &self.tally.total;
        total.counts.all() - total.input_tokens.known - total.input_tokens.unknown
    }
}

/// What happens on the way.
pub enum Told<'a> {
    /// Calls of an earlier part of the run that may have been paid for without an answer.
    InDoubt(&'a [String]),
    Planned(&'a Plan),
    Progress(&'a Progress),
}

/// What a run would ask for and cost, without asking.
pub fn rehearse(app: &App, request: &Request) -> Result<Plan> {
    let open = suites::open(app, &request.suite)?;
    let stage = Stage::set(app, request, &open)?;
    let store = Store::open(app)?;
    Ok(plan::plan(&stage, &store)?.0)
}

/// Run a suite. With a run that was broken off, its folder is used again; what it paid for is known anyway.
pub fn run(
    app: &App,
    request: &Request,
    resume: Option<&str>,
    tell: &mut dyn FnMut(Told<'_>) -> Result<()>,
) -> Result<Outcome> {
    let open = suites::open(app, &request.suite)?;
    let stage = Stage::set(app, request, &open)?;
    let store = Store::open(app)?;
    // What costs nothing may be tried at once: it is not rehearsed.
    let rendered = if stage.is_free() {
        stage.samples(0)?.next().ok_or_else(|| plan::nothing_wanted(&stage))??;
        Rendered { is_cut: true, ..Rendered::default() }
    } else {
        let (plan, rendered) = plan::plan(&stage, &store)?;
        tell(Told::Planned(&plan))?;
        stage.affords(&plan)?;
        rendered
    };
    let (id, folder) = begun::folder(app, request, resume)?;
    let doubtful = book::doubtful(&folder, &store);
    if !doubtful.is_empty() {
        tell(Told::InDoubt(&doubtful))?;
    }
    stage.go(&id, folder, &Rc::new(RefCell::new(store)), rendered, tell)
}

/// What to ask to run only the cases again that have no answer in a run.
pub fn retry(app: &App, run: &str, request: &Request) -> Result<(String, Request)> {
    let (id, mut request) = begun::resumed(app, run, request)?;
    let mut cases = HashSet::new();
    for line in found::of_run(&folder::runs(app)?.join(&id))?.lines()? {
        let line = line?;
        if line.answer.is_none() {
            cases.insert(line.about.case);
        }
    }
    if cases.is_empty() {
        return Err(Error::no(format!("every answer of the run {id} is there")));
    }
    request.wanted.only = Some(cases);
    Ok((id, request))
}
