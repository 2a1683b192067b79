//! Text as files hold it: lines, columns, line endings, and edits that leave the rest alone.

use super::diag::{Edit, Span};
use super::error::{Error, Result};

pub const BOM: char = '\u{feff}';

/// Where each line of a text starts, for turning offsets into line and column.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1));
        Lines { text, starts }
    }

    /// Line and column from 1; the column counts characters. An offset past the end means the end.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let offset = floor_char(self.text, offset);
        let line = self.starts.partition_point(|&start| start <= offset);
        let before = &self.text[self.starts[line - 1]..offset];
        let column = before.trim_start_matches(BOM).chars().count() + 1;
        (line as u32, column as u32)
    }

    /// The line without its ending, counted from 1.
    pub fn line(&self, number: u32) -> &'a str {
        let Some(&start) = number.checked_sub(1).and_then(|index| self.starts.get(index as usize)) else {
            return "";
        };
        let end = self.starts.get(number as usize).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r']).trim_start_matches(BOM)
    }

    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The offset of the first byte of a line counted from 1.
    pub fn start(&self, number: u32) -> usize {
        self.starts.get(number.saturating_sub(1) as usize).copied().unwrap_or(self.text.len())
    }
}

/// The nearest character boundary at or before the offset.
pub fn floor_char(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The nearest character boundary at or after the offset.
pub fn ceil_char(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset += 1;
    }
    offset
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    #[default]
    Lf,
    CrLf,
}

impl Ending {
    /// The ending that the text's first line uses.
    pub fn of(text: &str) -> Self {
        match text.find('\n') {
            Some(at) if text[..at].ends_with('\r') => Ending::CrLf,
            _ => Ending::Lf,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Ending::Lf => "\n",
            Ending::CrLf => "\r\n",
        }
    }
}

/// Apply edits that do not overlap. They may come in any order.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let Span { start, end } = edit.span;
        if start < at || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            return Err(Error::bug(format!("edits overlap at byte {start}")));
        }
        out.push_str(&text[at..start]);
        out.push_str(&edit.text);
        at = end;
    }
    out.push_str(&text[at..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_skip_the_bom() {
        let text = "\u{feff}ab\nzwö\r\nx";
        let lines = Lines::new(text);
        assert_eq!(lines.position(3), (1, 1));
        assert_eq!(lines.position(text.find('ö').expect("present")), (2, 3));
        assert_eq!(lines.position(999), (3, 2));
        assert_eq!(lines.line(2), "zwö");
        assert_eq!(lines.line(9), "");
    }

    #[test]
    fn edits_apply_in_any_order_and_refuse_to_overlap() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.into() };
        assert_eq!(apply("abcdef", &[edit(4, 5, "E"), edit(0, 1, "AA")]).expect("applies"), "AAbcdEf");
        assert!(apply("abcdef", &[edit(0, 3, ""), edit(2, 4, "")]).is_err());
    }
}
