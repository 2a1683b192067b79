//! Prompt files of VS Code.

use crate::format::fields::{FREE, Field, LINE, field};
use crate::format::shape::{Rest, Shape::*};
use crate::model::Kind;

use super::spec::{Key, Others, Spec, Split, as_it_is, whole};

pub(super) static SPEC: Spec = Spec {
    word: "prompt.md",
    suffixes: &[".prompt.md"],
    split: Split::Fences,
    kind: Kind::Prompt,
    engine: "none",
    messages: "single",
    fields: FIELDS,
    unknown: Rest::NearMiss,
    keys: |_| KEYS,
    reshape: as_it_is,
    others: Others::Sidecar,
};

const FIELDS: &[Field] = &[
    field("description", FREE, "What the prompt is for."),
    field("name", LINE, "Name."),
    field("argument-hint", Any, "What to type after its name."),
    field("agent", LINE, "Agent that runs it."),
    field("mode", LINE, "The older word for `agent`."),
    field("model", OneOrMany(&LINE), "Model, or models in order of preference."),
    field("tools", OneOrMany(&FREE), "Tools it may use."),
];

const KEYS: &[Key] = &[
    whole("title", "name"),
    whole("description", "description"),
    whole("model", "model"),
    whole("tools", "tools"),
    whole("host.agent", "agent"),
    whole("host.agent", "mode"),
    whole("host.argument-hint", "argument-hint"),
];
