//! Proof that an edit did what it should and nothing else, found by reading the result again.

use crate::base::Span;
use crate::format::Document;
use crate::format::yaml::{Comment, Data, Node, Tree};
use crate::model::Value;

use super::source::{Holder, Source};
use super::step::Step;

/// What came out otherwise than it should, if anything did.
pub(super) fn difference(
    before: (&Document<'_>, &Source<'_>),
    after: (&Document<'_>, &Tree),
    step: &Step,
    expected: &Value,
) -> Option<&'static str> {
    let (old, source) = before;
    let (new, tree) = after;
    let loose = tree.problems.iter().filter(|problem| problem.rule == "loose-yaml").count();
    if loose < tree.problems.len() || loose > source.tree.problems.len() {
        return Some("the result would not be valid");
    }
    if super::value(tree) != *expected {
        return Some("another value would change");
    }
    let has_front = old.front.is_some();
    if outside(old, has_front) != outside(new, has_front) {
        return Some("text outside the front matter would change");
    }
    if !comments_survive(source, tree, step) {
        return Some("a comment would be lost");
    }
    let is_kept = match (&source.tree.root, &tree.root) {
        (Some(old_root), Some(new_root)) => same_besides((old.text, old_root), (new.text, new_root), step, step.path()),
        _ => true,
    };
    if !is_kept {
        return Some("the bytes of another entry would change");
    }
    None
}

/// What an edit must not touch: a front matter that is new has nothing around it.
fn outside<'a>(document: &Document<'a>, has_front: bool) -> (&'a str, &'a str, bool) {
    match document.front.filter(|_| has_front) {
        Some(front) => (&document.text[..front.start], &document.text[front.end..], document.bom),
        None => ("", document.body_text(), document.bom),
    }
}

/// All comments are there in their order, but for those that may go.
fn comments_survive(source: &Source<'_>, after: &Tree, step: &Step) -> bool {
    let before = &source.tree.comments;
    let first = before.iter().position(|comment| may_lose(source, step, comment.span)).unwrap_or(before.len());
    let rest = before[first..].iter().filter(|comment| !may_lose(source, step, comment.span)).count();
    let texts = |comments: &[Comment]| comments.iter().map(|comment| comment.text.clone()).collect::<Vec<_>>();
    let (before, after) = (texts(before), texts(&after.comments));
    let Some(middle) = after.len().checked_sub(first + rest) else { return false };
    let mut loose = before[first..before.len() - rest].iter();
    before[..first] == after[..first]
        && before[before.len() - rest..] == after[first + middle..]
        && after[first..first + middle].iter().all(|text| loose.any(|other| other == text))
}

/// Comments go only with what they stand in: an entry taken out, a value replaced.
fn may_lose(source: &Source<'_>, step: &Step, comment: Span) -> bool {
    let Some(spot) = source.spot(step.path()) else { return false };
    let start = match spot.holder {
        Holder::File => spot.node.span.start,
        Holder::Entry(entry) => entry.key_span.start,
        Holder::Item { list, index } if !spot.flow => source.dash(list, index),
        Holder::Item { .. } => spot.node.span.start,
    };
    let end = source.end_of(spot.node, start);
    match step {
        Step::Put { .. } if spot.node.scalar().is_none() => {
            comment.start >= start && comment.end <= source.line_end(end)
        }
        Step::Put { .. } => comment.start >= start && comment.end <= end,
        Step::Remove { .. } => comment.start >= start && comment.end <= source.end_of_block(end, source.column(start)),
        Step::Add { .. } | Step::Insert { .. } | Step::Rename { .. } => false,
    }
}

/// Whether everything beside the path has the bytes it had.
fn same_besides(old: (&str, &Node), new: (&str, &Node), step: &Step, path: &[String]) -> bool {
    let Some((key, rest)) = path.split_first() else { return same_neighbours(old, new, step) };
    let last = rest.is_empty() && !matches!(step, Step::Add { .. } | Step::Insert { .. });
    match (&old.1.data, &new.1.data) {
        (Data::Map(before), Data::Map(after)) => {
            let others = before.iter().filter(|entry| &entry.key != key).all(|entry| {
                let found = after.iter().find(|other| other.key == entry.key);
                found.is_some_and(|found| entry_text(old.0, entry) == entry_text(new.0, found))
            });
            let inner = last
                || match (old.1.get(key), new.1.get(key)) {
                    (Some(before), Some(after)) => same_besides((old.0, before), (new.0, after), step, rest),
                    _ => false,
                };
            others && inner
        }
        (Data::List(before), Data::List(after)) => {
            let Ok(index) = key.parse::<usize>() else { return false };
            let removed = usize::from(last && matches!(step, Step::Remove { .. }));
            let others = before.iter().enumerate().filter(|&(at, _)| at != index).all(|(at, node)| {
                let at = if at > index { at - removed } else { at };
                after.get(at).is_some_and(|found| node.span.text(old.0) == found.span.text(new.0))
            });
            let inner = last
                || match (before.get(index), after.get(index)) {
                    (Some(before), Some(after)) => same_besides((old.0, before), (new.0, after), step, rest),
                    _ => false,
                };
            others && inner
        }
        _ => last,
    }
}

/// After a step that adds something: what was in the collection is still there as it was.
fn same_neighbours(old: (&str, &Node), new: (&str, &Node), step: &Step) -> bool {
    match step {
        Step::Add { .. } => old.1.entries().iter().all(|entry| {
            let found = new.1.entry(&entry.key).map(|found| entry_text(new.0, found));
            found == Some(entry_text(old.0, entry))
        }),
        Step::Insert { index, .. } => old.1.items().iter().enumerate().all(|(at, node)| {
            let found = new.1.items().get(if at >= *index { at + 1 } else { at });
            found.is_some_and(|found| node.span.text(old.0) == found.span.text(new.0))
        }),
        _ => true,
    }
}

fn entry_text<'t>(text: &'t str, entry: &crate::format::yaml::Entry) -> &'t str {
    Span::new(entry.key_span.start, entry.value.span.end.max(entry.key_span.end)).text(text)
}
