//! Plain text: all of it is the prompt.

use crate::format::shape::Rest;
use crate::model::Kind;

use super::spec::{Others, Spec, Split, as_it_is};

pub(super) static SPEC: Spec = Spec {
    word: "text",
    suffixes: &[".txt"],
    split: Split::Body,
    kind: Kind::Prompt,
    engine: "none",
    messages: "single",
    fields: &[],
    unknown: Rest::Free,
    keys: |_| &[],
    reshape: as_it_is,
    others: Others::Sidecar,
};
