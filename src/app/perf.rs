//! How a prompt did in each of its versions, over all results that are known of it.

use std::collections::BTreeMap;

use crate::base::{Error, Result};
use crate::eval::perf::{Answers, Summary};
use crate::repo::History;

use super::App;
use super::compare::known::{self, Meanings, Meant};

#[derive(Debug, Default)]
pub struct Request {
    pub name: String,
    /// Only these suites.
    pub suites: Vec<String>,
}

#[derive(Debug)]
pub struct Outcome {
    pub name: String,
    /// The version that is in use first, then the newest.
    pub rows: Vec<Row>,
}

/// One version with one model.
#[derive(Debug)]
pub struct Row {
    pub version: Version,
    pub model: String,
    pub suites: Vec<String>,
    pub summary: Summary,
}

/// Versions that say the same to a model are one here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Whether it says what the prompt says now, or in the version that was asked for.
    pub is_current: bool,
    /// The newest last. Empty if it was never committed on this branch.
    pub numbers: Vec<u32>,
    /// The blob of which the results say that they are.
    pub blob: String,
}

pub fn perf(app: &App, request: &Request) -> Result<Outcome> {
    let meant = known::meant(app, &request.name)?;
    let meanings = Meanings::new(app, &meant.path);
    let numbers = numbers(app, &meant, &meanings)?;
    // By what the prompt said, or by the blob if that is gone.
    let mut found: BTreeMap<(String, String), (String, Vec<String>, Answers)> = BTreeMap::new();
    let tried = |tried: &crate::model::results::Tried| {
        meant.is_of(tried).then(|| (meanings.of(&tried.blob).unwrap_or(tried.blob.clone()), tried.blob.clone()))
    };
    known::each_line(app, &request.suites, tried, |(meaning, blob), set, line, moment| {
        let place = (meaning.clone(), line.about.model.clone());
        let (_, suites, answers) = found.entry(place).or_insert_with(|| (blob.clone(), Vec::new(), Answers::default()));
        if !suites.contains(&set.manifest.suite) {
            suites.push(set.manifest.suite.clone());
        }
        answers.add(&set.manifest.suite, line, moment);
        Ok(())
    })?;
    if found.is_empty() {
        return Err(Error::no(format!("no results are known of {}", meant.name))
            .hint("`palc eval` makes some, `palc results keep` keeps them"));
    }
    let mut rows: Vec<Row> = found
        .into_iter()
        .map(|((meaning, model), (blob, mut suites, answers))| {
            suites.sort();
            let numbers = numbers.get(&meaning).cloned().unwrap_or_default();
            let version = Version { is_current: meaning == meant.meaning, numbers, blob };
            Row { version, model, suites, summary: answers.summary() }
        })
        .collect();
    rows.sort_by(|a, b| {
        let order = |row: &Row| (!row.version.is_current, std::cmp::Reverse(row.version.numbers.last().copied()));
        order(a).cmp(&order(b)).then_with(|| a.model.cmp(&b.model)).then_with(|| a.version.blob.cmp(&b.version.blob))
    });
    Ok(Outcome { name: meant.name, rows })
}

/// The numbers of the versions by what they say. None in a shallow clone, as nobody knows them there.
fn numbers(app: &App, meant: &Meant, meanings: &Meanings<'_>) -> Result<BTreeMap<String, Vec<u32>>> {
    let workspace = app.workspace()?;
    let mut numbers: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    if !workspace.git().is_some_and(|git| git.has_head()) {
        return Ok(numbers);
    }
    let history = History::open(workspace, None)?;
    if history.is_cut() {
        return Ok(numbers);
    }
    for version in history.prompt(&meant.path)?.map(|prompt| prompt.versions).unwrap_or_default() {
        if let Some(meaning) = meanings.of(&version.blob) {
            numbers.entry(meaning).or_default().push(version.number);
        }
    }
    Ok(numbers)
}
