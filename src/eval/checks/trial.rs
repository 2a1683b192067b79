//! What tests of kinds share: answers to look at, and tables of which pass.

use serde_json::Value;

use super::find;
use crate::base::{Error, Result};
use crate::eval::{Around, Compiled, Directions, Subject};
use crate::format::yaml;
use crate::model::{Map, Reply, Score, Verdict};

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

/// What a check says of an answer once its kind's own threshold is counted in.
pub fn look(kind: &str, value: &Value, at: &Subject<'_>) -> Score {
    let kind = find(kind).expect("is a kind");
    match (kind.compile)(value, &Here) {
        Ok(Compiled::Plain(check)) => kind.settle(check.look(at), false, None),
        Ok(Compiled::Judged(_)) => panic!("{} asks a judge", kind.name),
        Err(error) => panic!("{}: {error}", kind.name),
    }
}

/// Which of these texts pass, and that the negated check says the opposite, with a reason for both.
pub fn table(kind: &str, value: &Value, rows: &[(&str, bool)]) {
    for (text, passes) in rows {
        let reply = said(text);
        let score = look(kind, value, &subject(&reply));
        assert_eq!(score.verdict == Verdict::Passed, *passes, "{kind}: {value}: {text:?}: {score:?}");
        assert!(score.value.is_some_and(|value| (0.0..=1.0).contains(&value)), "{kind}: {text:?}: {score:?}");
        assert!(!score.reason.is_empty() && !score.reason.contains('\n'), "{kind}: {text:?}: {score:?}");
        let negated = find(kind).expect("is a kind").settle(score.clone(), true, None);
        let zero = find(kind).expect("is a kind").threshold;
        if zero.is_none() {
            assert_eq!(negated.verdict == Verdict::Passed, !passes, "not-{kind}: {text:?}");
        }
    }
}
