//! Humanloop's files: parameters at the top, messages between tags. They share the suffix of dotprompt.

use crate::format::fields::{FREE, Field, LINE, WORD, field};
use crate::format::shape::{Rest, Shape::*};
use crate::model::Kind;

use super::spec::{Key, Others, Spec, Split, as_it_is, whole};

pub(super) static SPEC: Spec = Spec {
    word: "humanloop",
    suffixes: &[],
    split: Split::FencesAfterComments,
    kind: Kind::Prompt,
    engine: "mustache",
    messages: "xml",
    fields: FIELDS,
    unknown: Rest::NearMiss,
    keys: |_| KEYS,
    reshape: as_it_is,
    others: Others::Sidecar,
};

/// Whether the text of a `.prompt` file is Humanloop's: a tag for a role stands alone on a line, and no helper of
/// dotprompt occurs.
pub(super) fn is_one(text: &str) -> bool {
    let helpers = ["{{role", "{{>", "{{#", "{{history", "{{media"];
    let tags = ["<system>", "<user>", "<assistant>", "<tool"];
    !helpers.iter().any(|helper| text.contains(helper))
        && text.lines().any(|line| tags.iter().any(|tag| line.trim().starts_with(tag)))
}

const FIELDS: &[Field] = &[
    field("model", LINE, "Model."),
    field("provider", WORD, "Provider."),
    field("endpoint", WORD, "Interface: chat or complete."),
    field("temperature", Number { min: 0.0, max: 2.0 }, "Randomness, 0 to 2."),
    field("max_tokens", Integer { min: -1, max: i64::MAX }, "Longest answer in tokens; -1 means no limit."),
    field("top_p", Number { min: 0.0, max: 1.0 }, "Nucleus sampling, 0 to 1."),
    field("stop", OneOrMany(&FREE), "Texts at which the answer ends."),
    field("frequency_penalty", Number { min: -2.0, max: 2.0 }, "Penalty for frequent tokens."),
    field("presence_penalty", Number { min: -2.0, max: 2.0 }, "Penalty for tokens that occurred."),
    field("seed", Integer { min: i64::MIN, max: i64::MAX }, "Seed."),
    field("response_format", Any, "Form of the answer."),
    field("reasoning_effort", WORD, "How hard to think."),
    field("max_iterations", Integer { min: 1, max: i64::MAX }, "Longest run of an agent."),
    field("tools", Any, "Tools."),
    field("template", Any, "The template, if the body is not."),
];

const KEYS: &[Key] = &[
    whole("model", "model"),
    whole("provider", "provider"),
    whole("params.temperature", "temperature"),
    whole("params.max_tokens", "max_tokens"),
    whole("params.top_p", "top_p"),
    whole("params.stop", "stop"),
    whole("params.frequency_penalty", "frequency_penalty"),
    whole("params.presence_penalty", "presence_penalty"),
    whole("params.seed", "seed"),
    whole("params.reasoning_effort", "reasoning_effort"),
    whole("tools", "tools"),
];
