//! One prompt: a card for people, an object for programs.

use serde_json::{Value, json};

use crate::app::load::Loaded;
use crate::model::Prompt;

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

/// The stable JSON of a prompt. Empty fields are left out.
pub fn object(loaded: &Loaded) -> Value {
    let prompt = &loaded.prompt;
    let mut object = json!({
        "name": loaded.file.name.as_str(),
        "path": loaded.file.path,
        "dialect": loaded.dialect.word(),
        "id": prompt.id,
        "title": prompt.title,
        "description": prompt.description,
        "kind": prompt.kind.word(),
        "type": prompt.type_,
        "phase": prompt.phase,
        "variant": prompt.variant,
        "version": prompt.version,
        "status": prompt.status(),
        "tags": prompt.tags,
        "authors": prompt.authors,
        "owners": prompt.owners,
        "category": prompt.category,
        "persona": prompt.persona,
        "provider": prompt.provider,
        "model": prompt.models,
        "params": prompt.params,
        "allowed_actions": prompt.allowed_actions,
        "front": prompt.front,
    });
    if let Value::Object(map) = &mut object {
        map.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
    }
    object
}
