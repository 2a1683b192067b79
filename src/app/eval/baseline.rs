//! A run beside the results that are kept: whether the suite has become worse than its gate allows.

use std::path::Path;

use crate::app::App;
use crate::app::report::found::{self, Found};
use crate::base::Result;
use crate::base::stats::gate::Verdict;
use crate::eval::compare::{Comparison, Measure, Pairing, Rule, Side, compare};
use crate::format::results::LINES;
use crate::model::Suite;

/// The comparison, if the gate asks for one and results are kept.
pub fn against(app: &App, suite: &Suite, run: &Path) -> Result<Option<Comparison>> {
    let Some(margin) = suite.gate.max_regression else { return Ok(None) };
    let kept = app.workspace()?.root().join(found::results_of(app, &suite.name)?);
    if !kept.join(LINES).is_file() {
        return Ok(None);
    }
    let (base, head) = (side(&found::find(app, Some(&suite.name))?)?, side(&found::of_run(run)?)?);
    Ok(Some(compare(&base, &head, &Rule { margin, ..Rule::default() })))
}

fn side(found: &Found) -> Result<Side> {
    let mut side = Side::new(Pairing::Versions);
    for line in found.lines()? {
        side.add(&line?);
    }
    Ok(side)
}

/// What the gate says of it. Only what is sure is missed: noise is told and holds nobody up.
pub fn missed(comparison: &Comparison) -> Option<String> {
    (comparison.verdict() == Some(Verdict::Regression)).then(|| {
        format!("worse than the results that are kept, by more than {}: {}", comparison.rule.margin, said(comparison))
    })
}

/// `12 cases, pass rate 0.92 → 0.75 (−0.31 to −0.03)`
pub fn said(comparison: &Comparison) -> String {
    let group = comparison.all.as_ref().or_else(|| comparison.groups.first());
    let Some(group) = group else { return "no case is in both".to_owned() };
    let cases = if group.cases == 1 { "1 case".to_owned() } else { format!("{} cases", group.cases) };
    let Some(delta) = group.delta(&Measure::Passes) else { return cases };
    let round = |number: f64| (number * 1000.0).round() / 1000.0;
    let interval = delta
        .interval
        .map(|interval| format!(" ({:+} to {:+})", round(interval.low), round(interval.high)))
        .unwrap_or_default();
    format!("{cases}, pass rate {} → {}{interval}", round(delta.base), round(delta.head))
}
