//! Prompts against models, as a grid of one number each. Text, JSON and HTML show the same grid.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::eval::Tally;
use crate::eval::tally::{Column, Sum};

use super::super::diff::html::{escape, page as whole};
use super::super::paint::{Paint, printable, visible};
use super::super::table::columns;
use super::percent;

/// The grid of a run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HeatV1 {
    suite: String,
    /// pass, score, or the name of a metric: each from 0 to 1.
    value: String,
    prompts: Vec<String>,
    /// Models, with what a sweep set.
    models: Vec<String>,
    /// A row a prompt, a cell a model. Null where a prompt was not tried with a model.
    cells: Vec<Vec<Option<CellV1>>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CellV1 {
    /// Null if nothing could be decided.
    value: Option<f64>,
    /// How many answers it is made of, and how many could not be decided.
    answers: u64,
    undecided: u64,
}

/// Which number is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Pass,
    Score,
    Metric(String),
}

impl Value {
    pub fn of(word: &str) -> Value {
        match word {
            "pass" => Value::Pass,
            "score" => Value::Score,
            metric => Value::Metric(metric.to_owned()),
        }
    }

    pub fn word(&self) -> &str {
        match self {
            Value::Pass => "pass",
            Value::Score => "score",
            Value::Metric(name) => name,
        }
    }

    /// The number, how many answers it is made of, and how many it lacks.
    fn in_sum(&self, sum: &Sum) -> CellV1 {
        let (value, answers, undecided) = match self {
            Value::Pass => (sum.counts.rate(), sum.counts.decided(), sum.counts.undecided),
            Value::Score => (sum.score.mean(), sum.score.known, sum.score.unknown),
            Value::Metric(name) => match sum.metrics.get(name) {
                Some(mean) => (mean.mean(), mean.known, mean.unknown),
                None => (None, 0, 0),
            },
        };
        CellV1 { value, answers, undecided }
    }

    fn shown(&self, value: f64) -> String {
        if *self == Value::Pass { percent(value) } else { format!("{value:.2}") }
    }
}

pub fn grid(suite: &str, tally: &Tally, value: &Value) -> HeatV1 {
    let prompts: BTreeSet<&String> = tally.columns.keys().map(|column| &column.prompt).collect();
    let engines: BTreeSet<(&String, &String)> =
        tally.columns.keys().map(|column| (&column.model, &column.params)).collect();
    let cell = |prompt: &str, (model, params): &(&String, &String)| {
        let column = Column { prompt: prompt.to_owned(), model: (*model).clone(), params: (*params).clone() };
        tally.columns.get(&column).map(|sum| value.in_sum(sum))
    };
    let name = |(model, params): &(&String, &String)| {
        Column { prompt: String::new(), model: (*model).clone(), params: (*params).clone() }.engine()
    };
    HeatV1 {
        suite: suite.to_owned(),
        value: value.word().to_owned(),
        prompts: prompts.iter().map(|prompt| (*prompt).clone()).collect(),
        models: engines.iter().map(name).collect(),
        cells: prompts.iter().map(|prompt| engines.iter().map(|engine| cell(prompt, engine)).collect()).collect(),
    }
}

impl HeatV1 {
    /// Whether there is anything to compare.
    pub fn is_worth_a_look(&self) -> bool {
        self.prompts.len() * self.models.len() > 1
    }
}

/// What stands in a cell, with a mark if something could not be decided.
fn shown(cell: Option<&CellV1>, value: &Value) -> String {
    match cell {
        None => String::new(),
        Some(CellV1 { value: None, .. }) => "?".into(),
        Some(CellV1 { value: Some(number), undecided: 0, .. }) => value.shown(*number),
        Some(CellV1 { value: Some(number), .. }) => format!("{} ?", value.shown(*number)),
    }
}

/// Columns are models; if those do not fit, they are numbered and named below.
pub fn text(grid: &HeatV1, paint: Paint, width: Option<usize>) -> String {
    let value = Value::of(&grid.value);
    let table = |names: Vec<String>, paint: Paint| {
        let head = std::iter::once(String::new()).chain(names).collect();
        let row = |(prompt, cells): (&String, &Vec<Option<CellV1>>)| {
            let cells = cells.iter().map(|cell| {
                let text = shown(cell.as_ref(), &value);
                match cell.as_ref().and_then(|cell| cell.value) {
                    Some(number) if number >= 0.9 => paint.green(&text),
                    Some(number) if number < 0.5 => paint.red(&text),
                    Some(_) => paint.yellow(&text),
                    None => text,
                }
            });
            std::iter::once(printable(prompt)).chain(cells).collect::<Vec<String>>()
        };
        columns(&std::iter::once(head).chain(grid.prompts.iter().zip(&grid.cells).map(row)).collect::<Vec<_>>(), None)
    };
    let models: Vec<String> = grid.models.iter().map(|model| printable(model)).collect();
    let plain = table(models.clone(), Paint::default());
    let is_wide =
        |text: &str, width: usize| text.lines().any(|line| unicode_width::UnicodeWidthStr::width(line) > width);
    let body = if width.is_some_and(|width| is_wide(&plain, width)) {
        let numbers = (1..=models.len()).map(|number| number.to_string()).collect();
        let names = models.iter().enumerate().map(|(at, model)| format!("  {} {model}\n", at + 1));
        format!("{}\n{}", table(numbers, paint), names.collect::<String>())
    } else {
        table(models, paint)
    };
    let undecided = grid.cells.iter().flatten().flatten().any(|cell| cell.undecided > 0);
    let note = if undecided { "\n?: some or all could not be decided\n" } else { "" };
    format!("{}, {}\n\n{body}{note}", printable(&grid.suite), what(&value))
}

fn what(value: &Value) -> String {
    match value {
        Value::Pass => "share of answers that pass".into(),
        Value::Score => "mean score".into(),
        Value::Metric(name) => format!("mean of {}", printable(name)),
    }
}

/// The grid as a whole page.
pub fn page(grid: &HeatV1) -> String {
    let title = format!("Prompts and models of {}", escape(&visible(&grid.suite)));
    let style = "<style>.heat td{text-align:center;min-width:5rem;background:rgb(30 110 180/calc(var(--v,0)*.006))}\
                 .heat td.none,.heat thead td{background:none;border:0}.wide{overflow-x:auto}\
                 .heat caption{text-align:left;color:var(--quiet)}</style>\n";
    whole(&title, &format!("{style}<h1>{title}</h1>\n{}", html(grid)))
}

/// The grid as a table: how much ink a cell has says what the number says.
pub fn html(grid: &HeatV1) -> String {
    let value = Value::of(&grid.value);
    let head: String =
        grid.models.iter().map(|model| format!("<th scope=\"col\">{}</th>", escape(&visible(model)))).collect();
    let cell = |cell: &Option<CellV1>| {
        let Some(cell) = cell else { return "<td class=\"none\"></td>".to_owned() };
        let level = cell.value.map_or(0.0, |number| number.clamp(0.0, 1.0) * 100.0).round();
        let title = format!("{} answers, {} undecided", cell.answers, cell.undecided);
        format!("<td style=\"--v:{level}\" title=\"{title}\">{}</td>", escape(&shown(Some(cell), &value)))
    };
    let row = |(prompt, cells): (&String, &Vec<Option<CellV1>>)| {
        let cells: String = cells.iter().map(cell).collect();
        format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escape(&visible(prompt)))
    };
    let rows: String = grid.prompts.iter().zip(&grid.cells).map(row).collect();
    format!(
        "<div class=\"wide\"><table class=\"heat\"><caption>{}</caption>\n<thead><tr><td></td>{head}</tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>\n",
        escape(&what(&value))
    )
}
