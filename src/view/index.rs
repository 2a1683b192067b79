//! The search index.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::search::index::{State, Status};

use super::amount::size;
use super::paint::{Paint, printable};

pub fn text(status: &Status, paint: Paint) -> String {
    let state = match &status.state {
        State::Usable => format!("{} documents, {}", status.documents, size(status.bytes)),
        State::Absent => "none yet: the next search makes it".into(),
        State::Unusable(why) => format!("unusable, the next search makes it anew: {}", printable(why)),
    };
    let mut out = format!("{state}\n{}\n", paint.dim(&printable(&status.folder)));
    for vectors in &status.vectors {
        let model = format!("{} ({} dimensions)", printable(&vectors.model), vectors.dimensions);
        let reach = match status.documents.saturating_sub(vectors.documents) {
            0 => "whole".to_owned(),
            left => format!("{left} documents to do: palc index update"),
        };
        let used = if vectors.used { ", used" } else { "" };
        out.push_str(&format!("vectors of {model}: {}, {reach}{used}\n", size(vectors.bytes)));
    }
    out
}

pub fn object(status: &Status) -> IndexV1<'_> {
    let (state, why) = match &status.state {
        State::Usable => ("usable", None),
        State::Absent => ("absent", None),
        State::Unusable(why) => ("unusable", Some(why.as_str())),
    };
    IndexV1 {
        state,
        why,
        folder: &status.folder,
        bytes: status.bytes,
        documents: status.documents,
        vectors: status.vectors.iter().map(VectorsV1::of).collect(),
        note: status.note.as_deref(),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct IndexV1<'a> {
    /// usable, absent or unusable.
    state: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    folder: &'a str,
    bytes: u64,
    /// Contents of prompts, of all revisions that were ever searched.
    documents: u32,
    vectors: Vec<VectorsV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct VectorsV1<'a> {
    model: &'a str,
    dimensions: usize,
    /// How many documents have theirs.
    documents: u32,
    bytes: u64,
    /// Whether searches use them.
    used: bool,
}

impl<'a> VectorsV1<'a> {
    fn of(vectors: &'a crate::app::search::index::Vectors) -> Self {
        VectorsV1 {
            model: &vectors.model,
            dimensions: vectors.dimensions,
            documents: vectors.documents,
            bytes: vectors.bytes,
            used: vectors.used,
        }
    }
}

pub fn verified(damage: &[String]) -> VerifiedV1<'_> {
    VerifiedV1 { whole: damage.is_empty(), damage }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct VerifiedV1<'a> {
    whole: bool,
    damage: &'a [String],
}
