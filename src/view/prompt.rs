//! One prompt: a card for people, an object for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::show::{Outcome, Standing};
use crate::git::Time;
use crate::model::{Map, Money, Prompt, Value};

use super::log::{CommitV1, short};
use super::paint::{Paint, printable};

/// The head that `palc show` prints above the text.
pub fn card(outcome: &Outcome, paint: Paint) -> String {
    let loaded = &outcome.loaded;
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
    row("origin", origin(&prompt.origin));
    row("file", Some(loaded.file.path.clone()));
    if let Some(standing) = &outcome.standing {
        row("version", version(standing));
        row("created", standing.created.map(Time::minute));
        row("updated", standing.updated.filter(|it| Some(*it) != standing.created).map(Time::minute));
    }
    out
}

/// How it came to be: method, session, parent, model, and what it took.
fn origin(origin: &Map) -> Option<String> {
    let text = |key: &str| origin.get(key).and_then(Value::as_str).map(str::to_owned);
    let named = |word: &str, key: &str| text(key).map(|value| format!("{word} {value}"));
    let tokens = origin.get("tokens").map(|tokens| {
        let count =
            |key: &str| tokens.get(key).and_then(Value::as_u64).map_or("?".to_owned(), |count| count.to_string());
        format!("{} + {} tokens", count("input"), count("output"))
    });
    let cost = text("cost").and_then(|cost| Money::parse(&cost)).map(|cost| cost.to_string());
    let method = text("method").or_else(|| text("source_type"));
    let parts = [method, named("session", "session"), named("from", "parent"), named("by", "model"), tokens, cost];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `3 (1f2e3d4c Ada: Say three)`, or what it would follow.
fn version(standing: &Standing) -> Option<String> {
    match (standing.version, &standing.commit, standing.parent) {
        (Some(number), Some(commit), _) => {
            Some(format!("{number} ({} {}: {})", short(&commit.id), commit.author, commit.subject))
        }
        (None, None, Some(parent)) => Some(format!("not committed, after {parent}")),
        _ => None,
    }
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
    /// Where it stands in its history; absent for what never was committed.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<StandingV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct StandingV1 {
    /// git's own hash of the content.
    blob: String,
    /// Which version it is; null where it is not committed, or in a shallow clone.
    version: Option<u32>,
    /// The version it was made from.
    parent_version: Option<u32>,
    /// The commit that made the version.
    made: Option<CommitV1>,
    /// Its whole message.
    message: Option<String>,
    created: Option<String>,
    updated: Option<String>,
}

impl StandingV1 {
    fn of(standing: &Standing) -> StandingV1 {
        StandingV1 {
            blob: standing.blob.clone(),
            version: standing.version,
            parent_version: standing.parent,
            made: standing.commit.as_ref().map(CommitV1::of),
            message: standing.message.clone(),
            created: standing.created.map(Time::iso),
            updated: standing.updated.map(Time::iso),
        }
    }
}

pub fn object(outcome: &Outcome) -> PromptV1 {
    let loaded = &outcome.loaded;
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
        history: outcome.standing.as_ref().map(StandingV1::of),
    }
}
