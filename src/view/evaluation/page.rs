//! An evaluation as one page with nothing outside of it. What the run comes to stands in the page as it is; the matrix of
//! all cases is drawn by a script from data that stands in the page as well: short rows that are read at once, and blocks
//! of answers that are read when somebody opens a case of them. So a long run opens as quickly as a short one.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::app::report::{Answer, Outcome};
use crate::base::Result;
use crate::eval::Tally;
use crate::eval::tally::{Column, Sum};
use crate::model::Verdict;
use crate::model::results::{Checked, Line, Manifest, Moment};

use super::super::diff::html::escape;
use super::super::paint::visible;
use super::heat::{self, Value};
use super::{Cells, percent};

const SCRIPT: &str = include_str!("../../../assets/report/report.js");
const STYLE: &str = include_str!("../../../assets/report/report.css");
/// How many cases stand in one block.
const CHUNK: usize = 100;

/// What stands at the head of the page.
#[derive(Debug)]
pub struct Head<'a> {
    pub manifest: &'a Manifest,
    /// Which results these are: `the results in the work tree`, `run 4f2a`.
    pub whose: &'a str,
    pub tally: &'a Tally,
    /// What they are compared with, and what that is called: `main`.
    pub base: Option<(&'a str, &'a Manifest, &'a Tally)>,
    /// Further sections, as HTML.
    pub sections: &'a [String],
}

/// Write a whole page, piece by piece.
pub fn write(outcome: &Outcome, sections: &[String], mut put: impl FnMut(&str) -> Result<()>) -> Result<()> {
    let Outcome { found, tally, base } = outcome;
    let base = base.as_ref().map(|(found, tally)| (found.label.as_str(), &found.manifest, tally));
    let head = Head { manifest: &found.manifest, whose: &found.name, tally, base, sections };
    let (mut page, text) = Page::open(&head);
    put(&text)?;
    outcome.each_case(|case, answers| put(&page.case(case, answers)))?;
    put(&page.close())
}

/// A page that is being written.
#[derive(Debug)]
pub struct Page {
    columns: Vec<ColumnV1>,
    places: HashMap<(bool, Column), usize>,
    checks: Vec<String>,
    known: HashMap<String, usize>,
    /// The rows of the matrix so far, as JSON.
    rows: String,
    /// The cases of the block that is not yet full.
    block: Vec<String>,
    blocks: usize,
}

#[derive(Debug, Serialize)]
struct ColumnV1 {
    prompt: String,
    /// The prompt's id: the partner of a column of the base has the same.
    id: String,
    model: String,
    params: String,
    /// What the base is called; nothing for columns that are not of it.
    base: Option<String>,
}

/// An answer within a block. The names are short because there are many.
#[derive(Debug, Serialize)]
struct AnswerV1<'a> {
    #[serde(rename = "v")]
    verdict: char,
    #[serde(rename = "s")]
    score: Option<f64>,
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    calls: Option<String>,
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    meta: Option<String>,
    #[serde(rename = "c")]
    checks: Vec<CheckedV1<'a>>,
}

type Parts<'a> = Vec<(&'a str, f64)>;
/// The number of its name, a letter, the value, the reason and what the value is made of.
type CheckedV1<'a> = (usize, char, Option<f64>, String, Option<Parts<'a>>);

impl Page {
    /// Everything above the data.
    pub fn open(head: &Head<'_>) -> (Page, String) {
        let mut columns = Vec::new();
        let mut places = HashMap::new();
        let manifests = head.base.map(|(_, manifest, _)| manifest).into_iter().chain([head.manifest]);
        let ids: BTreeMap<&str, &str> = manifests
            .flat_map(|manifest| &manifest.prompts)
            .map(|tried| (tried.prompt.as_str(), tried.id.as_str()))
            .collect();
        let sides = head.base.map(|(name, _, tally)| (Some(name), tally)).into_iter().chain([(None, head.tally)]);
        let mut all: Vec<(Option<&str>, &Column)> =
            sides.flat_map(|(name, tally)| tally.columns.keys().map(move |column| (name, column))).collect();
        // What was before stands beside what it became.
        all.sort_by_key(|(base, column)| (*column, base.is_none()));
        for (base, column) in all {
            places.insert((base.is_some(), column.clone()), columns.len());
            columns.push(ColumnV1 {
                prompt: visible(&column.prompt),
                id: ids.get(column.prompt.as_str()).unwrap_or(&column.prompt.as_str()).to_string(),
                model: visible(&column.model),
                params: visible(&column.params),
                base: base.map(visible),
            });
        }
        let page = Page {
            columns,
            places,
            checks: Vec::new(),
            known: HashMap::new(),
            rows: String::new(),
            block: Vec::new(),
            blocks: 0,
        };
        (page, top(head))
    }

    /// Take in all answers to one case, and give back a block when it is full.
    pub fn case(&mut self, case: &str, answers: &[Answer]) -> String {
        let mut cells: Vec<Vec<&Answer>> = vec![Vec::new(); self.columns.len()];
        for answer in answers {
            if let Some(&at) = self.places.get(&(answer.base, Column::of(&answer.line.about))) {
                cells[at].push(answer);
            }
        }
        let tags = answers.first().map(|answer| answer.line.about.tags.join(" ")).unwrap_or_default();
        let row: Vec<Option<(String, Option<f64>)>> = cells.iter().map(|cell| short(cell)).collect();
        let comma = if self.rows.is_empty() { "" } else { ",\n" };
        let _ = write!(self.rows, "{comma}{}", json(&(visible(case), row, visible(&tags))));
        let details: Vec<Option<Vec<AnswerV1<'_>>>> = cells
            .iter()
            .map(|cell| {
                let answers = cell.iter().map(|answer| self.answer(answer)).collect();
                (!cell.is_empty()).then_some(answers)
            })
            .collect();
        self.block.push(json(&details));
        if self.block.len() == CHUNK { self.full() } else { String::new() }
    }

    /// Everything below.
    pub fn close(mut self) -> String {
        let last = if self.block.is_empty() { String::new() } else { self.full() };
        let (columns, checks) = (json(&self.columns), json(&self.checks));
        format!(
            "{last}<script type=\"application/json\" id=\"data\">{{\"chunk\":{CHUNK},\"columns\":{columns},\"checks\":{checks},\
             \"rows\":[\n{}]}}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
            self.rows
        )
    }

    fn full(&mut self) -> String {
        let block = std::mem::take(&mut self.block).join(",\n");
        self.blocks += 1;
        format!("<script type=\"application/json\" id=\"d{}\">[{block}]</script>\n", self.blocks - 1)
    }

    fn answer<'a>(&mut self, Answer { line, moment, .. }: &'a Answer) -> AnswerV1<'a> {
        let given = line.answer.as_ref();
        let calls = given.filter(|given| !given.tool_calls.is_empty()).map(|given| {
            let call = |call: &crate::model::call::ToolCall| format!("{}({})", call.name, call.arguments);
            visible(&given.tool_calls.iter().map(call).collect::<Vec<_>>().join("\n"))
        });
        AnswerV1 {
            verdict: letter(line.verdict),
            score: line.score,
            answer: given.map(|given| visible(&given.text)),
            trouble: line.trouble.as_deref().map(visible),
            refusal: given.and_then(|given| given.refusal.as_deref()).map(visible),
            calls,
            meta: meta(line, moment.as_ref()),
            checks: line.checks.iter().map(|check| self.check(check)).collect(),
        }
    }

    fn check<'a>(&mut self, check: &'a Checked) -> CheckedV1<'a> {
        let at = match self.known.get(&check.name) {
            Some(at) => *at,
            None => {
                self.checks.push(visible(&check.name));
                self.known.insert(check.name.clone(), self.checks.len() - 1);
                self.checks.len() - 1
            }
        };
        let parts: Parts<'_> = check.parts.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let parts = (!parts.is_empty()).then_some(parts);
        (at, letter(check.verdict), check.value, visible(&check.reason), parts)
    }
}

/// Nothing that ends a script can stand in one.
fn json(value: &impl Serialize) -> String {
    // Our own structs always have a JSON form.
    serde_json::to_string(value).unwrap_or_default().replace('<', "\\u003c")
}

fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Passed => 'p',
        Verdict::Failed => 'f',
        Verdict::Undecided => 'u',
    }
}

/// A cell of the matrix: a letter for each repeat, and the mean score.
fn short(cell: &[&Answer]) -> Option<(String, Option<f64>)> {
    let letters = cell.iter().map(|answer| letter(answer.line.verdict)).collect();
    let scores: Vec<f64> = cell.iter().filter_map(|answer| answer.line.score).collect();
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    (!cell.is_empty()).then(|| (letters, (!scores.is_empty()).then(|| (mean * 1e3).round() / 1e3)))
}

/// `12 → 30 tokens · 120 ms · $0.0021`
fn meta(line: &Line, moment: Option<&Moment>) -> Option<String> {
    let given = line.answer.as_ref();
    let count = |count: Option<u64>| count.map_or("?".to_owned(), |count| count.to_string());
    let tokens = given
        .filter(|given| given.input_tokens.is_some() || given.output_tokens.is_some())
        .map(|given| format!("{} → {} tokens", count(given.input_tokens), count(given.output_tokens)));
    let stop = given.and_then(|given| given.stop.as_ref()).map(|stop| format!("ended: {stop}"));
    let elapsed = moment.map(|moment| format!("{} ms", moment.elapsed_ms));
    let cost = moment.map(|moment| moment.cost.map_or_else(|| "cost unknown".to_owned(), |cost| cost.to_string()));
    let parts: Vec<String> = [tokens, elapsed, cost, stop].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn top(head: &Head<'_>) -> String {
    let title = format!("Evaluation of {}", escape(&visible(&head.manifest.suite)));
    let hash = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    let heat = heat::grid(&head.manifest.suite, head.tally, &Value::Pass);
    let heat = if heat.is_worth_a_look() {
        format!("<h2>Prompts and models</h2>\n{}", heat::html(&heat))
    } else {
        String::new()
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{}{}{}{heat}{}{}</main>\n",
        lead(head),
        sums(head),
        head.sections.concat(),
        checks(&head.tally.total),
        matrix(head.base.map(|(name, ..)| name)),
    )
}

/// What it comes to, in one line and one bar.
fn lead(head: &Head<'_>) -> String {
    let counts = head.tally.total.counts;
    let verdict = escape(&super::outcome(&head.tally.total));
    let against = head.base.map(|(name, ..)| format!(", beside {}", escape(&visible(name)))).unwrap_or_default();
    let filter = match head.manifest.filter.as_str() {
        "" => String::new(),
        filter => format!("; only {}", escape(&visible(filter))),
    };
    let part = |number: u64, class: &str| format!("<i class=\"{class}\" style=\"--n:{number}\"></i>");
    format!(
        "<p class=\"lead\"><b>{verdict}</b></p>\n<div class=\"bar\" role=\"img\" aria-label=\"{verdict}\">{}{}{}</div>\n\
         <p class=\"quiet\">{}{against}; {}, {}{filter}</p>\n",
        part(counts.passed, "p"),
        part(counts.failed, "f"),
        part(counts.undecided, "u"),
        escape(&visible(head.whose)),
        super::counted(head.manifest.cases, "case"),
        super::counted(u64::from(head.manifest.repeat), "answer") + " each",
    )
}

/// The table of the terminal, with a picture of each interval.
fn sums(head: &Head<'_>) -> String {
    let base =
        head.base.into_iter().flat_map(|(name, _, tally)| tally.columns.iter().map(move |one| (Some(name), one)));
    let mut all: Vec<(Option<&str>, (&Column, &Sum))> =
        base.chain(head.tally.columns.iter().map(|one| (None, one))).collect();
    all.sort_by_key(|(base, (column, _))| (*column, base.is_none()));
    let priced = all.iter().any(|(_, (_, sum))| !super::cost(sum).is_empty());
    let rows: String = all.into_iter().map(|(base, (column, sum))| row(base, column, sum, priced)).collect();
    let cost = if priced { "<th>cost</th>" } else { "" };
    format!(
        "<h2>Results</h2>\n<div class=\"wide\"><table class=\"sums\">\n<thead><tr><th>prompt</th><th>model</th><th>pass</th><th>rate</th>\
         <th>95 %</th><th></th><th>score</th><th>undecided</th><th>tokens</th>{cost}</tr></thead>\n<tbody>\n{rows}\
         </tbody></table></div>\n"
    )
}

fn row(base: Option<&str>, column: &Column, sum: &Sum, priced: bool) -> String {
    let cells = Cells::of(sum);
    let name = escape(&visible(&column.prompt));
    let name =
        base.map_or(name.clone(), |base| format!("{name} <span class=\"quiet\">{}</span>", escape(&visible(base))));
    let range = sum.interval().zip(sum.counts.rate()).map(|((low, high), rate)| {
        let (low, high, rate) = (low * 100.0, high * 100.0, rate * 100.0);
        format!("<span class=\"range\" style=\"--a:{low:.1};--b:{high:.1};--v:{rate:.1}\"><i></i><b></b></span>")
    });
    let cell = |of: &str, text: &str| format!("<td class=\"n\" data-of=\"{of}\"><span>{}</span></td>", escape(text));
    format!(
        "<tr><th scope=\"row\">{name}</th><th>{}</th>{}{}{}<td class=\"picture\">{}</td>{}{}{}{}</tr>\n",
        escape(&visible(&column.engine())),
        cell("pass", &cells.pass),
        cell("rate", &cells.rate),
        cell("95 %", &cells.interval),
        range.unwrap_or_default(),
        cell("score", &cells.score),
        cell("undecided", &cells.undecided),
        cell("tokens", &cells.tokens),
        if priced { cell("cost", if cells.cost.is_empty() { "–" } else { &cells.cost }) } else { String::new() },
    )
}

/// How often each check passed, the worst first.
fn checks(total: &Sum) -> String {
    if total.checks.is_empty() {
        return String::new();
    }
    let mut checks: Vec<_> = total.checks.iter().collect();
    checks.sort_by(|a, b| a.1.rate().unwrap_or(0.0).total_cmp(&b.1.rate().unwrap_or(0.0)));
    let row = |(name, counts): (&String, &crate::eval::tally::Counts)| {
        format!(
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}/{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            escape(&visible(name)),
            counts.passed,
            counts.decided(),
            counts.rate().map_or_else(|| "–".into(), percent),
            counts.undecided
        )
    };
    let rows: String = checks.into_iter().map(row).collect();
    format!(
        "<h2>Checks</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>check</th><th>pass</th><th>rate</th><th>undecided</th></tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// What the script fills.
fn matrix(base: Option<&str>) -> String {
    let changed = if base.is_some() { "changed" } else { "not the same" };
    format!(
        "<h2>Cases</h2>\n<noscript><p>The matrix of all cases needs JavaScript, which stands in this page; nothing is loaded.</p></noscript>\n\
         <div id=\"matrix\" hidden>\n<div class=\"tools\" role=\"search\">\n\
         <input type=\"search\" id=\"find\" placeholder=\"case or tag\" aria-label=\"find a case or tag\">\n\
         <label><input type=\"checkbox\" id=\"failing\"> not passing</label>\n\
         <label class=\"pair\"><input type=\"checkbox\" id=\"changed\"> {changed}</label>\n\
         <label><input type=\"checkbox\" id=\"worst\"> worst first</label>\n\
         <label class=\"pair\">compare <select id=\"a\"></select></label>\n\
         <label class=\"pair\">with <select id=\"b\"></select></label>\n\
         <span class=\"quiet\" id=\"count\" role=\"status\"></span>\n</div>\n\
         <div class=\"wide\"><table class=\"matrix\"><thead><tr id=\"heads\"></tr></thead><tbody id=\"rows\"></tbody></table></div>\n\
         <p id=\"end\" hidden><button type=\"button\" id=\"more\">more cases</button></p>\n\
         <p class=\"quiet keys\"><kbd>j</kbd> <kbd>k</kbd> go down and up, <kbd>Enter</kbd> opens, <kbd>/</kbd> finds, \
         <kbd>f</kbd> not passing, <kbd>c</kbd> {changed}, <kbd>w</kbd> worst first</p>\n</div>\n"
    )
}
