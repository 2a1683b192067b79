//! What was erased from history, or would be.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table::columns;
use crate::app::purge::Told;
use crate::git::RefMove;

/// The facts, a line each.
pub fn text(told: &Told, paint: Paint) -> String {
    let id = told.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
    let verb = if told.dry_run { "would erase" } else { "erased" };
    let head = format!("{verb} {}{id}\n", paint.bold(&printable(&told.name)));
    let commits = match told.signatures {
        0 => count(told.commits, "commit"),
        signatures => format!("{}, {} lost", count(told.commits, "commit"), count(signatures, "signature")),
    };
    let mut rows = vec![
        vec!["  contents".into(), format!("{} at {}", told.contents, printable(&told.paths.join(", ")))],
        vec!["  rewritten".into(), commits],
    ];
    let refs = told.moves.iter().map(|step| printable(&step.name)).collect::<Vec<_>>();
    rows.extend((!refs.is_empty()).then(|| vec!["  moved".into(), refs.join(", ")]));
    rows.extend((told.stashes > 0).then(|| vec!["  stashes".into(), format!("{}, kept without it", told.stashes)]));
    rows.extend(told.labelled.then(|| vec!["  labels".into(), "its entry, here and in history".into()]));
    head + &columns(&rows, None)
}

/// What stays, and what palc cannot reach.
pub fn warnings(told: &Told) -> Vec<String> {
    let mut said = Vec::new();
    for one in &told.shared {
        said.push(format!("{} has the same content as a version of it, and keeps it", printable(&one.path)));
    }
    for link in &told.dependants {
        said.push(format!("{} {} {}", link.from.name, link.what.word(), link.to));
    }
    if told.messages > 0 {
        said.push(format!("messages of commits are kept, and {} of them name it", told.messages));
    }
    said
}

/// What is left for people to do.
pub fn hints(told: &Told) -> Vec<String> {
    let mut said = Vec::new();
    if !told.pushes.is_empty() {
        said.push(format!(
            "what was pushed is there still; this puts the new history there:\n  {}",
            told.pushes.join("\n  ")
        ));
    }
    said.push("other clones, bundles and backups have it still, and pushing from an old clone brings it back".into());
    said
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PurgedV1<'a> {
    name: &'a str,
    /// Absent for a prompt without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// Every path that it had in history.
    paths: &'a [String],
    /// How many contents are gone.
    contents: usize,
    /// How many commits were written anew.
    commits: usize,
    /// How many of them, and of the tags, were signed.
    signatures: usize,
    refs: Vec<RefV1<'a>>,
    stashes: usize,
    /// Whether it had labels.
    labelled: bool,
    /// The same content elsewhere, where it stays.
    shared: Vec<SharedV1<'a>>,
    /// Messages of commits that name it; they are kept.
    messages: usize,
    /// Prompts that name it.
    dependants: Vec<String>,
    /// Commands that put the new history where the old one was pushed to.
    pushes: &'a [String],
    dry_run: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RefV1<'a> {
    name: &'a str,
    from: &'a str,
    /// Absent if the ref is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SharedV1<'a> {
    path: &'a str,
    blob: &'a str,
}

pub fn object(told: &Told) -> PurgedV1<'_> {
    PurgedV1 {
        name: &told.name,
        id: told.id.as_deref(),
        paths: &told.paths,
        contents: told.contents,
        commits: told.commits,
        signatures: told.signatures,
        refs: told.moves.iter().map(RefV1::of).collect(),
        stashes: told.stashes,
        labelled: told.labelled,
        shared: told.shared.iter().map(|one| SharedV1 { path: &one.path, blob: &one.blob }).collect(),
        messages: told.messages,
        dependants: told.dependants.iter().map(|link| link.from.name.to_string()).collect(),
        pushes: &told.pushes,
        dry_run: told.dry_run,
    }
}

impl<'a> RefV1<'a> {
    fn of(step: &'a RefMove) -> Self {
        RefV1 { name: &step.name, from: &step.from, to: step.to.as_deref() }
    }
}
