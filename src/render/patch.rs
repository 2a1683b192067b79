//! A text that was changed before rendering, and the way back to where each byte stood in its file.

use crate::base::text::{ceil_char, floor_char};
use crate::base::{Edit, Span};

/// An edited copy of a part of a file.
#[derive(Debug, Clone)]
pub struct Patched {
    pub text: String,
    layers: Vec<Vec<Step>>,
}

/// From `new` on, offsets stand for offsets from `old` on; inside an insertion all of them stand for `old`.
#[derive(Debug, Clone, Copy)]
struct Step {
    new: usize,
    old: usize,
    inserted: bool,
}

impl Patched {
    /// A part of a file that starts at `offset`, with line endings as templates want them.
    pub fn new(text: &str, offset: usize) -> Self {
        let whole = Step { new: 0, old: offset, inserted: false };
        let patched = Patched { text: text.to_owned(), layers: vec![vec![whole]] };
        let returns =
            text.match_indices("\r\n").map(|(at, _)| Edit { span: Span::new(at, at + 1), text: String::new() });
        patched.edit(&returns.collect::<Vec<_>>())
    }

    /// Apply edits that are in order and do not overlap.
    #[must_use]
    pub fn edit(mut self, edits: &[Edit]) -> Self {
        if edits.is_empty() {
            return self;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut layer = vec![Step { new: 0, old: 0, inserted: false }];
        let mut at = 0;
        for Edit { span, text: insertion } in edits {
            text.push_str(&self.text[at..span.start]);
            layer.push(Step { new: text.len(), old: span.start, inserted: true });
            text.push_str(insertion);
            layer.push(Step { new: text.len(), old: span.end, inserted: false });
            at = span.end;
        }
        text.push_str(&self.text[at..]);
        self.text = text;
        self.layers.push(layer);
        self
    }

    /// Where a byte of the edited text stood in the file.
    pub fn original(&self, offset: usize) -> usize {
        self.layers.iter().rev().fold(offset.min(self.text.len()), |offset, layer| {
            let at = layer.partition_point(|step| step.new <= offset).saturating_sub(1);
            let step = layer[at];
            if step.inserted { step.old } else { step.old + (offset - step.new) }
        })
    }

    /// Whole characters, though an engine's error may point inside of one.
    pub fn original_span(&self, range: std::ops::Range<usize>) -> Span {
        let (start, end) = (floor_char(&self.text, range.start), ceil_char(&self.text, range.end));
        Span::new(self.original(start), self.original(end))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_inside_a_character_grows_to_all_of_it() {
        assert_eq!(Patched::new("a\u{602}b", 2).original_span(2..2), Span::new(3, 5));
        assert_eq!(Patched::new("ab", 2).original_span(7..9), Span::new(4, 4));
    }

    #[test]
    fn offsets_lead_back_through_every_layer() {
        let file = "----a\r\nbb\r\ncc";
        let patched = Patched::new(&file[4..], 4);
        assert_eq!(patched.text, "a\nbb\ncc");
        let patched = patched.edit(&[Edit { span: Span::new(2, 4), text: "<mark>".into() }]);
        assert_eq!(patched.text, "a\n<mark>\ncc");
        assert_eq!(patched.original(0), 4);
        assert_eq!(patched.original(5), file.find("bb").expect("present"));
        assert_eq!(patched.original(patched.text.find("cc").expect("present")), file.find("cc").expect("present"));
        assert_eq!(patched.original(999), file.len());
    }

    proptest! {
        #[test]
        fn what_no_edit_touched_keeps_its_place(text in "[ab\r\n]{0,30}", cuts in proptest::collection::vec((0usize..30, 0usize..3), 0..4)) {
            let patched = Patched::new(&text, 7);
            let mut edits: Vec<Edit> = Vec::new();
            let mut cuts = cuts;
            cuts.sort_unstable();
            for (start, length) in cuts {
                let end = start + length;
                let free = edits.last().is_none_or(|last: &Edit| last.span.end < start);
                if free && end <= patched.text.len() {
                    edits.push(Edit { span: Span::new(start, end), text: "XYZ".into() });
                }
            }
            let edited = patched.edit(&edits);
            for (at, byte) in edited.text.bytes().enumerate().filter(|(_, byte)| b"ab".contains(byte)) {
                prop_assert_eq!(text.as_bytes()[edited.original(at) - 7], byte);
            }
        }
    }
}
