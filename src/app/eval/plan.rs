//! What a run would ask for, found out before anything is paid: every case is rendered, and whatever is wrong with any of
//! them is told at once.

use std::collections::BTreeSet;

use super::Plan;
use super::samples::Samples;
use super::stage::{Stage, together};
use super::store::Store;
use crate::base::{Error, Result};
use crate::eval::Compiled;
use crate::eval::run::Sample;
use crate::model::Money;
use crate::render::Fill;

/// The tokens of an answer whose length is not limited.
pub const USUAL_ANSWER: u64 = 1024;
/// Samples that are kept for the run itself, so that most suites are rendered once.
const KEPT: usize = 8192;
/// Errors after which nobody reads on.
const ENOUGH: usize = 50;

/// Samples that were rendered already: those of the first cases.
#[derive(Default)]
pub struct Rendered<'a> {
    pub samples: Vec<Sample<'a>>,
    pub cases: u64,
    /// Whether more than these were not kept.
    pub is_cut: bool,
}

impl<'a> Rendered<'a> {
    /// Keep a sample if there is room for all of its case.
    fn take(&mut self, sample: Sample<'a>) {
        let is_new = self.samples.last().is_none_or(|last| last.about.case != sample.about.case);
        self.is_cut |= is_new && self.samples.len() >= KEPT;
        if !self.is_cut {
            self.cases += u64::from(is_new);
            self.samples.push(sample);
        }
    }
}

/// All samples, one after the other: those that were rendered already, then the others.
pub struct Stream<'a> {
    first: std::vec::IntoIter<Sample<'a>>,
    rest: Option<Samples<'a>>,
    cases: u64,
}

impl<'a> Stream<'a> {
    pub fn new(stage: &'a Stage<'a>, rendered: Rendered<'a>) -> Result<Stream<'a>> {
        let rest = if rendered.is_cut { Some(stage.samples(rendered.cases)?) } else { None };
        Ok(Stream { first: rendered.samples.into_iter(), rest, cases: rendered.cases })
    }

    pub fn next(&mut self) -> Option<Result<Sample<'a>>> {
        match self.first.next() {
            Some(sample) => Some(Ok(sample)),
            None => self.rest.as_mut()?.next(),
        }
    }

    /// How many cases came.
    pub fn cases(&self) -> u64 {
        self.cases + self.rest.as_ref().map_or(0, |rest| rest.seen)
    }
}

pub fn plan<'a>(stage: &'a Stage<'a>, store: &Store) -> Result<(Plan, Rendered<'a>)> {
    let mut plan = Plan { manifest: stage.manifest.clone(), cost: Some(Money::default()), ..Plan::default() };
    let mut rendered = Rendered::default();
    let mut errors: Vec<Error> = Vec::new();
    let mut unpriced = BTreeSet::new();
    let mut asked = BTreeSet::new();
    let mut samples = stage.samples(0)?;
    let fill = Fill::default();
    while let Some(sample) = samples.next() {
        let sample = match sample {
            Ok(sample) => sample,
            Err(error) => {
                errors.push(error);
                if errors.len() >= ENOUGH { break } else { continue }
            }
        };
        match read_checks(&sample, &fill) {
            Ok(judged) => plan.is_judged |= judged,
            Err(error) => errors.push(error),
        }
        plan.samples += 1;
        if stage.known.has(store, &sample.about.key, &sample.call) {
            plan.known += 1;
        } else if asked.insert(sample.about.key.clone()) {
            let estimate = stage.estimate(&sample.call);
            plan.tokens += estimate.tokens;
            plan.cost = plan.cost.zip(estimate.cost).map(|(sum, cost)| sum + cost);
            if estimate.cost.is_none() {
                unpriced.insert(sample.about.model.clone());
            }
        } else {
            plan.known += 1;
        }
        rendered.take(sample);
    }
    plan.manifest.cases = samples.seen;
    plan.unpriced = unpriced.into_iter().collect();
    match together(errors) {
        Some(error) => Err(error),
        None if plan.samples == 0 => Err(nothing_wanted(stage)),
        None => Ok((plan, rendered)),
    }
}

/// Checks whose values hang on the case read them for each; what is wrong with one is told before anything is paid. Says
/// whether any check asks a judge.
fn read_checks(sample: &Sample<'_>, fill: &Fill) -> Result<bool> {
    let mut judged = false;
    for check in sample.checks.iter().chain(sample.own.iter()) {
        let look = check.look(&sample.vars, &*sample.around, fill).map_err(|mut finding| {
            finding.message = format!("in the case `{}`, {}", sample.about.case, finding.message);
            Error::findings("a check cannot be read", vec![finding])
        })?;
        judged |= matches!(look.compiled(), Compiled::Judged(_));
    }
    Ok(judged)
}

pub fn nothing_wanted(stage: &Stage<'_>) -> Error {
    let words = stage.request.wanted.words();
    let error = Error::no(format!("no case of {} is wanted", stage.open.suite.path));
    if words.is_empty() { error } else { error.hint(format!("nothing matches {words}")) }
}
