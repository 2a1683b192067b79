//! What kept results say of a range of commits: every suite whose results changed, before and after.

use super::App;
use super::models::{is_built_in, locate};
use super::report::Found;
use super::report::found;
use crate::base::stats::gate::Verdict;
use crate::base::{Finding, Place, Result};
use crate::eval::Tally;
use crate::eval::compare::{Comparison, Pairing, Rule, Side, compare};
use crate::eval::tally::Known;
use crate::format::results::LINES;
use crate::format::suite::{self, SUFFIX};
use crate::git::Git;
use crate::model::Money;
use crate::provider::price;
use crate::repo::Source;

/// A suite before and after.
#[derive(Debug)]
pub struct Quality {
    pub suite: String,
    pub base: Option<Held>,
    pub head: Option<Held>,
    /// None if there is only one side.
    pub comparison: Option<Comparison>,
}

/// What one side holds.
#[derive(Debug)]
pub struct Held {
    pub tally: Tally,
    /// What all its answers would cost at today's prices, by the tokens that were counted.
    pub cost: Known<Money>,
}

impl Quality {
    pub fn verdict(&self) -> Option<Verdict> {
        self.comparison.as_ref().and_then(Comparison::verdict)
    }
}

/// All suites whose kept results differ between two commits. Results that cannot be read are findings.
pub fn between(app: &App, base: &str, head: &str) -> Result<(Vec<Quality>, Vec<Finding>)> {
    let workspace = app.workspace()?;
    let Some(reader) = workspace.git().map(Git::reader) else { return Ok(Default::default()) };
    let folder = format!("{}/", found::folder(app)?);
    let end = format!("/{LINES}");
    let is_lines = |path: &str| path.starts_with(&folder) && path.ends_with(&end);
    let (mut all, mut findings) = (Vec::new(), Vec::new());
    for delta in reader.deltas(Some(base), head, &is_lines)? {
        let Some(suite) = delta.path.strip_prefix(&folder).and_then(|path| path.strip_suffix(&end)) else { continue };
        let mut side = |revision: &str| {
            let source = Source::Revision(workspace, revision.to_owned());
            let found = found::of_source(&source, &format!("{folder}{suite}"), suite.to_owned(), revision);
            found.and_then(|found| found.map(|found| read(app, &found)).transpose()).unwrap_or_else(|error| {
                findings.push(Finding::warning("results", Place::file(&delta.path), error.message()));
                None
            })
        };
        let (before, after) = (side(base), side(head));
        let rule = Rule { margin: margin(app, head, suite)?, ..Rule::default() };
        let comparison = before.as_ref().zip(after.as_ref()).map(|((_, old), (_, new))| compare(old, new, &rule));
        let held = |side: Option<(Held, Side)>| side.map(|(held, _)| held);
        all.push(Quality { suite: suite.to_owned(), base: held(before), head: held(after), comparison });
    }
    Ok((all, findings))
}

fn read(app: &App, found: &Found) -> Result<(Held, Side)> {
    let (mut tally, mut side) = (Tally::default(), Side::new(Pairing::Versions));
    for line in found.lines()? {
        let line = line?;
        tally.add(&line, None);
        side.add(&line);
    }
    let cost = cost(app, &tally)?;
    Ok((Held { tally, cost }, side))
}

/// How much worse a suite may become, as it says itself.
fn margin(app: &App, revision: &str, name: &str) -> Result<f64> {
    let path = format!("{}/{name}{SUFFIX}", app.settings()?.eval.folder);
    let bytes = Source::Revision(app.workspace()?, revision.to_owned()).read(&path)?.unwrap_or_default();
    let suite = suite::read(name, &path, &String::from_utf8_lossy(&bytes));
    Ok(suite.ok().and_then(|suite| suite.gate.max_regression).unwrap_or(Rule::default().margin))
}

fn cost(app: &App, tally: &Tally) -> Result<Known<Money>> {
    let mut cost = Known::<Money>::default();
    let prices = &app.settings()?.prices;
    for (column, sum) in &tally.columns {
        let counted = sum.input_tokens.unknown + sum.output_tokens.unknown == 0;
        let found = locate(app, &column.model).ok().filter(|_| counted).and_then(|(service, model)| {
            if is_built_in(&service.name) {
                return Some(Money::default());
            }
            price::price(&service, &model, None, prices)?.estimate(sum.input_tokens.sum, sum.output_tokens.sum)
        });
        cost.add(found);
    }
    Ok(cost)
}
