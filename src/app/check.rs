//! Check prompts, and apply the fixes that keep their meaning.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::base::clock::Clock;
use crate::base::disk::{self, Stamp};
use crate::base::text::apply;
use crate::base::{Error, Finding, Result};
use crate::check::{self, Basis, Filter, How, Member, Outside, Report, Summary, fix, judge, registry, unknown_rule};
use crate::config::Key;
use crate::format::Dialect;
use crate::git;
use crate::model::Name;
use crate::repo::known::{Facts, Survey, survey};
use crate::repo::{Change, PromptFile, Source};

use super::App;
use super::filter::Globs;

#[derive(Debug, Default)]
pub struct Request {
    /// Names, folders, globs over names, or paths; none means all.
    pub names: Vec<String>,
    pub revision: Option<String>,
    pub filter: Filter,
    pub fix: Option<Fixing>,
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

/// A file that `--fix` changes.
#[derive(Debug)]
pub struct Fixed {
    pub path: String,
    pub before: String,
    pub after: String,
    /// How many findings went away.
    pub count: usize,
    stamp: Stamp,
}

/// Fixing may uncover something else to fix, but not for ever.
const ROUNDS: usize = 10;

pub fn check(app: &App, request: &Request) -> Result<Outcome> {
    let source = Source::at(app.workspace()?, request.revision.as_deref())?;
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
    if wanted.all {
        report.findings.extend(unknown_rules(app, &request.filter)?);
        let settings = app.settings()?;
        let others = unusable.into_iter().chain(skipped);
        report.findings.extend(others.filter_map(|finding| check::weigh(finding, settings, &request.filter)));
        Finding::sort(&mut report.findings);
    }
    Ok(Outcome { checked, report, fixed })
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
    facts: Box<[u8]>,
}

/// The summaries of all prompts in the order of their paths, and what looks like a prompt and is none.
fn read(source: &Source<'_>, basis: &Basis) -> Result<Survey<Known>> {
    let facts = Facts { kind: "checks", digest: basis.digest.clone() };
    let learn = |bytes: &[u8], dialect| check::learn(bytes, dialect, basis);
    survey(source, &facts, learn, |file, facts| Ok(Known { file, facts: facts.into() }))
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

/// Which files are reported.
struct Wanted {
    all: bool,
    globs: Option<Globs>,
    /// Files and folders by their path from the root.
    paths: Vec<String>,
}

impl Wanted {
    fn new(app: &App, request: &Request, known: &[Known]) -> Result<Wanted> {
        let workspace = app.workspace()?;
        let relative = |typed: &str| workspace.relative(app.env.folder(), typed).ok();
        if let Some(given) = &request.unsaved {
            let path = workspace.relative(app.env.folder(), &given.path)?;
            return Ok(Wanted { all: false, globs: None, paths: vec![path] });
        }
        let is_path =
            |path: &String| known.iter().any(|known| known.file.path == *path || is_below(&known.file.path, path));
        let (mut paths, mut names) = (Vec::new(), Vec::new());
        for typed in &request.names {
            match relative(typed).filter(is_path) {
                Some(path) => paths.push(path),
                None => names.push(typed.clone()),
            }
        }
        let globs = if names.is_empty() { None } else { Some(Globs::new(&names)?) };
        let wanted = Wanted { all: request.names.is_empty(), globs, paths };
        if let Some(globs) = &wanted.globs
            && !known.iter().any(|known| globs.matches(&known.file.name))
        {
            globs.explain_nothing()?;
        }
        Ok(wanted)
    }

    fn file(&self, file: &PromptFile) -> bool {
        self.all
            || self.paths.iter().any(|path| file.path == *path || is_below(&file.path, path))
            || self.globs.as_ref().is_some_and(|globs| globs.matches(&file.name))
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The files as fixing leaves them.
struct Fixes<'a> {
    app: &'a App,
    source: &'a Source<'a>,
    basis: &'a Basis,
    /// Texts that differ from those of the source.
    texts: HashMap<String, String>,
    files: BTreeMap<String, Fixed>,
}

impl Fixes<'_> {
    fn judge(&self, known: &[Known], filter: &Filter, wanted: &Wanted) -> Result<Report> {
        let members: Result<Vec<Member<'_>>> = known
            .par_iter()
            .map(|known| {
                let summary = Summary::read(&known.facts).ok_or_else(unreadable)?;
                Ok(Member { file: &known.file, summary })
            })
            .collect();
        let world = World { clock: &self.app.clock, source: self.source, texts: &self.texts, head: Mutex::new(None) };
        let members = members?;
        Ok(judge(&members, self.app.settings()?, filter, &|file| wanted.file(file), &world))
    }

    /// Apply what can be applied at once. Says whether anything was.
    fn round(&mut self, report: &Report, known: &mut [Known]) -> Result<bool> {
        let mut files: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in report.findings.iter().filter(|finding| fix::is_fixable(finding)) {
            files.entry(&finding.place.path).or_default().push(finding);
        }
        let mut any = false;
        for (path, findings) in files {
            let at = known.binary_search_by(|known| known.file.path.as_str().cmp(path));
            let Ok(at) = at else { continue };
            any |= self.file(path, &findings, &mut known[at])?;
        }
        Ok(any)
    }

    /// Fix one file, unless that would make it worse to read.
    fn file(&mut self, path: &str, findings: &[&Finding], known: &mut Known) -> Result<bool> {
        if !self.files.contains_key(path) {
            let snapshot = disk::read(&self.app.workspace()?.path(path))?;
            let Ok(text) = String::from_utf8(snapshot.bytes) else { return Ok(false) };
            let fixed =
                Fixed { path: path.to_owned(), after: text.clone(), before: text, count: 0, stamp: snapshot.stamp };
            self.files.insert(path.to_owned(), fixed);
        }
        let Some(fixed) = self.files.get_mut(path) else { return Ok(false) };
        let edits = fix::edits(findings.iter().copied());
        let text = apply(&fixed.after, &edits)?;
        let facts = check::learn(text.as_bytes(), Dialect::of_path(path), self.basis);
        if text == fixed.after || faults(&facts) > faults(&known.facts) {
            return Ok(false);
        }
        fixed.count += edits.len();
        fixed.after.clone_from(&text);
        self.texts.insert(path.to_owned(), text);
        known.facts = facts.into();
        Ok(true)
    }
}

/// How many faults reading the file finds.
fn faults(facts: &[u8]) -> usize {
    let reading = |finding: &Finding| {
        finding.rule == "template-syntax"
            || registry::find(&finding.rule).is_some_and(|rule| matches!(rule.how, How::Reading))
    };
    Summary::read(facts).map_or(usize::MAX, |summary| summary.findings("").filter(reading).count())
}

fn unreadable() -> Error {
    Error::bug("a kept summary cannot be read")
}

fn write(app: &App, fixed: &[Fixed]) -> Result<()> {
    let workspace = app.workspace()?;
    let mut change = Change::new();
    for fixed in fixed {
        change.replace(fixed.path.as_str(), fixed.after.as_str(), fixed.stamp);
    }
    if change.is_empty() { Ok(()) } else { change.apply(workspace, &app.journal_folder(workspace)?) }
}

/// What judging may ask.
struct World<'a> {
    clock: &'a Clock,
    source: &'a Source<'a>,
    texts: &'a HashMap<String, String>,
    head: Mutex<Option<git::Reader>>,
}

impl Outside for World<'_> {
    fn text(&self, path: &str) -> Option<String> {
        if let Some(text) = self.texts.get(path) {
            return Some(text.clone());
        }
        String::from_utf8(self.source.read(path).ok()??).ok()
    }

    fn committed(&self, path: &str) -> bool {
        let Some(git) = self.source.workspace().git().filter(|git| git.has_head()) else { return false };
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        head.get_or_insert_with(|| git.reader()).read("HEAD", path).is_ok_and(|bytes| bytes.is_some())
    }

    fn fresh_id(&self) -> String {
        self.clock.id()
    }
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
