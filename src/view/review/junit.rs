//! A review as test results: each changed prompt is a test, which fails if something new is wrong with it.

use std::collections::BTreeMap;

use crate::app::quality::Quality;
use crate::app::review::Outcome;
use crate::base::Finding;
use crate::base::stats::gate::Verdict;

use super::super::diff::html::escape;
use super::super::diff::markdown::inert;
use super::super::finding::position;
use super::super::paint::visible;

pub fn report(outcome: &Outcome) -> String {
    let mut cases: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for changed in &outcome.prompts {
        cases.insert(changed.pair.path(), Vec::new());
    }
    for finding in &outcome.findings {
        cases.entry(&finding.place.path).or_default().push(finding);
    }
    let blocks = |finding: &&&Finding| outcome.fail_on.is_some_and(|least| finding.severity >= least);
    let case = |(path, findings): (&&str, &Vec<&Finding>)| {
        let failing: Vec<&&Finding> = findings.iter().filter(|finding| blocks(finding)).collect();
        let line = |finding: &&Finding| format!("{}: {} [{}]", position(&finding.place), finding.message, finding.rule);
        let failure = failing.first().map(|first| {
            let all: Vec<String> = findings.iter().map(line).collect();
            format!(
                "<failure message=\"{}\" type=\"{}\">{}</failure>",
                xml(&first.message),
                xml(&first.rule),
                xml(&all.join("\n"))
            )
        });
        let others = (failure.is_none() && !findings.is_empty()).then(|| {
            format!("<system-out>{}</system-out>", xml(&findings.iter().map(line).collect::<Vec<_>>().join("\n")))
        });
        format!(
            "    <testcase classname=\"palc.review\" name=\"{}\">{}{}</testcase>\n",
            xml(path),
            failure.unwrap_or_default(),
            others.unwrap_or_default()
        )
    };
    let suites: String = outcome.quality.iter().map(suite).collect();
    let failures = outcome.regressions().count()
        + cases.values().filter(|findings| findings.iter().any(|finding| blocks(&finding))).count();
    let body: String = cases.iter().map(case).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"palc review\" tests=\"{}\" \
        failures=\"{failures}\">\n{body}{suites}  </testsuite>\n</testsuites>\n",
        cases.len() + outcome.quality.len()
    )
}

/// A suite whose kept results changed: a test that fails if they became worse than they may.
fn suite(quality: &Quality) -> String {
    let failure = if quality.verdict() == Some(Verdict::Regression) {
        "<failure message=\"the results became worse than they may\" type=\"regression\"/>"
    } else {
        ""
    };
    format!("    <testcase classname=\"palc.quality\" name=\"{}\">{failure}</testcase>\n", xml(&quality.suite))
}

/// Text without what XML 1.0 forbids: control characters are shown as escapes, and the rest is not there in Unicode.
pub fn xml(text: &str) -> String {
    let legal = |c: char| if matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c };
    escape(&inert(&visible(text))).chars().map(legal).collect()
}
