//! Two sets of results side by side: of revisions, runs, folders, or of versions of prompts. Nothing is run for it.

pub mod known;
pub mod sides;

use std::collections::BTreeSet;

use crate::base::stats::gate::Verdict;
use crate::base::{Error, Result};
use crate::eval::compare::{self, Comparison, Measure, Rule};
use crate::format::suite;
use crate::repo::Source;

use super::App;
use sides::{Sides, Taken};

#[derive(Debug, Default)]
pub struct Request {
    /// Revisions, versions or labels of prompts, runs, suites, `suite@revision`, or folders.
    pub base: String,
    /// What was kept in the work tree, if nothing.
    pub head: Option<String>,
    /// Only these suites.
    pub suites: Vec<String>,
    pub how: How,
}

/// What decides, where neither the suite nor the usual is meant.
#[derive(Debug, Clone, Default)]
pub struct How {
    pub by: Option<String>,
    pub margin: Option<f64>,
    pub confidence: Option<f64>,
}

#[derive(Debug)]
pub struct Outcome {
    pub base: String,
    pub head: String,
    pub suites: Vec<Compared>,
    /// Suites of which only one side has results.
    pub only_base: Vec<String>,
    pub only_head: Vec<String>,
}

#[derive(Debug)]
pub struct Compared {
    pub suite: String,
    pub comparison: Comparison,
    /// Whether the margin is the suite's own, or said on the command line, and not the usual one.
    pub margin_is_given: bool,
    /// Whether the suite or its data changed in between: cases of one name may not be the same then.
    pub moved: bool,
}

impl Outcome {
    /// The worst of all suites. None if no case could be compared.
    pub fn verdict(&self) -> Option<Verdict> {
        self.suites.iter().filter_map(|compared| compared.comparison.verdict()).max()
    }
}

pub fn compare(app: &App, request: &Request) -> Result<Outcome> {
    let both = [Some(request.base.as_str()), request.head.as_deref()];
    let pairing = sides::pairing(app, both)?;
    let [base, head] = both.map(|word| sides::open(app, word, pairing, &request.suites));
    set_side_by_side(app, base?, head?, &request.how)
}

/// Compare what both have results of.
pub fn set_side_by_side(app: &App, base: Sides, head: Sides, how: &How) -> Result<Outcome> {
    let names = |sides: &Sides| sides.suites.keys().cloned().collect::<BTreeSet<String>>();
    let (before, after) = (names(&base), names(&head));
    let mut suites = Vec::new();
    for name in before.intersection(&after) {
        suites.push(compared(app, name, &base.suites[name], &head.suites[name], how)?);
    }
    if suites.is_empty() {
        return Err(nothing_shared(&base, &head));
    }
    Ok(Outcome {
        base: base.label,
        head: head.label,
        suites,
        only_base: before.difference(&after).cloned().collect(),
        only_head: after.difference(&before).cloned().collect(),
    })
}

fn nothing_shared(base: &Sides, head: &Sides) -> Error {
    let named = |sides: &Sides| sides.suites.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let error = Error::no(format!("{} and {} have no results of the same suite", base.label, head.label));
    error.hint(format!("{} has results of {}, {} of {}", base.label, named(base), head.label, named(head)))
}

fn compared(app: &App, name: &str, base: &Taken, head: &Taken, how: &How) -> Result<Compared> {
    let gate = suites_margin(app, name)?;
    let usual = Rule::default();
    let rule = Rule {
        by: how.by.as_deref().map_or(usual.by, Measure::named),
        margin: how.margin.or(gate).unwrap_or(usual.margin),
        confidence: how.confidence.unwrap_or(usual.confidence),
        power: usual.power,
    };
    let comparison = compare::compare(&base.side, &head.side, &rule);
    let wanted = &comparison.rule.by;
    let is_there = comparison.groups.is_empty() || comparison.groups.iter().any(|group| group.delta(wanted).is_some());
    if !is_there {
        let names: BTreeSet<&str> =
            comparison.groups.iter().flat_map(|group| &group.deltas).map(|delta| delta.measure.name()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        return Err(Error::usage(format!("no case of {name} has `{}` on both sides", wanted.name()))
            .hint(format!("there are {}", names.join(", "))));
    }
    Ok(Compared {
        suite: name.to_owned(),
        margin_is_given: how.margin.or(gate).is_some(),
        moved: base.inputs.is_disjoint(&head.inputs),
        comparison,
    })
}

/// What the suite says in the work tree, or with a bare repository in its last commit. A suite that is gone, or that
/// cannot be read, says nothing.
fn suites_margin(app: &App, name: &str) -> Result<Option<f64>> {
    let path = format!("{}/{name}{}", app.settings()?.eval.folder, suite::SUFFIX);
    let source = Source::at(app.workspace()?, None)?;
    let Some(bytes) = source.read(&path)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    Ok(suite::read(name, &path, &text).ok().and_then(|suite| suite.gate.max_regression))
}
