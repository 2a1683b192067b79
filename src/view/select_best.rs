//! The best of several prompts.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::judging::{ANSWER, Plan};
use crate::app::select_best::{Found, Outcome};

use super::judgement::{self, JudgementV1};
use super::paint::{Paint, printable};
use super::rank::{WeightV1, weights};

pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    match &outcome.found {
        Found::Judged(judged) => judgement::text(judged, &names(outcome), paint, width),
        Found::Plan(plan) => planned(plan),
    }
}

/// What would be asked.
pub fn planned(plan: &Plan) -> String {
    let calls = if plan.calls == 1 { "call" } else { "calls" };
    let models: Vec<String> = plan.models.iter().map(|model| printable(model)).collect();
    let cost = match plan.cost {
        Some(cost) => format!("about {cost} if each answer has {ANSWER} tokens"),
        None => "not every price is known".to_owned(),
    };
    let (at_most, tokens) = (plan.calls, plan.tokens);
    format!("at most {at_most} {calls} to {}\nthe first with about {tokens} tokens\n{cost}\n", models.join(", "))
}

/// The verdict in a sentence, if there is one.
pub fn sentence(outcome: &Outcome) -> Option<String> {
    match &outcome.found {
        Found::Judged(judged) => Some(judgement::sentence(judged, &names(outcome))),
        Found::Plan(_) => None,
    }
}

fn names(outcome: &Outcome) -> Vec<&str> {
    outcome.candidates.iter().map(|candidate| candidate.name.as_str()).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SelectBestV1<'a> {
    /// The model that judges.
    judge: &'a str,
    /// How much each criterion counts; the shares add up to 1.
    weights: Vec<WeightV1<'a>>,
    /// Null with --dry-run.
    judgement: Option<JudgementV1<'a>>,
    /// What would be asked; null without --dry-run.
    plan: Option<PlanV1<'a>>,
    /// Calls that were sent and not heard of: they may have been paid for.
    doubtful: &'a [String],
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanV1<'a> {
    /// At most.
    calls: usize,
    /// Tokens of the calls that come first, about.
    tokens: usize,
    models: &'a [String],
    /// What all calls cost, about, in US dollars as a decimal number; null if a price is not known.
    cost: Option<String>,
    /// How many tokens each answer is taken to have for that, where nothing limits it.
    answer_tokens: u64,
}

pub fn plan(plan: &Plan) -> PlanV1<'_> {
    PlanV1 {
        calls: plan.calls,
        tokens: plan.tokens,
        models: &plan.models,
        cost: plan.cost.map(crate::model::Money::exact),
        answer_tokens: ANSWER,
    }
}

pub fn object(outcome: &Outcome) -> SelectBestV1<'_> {
    let (judgement, plan) = match &outcome.found {
        Found::Judged(judged) => (Some(judgement::object(judged, &names(outcome))), None),
        Found::Plan(planned) => (None, Some(plan(planned))),
    };
    SelectBestV1 {
        judge: &outcome.judge,
        weights: weights(outcome.weights.iter()),
        judgement,
        plan,
        doubtful: &outcome.doubtful,
    }
}
