//! The variables of a prompt.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::vars::{Outcome, Use, Variable};
use crate::model::Value;

use super::json::PlaceV1;
use super::paint::{Paint, printable};
use super::table::columns;

/// One line a variable: name, type, whether it must be given, where it is used.
pub fn table(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let row = |variable: &Variable| {
        let need = match (&variable.default, variable.required) {
            (Some(default), _) => format!("default {}", printable(&default.to_string())),
            (None, true) => "required".into(),
            (None, false) => "optional".into(),
        };
        let declared = if variable.declared { String::new() } else { "undeclared; ".into() };
        let used = match variable.uses.first() {
            None => "unused".into(),
            Some(first) => {
                let more = variable.uses.len() - 1;
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("{}:{}:{}{more}", first.place.path, first.place.line, first.place.column)
            }
        };
        vec![
            paint.bold(&printable(&variable.name)),
            paint.dim(&printable(&variable.kind())),
            need,
            printable(&format!("{declared}{used}")),
        ]
    };
    let mut text = columns(&outcome.variables.iter().map(row).collect::<Vec<_>>(), width);
    if outcome.open {
        text.push_str("There may be more: an include is computed, missing or cannot be read.\n");
    }
    text
}

pub fn object(outcome: &Outcome) -> VarsV1<'_> {
    VarsV1 {
        name: outcome.loaded.file.name.as_str(),
        path: &outcome.loaded.file.path,
        variables: outcome.variables.iter().map(VariableV1::of).collect(),
        complete: !outcome.open,
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct VarsV1<'a> {
    name: &'a str,
    path: &'a str,
    variables: Vec<VariableV1<'a>>,
    /// Whether every use is known; includes with computed names are not followed.
    complete: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct VariableV1<'a> {
    name: &'a str,
    declared: bool,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Value>,
    uses: Vec<UseV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct UseV1<'a> {
    /// With the attributes that are read.
    path: &'a str,
    place: PlaceV1,
    /// Whether the template says what to do when it is missing.
    guarded: bool,
}

impl<'a> VariableV1<'a> {
    fn of(variable: &'a Variable) -> Self {
        let used = |used: &'a Use| UseV1 { path: &used.path, place: PlaceV1::of(&used.place), guarded: used.guarded };
        VariableV1 {
            name: &variable.name,
            declared: variable.declared,
            required: variable.required,
            schema: variable.schema.as_ref(),
            default: variable.default.as_ref(),
            uses: variable.uses.iter().map(used).collect(),
        }
    }
}
