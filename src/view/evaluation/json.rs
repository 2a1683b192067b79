//! An evaluation for programs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::eval::Tally;
use crate::eval::tally::{Column, Counts, Fault, Known, Mean, Sum};
use crate::model::Money;
use crate::model::results::{Checked, Line, Manifest, Moment};

/// What a run comes to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EvaluationV1<'a> {
    suite: &'a str,
    /// Digest of the suite's file.
    suite_digest: &'a str,
    prompts: Vec<TriedV1<'a>>,
    models: &'a [String],
    repeat: u32,
    /// How many cases the suite has.
    cases: u64,
    total: SumV1<'a>,
    /// By prompt, model and what a sweep set.
    rows: Vec<RowV1<'a>>,
    /// What did not pass, as far as it is shown.
    faults: Vec<FaultV1<'a>>,
    /// How many more did not pass.
    more_faults: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TriedV1<'a> {
    prompt: &'a str,
    id: &'a str,
    /// The git blob of its file.
    blob: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RowV1<'a> {
    prompt: &'a str,
    model: &'a str,
    /// What a sweep set; empty if nothing.
    params: &'a str,
    #[serde(flatten)]
    sum: SumV1<'a>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SumV1<'a> {
    passed: u64,
    failed: u64,
    undecided: u64,
    /// The share of those that pass among those that are decided. Null if none is.
    rate: Option<f64>,
    /// Between which rates the true one lies, at 95 in 100.
    interval: Option<[f64; 2]>,
    /// The mean score of those that have one.
    score: Option<f64>,
    unscored: u64,
    /// Cases of which some repeats pass and some do not.
    flaky: u64,
    input_tokens: u64,
    output_tokens: u64,
    /// Answers of which the service did not count the tokens.
    uncounted: u64,
    /// Dollars, exactly. Null if no price is known.
    cost: Option<String>,
    /// Answers without a known price.
    unpriced: u64,
    /// What judges cost.
    judge_cost: Option<String>,
    /// How many answers were there already.
    kept: u64,
    /// How long the middle answer took, and of 95 in 100 the longest, in milliseconds.
    elapsed_ms: Option<[u64; 2]>,
    checks: BTreeMap<&'a str, CountsV1>,
    /// The mean of each named metric.
    metrics: BTreeMap<&'a str, MeanV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CountsV1 {
    passed: u64,
    failed: u64,
    undecided: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MeanV1 {
    mean: Option<f64>,
    known: u64,
    unknown: u64,
}

/// An answer that did not pass.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FaultV1<'a> {
    case: &'a str,
    prompt: &'a str,
    model: &'a str,
    params: &'a str,
    repeat: u32,
    /// fail or undecided.
    verdict: &'static str,
    /// The check that says so; null if there was no answer.
    check: Option<&'a str>,
    reason: &'a str,
}

/// One answer and what the checks say of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LineV1<'a> {
    case: &'a str,
    prompt: &'a str,
    /// The prompt's id, or its name if it has none.
    id: &'a str,
    model: &'a str,
    params: &'a crate::model::Map,
    repeat: u32,
    fingerprint: &'a str,
    /// pass, fail or undecided.
    verdict: &'static str,
    score: Option<f64>,
    /// Null if the model gave none; `trouble` says why.
    answer: Option<&'a str>,
    refusal: Option<&'a str>,
    trouble: Option<&'a str>,
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    tags: &'a [String],
    split: Option<&'a str>,
    checks: Vec<CheckedV1<'a>>,
    /// Dollars; null if the price or the moment is not known.
    cost: Option<String>,
    judge_cost: Option<String>,
    elapsed_ms: Option<u64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CheckedV1<'a> {
    name: &'a str,
    /// pass, fail or undecided.
    verdict: &'static str,
    value: Option<f64>,
    weight: f64,
    metric: Option<&'a str>,
    reason: &'a str,
    /// What the value is made of.
    parts: BTreeMap<&'a str, f64>,
}

pub fn object<'a>(manifest: &'a Manifest, tally: &'a Tally) -> EvaluationV1<'a> {
    let tried = |one: &'a crate::model::results::Tried| TriedV1 { prompt: &one.prompt, id: &one.id, blob: &one.blob };
    EvaluationV1 {
        suite: &manifest.suite,
        suite_digest: &manifest.suite_digest,
        prompts: manifest.prompts.iter().map(tried).collect(),
        models: &manifest.models,
        repeat: manifest.repeat,
        cases: manifest.cases,
        total: sum(&tally.total),
        rows: rows(tally),
        faults: tally.faults.iter().map(fault).collect(),
        more_faults: tally.more_faults(),
    }
}

pub fn rows(tally: &Tally) -> Vec<RowV1<'_>> {
    tally.columns.iter().map(|(column, one)| row(column, one)).collect()
}

fn row<'a>(column: &'a Column, one: &'a Sum) -> RowV1<'a> {
    RowV1 { prompt: &column.prompt, model: &column.model, params: &column.params, sum: sum(one) }
}

pub fn sum(sum: &Sum) -> SumV1<'_> {
    let money = |money: &Known<Money>| (money.known > 0).then(|| money.sum.exact());
    let counts =
        |counts: &Counts| CountsV1 { passed: counts.passed, failed: counts.failed, undecided: counts.undecided };
    let mean = |mean: &Mean| MeanV1 { mean: mean.mean(), known: mean.known, unknown: mean.unknown };
    SumV1 {
        passed: sum.counts.passed,
        failed: sum.counts.failed,
        undecided: sum.counts.undecided,
        rate: sum.counts.rate(),
        interval: sum.interval().map(|(low, high)| [low, high]),
        score: sum.score.mean(),
        unscored: sum.score.unknown,
        flaky: sum.flaky,
        input_tokens: sum.input_tokens.sum,
        output_tokens: sum.output_tokens.sum,
        uncounted: sum.input_tokens.unknown.max(sum.output_tokens.unknown),
        cost: money(&sum.cost),
        unpriced: sum.cost.unknown,
        judge_cost: money(&sum.judged),
        kept: sum.kept,
        elapsed_ms: sum.elapsed(50).zip(sum.elapsed(95)).map(|(middle, most)| [middle, most]),
        checks: sum.checks.iter().map(|(name, one)| (name.as_str(), counts(one))).collect(),
        metrics: sum.metrics.iter().map(|(name, one)| (name.as_str(), mean(one))).collect(),
    }
}

pub fn fault(fault: &Fault) -> FaultV1<'_> {
    FaultV1 {
        case: &fault.case,
        prompt: &fault.column.prompt,
        model: &fault.column.model,
        params: &fault.column.params,
        repeat: fault.repeat,
        verdict: fault.verdict.word(),
        check: fault.check.as_deref(),
        reason: &fault.reason,
    }
}

pub fn line<'a>(line: &'a Line, moment: Option<&Moment>) -> LineV1<'a> {
    let (about, answer) = (&line.about, line.answer.as_ref());
    let checked = |check: &'a Checked| CheckedV1 {
        name: &check.name,
        verdict: check.verdict.word(),
        value: check.value,
        weight: check.weight,
        metric: check.metric.as_deref(),
        reason: &check.reason,
        parts: check.parts.iter().map(|(name, value)| (name.as_str(), *value)).collect(),
    };
    LineV1 {
        case: &about.case,
        prompt: &about.prompt,
        id: &about.id,
        model: &about.model,
        params: &about.params,
        repeat: about.repeat,
        fingerprint: &about.fingerprint,
        verdict: line.verdict.word(),
        score: line.score,
        answer: answer.map(|answer| answer.text.as_str()),
        refusal: answer.and_then(|answer| answer.refusal.as_deref()),
        trouble: line.trouble.as_deref(),
        input_tokens: answer.and_then(|answer| answer.input_tokens),
        output_tokens: answer.and_then(|answer| answer.output_tokens),
        tags: &about.tags,
        split: about.split.as_deref(),
        checks: line.checks.iter().map(checked).collect(),
        cost: moment.and_then(|moment| moment.cost).map(Money::exact),
        judge_cost: moment.and_then(|moment| moment.judged).map(Money::exact),
        elapsed_ms: moment.map(|moment| moment.elapsed_ms),
    }
}
