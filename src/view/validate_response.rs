//! Whether an answer is what its prompt allows.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::validate_response::Outcome;

#[derive(Debug, Serialize, JsonSchema)]
pub struct ResponseV1<'a> {
    valid: bool,
    /// The actions that the answer asks for, allowed or not.
    actions: &'a [String],
}

pub fn object(outcome: &Outcome) -> ResponseV1<'_> {
    ResponseV1 { valid: outcome.findings.is_empty(), actions: &outcome.actions }
}
