//! What a run would ask for, found out before anything is paid: every case is rendered, and whatever is wrong with any of
//! them is told at once.

use std::collections::BTreeSet;

use super::store::Store;
use super::{Plan, Stage, together};
use crate::base::{Error, Result};
use crate::eval::run::Sample;
use crate::model::Money;

/// The tokens of an answer whose length is not limited.
pub const USUAL_ANSWER: u64 = 1024;
/// Samples that are kept for the run itself, so that most suites are rendered once.
const KEPT: usize = 8192;
/// Errors after which nobody reads on.
const ENOUGH: usize = 50;

pub fn plan<'a>(stage: &'a Stage<'a>, store: &Store) -> Result<(Plan, Vec<Sample<'a>>)> {
    let mut plan = Plan { manifest: stage.manifest.clone(), cost: Some(Money::default()), ..Plan::default() };
    let mut kept = Vec::new();
    let mut errors: Vec<Error> = Vec::new();
    let mut unpriced = BTreeSet::new();
    let mut asked = BTreeSet::new();
    let mut samples = stage.samples()?;
    while let Some(sample) = samples.next() {
        let sample = match sample {
            Ok(sample) => sample,
            Err(error) => {
                errors.push(error);
                if errors.len() >= ENOUGH { break } else { continue }
            }
        };
        plan.samples += 1;
        if super::models::is_built_in(&sample.call.service) || store.has(&sample.about.key) {
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
        if kept.len() < KEPT {
            kept.push(sample);
        }
    }
    plan.manifest.cases = samples.seen;
    plan.unpriced = unpriced.into_iter().collect();
    match together(errors) {
        Some(error) => Err(error),
        None if plan.samples == 0 => Err(nothing_wanted(stage)),
        None => Ok((plan, kept)),
    }
}

/// For runs that cost nothing: they are not rehearsed.
pub fn nothing<'a>(stage: &'a Stage<'a>) -> (Plan, Vec<Sample<'a>>) {
    (Plan { manifest: stage.manifest.clone(), ..Plan::default() }, Vec::new())
}

pub fn nothing_wanted(stage: &Stage<'_>) -> Error {
    let words = stage.request.wanted.words();
    let error = Error::no(format!("no case of {} is wanted", stage.open.suite.path));
    if words.is_empty() { error } else { error.hint(format!("nothing matches {words}")) }
}
