//! Where results are: those of a run, those that were kept, those of a revision, or those in a folder.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor};
use std::path::{Path, PathBuf};

use crate::base::{Error, Result};
use crate::eval::{Tally, derive};
use crate::format::results::{self, LINES, MOMENTS, SUMMARY};
use crate::model::results::{Line, Manifest, Moment};
use crate::repo::{Source, Workspace};

use super::super::App;

/// The folder of runs, beside everything else that is derived.
const RUNS: &str = "runs";

/// What the newest run is called, here and wherever a run is named.
const LATEST: &str = "latest";

/// Results that are there. Their lines are read one at a time.
#[derive(Debug)]
pub struct Found {
    /// `run 4f2a`, `the results of triage`, `the results of triage at main`.
    pub name: String,
    /// The same in a word or two, where the suite is known: `run 4f2a`, `main`.
    pub label: String,
    pub manifest: Manifest,
    lines: Lines,
    /// By the key of the line; empty for results that were kept.
    moments: HashMap<String, Moment>,
}

#[derive(Debug)]
enum Lines {
    File(PathBuf),
    /// From git.
    Bytes(String, Vec<u8>),
}

impl Found {
    /// One line after the other, as often as wanted.
    pub fn lines(&self) -> Result<Box<dyn Iterator<Item = Result<Line>> + '_>> {
        let (path, reader): (&str, Box<dyn BufRead + '_>) = match &self.lines {
            Lines::Bytes(path, bytes) => (path, Box::new(Cursor::new(bytes))),
            Lines::File(path) => {
                let file = File::open(path)
                    .map_err(|error| Error::storage(format!("cannot read {}", path.display())).because(error))?;
                (path.to_str().unwrap_or(LINES), Box::new(BufReader::with_capacity(1 << 16, file)))
            }
        };
        Ok(Box::new(results::lines(path, reader)))
    }

    pub fn moment(&self, line: &Line) -> Option<&Moment> {
        self.moments.get(&line.about.key)
    }

    /// All sums; of what did not pass, so many are kept.
    pub fn tally(&self, faults: usize) -> Result<Tally> {
        let mut tally = Tally::keeping(faults);
        for line in self.lines()? {
            let line = line?;
            tally.add(&line, self.moment(&line));
        }
        derive::add(&mut tally, &self.manifest.derived);
        Ok(tally)
    }
}

/// What was typed: a run, a suite, `suite@revision`, or a folder. If nothing was, the newest run, or what was kept of the
/// only suite.
pub fn find(app: &App, typed: Option<&str>) -> Result<Found> {
    let workspace = app.workspace()?;
    let Some(typed) = typed.filter(|typed| *typed != LATEST) else { return newest(app, workspace) };
    if let Some((suite, revision)) = typed.rsplit_once('@') {
        return at(app, suite, revision);
    }
    if let Some(found) = kept(app, workspace, typed)? {
        return Ok(found);
    }
    if let Some(folder) = run(app, workspace, typed)? {
        return of_run(&folder);
    }
    let folder = app.env.folder().join(typed);
    if folder.join(LINES).is_file() {
        return in_folder(&folder, typed.to_owned());
    }
    Err(unknown(app, workspace, typed))
}

/// What was kept of a suite, at a revision.
pub fn at(app: &App, suite: &str, revision: &str) -> Result<Found> {
    let workspace = app.workspace()?;
    let source = Source::at(workspace, Some(revision))?;
    if let Some(git) = workspace.git()
        && !git.reader().knows(revision)
    {
        return Err(Error::no(format!("git knows no revision `{revision}`")));
    }
    let name = format!("the results of {suite} at {revision}");
    of_source(&source, &results_of(app, suite)?, name, revision)?
        .ok_or_else(|| Error::no(format!("no results of `{suite}` were kept at {revision}")))
}

/// What was kept of a suite in a source.
pub fn of_source(source: &Source<'_>, folder: &str, name: String, label: &str) -> Result<Option<Found>> {
    let path = format!("{folder}/{LINES}");
    let Some(bytes) = source.read(&path)? else { return Ok(None) };
    let summary = format!("{folder}/{SUMMARY}");
    let manifest = manifest(&summary, source.read(&summary)?)?;
    let label = label.to_owned();
    Ok(Some(Found { name, label, manifest, lines: Lines::Bytes(path, bytes), moments: HashMap::new() }))
}

/// The folder in which the results of a suite are kept, from the root.
pub fn results_of(app: &App, suite: &str) -> Result<String> {
    Ok(format!("{}/{suite}", folder(app)?))
}

/// The folder below which results are kept.
pub fn folder(app: &App) -> Result<String> {
    Ok(app.settings()?.eval.results.clone())
}

/// The suites of which results were kept in the work tree.
pub fn suites(app: &App) -> Result<Vec<String>> {
    let root = app.workspace()?.root().join(folder(app)?);
    let mut found = Vec::new();
    below(&root, "", &mut found);
    found.sort();
    Ok(found)
}

fn below(folder: &Path, name: &str, found: &mut Vec<String>) {
    if !name.is_empty() && folder.join(LINES).is_file() {
        found.push(name.to_owned());
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if let Some(file) = entry.file_name().to_str()
            && entry.file_type().is_ok_and(|kind| kind.is_dir())
        {
            let name = if name.is_empty() { file.to_owned() } else { format!("{name}/{file}") };
            below(&entry.path(), &name, found);
        }
    }
}

fn kept(app: &App, workspace: &Workspace, suite: &str) -> Result<Option<Found>> {
    let source = Source::at(workspace, None)?;
    let suite = suite.trim_end_matches('/');
    of_source(&source, &results_of(app, suite)?, format!("the results of {suite}"), "kept")
}

/// The folder of a run, by its name or the beginning of it.
fn run(app: &App, workspace: &Workspace, typed: &str) -> Result<Option<PathBuf>> {
    let matching: Vec<PathBuf> = runs(app, workspace)?.into_iter().filter(|run| id(run).starts_with(typed)).collect();
    match &matching[..] {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        several => match several.iter().find(|run| id(run) == typed) {
            Some(exact) => Ok(Some(exact.clone())),
            None => {
                let names: Vec<&str> = several.iter().map(|run| id(run)).collect();
                Err(Error::no(format!("`{typed}` is the beginning of several runs: {}", names.join(", "))))
            }
        },
    }
}

/// The folders of all runs, the newest last.
fn runs(app: &App, workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let home = app.kept_folder(workspace, RUNS)?;
    let entries = std::fs::read_dir(home).into_iter().flatten().flatten();
    let mut runs: Vec<_> = entries
        .filter_map(|entry| {
            let changed = entry.path().join(LINES).metadata().and_then(|file| file.modified()).ok()?;
            Some((changed, entry.path()))
        })
        .collect();
    runs.sort();
    Ok(runs.into_iter().map(|(_, run)| run).collect())
}

/// Every run that came to its end, the newest first.
pub fn all_runs(app: &App) -> Result<Vec<Found>> {
    let folders = runs(app, app.workspace()?)?;
    folders.iter().rev().filter(|folder| folder.join(SUMMARY).is_file()).map(|folder| of_run(folder)).collect()
}

fn newest(app: &App, workspace: &Workspace) -> Result<Found> {
    if let Some(folder) = runs(app, workspace)?.pop() {
        return of_run(&folder);
    }
    match &suites(app)?[..] {
        [] => {
            Err(Error::no("there are no results here yet")
                .hint("`palc eval` makes some, `palc results keep` keeps them"))
        }
        [one] => kept(app, workspace, one)?.ok_or_else(|| Error::storage("the results have just disappeared")),
        several => {
            Err(Error::usage("there are results of several suites").hint(format!("name one of {}", several.join(", "))))
        }
    }
}

fn unknown(app: &App, workspace: &Workspace, typed: &str) -> Error {
    let suites = suites(app).unwrap_or_default();
    let runs = runs(app, workspace).unwrap_or_default();
    let known: Vec<&str> = suites.iter().map(String::as_str).chain(runs.iter().map(|run| id(run))).collect();
    let error = Error::no(format!("there are no results `{typed}`"));
    match crate::base::near::nearest(typed, known.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => error.hint("`palc eval` makes some, `palc results keep` keeps them"),
        None => error.hint("name a suite, `suite@revision`, a run or a folder; `palc results list` shows them"),
    }
}

fn id(run: &Path) -> &str {
    run.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

pub fn of_run(folder: &Path) -> Result<Found> {
    in_folder(folder, format!("run {}", id(folder)))
}

fn in_folder(folder: &Path, name: String) -> Result<Found> {
    let summary = folder.join(SUMMARY);
    let manifest = manifest(&summary.to_string_lossy(), std::fs::read(&summary).ok())?;
    let moments = std::fs::read_to_string(folder.join(MOMENTS)).unwrap_or_default();
    let moments = moments.lines().filter_map(results::parse_moment).map(|moment| (moment.key.clone(), moment));
    let label = name.clone();
    Ok(Found { name, label, manifest, lines: Lines::File(folder.join(LINES)), moments: moments.collect() })
}

fn manifest(path: &str, bytes: Option<Vec<u8>>) -> Result<Manifest> {
    let bytes = bytes.ok_or_else(|| Error::invalid(format!("there are results, but no {path}")))?;
    let wrong = |why: String| {
        Error::invalid(format!("{path} is no summary of results: {why}"))
            .hint("`palc eval` and `palc results keep` write it")
    };
    let value: crate::model::Value = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    results::parse_manifest(&value["manifest"]).map_err(wrong)
}
