//! What did not pass as findings: for code scanning services and for the annotations of a workflow.

use crate::base::{Finding, Place};
use crate::check::Report;
use crate::eval::Tally;
use crate::eval::tally::Fault;
use crate::model::Verdict;

/// Answers that did not pass, each at the place of its case, which `place` knows.
pub fn of(faults: &[Fault], place: &dyn Fn(&str) -> Place) -> Vec<Finding> {
    faults.iter().map(|fault| finding(fault, place(&fault.case))).collect()
}

fn finding(fault: &Fault, place: Place) -> Finding {
    let check = fault.check.as_deref().map(|check| format!("{check}: ")).unwrap_or_default();
    let with = format!("{} with {}", fault.column.prompt, fault.column.engine());
    match fault.verdict {
        Verdict::Undecided => Finding::warning(
            "evaluation-undecided",
            place,
            format!("case `{}`, {with}, is undecided: {check}{}", fault.case, fault.reason),
        ),
        _ => Finding::error(
            "evaluation-failed",
            place,
            format!("case `{}`, {with}, fails: {check}{}", fault.case, fault.reason),
        ),
    }
}

pub fn sarif(findings: Vec<Finding>) -> String {
    super::super::sarif::report(&Report { findings, allowed: Vec::new() }, env!("CARGO_PKG_VERSION"))
}

/// Annotations of a GitHub workflow, after what the run comes to.
pub fn github(suite: &str, tally: &Tally, findings: &[Finding]) -> String {
    let level = if tally.total.counts.failed > 0 { "error" } else { "notice" };
    let verdict = super::super::paint::visible(&super::verdict(suite, &tally.total).replace('\n', " "));
    let verdict = verdict.replace('%', "%25");
    format!("::{level} title=palc eval::{verdict}\n{}", super::super::github::annotations(findings))
}
