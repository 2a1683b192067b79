//! Custom agents of VS Code and Copilot.

use crate::format::fields::{FREE, Field, LINE, field};
use crate::format::shape::{Rest, Shape::*};
use crate::model::Kind;

use super::spec::{Key, Others, Part, Spec, Split, as_it_is, found, whole};

pub(super) static SPEC: Spec = Spec {
    word: "agent.md",
    suffixes: &[".agent.md", ".chatmode.md"],
    split: Split::Fences,
    kind: Kind::Agent,
    engine: "none",
    messages: "single",
    fields: FIELDS,
    unknown: Rest::NearMiss,
    keys: |_| KEYS,
    reshape: as_it_is,
    others: Others::Sidecar,
};

const FIELDS: &[Field] = &[
    field("name", LINE, "Name."),
    field("description", FREE, "What the agent is for."),
    field("argument-hint", Any, "What to type after its name."),
    field("tools", OneOrMany(&FREE), "Tools it may use."),
    field("agents", OneOrMany(&FREE), "Agents it may call."),
    field("model", OneOrMany(&LINE), "Model, or models in order of preference."),
    field("user-invocable", Bool, "Whether people may start it."),
    field("disable-model-invocation", Bool, "Whether only people may start it."),
    field("infer", Bool, "The older word for the model's leave to start it."),
    field("target", LINE, "Host it is for."),
    field("mcp-servers", Any, "Servers with more tools."),
    field("handoffs", List(&FreeMap), "Agents that may go on."),
    field("hooks", Any, "Programs to run around it."),
    field("metadata", FreeMap, "Anything else."),
];

const KEYS: &[Key] = &[
    whole("title", "name"),
    whole("description", "description"),
    whole("model", "model"),
    whole("tools", "tools"),
    whole("target.host", "target"),
    whole("host.argument-hint", "argument-hint"),
    whole("host.agents", "agents"),
    whole("host.user-invocable", "user-invocable"),
    whole("host.disable-model-invocation", "disable-model-invocation"),
    whole("host.infer", "infer"),
    whole("host.mcp-servers", "mcp-servers"),
    whole("host.handoffs", "handoffs"),
    whole("host.hooks", "hooks"),
    found("tags", "metadata.tags", Part::Whole),
    found("custom", "metadata", Part::Rest),
];
