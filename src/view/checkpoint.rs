//! Checkpoints.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table::columns;
use super::written::{self, WrittenV1};
use crate::app::checkpoint::{Checkpoint, Restored};
use crate::git::Delta;

/// A line each.
pub fn text(all: &[Checkpoint], paint: Paint) -> String {
    let row = |one: &Checkpoint| {
        let files = if one.files.len() == 1 { "1 file".to_owned() } else { format!("{} files", one.files.len()) };
        vec![paint.yellow(&one.number.to_string()), one.commit.time.minute(), files, printable(&one.commit.subject)]
    };
    columns(&all.iter().map(row).collect::<Vec<_>>(), None)
}

pub fn whole(one: &Checkpoint, paint: Paint) -> String {
    let mut text = format!("{} {}\n", paint.yellow(&format!("checkpoint {}", one.number)), one.commit.id);
    text.push_str(&format!("{} {}\n\n", paint.dim("made"), one.commit.time.minute()));
    text.push_str(&format!("{}\n\n", printable(&one.message)));
    for file in &one.files {
        text.push_str(&format!("{} {}\n", done(file), printable(&file.path)));
    }
    text
}

fn done(file: &Delta) -> &'static str {
    match (&file.before, &file.after) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckpointV1 {
    number: u32,
    /// The commit that holds it.
    commit: String,
    /// The commit it was made on.
    parent: Option<String>,
    time: String,
    message: String,
    files: Vec<FileV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FileV1 {
    path: String,
    /// added, changed or removed.
    done: &'static str,
}

pub fn object(one: &Checkpoint) -> CheckpointV1 {
    let file = |file: &Delta| FileV1 { path: file.path.clone(), done: done(file) };
    CheckpointV1 {
        number: one.number,
        commit: one.commit.id.clone(),
        parent: one.commit.parents.first().cloned(),
        time: one.commit.time.iso(),
        message: one.message.clone(),
        files: one.files.iter().map(file).collect(),
    }
}

pub fn objects(all: &[Checkpoint]) -> Vec<CheckpointV1> {
    all.iter().map(object).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct MadeV1 {
    /// Null where there was nothing to keep.
    checkpoint: Option<CheckpointV1>,
}

pub fn made(one: Option<&Checkpoint>) -> MadeV1 {
    MadeV1 { checkpoint: one.map(object) }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RestoredV1 {
    checkpoint: CheckpointV1,
    /// The checkpoint that holds what was there before, if that was nowhere else.
    before: Option<CheckpointV1>,
    #[serde(flatten)]
    written: WrittenV1,
}

pub fn restored(restored: &Restored) -> RestoredV1 {
    RestoredV1 {
        checkpoint: object(&restored.checkpoint),
        before: restored.before.as_ref().map(object),
        written: written::object(&restored.written),
    }
}
