//! Agent Skills: a folder with `SKILL.md`, named for the folder.

use crate::format::fields::{FREE, Field, LINE, field};
use crate::format::shape::{Rest, Shape::*};
use crate::model::Kind;

use super::spec::{Key, Others, Part, Spec, Split, as_it_is, found, whole};

pub(super) static SPEC: Spec = Spec {
    word: "skill",
    suffixes: &["/SKILL.md"],
    split: Split::Fences,
    kind: Kind::Skill,
    engine: "none",
    messages: "single",
    fields: FIELDS,
    unknown: Rest::NearMiss,
    keys: |_| KEYS,
    reshape: as_it_is,
    others: Others::Sidecar,
};

const FIELDS: &[Field] = &[
    field("name", Text { max: 64 }, "The folder's name: small letters, digits and hyphens."),
    field("description", Text { max: 1024 }, "What the skill does and when to use it."),
    field("license", FREE, "Licence."),
    field("compatibility", Text { max: 500 }, "What it needs around it."),
    field("metadata", FreeMap, "Anything else."),
    field("allowed-tools", OneOrMany(&FREE), "Tools it may use without asking."),
    field("disallowed-tools", OneOrMany(&FREE), "Tools it may not use."),
    field("argument-hint", Any, "What to type after its name."),
    field("disable-model-invocation", Bool, "Whether only people may start it."),
    field("user-invocable", Bool, "Whether people may start it."),
    field("model", LINE, "Model."),
    field("effort", LINE, "How hard to think."),
    field("context", LINE, "Where it runs."),
    field("agent", LINE, "Agent that runs it."),
    field("hooks", Any, "Programs to run around it."),
    field("shell", Any, "Shell for commands."),
];

const KEYS: &[Key] = &[
    whole("title", "name"),
    whole("description", "description"),
    whole("license", "license"),
    whole("compatibility", "compatibility"),
    whole("model", "model"),
    whole("tools", "allowed-tools"),
    whole("host.disallowed-tools", "disallowed-tools"),
    whole("host.argument-hint", "argument-hint"),
    whole("host.disable-model-invocation", "disable-model-invocation"),
    whole("host.user-invocable", "user-invocable"),
    whole("host.effort", "effort"),
    whole("host.context", "context"),
    whole("host.agent", "agent"),
    whole("host.hooks", "hooks"),
    whole("host.shell", "shell"),
    found("tags", "metadata.tags", Part::Whole),
    found("version", "metadata.version", Part::Whole),
    found("author", "metadata.author", Part::Whole),
    found("custom", "metadata", Part::Rest),
];
