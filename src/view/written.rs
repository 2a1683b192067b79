//! What a command did to files.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::patch;
use crate::app::write::{Done, What, Written};

/// One line a file; when nothing was written yet, with the difference it would make.
pub fn text(written: &Written, paint: Paint) -> String {
    written.done.iter().map(|done| line(done, written.dry_run, paint)).collect()
}

fn line(done: &Done, dry_run: bool, paint: Paint) -> String {
    let word = match (&done.what, dry_run) {
        (What::Created, false) => "created",
        (What::Created, true) => "would create",
        (What::Changed, false) => "changed",
        (What::Changed, true) => "would change",
        (What::Moved { .. }, false) => "moved",
        (What::Moved { .. }, true) => "would move",
        (What::Removed, false) => "removed",
        (What::Removed, true) => "would remove",
    };
    let path = match &done.what {
        What::Moved { from } => format!("{} -> {}", printable(from), printable(&done.path)),
        _ => printable(&done.path),
    };
    let word = if done.what == What::Removed { paint.red(word) } else { paint.green(word) };
    let diff = if dry_run && done.what != What::Removed {
        patch::hunks(&done.before, &done.after, paint)
    } else {
        String::new()
    };
    format!("{word} {path}\n{diff}")
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct WrittenV1 {
    files: Vec<FileV1>,
    /// Whether any file was changed; false for a dry run.
    written: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FileV1 {
    path: String,
    /// created, changed, moved or removed.
    done: &'static str,
    /// Where a moved file was before.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The difference in the unified format, for a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

pub fn object(written: &Written) -> WrittenV1 {
    let file = |done: &Done| {
        let (word, from) = match &done.what {
            What::Created => ("created", None),
            What::Changed => ("changed", None),
            What::Moved { from } => ("moved", Some(from.clone())),
            What::Removed => ("removed", None),
        };
        FileV1 {
            path: done.path.clone(),
            done: word,
            from,
            diff: written.dry_run.then(|| patch::plain(&done.before, &done.after)),
        }
    };
    WrittenV1 { files: written.done.iter().map(file).collect(), written: !written.dry_run && !written.done.is_empty() }
}
