//! The best of several prompts for a task, by a judge's word.

use serde::{Deserialize, Serialize};

use crate::base::{Finding, Result};
use crate::generate::judge::{Judge, Judgement, Question, Verdict};
use crate::generate::weights::Weights;
use crate::model::Value;
use crate::model::engine::Engine;

use super::App;
use super::candidates::{self, Candidate};
use super::judging::{self, Judges, Plan, Wanted};
use super::models::{How, Journal, Progress};

const KIND: &str = "select-best";

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Request {
    pub names: Vec<String>,
    pub task: String,
    pub wishes: Vec<(String, String)>,
    pub judge: Wanted,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub candidates: Vec<Candidate>,
    pub weights: Weights,
    pub judge: String,
    pub found: Found,
    /// Calls that were sent and not heard of: they may have been paid for.
    pub doubtful: Vec<String>,
    pub findings: Vec<Finding>,
}

#[derive(Debug)]
pub enum Found {
    Judged(Judgement),
    /// Nobody was asked.
    Plan(Plan),
}

impl Outcome {
    /// The candidate that is the best.
    pub fn best(&self) -> Option<&Candidate> {
        match &self.found {
            Found::Judged(Judgement { verdict: Verdict::Decided(at), .. }) => self.candidates.get(*at),
            _ => None,
        }
    }
}

/// Have a judge choose.
pub fn select_best(app: &App, request: &Request, how: &How, progress: &mut dyn FnMut(&Progress)) -> Result<Outcome> {
    judged(app, request, None, how, progress)
}

/// Go on with a run that was broken off. What is not as it was then is asked anew.
pub fn resume(app: &App, run: &str, how: &How, progress: &mut dyn FnMut(&Progress)) -> Result<Outcome> {
    let (journal, request): (Journal, Request) = judging::take_up(app, KIND, run)?;
    judged(app, &request, Some(journal), how, progress)
}

fn judged(
    app: &App,
    request: &Request,
    journal: Option<Journal>,
    how: &How,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Outcome> {
    let (candidates, mut findings) = candidates::find(app, &request.names)?;
    candidates::at_least(&candidates, 2)?;
    let judges = Judges::find(app, &request.judge)?;
    let origins = candidates.iter().filter_map(|it| it.prompt.origin.get("model").and_then(Value::as_str));
    findings.extend(origins.filter_map(|writer| judges.too_near(writer)).take(1));
    let question = Question {
        task: request.task.clone(),
        wishes: request.wishes.clone(),
        candidates: candidates.iter().map(|candidate| candidate.text.clone()).collect(),
    };
    let mut engine = Judge::new(&judges.bench(), "judge", &question)?;
    let mut doubtful = Vec::new();
    let found = if request.dry_run {
        let asks = engine.asks();
        Found::Plan(judging::plan(app, &asks, &[])?)
    } else {
        let mut journal = journal.map_or_else(|| judging::begin(app, KIND, request), Ok)?;
        let driven = judging::drive(app, how, &mut engine, &mut journal, progress)?;
        doubtful = driven.doubtful;
        let found = match (engine.judgement(), driven.failed) {
            // Nobody answered, so it is the service's trouble and not the judge's.
            (Some(judgement), Some(error)) if matches!(judgement.verdict, Verdict::Undecided(_)) => return Err(error),
            (Some(judgement), _) => Found::Judged(judgement),
            (None, Some(error)) => return Err(error),
            (None, None) => return Err(crate::base::Error::bug("the judge was driven to no end")),
        };
        journal.done()?;
        found
    };
    Ok(Outcome { candidates, judge: judges.name(), weights: judges.weights, found, doubtful, findings })
}
