//! An evaluation as a table for spreadsheets: one row an answer.

use crate::eval::Tally;
use crate::eval::tally::{Column, Fault};
use crate::model::Verdict;
use crate::model::results::{Line, Moment};

const HEAD: [&str; 21] = [
    "case",
    "prompt",
    "id",
    "model",
    "params",
    "repeat",
    "verdict",
    "score",
    "check",
    "reason",
    "passed_checks",
    "checks",
    "input_tokens",
    "output_tokens",
    "cost",
    "judge_cost",
    "elapsed_ms",
    "tags",
    "split",
    "fingerprint",
    "answer",
];

/// The first row.
pub fn head() -> String {
    record(&HEAD.map(str::to_owned))
}

pub fn row(line: &Line, moment: Option<&Moment>) -> String {
    let about = &line.about;
    let Column { prompt, model, params } = Column::of(about);
    let fault = Fault::of(line);
    let answer = line.answer.as_ref();
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let passed = line.checks.iter().filter(|check| check.verdict == Verdict::Passed).count();
    record(&[
        text(&about.case),
        text(&prompt),
        text(&about.id),
        text(&model),
        text(&params),
        about.repeat.to_string(),
        line.verdict.word().to_owned(),
        line.score.map(|score| score.to_string()).unwrap_or_default(),
        text(fault.as_ref().and_then(|fault| fault.check.as_deref()).unwrap_or_default()),
        text(fault.as_ref().map(|fault| fault.reason.as_str()).unwrap_or_default()),
        passed.to_string(),
        line.checks.len().to_string(),
        number(answer.and_then(|answer| answer.input_tokens)),
        number(answer.and_then(|answer| answer.output_tokens)),
        moment.and_then(|moment| moment.cost).map(|cost| cost.exact()).unwrap_or_default(),
        moment.and_then(|moment| moment.judged).map(|cost| cost.exact()).unwrap_or_default(),
        moment.map(|moment| moment.elapsed_ms.to_string()).unwrap_or_default(),
        text(&about.tags.join(" ")),
        text(about.split.as_deref().unwrap_or_default()),
        about.fingerprint.clone(),
        text(answer.map(|answer| answer.text.as_str()).unwrap_or_default()),
    ])
}

/// All rows at once, for what is small.
pub fn report<'l>(lines: impl IntoIterator<Item = &'l Line>) -> String {
    lines.into_iter().fold(head(), |out, line| out + &row(line, None))
}

/// Spreadsheets run what looks like a formula, and answers of models may look like anything. Numbers stay numbers.
fn text(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.trim().parse::<f64>().is_err();
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

fn record(cells: &[String]) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    // Memory takes everything that is written to it.
    let bytes = writer.write_record(cells).ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The sums as rows: what the table of the terminal says, without rounding.
pub fn sums(tally: &Tally) -> String {
    let head = ["prompt", "model", "params", "passed", "failed", "undecided", "rate", "low", "high", "score"];
    let mut out = record(&head.map(str::to_owned));
    for (column, sum) in &tally.columns {
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        let interval = sum.interval();
        out.push_str(&record(&[
            text(&column.prompt),
            text(&column.model),
            text(&column.params),
            sum.counts.passed.to_string(),
            sum.counts.failed.to_string(),
            sum.counts.undecided.to_string(),
            number(sum.counts.rate()),
            number(interval.map(|(low, _)| low)),
            number(interval.map(|(_, high)| high)),
            number(sum.score.mean()),
        ]));
    }
    out
}
