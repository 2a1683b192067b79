//! A file taken apart, its front matter and its body merged each in its own way, and the whole proven.

use std::collections::HashSet;

use crate::format::{Dialect, Document};
use crate::model::{Map, Value};

use super::How;
use super::body::merge_body;
use super::draft::Draft;
use super::fields::Fields;
use super::piece::{Pick, Piece, resolved};
use super::three::Three;

/// A file in its parts, each as lines.
struct Parts {
    /// What stands before the front matter, its fence among it.
    opening: Vec<String>,
    front: Vec<String>,
    closing: Vec<String>,
    body: Vec<String>,
    has_front: bool,
}

impl Parts {
    fn of(document: &Document<'_>) -> Parts {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let body = lines(document.body_text());
        match document.front {
            None => Parts { opening: Vec::new(), front: Vec::new(), closing: Vec::new(), body, has_front: false },
            Some(front) => Parts {
                opening: lines(&document.text[..front.start]),
                front: lines(document.front_text()),
                closing: lines(&document.text[front.end..document.body.start]),
                body,
                has_front: true,
            },
        }
    }
}

pub(super) fn by_fields(path: &str, dialect: Dialect, files: Three<&str>) -> Result<Draft, &'static str> {
    let split = |text| Document::split(path, str::as_bytes(text), dialect).ok();
    let documents = files.map(split).complete().ok_or("one version cannot be split into front matter and body")?;
    if documents.as_ref().map(|document| document.dialect).settled().is_none() {
        return Err("the versions are of different formats");
    }
    let parts = documents.as_ref().map(Parts::of);
    let has_front = parts.as_ref().map(|parts| parts.has_front);
    if crosses_fence(&parts.base, &parts.ours) || crosses_fence(&parts.base, &parts.theirs) {
        return Err("lines went from the front matter to the body or back");
    }
    let mut fields = Fields::default();
    let mut pieces = Vec::new();
    let mut front = None;
    if has_front.ours && has_front.theirs {
        let frame = |of: fn(&Parts) -> &[String]| {
            let lines = parts.as_ref().map(of);
            let base = if has_front.base { lines.base } else { lines.ours };
            Three { base, ..lines }
                .settled()
                .map(<[String]>::to_vec)
                .ok_or("what stands around the front matter differs")
        };
        let lines = parts.as_ref().map(|parts| &parts.front[..]);
        let out = fields.block(&[], lines).ok_or("a front matter is not written so that it can be merged by field")?;
        pieces.push(Piece::Lines(frame(|parts| &parts.opening)?));
        pieces.extend(out.pieces);
        pieces.push(Piece::Lines(frame(|parts| &parts.closing)?));
        front = Some((out.ours, out.theirs));
    } else if has_front.base || has_front.ours || has_front.theirs {
        return Err("only some versions have a front matter");
    }
    let from = pieces.len();
    pieces.extend(merge_body(parts.as_ref().map(|parts| &parts.body[..]), &mut fields.notes));
    let (ours, theirs) = front.unwrap_or_default();
    for (pick, value) in [(Pick::Ours, ours), (Pick::Theirs, theirs)] {
        prove(path, dialect, &pieces, from, pick, value)?;
    }
    Ok(Draft { pieces, notes: fields.notes, how: How::Fields })
}

/// Whether lines went from the front matter to the body or back, as they do when a fence is put in or taken out. Then
/// fields that only seem to be removed must not be compared with fields.
fn crosses_fence(base: &Parts, side: &Parts) -> bool {
    let lines = |lines: &'_ [String]| lines.iter().map(|line| line.trim().to_owned()).collect::<HashSet<_>>();
    let (old_front, new_front) = (lines(&base.front), lines(&side.front));
    let (old_body, new_body) = (lines(&base.body), lines(&side.body));
    let crosses = |line: &String| !line.is_empty() && !line.starts_with('#');
    let into_body =
        old_front.difference(&new_front).filter(|line| new_body.contains(*line) && !old_body.contains(*line));
    let into_front =
        old_body.difference(&new_body).filter(|line| new_front.contains(*line) && !old_front.contains(*line));
    into_body.chain(into_front).any(crosses)
}

/// The merged lines, with every conflict settled for one side, must read as what was computed.
fn prove(
    path: &str,
    dialect: Dialect,
    pieces: &[Piece],
    body: usize,
    pick: Pick,
    expected: Option<Value>,
) -> Result<(), &'static str> {
    let text: String = resolved(pieces, pick).iter().flat_map(|line| [line, "\n"]).collect();
    let document = Document::split(path, text.as_bytes(), dialect).map_err(|_| "the result could not be split")?;
    let body: String = resolved(&pieces[body..], pick).iter().flat_map(|line| [line, "\n"]).collect();
    if document.body_text() != body {
        return Err("the result would be split at another place");
    }
    let tree = document.tree();
    if !tree.problems.is_empty() {
        return Err("the result would not be valid YAML");
    }
    let value = tree
        .root
        .as_ref()
        .filter(|root| !root.is_null())
        .map_or_else(|| Value::Object(Map::new()), |root| root.value());
    match value == expected.unwrap_or_else(|| Value::Object(Map::new())) {
        true => Ok(()),
        false => Err("the result would mean something else"),
    }
}
