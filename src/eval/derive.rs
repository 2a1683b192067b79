//! Numbers that a suite computes from its metrics: `f1: 2 * precision * recall / (precision + recall)`.

use std::collections::BTreeSet;

use super::tally::{Mean, Sum, Tally};
use crate::base::Finding;
use crate::base::near::did_you_mean;
use crate::model::suite::{Check, Suite};
use crate::model::{Map, Value};
use crate::render::Fill;

/// What is wrong with the formulas of a suite: each may name its metrics and the formulas before it.
pub fn check(suite: &Suite) -> Vec<Finding> {
    let fill = Fill::default();
    let mut known = metrics(suite);
    let mut findings = Vec::new();
    for (name, formula) in &suite.derived {
        let wrong = |message: String| Finding::error("suite", formula.place.clone(), message);
        match fill.names(&template(&formula.it)) {
            Err(why) => findings.push(wrong(format!("`{name}`: {why}"))),
            Ok(names) => {
                for missing in names.iter().filter(|name| !known.contains(*name)) {
                    let finding = wrong(format!("`{name}`: no check has the metric `{missing}`"));
                    findings.push(finding.hint_if(did_you_mean(missing, known.iter().map(String::as_str))));
                }
            }
        }
        if !known.insert(name.clone()) {
            findings.push(wrong(format!("`{name}` is the name of a metric already")));
        }
    }
    findings
}

fn metrics(suite: &Suite) -> BTreeSet<String> {
    let checks = suite.checks.iter().chain(suite.cases.iter().flat_map(|case| &case.checks));
    checks.filter_map(|check: &Check| check.options.metric.clone()).collect()
}

fn template(formula: &str) -> Value {
    Value::String(format!("{{{{ {formula} }}}}"))
}

/// Add what the formulas come to, to all columns and to the total.
pub fn add(tally: &mut Tally, formulas: &[(String, String)]) {
    if formulas.is_empty() {
        return;
    }
    let fill = Fill::default();
    for sum in tally.columns.values_mut().chain([&mut tally.total]) {
        for (name, formula) in formulas {
            let value = value(&fill, formula, sum);
            sum.metrics.insert(name.clone(), Mean::of(value));
        }
    }
}

/// None if a metric in it is not known, or there is no such number.
fn value(fill: &Fill, formula: &str, sum: &Sum) -> Option<f64> {
    let known: Map =
        sum.metrics.iter().filter_map(|(name, mean)| Some((name.clone(), Value::from(mean.mean()?)))).collect();
    fill.fill(&template(formula), &known).ok()?.as_f64().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::suite;

    fn suite(derived: &str) -> Suite {
        let checks = "[{contains: a, metric: p}, {contains: b, metric: r}]";
        let text = format!("prompts: a\nchecks: {checks}\ncases: [{{id: x}}]\nderived: {derived}\n");
        suite::read("s", "s", &text).expect("in order")
    }

    #[test]
    fn formulas_name_what_is_measured() {
        let wrong = |derived: &str| check(&suite(derived)).into_iter().map(|it| it.message).collect::<Vec<_>>();
        assert_eq!(wrong("{f1: 2 * p * r / (p + r), half: f1 / 2}"), [""; 0]);
        assert_eq!(
            wrong("{f1: p * q, p: r}"),
            ["`f1`: no check has the metric `q`", "`p` is the name of a metric already"]
        );
        assert_eq!(wrong("{f1: p *}").len(), 1);
    }

    #[test]
    fn formulas_are_computed_from_means_and_not_made_up() {
        let mut tally = Tally::default();
        tally.total.metrics.insert("p".into(), Mean::of(Some(0.5)));
        tally.total.metrics.insert("r".into(), Mean::of(Some(1.0)));
        tally.total.metrics.insert("no".into(), Mean::of(None));
        let formula = |name: &str, formula: &str| (name.to_owned(), formula.to_owned());
        add(
            &mut tally,
            &[
                formula("f1", "2 * p * r / (p + r)"),
                formula("half", "f1 / 2"),
                formula("lost", "p * no"),
                formula("zero", "p / (r - 1)"),
            ],
        );
        let mean = |name: &str| tally.total.metrics[name].mean();
        assert!((mean("f1").expect("known") - 2.0 / 3.0).abs() < 1e-12);
        assert!((mean("half").expect("known") - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((mean("lost"), mean("zero")), (None, None));
    }
}
