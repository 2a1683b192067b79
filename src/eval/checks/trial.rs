//! What tests of kinds share: answers to look at, and tables of which pass.

use serde_json::Value;

use super::find;
use crate::base::{Error, Result};
use crate::eval::ready::Ready;
use crate::eval::{Around, Compiled, Directions, Subject};
use crate::format::yaml;
use crate::model::results::Checked;
use crate::model::suite::Check;
use crate::model::{Map, Reply, Verdict};

/// A repository with two files, a prompt with a schema, and a space of meanings that knows colours.
pub struct Here;

impl Around for Here {
    fn file(&self, path: &str) -> Result<String> {
        match path {
            "schemas/ticket.json" => Ok(r#"{"type": "object", "required": ["queue"]}"#.into()),
            "schemas/ticket.yaml" => Ok("type: object\nrequired: [queue]\n".into()),
            "schemas/broken.json" => Ok("{".into()),
            _ => Err(Error::invalid(format!("there is no file {path}"))),
        }
    }

    fn output_schema(&self) -> Option<Value> {
        Some(serde_json::json!({"type": "object", "properties": {"queue": {"enum": ["billing", "bug"]}}}))
    }

    fn judge(&self, named: Option<&str>) -> Result<(String, String)> {
        Ok(("test".into(), named.unwrap_or("judge").into()))
    }

    fn meaning(&self) -> Result<Directions> {
        let known = |text: &str| ["red", "green", "blue"].map(|word| text.matches(word).count() as f32);
        let direction = move |text: &&str| {
            let raw = known(text);
            let length = raw.iter().map(|x| x * x).sum::<f32>().sqrt().max(1.0);
            raw.map(|x| x / length).to_vec()
        };
        Ok(std::sync::Arc::new(move |texts| Ok(texts.iter().map(direction).collect())))
    }
}

/// The value in a line of a suite, such as an example.
pub fn written(line: &str) -> Value {
    let tree = yaml::read(line, 0);
    assert!(tree.problems.is_empty(), "{line}: {:?}", tree.problems);
    match tree.root.expect("is not empty").value() {
        Value::Object(map) => map.into_iter().next().expect("has a key").1,
        _ => Value::Null,
    }
}

/// What a kind says against a value.
pub fn refused(kind: &str, value: &Value) -> Option<String> {
    (find(kind).expect("is a kind").compile)(value, &Here).err()
}

pub fn subject(reply: &Reply) -> Subject<'_> {
    static NONE: std::sync::LazyLock<Map> = std::sync::LazyLock::new(Map::new);
    Subject { reply, messages: &[], vars: &NONE, tools: &[], cost: None, elapsed: None }
}

pub fn said(text: &str) -> Reply {
    Reply { text: text.into(), ..Reply::default() }
}

/// What a check says of an answer in the end, as it stands or turned round.
pub fn said_of(kind: &str, negated: bool, value: &Value, at: &Subject<'_>) -> Checked {
    let check = Check { kind: kind.into(), negated, config: value.clone(), ..Check::default() };
    let ready = Ready::fixed(check, find(kind).expect("is a kind"), &Here).expect("is in order");
    match ready.compiled() {
        Some(Compiled::Plain(check)) => ready.said(check.look(at)),
        _ => panic!("{kind} asks a judge"),
    }
}

pub fn look(kind: &str, value: &Value, at: &Subject<'_>) -> Checked {
    said_of(kind, false, value, at)
}

/// Which of these texts pass, and that the negated check says the opposite.
pub fn table(kind: &str, value: &Value, rows: &[(&str, bool)]) {
    for (text, passes) in rows {
        let reply = said(text);
        let one = look(kind, value, &subject(&reply));
        assert_eq!(one.verdict == Verdict::Passed, *passes, "{kind}: {value}: {text:?}: {one:?}");
        assert!(one.value.is_some_and(|value| (0.0..=1.0).contains(&value)), "{kind}: {text:?}: {one:?}");
        assert!(!one.reason.is_empty() && !one.reason.contains('\n'), "{kind}: {text:?}: {one:?}");
        let other = said_of(kind, true, value, &subject(&reply));
        assert_eq!(other.verdict == Verdict::Passed, !passes, "not-{kind}: {value}: {text:?}: {other:?}");
        assert_eq!(one.value.map(|value| 1.0 - value), other.value, "not-{kind}: {text:?}");
    }
}

/// The number behind a check on a text.
pub fn value(kind: &str, value: &Value, text: &str) -> f64 {
    look(kind, value, &subject(&said(text))).value.expect("is decided")
}
