//! What promoting did or would do.

use schemars::JsonSchema;
use serde::Serialize;

use super::labels::MovedV1;
use super::paint::{Paint, printable};
use super::table;
use super::written::{self, WrittenV1};
use crate::app::label::Moved;
use crate::app::promote::{Outcome, Plan};

pub fn text(plan: &Plan, paint: Paint) -> String {
    let mut rows = Vec::new();
    let mut list = |word: String, moved: &[Moved]| rows.extend(moved.iter().map(|moved| row(&word, moved)));
    list(paint.green("add"), &plan.added);
    list(paint.yellow("change"), &plan.changed);
    list(paint.red("remove"), &plan.removed);
    list(paint.dim("keep"), &plan.kept);
    let same = if plan.same > 0 { format!("{} there already\n", plan.same) } else { String::new() };
    table::columns(&rows, None) + &same
}

fn row(word: &str, moved: &Moved) -> Vec<String> {
    let number = |pin: &Option<crate::model::Pin>| pin.as_ref().map_or("none".into(), |pin| pin.version.to_string());
    let name = printable(moved.prompt.as_deref().unwrap_or(&moved.id));
    let step = if moved.from == moved.to {
        number(&moved.to)
    } else {
        format!("{} -> {}", number(&moved.from), number(&moved.to))
    };
    vec![word.to_owned(), name, step]
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PromotedV1<'a> {
    added: Vec<MovedV1<'a>>,
    changed: Vec<MovedV1<'a>>,
    removed: Vec<MovedV1<'a>>,
    /// Only the target has these; without `--mirror` they stay.
    kept: Vec<MovedV1<'a>>,
    /// How many were there already.
    same: usize,
    #[serde(flatten)]
    written: WrittenV1,
}

pub fn object(outcome: &Outcome) -> PromotedV1<'_> {
    let plan = &outcome.plan;
    PromotedV1 {
        added: plan.added.iter().map(MovedV1::of).collect(),
        changed: plan.changed.iter().map(MovedV1::of).collect(),
        removed: plan.removed.iter().map(MovedV1::of).collect(),
        kept: plan.kept.iter().map(MovedV1::of).collect(),
        same: plan.same,
        written: written::object(&outcome.written),
    }
}
