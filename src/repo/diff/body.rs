//! What differs between two bodies, block by block.

use crate::base::Span;

use super::Class;
use super::align::{Side, Step};
use super::blocks::{Block, Home, Kind};
use super::words::{Cut, Mark, Piece, pieces};

/// A block that is not what it was.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockChange {
    pub kind: Kind,
    pub edit: BlockEdit,
    /// Where it stands; for a removed one, where it stood.
    pub home: Home,
    pub before: Option<Span>,
    pub after: Option<Span>,
    /// Its words.
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockEdit {
    Added,
    Removed,
    Changed,
    Moved,
}

impl BlockChange {
    /// Whether any word came or went.
    pub fn rewords(&self) -> bool {
        self.pieces.iter().any(|piece| piece.mark != Mark::Same && !piece.is_blank())
    }
}

/// The changed blocks in the order of the second text. Blank lines are only told where nothing else is.
pub fn changes(before: Side<'_>, after: Side<'_>, steps: &[Step], cut: &Cut<'_>) -> Vec<BlockChange> {
    let text = |side: Side<'_>, block: &Block| block.span.text(side.text).to_owned();
    let one = |edit, block: &Block, before, after, pieces| BlockChange {
        kind: block.kind,
        edit,
        home: block.home.clone(),
        before,
        after,
        pieces,
    };
    let change = |step: &Step| match *step {
        Step::Same(..) => None,
        Step::Removed(old) => {
            let block = &before.blocks[old];
            let pieces = vec![Piece { mark: Mark::Gone, text: text(before, block) }];
            Some(one(BlockEdit::Removed, block, Some(block.span), None, pieces))
        }
        Step::Added(new) => {
            let block = &after.blocks[new];
            let pieces = vec![Piece { mark: Mark::New, text: text(after, block) }];
            Some(one(BlockEdit::Added, block, None, Some(block.span), pieces))
        }
        Step::Changed(old, new) | Step::Moved(old, new) => {
            let (was, is) = (&before.blocks[old], &after.blocks[new]);
            let edit = if matches!(step, Step::Moved(..)) { BlockEdit::Moved } else { BlockEdit::Changed };
            let pieces = pieces(was.span.text(before.text), is.span.text(after.text), cut);
            Some(one(edit, is, Some(was.span), Some(is.span), pieces))
        }
    };
    let all: Vec<BlockChange> = steps.iter().filter_map(change).collect();
    let blank = |change: &BlockChange| change.kind == Kind::Blank;
    if all.iter().all(blank) { all } else { all.into_iter().filter(|change| !blank(change)).collect() }
}

/// The class of what changed between two bodies, if anything did. Only the breaking of lines, blank lines and comments
/// are cosmetic: fenced blocks and examples are taken to the letter.
pub fn class(before: Side<'_>, after: Side<'_>, comments: bool) -> Option<Class> {
    let (before, after) = differing(before, after);
    if before.blocks.is_empty() && after.blocks.is_empty() {
        return None;
    }
    let same = essence(before, comments) == essence(after, comments);
    Some(if same { Class::Cosmetic } else { Class::Behaviour })
}

/// Two sides without the blocks that both begin with, and without those that both end with.
fn differing<'a>(before: Side<'a>, after: Side<'a>) -> (Side<'a>, Side<'a>) {
    let same =
        |(old, new): &(&Block, &Block)| old.kind == new.kind && old.span.text(before.text) == new.span.text(after.text);
    let start = before.blocks.iter().zip(after.blocks).take_while(same).count();
    let (old, new) = (&before.blocks[start..], &after.blocks[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let rest = |side: Side<'a>, blocks: &'a [Block]| Side { blocks: &blocks[..blocks.len() - end], ..side };
    (rest(before, old), rest(after, new))
}

/// What is left of a body when blanks and comments do not count.
fn essence(side: Side<'_>, comments: bool) -> Vec<(Kind, String)> {
    let one = |block: &Block| {
        let text = block.span.text(side.text);
        let text = if comments { without_comments(text) } else { text.to_owned() };
        let text = match block.kind {
            Kind::Fence | Kind::Example => text.replace("\r\n", "\n").trim_end().to_owned(),
            // A space that does not break is no blank: models read it as something else.
            _ => text.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
        };
        (block.kind, text)
    };
    side.blocks.iter().filter(|block| block.kind != Kind::Blank).map(one).filter(|(_, text)| !text.is_empty()).collect()
}

/// A Jinja text without `{# … #}`.
fn without_comments(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{#") {
        let Some((_, after)) = after.split_once("#}") else { break };
        out.push_str(before);
        rest = after;
    }
    out + rest
}
