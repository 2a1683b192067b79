//! Rubrics.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table;
use crate::app::rubric::{Checked, Found};
use crate::eval::judge::sheet::Sheet;
use crate::model::rubric::Criterion;

pub fn table(rubrics: &[Found], paint: Paint, width: Option<usize>) -> String {
    let row = |found: &Found| {
        let rubric = &found.rubric;
        vec![
            paint.bold(&printable(&rubric.name)),
            paint.dim(&from(found)),
            count(rubric.criteria.len(), "criterion", "criteria"),
            printable(rubric.description.as_deref().unwrap_or_default()),
        ]
    };
    table::columns(&rubrics.iter().map(row).collect::<Vec<_>>(), width)
}

fn from(found: &Found) -> String {
    if found.built_in { "comes with palc".into() } else { printable(&found.rubric.path) }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

pub fn text(found: &Found, paint: Paint) -> String {
    let rubric = &found.rubric;
    let mut out = format!("{} {}\n", paint.bold(&printable(&rubric.name)), paint.dim(&format!("# {}", from(found))));
    if let Some(about) = &rubric.description {
        out.push_str(&format!("{}\n", printable(about)));
    }
    let mut row = |label: &str, value: String| {
        if !value.is_empty() {
            out.push_str(&format!("{} {}\n", paint.dim(&format!("{label:<12}")), printable(&value)));
        }
    };
    let scale = rubric.scale;
    row("scale", format!("{} to {}", scale.low, scale.high));
    let least = scale.low + rubric.threshold * (scale.high - scale.low);
    row("passes", format!("from a weighted mean of {}", round(least)));
    row("evaluator", rubric.evaluator.word().to_owned());
    row("judges", rubric.judges.join(", "));
    if rubric.judges.len() > 1 {
        row("panel", rubric.panel.word().to_owned());
    }
    row("prompt", rubric.prompt.clone().unwrap_or_default());
    for criterion in &rubric.criteria {
        out.push_str(&one(criterion, paint));
    }
    out
}

fn one(criterion: &Criterion, paint: Paint) -> String {
    let share = format!("{} %", round(criterion.weight * 100.0));
    let mut out = format!("\n{} {}\n", paint.bold(&printable(&criterion.name)), paint.dim(&share));
    out.push_str(&format!("{}\n", printable(&criterion.about)));
    for (at, text) in &criterion.anchors {
        out.push_str(&format!("  {} {}\n", paint.dim(&format!("{at:>4}")), printable(text)));
    }
    out
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

pub fn sentence(checked: &Checked) -> String {
    let files = count(checked.paths.len(), "rubric", "rubrics");
    match (checked.paths.len(), checked.findings.len()) {
        (0, _) => "there are no rubrics to check: files in a folder called `rubrics` are some".into(),
        (1, 0) => format!("{files} is in order"),
        (_, 0) => format!("{files} are in order"),
        (_, wrong) => format!("{files} checked, {wrong} wrong"),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RubricV1<'a> {
    name: &'a str,
    path: &'a str,
    /// Whether it comes with palc.
    built_in: bool,
    description: Option<&'a str>,
    /// The lowest and the highest score.
    scale: [f64; 2],
    /// The least weighted mean that passes, from 0 to 1.
    threshold: f64,
    /// `judge` or `human`.
    evaluator: &'a str,
    judges: &'a [String],
    /// `mean` or `majority`.
    panel: &'a str,
    /// The prompt file that is asked in place of palc's own.
    prompt: Option<&'a str>,
    criteria: Vec<CriterionV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CriterionV1<'a> {
    name: &'a str,
    /// The sentence whose truth is scored.
    about: &'a str,
    /// Its share of the whole.
    weight: f64,
    anchors: Vec<AnchorV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct AnchorV1<'a> {
    score: f64,
    /// What an answer of this score is like.
    text: &'a str,
}

pub fn object(found: &Found) -> RubricV1<'_> {
    let rubric = &found.rubric;
    RubricV1 {
        name: &rubric.name,
        path: &rubric.path,
        built_in: found.built_in,
        description: rubric.description.as_deref(),
        scale: [rubric.scale.low, rubric.scale.high],
        threshold: rubric.threshold,
        evaluator: rubric.evaluator.word(),
        judges: &rubric.judges,
        panel: rubric.panel.word(),
        prompt: rubric.prompt.as_deref(),
        criteria: rubric.criteria.iter().map(criterion).collect(),
    }
}

fn criterion(criterion: &Criterion) -> CriterionV1<'_> {
    CriterionV1 {
        name: &criterion.name,
        about: &criterion.about,
        weight: criterion.weight,
        anchors: criterion.anchors.iter().map(|(score, text)| AnchorV1 { score: *score, text }).collect(),
    }
}

pub fn objects(rubrics: &[Found]) -> Vec<RubricV1<'_>> {
    rubrics.iter().map(object).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckedRubricsV1<'a> {
    /// The files that were checked.
    paths: &'a [String],
}

pub fn checked(checked: &Checked) -> CheckedRubricsV1<'_> {
    CheckedRubricsV1 { paths: &checked.paths }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct JudgePromptV1<'a> {
    /// The kind of check that asks it.
    kind: &'a str,
    path: &'a str,
    /// Of its text and of all that it may include: results name it.
    digest: &'a str,
    text: &'a str,
}

pub fn prompt<'a>(kind: &'a str, sheet: &'a Sheet) -> JudgePromptV1<'a> {
    JudgePromptV1 { kind, path: sheet.path(), digest: sheet.digest(), text: sheet.text() }
}
