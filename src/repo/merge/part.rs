//! Questions about one part of a map or list in its three versions.

use std::collections::BTreeSet;

use crate::format::{Dialect, Document, edit, yaml};
use crate::model::Value;

use super::block::{Block, Form, Kind, Part};
use super::three::{Three, Verdict};
use super::value::shared;

/// A part that both sides have; what they came from may not have had it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Both<'p> {
    pub(super) base: Option<&'p Part>,
    pub(super) ours: &'p Part,
    pub(super) theirs: &'p Part,
}

/// What all three are; an empty one goes along with the others.
pub(super) fn kind(blocks: &Three<Block>) -> Option<Kind> {
    let mut kinds = blocks.as_ref().sides().map(|block| block.kind).into_iter().filter(|kind| *kind != Kind::Empty);
    let first = kinds.next().unwrap_or_default();
    kinds.all(|kind| kind == first).then_some(first)
}

pub(super) fn has_form(part: Both<'_>, is: impl Fn(Form) -> bool) -> bool {
    is(part.ours.form) && is(part.theirs.form) && part.base.is_none_or(|base| is(base.form))
}

/// The line of the key, unless both sides changed it.
pub(super) fn head(part: Both<'_>) -> Option<Vec<String>> {
    let base = part.base.map_or(part.ours.head(), Part::head);
    let head = Three::new(base, part.ours.head(), part.theirs.head());
    match part.base {
        None if head.ours != head.theirs => None,
        _ => head.settled().map(<[String]>::to_vec),
    }
}

/// Whether a part has stayed what it was; comments that moved to a new neighbour are no change.
pub(super) fn is_as_before(base: &Part, left: &Part) -> bool {
    let known = |line: &String| line.trim().is_empty() || base.above.contains(line);
    base.own == left.own && left.above.iter().all(known)
}

/// Whether items at the same places are the same items: none has come from another place, and those that both sides
/// changed still share something.
pub(super) fn is_paired(part: Three<&[Part]>) -> bool {
    let count = part.base.len();
    if count == 0 || part.ours.len() != count || part.theirs.len() != count {
        return false;
    }
    let stays = |side: &[Part]| {
        let moved =
            |at: usize| part.base.iter().enumerate().any(|(other, base)| other != at && base.own == side[at].own);
        (0..count).all(|at| side[at].own == part.base[at].own || !moved(at))
    };
    let alike = |at: usize| {
        let items = part.map(|parts| &parts[at]);
        items.map(|item| &item.own).verdict() != Verdict::Differ
            || shared(&items.base.value, &items.ours.value) > 0 && shared(&items.base.value, &items.theirs.value) > 0
    };
    stays(part.ours) && stays(part.theirs) && (0..count).all(alike)
}

/// Our lines of a part with another value, written as we write.
pub(super) fn edited(part: &Part, value: &Value, item: bool) -> Option<Vec<String>> {
    if part.value == *value {
        return Some(part.own.clone());
    }
    let text = part.own.join("\n");
    let document = Document::split("merge", text.as_bytes(), Dialect::Sidecar).ok()?;
    let key = if item { "0" } else { &part.key };
    let text = edit::set(&document, &[key], value).ok()?;
    Some(text.lines().map(str::to_owned).collect())
}

/// The comments of a part, in no order.
pub(super) fn comments(part: &Part) -> BTreeSet<String> {
    comments_of(&part.own)
}

pub(super) fn comments_of(lines: &[String]) -> BTreeSet<String> {
    yaml::read(&lines.join("\n"), 0).comments.into_iter().map(|comment| comment.text).collect()
}

/// Every comment that a side added, and those that neither took away.
pub(super) fn merged_comments(three: &Three<BTreeSet<String>>) -> BTreeSet<String> {
    let stays = |text: &&String| {
        let (ours, theirs) = (three.ours.contains(*text), three.theirs.contains(*text));
        if three.base.contains(*text) { ours && theirs } else { true }
    };
    three.ours.union(&three.theirs).filter(stays).cloned().collect()
}
