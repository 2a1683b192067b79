//! A prompt that was made better, or was not.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::refine::{Found, Outcome};
use crate::generate::refine::{End, Fate, Refined, Step};

use super::judgement::{self, JudgementV1, number};
use super::paint::{Paint, printable};
use super::select_best::{PlanV1, plan, planned};
use super::table;
use super::written::{self, WrittenV1};

/// Each step with what became of it, then what changes.
pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    match &outcome.found {
        Found::Plan(plan) => planned(plan),
        Found::Refined { refined, written } => {
            let first = vec!["original".to_owned(), number(refined.original), String::new()];
            let rows: Vec<Vec<String>> = std::iter::once(first)
                .chain(refined.steps.iter().enumerate().map(|(at, step)| row(at + 1, step, paint)))
                .collect();
            let written = written.as_ref().map(|written| written::text(written, paint)).unwrap_or_default();
            let gap = if written.is_empty() { "" } else { "\n" };
            format!("{}{gap}{written}", table::columns(&rows, width))
        }
    }
}

fn row(number_: usize, step: &Step, paint: Paint) -> Vec<String> {
    let (word, why) = fate(step);
    let word = if step.fate == Fate::Better { paint.green(word) } else { word.to_owned() };
    let why = why.map_or(word.clone(), |why| format!("{word}: {}", printable(why)));
    vec![format!("step {number_}"), number(score(step)), why]
}

fn fate(step: &Step) -> (&'static str, Option<&str>) {
    match &step.fate {
        Fate::Better => ("better", None),
        Fate::NotBetter(why) => ("no better", Some(why)),
        Fate::Rejected(why) => ("rejected", Some(why)),
    }
}

/// The new version stands last before the judge.
fn score(step: &Step) -> Option<f64> {
    step.judgement.as_ref()?.candidates.last()?.total
}

/// How it ended, in a sentence.
pub fn sentence(outcome: &Outcome) -> Option<String> {
    let Found::Refined { refined, written } = &outcome.found else { return None };
    let name = printable(outcome.file.name.as_str());
    let kept = if written.is_some() { "" } else { "; it stays as it is" };
    Some(match &refined.end {
        End::Reached if refined.best.step == 0 => {
            format!("{name} has {} already, and {} was wanted", number(refined.original), outcome.target)
        }
        End::Reached => {
            format!("{name} has {}: the {} that was wanted is reached", number(refined.best.score), outcome.target)
        }
        End::NoProgress => format!("two versions in a row were no improvement{kept}"),
        End::Steps => format!("all steps are done, and {} is not reached{kept}", outcome.target),
        End::Trouble(why) => format!("it could not go on: {}{kept}", printable(why)),
        End::Open => format!("it is not over{kept}"),
    })
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RefineV1<'a> {
    name: &'a str,
    path: &'a str,
    task: &'a str,
    /// From 0 to 1.
    target: f64,
    /// The model that writes.
    model: &'a str,
    judge: &'a str,
    /// Earlier prompts that were shown as examples.
    examples: &'a [String],
    /// Null with --dry-run.
    refined: Option<RefinedV1<'a>>,
    /// What would be asked; null without --dry-run.
    plan: Option<PlanV1<'a>>,
    /// The run to be taken up, if it could not go on.
    run: Option<&'a str>,
    /// Calls that were sent and not heard of: they may have been paid for.
    doubtful: &'a [String],
}

#[derive(Debug, Serialize, JsonSchema)]
struct RefinedV1<'a> {
    /// `reached`, `no-progress`, `steps` (all are done) or `trouble`.
    end: &'static str,
    /// Why it could not go on.
    why: Option<&'a str>,
    /// The original's score, from 0 to 1; null if it has none.
    original: Option<f64>,
    /// That of the best version, which may be the original.
    score: Option<f64>,
    /// The step that the best version comes from; 0 is the original.
    best: usize,
    /// The best version.
    text: &'a str,
    steps: Vec<StepV1<'a>>,
    /// What was written, or would be with --apply; null if nothing is better.
    written: Option<WrittenV1>,
    /// US dollars as a decimal number; null if a price is not known.
    cost: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct StepV1<'a> {
    /// `better`, `no better` or `rejected`.
    fate: &'static str,
    why: Option<&'a str>,
    /// The version; null if the model gave none.
    text: Option<&'a str>,
    /// Null if it was not judged.
    judgement: Option<JudgementV1<'a>>,
}

pub fn object(outcome: &Outcome) -> RefineV1<'_> {
    let (refined, plan) = match &outcome.found {
        Found::Refined { refined, written } => {
            (Some(self::refined(refined, written.as_ref().map(written::object))), None)
        }
        Found::Plan(found) => (None, Some(plan(found))),
    };
    RefineV1 {
        name: outcome.file.name.as_str(),
        path: &outcome.file.path,
        task: &outcome.task,
        target: outcome.target,
        model: &outcome.writer,
        judge: &outcome.judge,
        examples: &outcome.examples,
        refined,
        plan,
        run: outcome.run.as_deref(),
        doubtful: &outcome.doubtful,
    }
}

fn refined(refined: &Refined, written: Option<WrittenV1>) -> RefinedV1<'_> {
    let (end, why) = match &refined.end {
        End::Reached => ("reached", None),
        End::NoProgress => ("no-progress", None),
        End::Steps => ("steps", None),
        End::Trouble(why) => ("trouble", Some(why.as_str())),
        End::Open => ("open", None),
    };
    RefinedV1 {
        end,
        why,
        original: refined.original,
        score: refined.best.score,
        best: refined.best.step,
        text: &refined.best.text,
        steps: refined.steps.iter().map(step).collect(),
        written,
        cost: refined.cost.map(crate::model::Money::exact),
    }
}

fn step(step: &Step) -> StepV1<'_> {
    let (fate, why) = fate(step);
    let names: &[&str] = match step.judgement.as_ref().map_or(0, |judgement| judgement.candidates.len()) {
        2 => &["original", "version"],
        _ => &["original", "best", "version"],
    };
    let judgement = step.judgement.as_ref().map(|judgement| judgement::object(judgement, names));
    StepV1 { fate, why, text: step.text.as_deref(), judgement }
}
