//! The prompt that serves, or why none does.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::printable;
use super::render::MessageV1;
use crate::app::render::One;
use crate::app::select::{Chosen, Outcome, Refused};
use crate::select::{Candidate, Choice};

/// `coach/introduction@4`
pub fn name(chosen: &Chosen) -> String {
    printable(&format!("{}@{}", chosen.loaded.file.name, chosen.version))
}

pub fn others(chosen: &Chosen) -> String {
    let names: Vec<String> =
        chosen.others.iter().map(|other| printable(&format!("{}@{}", other.prompt, other.version))).collect();
    format!("other prompts serve the same, and came before it: {}", names.join(", "))
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SelectV1<'a> {
    /// chosen; or why nothing was: no-prompt, none-active, several-types, pin-inactive, pin-missing, pin-elsewhere,
    /// pin-ambiguous, unknown-phase, unknown-type or system-phase.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<ChosenV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<RefusedV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ChosenV1<'a> {
    prompt: &'a str,
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    type_: Option<&'a str>,
    phases: &'a [String],
    /// git's id of its content.
    blob: &'a str,
    /// The commit that made the version.
    commit: &'a str,
    /// Whether a pin chose it.
    pinned: bool,
    /// Older prompts that serve the same.
    others: Vec<ChoiceV1<'a>>,
    body: &'a str,
    /// Rendered, if a context was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Vec<MessageV1<'a>>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ChoiceV1<'a> {
    prompt: &'a str,
    version: u32,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RefusedV1<'a> {
    message: &'a str,
    hints: &'a [String],
    /// The versions that it is about, such as those that are switched off.
    candidates: Vec<CandidateV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CandidateV1<'a> {
    #[serde(flatten)]
    choice: ChoiceV1<'a>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    type_: Option<&'a str>,
    phases: &'a [String],
    /// Whether it serves: it is not switched off and its status lets it.
    active: bool,
}

pub fn object<'a>(outcome: &'a Outcome, rendered: Option<&'a One>) -> SelectV1<'a> {
    match outcome {
        Outcome::Chosen(chosen) => {
            SelectV1 { outcome: "chosen", chosen: Some(ChosenV1::of(chosen, rendered)), refused: None }
        }
        Outcome::Refused(refused) => {
            SelectV1 { outcome: refused.code.word(), chosen: None, refused: Some(RefusedV1::of(refused)) }
        }
    }
}

impl<'a> ChosenV1<'a> {
    fn of(chosen: &'a Chosen, rendered: Option<&'a One>) -> Self {
        let prompt = &chosen.loaded.prompt;
        let messages =
            rendered.map(|one| one.rendered.messages.iter().map(|message| MessageV1::of(message, false, None)));
        ChosenV1 {
            prompt: chosen.loaded.file.name.as_str(),
            version: chosen.version,
            id: chosen.id.as_deref(),
            type_: prompt.type_.as_deref(),
            phases: &prompt.phase,
            blob: &chosen.blob,
            commit: &chosen.commit,
            pinned: chosen.pinned,
            others: chosen.others.iter().map(ChoiceV1::of).collect(),
            body: &prompt.body,
            messages: messages.map(Iterator::collect),
        }
    }
}

impl<'a> ChoiceV1<'a> {
    fn of(choice: &'a Choice) -> Self {
        ChoiceV1 { prompt: &choice.prompt, version: choice.version }
    }
}

impl<'a> RefusedV1<'a> {
    fn of(refused: &'a Refused) -> Self {
        let Refused { message, hints, candidates, .. } = refused;
        RefusedV1 { message, hints, candidates: candidates.iter().map(CandidateV1::of).collect() }
    }
}

impl<'a> CandidateV1<'a> {
    fn of(candidate: &'a Candidate) -> Self {
        CandidateV1 {
            choice: ChoiceV1::of(&candidate.choice),
            type_: candidate.facts.type_.as_deref(),
            phases: &candidate.facts.phases,
            active: !candidate.off && candidate.facts.serves,
        }
    }
}
