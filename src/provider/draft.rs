//! What several languages have in common when a request is written.

use serde_json::json;

use crate::model::{Map, Value};

use super::service::Service;

/// A sentence is said once.
pub fn note(notes: &mut Vec<String>, sentence: impl Into<String>) {
    let sentence = sentence.into();
    if !notes.contains(&sentence) {
        notes.push(sentence);
    }
}

/// Parameters under the service's names. Those without another name pass as they are.
pub fn rename(params: Map, names: &[(&str, &str)]) -> Map {
    let theirs =
        |key: String| names.iter().find(|(ours, _)| *ours == key).map_or(key, |(_, theirs)| (*theirs).to_owned());
    params.into_iter().map(|(key, value)| (theirs(key), value)).collect()
}

/// Take out what has one of these names, as pairs of the service's name and the value.
pub fn take(params: &mut Map, names: &[(&str, &str)]) -> Map {
    let mut taken = Map::new();
    for (ours, theirs) in names {
        taken.extend(params.shift_remove(*ours).map(|value| ((*theirs).to_owned(), value)));
    }
    taken
}

/// The limit of an answer's length. The service's own `options.max_tokens` stands in for a missing one, and none is above
/// it.
pub fn limit(wanted: Option<Value>, service: &Service, notes: &mut Vec<String>) -> Option<Value> {
    let Some(cap) = service.options.get("max_tokens").and_then(Value::as_u64) else { return wanted };
    match wanted {
        Some(wanted) if wanted.as_u64().is_some_and(|wanted| wanted <= cap) => return Some(wanted),
        Some(_) => note(notes, format!("`max_tokens` is lowered to {cap}, which is the limit of `{}`", service.name)),
        None => {}
    }
    Some(json!(cap))
}

/// What a function is called with, as an object. Models may write anything, and some services take objects alone.
pub fn object(arguments: &str, name: &str, notes: &mut Vec<String>) -> Value {
    match serde_json::from_str(arguments) {
        Ok(object @ Value::Object(_)) => object,
        _ if arguments.trim().is_empty() => json!({}),
        _ => {
            note(notes, format!("the call of `{name}` has no JSON object; what it has is sent as `arguments`"));
            json!({"arguments": arguments})
        }
    }
}

/// An object as the text of a call; what is no object stays as the model wrote it.
pub fn arguments(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "{}".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

/// An id for a call of a service that gives none, unlike those of other answers.
pub fn made_id(answer: &str, number: usize) -> String {
    let answer: String = answer.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{MADE}{answer}_{number}")
}

/// The id, unless palc made it.
pub fn given_id(id: &str) -> Option<&str> {
    Some(id).filter(|id| !id.is_empty() && !id.starts_with(MADE))
}

const MADE: &str = "palc_";

/// A path below a base to which some people write the version and some do not.
pub fn path(service: &Service, version: &str, rest: &str) -> String {
    match service.base_url.trim_end_matches('/').rsplit('/').next() {
        Some(last) if last == version => rest.to_owned(),
        _ => format!("{version}/{rest}"),
    }
}

/// A text of a value, if it has one there.
pub fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::super::laws::service;
    use super::*;

    #[test]
    fn a_limit_of_the_service_holds() {
        let mut service = service("anthropic");
        let mut notes = Vec::new();
        assert_eq!(limit(None, &service, &mut notes), None);
        service.options.insert("max_tokens".into(), json!(100));
        assert_eq!(limit(None, &service, &mut notes), Some(json!(100)));
        assert_eq!(limit(Some(json!(99)), &service, &mut notes), Some(json!(99)));
        assert!(notes.is_empty());
        assert_eq!(limit(Some(json!(101)), &service, &mut notes), Some(json!(100)));
        assert_eq!(notes, ["`max_tokens` is lowered to 100, which is the limit of `anthropic`"]);
    }

    #[test]
    fn a_base_may_hold_the_version() {
        let mut service = service("anthropic");
        assert_eq!(path(&service, "v1", "messages"), "v1/messages");
        service.base_url = "https://proxy.example/v1/".into();
        assert_eq!(path(&service, "v1", "messages"), "messages");
    }
}
