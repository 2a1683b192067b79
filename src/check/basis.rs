//! What summaries depend on besides the content of their file.

use jsonschema::Validator;

use crate::base::hash::sha256;
use crate::base::{Finding, Place};
use crate::config::Settings;
use crate::model::Value;
use crate::render::Engine;

use super::rules::custom_field;

#[derive(Debug)]
pub struct Basis {
    /// The template language of files that name none.
    pub engine: Engine,
    /// The project's schema for `custom`.
    pub custom: Option<Validator>,
    /// Changes whenever the same content could give another summary.
    pub digest: String,
}

/// Bumped whenever a rule or a fact changes.
const VERSION: u32 = 2;

impl Basis {
    /// `custom` is the text of the project's schema for `custom`, and its path. If it cannot be used, that is a finding.
    pub fn new(settings: &Settings, custom: Option<(&str, &str)>) -> (Basis, Option<Finding>) {
        let engine = Engine::named(Some(settings.render.engine.word())).unwrap_or_default();
        let hash = custom.map_or(String::new(), |(_, text)| sha256(text.as_bytes()));
        let digest = format!("check-{VERSION} {} {engine:?} {hash}", env!("CARGO_PKG_VERSION"));
        let (custom, finding) = match custom.map(|(path, text)| (path, validator(text))) {
            Some((_, Ok(validator))) => (Some(validator), None),
            Some((path, Err(reason))) => (None, Some(unusable(path, &reason))),
            None => (None, None),
        };
        (Basis { engine, custom, digest }, finding)
    }
}

/// The schema may refer to itself; files and addresses are not followed.
fn validator(text: &str) -> Result<Validator, String> {
    let schema: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    jsonschema::validator_for(&schema).map_err(|error| error.to_string())
}

fn unusable(path: &str, reason: &str) -> Finding {
    Finding::error(custom_field::RULE.name, Place::file(path), format!("this is no JSON Schema: {reason}"))
        .hint("it is named by `custom.schema` in the settings, and nothing under `custom` is checked without it")
}
