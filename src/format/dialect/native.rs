//! palc's own files: Markdown with palc's front matter.

use crate::format::fields::FIELDS;
use crate::format::shape::Rest;
use crate::model::Kind;

use super::spec::{Others, Spec, Split, as_it_is};

pub(super) static SPEC: Spec = Spec {
    word: "palc",
    suffixes: &[".md"],
    split: Split::Fences,
    kind: Kind::Prompt,
    engine: "jinja",
    messages: "lines",
    fields: FIELDS,
    unknown: Rest::Refused,
    keys: |_| &[],
    reshape: as_it_is,
    others: Others::Same,
};
