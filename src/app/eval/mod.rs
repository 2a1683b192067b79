//! Run suites: ask for what is not known yet, check the answers, and write down what came of it.

mod around;
pub mod baseline;
mod book;
pub mod cases;
pub mod choose;
pub mod keep;
mod known;
mod plan;
pub mod record;
mod samples;
mod sorted;
mod store;
pub mod suites;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;

use jiff::SignedDuration;

use crate::base::{Error, Finding, Result};
use crate::eval::Tally;
use crate::eval::budget::{Budget, Estimate, Limits};
use crate::eval::compare::Comparison;
use crate::eval::gate;
use crate::eval::run::{Lent, Run, Stopped};
use crate::model::results::Manifest;
use crate::model::{Call, Map, Money, Suite, Value};
use crate::provider::{Service, price};

use super::App;
use super::models::{self, Event, How, Models, Progress, folder};
use super::report::found;
use book::Book;
use cases::Wanted;
use known::Known;
use plan::Rendered;
use record::{Record, Spent};
use samples::{Asked, Samples, Setting};
use store::Store;
use suites::Open;

/// Of what did not pass, so many are told one by one.
const FAULTS: usize = 20;

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

/// A suite with everything that it takes to run it.
struct Stage<'a> {
    app: &'a App,
    request: &'a Request,
    open: &'a Open,
    asked: Vec<Asked<'a>>,
    settings: Vec<Setting>,
    manifest: Manifest,
    known: Known,
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
    let (id, folder) = record::folder(app, request, resume)?;
    let doubtful = book::doubtful(&folder, &store);
    if !doubtful.is_empty() {
        tell(Told::InDoubt(&doubtful))?;
    }
    stage.go(&id, folder, &Rc::new(RefCell::new(store)), rendered, tell)
}

/// What to ask to run only the cases again that have no answer in a run.
pub fn retry(app: &App, run: &str, request: &Request) -> Result<(String, Request)> {
    let (id, mut request) = record::resumed(app, run, request)?;
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

impl<'a> Stage<'a> {
    fn set(app: &'a App, request: &'a Request, open: &'a Open) -> Result<Stage<'a>> {
        let suite = &open.suite;
        let mut findings = Vec::new();
        let asked = samples::asked(app, suite, request, &mut findings)?;
        if !findings.is_empty() {
            return Err(Error::findings(format!("{} cannot be run", suite.path), findings));
        }
        let sweep = suite.sweep.iter().filter(|(key, _)| request.sweep.iter().all(|(other, _)| other != key));
        let sweep: Vec<(String, Vec<Value>)> = sweep.chain(&request.sweep).cloned().collect();
        let combinations = sweep.iter().fold(1_usize, |product, (_, values)| product.saturating_mul(values.len()));
        if combinations > samples::MANY && !request.yes {
            return Err(Error::usage(format!("the sweep has {combinations} combinations, each with every case"))
                .hint("say --yes if that is meant"));
        }
        let settings = samples::settings(&sweep);
        let manifest = record::manifest(app, open, &asked, request)?;
        let known = Known::of(app, suite)?;
        Ok(Stage { app, request, open, asked, settings, manifest, known })
    }

    /// The samples behind so many cases.
    fn samples(&'a self, behind: u64) -> Result<Samples<'a>> {
        Samples::new(self.app, &self.open.suite, &self.asked, &self.settings, self.request, behind)
    }

    /// Whether nothing can be paid for, so that everything may be tried at once.
    fn is_free(&self) -> bool {
        let services = || self.asked.iter().flat_map(Asked::services);
        services().all(|(service, _)| models::is_built_in(&service.name)) && !self.asked.iter().any(Asked::is_judged)
    }

    /// Whether the limits can be kept at all.
    fn affords(&self, plan: &Plan) -> Result<()> {
        let asks = plan.samples > plan.known;
        if asks && self.request.limits.cost.is_some() && !plan.unpriced.is_empty() {
            let names = plan.unpriced.join(", ");
            return Err(Error::invalid(format!("no price is known for {names}, so no limit of cost can be kept"))
                .hint("set it with the key `prices.<provider>/<model>`, or limit --max-calls or --max-tokens"));
        }
        Ok(())
    }

    fn service(&self, call: &Call) -> Option<&Service> {
        let mut services = self.asked.iter().flat_map(Asked::services);
        services
            .find(|(service, model)| service.name == call.service && *model == call.model)
            .map(|(service, _)| service)
    }

    /// What a call may take at most, as far as that can be told.
    fn estimate(&self, call: &Call) -> Estimate {
        let input = call.messages.iter().map(|message| message.text().len() as u64).sum::<u64>() / 4 + 4;
        let output = call.params.get("max_tokens").and_then(Value::as_u64).unwrap_or(plan::USUAL_ANSWER);
        let settings = self.app.settings().ok();
        let price = self.service(call).zip(settings).and_then(|(service, settings)| {
            if models::is_built_in(&service.name) {
                return Some(Money::default());
            }
            price::price(service, &call.model, None, &settings.prices)?.estimate(input, output)
        });
        Estimate { cost: price, tokens: input + output }
    }

    fn go(
        &'a self,
        id: &str,
        folder: PathBuf,
        store: &Rc<RefCell<Store>>,
        rendered: Rendered<'a>,
        tell: &mut dyn FnMut(Told<'_>) -> Result<()>,
    ) -> Result<Outcome> {
        let models = Models::open(self.app, &How { cache: Some(false), ..self.request.how.clone() })?;
        let record = RefCell::new(Record::new(&folder));
        let wrong: RefCell<Vec<Error>> = RefCell::default();
        let late = Rc::new(Cell::new(false));
        let began = self.app.clock.now();
        let mut samples = self.samples(rendered.cases)?;
        let is_cut = rendered.is_cut;
        let mut first = rendered.samples.into_iter();
        let cases = Cell::new(rendered.cases);
        let mut next = || loop {
            if let Some(sample) = first.next() {
                return Some(sample);
            }
            let next = if is_cut { samples.next() } else { None };
            cases.set(rendered.cases + samples.seen);
            match next? {
                Ok(sample) => return Some(sample),
                Err(error) => wrong.borrow_mut().push(error),
            }
        };
        let is_late = late.clone();
        let lent = Lent {
            next: Box::new(move || if is_late.get() { None } else { next() }),
            known: Box::new(|key, call| self.known.find(&store.borrow(), key, call, self)),
            tell: Box::new(|line, moment| match record.borrow_mut().add(&line, &moment) {
                Ok(()) => true,
                Err(error) => {
                    wrong.borrow_mut().push(error);
                    false
                }
            }),
        };
        let budget = Budget::new(self.request.limits, Box::new(|call| self.estimate(call)));
        let mut engine = Run::new(lent, budget);
        let keeper = Rc::new(RefCell::new(Book::new(store.clone(), &folder)));
        let ended = models.drive_and_keep(&mut engine, Some(keeper), false, &mut |event, progress| match event {
            Event::Ended(..) | Event::Ending => {
                late.set(self.request.time.is_some_and(|most| self.app.clock.now().duration_since(began) >= most));
                tell(Told::Progress(progress))
            }
            Event::Begun(_) | Event::Piece(..) => Ok(()),
        })?;
        let stopped = engine.stopped().or_else(|| late.get().then_some(Stopped::Time));
        drop(engine);
        if let Some(error) = together(wrong.into_inner()) {
            return Err(error);
        }
        let whole = stopped.is_none() && !ended.interrupted;
        let manifest = Manifest { cases: cases.get(), ..self.manifest.clone() };
        let spent = record.into_inner().end(&manifest, whole)?;
        let tally = found::of_run(&folder)?.tally(FAULTS)?;
        let mut missed = if whole { gate::missed(&self.open.suite.gate, &tally) } else { Vec::new() };
        let against = if whole { baseline::against(self.app, &self.open.suite, &folder)? } else { None };
        missed.extend(against.as_ref().and_then(baseline::missed));
        Ok(Outcome {
            id: id.to_owned(),
            folder,
            suite: self.open.suite.clone(),
            at: self.request.at.clone(),
            manifest,
            tally,
            spent,
            missed,
            against,
            stopped,
            interrupted: ended.interrupted,
            doubtful: ended.doubtful,
        })
    }
}

/// Everything that went wrong, as one error.
fn together(errors: Vec<Error>) -> Option<Error> {
    let mut errors = errors.into_iter();
    let first = errors.next()?;
    if first.places().is_empty() {
        return Some(first);
    }
    let mut findings: Vec<Finding> = first.places().to_vec();
    findings.extend(errors.flat_map(|error| error.places().to_vec()));
    Finding::sort(&mut findings);
    Some(Error::findings(first.message().to_owned(), findings))
}
