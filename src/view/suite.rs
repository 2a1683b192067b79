//! Suites, for people and for programs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::suite::{Checked, Listed, Split};

use crate::model::suite::Said;

use super::eval::{EvalPlanV1, plan};
use super::evaluation::counted;
use super::paint::printable;
use super::table::columns;

#[derive(Debug, Serialize, JsonSchema)]
pub struct ListedV1<'a> {
    name: &'a str,
    path: &'a str,
    description: Option<&'a str>,
    prompts: Vec<&'a str>,
    models: Vec<&'a str>,
    datasets: Vec<&'a str>,
    /// Cases that are written in the file.
    cases: Option<usize>,
    /// Whether the file is in order; `palc suite check` says why not.
    valid: bool,
}

pub fn listed(listed: &[Listed]) -> Vec<ListedV1<'_>> {
    listed.iter().map(one).collect()
}

fn one(one: &Listed) -> ListedV1<'_> {
    let suite = one.suite.as_ref();
    ListedV1 {
        name: &one.name,
        path: &one.path,
        description: suite.and_then(|suite| suite.description.as_deref()),
        prompts: suite.map(|suite| words(&suite.prompts)).unwrap_or_default(),
        models: suite.map(|suite| words(&suite.models)).unwrap_or_default(),
        datasets: suite.map(|suite| words(&suite.datasets)).unwrap_or_default(),
        cases: suite.map(|suite| suite.cases.len()),
        valid: suite.is_some(),
    }
}

fn words(said: &[Said<String>]) -> Vec<&str> {
    said.iter().map(|said| said.it.as_str()).collect()
}

pub fn listed_text(listed: &[Listed], width: Option<usize>) -> String {
    if listed.is_empty() {
        return "there are no suites; `palc suite new` writes one\n".to_owned();
    }
    let row = |one: &Listed| {
        let what = match &one.suite {
            None => "not in order: `palc suite check` says why".to_owned(),
            Some(suite) => {
                let prompts = suite.prompts.iter().map(|said| said.it.as_str()).collect::<Vec<_>>().join(", ");
                let mut from: Vec<String> = suite.datasets.iter().map(|said| said.it.clone()).collect();
                if !suite.cases.is_empty() {
                    from.insert(0, counted(suite.cases.len() as u64, "case"));
                }
                format!("{prompts}: {}", from.join(", "))
            }
        };
        vec![printable(&one.name), printable(&what)]
    };
    columns(&listed.iter().map(row).collect::<Vec<_>>(), width)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckedV1<'a> {
    name: &'a str,
    path: &'a str,
    valid: bool,
    /// What a run would ask for; null if it is not in order.
    plan: Option<EvalPlanV1<'a>>,
}

pub fn checked(checked: &[Checked]) -> Vec<CheckedV1<'_>> {
    checked.iter().map(looked_at).collect()
}

fn looked_at(one: &Checked) -> CheckedV1<'_> {
    CheckedV1 { name: &one.name, path: &one.path, valid: one.findings.is_empty(), plan: one.plan.as_ref().map(plan) }
}

pub fn checked_text(checked: &[Checked]) -> String {
    let line = |one: &Checked| match &one.plan {
        Some(plan) => format!(
            "{}: in order, {}, {}\n",
            printable(&one.name),
            counted(plan.manifest.cases, "case"),
            counted(plan.samples, "answer")
        ),
        None => format!("{}: not in order\n", printable(&one.name)),
    };
    checked.iter().map(line).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct WrittenV1<'a> {
    path: &'a str,
}

pub fn written(path: &str) -> WrittenV1<'_> {
    WrittenV1 { path }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SplitV1<'a> {
    suite: &'a str,
    /// The ids of the cases by the name of their split.
    splits: &'a BTreeMap<String, Vec<String>>,
    /// Cases that are nearly the same, and so in one split.
    together: &'a [Vec<String>],
}

pub fn split(split: &Split) -> SplitV1<'_> {
    SplitV1 { suite: &split.suite, splits: &split.splits, together: &split.together }
}

pub fn split_text(split: &Split) -> String {
    if split.splits.keys().all(String::is_empty) {
        return format!("{} has no `splits`\n", printable(&split.suite));
    }
    let mut text = String::new();
    for (name, cases) in &split.splits {
        text += &format!("{}: {}\n", printable(name), counted(cases.len() as u64, "case"));
        for case in cases {
            text += &format!("  {}\n", printable(case));
        }
    }
    for group in &split.together {
        text += &format!("nearly the same: {}\n", printable(&group.join(", ")));
    }
    text
}
