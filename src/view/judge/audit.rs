//! Whether a judge is fair.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::judge::audit::{Found, Outcome};
use crate::eval::judge::audit::{Fairness, Found as Test, Report, Test as Kind};
use crate::view::paint::{Paint, printable};
use crate::view::select_best::{PlanV1, plan, planned};
use crate::view::table;

pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    match &outcome.found {
        Found::Plan(plan) => planned(plan),
        Found::Report(report) => {
            let rows: Vec<Vec<String>> = report.found.iter().map(|found| row(found, paint)).collect();
            table::columns(&rows, width)
        }
    }
}

fn row(found: &Test, paint: Paint) -> Vec<String> {
    let word = word(found);
    let word = match found.fairness() {
        Fairness::Fair => paint.green(word),
        Fairness::Biased => paint.red(word),
        Fairness::Unknown => paint.dim(word),
    };
    vec![paint.bold(found.test.word()), word, counted(found)]
}

/// Not every fault is a bias.
fn word(found: &Test) -> &'static str {
    match (found.fairness(), found.test) {
        (Fairness::Unknown, _) => "unknown",
        (Fairness::Fair, Kind::Precision) => "good",
        (Fairness::Fair, Kind::Repeats) => "steady",
        (Fairness::Fair, _) => "fair",
        (Fairness::Biased, Kind::Precision) => "poor",
        (Fairness::Biased, Kind::Repeats) => "unsteady",
        (Fairness::Biased, _) => "biased",
    }
}

fn counted(found: &Test) -> String {
    let all = found.decided();
    let Test { for_it, against, even, undecided, .. } = found;
    let undecided = if *undecided > 0 { format!("; {undecided} without a verdict") } else { String::new() };
    let said = match found.test {
        Kind::Order => format!(
            "{} of {all} pairs hang on the order: the first wins {for_it}, the second {against}{}",
            for_it + against,
            chance(found)
        ),
        Kind::Length => format!(
            "of the same answer, padded and not: the padded one wins {for_it} of {all}, the plain one {against}, {even} even{}",
            chance(found)
        ),
        Kind::Name => {
            format!("its own name wins {for_it} of {all}, another name {against}, {even} even{}", chance(found))
        }
        Kind::Precision => {
            format!("the better answer wins {for_it} of {all}, the worse one {against}, {even} even{}", range(found))
        }
        Kind::Repeats => format!("the same again in {for_it} of {all}{}", range(found)),
    };
    said + &undecided
}

fn chance(found: &Test) -> String {
    match found.p() {
        p if p >= 0.9995 => String::new(),
        p if p < 0.001 => " (p < 0.001)".into(),
        p => format!(" (p {p:.3})"),
    }
}

fn range(found: &Test) -> String {
    let range = found
        .share()
        .map(|(_, interval)| format!(" (95 % sure: {:.0} to {:.0} %)", interval.low * 100.0, interval.high * 100.0));
    range.unwrap_or_default()
}

/// What it comes to, and why replies were no verdicts.
pub fn sentences(outcome: &Outcome) -> Vec<String> {
    let Found::Report(report) = &outcome.found else { return Vec::new() };
    let judge = printable(&report.judge);
    let faults: Vec<&str> = faults(report).map(|found| found.test.word()).collect();
    let first = match () {
        () if !faults.is_empty() => format!("{judge} fails: {}", faults.join(", ")),
        () if report.is_fair() => format!("nothing speaks against {judge} in {} pairs", report.pairs),
        () => format!("too few replies of {judge} are verdicts to tell"),
    };
    let troubles = report.troubles.iter().map(|why| format!("without a verdict: {}", printable(why)));
    [first].into_iter().chain(troubles).collect()
}

fn faults(report: &Report) -> impl Iterator<Item = &Test> {
    report.found.iter().filter(|found| found.fairness() == Fairness::Biased)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditV1<'a> {
    /// The model that judges.
    judge: &'a str,
    /// Null with --dry-run.
    report: Option<AuditReportV1<'a>>,
    /// What would be asked; null without --dry-run.
    plan: Option<PlanV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditReportV1<'a> {
    pairs: u64,
    /// `fair`, `biased` or `unknown`.
    verdict: &'a str,
    tests: Vec<AuditTestV1<'a>>,
    /// Why replies were no verdicts.
    troubles: &'a [String],
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditTestV1<'a> {
    /// `order`, `length`, `name`, `precision` or `repeats`.
    test: &'a str,
    /// `fair`, `biased` or `unknown`; of precision and repeats, `biased` means that they are poor.
    verdict: &'a str,
    /// Pairs on the side that a biased judge prefers: the first place, the padded text, its own name. Of precision, those where
    /// the better answer wins; of repeats, those with the same verdict again.
    for_it: u64,
    against: u64,
    even: u64,
    undecided: u64,
    /// How likely chance gives one side so many more than the other; of precision and repeats, null.
    p: Option<f64>,
    /// The share of pairs on the first side, and between which shares it lies with 95 % confidence; null if none is decided.
    share: Option<f64>,
    interval: Option<[f64; 2]>,
}

pub fn object(outcome: &Outcome) -> AuditV1<'_> {
    let (report, planned) = match &outcome.found {
        Found::Report(report) => (Some(reported(report)), None),
        Found::Plan(planned) => (None, Some(plan(planned))),
    };
    AuditV1 { judge: &outcome.judge, report, plan: planned }
}

fn reported(report: &Report) -> AuditReportV1<'_> {
    let verdict = match () {
        () if report.is_biased() => Fairness::Biased,
        () if report.is_fair() => Fairness::Fair,
        () => Fairness::Unknown,
    };
    AuditReportV1 {
        pairs: report.pairs,
        verdict: verdict.word(),
        tests: report.found.iter().map(test).collect(),
        troubles: &report.troubles,
    }
}

fn test(found: &Test) -> AuditTestV1<'_> {
    let share = found.share();
    AuditTestV1 {
        test: found.test.word(),
        verdict: found.fairness().word(),
        for_it: found.for_it,
        against: found.against,
        even: found.even,
        undecided: found.undecided,
        p: (!matches!(found.test, Kind::Precision | Kind::Repeats)).then(|| found.p()),
        share: share.map(|(share, _)| share),
        interval: share.map(|(_, interval)| [interval.low, interval.high]),
    }
}
