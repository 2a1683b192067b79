//! A suite that is ready to be run, and its run.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;

use super::baseline;
use super::book::Book;
use super::known::Known;
use super::plan::{self, Rendered, Stream};
use super::record::{self, Record, Spent};
use super::samples::{self, Asked, Samples, Setting};
use super::store::Store;
use super::suites::Open;
use super::{Outcome, Plan, Request, Told};
use crate::app::App;
use crate::app::models::{self, Event, How, Models};
use crate::app::report::found;
use crate::base::{Error, Finding, Result};
use crate::eval::budget::{Budget, Estimate};
use crate::eval::run::{Lent, Run, Stopped};
use crate::eval::{derive, gate};
use crate::model::results::Manifest;
use crate::model::{Call, Money, Value};
use crate::provider::{Service, price};

/// Of what did not pass, so many are told one by one.
const FAULTS: usize = 20;

/// A suite with everything that it takes to run it.
pub struct Stage<'a> {
    pub(super) app: &'a App,
    pub(super) request: &'a Request,
    pub(super) open: &'a Open,
    pub(super) asked: Vec<Asked<'a>>,
    pub(super) settings: Vec<Setting>,
    pub(super) manifest: Manifest,
    pub(super) known: Known,
}

impl<'a> Stage<'a> {
    pub(super) fn set(app: &'a App, request: &'a Request, open: &'a Open) -> Result<Stage<'a>> {
        let suite = &open.suite;
        let mut findings = derive::check(suite);
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
    pub(super) fn samples(&'a self, behind: u64) -> Result<Samples<'a>> {
        Samples::new(self.app, &self.open.suite, &self.asked, &self.settings, self.request, behind)
    }

    /// Whether nothing can be paid for, so that everything may be tried at once.
    pub(super) fn is_free(&self) -> bool {
        let services = || self.asked.iter().flat_map(Asked::services);
        services().all(|(service, _)| models::is_built_in(&service.name)) && !self.asked.iter().any(Asked::is_judged)
    }

    /// Whether the limits can be kept at all.
    pub(super) fn affords(&self, plan: &Plan) -> Result<()> {
        let asks = plan.samples > plan.known;
        if asks && self.request.limits.cost.is_some() && !plan.unpriced.is_empty() {
            let names = plan.unpriced.join(", ");
            return Err(Error::invalid(format!("no price is known for {names}, so no limit of cost can be kept"))
                .hint("set it with the key `prices.<provider>/<model>`, or limit --max-calls or --max-tokens"));
        }
        Ok(())
    }

    pub(super) fn service(&self, call: &Call) -> Option<&Service> {
        let mut services = self.asked.iter().flat_map(Asked::services);
        services
            .find(|(service, model)| service.name == call.service && *model == call.model)
            .map(|(service, _)| service)
    }

    /// What a call may take at most, as far as that can be told.
    pub(super) fn estimate(&self, call: &Call) -> Estimate {
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

    pub(super) fn go(
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
        let stream = RefCell::new(Stream::new(self, rendered)?);
        let late = Cell::new(false);
        let lent = Lent {
            next: Box::new(|| {
                while !late.get() {
                    match stream.borrow_mut().next()? {
                        Ok(sample) => return Some(sample),
                        Err(error) => wrong.borrow_mut().push(error),
                    }
                }
                None
            }),
            known: Box::new(|key, call| self.known.find(&store.borrow(), key, call, self)),
            tell: Box::new(|line, moment| {
                let added = record.borrow_mut().add(&line, &moment);
                added.map_err(|error| wrong.borrow_mut().push(error)).is_ok()
            }),
        };
        let mut engine = Run::new(lent, Budget::new(self.request.limits, Box::new(|call| self.estimate(call))));
        let keeper = Rc::new(RefCell::new(Book::new(store.clone(), &folder)));
        let began = self.app.clock.now();
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
        let manifest = Manifest { cases: stream.into_inner().cases(), ..self.manifest.clone() };
        let spent = record.into_inner().end(&manifest, whole)?;
        let outcome = self.outcome(id, folder, manifest, spent, whole)?;
        Ok(Outcome { stopped, interrupted: ended.interrupted, doubtful: ended.doubtful, ..outcome })
    }

    /// What a run came to, read from what it wrote down.
    fn outcome(&self, id: &str, folder: PathBuf, manifest: Manifest, spent: Spent, whole: bool) -> Result<Outcome> {
        let suite = &self.open.suite;
        let tally = found::of_run(&folder)?.tally(FAULTS)?;
        let mut missed = if whole { gate::missed(&suite.gate, &tally) } else { Vec::new() };
        let against = if whole { baseline::against(self.app, suite, &folder)? } else { None };
        missed.extend(against.as_ref().and_then(baseline::missed));
        Ok(Outcome {
            id: id.to_owned(),
            folder,
            suite: suite.clone(),
            at: self.request.at.clone(),
            manifest,
            tally,
            spent,
            missed,
            against,
            stopped: None,
            interrupted: false,
            doubtful: Vec::new(),
        })
    }
}

/// Everything that went wrong, as one error.
pub(super) fn together(errors: Vec<Error>) -> Option<Error> {
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
