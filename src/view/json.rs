//! JSON for programs. The shapes here are promises: they change only with a new version in their schema's name.
//! `schemas.rs` lists them all, and the files under `schemas/output` are made from them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{Error, Finding, Fix, Place};

/// The one object every command prints with `--format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Envelope<T> {
    /// Name and version of this shape, `palc.<command>.v1`.
    schema: String,
    data: T,
    /// What is wrong with the files that were read.
    findings: Vec<FindingV1>,
}

impl<T: Serialize> Envelope<T> {
    fn new(command: &str, data: T, findings: &[Finding]) -> Self {
        Envelope { schema: format!("palc.{command}.v1"), data, findings: findings.iter().map(FindingV1::of).collect() }
    }
}

/// The whole answer of a command, over several lines.
pub fn envelope(command: &str, data: impl Serialize, findings: &[Finding]) -> String {
    written(serde_json::to_string_pretty(&Envelope::new(command, data, findings)))
}

/// One line of a stream of the same envelope.
pub fn line(command: &str, data: impl Serialize, findings: &[Finding]) -> String {
    written(serde_json::to_string(&Envelope::new(command, data, findings)))
}

/// What is printed in place of data when a command fails.
pub fn error(error: &Error) -> String {
    envelope("error", ErrorV1::of(error), error.places())
}

/// The same as one line of a stream.
pub fn error_line(error: &Error) -> String {
    line("error", ErrorV1::of(error), error.places())
}

/// Our own structs always have a JSON form: text keys, no failing parts.
fn written(json: serde_json::Result<String>) -> String {
    json.map_or_else(|error| format!("{{\"schema\":\"palc.error.v1\",\"data\":\"{error}\"}}\n"), |json| json + "\n")
}

/// Why a command failed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ErrorV1 {
    /// no, usage, invalid, provider, storage, bug or interrupted.
    kind: String,
    message: String,
    causes: Vec<String>,
    hints: Vec<String>,
}

impl ErrorV1 {
    pub fn of(error: &Error) -> ErrorV1 {
        ErrorV1 {
            kind: error.kind().word().to_owned(),
            message: error.message().to_owned(),
            causes: error.causes(),
            hints: error.hints().to_vec(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingV1 {
    rule: String,
    /// error, warning or note.
    severity: String,
    message: String,
    place: PlaceV1,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<RelatedV1>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixV1>,
}

impl FindingV1 {
    pub fn of(finding: &Finding) -> FindingV1 {
        let related = |(place, what): &(Place, String)| RelatedV1 { place: PlaceV1::of(place), what: what.clone() };
        FindingV1 {
            rule: finding.rule.clone(),
            severity: finding.severity.word().to_owned(),
            message: finding.message.clone(),
            place: PlaceV1::of(&finding.place),
            related: finding.related.iter().map(related).collect(),
            hints: finding.hints.clone(),
            fix: finding.fix.as_ref().map(FixV1::of),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct RelatedV1 {
    place: PlaceV1,
    what: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FixV1 {
    title: String,
    /// Safe fixes keep the meaning; `--fix` applies them.
    safe: bool,
}

impl FixV1 {
    fn of(fix: &Fix) -> FixV1 {
        FixV1 { title: fix.title.clone(), safe: fix.safe }
    }
}

/// A place in a file; without a position it means the file as a whole.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlaceV1 {
    /// From the repository's root.
    path: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    at: Option<PositionV1>,
}

/// Lines and columns count from 1, columns in characters; start and end count bytes from 0.
#[derive(Debug, Serialize, JsonSchema)]
struct PositionV1 {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    start: usize,
    end: usize,
}

impl PlaceV1 {
    pub fn of(place: &Place) -> PlaceV1 {
        let at = PositionV1 {
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            start: place.span.start,
            end: place.span.end,
        };
        PlaceV1 { path: place.path.clone(), at: place.is_exact().then_some(at) }
    }
}
