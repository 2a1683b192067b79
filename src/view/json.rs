//! JSON for programs. The shapes here are promises: they change only with a new version in their schema's name.

use serde::Serialize;
use serde_json::{Value, json};

use crate::base::{Error, Finding, Place};

/// The one object every command prints with `--format json`.
pub fn envelope(command: &str, data: impl Serialize, findings: &[Finding]) -> String {
    let data = serde_json::to_value(data).unwrap_or(Value::Null);
    let object =
        json!({"schema": schema(command), "data": data, "findings": findings.iter().map(finding).collect::<Vec<_>>()});
    format!("{object:#}\n")
}

/// One line of a stream of the same envelope.
pub fn line(command: &str, data: impl Serialize, findings: &[Finding]) -> String {
    let data = serde_json::to_value(data).unwrap_or(Value::Null);
    let object =
        json!({"schema": schema(command), "data": data, "findings": findings.iter().map(finding).collect::<Vec<_>>()});
    format!("{object}\n")
}

fn schema(command: &str) -> String {
    format!("palc.{command}.v1")
}

/// What is printed in place of data when a command fails.
pub fn error(error: &Error) -> String {
    let object = json!({
        "schema": "palc.error.v1",
        "data": {
            "kind": error.kind().word(),
            "message": error.message(),
            "causes": error.causes(),
            "hints": error.hints(),
        },
        "findings": error.places().iter().map(finding).collect::<Vec<_>>(),
    });
    format!("{object:#}\n")
}

pub fn finding(finding: &Finding) -> Value {
    let related = |(at, what): &(Place, String)| json!({"place": place(at), "what": what});
    json!({
        "rule": finding.rule,
        "severity": finding.severity.word(),
        "message": finding.message,
        "place": place(&finding.place),
        "related": finding.related.iter().map(related).collect::<Vec<_>>(),
        "hints": finding.hints,
        "fix": finding.fix.as_ref().map(|fix| json!({"title": fix.title, "safe": fix.safe})),
    })
}

fn place(place: &Place) -> Value {
    if !place.is_exact() {
        return json!({"path": place.path});
    }
    json!({
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "start": place.span.start,
        "end": place.span.end,
    })
}
