//! The outcome of `palc check`: JSON, the last line for people, the pages about rules.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::check::{Fixed, Outcome};
use crate::base::{Finding, Severity};
use crate::check::registry::RULES;
use crate::check::{Allowed, Rule, fix};

use super::json::FindingV1;
use super::paint::Paint;
use super::patch;
use super::table::columns;

/// How many findings of each severity, and how many `--fix` could mend.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    pub fixable: usize,
}

impl Counts {
    pub fn of(findings: &[Finding]) -> Counts {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Counts {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            fixable: findings.iter().filter(|finding| fix::is_fixable(finding)).count(),
        }
    }
}

/// What a check found; the findings themselves stand beside it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckV1 {
    /// How many prompts were asked for.
    checked: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    /// How many of the findings `--fix` can mend.
    fixable: usize,
    /// Files that `--fix` changed, or would change with `--dry-run`.
    fixed: Vec<FixedV1>,
    /// Findings that an author allowed where they stand.
    allowed: Vec<AllowedV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FixedV1 {
    path: String,
    /// How many fixes.
    fixes: usize,
    /// The change as a unified diff.
    diff: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AllowedV1 {
    reason: String,
    finding: FindingV1,
}

pub fn object(outcome: &Outcome) -> CheckV1 {
    let counts = Counts::of(&outcome.report.findings);
    let fixed = |fixed: &Fixed| FixedV1 {
        path: fixed.path.clone(),
        fixes: fixed.count,
        diff: patch::unified(&fixed.path, &fixed.before, &fixed.after, Paint::default()),
    };
    let allowed =
        |allowed: &Allowed| AllowedV1 { reason: allowed.reason.clone(), finding: FindingV1::of(&allowed.finding) };
    CheckV1 {
        checked: outcome.checked,
        errors: counts.errors,
        warnings: counts.warnings,
        notes: counts.notes,
        fixable: counts.fixable,
        fixed: outcome.fixed.iter().map(fixed).collect(),
        allowed: outcome.report.allowed.iter().map(allowed).collect(),
    }
}

/// `checked 120 prompts: 3 errors, 1 warning; 2 can be fixed by palc check --fix`
pub fn summary(outcome: &Outcome) -> String {
    let counts = Counts::of(&outcome.report.findings);
    let parts: Vec<String> = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.notes, "note")]
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, word)| number(count, word))
        .collect();
    let found = if parts.is_empty() { "nothing to report".to_owned() } else { parts.join(", ") };
    let left = if outcome.fixed.is_empty() || parts.is_empty() { "" } else { " left" };
    let mut line = format!("checked {}: {found}{left}", number(outcome.checked, "prompt"));
    if !outcome.report.allowed.is_empty() {
        line.push_str(&format!(", {} allowed", outcome.report.allowed.len()));
    }
    if counts.fixable > 0 {
        line.push_str(&format!("; {} can be fixed by `palc check --fix`", counts.fixable));
    }
    line
}

/// What fixing did, or would do.
pub fn fixes(outcome: &Outcome, written: bool) -> Option<String> {
    let count: usize = outcome.fixed.iter().map(|fixed| fixed.count).sum();
    let verb = if written { "fixed" } else { "would fix" };
    let files = number(outcome.fixed.len(), "file");
    (count > 0).then(|| format!("{verb} {} in {files}", number(count, "finding")))
}

fn number(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// All rules, one a line.
pub fn rules(paint: Paint, width: Option<usize>) -> String {
    let row = |rule: &&Rule| {
        let fix = if rule.fix { "fix" } else { "" };
        vec![paint.bold(rule.name), rule.severity.word().to_owned(), fix.to_owned(), rule.doc.to_owned()]
    };
    columns(&RULES.iter().map(row).collect::<Vec<_>>(), width)
}

/// A rule, as `palc check --list-rules` and `--explain` tell it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleV1 {
    name: &'static str,
    /// How serious it is if the settings say nothing: error, warning or note.
    severity: &'static str,
    /// Whether some of its findings have a safe fix.
    fix: bool,
    looks_at: &'static str,
    doc: &'static str,
    why: &'static str,
}

pub fn rules_object() -> Vec<RuleV1> {
    RULES.iter().map(|rule| rule_object(rule)).collect()
}

pub fn rule_object(rule: &Rule) -> RuleV1 {
    let Rule { name, doc, why, severity, fix, how } = *rule;
    RuleV1 { name, severity: severity.word(), fix, looks_at: how.words(), doc, why }
}

/// One rule, explained.
pub fn explain(rule: &Rule, paint: Paint) -> String {
    let fix = if rule.fix { ", with fixes that `palc check --fix` applies" } else { "" };
    format!(
        "{}\n{} by default, looks at {}{fix}\n\n{}\n\n{}\n\n\
         palc.toml:  [checks.severity]\n            {} = \"off\"\n\
         in a file:  # palc:allow {} REASON\n",
        paint.bold(rule.name),
        rule.severity.word(),
        rule.how.words(),
        rule.doc,
        rule.why,
        rule.name,
        rule.name
    )
}

/// The reference of all rules in Markdown, as it stands in `docs/rules.md`.
pub fn reference() -> String {
    let mut out = String::from(
        "# Rules\n\n\
         What `palc check` looks for. This page is written from the rules themselves; `palc check --explain RULE` shows \
         one of them.\n\n\
         How serious a rule is, and where it is silent, is set in `palc.toml`:\n\n\
         ```toml\n[checks.severity]\nunused-variable = \"off\"\n\n[checks.ignore]\n\"legacy/**\" = [\"unknown-key\"]\n```\n\n\
         One finding is allowed where it stands, with a reason: `# palc:allow RULE REASON` in the front matter, and\n\
         `{# palc:allow RULE REASON #}` or `<!-- palc:allow RULE REASON -->` in the body, on the line itself or before it.\n\n\
         | Rule | Severity | Fix | Finds |\n|---|---|---|---|\n",
    );
    for rule in RULES.iter() {
        let fix = if rule.fix { "yes" } else { "" };
        out.push_str(&format!("| [{0}](#{0}) | {1} | {fix} | {2} |\n", rule.name, rule.severity.word(), rule.doc));
    }
    for rule in RULES.iter() {
        out.push_str(&format!("\n## {}\n\n{} {}\n", rule.name, rule.doc, rule.why));
    }
    out
}
