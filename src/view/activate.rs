//! Versions that were switched off or on, and what serves now.

use schemars::JsonSchema;
use serde::Serialize;

use super::labels::MovedV1;
use super::paint::printable;
use super::written::{self, WrittenV1};
use crate::app::activate::{Outcome, Switched};

pub fn text(switched: &[Switched]) -> String {
    switched.iter().map(line).collect()
}

fn line(switched: &Switched) -> String {
    let moved = &switched.moved;
    let name = printable(moved.prompt.as_deref().unwrap_or(&moved.id));
    let (pin, word) = match (&moved.to, &moved.from) {
        (Some(pin), _) => (pin, "off"),
        (None, Some(pin)) => (pin, "on"),
        (None, None) => return String::new(),
    };
    let now = match switched.serves {
        Some(version) => format!("{name}@{version} serves"),
        None => "no version serves".into(),
    };
    format!("{name}@{} is {word}; {now}\n", pin.version)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ActivatedV1<'a> {
    switched: Vec<SwitchedV1<'a>>,
    #[serde(flatten)]
    written: WrittenV1,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SwitchedV1<'a> {
    #[serde(flatten)]
    moved: MovedV1<'a>,
    /// The newest version that is on now.
    #[serde(skip_serializing_if = "Option::is_none")]
    serves: Option<u32>,
    /// Labels that stand on a version that is off now.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stranded: &'a [String],
}

pub fn object(outcome: &Outcome) -> ActivatedV1<'_> {
    ActivatedV1 {
        switched: outcome.switched.iter().map(SwitchedV1::of).collect(),
        written: written::object(&outcome.written),
    }
}

impl<'a> SwitchedV1<'a> {
    fn of(switched: &'a Switched) -> Self {
        SwitchedV1 { moved: MovedV1::of(&switched.moved), serves: switched.serves, stranded: &switched.labels }
    }
}
