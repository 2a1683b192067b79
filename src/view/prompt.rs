//! One prompt: a card for people, an object for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::load::Loaded;
use crate::model::{Map, Prompt};

use super::paint::{Paint, printable};

/// The head that `palc show` prints above the text.
pub fn card(loaded: &Loaded, paint: Paint) -> String {
    let prompt = &loaded.prompt;
    let mut out = format!("{}\n", paint.bold(loaded.file.name.as_str()));
    let mut row = |label: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            out.push_str(&format!("{} {}\n", paint.dim(&format!("{label:<12}")), printable(&value)));
        }
    };
    row("title", prompt.title.clone());
    row("description", prompt.description.clone());
    row("id", prompt.id.clone());
    row("type", prompt.type_.clone());
    row("phase", Some(prompt.phase.join(", ")));
    row("status", prompt.status.as_ref().map(|status| status.0.clone()));
    row("tags", Some(prompt.tags.join(", ")));
    row("model", Some(prompt.models.join(", ")));
    row("params", Some(pairs(prompt)));
    row("file", Some(loaded.file.path.clone()));
    out
}

fn pairs(prompt: &Prompt) -> String {
    prompt.params.iter().map(|(key, value)| format!("{key} {value}")).collect::<Vec<_>>().join(", ")
}

/// A prompt as `palc show` tells it. Empty fields are left out; `front` is the front matter as written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PromptV1 {
    name: String,
    path: String,
    dialect: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none", rename = "type")]
    type_: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    phase: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    status: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owners: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    persona: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    model: Vec<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    params: Map,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_actions: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    origin: Map,
    front: Map,
    body: String,
}

pub fn object(loaded: &Loaded) -> PromptV1 {
    let prompt = loaded.prompt.clone();
    PromptV1 {
        name: loaded.file.name.to_string(),
        path: loaded.file.path.clone(),
        dialect: loaded.dialect.word().to_owned(),
        kind: prompt.kind.word().to_owned(),
        status: prompt.status().to_owned(),
        id: prompt.id,
        title: prompt.title,
        description: prompt.description,
        type_: prompt.type_,
        phase: prompt.phase,
        variant: prompt.variant,
        version: prompt.version,
        tags: prompt.tags,
        authors: prompt.authors,
        owners: prompt.owners,
        category: prompt.category,
        persona: prompt.persona,
        provider: prompt.provider,
        model: prompt.models,
        params: prompt.params,
        allowed_actions: prompt.allowed_actions,
        origin: prompt.origin,
        front: prompt.front,
        body: prompt.body,
    }
}
