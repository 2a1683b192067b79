//! The prompts that are not as in the last commit.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::status::{Entry, Labels, Outcome, State};

use super::diff::{became, heading, text::painted};
use super::finding::position;
use super::labels::{MovedV1, told};
use super::paint::{Paint, printable, visible};
use super::table::columns;

/// A line for each prompt, and one for each finding.
pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let row = |entry: &Entry| {
        vec![
            standing(entry.state, paint),
            paint.bold(&heading(&entry.changed)),
            if entry.state.conflict { String::new() } else { painted(entry.changed.class(), paint) },
            visible(&summary(entry)),
        ]
    };
    let labels = |labels: &Labels| {
        vec![
            standing(labels.state, paint),
            paint.bold(&printable(&labels.path)),
            String::new(),
            visible(&summary_of_labels(labels)),
        ]
    };
    let rows: Vec<Vec<String>> = outcome.prompts.iter().map(row).chain(outcome.labels.iter().map(labels)).collect();
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
    let mut notes = vec![match (outcome.prompts.is_empty(), &outcome.labels) {
        (true, None) => format!("{branch}{unfinished}; every prompt is as in the last commit"),
        _ => format!("{branch}{unfinished}"),
    }];
    match outcome.prompts.iter().filter(|entry| entry.unstamped()).count() {
        0 => {}
        1 => notes.push("1 of them has no id yet; `palc commit` stamps it".into()),
        count => notes.push(format!("{count} of them have no id yet; `palc commit` stamps them")),
    }
    notes
}

fn standing(state: State, paint: Paint) -> String {
    match state {
        State { conflict: true, .. } => paint.red("conflict"),
        State { staged: true, unstaged: true, .. } => paint.yellow("staged in part"),
        State { staged: true, .. } => paint.green("staged"),
        State { untracked: true, .. } => paint.red("untracked"),
        _ => paint.red("not staged"),
    }
}

/// More moves than these are only counted.
const MOVES: usize = 3;
const CONFLICT: &str = "a merge left it in several versions";

fn summary_of_labels(labels: &Labels) -> String {
    let moves = labels.moved.iter().take(MOVES).map(told);
    match labels.moved.len() {
        _ if labels.state.conflict => CONFLICT.into(),
        0 => "no label means anything else".into(),
        count => {
            let more = count.checked_sub(MOVES).filter(|&more| more > 0).map(|more| format!("{more} more"));
            moves.chain(more).collect::<Vec<_>>().join("; ")
        }
    }
}

fn summary(entry: &Entry) -> String {
    match entry.changed.class() {
        _ if entry.state.conflict => CONFLICT.into(),
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
    /// The file of labels, if it is not as in the last commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<LabelsV1<'a>>,
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
    #[serde(flatten)]
    state: StateV1,
    /// Whether the file has its id.
    stamped: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LabelsV1<'a> {
    path: &'a str,
    /// What changed, in a line.
    summary: String,
    /// Every label that means another version now; nothing for a conflict.
    moved: Vec<MovedV1<'a>>,
    #[serde(flatten)]
    state: StateV1,
}

/// Where a change stands.
#[derive(Debug, Serialize, JsonSchema)]
struct StateV1 {
    staged: bool,
    /// Whether the file differs from what is staged.
    unstaged: bool,
    untracked: bool,
    conflict: bool,
}

pub fn object(outcome: &Outcome) -> StatusV1<'_> {
    StatusV1 {
        branch: outcome.branch.as_deref(),
        in_progress: outcome.in_progress,
        prompts: outcome.prompts.iter().map(of_entry).collect(),
        labels: outcome.labels.as_ref().map(of_labels),
    }
}

fn of_labels(labels: &Labels) -> LabelsV1<'_> {
    LabelsV1 {
        path: &labels.path,
        summary: summary_of_labels(labels),
        moved: labels.moved.iter().map(MovedV1::of).collect(),
        state: of_state(labels.state),
    }
}

fn of_state(state: State) -> StateV1 {
    let State { staged, unstaged, untracked, conflict } = state;
    StateV1 { staged, unstaged, untracked, conflict }
}

fn of_entry(entry: &Entry) -> EntryV1<'_> {
    let changed = &entry.changed;
    EntryV1 {
        name: changed.pair.name(),
        path: changed.pair.path(),
        from: changed.pair.renamed_from().map(|version| version.path.as_str()),
        change: became(changed),
        class: changed.class().filter(|_| !entry.state.conflict).map(|class| class.word()),
        summary: summary(entry),
        state: of_state(entry.state),
        stamped: !entry.unstamped(),
    }
}
