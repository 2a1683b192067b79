//! How a prompt did, version by version.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::perf::{Outcome, Row, Version};
use crate::base::stats::Interval;
use crate::eval::perf::{Repeats, Summary};
use crate::model::Money;

use super::paint::{Paint, printable};
use super::table::columns;

const TITLES: [&str; 9] = ["version", "model", "cases", "passes", "95 %", "score", "p95", "tokens", "cost"];

pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let mut rows = vec![TITLES.map(|title| paint.dim(title)).to_vec()];
    rows.extend(outcome.rows.iter().map(|row| cells(row).to_vec()));
    let table = columns(&rows, None);
    let notes: Vec<String> = outcome.rows.iter().flat_map(notes).collect();
    let notes = if notes.is_empty() { String::new() } else { format!("\n{}\n", notes.join("\n")) };
    format!("{}\n\n{table}{notes}", paint.bold(&printable(&outcome.name)))
}

pub fn markdown(outcome: &Outcome) -> String {
    let mut out = format!("### {}\n\n| {} |\n|", printable(&outcome.name), TITLES.join(" | "));
    out += &"---|".repeat(TITLES.len());
    out += "\n";
    for row in &outcome.rows {
        out += &format!("| {} |\n", cells(row).map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
    for note in outcome.rows.iter().flat_map(notes) {
        out += &format!("\n- {}", note.trim());
    }
    if out.ends_with('\n') { out } else { out + "\n" }
}

fn cells(row: &Row) -> [String; 9] {
    let summary = &row.summary;
    let decided = summary.passed + summary.failed;
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let score = summary.score.map(|score| {
        let reach = summary.score_interval.map_or(String::new(), |interval| format!(" [{}]", range(interval)));
        format!("{:.3}{reach}, spread {:.3}", score.mean, score.spread)
    });
    let undecided = if summary.undecided > 0 { format!(", {} undecided", summary.undecided) } else { String::new() };
    [
        version(&row.version),
        printable(&row.model),
        summary.cases.to_string(),
        or_dash(summary.rate.map(|rate| format!("{}/{decided} {:.1} %{undecided}", summary.passed, rate * 100.0))),
        or_dash(summary.rate_interval.map(|at| format!("{:.1}–{:.1} %", at.low * 100.0, at.high * 100.0))),
        or_dash(score),
        or_dash(summary.p95_ms.map(|ms| format!("{ms} ms"))),
        or_dash(
            summary.input_tokens.zip(summary.output_tokens).map(|(input, output)| format!("{input:.0} → {output:.0}")),
        ),
        or_dash(cost(summary)),
    ]
}

fn range(interval: Interval) -> String {
    format!("{:.3}, {:.3}", interval.low, interval.high)
}

/// Of an answer. What has no price is said, as it is not free.
fn cost(summary: &Summary) -> Option<String> {
    match (each(summary), summary.unpriced) {
        (Some(each), 0) => Some(each.to_string()),
        (Some(each), without) => Some(format!("{each}, {without} without a price")),
        (None, 0) => None,
        (None, _) => Some("no price is known".to_owned()),
    }
}

fn each(summary: &Summary) -> Option<Money> {
    summary.cost.map(|sum| Money(sum.0 / i128::from(summary.priced)))
}

fn version(version: &Version) -> String {
    let now = if version.is_current { " (now)" } else { "" };
    match &version.numbers[..] {
        [] if version.is_current => "not committed (now)".to_owned(),
        [] => format!("{} of elsewhere", &version.blob[..version.blob.len().min(8)]),
        [one] => format!("{one}{now}"),
        several => {
            let numbers: Vec<String> = several.iter().map(u32::to_string).collect();
            format!("{}{now}", numbers.join(", "))
        }
    }
}

/// Where the noise comes from, if cases were repeated.
fn notes(row: &Row) -> Vec<String> {
    let Some(Repeats { cases, flaky, k, pass_at_k, pass_all_k, split }) = &row.summary.repeats else {
        return Vec::new();
    };
    let whose = format!("{}, {}", version(&row.version), printable(&row.model));
    let mut told = format!(
        "{whose}: {flaky} of {cases} repeated cases pass only now and then; one of {k} passes in {:.1} %, all in {:.1} %",
        pass_at_k * 100.0,
        pass_all_k * 100.0
    );
    if let Some(share) = split.and_then(|split| split.share_within()) {
        let advice = if share > 0.5 { "more repeats help" } else { "more cases help, more repeats hardly" };
        told += &format!("; {:.0} % of the noise of the score is between repeats: {advice}", share * 100.0);
    }
    vec![told]
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PerfV1<'a> {
    prompt: &'a str,
    /// By version and model: what says the same as now first, then the newest.
    rows: Vec<RowV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RowV1<'a> {
    /// The numbers of the versions that say this to a model, oldest first; empty if none was committed here.
    versions: &'a [u32],
    /// Whether the prompt says this now.
    current: bool,
    /// The git blob that was tried.
    blob: &'a str,
    model: &'a str,
    suites: &'a [String],
    cases: u64,
    passed: u64,
    failed: u64,
    undecided: u64,
    /// Of the decided answers; null if there are none.
    pass_rate: Option<f64>,
    /// Of 95 in 100; clusters and repeats count for what they are worth.
    pass_rate_low: Option<f64>,
    pass_rate_high: Option<f64>,
    score: Option<f64>,
    score_spread: Option<f64>,
    score_error: Option<f64>,
    score_low: Option<f64>,
    score_high: Option<f64>,
    /// Answers whose time is known, as that of runs on this machine.
    timed: u64,
    p50_ms: Option<u64>,
    p95_ms: Option<u64>,
    input_tokens_mean: Option<f64>,
    output_tokens_mean: Option<f64>,
    /// In dollars, of the answers whose price is known; null if none is.
    cost_total: Option<String>,
    priced: u64,
    unpriced: u64,
    repeats: Option<RepeatsV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RepeatsV1 {
    /// Cases with several decided answers, and those whose answers do not agree.
    cases: u64,
    flaky: u64,
    k: u64,
    /// The chance that at least one of k answers passes, and that all do.
    pass_at_k: f64,
    pass_all_k: f64,
    /// Variance of the score between cases and between answers to one case.
    variance_between: Option<f64>,
    variance_within: Option<f64>,
}

pub fn object(outcome: &Outcome) -> PerfV1<'_> {
    PerfV1 { prompt: &outcome.name, rows: outcome.rows.iter().map(row).collect() }
}

fn row(row: &Row) -> RowV1<'_> {
    let summary = &row.summary;
    RowV1 {
        versions: &row.version.numbers,
        current: row.version.is_current,
        blob: &row.version.blob,
        model: &row.model,
        suites: &row.suites,
        cases: summary.cases,
        passed: summary.passed,
        failed: summary.failed,
        undecided: summary.undecided,
        pass_rate: summary.rate,
        pass_rate_low: summary.rate_interval.map(|interval| interval.low),
        pass_rate_high: summary.rate_interval.map(|interval| interval.high),
        score: summary.score.map(|score| score.mean),
        score_spread: summary.score.map(|score| score.spread),
        score_error: summary.score.and_then(|score| score.error),
        score_low: summary.score_interval.map(|interval| interval.low),
        score_high: summary.score_interval.map(|interval| interval.high),
        timed: summary.timed,
        p50_ms: summary.p50_ms,
        p95_ms: summary.p95_ms,
        input_tokens_mean: summary.input_tokens,
        output_tokens_mean: summary.output_tokens,
        cost_total: summary.cost.map(Money::exact),
        priced: summary.priced,
        unpriced: summary.unpriced,
        repeats: summary.repeats.as_ref().map(repeats),
    }
}

fn repeats(repeats: &Repeats) -> RepeatsV1 {
    RepeatsV1 {
        cases: repeats.cases,
        flaky: repeats.flaky,
        k: repeats.k,
        pass_at_k: repeats.pass_at_k,
        pass_all_k: repeats.pass_all_k,
        variance_between: repeats.split.and_then(|split| split.between),
        variance_within: repeats.split.and_then(|split| split.within),
    }
}
