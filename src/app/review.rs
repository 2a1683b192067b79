//! What a range of commits does to the prompts, for those who decide whether it may.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::stats::gate::Verdict;
use crate::base::{Error, Finding, Result, Severity};
use crate::git::Git;
use crate::model::{Labels, Pin};
use crate::repo::diff::Class;
use crate::repo::{Source, labels};

use super::check::links::Links;
use super::check::{self, check};
use super::diff::pairs::pairs;
use super::diff::range::{self, Range};
use super::diff::{Changed, Counting, How, Unit, compare_all};
use super::quality::{self, Quality};
use super::{App, evidence};

#[derive(Debug, Default)]
pub struct Request {
    /// `A..B`, or `A` for what HEAD has since.
    pub range: String,
    /// Whether programs want to do what was done.
    pub exact: bool,
}

#[derive(Debug, Default)]
pub struct Outcome {
    /// The range as it was typed.
    pub range: String,
    /// The commit from which both parted, and the one that is reviewed.
    pub base: String,
    pub head: String,
    pub prompts: Vec<Changed>,
    /// What is wrong now and was not before.
    pub findings: Vec<Finding>,
    /// How many findings are gone.
    pub mended: usize,
    /// The least severity that blocks; none if nothing does.
    pub fail_on: Option<Severity>,
    pub dependants: Vec<Dependant>,
    pub labels: Vec<LabelMove>,
    /// What the kept results say, for every suite of which they changed.
    pub quality: Vec<Quality>,
}

/// A prompt that is sent otherwise because of what it includes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependant {
    pub name: String,
    pub path: String,
    /// The changed prompts that it includes, near or far.
    pub through: Vec<String>,
}

/// A label that means another version now, or a version that was switched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelMove {
    pub id: String,
    /// What the prompt of this id is called, if it is there.
    pub name: Option<String>,
    pub what: Moved,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    Label { label: String, before: Option<Pin>, after: Option<Pin> },
    Deactivated(Pin),
    Activated(Pin),
}

impl Outcome {
    /// New findings that are serious enough to say no.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| self.fail_on.is_some_and(|least| finding.severity >= least))
    }

    pub fn is_blocked(&self) -> bool {
        self.blocking().next().is_some() || self.regressions().next().is_some()
    }

    /// Suites whose results became worse than they may.
    pub fn regressions(&self) -> impl Iterator<Item = &Quality> {
        self.quality.iter().filter(|quality| quality.verdict() == Some(Verdict::Regression))
    }

    pub fn count(&self, class: Class) -> usize {
        self.prompts.iter().filter(|changed| changed.class() == Some(class)).count()
    }
}

pub fn review(app: &App, request: &Request) -> Result<Outcome> {
    let workspace = app.workspace()?;
    let git = range::repository(workspace)?;
    let (base, head) = ends(app, &request.range)?;
    let range = Range::Revisions { before: Some(base.clone()), after: head.clone() };
    let pairs = pairs(workspace, git, &range)?;
    let paths: Vec<&str> = pairs.iter().map(|pair| pair.path()).collect();
    let before = Source::at(workspace, Some(&base))?;
    let after = Source::at(workspace, Some(&head))?;
    let dependants = dependants(app, &after, &paths)?;
    let moved: HashMap<String, String> =
        pairs.iter().filter_map(|pair| Some((pair.renamed_from()?.path.clone(), pair.path().to_owned()))).collect();
    let (mut findings, mended) = news(app, &base, &head, &moved)?;
    findings.extend(evidence::findings(app, &head, &changed(git, &base, &head)?)?);
    let (quality, unread) = quality::between(app, &base, &head)?;
    findings.extend(unread);
    let labels = label_moves(app, &before, &after)?;
    let how = How { unit: Unit::Words, count: Counting::Always, exact: request.exact };
    let prompts = compare_all(app, pairs, &how)?;
    let fail_on = app.settings()?.checks.fail_on;
    let range = request.range.clone();
    Ok(Outcome { range, base, head, prompts, findings, mended, fail_on, dependants, labels, quality })
}

/// Everything that differs, prompt or not.
fn changed(git: &Git, base: &str, head: &str) -> Result<Vec<String>> {
    let deltas = git.reader().deltas(Some(base), head, &|_| true)?;
    Ok(deltas.into_iter().map(|delta| delta.path).collect())
}

/// Where both parted, and the commit that is reviewed: what the other side did meanwhile is not reviewed here.
fn ends(app: &App, typed: &str) -> Result<(String, String)> {
    let reader = range::repository(app.workspace()?)?.reader();
    let (a, b) = typed.split_once("...").or_else(|| typed.split_once("..")).unwrap_or((typed, "HEAD"));
    let or_head = |text: &str| if text.is_empty() { "HEAD".to_owned() } else { text.to_owned() };
    let (a, b) = (or_head(a), or_head(b));
    Ok((reader.merge_base(&a, &b)?, reader.commit_id(&b)?))
}

/// Prompts that did not change themselves and include something that did.
fn dependants(app: &App, after: &Source<'_>, paths: &[&str]) -> Result<Vec<Dependant>> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let links = Links::read(app, after)?;
    let mut through: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for path in paths {
        let name = app.workspace()?.layout().name(path).map_or((*path).to_owned(), |name| name.to_string());
        for file in links.dependants(&[path]) {
            if !paths.contains(&file.path.as_str()) {
                let entry = through.entry(file.path).or_insert_with(|| (file.name.to_string(), BTreeSet::new()));
                entry.1.insert(name.clone());
            }
        }
    }
    let one = |(path, (name, through)): (String, (String, BTreeSet<String>))| Dependant {
        name,
        path,
        through: through.into_iter().collect(),
    };
    Ok(through.into_iter().map(one).collect())
}

/// The findings that were not there before, and how many went away. A finding is known by its rule, its file, its
/// message and the text of its line, not by its number: lines move.
fn news(app: &App, base: &str, head: &str, moved: &HashMap<String, String>) -> Result<(Vec<Finding>, usize)> {
    let at = |revision: &str| -> Result<Vec<Finding>> {
        let request = check::Request { revision: Some(revision.to_owned()), ..check::Request::default() };
        Ok(check(app, &request)?.report.findings)
    };
    let key = |finding: &Finding, path: &str| {
        (finding.rule.clone(), path.to_owned(), finding.message.clone(), finding.place.source.trim().to_owned())
    };
    let mut known: HashMap<_, usize> = HashMap::new();
    for finding in at(base)? {
        let path = moved.get(&finding.place.path).unwrap_or(&finding.place.path);
        *known.entry(key(&finding, path)).or_default() += 1;
    }
    let mut fresh = at(head)?;
    fresh.retain(|finding| match known.get_mut(&key(finding, &finding.place.path)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    Ok((fresh, known.into_values().sum()))
}

/// How the labels and the switched-off versions differ.
fn label_moves(app: &App, before: &Source<'_>, after: &Source<'_>) -> Result<Vec<LabelMove>> {
    let path = app.workspace()?.layout().labels();
    if before.read(path)? == after.read(path)? {
        return Ok(Vec::new());
    }
    // What it was is only compared, so it need not be in order.
    let (old, new) = (labels::open(before).unwrap_or_default(), open(after, path)?);
    let ids: BTreeSet<&String> =
        old.pins.keys().chain(new.pins.keys()).chain(old.inactive.keys()).chain(new.inactive.keys()).collect();
    let mut moves = Vec::new();
    for id in ids {
        moves.extend(of_prompt(&old, &new, id).into_iter().map(|what| LabelMove { id: id.clone(), name: None, what }));
    }
    let names = names(after)?;
    moves.iter_mut().for_each(|moved| moved.name = names.get(&moved.id).cloned());
    Ok(moves)
}

fn open(source: &Source<'_>, path: &str) -> Result<Labels> {
    labels::open(source).map_err(|error| {
        Error::findings(format!("{path} is not in order in the commit that is reviewed"), error.places().to_vec())
    })
}

fn of_prompt(old: &Labels, new: &Labels, id: &str) -> Vec<Moved> {
    let names: BTreeSet<&str> = old.of(id).chain(new.of(id)).map(|(label, _)| label).collect();
    let label = |label: &str| {
        let (before, after) = (old.pin(id, label).cloned(), new.pin(id, label).cloned());
        (before != after).then(|| Moved::Label { label: label.to_owned(), before, after })
    };
    let lost = |a: &Labels, b: &Labels| {
        let gone = a.off(id).iter().filter(|pin| !b.off(id).contains(pin));
        gone.cloned().collect::<Vec<_>>()
    };
    let labels = names.into_iter().filter_map(label);
    let off = lost(new, old).into_iter().map(Moved::Deactivated);
    let on = lost(old, new).into_iter().map(Moved::Activated);
    labels.chain(off).chain(on).collect()
}

/// The names of all prompts by their ids.
fn names(source: &Source<'_>) -> Result<HashMap<String, String>> {
    let named = |listed: super::list::Listed| Some((listed.card.id?, listed.file.name.to_string()));
    Ok(super::list::cards(source, named)?.facts.into_iter().collect())
}
