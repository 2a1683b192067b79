//! Cursor's rules. Their front matter need not be valid YAML.

use crate::format::fields::{FREE, Field, field};
use crate::format::shape::{Rest, Shape::*};
use crate::model::Kind;

use super::spec::{Key, Others, Spec, Split, as_it_is, whole};

pub(super) static SPEC: Spec = Spec {
    word: "cursor",
    suffixes: &[".mdc"],
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
    field("description", FREE, "What the rule is about."),
    field("globs", OneOrMany(&FREE), "Files it is about."),
    field("alwaysApply", Bool, "Whether it holds everywhere."),
];

const KEYS: &[Key] =
    &[whole("description", "description"), whole("host.globs", "globs"), whole("host.alwaysApply", "alwaysApply")];
