//! How a judge compares with people.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::judge::calibrate::{Compared, Outcome};
use crate::base::stats::Interval;
use crate::view::paint::{Paint, printable};
use crate::view::table;

pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let people = match outcome.raters.len() {
        1 => printable(&outcome.raters[0]),
        many => format!("{many} people"),
    };
    let answers = if outcome.rated == 1 { "1 answer".into() } else { format!("{} answers", outcome.rated) };
    let among = outcome.people.map(|alpha| format!(", who agree among themselves with alpha {alpha:.2}"));
    let mut out = format!("{answers} of {} rated by {people}{}\n", printable(&outcome.name), among.unwrap_or_default());
    for judge in &outcome.judges {
        out.push('\n');
        out.push_str(&paint.bold(&printable(&judge.check)));
        out.push('\n');
        let rows: Vec<Vec<String>> =
            rows(judge).into_iter().map(|(name, value)| vec![format!("  {}", paint.dim(name)), value]).collect();
        out.push_str(&table::columns(&rows, None));
    }
    out
}

fn rows(judge: &Compared) -> Vec<(&'static str, String)> {
    let table = &judge.table;
    let mut rows = Vec::new();
    let left = match (judge.undecided, judge.unsure) {
        (0, 0) => String::new(),
        (undecided, unsure) => {
            format!("; left out: {undecided} where the judge is undecided, {unsure} where people are")
        }
    };
    rows.push(("compared", format!("{} answers{left}", judge.pairs)));
    rows.push((
        "agreement",
        match judge.agreement {
            None => "unknown".into(),
            Some(share) => format!("{}{}", percent(share), beyond(judge)),
        },
    ));
    if judge.pairs > 0 {
        rows.push(("people pass", format!("the judge passes {}, fails {}", table.true_pass, table.false_fail)));
        rows.push(("people fail", format!("the judge passes {}, fails {}", table.false_pass, table.true_fail)));
    }
    if let Some((offset, interval)) = judge.offset {
        let range = interval.map(|it| format!(" (95 %: {:+.2} to {:+.2})", it.low, it.high)).unwrap_or_default();
        let sure = interval.is_some_and(|it| !it.holds(0.0));
        let word = match (sure, offset > 0.0) {
            (true, true) => ": the judge gives more than people",
            (true, false) => ": the judge gives less than people",
            (false, _) => "",
        };
        rows.push(("offset", format!("{offset:+.2}{range}{word}")));
    }
    if judge.judged > 0 {
        let rate = percent(judge.passed as f64 / judge.judged as f64);
        let corrected = match judge.corrected {
            Some((rate, it)) => {
                format!(
                    "; as people would see it {} (95 %: {} to {})",
                    percent(rate),
                    percent(it.low),
                    percent(it.high)
                )
            }
            None => {
                "; nothing follows from that for people, as the judge is no better than chance or too little is rated"
                    .into()
            }
        };
        rows.push(("pass rate", format!("{rate} of {}{corrected}", judge.judged)));
    }
    rows
}

fn beyond(judge: &Compared) -> String {
    let number = |name: &str, value: Option<f64>| value.map(|value| format!(", {name} {value:.2}")).unwrap_or_default();
    number("kappa", judge.kappa) + &number("alpha", judge.alpha)
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CalibrateV1<'a> {
    suite: &'a str,
    raters: &'a [String],
    /// Answers that somebody rated.
    rated: usize,
    /// Krippendorff's alpha of people among themselves; null if no answer was rated twice.
    people_alpha: Option<f64>,
    judges: Vec<CalibratedV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CalibratedV1<'a> {
    /// The check, as results name it.
    check: &'a str,
    /// Answers with a verdict of the judge and of people.
    pairs: u64,
    /// Left out, as the judge is undecided, or people are.
    undecided: u64,
    unsure: u64,
    agreement: Option<f64>,
    /// Cohen's kappa of the verdicts.
    kappa: Option<f64>,
    /// Krippendorff's alpha of the values, the judge's and people's.
    alpha: Option<f64>,
    confusion: ConfusionV1,
    /// The share of what people pass that the judge passes, and of what they fail that it fails.
    sensitivity: Option<f64>,
    specificity: Option<f64>,
    /// How much more the judge gives than people, with the bounds of 95 %.
    offset: Option<f64>,
    offset_interval: Option<[f64; 2]>,
    /// As the judge says, and as people would, with the bounds of 95 %.
    pass_rate: Option<f64>,
    corrected_pass_rate: Option<f64>,
    corrected_interval: Option<[f64; 2]>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ConfusionV1 {
    both_pass: u64,
    both_fail: u64,
    /// People fail what the judge passes.
    only_judge_passes: u64,
    only_people_pass: u64,
}

pub fn object(outcome: &Outcome) -> CalibrateV1<'_> {
    CalibrateV1 {
        suite: &outcome.suite,
        raters: &outcome.raters,
        rated: outcome.rated,
        people_alpha: outcome.people,
        judges: outcome.judges.iter().map(judge).collect(),
    }
}

fn judge(judge: &Compared) -> CalibratedV1<'_> {
    let bounds = |interval: Interval| [interval.low, interval.high];
    let table = &judge.table;
    CalibratedV1 {
        check: &judge.check,
        pairs: judge.pairs,
        undecided: judge.undecided,
        unsure: judge.unsure,
        agreement: judge.agreement,
        kappa: judge.kappa,
        alpha: judge.alpha,
        confusion: ConfusionV1 {
            both_pass: table.true_pass,
            both_fail: table.true_fail,
            only_judge_passes: table.false_pass,
            only_people_pass: table.false_fail,
        },
        sensitivity: table.sensitivity(),
        specificity: table.specificity(),
        offset: judge.offset.map(|(offset, _)| offset),
        offset_interval: judge.offset.and_then(|(_, interval)| interval).map(bounds),
        pass_rate: (judge.judged > 0).then(|| judge.passed as f64 / judge.judged as f64),
        corrected_pass_rate: judge.corrected.map(|(rate, _)| rate),
        corrected_interval: judge.corrected.map(|(_, interval)| bounds(interval)),
    }
}
