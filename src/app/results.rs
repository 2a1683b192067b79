//! Results of suites: which there are, those of several shares put together, and those that nobody needs any more.

use std::iter::Peekable;
use std::path::Path;

use serde_json::json;

use super::App;
use super::eval::begun;
use super::eval::record::{self, Record};
use super::report::found::{self, Found};
use crate::base::{Error, Result, disk};
use crate::model::results::{Line, Manifest, Moment};

/// A run of a suite.
#[derive(Debug)]
pub struct Run {
    pub id: String,
    pub suite: String,
    /// None if it did not come to its end.
    pub head: Option<record::Head>,
}

#[derive(Debug)]
pub struct Listing {
    /// The latest first.
    pub runs: Vec<Run>,
    pub kept: Vec<(String, record::Head)>,
}

pub fn list(app: &App) -> Result<Listing> {
    let mut runs = Vec::new();
    for id in begun::all(app)?.into_iter().rev() {
        let folder = begun::find(app, &id)?;
        let head = record::read_summary(&folder).ok();
        let suite = head.as_ref().map(|head| head.manifest.suite.clone()).or_else(|| begun::suite_of(&folder));
        runs.push(Run { id, suite: suite.unwrap_or_default(), head });
    }
    let mut kept = Vec::new();
    for suite in found::suites(app)? {
        let folder = app.workspace()?.root().join(found::results_of(app, &suite)?);
        kept.push((suite, record::read_summary(&folder)?));
    }
    Ok(Listing { runs, kept })
}

/// Runs that are put together.
#[derive(Debug)]
pub struct Merged {
    pub id: String,
    pub lines: u64,
    pub manifest: Manifest,
}

/// Put the shares of a run together: all of them, each once, and of the same thing.
pub fn merge(app: &App, named: &[String]) -> Result<Merged> {
    let all = named.iter().map(|name| found::find(app, Some(name))).collect::<Result<Vec<Found>>>()?;
    let manifest = one_manifest(&all)?;
    let (id, folder) = begun::new_folder(app, &json!({"suite": manifest.suite, "merged": named}))?;
    let merged = fill(&all, &folder, &manifest);
    if merged.is_err() {
        disk::remove_tree(&folder)?;
    }
    Ok(Merged { id, lines: merged?, manifest })
}

/// What all of them are of; an error if they are not of the same, or not all of it.
fn one_manifest(all: &[Found]) -> Result<Manifest> {
    let Some(first) = all.first() else { return Err(Error::usage("name the runs that are to be put together")) };
    let of = |found: &Found| Manifest { shard: None, cases: 0, ..found.manifest.clone() };
    let wanted = of(first);
    for other in &all[1..] {
        if let Some(what) = difference(&wanted, &of(other)) {
            return Err(Error::no(format!("{} and {} are not of the same: {what} differ", first.name, other.name))
                .hint("shares must be run with the same suite, data and prompts"));
        }
    }
    let mut shares: Vec<(u32, u32)> = all.iter().filter_map(|found| found.manifest.shard).collect();
    shares.sort_unstable();
    let of = shares.first().map_or(0, |(_, of)| *of);
    if shares.len() != all.len() || shares.iter().any(|(_, other)| *other != of) {
        return Err(
            Error::no("these are not the shares of one run").hint("make them with `palc eval --shard 1/3` and so on")
        );
    }
    let missing: Vec<String> =
        (1..=of).filter(|share| !shares.contains(&(*share, of))).map(|share| format!("{share}/{of}")).collect();
    if !missing.is_empty() {
        return Err(Error::no(format!("shares are missing: {}", missing.join(", "))));
    }
    Ok(Manifest { cases: all.iter().map(|found| found.manifest.cases).sum(), ..wanted })
}

fn difference(one: &Manifest, other: &Manifest) -> Option<&'static str> {
    let checks = [
        ("the suites", one.suite != other.suite || one.suite_digest != other.suite_digest),
        ("the prompts", one.prompts != other.prompts),
        ("the models", one.models != other.models),
        ("the files", one.files != other.files),
        ("the repeats", one.repeat != other.repeat),
        ("the cases that were wanted", one.filter != other.filter),
    ];
    checks.into_iter().find(|(_, differs)| *differs).map(|(what, _)| what)
}

fn fill(all: &[Found], folder: &Path, manifest: &Manifest) -> Result<u64> {
    let mut record = Record::new(folder);
    let mut readers = Vec::new();
    for found in all {
        readers.push((found, found.lines()?.peekable()));
    }
    let mut last: Option<(String, Line)> = None;
    let mut lines = 0;
    while let Some((found, line)) = least(&mut readers)? {
        let key = record::key(&line);
        match &last {
            Some((known, other)) if *known == key && *other == line => continue,
            Some((known, _)) if *known == key => {
                let about = &line.about;
                return Err(Error::no(format!(
                    "{} with {} is there twice, with different results",
                    about.case, about.model
                ))
                .hint(format!("one of them is in {}", found.name)));
            }
            _ => {}
        }
        let moment = found.moment(&line).cloned().unwrap_or(Moment {
            key: line.about.key.clone(),
            kept: true,
            ..Moment::default()
        });
        record.add(&line, &moment)?;
        lines += 1;
        last = Some((key, line));
    }
    record.end(manifest, true)?;
    Ok(lines)
}

type Reader<'a> = (&'a Found, Peekable<Box<dyn Iterator<Item = Result<Line>> + 'a>>);

/// The next line of all of them in their order.
fn least<'a>(readers: &mut [Reader<'a>]) -> Result<Option<(&'a Found, Line)>> {
    let mut best: Option<(usize, String)> = None;
    for (at, (_, reader)) in readers.iter_mut().enumerate() {
        let key = match reader.peek() {
            Some(Ok(line)) => record::key(line),
            // An error comes first, wherever it stands.
            Some(Err(_)) => String::new(),
            None => continue,
        };
        if best.as_ref().is_none_or(|(_, least)| key < *least) {
            best = Some((at, key));
        }
    }
    let Some((at, _)) = best else { return Ok(None) };
    let (found, reader) = &mut readers[at];
    reader.next().transpose().map(|line| line.map(|line| (*found, line)))
}

/// Runs that were removed, or would be.
#[derive(Debug)]
pub struct Pruned {
    pub removed: Vec<String>,
    pub left: usize,
}

/// Remove the records of all runs but the latest. What was paid for stays known, and what was kept stays kept.
pub fn prune(app: &App, keep: usize, dry_run: bool) -> Result<Pruned> {
    let mut ids = begun::all(app)?;
    let left = ids.len().min(keep);
    ids.truncate(ids.len() - left);
    if !dry_run {
        for id in &ids {
            disk::remove_tree(&begun::find(app, id)?)?;
        }
    }
    Ok(Pruned { removed: ids, left })
}

/// Lines, each with what was true of it when it was made, where that is known.
pub type Answers = Vec<(Line, Option<Moment>)>;

/// One case of results, with everything that is known of it.
pub fn case(app: &App, which: Option<&str>, case: &str) -> Result<(String, Answers)> {
    let found = found::find(app, which)?;
    let mut lines = Vec::new();
    for line in found.lines()? {
        let line = line?;
        if line.about.case == case {
            let moment = found.moment(&line).cloned();
            lines.push((line, moment));
        }
    }
    match lines.is_empty() {
        true => Err(Error::no(format!("{} has no case `{case}`", found.name))),
        false => Ok((found.name, lines)),
    }
}
