//! Comparisons for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::compare::{Compared, Outcome};
use crate::base::stats::gate::Verdict;
use crate::eval::compare::{Change, Delta, Evidence, Group};

#[derive(Debug, Serialize, JsonSchema)]
pub struct CompareV1<'a> {
    base: &'a str,
    head: &'a str,
    /// The worst of the suites: pass, inconclusive or regression; null if nothing could be compared.
    verdict: Option<&'static str>,
    suites: Vec<SuiteV1<'a>>,
    /// Suites of which only one side has results.
    only_base: &'a [String],
    only_head: &'a [String],
}

#[derive(Debug, Serialize, JsonSchema)]
struct SuiteV1<'a> {
    suite: &'a str,
    verdict: Option<&'static str>,
    rule: RuleV1<'a>,
    /// Whether the suite or its data is another one on the other side.
    suite_changed: bool,
    coverage: CoverageV1,
    /// By prompt and model.
    groups: Vec<GroupV1<'a>>,
    /// All groups together; null if there is but one.
    all: Option<GroupV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RuleV1<'a> {
    /// passes, score or the name of a metric.
    by: &'a str,
    /// How much worse the head may be.
    margin: f64,
    /// Whether somebody said so, the suite or the command.
    margin_is_given: bool,
    /// Of the intervals; those of several groups hold together.
    confidence: f64,
    /// The chance to see what is there, for the number of cases that is needed.
    power: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CoverageV1 {
    /// Cases that both sides hold.
    shared: u64,
    only_base: u64,
    only_head: u64,
    /// Answers to shared cases that are undecided.
    undecided_base: u64,
    undecided_head: u64,
    /// Shared cases without a decided answer on one side.
    left_out: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct GroupV1<'a> {
    /// Null for all groups together.
    base_prompt: Option<&'a str>,
    head_prompt: Option<&'a str>,
    model: Option<&'a str>,
    cases: u64,
    /// The same calls were made on both sides and all came out the same.
    same: bool,
    verdict: &'static str,
    /// How many more cases it takes to tell; null if it is told, or if no number would tell.
    cases_needed: Option<u64>,
    /// The least difference that so many cases show.
    detectable: Option<f64>,
    /// Passes, score, then the metrics by name.
    measures: Vec<MeasureV1<'a>>,
    worse: u64,
    better: u64,
    /// Cases whose share of passes changed, those that lost most first.
    changed: Vec<ChangeV1<'a>>,
    sequential: SequentialV1,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MeasureV1<'a> {
    name: &'a str,
    cases: u64,
    /// Fewer than cases if some belong together.
    clusters: u64,
    base: f64,
    head: f64,
    delta: f64,
    /// The interval of the difference; null if too little is known.
    low: Option<f64>,
    high: Option<f64>,
    p: Option<f64>,
    /// p of one of several metrics, adjusted after Holm.
    adjusted_p: Option<f64>,
    /// Where p comes from: McNemar, sign flips or paired t.
    test: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ChangeV1<'a> {
    case: &'a str,
    /// What a sweep set, as JSON; empty if nothing.
    params: &'a str,
    model: &'a str,
    /// The share of passes.
    base: f64,
    head: f64,
}

/// What may be looked at after every case.
#[derive(Debug, Serialize, JsonSchema)]
struct SequentialV1 {
    better: u64,
    worse: u64,
    /// Always valid; the question is decided once it reaches the bar.
    e_value: f64,
    bar: f64,
    /// better or worse; null as long as it is not decided.
    decided: Option<&'static str>,
    /// The interval of the share of better cases among those that differ, whenever one looks.
    share_low: f64,
    share_high: f64,
    /// The row of cases on the leading side that would decide.
    row_needed: u64,
}

pub fn object(outcome: &Outcome) -> CompareV1<'_> {
    CompareV1 {
        base: &outcome.base,
        head: &outcome.head,
        verdict: outcome.verdict().map(Verdict::word),
        suites: outcome.suites.iter().map(suite).collect(),
        only_base: &outcome.only_base,
        only_head: &outcome.only_head,
    }
}

fn suite(compared: &Compared) -> SuiteV1<'_> {
    let comparison = &compared.comparison;
    let (rule, coverage) = (&comparison.rule, comparison.coverage);
    SuiteV1 {
        suite: &compared.suite,
        verdict: comparison.verdict().map(Verdict::word),
        rule: RuleV1 {
            by: rule.by.name(),
            margin: rule.margin,
            margin_is_given: compared.margin_is_given,
            confidence: rule.confidence,
            power: rule.power,
        },
        suite_changed: compared.moved,
        coverage: CoverageV1 {
            shared: coverage.shared,
            only_base: coverage.only_base,
            only_head: coverage.only_head,
            undecided_base: coverage.undecided_base,
            undecided_head: coverage.undecided_head,
            left_out: coverage.lost,
        },
        groups: comparison.groups.iter().map(group).collect(),
        all: comparison.all.as_ref().map(group),
    }
}

fn group(group: &Group) -> GroupV1<'_> {
    let is_one = !group.head.is_empty();
    GroupV1 {
        base_prompt: is_one.then_some(group.base.as_str()),
        head_prompt: is_one.then_some(group.head.as_str()),
        model: is_one.then_some(group.model.as_str()),
        cases: group.cases,
        same: group.same,
        verdict: group.verdict.word(),
        cases_needed: group.needed,
        detectable: group.detectable,
        measures: group.deltas.iter().map(measure).collect(),
        worse: group.flips.worse,
        better: group.flips.better,
        changed: group.changed.iter().map(change).collect(),
        sequential: sequential(&group.evidence),
    }
}

fn measure(delta: &Delta) -> MeasureV1<'_> {
    MeasureV1 {
        name: delta.measure.name(),
        cases: delta.cases,
        clusters: delta.clusters,
        base: delta.base,
        head: delta.head,
        delta: delta.delta,
        low: delta.interval.map(|interval| interval.low),
        high: delta.interval.map(|interval| interval.high),
        p: delta.p,
        adjusted_p: delta.adjusted,
        test: delta.test.word(),
    }
}

fn change(change: &Change) -> ChangeV1<'_> {
    let item = &change.item;
    ChangeV1 { case: &item.case, params: &item.params, model: &item.model, base: change.base, head: change.head }
}

fn sequential(evidence: &Evidence) -> SequentialV1 {
    SequentialV1 {
        better: evidence.better,
        worse: evidence.worse,
        e_value: evidence.value,
        bar: evidence.bar,
        decided: evidence.decided().map(|better| if better { "better" } else { "worse" }),
        share_low: evidence.share.low,
        share_high: evidence.share.high,
        row_needed: evidence.needed,
    }
}
