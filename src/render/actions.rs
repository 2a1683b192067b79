//! Which actions an answer may ask for: as a JSON Schema for the model, as a list for the template, and as a check of
//! what came back. Actions that the vocabulary does not offer are in none of these.

use serde_json::json;

use crate::config::Vocabulary;
use crate::model::{Map, Prompt, Value};

use super::schema::normalise;

/// The actions that a prompt allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// `[all]`, where no vocabulary says which there are.
    Any,
    /// Each with what it means.
    Only(Vec<(String, Option<String>)>),
}

/// What a prompt allows; nothing if it does not say. An empty list allows nothing, and so does `[none]`.
pub fn allowed(prompt: &Prompt, vocabulary: &Vocabulary) -> Option<Allowed> {
    let named = prompt.allowed_actions.as_ref()?;
    let has = |word: &str| {
        named.iter().any(|name| name == word) && vocabulary.find(word).is_none_or(|_| vocabulary.is_open())
    };
    if has("all") && vocabulary.is_open() {
        return Some(Allowed::Any);
    }
    if has("all") {
        let offered = vocabulary.words().iter().filter(|word| word.offered);
        return Some(Allowed::Only(offered.map(|word| (word.name.clone(), word.description.clone())).collect()));
    }
    let mut actions: Vec<(String, Option<String>)> = Vec::new();
    for name in named.iter().filter(|name| name.as_str() != "none") {
        let action = match vocabulary.find(name) {
            Some(word) if !word.offered => continue,
            Some(word) => (word.name.clone(), word.description.clone()),
            None => (name.clone(), None),
        };
        if !actions.contains(&action) {
            actions.push(action);
        }
    }
    Some(Allowed::Only(actions))
}

impl Allowed {
    pub fn allows(&self, action: &str) -> bool {
        match self {
            Allowed::Any => true,
            Allowed::Only(actions) => actions.iter().any(|(name, _)| name == action),
        }
    }

    /// For templates: a list of `{name, description}`.
    pub fn value(&self) -> Value {
        let Allowed::Only(actions) = self else { return json!([]) };
        actions.iter().map(|(name, description)| json!({"name": name, "description": description})).collect()
    }

    /// The schema of a text for an action's name.
    fn limit(&self, schema: &mut Value) {
        let Allowed::Only(actions) = self else { return };
        let Some(map) = schema.as_object_mut() else { return };
        let old = map.get("enum").and_then(Value::as_array).cloned();
        let names = actions.iter().map(|(name, _)| Value::from(name.as_str()));
        let mut names: Vec<Value> = names.filter(|name| old.as_ref().is_none_or(|old| old.contains(name))).collect();
        let nullable =
            map.get("type").is_some_and(|kind| kind.as_array().is_some_and(|kinds| kinds.contains(&json!("null"))));
        if names.is_empty() {
            map.remove("enum");
            map.insert("type".into(), "null".into());
            return;
        }
        names.extend(nullable.then_some(Value::Null));
        map.insert("enum".into(), names.into());
    }
}

/// The schema of an answer: the prompt's own, with every `action` and `actions` in it limited to what is allowed; or,
/// for a prompt that has none, a message and a list of actions. Nothing for a prompt that says neither.
pub fn schema(prompt: &Prompt, allowed: Option<&Allowed>) -> Option<Value> {
    let own = prompt.output.schema.as_ref().map(|schema| normalise(schema).unwrap_or_else(|_| schema.clone()));
    let mut schema = match (own, allowed) {
        (Some(own), _) => own,
        (None, None) => return None,
        (None, Some(_)) => json!({
            "type": "object",
            "properties": {"message": {"type": "string"}, "actions": {"type": "array", "items": {"type": "string"}}},
            "required": ["message", "actions"],
            "additionalProperties": false,
        }),
    };
    if let Some(allowed) = allowed {
        limit(&mut schema, allowed);
    }
    Some(schema)
}

/// Limit every place for actions in a schema, however deep.
fn limit(schema: &mut Value, allowed: &Allowed) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| limit(item, allowed)),
        Value::Object(map) => {
            if let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) {
                properties.get_mut("action").into_iter().for_each(|action| limit_one(action, allowed));
                properties.get_mut("actions").into_iter().for_each(|actions| limit_list(actions, allowed));
            }
            map.values_mut().for_each(|value| limit(value, allowed));
        }
        _ => {}
    }
}

fn limit_list(actions: &mut Value, allowed: &Allowed) {
    let Some(map) = actions.as_object_mut() else { return };
    match allowed {
        Allowed::Any => {}
        Allowed::Only(names) if names.is_empty() => drop(map.insert("maxItems".into(), 0.into())),
        Allowed::Only(_) => limit_one(map.entry("items").or_insert_with(|| json!({"type": "string"})), allowed),
    }
}

/// An action is a name, or an object that has one.
fn limit_one(action: &mut Value, allowed: &Allowed) {
    let inner = action.get_mut("properties").and_then(Value::as_object_mut);
    match inner.and_then(|properties| {
        NAMES.iter().find(|key| properties.contains_key(**key)).and_then(|key| properties.get_mut(*key))
    }) {
        Some(name) => allowed.limit(name),
        None => allowed.limit(action),
    }
}

/// The keys under which an action that is an object says its name.
const NAMES: [&str; 3] = ["name", "action", "type"];

/// Something wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where in the answer, as in `/actions/0`.
    pub at: String,
    pub message: String,
    /// Whether it asks for an action that is not allowed.
    pub forbidden: bool,
}

/// What an answer asks for, with the place of each.
pub fn asked(answer: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(answer, "", &mut found);
    found
}

fn collect(value: &Value, at: &str, found: &mut Vec<(String, String)>) {
    let mut action = |value: &Value, at: String| match value {
        Value::String(name) => found.push((at, name.clone())),
        Value::Object(map) => {
            if let Some((key, name)) = NAMES.iter().find_map(|key| Some((key, map.get(*key)?.as_str()?))) {
                found.push((format!("{at}/{key}"), name.to_owned()));
            }
        }
        _ => {}
    };
    if let Value::Object(map) = value {
        map.get("action").into_iter().for_each(|one| action(one, format!("{at}/action")));
        for (index, one) in map.get("actions").and_then(Value::as_array).into_iter().flatten().enumerate() {
            action(one, format!("{at}/actions/{index}"));
        }
        map.iter().filter(|(key, _)| !matches!(key.as_str(), "action" | "actions")).for_each(|(key, value)| {
            collect(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
        });
    }
    if let Value::Array(items) = value {
        items.iter().enumerate().for_each(|(index, item)| collect(item, &format!("{at}/{index}"), found));
    }
}

/// Everything that is wrong with an answer.
pub fn faults(
    answer: &Value,
    schema: &Value,
    allowed: Option<&Allowed>,
    vocabulary: &Vocabulary,
) -> Result<Vec<Fault>, String> {
    let validator =
        jsonschema::validator_for(schema).map_err(|error| format!("`output.schema` is not a JSON Schema: {error}"))?;
    let forbidden = asked(answer).into_iter().filter(|(_, name)| allowed.is_some_and(|allowed| !allowed.allows(name)));
    let mut faults: Vec<Fault> = forbidden
        .map(|(at, name)| {
            let hidden = vocabulary.find(&name).is_some_and(|word| !word.offered);
            let why =
                if hidden { "is never the model's to choose" } else { "is not an action that this prompt allows" };
            Fault { at, message: format!("`{name}` {why}"), forbidden: true }
        })
        .collect();
    let told: Vec<String> = faults.iter().map(|fault| fault.at.clone()).collect();
    for error in validator.iter_errors(answer) {
        let at = error.instance_path().to_string();
        // The schema says the same of a forbidden action, in other words.
        let same = told.iter().any(|told| *told == at || (told.starts_with(&at) && at.ends_with("actions")));
        if !same {
            faults.push(Fault { at, message: error.to_string(), forbidden: false });
        }
    }
    Ok(faults)
}

/// What the template may use of it: `allowed_actions`, unless that was given.
pub fn offer(context: &mut Map, allowed: &Allowed) {
    context.entry(CONTEXT_KEY).or_insert_with(|| allowed.value());
}

/// The variable that lists the allowed actions.
pub const CONTEXT_KEY: &str = "allowed_actions";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Word;

    fn vocabulary() -> Vocabulary {
        let hidden = Word { offered: false, ..Word::new("delete_account") };
        let next = Word { description: Some("Go on".into()), ..Word::new("next") };
        Vocabulary::new(vec![next, Word::new("save"), hidden])
    }

    fn prompt(actions: Option<&[&str]>, schema: Option<Value>) -> Prompt {
        let allowed_actions = actions.map(|actions| actions.iter().map(|&action| action.to_owned()).collect());
        let output = crate::model::Output { schema, ..crate::model::Output::default() };
        Prompt { allowed_actions, output, ..Prompt::default() }
    }

    fn names(actions: &[&str]) -> Vec<String> {
        match allowed(&prompt(Some(actions), None), &vocabulary()) {
            Some(Allowed::Only(actions)) => actions.into_iter().map(|(name, _)| name).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_empty_list_allows_nothing_and_hidden_actions_are_never_offered() {
        assert_eq!(names(&[]), [""; 0]);
        assert_eq!(names(&["none"]), [""; 0]);
        assert_eq!(names(&["all"]), ["next", "save"]);
        assert_eq!(names(&["save", "delete_account"]), ["save"]);
        assert_eq!(allowed(&prompt(None, None), &vocabulary()), None);
        assert_eq!(allowed(&prompt(Some(&["all"]), None), &Vocabulary::default()), Some(Allowed::Any));
    }

    #[test]
    fn every_place_for_actions_is_limited() {
        let own = json!({"type": "object", "properties": {
            "action": {"type": ["string", "null"]},
            "steps": {"type": "array", "items": {"type": "object", "properties": {
                "actions": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
            }}},
        }});
        let prompt = prompt(Some(&["next", "delete_account"]), Some(own));
        let schema = schema(&prompt, allowed(&prompt, &vocabulary()).as_ref()).expect("has one");
        assert_eq!(schema["properties"]["action"]["enum"], json!(["next", null]));
        let inner = &schema["properties"]["steps"]["items"]["properties"]["actions"]["items"]["properties"]["name"];
        assert_eq!(inner["enum"], json!(["next"]));
        assert!(!schema.to_string().contains("delete_account"));
    }

    #[test]
    fn forbidden_actions_are_refused_once_and_in_plain_words() {
        let told = |actions: &[&str], answer: Value| {
            let prompt = prompt(Some(actions), None);
            let allowed = allowed(&prompt, &vocabulary());
            let schema = schema(&prompt, allowed.as_ref()).expect("has one");
            let faults = faults(&answer, &schema, allowed.as_ref(), &vocabulary()).expect("is a schema");
            faults.into_iter().map(|fault| format!("{} {}", fault.at, fault.message)).collect::<Vec<_>>()
        };
        assert_eq!(told(&["next"], json!({"message": "Hi", "actions": ["next"]})), [""; 0]);
        assert_eq!(
            told(&["next"], json!({"message": "Hi", "actions": ["next", "save", "delete_account"]})),
            [
                "/actions/1 `save` is not an action that this prompt allows",
                "/actions/2 `delete_account` is never the model's to choose"
            ]
        );
        assert_eq!(
            told(&[], json!({"message": "Hi", "actions": ["next"]})),
            ["/actions/0 `next` is not an action that this prompt allows"]
        );
        assert_eq!(told(&["next"], json!({"actions": []})), [" \"message\" is a required property"]);
    }
}
