//! A review for programs. The new findings stand in the envelope.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::review::{LabelMove, Moved, Outcome};
use crate::model::Pin;

use super::super::diff::json::{ChangedV1, changed};
use super::quality::{self, QualityV1};

#[derive(Debug, Serialize, JsonSchema)]
pub struct ReviewV1<'a> {
    /// Whether a new finding is serious enough to say no, or kept results became worse than they may.
    blocked: bool,
    verdict: String,
    /// The commit from which both parted, and the one that is reviewed.
    base: String,
    head: String,
    /// How many new findings block.
    blocking: usize,
    /// How many findings are gone.
    mended: usize,
    prompts: Vec<ChangedV1>,
    dependants: Vec<DependantV1>,
    labels: Vec<LabelV1>,
    /// What the kept results say, for every suite of which they changed.
    quality: Vec<QualityV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DependantV1 {
    name: String,
    path: String,
    /// The changed prompts that it includes.
    through: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LabelV1 {
    /// The prompt's id.
    id: String,
    name: Option<String>,
    /// label, deactivated or activated.
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    before: Option<PinV1>,
    after: Option<PinV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PinV1 {
    version: u32,
    blob: String,
}

pub fn object(outcome: &Outcome) -> ReviewV1<'_> {
    let dependant = |one: &crate::app::review::Dependant| DependantV1 {
        name: one.name.clone(),
        path: one.path.clone(),
        through: one.through.clone(),
    };
    ReviewV1 {
        blocked: outcome.is_blocked(),
        verdict: super::verdict(outcome),
        base: outcome.base.clone(),
        head: outcome.head.clone(),
        blocking: outcome.blocking().count(),
        mended: outcome.mended,
        prompts: outcome.prompts.iter().map(changed).collect(),
        dependants: outcome.dependants.iter().map(dependant).collect(),
        labels: outcome.labels.iter().map(label).collect(),
        quality: quality::objects(outcome),
    }
}

fn label(moved: &LabelMove) -> LabelV1 {
    let pin = |pin: &Pin| PinV1 { version: pin.version, blob: pin.blob.clone() };
    let (change, label, before, after) = match &moved.what {
        Moved::Label { label, before, after } => {
            ("label", Some(label.clone()), before.as_ref().map(pin), after.as_ref().map(pin))
        }
        Moved::Deactivated(one) => ("deactivated", None, None, Some(pin(one))),
        Moved::Activated(one) => ("activated", None, None, Some(pin(one))),
    };
    LabelV1 { id: moved.id.clone(), name: moved.name.clone(), change, label, before, after }
}
