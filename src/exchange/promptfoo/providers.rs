//! Providers become models, with the parameters that all of them have.

use super::sources::{File, Notes};
use crate::base::Place;
use crate::format::yaml::{Data, Node};
use crate::model::{Map, Value};

/// Who is asked, and how.
#[derive(Debug, Default)]
pub struct Asked {
    pub models: Vec<String>,
    pub params: Map,
    /// What prompts say of tools and answers, in a suite that is the prompts' own matter.
    pub front: Map,
}

/// Parameters that palc passes on as they are.
const PARAMS: [&str; 14] = [
    "temperature",
    "max_tokens",
    "max_completion_tokens",
    "top_p",
    "top_k",
    "frequency_penalty",
    "presence_penalty",
    "stop",
    "seed",
    "reasoning_effort",
    "verbosity",
    "min_p",
    "num_predict",
    "tool_choice",
];

pub fn read(file: &File, node: &Node, notes: &mut Notes<'_>) -> Asked {
    let nodes: Vec<&Node> = if node.items().is_empty() { vec![node] } else { node.items().iter().collect() };
    let mut asked = Asked::default();
    let mut first: Option<(Map, Map)> = None;
    for node in nodes {
        let Some((model, config, place)) = provider(file, node, notes) else { continue };
        match &first {
            None => first = Some(config),
            Some(first) if *first != config => {
                notes.lost_but(
                    place,
                    "this provider has other settings than the first",
                    "make a suite for each of them",
                );
                continue;
            }
            Some(_) => {}
        }
        if !asked.models.contains(&model) {
            asked.models.push(model);
        }
    }
    (asked.params, asked.front) = first.unwrap_or_default();
    asked
}

type Config = (Map, Map);

fn provider(file: &File, node: &Node, notes: &mut Notes<'_>) -> Option<(String, Config, Place)> {
    let place = file.place(node.span);
    if let Some(id) = node.text() {
        return Some((named(id, &place, notes)?, Config::default(), place));
    }
    // `openai:gpt-4o: {config: …}` or `{id: openai:gpt-4o, config: …}`
    let (id, options) = match node.entry("id") {
        Some(entry) => (entry.value.text()?, node),
        None => {
            let entry = node.entries().first().filter(|entry| matches!(entry.value.data, Data::Map(_)));
            let Some(entry) = entry else {
                notes.lost(place, "a provider has an `id`");
                return None;
            };
            (entry.key.as_str(), &entry.value)
        }
    };
    let model = named(id, &place, notes);
    for entry in options.entries() {
        let place = file.place(entry.key_span);
        match entry.key.as_str() {
            "id" | "config" => {}
            "label" | "delay" => notes.left_out(place, format!("`{}` of a provider is left out", entry.key)),
            key => notes.lost(place, format!("`{key}` of a provider cannot be said in a suite")),
        }
    }
    let config = options.get("config").map(|node| config(file, node, notes)).unwrap_or_default();
    Some((model?, config, place))
}

fn named(id: &str, place: &Place, notes: &mut Notes<'_>) -> Option<String> {
    let found = model(id);
    if found.is_none() {
        notes.lost_but(
            place.clone(),
            format!("palc has no service for `{id}`"),
            "name a model as `service/model`; services of your own are defined in your configuration",
        );
    }
    found
}

/// `openai:chat:gpt-4o` is `openai/gpt-4o`.
pub fn model(id: &str) -> Option<String> {
    if id == "echo" {
        return Some("echo".into());
    }
    let (service, rest) = id.split_once(':')?;
    let modes: &[&str] = match service {
        "openai" => &["chat:", "responses:"],
        "anthropic" => &["messages:"],
        "ollama" => &["chat:"],
        "google" | "mistral" | "openrouter" | "xai" => &[],
        _ => return None,
    };
    let model = modes.iter().find_map(|mode| rest.strip_prefix(mode)).unwrap_or(rest);
    let known_mode = service != "openrouter" && service != "ollama" && model.contains(':') && !model.starts_with("ft:");
    let is_other = ["embedding", "embeddings", "completion", "image", "assistant", "realtime", "moderation"];
    let refused = known_mode || is_other.iter().any(|mode| model == *mode || model.starts_with(&format!("{mode}:")));
    (!model.is_empty() && !refused).then(|| format!("{service}/{model}"))
}

/// Parameters, and what prompts say.
fn config(file: &File, node: &Node, notes: &mut Notes<'_>) -> Config {
    let (mut params, mut front) = Config::default();
    for entry in node.entries() {
        let place = file.place(entry.key_span);
        let value = entry.value.value();
        match entry.key.as_str() {
            "tools" => _ = tools(&value, &place, notes).map(|tools| front.insert("tools".into(), tools)),
            "response_format" => _ = output(&value, &place, notes).map(|output| front.insert("output".into(), output)),
            key if PARAMS.contains(&key) && (!value.is_object()) => _ = params.insert(key.to_owned(), value),
            key => notes.lost_but(
                place,
                format!("`{key}` of a provider is no parameter of a model that palc knows"),
                "keys and addresses belong to your own configuration; a parameter can be written into `params` by hand",
            ),
        }
    }
    (params, front)
}

fn tools(value: &Value, place: &Place, notes: &mut Notes<'_>) -> Option<Value> {
    let loaded = match value.as_str() {
        Some(named) => notes.tree_of(named, place)?.root?.value(),
        None => value.clone(),
    };
    let tool = |tool: &Value| {
        let inner = tool.get("function").unwrap_or(tool);
        let mut out = Map::new();
        out.insert("name".into(), inner.get("name")?.clone());
        for (theirs, ours) in
            [("description", "description"), ("parameters", "parameters"), ("input_schema", "parameters")]
        {
            if let Some(value) = inner.get(theirs) {
                out.insert(ours.into(), value.clone());
            }
        }
        Some(Value::Object(out))
    };
    let read: Option<Vec<Value>> = loaded.as_array().and_then(|items| items.iter().map(tool).collect());
    if read.is_none() {
        notes.lost(place.clone(), "these tools have no form that palc knows");
    }
    read.map(Value::Array)
}

fn output(value: &Value, place: &Place, notes: &mut Notes<'_>) -> Option<Value> {
    let schema = value.pointer("/json_schema/schema").or_else(|| value.get("schema"));
    match (value.get("type").and_then(Value::as_str), schema) {
        (Some("json_object"), _) => Some(serde_json::json!({"format": "json"})),
        (Some("json_schema"), Some(schema)) => Some(serde_json::json!({"format": "json", "schema": schema})),
        (Some("text"), _) => None,
        _ => {
            notes.lost(place.clone(), "this form of answers is none that palc knows");
            None
        }
    }
}
