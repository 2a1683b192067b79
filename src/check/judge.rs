//! From summaries to the report: rules over the repository, severities, allowances.

use std::collections::{BTreeMap, HashMap};

use globset::{Glob, GlobSet, GlobSetBuilder};
use rayon::prelude::*;

use crate::base::{Finding, Place, Severity};
use crate::config::Settings;
use crate::config::settings::Ignore;
use crate::repo::PromptFile;

use super::allow;
use super::hit::{Hit, Related};
use super::mask::Mask;
use super::registry::{self, RULES};
use super::repository::{Member, Repository};
use super::rule::{How, Rule};
use super::summary::locate;

/// What judging asks of the world, seldom and for few files.
pub trait Outside: Sync {
    /// A file's text, to show the place of a finding.
    fn text(&self, path: &str) -> Option<String>;
    /// Whether git has a file at this path, in the last commit.
    fn committed(&self, path: &str) -> bool;
    /// A new id for a prompt.
    fn fresh_id(&self) -> String;
}

/// Which rules are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only these; all if there is none.
    pub only: Vec<String>,
    pub not: Vec<String>,
}

/// A finding that an author allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Allowed {
    pub finding: Finding,
    pub reason: String,
}

#[derive(Debug, Default)]
pub struct Report {
    /// In the order of their places.
    pub findings: Vec<Finding>,
    pub allowed: Vec<Allowed>,
}

/// Judge the repository: all its findings in those files that are asked for.
pub fn judge(
    members: &[Member<'_>],
    settings: &Settings,
    filter: &Filter,
    wanted: &(dyn Fn(&PromptFile) -> bool + Sync),
    outside: &dyn Outside,
) -> Report {
    let repository = Repository::new(members, settings, outside);
    let scale = Scale::new(settings, filter);
    let hits = repository_hits(&repository, &scale);
    let judged = members.par_iter().enumerate().filter_map(|(index, member)| {
        let hits = hits.get(&index).map_or(&[][..], Vec::as_slice);
        let quiet = hits.is_empty() && !member.summary.has_findings() && member.summary.facts.allowances.is_empty();
        (!quiet && wanted(member.file)).then(|| judge_file(&repository, &scale, member, hits))
    });
    let mut report = Report::default();
    for Report { findings, allowed } in judged.collect::<Vec<_>>() {
        report.findings.extend(findings);
        report.allowed.extend(allowed);
    }
    Finding::sort(&mut report.findings);
    report.allowed.sort_by(|a, b| (&a.finding.place, &a.finding.rule).cmp(&(&b.finding.place, &b.finding.rule)));
    report
}

/// A finding outside of prompt files, as the settings weigh it; nothing if its rule is off.
pub fn weigh(finding: Finding, settings: &Settings, filter: &Filter) -> Option<Finding> {
    let path = finding.place.path.clone();
    Scale::new(settings, filter).weigh(&path, finding)
}

fn repository_hits(repository: &Repository<'_>, scale: &Scale<'_>) -> BTreeMap<usize, Vec<Hit>> {
    let run = |rule: &&Rule| {
        let mut found = Vec::new();
        if let How::Repository(check) = rule.how {
            check(repository, &mut found);
        }
        found
    };
    let found: Vec<Vec<(usize, Hit)>> = RULES.par_iter().filter(|rule| scale.runs(rule.name)).map(run).collect();
    let mut hits: BTreeMap<usize, Vec<Hit>> = BTreeMap::new();
    found.into_iter().flatten().for_each(|(index, hit)| hits.entry(index).or_default().push(hit));
    hits
}

fn judge_file(repository: &Repository<'_>, scale: &Scale<'_>, member: &Member<'_>, hits: &[Hit]) -> Report {
    let path = member.file.path.as_str();
    let weigh = |finding: Finding| scale.weigh(path, finding);
    let mut findings: Vec<Finding> = member.summary.findings(path).filter_map(weigh).collect();
    if !hits.is_empty() {
        findings.extend(place(repository, path, hits).into_iter().filter_map(weigh));
    }
    let ran = |rule: &str| scale.severity(path, rule).is_some();
    let (stay, allowed, wrong) = allow::apply(&member.summary.facts.allowances, findings, ran);
    let mut findings = stay;
    if !wrong.is_empty() {
        findings.extend(place(repository, path, &wrong).into_iter().filter_map(weigh));
    }
    Report { findings, allowed: allowed.into_iter().map(|(finding, reason)| Allowed { finding, reason }).collect() }
}

/// Hits of one file as findings, the places in other files included.
fn place(repository: &Repository<'_>, path: &str, hits: &[Hit]) -> Vec<Finding> {
    // Many findings are about a file as a whole, and reading thousands of files would be all that is slow here.
    let whole = hits.iter().all(|hit| hit.span.is_none() && hit.related.iter().all(|it| it.span.is_none()));
    let text = if whole { String::new() } else { repository.outside.text(path).unwrap_or_default() };
    let mut findings = locate(path, &text, hits, &Mask::of_lines());
    for (finding, hit) in findings.iter_mut().zip(hits) {
        let elsewhere = hit.related.iter().filter_map(|related| related_place(repository, related));
        finding.related.extend(elsewhere);
    }
    findings
}

fn related_place(repository: &Repository<'_>, related: &Related) -> Option<(Place, String)> {
    let path = repository.path(related.file?);
    // Only a place within the file needs its text.
    let span = related.span.and_then(|span| Some((span, repository.outside.text(path)?)));
    let place = match span {
        Some((span, text)) => Mask::of_lines().place(Place::in_text(path, &text, span)),
        None => Place::file(path),
    };
    Some((place, related.what.clone()))
}

/// How much each rule weighs in each file, and which are asked for.
struct Scale<'a> {
    settings: &'a Settings,
    filter: &'a Filter,
    ignores: GlobSet,
    /// For each glob of `ignores`, its rules.
    silent: Vec<&'a [String]>,
    severity: HashMap<&'static str, Option<Severity>>,
}

impl<'a> Scale<'a> {
    fn new(settings: &'a Settings, filter: &'a Filter) -> Scale<'a> {
        let mut globs = GlobSetBuilder::new();
        let mut silent = Vec::new();
        for Ignore { glob, rules } in &settings.checks.ignore {
            if let Ok(glob) = Glob::new(glob) {
                globs.add(glob);
                silent.push(rules.as_slice());
            }
        }
        let severity = |name| settings.checks.severity.get(name).copied();
        let severity = RULES.iter().map(|rule| (rule.name, severity(rule.name).unwrap_or(Some(rule.severity))));
        let severity = severity.collect();
        Scale { settings, filter, ignores: globs.build().unwrap_or_default(), silent, severity }
    }

    /// Whether a rule can have a finding anywhere.
    fn runs(&self, rule: &str) -> bool {
        let asked = self.filter.only.is_empty() || self.filter.only.iter().any(|only| only == rule);
        let off = self.filter.not.iter().any(|not| not == rule);
        let known = self.severity.get(rule).copied().unwrap_or(Some(Severity::Error));
        asked && !off && known.is_some()
    }

    /// How serious a rule's findings are in a file; nothing if it is silent there.
    fn severity(&self, path: &str, rule: &str) -> Option<Severity> {
        if !self.runs(rule) || (!self.settings.checks.ignore.is_empty() && self.ignored(path, rule)) {
            return None;
        }
        registry::find(rule).map_or(Some(Severity::Error), |rule| self.severity[rule.name])
    }

    fn ignored(&self, path: &str, rule: &str) -> bool {
        let globs = self.ignores.matches(path);
        globs.iter().any(|&glob| self.silent[glob].iter().any(|silent| silent == rule || silent == "*"))
    }

    fn weigh(&self, path: &str, mut finding: Finding) -> Option<Finding> {
        finding.severity = self.severity(path, &finding.rule)?;
        Some(finding)
    }
}
