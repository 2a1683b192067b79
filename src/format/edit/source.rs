//! The text of a file with its tree, and the questions an edit asks of them.

use crate::base::Span;
use crate::base::text::Ending;
use crate::format::yaml::{Data, Entry, Node, Tree};

pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) front: Span,
    pub(super) ending: Ending,
    pub(super) tree: &'a Tree,
}

/// A value and what holds it.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) node: &'a Node,
    pub(super) holder: Holder<'a>,
    /// Inside brackets or braces.
    pub(super) flow: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Holder<'a> {
    File,
    Entry(&'a Entry),
    Item { list: &'a Node, index: usize },
}

impl<'a> Source<'a> {
    pub(super) fn spot(&self, path: &[String]) -> Option<Spot<'a>> {
        let root = self.tree.root.as_ref()?;
        let start = Spot { node: root, holder: Holder::File, flow: false };
        path.iter().try_fold(start, |spot, key| {
            let flow = spot.flow || self.is_flow(spot.node);
            match &spot.node.data {
                Data::Map(_) => {
                    let entry = spot.node.entry(key)?;
                    Some(Spot { node: &entry.value, holder: Holder::Entry(entry), flow })
                }
                Data::List(items) => {
                    let index = key.parse().ok()?;
                    Some(Spot { node: items.get(index)?, holder: Holder::Item { list: spot.node, index }, flow })
                }
                Data::Scalar(_) => None,
            }
        })
    }

    /// Whether a collection is written in brackets or braces.
    pub(super) fn is_flow(&self, node: &Node) -> bool {
        node.scalar().is_none() && self.text[node.span.start..].starts_with(['[', '{'])
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(self.front.start, |newline| newline + 1).max(self.front.start)
    }

    /// The end of the line, before its ending.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let end = self.text[at..self.front.end].find('\n').map_or(self.front.end, |newline| at + newline);
        if end > at && self.text[..end].ends_with('\r') { end - 1 } else { end }
    }

    /// The start of the next line.
    pub(super) fn line_after(&self, at: usize) -> usize {
        self.text[at..self.front.end].find('\n').map_or(self.front.end, |newline| at + newline + 1)
    }

    pub(super) fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].chars().count()
    }

    /// Whether only blanks stand before it on its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        self.text[self.line_start(at)..at].trim().is_empty()
    }

    /// The first character from here that is no blank, line break or comment.
    pub(super) fn skip(&self, at: usize) -> usize {
        let mut at = at;
        loop {
            let rest = &self.text[at..self.front.end];
            at += rest.len() - rest.trim_start().len();
            match self.tree.comments.iter().find(|comment| comment.span.start == at) {
                Some(comment) if comment.span.end > at => at = comment.span.end,
                _ => return at,
            }
        }
    }

    /// The offset after the colon of an entry, or none where braces hold a key alone.
    pub(super) fn colon(&self, entry: &Entry) -> Option<usize> {
        let at = self.skip(entry.key_span.end);
        self.text[at..self.front.end].starts_with(':').then_some(at + 1)
    }

    /// The offset of an item's dash.
    pub(super) fn dash(&self, list: &Node, index: usize) -> usize {
        match index.checked_sub(1) {
            None => list.span.start,
            Some(before) => self.skip(self.end_of(&list.items()[before], list.span.start)),
        }
    }

    /// Where a value ends; an empty one ends where its holder does.
    pub(super) fn end_of(&self, node: &Node, holder: usize) -> usize {
        node.span.end.max(holder)
    }

    /// Where an entry ends, with its colon if its value is empty.
    pub(super) fn end_of_entry(&self, entry: &Entry) -> usize {
        self.colon(entry).unwrap_or(entry.key_span.end).max(entry.value.span.end)
    }

    /// After the line on which something ends, and after the comments below it that are indented deeper than `column`.
    pub(super) fn end_of_block(&self, at: usize, column: usize) -> usize {
        let mut end = self.line_end(at);
        loop {
            let next = self.line_after(end);
            let line = &self.text[next..self.line_end(next)];
            let indent = line.len() - line.trim_start().len();
            if next == end || !line.trim_start().starts_with('#') || indent <= column {
                return end;
            }
            end = self.line_end(next);
        }
    }
}
