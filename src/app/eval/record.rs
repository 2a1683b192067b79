//! The record of a run: what it was of, its lines in their order, what they come to, and what is true for now only.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::Request;
use super::begun::name;
use super::samples::Asked;
use super::sorted::{self, Sorter};
use super::suites::{Open, beside, read};
use crate::app::App;
use crate::base::disk;
use crate::base::hash::sha256;
use crate::base::secret::redact;
use crate::base::{Error, Result};
use crate::eval::tally::Counts;
use crate::format::results::{self, LINES, MOMENTS, SCHEMA, SUMMARY};
use crate::model::results::{Line, Manifest, Moment};
use crate::model::{Money, Value};
use crate::provider::cassette::sorted as sorted_keys;

/// What a run is of.
pub fn manifest(app: &App, open: &Open, asked: &[Asked<'_>], request: &Request) -> Result<Manifest> {
    let mut files = Vec::new();
    for dataset in &open.suite.datasets {
        let path = beside(&open.suite.path, &dataset.it)?;
        let digest = sha256(&read(app, &path)?);
        files.push((path, digest));
    }
    for (path, digest) in asked.iter().flat_map(Asked::judged_by) {
        // Those that come with palc are no files of the repository.
        let path = if path.starts_with("palc:") { path } else { beside(&open.suite.path, &path)? };
        files.push((path, digest));
    }
    files.sort();
    files.dedup();
    let mut models: Vec<String> = Vec::new();
    for model in asked.iter().flat_map(Asked::models) {
        if !models.contains(model) {
            models.push(model.clone());
        }
    }
    let mut prompts: Vec<_> = asked.iter().map(|asked| asked.tried.clone()).collect();
    prompts.sort();
    Ok(Manifest {
        suite: open.suite.name.clone(),
        suite_digest: sha256(open.text.as_bytes()),
        prompts,
        models,
        files,
        repeat: request.repeat.unwrap_or(open.suite.repeat),
        cases: 0,
        shard: request.wanted.shard,
        derived: open.suite.derived.iter().map(|(name, formula)| (name.clone(), formula.it.clone())).collect(),
        filter: request.wanted.words(),
    })
}

/// What was paid now, and for how many answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    pub lines: u64,
    /// Lines for which nothing was paid now.
    pub kept: u64,
    /// Of answers and of judges.
    pub cost: Money,
    pub judged: Money,
    /// Answers whose price, or whose judges' price, is not known.
    pub unpriced: u64,
}

impl Spent {
    fn add(&mut self, moment: &Moment) {
        self.lines += 1;
        if moment.kept {
            self.kept += 1;
            return;
        }
        self.unpriced += u64::from(moment.cost.is_none() || moment.judged.is_none());
        self.cost = self.cost + moment.cost.unwrap_or_default();
        self.judged = self.judged + moment.judged.unwrap_or_default();
    }
}

/// Takes lines as they come.
pub struct Record {
    folder: PathBuf,
    sorter: Sorter,
    moments: String,
    spent: Spent,
    counts: Counts,
}

/// Text that is held before it is written.
const HELD: usize = 1 << 18;

impl Record {
    pub fn new(folder: &Path) -> Record {
        let (folder, sorter) = (folder.to_owned(), Sorter::new(folder));
        Record { folder, sorter, moments: String::new(), spent: Spent::default(), counts: Counts::default() }
    }

    pub fn add(&mut self, line: &Line, moment: &Moment) -> Result<()> {
        if self.spent.lines == 0 {
            disk::remove_derived(&self.folder.join(MOMENTS))?;
        }
        self.spent.add(moment);
        self.counts.add(line.verdict);
        self.sorter.add(key(line), redact(&results::print(line)).into_owned())?;
        self.moments += &results::print_moment(moment);
        if self.moments.len() >= HELD { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        if self.moments.is_empty() {
            return Ok(());
        }
        disk::extend(&self.folder.join(MOMENTS), self.moments.as_bytes())?;
        self.moments.clear();
        Ok(())
    }

    /// Write everything down. The summary comes last: without it the lines do not count.
    pub fn end(mut self, manifest: &Manifest, whole: bool) -> Result<Spent> {
        self.flush()?;
        disk::remove_derived(&self.folder.join(SUMMARY))?;
        sorted::write(&self.folder.join(LINES), self.sorter)?;
        disk::write_derived(&self.folder.join(SUMMARY), summary(manifest, self.counts, whole).as_bytes())?;
        Ok(self.spent)
    }
}

/// Cases come in the order of their ids, and below them prompts, models, settings and repeats.
pub fn key(line: &Line) -> String {
    let about = &line.about;
    let params = if about.params.is_empty() { String::new() } else { Value::Object(about.params.clone()).to_string() };
    let plain = |text: &str| text.replace(['\t', '\n', '\u{1}'], " ");
    format!(
        "{}\u{1}{}\u{1}{}\u{1}{}\u{1}{:06}",
        plain(&about.case),
        plain(&about.id),
        plain(&about.model),
        plain(&params),
        about.repeat
    )
}

/// The file of a summary, with its line end.
fn summary(manifest: &Manifest, counts: Counts, whole: bool) -> String {
    let value = json!({
        "counts": {"failed": counts.failed, "passed": counts.passed, "undecided": counts.undecided},
        "manifest": results::print_manifest(manifest),
        "schema": SCHEMA,
        "whole": whole,
    });
    format!("{:#}\n", sorted_keys(value))
}

/// What a run was of, what it came to, and whether it came to its end.
#[derive(Debug, Clone)]
pub struct Head {
    pub manifest: Manifest,
    pub counts: Counts,
    pub whole: bool,
}

pub fn read_summary(folder: &Path) -> Result<Head> {
    let path = folder.join(SUMMARY);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Error::no(format!("the run {} did not come to its end", name(folder)))
            .because(error)
            .hint(format!("go on with `palc eval --resume {}`", name(folder)))
    })?;
    let wrong = |why: String| Error::invalid(format!("{} is no summary of results: {why}", path.display()));
    let value: Value = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let count = |name: &str| value["counts"][name].as_u64().unwrap_or_default();
    Ok(Head {
        manifest: results::parse_manifest(&value["manifest"]).map_err(wrong)?,
        counts: Counts { passed: count("passed"), failed: count("failed"), undecided: count("undecided") },
        whole: value["whole"].as_bool().unwrap_or(false),
    })
}
