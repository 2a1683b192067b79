//! What became of a prompt in an editor.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::edit::{After, Target};

#[derive(Debug, Serialize, JsonSchema)]
pub struct EditV1<'a> {
    name: &'a str,
    path: &'a str,
    /// Whether its bytes are others now.
    changed: bool,
}

pub fn object<'a>(target: &'a Target, after: &After) -> EditV1<'a> {
    EditV1 { name: target.file.name.as_str(), path: &target.file.path, changed: after.changed }
}
