//! Fixes, round by round: what one leaves is checked again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use rayon::prelude::*;

use crate::base::disk::{self, Stamp};
use crate::base::text::apply;
use crate::base::{Error, Finding, Result};
use crate::check::{self, Basis, Filter, How, Member, Report, Summary, fix, judge, registry};
use crate::format::Dialect;
use crate::repo::{Change, Source};

use super::super::App;
use super::Known;
use super::wanted::Wanted;
use super::world::World;

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

/// The files as fixing leaves them.
pub struct Fixes<'a> {
    pub app: &'a App,
    pub source: &'a Source<'a>,
    pub basis: &'a Basis,
    /// Texts that differ from those of the source.
    pub texts: HashMap<String, String>,
    pub files: BTreeMap<String, Fixed>,
}

impl Fixes<'_> {
    pub fn judge(&self, known: &[Known], filter: &Filter, wanted: &Wanted) -> Result<Report> {
        // Each is written to its place at once; to collect a result in parallel would move them all twice.
        let members: Vec<Option<Member<'_>>> = known.par_iter().map(member).collect();
        let members: Option<Vec<Member<'_>>> = members.into_iter().collect();
        let world = World { clock: &self.app.clock, source: self.source, texts: &self.texts, head: Mutex::new(None) };
        let members = members.ok_or_else(unreadable)?;
        Ok(judge(&members, self.app.settings()?, filter, &|file| wanted.file(file), &world))
    }

    /// Apply what can be applied at once. Says whether anything was.
    pub fn round(&mut self, report: &Report, known: &mut [Known]) -> Result<bool> {
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

fn member(known: &Known) -> Option<Member<'_>> {
    Some(Member { file: &known.file, summary: Summary::read(&known.facts)? })
}

fn unreadable() -> Error {
    Error::bug("a kept summary cannot be read")
}

pub fn write(app: &App, fixed: &[Fixed]) -> Result<()> {
    let workspace = app.workspace()?;
    let mut change = Change::new();
    for fixed in fixed {
        change.replace(fixed.path.as_str(), fixed.after.as_str(), fixed.stamp);
    }
    if change.is_empty() { Ok(()) } else { change.apply(workspace, &app.journal_folder(workspace)?) }
}
