//! What happened to prompts.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::log::{Entry, Outcome};
use crate::app::scores::Scored;
use crate::git::Commit;
use crate::repo::history::{Step, StepKind, Touch};

use super::evaluation::percent;
use super::paint::{Paint, printable};
use super::table::columns;

/// As many digits of a commit as tell it from others in practice.
pub fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

/// One prompt: a line a step. Many: a line a commit, and its prompts below.
pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    if outcome.single { steps(outcome, paint, width) } else { timeline(outcome, paint) }
}

fn steps(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let mut out = String::new();
    let mut rows = Vec::new();
    for entry in &outcome.entries {
        for step in entry.steps() {
            let version = if step.is_version { version(step, outcome.cut) } else { String::new() };
            let note = match &step.from {
                Some(from) => paint.dim(&printable(&format!(" (moved from {from})"))),
                None => note(step, outcome.cut).map(|note| paint.dim(&format!(" ({note})"))).unwrap_or_default(),
            };
            let scores = if step.is_version { scored(outcome, step) } else { String::new() };
            let note = format!("{note}{}", paint.dim(&scores));
            rows.push(row(&entry.commit, paint.bold(&version), &note, paint));
            rows.extend(step.via.iter().map(|commit| row(commit, String::new(), &paint.dim(" (merged)"), paint)));
        }
        if !entry.message.is_empty() {
            out.push_str(&columns(&std::mem::take(&mut rows), width));
            out.push_str(&indented(&entry.message));
        }
    }
    out.push_str(&columns(&rows, width));
    out
}

/// ` · triage 84 %`: of all suites that know this content, with all their models.
fn scored(outcome: &Outcome, step: &Step) -> String {
    let mut suites: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for scored in outcome.scores.get(&step.blob).into_iter().flatten() {
        let (passed, decided) = suites.entry(&scored.suite).or_default();
        *passed += scored.sum.counts.passed;
        *decided += scored.sum.counts.decided();
    }
    let one = |(suite, (passed, decided)): (&str, (u64, u64))| {
        let rate = if decided == 0 { "?".into() } else { percent(passed as f64 / decided as f64) };
        format!(" · {} {rate}", printable(suite))
    };
    suites.into_iter().map(one).collect()
}

fn row(commit: &Commit, version: String, note: &str, paint: Paint) -> Vec<String> {
    vec![
        version,
        commit.time.day(),
        paint.yellow(short(&commit.id)),
        printable(&commit.author),
        format!("{}{note}", printable(&commit.subject)),
    ]
}

fn timeline(outcome: &Outcome, paint: Paint) -> String {
    let mut out = String::new();
    for Entry { commit, message, touches } in &outcome.entries {
        let (id, author) = (paint.yellow(short(&commit.id)), printable(&commit.author));
        out.push_str(&format!("{}  {id}  {author}  {}\n", commit.time.day(), printable(&commit.subject)));
        out.push_str(&indented(message));
        let row = |Touch { name, step, .. }: &Touch| {
            let version = if step.kind == StepKind::Removed { String::new() } else { version(step, outcome.cut) };
            let note = match &step.from {
                Some(from) => format!("moved from {from}"),
                None => note(step, outcome.cut).unwrap_or_default().to_owned(),
            };
            vec![format!("  {}{}", paint.bold(&printable(name.as_str())), version), paint.dim(&printable(&note))]
        };
        out.push_str(&columns(&touches.iter().map(row).collect::<Vec<_>>(), None));
    }
    out
}

fn version(step: &Step, cut: bool) -> String {
    if cut { String::new() } else { format!("@{}", step.number) }
}

fn note(step: &Step, cut: bool) -> Option<&'static str> {
    match step.kind {
        // Where a shallow clone begins, everything looks new.
        StepKind::Created if cut && step.commit.parents.is_empty() => Some("then or before"),
        StepKind::Created => Some("new"),
        StepKind::Removed => Some("deleted"),
        StepKind::Restored => Some("back again"),
        StepKind::Changed | StepKind::Moved => None,
    }
}

/// The message after its subject.
fn indented(message: &str) -> String {
    let rest = message.trim().split_once('\n').map_or("", |(_, rest)| rest.trim_matches('\n'));
    rest.lines().map(|line| format!("    {}\n", printable(line))).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct EntryV1 {
    #[serde(flatten)]
    commit: CommitV1,
    parents: Vec<String>,
    /// The whole message.
    message: String,
    changes: Vec<ChangeV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CommitV1 {
    commit: String,
    author: String,
    email: String,
    /// When the author made it, by the author's clock.
    time: String,
    subject: String,
}

/// What a commit did to a prompt.
#[derive(Debug, Serialize, JsonSchema)]
struct ChangeV1 {
    name: String,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// created, changed, moved, removed or restored.
    kind: String,
    /// The version afterwards, or the last one of a prompt that is gone. Absent in a shallow clone, where nobody knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    /// Whether this commit made that version.
    new_version: bool,
    blob: String,
    /// The path before a move.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The commits of a merged branch that did it, newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    via: Vec<CommitV1>,
    /// What kept results say of this content.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scores: Vec<ScoredV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ScoredV1 {
    suite: String,
    model: String,
    passed: u64,
    failed: u64,
    undecided: u64,
    /// The mean score of those that have one.
    score: Option<f64>,
}

pub fn objects(outcome: &Outcome) -> Vec<EntryV1> {
    let change = |Touch { id, name, step }: &Touch| ChangeV1 {
        name: name.to_string(),
        path: step.path.clone(),
        id: id.clone(),
        kind: word(step.kind).to_owned(),
        version: (!outcome.cut).then_some(step.number),
        new_version: step.is_version,
        blob: step.blob.clone(),
        from: step.from.clone(),
        via: step.via.iter().map(CommitV1::of).collect(),
        scores: outcome.scores.get(&step.blob).into_iter().flatten().map(scored_object).collect(),
    };
    let entry = |entry: &Entry| EntryV1 {
        commit: CommitV1::of(&entry.commit),
        parents: entry.commit.parents.clone(),
        message: entry.message.clone(),
        changes: entry.touches.iter().map(change).collect(),
    };
    outcome.entries.iter().map(entry).collect()
}

fn scored_object(scored: &Scored) -> ScoredV1 {
    let counts = scored.sum.counts;
    ScoredV1 {
        suite: scored.suite.clone(),
        model: scored.column.engine(),
        passed: counts.passed,
        failed: counts.failed,
        undecided: counts.undecided,
        score: scored.sum.score.mean(),
    }
}

fn word(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Created => "created",
        StepKind::Changed => "changed",
        StepKind::Moved => "moved",
        StepKind::Removed => "removed",
        StepKind::Restored => "restored",
    }
}

impl CommitV1 {
    pub fn of(commit: &Commit) -> CommitV1 {
        CommitV1 {
            commit: commit.id.clone(),
            author: commit.author.clone(),
            email: commit.email.clone(),
            time: commit.time.iso(),
            subject: commit.subject.clone(),
        }
    }
}
