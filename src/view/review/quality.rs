//! What kept results say of a change: how many pass before and after, how sure the difference is, and which cases flipped.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::quality::{Held, Quality};
use crate::app::review::Outcome;
use crate::base::stats::Interval;
use crate::base::stats::gate::Verdict;
use crate::eval::compare::{Change, Delta, Group, Measure};
use crate::eval::tally::Known;

use super::super::diff::html::escape;
use super::super::diff::markdown::{cell, code};
use super::super::evaluation::json::{SumV1, sum};
use super::super::evaluation::{money, outcome as sums, percent};
use super::super::paint::{Paint, visible};
use super::super::table::columns;

/// So many flipped cases of a suite are named.
const FLIPS: usize = 5;

/// One prompt with one model, in words.
struct Row {
    prompt: String,
    model: String,
    /// `67 % → 100 %`
    rates: String,
    /// `+33 (-12 to +78)`, in points of percent.
    delta: String,
    /// `2 better, 1 worse`
    flips: String,
    p: String,
    verdict: String,
}

fn rows(quality: &Quality) -> Vec<Row> {
    let Some(comparison) = &quality.comparison else { return Vec::new() };
    comparison.groups.iter().chain(&comparison.all).map(row).collect()
}

fn row(group: &Group) -> Row {
    let delta = group.delta(&Measure::Passes);
    let prompt = match (group.base.as_str(), group.head.as_str()) {
        ("", "") => "all".to_owned(),
        (base, head) if base == head => head.to_owned(),
        (base, head) => format!("{base} → {head}"),
    };
    Row {
        prompt,
        model: group.model.clone(),
        rates: delta.map(|it| format!("{} → {}", percent(it.base), percent(it.head))).unwrap_or_default(),
        delta: delta.map(points).unwrap_or_default(),
        flips: format!("{} better, {} worse", group.flips.better, group.flips.worse),
        p: delta.and_then(|it| it.adjusted.or(it.p)).map(probability).unwrap_or_default(),
        verdict: verdict(group),
    }
}

fn points(delta: &Delta) -> String {
    let point = |share: f64| format!("{:+.0}", share * 100.0);
    let range = |Interval { low, high }: Interval| format!(" ({} to {})", point(low), point(high));
    format!("{}{}", point(delta.delta), delta.interval.map(range).unwrap_or_default())
}

fn probability(p: f64) -> String {
    if p < 0.001 { "<0.001".into() } else { format!("{p:.3}") }
}

fn verdict(group: &Group) -> String {
    match (group.verdict, group.needed) {
        _ if group.same => "the same answers".into(),
        (Verdict::Inconclusive, Some(needed)) => {
            let cases = if needed == 1 { "case" } else { "cases" };
            format!("inconclusive, about {needed} more {cases} would tell")
        }
        (verdict, _) => verdict.word().to_owned(),
    }
}

/// What a suite comes to where there are no two sides, and what is odd about them otherwise.
fn notes(quality: &Quality) -> Vec<String> {
    let mut notes = Vec::new();
    let one = |held: &Held| sums(&held.tally.total);
    match (&quality.base, &quality.head) {
        (None, Some(head)) => notes.push(format!("new results: {}", one(head))),
        (Some(base), None) => notes.push(format!("its results are gone; before: {}", one(base))),
        (Some(base), Some(head)) => notes.extend(costs(base, head)),
        (None, None) => {}
    }
    if let Some(comparison) = &quality.comparison {
        let coverage = comparison.coverage;
        let mut note = |number: u64, what: &str| {
            if number > 0 {
                notes.push(format!("{number} {what}"));
            }
        };
        note(coverage.only_base, "cases only before");
        note(coverage.only_head, "cases only after");
        note(coverage.lost, "cases without a decided answer on one side, which count for nothing");
        if comparison.groups.is_empty() {
            notes.push("nothing could be compared".into());
        }
    }
    notes
}

fn costs(base: &Held, head: &Held) -> Option<String> {
    let tokens = |held: &Held| held.tally.total.input_tokens.sum + held.tally.total.output_tokens.sum;
    let is_counted = |held: &Held| held.tally.total.input_tokens.known > 0;
    (is_counted(base) && is_counted(head)).then(|| {
        let cost = |cost: &Known<_>| money(cost);
        format!(
            "{} → {} tokens; at today's prices {} → {}",
            tokens(base),
            tokens(head),
            cost(&base.cost),
            cost(&head.cost)
        )
    })
}

/// The cases that lost most, and then those that won most.
fn flipped(quality: &Quality) -> Vec<String> {
    let Some(comparison) = &quality.comparison else { return Vec::new() };
    let shown = |change: &Change| {
        format!("{} with {}: {} → {}", change.item.case, change.item.model, percent(change.base), percent(change.head))
    };
    let changes: Vec<&Change> = comparison.groups.iter().flat_map(|group| &group.changed).collect();
    let mut worse: Vec<&&Change> = changes.iter().filter(|change| change.head < change.base).collect();
    worse.sort_by(|a, b| (a.head - a.base).total_cmp(&(b.head - b.base)));
    let more = worse.len().saturating_sub(FLIPS);
    let mut lines: Vec<String> = worse.into_iter().take(FLIPS).map(|change| shown(change)).collect();
    if more > 0 {
        lines.push(format!("{more} more became worse"));
    }
    lines
}

pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let mut out = String::new();
    for quality in &outcome.quality {
        out.push_str(&format!("\n{}\n", paint.bold(&format!("quality: {}", visible(&quality.suite)))));
        let rows: Vec<Vec<String>> = rows(quality)
            .into_iter()
            .map(|row| {
                let verdict = match row.verdict.as_str() {
                    "regression" => paint.red(&row.verdict),
                    "pass" => paint.green(&row.verdict),
                    _ => row.verdict.clone(),
                };
                let p = if row.p.is_empty() { String::new() } else { format!("p {}", row.p) };
                vec![
                    format!("  {}", visible(&row.prompt)),
                    visible(&row.model),
                    row.rates,
                    row.delta,
                    row.flips,
                    p,
                    verdict,
                ]
            })
            .collect();
        out.push_str(&columns(&rows, None));
        for note in notes(quality) {
            out.push_str(&format!("  {}\n", visible(&note)));
        }
        for line in flipped(quality) {
            out.push_str(&format!("  worse: {}\n", visible(&line)));
        }
    }
    out
}

/// A heading and its lines.
pub fn markdown(outcome: &Outcome) -> Option<(String, Vec<String>)> {
    let mut lines = Vec::new();
    for quality in &outcome.quality {
        let rows = rows(quality);
        let heads = "| prompt | model | pass | difference | flips | p | verdict |\n|---|---|---|---|---|---|---|\n";
        let table: String = rows
            .iter()
            .map(|row| {
                let verdict = if row.verdict == "regression" { "**regression**" } else { &row.verdict };
                let model = if row.model.is_empty() { String::new() } else { cell(&row.model) };
                format!(
                    "| {} | {model} | {} | {} | {} | {} | {verdict} |\n",
                    cell(&row.prompt),
                    row.rates,
                    row.delta,
                    row.flips,
                    row.p
                )
            })
            .collect();
        let table = if rows.is_empty() { String::new() } else { format!("{heads}{table}\n") };
        let notes: String = notes(quality).iter().map(|note| format!("- {note}\n")).collect();
        let flipped: String = flipped(quality).iter().map(|line| format!("- worse: {}\n", code(line))).collect();
        lines.push(format!("Suite {}\n\n{table}{notes}{flipped}\n", code(&quality.suite)));
    }
    (!lines.is_empty()).then(|| ("## Quality\n\n".to_owned(), lines))
}

pub fn html(outcome: &Outcome) -> String {
    let mut out = String::new();
    for quality in &outcome.quality {
        let row = |row: &Row| {
            let class = if row.verdict == "regression" { "badge breaking" } else { "badge" };
            format!(
                "<tr><th>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td><span class=\"{class}\">{}</span></td></tr>\n",
                escape(&visible(&row.prompt)),
                escape(&visible(&row.model)),
                row.rates,
                row.delta,
                row.flips,
                escape(&row.p),
                row.verdict
            )
        };
        let rows: String = rows(quality).iter().map(row).collect();
        let table = if rows.is_empty() {
            String::new()
        } else {
            format!(
                "<table>\n<tr><th>prompt</th><th>model</th><th>pass</th><th>difference</th><th>flips</th><th>p</th><th>verdict</th></tr>\n{rows}</table>\n"
            )
        };
        let lines = notes(quality).into_iter().chain(flipped(quality).into_iter().map(|line| format!("worse: {line}")));
        let lines: String = lines.map(|line| format!("<li>{}</li>\n", escape(&visible(&line)))).collect();
        out.push_str(&format!("<h2>Quality: {}</h2>\n{table}<ul>\n{lines}</ul>\n", escape(&visible(&quality.suite))));
    }
    out
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct QualityV1<'a> {
    suite: &'a str,
    /// pass, inconclusive or regression; null if nothing could be compared.
    verdict: Option<&'static str>,
    /// How much worse it may be.
    margin: Option<f64>,
    /// Null where no results were kept.
    base: Option<SumV1<'a>>,
    head: Option<SumV1<'a>>,
    /// By prompt and model.
    groups: Vec<GroupV1<'a>>,
    /// All of them together, if there are several.
    all: Option<GroupV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct GroupV1<'a> {
    base_prompt: &'a str,
    head_prompt: &'a str,
    model: &'a str,
    cases: u64,
    /// Passed before and fail now, and the other way round.
    worse: u64,
    better: u64,
    verdict: &'static str,
    /// Whether the very same answers were given.
    same: bool,
    /// How many more cases it takes to tell.
    needed: Option<u64>,
    deltas: Vec<DeltaV1<'a>>,
    changed: Vec<ChangedCaseV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DeltaV1<'a> {
    /// passes, score, or the name of a metric.
    measure: &'a str,
    base: f64,
    head: f64,
    delta: f64,
    interval: Option<[f64; 2]>,
    p: Option<f64>,
    /// p, where it is one of many.
    adjusted: Option<f64>,
}

/// A case whose share of passes changed.
#[derive(Debug, Serialize, JsonSchema)]
struct ChangedCaseV1<'a> {
    case: &'a str,
    base: f64,
    head: f64,
}

pub fn objects(outcome: &Outcome) -> Vec<QualityV1<'_>> {
    outcome.quality.iter().map(object).collect()
}

fn object(quality: &Quality) -> QualityV1<'_> {
    let comparison = quality.comparison.as_ref();
    QualityV1 {
        suite: &quality.suite,
        verdict: quality.verdict().map(Verdict::word),
        margin: comparison.map(|it| it.rule.margin),
        base: quality.base.as_ref().map(|held| sum(&held.tally.total)),
        head: quality.head.as_ref().map(|held| sum(&held.tally.total)),
        groups: comparison.map(|it| it.groups.iter().map(group_object).collect()).unwrap_or_default(),
        all: comparison.and_then(|it| it.all.as_ref()).map(group_object),
    }
}

fn group_object(group: &Group) -> GroupV1<'_> {
    GroupV1 {
        base_prompt: &group.base,
        head_prompt: &group.head,
        model: &group.model,
        cases: group.cases,
        worse: group.flips.worse,
        better: group.flips.better,
        verdict: group.verdict.word(),
        same: group.same,
        needed: group.needed,
        deltas: group.deltas.iter().map(delta_object).collect(),
        changed: group.changed.iter().map(changed_object).collect(),
    }
}

fn delta_object(delta: &Delta) -> DeltaV1<'_> {
    DeltaV1 {
        measure: delta.measure.name(),
        base: delta.base,
        head: delta.head,
        delta: delta.delta,
        interval: delta.interval.map(|interval| [interval.low, interval.high]),
        p: delta.p,
        adjusted: delta.adjusted,
    }
}

fn changed_object(change: &Change) -> ChangedCaseV1<'_> {
    ChangedCaseV1 { case: &change.item.case, base: change.base, head: change.head }
}
