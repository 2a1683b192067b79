//! Personas and their layouts.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table;
use crate::app::persona::Shown;
use crate::model::{Layout, Map, Persona};

pub fn table(personas: &[Persona], paint: Paint, width: Option<usize>) -> String {
    let row = |persona: &Persona| {
        let about = persona.prompt.description.as_deref().unwrap_or_default();
        vec![paint.bold(&printable(&persona.name)), paint.dim(&from(persona)), printable(about)]
    };
    table::columns(&personas.iter().map(row).collect::<Vec<_>>(), width)
}

fn from(persona: &Persona) -> String {
    if persona.source.built_in { "comes with palc".into() } else { printable(&persona.source.path) }
}

/// What it is, what it adds to the system text, and how it lays out prompts.
pub fn text(shown: &Shown, paint: Paint) -> String {
    let persona = &shown.persona;
    let mut out = format!("{} {}\n", paint.bold(&printable(&persona.name)), paint.dim(&format!("# {}", from(persona))));
    let mut row = |label: &str, value: String| {
        if !value.is_empty() {
            out.push_str(&format!("{} {}\n", paint.dim(&format!("{label:<12}")), printable(&value)));
        }
    };
    row("description", persona.prompt.description.clone().unwrap_or_default());
    row("good for", persona.capabilities.join(", "));
    row("reasoning", persona.reasoning.map(|reasoning| reasoning.word().to_owned()).unwrap_or_default());
    row("weights", weights(&persona.weights));
    row("uses", persona.use_cases.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "));
    for (phase, own) in &persona.phases {
        row(&format!("in {phase}"), own.text.clone().unwrap_or_default());
    }
    out.push_str(&format!("\n{}\n", printable(persona.prompt.body.trim_end())));
    for (family, layout) in &shown.layouts {
        out.push_str(&format!("\n{}\n", paint.bold(&format!("for {}", printable(family)))));
        for (label, value) in lines(layout) {
            out.push_str(&format!("  {} {}\n", paint.dim(&format!("{label:<10}")), printable(&value)));
        }
    }
    out
}

fn lines(layout: &Layout) -> Vec<(&'static str, String)> {
    let one = [("structure", &layout.structure), ("reasoning", &layout.reasoning), ("examples", &layout.examples)];
    let one = one.into_iter().filter_map(|(label, text)| Some((label, text.clone()?)));
    one.chain(layout.directives.iter().map(|directive| ("and", directive.clone()))).collect()
}

pub(super) fn weights(weights: &Map) -> String {
    weights.iter().map(|(name, weight)| format!("{name} {weight}")).collect::<Vec<_>>().join(", ")
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonaV1<'a> {
    name: &'a str,
    path: &'a str,
    /// Whether it comes with palc, and no file of the repository replaces it.
    built_in: bool,
    title: Option<&'a str>,
    description: Option<&'a str>,
    capabilities: &'a [String],
    /// chain, structured-chain, chain-of-code or direct.
    reasoning: Option<&'static str>,
    weights: &'a Map,
    use_cases: Vec<&'a str>,
}

impl PersonaV1<'_> {
    fn of(persona: &Persona) -> PersonaV1<'_> {
        PersonaV1 {
            name: &persona.name,
            path: &persona.source.path,
            built_in: persona.source.built_in,
            title: persona.prompt.title.as_deref(),
            description: persona.prompt.description.as_deref(),
            capabilities: &persona.capabilities,
            reasoning: persona.reasoning.map(crate::model::Reasoning::word),
            weights: &persona.weights,
            use_cases: persona.use_cases.iter().map(|(name, _)| name.as_str()).collect(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownV1<'a> {
    #[serde(flatten)]
    persona: PersonaV1<'a>,
    /// What it adds to the system text.
    text: &'a str,
    phases: Vec<InPhaseV1<'a>>,
    /// With the gaps filled from the persona `generic`.
    layouts: Vec<LayoutV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct InPhaseV1<'a> {
    phase: &'a str,
    text: Option<&'a str>,
    model: Option<&'a str>,
    params: &'a Map,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LayoutV1<'a> {
    family: &'a str,
    structure: Option<&'a str>,
    reasoning: Option<&'a str>,
    examples: Option<&'a str>,
    directives: &'a [String],
}

pub fn objects(personas: &[Persona]) -> Vec<PersonaV1<'_>> {
    personas.iter().map(PersonaV1::of).collect()
}

pub fn object(shown: &Shown) -> ShownV1<'_> {
    ShownV1 {
        persona: PersonaV1::of(&shown.persona),
        text: &shown.persona.prompt.body,
        phases: shown
            .persona
            .phases
            .iter()
            .map(|(phase, own)| InPhaseV1 {
                phase,
                text: own.text.as_deref(),
                model: own.model.as_deref(),
                params: &own.params,
            })
            .collect(),
        layouts: shown
            .layouts
            .iter()
            .map(|(family, layout)| LayoutV1 {
                family,
                structure: layout.structure.as_deref(),
                reasoning: layout.reasoning.as_deref(),
                examples: layout.examples.as_deref(),
                directives: &layout.directives,
            })
            .collect(),
    }
}
