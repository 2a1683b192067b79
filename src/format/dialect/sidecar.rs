//! The file beside a prompt file that cannot hold palc's fields: all of it is palc's front matter.

use crate::format::fields::FIELDS;
use crate::format::shape::Rest;
use crate::model::Kind;

use super::spec::{Others, Spec, Split, as_it_is};

pub(super) static SPEC: Spec = Spec {
    word: "sidecar",
    suffixes: &[".palc.yaml"],
    split: Split::Yaml,
    kind: Kind::Prompt,
    engine: "jinja",
    messages: "lines",
    fields: FIELDS,
    unknown: Rest::Refused,
    keys: |_| &[],
    reshape: as_it_is,
    others: Others::Same,
};
