//! What `palc watch` tells: lines for people, a stream of objects for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::watch::{Changed, File};
use crate::base::Finding;
use crate::repo::watch::Kind;

use super::check::{self, Counts};
use super::paint::{Paint, printable};

/// The files that changed, and how the repository stands; the findings beside it are those that are news.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WatchV1 {
    /// Empty in the first line.
    changed: Vec<ChangeV1>,
    /// How many findings elsewhere went away.
    gone: usize,
    checked: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ChangeV1 {
    path: String,
    /// Missing for the repository's settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// added, edited or removed
    kind: &'static str,
}

pub fn object(changed: &[File], gone: usize, checked: usize, all: &[Finding]) -> WatchV1 {
    let counts = Counts::of(all);
    let change = |file: &File| ChangeV1 {
        path: file.path.clone(),
        name: file.name.as_ref().map(ToString::to_string),
        kind: word(file.kind),
    };
    WatchV1 {
        changed: changed.iter().map(change).collect(),
        gone,
        checked,
        errors: counts.errors,
        warnings: counts.warnings,
        notes: counts.notes,
    }
}

/// `support/triage edited, support/reply removed`
pub fn heading(files: &[File], paint: Paint) -> String {
    const SHOWN: usize = 5;
    let file = |file: &File| {
        let name = file.name.as_ref().map_or(file.path.as_str(), |name| name.as_str());
        format!("{} {}", paint.bold(&printable(name)), word(file.kind))
    };
    let mut text = files.iter().take(SHOWN).map(file).collect::<Vec<_>>().join(", ");
    if files.len() > SHOWN {
        text += &format!(" and {} more", files.len() - SHOWN);
    }
    text
}

/// How things stand after a change.
pub fn summary(changed: &Changed) -> String {
    let gone = match changed.gone {
        0 => String::new(),
        1 => ", 1 finding elsewhere is gone".into(),
        count => format!(", {count} findings elsewhere are gone"),
    };
    format!("{}{gone}", check::summary(&changed.outcome))
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Added => "added",
        Kind::Edited => "edited",
        Kind::Removed => "removed",
    }
}
