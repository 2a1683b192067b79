//! What `palc init` did.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use crate::app::init::{Done, Outcome};

pub fn text(outcome: &Outcome, dry_run: bool, paint: Paint) -> String {
    let line = |step: &crate::app::init::Step| {
        let word = match (step.done, dry_run) {
            (Done::Created, false) => paint.green("created"),
            (Done::Created, true) => paint.green("would create"),
            (Done::Extended, false) => paint.green("extended"),
            (Done::Extended, true) => paint.green("would extend"),
            (Done::Kept, _) => paint.dim("kept"),
        };
        format!("{word} {}\n", printable(&step.path))
    };
    outcome.steps.iter().map(line).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct InitV1 {
    root: String,
    steps: Vec<StepV1>,
    /// Whether any file was changed.
    written: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct StepV1 {
    path: String,
    /// created, extended or kept.
    done: &'static str,
}

pub fn object(outcome: &Outcome, dry_run: bool) -> InitV1 {
    let word = |done| match done {
        Done::Created => "created",
        Done::Extended => "extended",
        Done::Kept => "kept",
    };
    let step = |step: &crate::app::init::Step| StepV1 { path: step.path.clone(), done: word(step.done) };
    InitV1 {
        root: outcome.root.display().to_string(),
        steps: outcome.steps.iter().map(step).collect(),
        written: outcome.changed() && !dry_run,
    }
}
