//! Instructions of VS Code and Copilot.

use crate::format::fields::{FREE, Field, LINE, field};
use crate::format::shape::{Rest, Shape::*};
use crate::model::Kind;

use super::spec::{Key, Others, Spec, Split, as_it_is, whole};

pub(super) static SPEC: Spec = Spec {
    word: "instructions.md",
    suffixes: &[".instructions.md"],
    split: Split::Fences,
    kind: Kind::Rule,
    engine: "none",
    messages: "single",
    fields: FIELDS,
    unknown: Rest::NearMiss,
    keys: |_| KEYS,
    reshape: as_it_is,
    others: Others::Sidecar,
};

const FIELDS: &[Field] = &[
    field("applyTo", OneOrMany(&FREE), "Files it is about."),
    field("name", LINE, "Name."),
    field("description", FREE, "What the instructions are about."),
    field("excludeAgent", OneOrMany(&LINE), "Agents it is not for."),
];

const KEYS: &[Key] = &[
    whole("title", "name"),
    whole("description", "description"),
    whole("host.applyTo", "applyTo"),
    whole("host.excludeAgent", "excludeAgent"),
];
