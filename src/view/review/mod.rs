//! A review for people, forges and programs.

pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod quality;
pub mod text;

#[cfg(test)]
mod hostile;

use crate::app::review::{LabelMove, Moved, Outcome};
use crate::base::{Finding, Severity};
use crate::model::Pin;
use crate::repo::diff::Class;

use super::github::annotations;
use super::paint::visible;

/// The first line of every report: whether it may go on, and what it is about.
pub fn verdict(outcome: &Outcome) -> String {
    let blocking = outcome.blocking().count();
    let regressions = outcome.regressions().count();
    let verdict = match (blocking, outcome.count(Class::Breaking), outcome.prompts.len()) {
        (0, ..) if regressions > 0 => {
            let names: Vec<String> = outcome.regressions().map(|quality| visible(&quality.suite)).collect();
            format!("blocked by worse results of {}", names.join(", "))
        }
        (1.., ..) if regressions > 0 => {
            format!("blocked by {} and worse results", count(blocking, "new finding"))
        }
        (1.., ..) => format!("blocked by {}", count(blocking, "new finding")),
        (0, 1.., _) => "breaking changes, nothing new is wrong".into(),
        (0, 0, 0) => "no prompt differs".into(),
        (0, 0, _) => "nothing new is wrong".into(),
    };
    let prompts =
        if outcome.prompts.is_empty() { String::new() } else { format!("; {}", super::diff::tally(&outcome.prompts)) };
    format!("{verdict}{prompts}")
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// How to see the same again.
pub fn again(outcome: &Outcome) -> String {
    format!("palc review {}", outcome.range)
}

/// The token delta of all prompts together, as far as they are there on both sides or either.
pub fn token_delta(outcome: &Outcome) -> Option<String> {
    let counted: Vec<_> = outcome.prompts.iter().filter_map(|changed| changed.tokens.as_ref()).collect();
    let estimate = counted.iter().any(|tokens| tokens.before.iter().chain(&tokens.after).any(|count| !count.exact));
    let delta: i64 = counted.iter().map(|tokens| super::diff::delta(tokens)).sum();
    (!counted.is_empty()).then(|| format!("{}{delta:+}", if estimate { "about " } else { "" }))
}

/// `production of support/triage: version 3 → version 7`, in parts: what, whose, how.
pub fn label_move(moved: &LabelMove) -> (String, String, String) {
    let whose = visible(moved.name.as_deref().unwrap_or(&moved.id));
    let version = |pin: &Pin| format!("version {}", pin.version);
    match &moved.what {
        Moved::Label { label, before, after } => {
            let side = |pin: &Option<Pin>| pin.as_ref().map_or("nothing".to_owned(), version);
            (visible(label), whose, format!("{} → {}", side(before), side(after)))
        }
        Moved::Deactivated(pin) => (version(pin), whose, "switched off".into()),
        Moved::Activated(pin) => (version(pin), whose, "switched on again".into()),
    }
}

/// Annotations of a GitHub workflow: the new findings, and the verdict as a notice.
pub fn github(outcome: &Outcome) -> String {
    let level = if outcome.is_blocked() { "error" } else { "notice" };
    let verdict = verdict(outcome).replace('%', "%25");
    format!("::{level} title=palc review::{verdict}\n{}", annotations(&outcome.findings))
}

/// The gravest first.
fn by_severity(outcome: &Outcome) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = outcome.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

fn severity(severity: Severity) -> &'static str {
    severity.word()
}
