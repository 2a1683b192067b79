//! The prompts that are not as in the last commit.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::status::{Entry, Outcome};

use super::diff::{became, heading, text::painted};
use super::finding::position;
use super::paint::{Paint, printable, visible};
use super::table::columns;

/// A line for each prompt, and one for each finding.
pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let row = |entry: &Entry| {
        vec![
            standing(entry, paint),
            paint.bold(&heading(&entry.changed)),
            if entry.conflict { String::new() } else { painted(entry.changed.class(), paint) },
            visible(&summary(entry)),
        ]
    };
    let rows: Vec<Vec<String>> = outcome.prompts.iter().map(row).collect();
    let finding = |finding: &crate::base::Finding| {
        let severity = finding.severity.word();
        format!("{}: {severity}: {} [{}]\n", position(&finding.place), printable(&finding.message), finding.rule)
    };
    columns(&rows, width) + &outcome.findings.iter().map(finding).collect::<String>()
}

/// What is worth knowing beside the prompts: where we are, and what is to be done.
pub fn notes(outcome: &Outcome) -> Vec<String> {
    let branch = match &outcome.branch {
        Some(branch) => format!("on branch {}", printable(branch)),
        None => "HEAD is detached".into(),
    };
    let unfinished = outcome.in_progress.map(|what| format!(", in the middle of {what}")).unwrap_or_default();
    let mut notes = vec![match outcome.prompts.is_empty() {
        true => format!("{branch}{unfinished}; every prompt is as in the last commit"),
        false => format!("{branch}{unfinished}"),
    }];
    match outcome.prompts.iter().filter(|entry| entry.unstamped()).count() {
        0 => {}
        1 => notes.push("1 of them has no id yet; `palc commit` stamps it".into()),
        count => notes.push(format!("{count} of them have no id yet; `palc commit` stamps them")),
    }
    notes
}

fn standing(entry: &Entry, paint: Paint) -> String {
    match entry {
        Entry { conflict: true, .. } => paint.red("conflict"),
        Entry { staged: true, unstaged: true, .. } => paint.yellow("staged in part"),
        Entry { staged: true, .. } => paint.green("staged"),
        Entry { untracked: true, .. } => paint.red("untracked"),
        _ => paint.red("not staged"),
    }
}

fn summary(entry: &Entry) -> String {
    match entry.changed.class() {
        _ if entry.conflict => "a merge left it in several versions".into(),
        None => "staged, and undone in the work tree".into(),
        Some(_) => entry.changed.summary(),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusV1<'a> {
    /// None where HEAD is detached.
    branch: Option<&'a str>,
    /// What git has begun and not finished.
    in_progress: Option<&'a str>,
    prompts: Vec<EntryV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct EntryV1<'a> {
    name: &'a str,
    path: &'a str,
    /// Its path before, if that was another.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    /// added, removed, renamed or changed.
    change: &'static str,
    /// breaking, behaviour or cosmetic; nothing for a conflict.
    class: Option<&'static str>,
    /// What changed, in a line.
    summary: String,
    staged: bool,
    /// Whether the file differs from what is staged.
    unstaged: bool,
    untracked: bool,
    conflict: bool,
    /// Whether the file has its id.
    stamped: bool,
}

pub fn object(outcome: &Outcome) -> StatusV1<'_> {
    StatusV1 {
        branch: outcome.branch.as_deref(),
        in_progress: outcome.in_progress,
        prompts: outcome.prompts.iter().map(of_entry).collect(),
    }
}

fn of_entry(entry: &Entry) -> EntryV1<'_> {
    let changed = &entry.changed;
    EntryV1 {
        name: changed.pair.name(),
        path: changed.pair.path(),
        from: changed.pair.renamed_from().map(|version| version.path.as_str()),
        change: became(changed),
        class: changed.class().filter(|_| !entry.conflict).map(|class| class.word()),
        summary: summary(entry),
        staged: entry.staged,
        unstaged: entry.unstaged,
        untracked: entry.untracked,
        conflict: entry.conflict,
        stamped: !entry.unstamped(),
    }
}
