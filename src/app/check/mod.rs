//! Check prompts, and apply the fixes that keep their meaning.

mod branches;
mod fixing;
mod generation;
mod labels;
pub mod links;
mod near;
mod wanted;
mod world;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::base::{Error, Finding, Result};
use crate::check::{self, Basis, Filter, Report, registry, unknown_rule};
use crate::config::Key;
use crate::format::Dialect;
use crate::model::Name;
use crate::repo::known::{Facts, Stored, Survey, survey};
use crate::repo::{PromptFile, Source};

use super::App;
use fixing::{Fixes, write};
use wanted::Wanted;

pub use fixing::Fixed;
pub use near::near;

#[derive(Debug, Default)]
pub struct Request {
    /// Names, folders, globs over names, or paths; none means all.
    pub names: Vec<String>,
    pub revision: Option<String>,
    pub filter: Filter,
    pub fix: Option<Fixing>,
    /// Whether what collides between branches is looked for, too.
    pub history: bool,
    /// A file's content that is not on disk yet, as editors have it. Only this file is then reported.
    pub unsaved: Option<Unsaved>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixing {
    Write,
    /// Only say what would be written.
    Show,
}

#[derive(Debug)]
pub struct Unsaved {
    pub path: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Default)]
pub struct Outcome {
    /// How many prompts were asked for.
    pub checked: usize,
    /// What is wrong, after fixing if that was asked for.
    pub report: Report,
    pub fixed: Vec<Fixed>,
}

/// Fixing may uncover something else to fix, but not for ever.
const ROUNDS: usize = 10;

pub fn check(app: &App, request: &Request) -> Result<Outcome> {
    let source = Source::at(app.workspace()?, request.revision.as_deref())?;
    if request.fix.is_some() && !matches!(source, Source::Worktree(_)) {
        return Err(Error::usage("only files in a work tree can be fixed"));
    }
    let (basis, unusable) = basis(app, &source)?;
    let Survey { facts: mut known, skipped } = read(&source, &basis)?;
    let wanted = Wanted::new(app, request, &known)?;
    let mut unsaved = HashMap::new();
    if let Some(given) = &request.unsaved {
        place_unsaved(app, given, &basis, &mut known)?;
        unsaved.insert(wanted.paths[0].clone(), String::from_utf8_lossy(&given.bytes).into_owned());
    }
    let checked = known.iter().filter(|known| wanted.file(&known.file)).count();
    let mut fixed = Fixes { app, source: &source, basis: &basis, texts: unsaved, files: BTreeMap::new() };
    let mut report = fixed.judge(&known, &request.filter, &wanted)?;
    if request.fix.is_some() {
        for _ in 0..ROUNDS {
            if !fixed.round(&report, &mut known)? {
                break;
            }
            report = fixed.judge(&known, &request.filter, &wanted)?;
        }
    }
    let fixed: Vec<Fixed> = fixed.files.into_values().filter(|fixed| fixed.before != fixed.after).collect();
    if request.fix == Some(Fixing::Write) {
        write(app, &fixed)?;
    }
    if wanted.labels {
        report.findings.extend(labels::findings(app, &source, &known, &request.filter)?);
        Finding::sort(&mut report.findings);
    }
    if wanted.all {
        report.findings.extend(unknown_rules(app, &request.filter)?);
        let settings = app.settings()?;
        let others = unusable.into_iter().chain(skipped);
        report.findings.extend(others.filter_map(|finding| check::weigh(finding, settings, &request.filter)));
        if matches!(source, Source::Worktree(_)) {
            report.findings.extend(generation::findings(app, &request.filter)?);
        }
        Finding::sort(&mut report.findings);
    }
    if request.history {
        report.findings.extend(branches::findings(app, &request.filter)?);
    }
    Ok(Outcome { checked, report, fixed })
}

/// What these files show by themselves, without a look at any other.
pub fn alone(app: &App, source: &Source<'_>, files: Vec<(PromptFile, &[u8])>) -> Result<Vec<Finding>> {
    let (basis, _) = basis(app, source)?;
    let learn = |(file, bytes): (PromptFile, &[u8])| {
        let facts = check::learn(bytes, Dialect::of_path(&file.path), &basis);
        Known { file, facts: facts.into() }
    };
    let known: Vec<Known> = files.into_par_iter().map(learn).collect();
    let together = registry::RULES.iter().filter(|rule| matches!(rule.how, check::How::Repository(_)));
    let filter = Filter { only: Vec::new(), not: together.map(|rule| rule.name.to_owned()).collect() };
    let wanted = Wanted { all: true, labels: false, globs: None, paths: Vec::new() };
    let fixes = Fixes { app, source, basis: &basis, texts: HashMap::new(), files: BTreeMap::new() };
    Ok(fixes.judge(&known, &filter, &wanted)?.findings)
}

/// What all summaries depend on, and what is wrong with the project's schema for `custom`.
fn basis(app: &App, source: &Source<'_>) -> Result<(Basis, Option<Finding>)> {
    let settings = app.settings()?;
    let Some(path) = settings.custom_schema.as_deref() else { return Ok(Basis::new(settings, None)) };
    let bytes = source.read(path)?.unwrap_or_default();
    Ok(Basis::new(settings, Some((path, &String::from_utf8_lossy(&bytes)))))
}

/// A file and its summary, encoded. Decoded summaries borrow their texts from here.
struct Known {
    file: PromptFile,
    facts: Stored,
}

/// The summaries of all prompts in the order of their paths, and what looks like a prompt and is none.
fn read(source: &Source<'_>, basis: &Basis) -> Result<Survey<Known>> {
    let facts = Facts { kind: "checks", digest: basis.digest.clone() };
    let learn = |bytes: &[u8], dialect| check::learn(bytes, dialect, basis);
    survey(source, &facts, learn, |file, facts| Ok(Some(Known { file, facts })))
}

/// Put the unsaved content where the file of its path stands or would stand.
fn place_unsaved(app: &App, given: &Unsaved, basis: &Basis, known: &mut Vec<Known>) -> Result<()> {
    let workspace = app.workspace()?;
    let path = workspace.relative(app.env.folder(), &given.path)?;
    let file = PromptFile::at(workspace, &path)
        .unwrap_or_else(|| PromptFile { name: Name::of_path(path.as_str()), path: path.clone() });
    let facts = check::learn(&given.bytes, Dialect::of_path(&path), basis);
    match known.binary_search_by(|known| known.file.path.cmp(&path)) {
        Ok(at) => known[at].facts = facts.into(),
        Err(at) => known.insert(at, Known { file, facts: facts.into() }),
    }
    Ok(())
}

/// Settings about rules that do not exist, each at its place in the settings.
fn unknown_rules(app: &App, filter: &Filter) -> Result<Vec<Finding>> {
    let config = app.config()?;
    let mut findings = Vec::new();
    for entry in config.entries(&Key::new(["checks", "severity"])) {
        let rule = entry.key.words().get(2);
        findings.extend(rule.and_then(|rule| unknown_rule::finding(rule, &entry.origin.place)));
    }
    for entry in config.entries(&Key::new(["checks", "ignore"])) {
        let rules = entry.value.as_array().into_iter().flatten().filter_map(|rule| rule.as_str());
        findings.extend(rules.filter_map(|rule| unknown_rule::finding(rule, &entry.origin.place)));
    }
    Ok(findings.into_iter().filter_map(|finding| check::weigh(finding, &config.settings, filter)).collect())
}
