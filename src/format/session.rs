//! A session of generation: what was asked for, word for word, what that came to, and what was made of it.
//!
//! The file holds what makes the same calls again: nothing of when, how long or where. A run on the same answers writes
//! the same bytes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::dialect::Dialect;
use super::document::Document;
use super::{edit, yaml};
use crate::base::text::BOM;
use crate::base::{Error, Finding, Place, Result};
use crate::model::Map;

/// `sessions/<id>.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Version of this format.
    pub palc: u32,
    pub id: String,
    /// The session whose request this one repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<String>,
    pub request: Request,
    pub settled: Settled,
    pub members: Vec<Member>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
}

/// What was asked for, with the settings that held then.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Word for word.
    pub idea: String,
    pub count: usize,
    /// all, cascade or best.
    pub strategy: String,
    pub phases: Vec<String>,
    pub persona: String,
    /// The family of models that the prompt is for, or a model of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_case: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<Reference>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The model of all phases, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    pub optimize: bool,
    pub select: bool,
    /// Whether earlier prompts might be shown.
    pub history: bool,
    /// The folder of new prompts, as their names say it.
    pub into: String,
    /// What is kept of the phases before the last: files, stages or none.
    pub keep: String,
}

/// A file by its path and git's id of its content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub path: String,
    pub blob: String,
}

/// What the request came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    pub family: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_case: Option<UseCase>,
    /// The persona, and the one that fills its gaps.
    pub personas: Vec<Reference>,
    pub phases: Vec<PhaseUsed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<String>,
    /// Earlier prompts that were shown, the most alike first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Shown>,
    /// What is not as it was asked for, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UseCase {
    pub name: String,
    /// Whether it was guessed from the words of the idea.
    pub inferred: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhaseUsed {
    pub name: String,
    pub path: String,
    pub blob: String,
    pub model: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub params: Map,
}

/// An earlier prompt as it was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub name: String,
    pub path: String,
    pub blob: String,
    /// How much it resembles the idea, from 0 to 1.
    pub relevance: f64,
}

/// One variant in one phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub id: String,
    pub phase: String,
    /// Counted from 1.
    pub variant: usize,
    /// The id of the member that it was made from; the idea itself if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Whether it has a file of its own.
    pub file: bool,
    /// Whether it is one of the results.
    #[serde(default, skip_serializing_if = "is_false")]
    pub result: bool,
    /// `service/model` that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// In US dollars; absent where the price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub improvement: Option<Improvement>,
    /// Whether its model stopped at the longest length.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cut: bool,
    /// Why there is nothing: what kind of trouble.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// As the service counted them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<u64>,
}

/// The attempt to make a text better.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Improvement {
    /// Whether the other version took its place.
    pub kept: bool,
    pub why: String,
    /// What the judge cost who compared both, in US dollars; absent where the price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
}

/// A choice among members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The phase whose variants it was about; absent for the choice among the results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The id of the best; absent where the judge could not decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<String>,
    pub why: String,
    /// What the judge said of its own confidence, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// What the judge cost, in US dollars; absent where the price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// The candidates with their totals from 0 to 1, where there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it asks about by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

const HEADER: &str =
    "# What was asked for and what was made of it. `palc session show` tells it, `palc regenerate` does it again.\n";

impl Session {
    /// The file's text. The same session has the same text.
    pub fn text(&self) -> Result<String> {
        let value = serde_json::to_value(self).map_err(|error| Error::bug("a session has no JSON").because(error))?;
        Ok(format!("{HEADER}{}", yaml_of(value.as_object().unwrap_or(&Map::new()))?))
    }

    /// Read a file.
    pub fn read(path: &str, text: &str) -> Result<Session> {
        let start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
        let tree = yaml::read(&text[start..], start);
        if !tree.problems.is_empty() {
            let finding = |problem: &yaml::Problem| {
                Finding::error(problem.rule, Place::in_text(path, text, problem.span), &problem.message)
            };
            let findings = tree.problems.iter().map(finding).collect();
            return Err(Error::findings(format!("{path} is not in order"), findings));
        }
        let value = tree.root.map_or(Value::Null, |root| root.value());
        serde_json::from_value(value)
            .map_err(|error| Error::invalid(format!("{path} is not a session palc can read")).because(error))
    }
}

/// A map as YAML, each key in its place, long texts as blocks.
pub fn yaml_of(map: &Map) -> Result<String> {
    map.iter().try_fold(String::new(), |text, (key, value)| {
        let document = Document::split("yaml", text.as_bytes(), Dialect::Sidecar)
            .map_err(|finding| Error::bug("what palc writes cannot be read").because(finding.message))?;
        edit::set(&document, &[key], value)
    })
}

/// The JSON Schema of the file.
pub fn schema() -> Value {
    let generator = schemars::generate::SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<Session>();
    schema.insert("title".into(), json!("Session"));
    schema.insert("description".into(), json!("What was asked for in generation, and what was made of it"));
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        let request = Request {
            idea: "---\nkeep \"this\": 🜁\n\ttabs, and a last line\n".into(),
            count: 2,
            strategy: "all".into(),
            phases: vec!["a".into()],
            persona: "code".into(),
            temperature: Some(0.5),
            ..Request::default()
        };
        let member = Member {
            id: "x".into(),
            phase: "a".into(),
            variant: 1,
            parent: None,
            file: true,
            result: true,
            model: Some("s/m".into()),
            tokens: Some(Tokens { input: Some(1), output: None }),
            cost: Some("0.001".into()),
            improvement: None,
            cut: false,
            failed: None,
        };
        Session {
            palc: 1,
            id: "s".into(),
            repeats: None,
            request,
            settled: Settled::default(),
            members: vec![member],
            choices: Vec::new(),
        }
    }

    #[test]
    fn a_session_comes_back_as_it_was_written() {
        let session = session();
        let text = session.text().expect("writes");
        let again = Session::read("s.yaml", &text).expect("reads");
        assert_eq!(again, session);
        assert_eq!(again.text().expect("writes"), text);
        let value = serde_json::to_value(&session).expect("is JSON");
        let validator = jsonschema::validator_for(&schema()).expect("is a schema");
        assert!(
            validator.is_valid(&value),
            "{:?}",
            validator.iter_errors(&value).map(|e| e.to_string()).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_wrong_file_is_refused() {
        assert!(Session::read("s.yaml", "palc: 1\nid: [").expect_err("wrong").places()[0].place.line > 0);
        assert!(Session::read("s.yaml", "palc: 1\nmore: 2\n").expect_err("wrong").message().contains("not a session"));
    }
}
