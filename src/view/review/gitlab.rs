//! New findings as GitLab reads them: a list of issues of code quality.

use serde_json::json;

use crate::app::review::Outcome;
use crate::base::{Finding, Severity};

use super::super::diff::markdown::inert;
use super::super::paint::visible;
use super::super::sarif::Prints;

pub fn report(outcome: &Outcome) -> String {
    let mut prints = Prints::default();
    let issue = |finding: &Finding| {
        let severity = match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        };
        json!({
            "description": inert(&visible(&finding.message)),
            "check_name": finding.rule,
            "fingerprint": prints.next(finding),
            "severity": severity,
            "location": {"path": finding.place.path, "lines": {"begin": finding.place.line.max(1)}},
        })
    };
    let issues: Vec<_> = outcome.findings.iter().map(issue).collect();
    format!("{:#}\n", serde_json::Value::Array(issues))
}
