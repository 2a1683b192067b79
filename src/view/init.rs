//! What `palc init` did.

use serde_json::{Value, json};

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

pub fn object(outcome: &Outcome, dry_run: bool) -> Value {
    let word = |done| match done {
        Done::Created => "created",
        Done::Extended => "extended",
        Done::Kept => "kept",
    };
    let step = |step: &crate::app::init::Step| json!({"path": step.path, "done": word(step.done)});
    json!({
        "root": outcome.root.display().to_string(),
        "steps": outcome.steps.iter().map(step).collect::<Vec<_>>(),
        "written": outcome.changed() && !dry_run,
    })
}
