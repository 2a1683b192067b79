//! Which tools the model asked for, and how.

use std::collections::BTreeSet;

use serde_json::json;

use super::json::equal;
use super::normal::quoted;
use super::options::{Amount, flag, one_or_more, optional, options, schemas, texts};
use super::plain;
use super::schema::Schema;
use crate::eval::{Around, Compiled, Kind, Subject};
use crate::model::call::ToolCall;
use crate::model::{Map, Score, Value};

pub static TOOL_CALL_F1: Kind = Kind {
    name: "tool-call-f1",
    about: "The model asked for these tools and for no others: F1 of their names, each counted once.",
    example: "tool-call-f1: [search, open_ticket]",
    schema: schemas::texts,
    threshold: Some(1.0),
    compile: f1,
};

pub static TOOL_CALLED: Kind = Kind {
    name: "tool-called",
    about: "The model asked for this tool, or for each of these, or for any if none is named. `arguments` are those that it \
            must give, with these values; `count` is how often. `not-tool-called` says that it did not.",
    example: "tool-called: {name: open_ticket, arguments: {queue: billing}, count: 1}",
    schema: || {
        let map = json!({"name": schemas::some_text(), "arguments": {"type": "object"}, "count": Amount::schema()});
        json!({"anyOf": [{"enum": [null, true]}, schemas::one_or_more(), schemas::options(&map, &["name"])]})
    },
    threshold: None,
    compile: called,
};

pub static TOOL_ORDER: Kind = Kind {
    name: "tool-order",
    about: "The model asked for these tools in this order, with any others between them; `exact: true` allows no others.",
    example: "tool-order: [search, open_ticket]",
    schema: || {
        let map = json!({"names": schemas::texts(), "exact": {"type": "boolean"}});
        json!({"anyOf": [schemas::texts(), schemas::options(&map, &["names"])]})
    },
    threshold: None,
    compile: order,
};

pub static VALID_TOOL_CALLS: Kind = Kind {
    name: "valid-tool-calls",
    about: "Every tool that the model asked for is one of the prompt's, with arguments that its schema allows. `count` says \
            how many calls there are: at least one if nothing is said.",
    example: "valid-tool-calls: {count: {max: 3}}",
    schema: || schemas::optional(&json!({"count": Amount::schema()})),
    threshold: None,
    compile: valid,
};

fn names(calls: &[ToolCall]) -> String {
    match calls.is_empty() {
        true => "no tool".into(),
        false => calls.iter().map(|call| quoted(&call.name)).collect::<Vec<_>>().join(", "),
    }
}

fn valid(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let none = Map::new();
    let count = optional(value, &["count"], &none)?.get("count").map(Amount::read).transpose()?;
    Ok(plain(move |subject| {
        let calls = &subject.reply.tool_calls;
        let asked = calls.len() as u64;
        if count.map_or(asked == 0, |count| !count.allows(asked)) {
            let wanted = count.map_or_else(|| "at least 1".into(), Amount::words);
            return Score::of(false, format!("the model asked {asked} times for a tool, and {wanted} is wanted"));
        }
        match calls.iter().find_map(|call| fault(call, subject)) {
            Some(fault) => Score::of(false, fault),
            None => Score::of(true, format!("the model asked rightly for {}", names(calls))),
        }
    }))
}

fn fault(call: &ToolCall, subject: &Subject<'_>) -> Option<String> {
    let name = quoted(&call.name);
    let Some(tool) = subject.tools.iter().find(|tool| tool.name == call.name) else {
        return Some(format!("the model asked for {name}, which the prompt does not offer"));
    };
    let Some(arguments) = arguments(call) else {
        return Some(format!("the arguments for {name} are no JSON object: {}", quoted(&call.arguments)));
    };
    match Schema::new(&tool.parameters) {
        Ok(schema) => schema.fault(&Value::Object(arguments)).map(|fault| format!("the arguments for {name}: {fault}")),
        Err(error) => Some(format!("the prompt's tool {name} has a broken schema: {error}")),
    }
}

/// A call without arguments says so in several ways.
fn arguments(call: &ToolCall) -> Option<Map> {
    match call.arguments.trim() {
        "" | "null" => Some(Map::new()),
        text => serde_json::from_str(text).ok(),
    }
}

fn called(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    match value {
        Value::Null | Value::Bool(true) => Ok(plain(|subject| {
            let calls = &subject.reply.tool_calls;
            Score::of(!calls.is_empty(), format!("the model asked for {}", names(calls)))
        })),
        Value::Object(_) => called_with(value),
        _ => {
            let wanted = one_or_more(value)?;
            Ok(plain(move |subject| {
                let calls = &subject.reply.tool_calls;
                let lacking: Vec<String> = wanted
                    .iter()
                    .filter(|name| !calls.iter().any(|call| call.name == **name))
                    .map(|name| quoted(name))
                    .collect();
                match lacking.is_empty() {
                    true => Score::of(true, format!("the model asked for {}", names(calls))),
                    false => Score::of(
                        false,
                        format!("the model asked for {}, and not for {}", names(calls), lacking.join(", ")),
                    ),
                }
            }))
        }
    }
}

fn called_with(value: &Value) -> Result<Compiled, String> {
    let map = options(value, &["name", "arguments", "count"])?;
    let name = map.get("name").and_then(Value::as_str).ok_or("`name` must say which tool")?.to_owned();
    let wanted = match map.get("arguments") {
        None => Map::new(),
        Some(Value::Object(wanted)) => wanted.clone(),
        Some(_) => return Err("`arguments` must be a map of names and values".into()),
    };
    let count = map.get("count").map(Amount::read).transpose().map_err(|error| format!("`count`: {error}"))?;
    Ok(plain(move |subject| {
        let fits = |call: &&ToolCall| {
            let given = arguments(call).unwrap_or_default();
            call.name == name
                && wanted.iter().all(|(key, value)| given.get(key).is_some_and(|given| equal(value, given)))
        };
        let fitting = subject.reply.tool_calls.iter().filter(fits).count() as u64;
        let how = if wanted.is_empty() { "" } else { " with these arguments" };
        let reason = format!("the model asked {fitting} times for {}{how}", quoted(&name));
        Score::of(count.map_or(fitting > 0, |count| count.allows(fitting)), reason)
    }))
}

fn order(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let (wanted, exact) = match value {
        Value::Object(_) => {
            let map = options(value, &["names", "exact"])?;
            (texts(map.get("names").ok_or("`names` must list the tools in their order")?)?, flag(map, "exact")?)
        }
        _ => (texts(value)?, false),
    };
    Ok(plain(move |subject| {
        let calls = &subject.reply.tool_calls;
        let mut left = calls.iter();
        let in_order = wanted.iter().all(|name| left.any(|call| call.name == *name));
        let passed = in_order && (!exact || calls.len() == wanted.len());
        Score::of(passed, format!("the model asked for {}", names(calls)))
    }))
}

fn f1(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let wanted: BTreeSet<String> = texts(value)?.into_iter().collect();
    Ok(plain(move |subject| {
        let calls = &subject.reply.tool_calls;
        let asked: BTreeSet<&str> = calls.iter().map(|call| call.name.as_str()).collect();
        let shared = asked.iter().filter(|name| wanted.contains(**name)).count();
        let value = 2.0 * shared as f64 / (wanted.len() + asked.len()) as f64;
        Score::graded(value, value == 1.0, format!("the model asked for {}", names(calls)))
    }))
}

#[cfg(test)]
mod tests {
    use super::super::trial::{look, refused, subject};
    use super::*;
    use crate::model::Reply;
    use crate::model::Verdict::{Failed, Passed};
    use crate::model::call::Tool;
    use crate::model::score::Verdict;

    fn asking(calls: &[(&str, &str)]) -> Reply {
        let call = |(name, arguments): &(&str, &str)| ToolCall {
            id: String::new(),
            name: (*name).into(),
            arguments: (*arguments).into(),
        };
        Reply { tool_calls: calls.iter().map(call).collect(), ..Reply::default() }
    }

    fn verdict(kind: &str, value: &Value, calls: &[(&str, &str)]) -> Verdict {
        let parameters = json!({"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]});
        let tools = [Tool { name: "search".into(), description: None, parameters, strict: None }];
        look(kind, value, &Subject { tools: &tools, ..subject(&asking(calls)) }).verdict
    }

    #[test]
    fn valid_calls() {
        let verdict = |value, calls: &[(&str, &str)]| verdict("valid-tool-calls", &value, calls);
        assert_eq!(verdict(json!(null), &[("search", r#"{"q": "😀\r\n"}"#)]), Passed);
        assert_eq!(verdict(json!(null), &[("search", r#"{"q": 1}"#)]), Failed);
        assert_eq!(verdict(json!(null), &[("search", "")]), Failed);
        assert_eq!(verdict(json!(null), &[("search", "{")]), Failed);
        assert_eq!(verdict(json!(null), &[("serch", r#"{"q": "a"}"#)]), Failed);
        assert_eq!(verdict(json!(null), &[]), Failed);
        assert_eq!(verdict(json!({"count": {"min": 0}}), &[]), Passed);
        assert_eq!(verdict(json!({"count": 1}), &[("search", r#"{"q": "a"}"#), ("search", r#"{"q": "b"}"#)]), Failed);
    }

    #[test]
    fn called_tools() {
        let verdict = |value, calls: &[(&str, &str)]| verdict("tool-called", &value, calls);
        assert_eq!((verdict(json!(null), &[]), verdict(json!(true), &[("a", "")])), (Failed, Passed));
        assert_eq!(verdict(json!("a"), &[("b", ""), ("a", "")]), Passed);
        assert_eq!(verdict(json!(["a", "c"]), &[("b", ""), ("a", "")]), Failed);
        let wanted = json!({"name": "a", "arguments": {"x": {"y": 1}}});
        assert_eq!(verdict(wanted.clone(), &[("a", r#"{"x": {"y": 1.0}, "z": 2}"#)]), Passed);
        assert_eq!(verdict(wanted.clone(), &[("a", r#"{"x": {"y": 2}}"#)]), Failed);
        assert_eq!(verdict(wanted, &[("a", "broken")]), Failed);
        assert_eq!(verdict(json!({"name": "a", "count": 2}), &[("a", ""), ("a", "")]), Passed);
        assert!(refused("tool-called", &json!({"nme": "a"})).expect("refused").contains("did you mean `name`?"));
        assert!(refused("tool-called", &json!({"name": "a", "arguments": []})).is_some());
    }

    #[test]
    fn order_and_share() {
        let calls = [("a", ""), ("x", ""), ("b", "")];
        assert_eq!(verdict("tool-order", &json!(["a", "b"]), &calls), Passed);
        assert_eq!(verdict("tool-order", &json!(["b", "a"]), &calls), Failed);
        assert_eq!(verdict("tool-order", &json!({"names": ["a", "b"], "exact": true}), &calls), Failed);
        assert_eq!(verdict("tool-order", &json!({"names": ["a", "x", "b"], "exact": true}), &calls), Passed);
        assert_eq!(verdict("tool-order", &json!(["a", "a"]), &calls), Failed);
        assert_eq!(verdict("tool-call-f1", &json!(["a", "b", "x"]), &calls), Passed);
        assert_eq!(verdict("tool-call-f1", &json!(["a"]), &[]), Failed);
        let score = look("tool-call-f1", &json!(["a", "y"]), &subject(&asking(&calls)));
        assert_eq!((score.verdict, score.value), (Failed, Some(0.4)));
    }
}
