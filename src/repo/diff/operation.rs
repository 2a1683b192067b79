//! The way from one text to the other, to the byte.

use crate::base::{Error, Result, Span};

use super::align::{Side, Step};
use super::words::{Cut, Mark, pieces};

/// One thing to do. Done in order, all of them turn the first text into the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Go on with this part of the first text.
    Keep(Span),
    /// Go on with a part that stood elsewhere.
    Move(Span),
    /// Leave this part of the first text out.
    Delete(Span, String),
    Insert(String),
}

/// The operations of these steps.
pub fn of(before: Side<'_>, after: Side<'_>, steps: &[Step], cut: &Cut<'_>) -> Vec<Operation> {
    let mut all = Vec::new();
    let (old, new) = (|at: usize| before.blocks[at].span, |at: usize| after.blocks[at].span);
    for step in steps {
        match *step {
            Step::Same(from, _) => all.push(Operation::Keep(old(from))),
            Step::Removed(from) => all.push(Operation::Delete(old(from), old(from).text(before.text).to_owned())),
            Step::Added(to) => all.push(Operation::Insert(new(to).text(after.text).to_owned())),
            Step::Changed(from, to) => inside(&mut all, old(from), before, new(to).text(after.text), false, cut),
            Step::Moved(from, to) => inside(&mut all, old(from), before, new(to).text(after.text), true, cut),
        }
    }
    join(all)
}

fn inside(all: &mut Vec<Operation>, from: Span, before: Side<'_>, after: &str, moved: bool, cut: &Cut<'_>) {
    let mut at = from.start;
    for piece in pieces(from.text(before.text), after, cut) {
        let span = Span::new(at, at + piece.text.len());
        match piece.mark {
            Mark::Same if moved => all.push(Operation::Move(span)),
            Mark::Same => all.push(Operation::Keep(span)),
            Mark::Gone => all.push(Operation::Delete(span, piece.text)),
            Mark::New => all.push(Operation::Insert(piece.text)),
        }
        if piece.mark != Mark::New {
            at = span.end;
        }
    }
}

/// Neighbours of one kind become one.
fn join(all: Vec<Operation>) -> Vec<Operation> {
    let mut joined: Vec<Operation> = Vec::with_capacity(all.len());
    for next in all {
        match (joined.last_mut(), next) {
            (Some(Operation::Keep(last)), Operation::Keep(span)) if last.end == span.start => last.end = span.end,
            (Some(Operation::Move(last)), Operation::Move(span)) if last.end == span.start => last.end = span.end,
            (Some(Operation::Delete(last, text)), Operation::Delete(span, more)) if last.end == span.start => {
                last.end = span.end;
                text.push_str(&more);
            }
            (Some(Operation::Insert(text)), Operation::Insert(more)) => text.push_str(&more),
            (_, next) => joined.push(next),
        }
    }
    joined
}

/// Do what the operations say. They must use every byte of the first text once, and delete what stands there.
pub fn apply(before: &str, operations: &[Operation]) -> Result<String> {
    let wrong = || Error::invalid("these operations do not belong to this text");
    let mut after = String::new();
    let mut used = Vec::new();
    for operation in operations {
        match operation {
            Operation::Keep(span) | Operation::Move(span) => {
                after.push_str(before.get(span.range()).ok_or_else(wrong)?);
                used.push(*span);
            }
            Operation::Delete(span, text) if before.get(span.range()) == Some(text) => used.push(*span),
            Operation::Delete(..) => return Err(wrong()),
            Operation::Insert(text) => after.push_str(text),
        }
    }
    used.sort_unstable();
    let end = used.iter().try_fold(0, |at, span| (span.start == at).then_some(span.end));
    if end == Some(before.len()) { Ok(after) } else { Err(wrong()) }
}
