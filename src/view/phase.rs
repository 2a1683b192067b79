//! Phases.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::persona::weights;
use super::table;
use crate::model::{Map, Phase};

pub fn table(phases: &[Phase], paint: Paint, width: Option<usize>) -> String {
    let row = |phase: &Phase| {
        let about = phase.prompt.description.as_deref().unwrap_or_default();
        vec![paint.bold(&printable(&phase.name)), paint.dim(&from(phase)), printable(about)]
    };
    table::columns(&phases.iter().map(row).collect::<Vec<_>>(), width)
}

fn from(phase: &Phase) -> String {
    if phase.source.built_in { "comes with palc".into() } else { printable(&phase.source.path) }
}

pub fn text(phase: &Phase, paint: Paint) -> String {
    let mut out = format!("{} {}\n", paint.bold(&printable(&phase.name)), paint.dim(&format!("# {}", from(phase))));
    let mut row = |label: &str, value: String| {
        if !value.is_empty() {
            out.push_str(&format!("{} {}\n", paint.dim(&format!("{label:<12}")), printable(&value)));
        }
    };
    row("intent", phase.prompt.description.clone().unwrap_or_default());
    row("model", phase.prompt.models.join(", "));
    let params = phase.prompt.params.iter().map(|(key, value)| format!("{key} {value}"));
    row("params", params.collect::<Vec<_>>().join(", "));
    row("weights", weights(&phase.weights));
    format!("{out}\n{}", printable(&phase.prompt.body))
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PhaseV1<'a> {
    name: &'a str,
    path: &'a str,
    /// Whether it comes with palc, and no file of the repository replaces it.
    built_in: bool,
    title: Option<&'a str>,
    /// What it is for.
    intent: Option<&'a str>,
    model: &'a [String],
    params: &'a Map,
    /// How much each criterion counts when its variants are judged.
    weights: &'a Map,
    /// The templates of the system and the user message.
    body: &'a str,
}

pub fn object(phase: &Phase) -> PhaseV1<'_> {
    PhaseV1 {
        name: &phase.name,
        path: &phase.source.path,
        built_in: phase.source.built_in,
        title: phase.prompt.title.as_deref(),
        intent: phase.prompt.description.as_deref(),
        model: &phase.prompt.models,
        params: &phase.prompt.params,
        weights: &phase.weights,
        body: &phase.prompt.body,
    }
}

pub fn objects(phases: &[Phase]) -> Vec<PhaseV1<'_>> {
    phases.iter().map(object).collect()
}
