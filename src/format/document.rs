//! A file split into front matter and body, every byte accounted for.

use crate::base::text::{BOM, Ending};
use crate::base::{Finding, Place, Span};

use super::Dialect;
use super::dialect::Split;
use super::yaml::Tree;

/// Larger files are refused: a prompt of megabytes is a mistake.
pub const MAX_FILE: usize = 4 << 20;
/// Larger front matters are refused.
pub const MAX_FRONT: usize = 256 << 10;

/// Where the parts of a file stand.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub dialect: Dialect,
    /// The YAML between the fences, without them.
    pub front: Option<Span>,
    /// Everything after the closing fence's line.
    pub body: Span,
    pub ending: Ending,
    pub bom: bool,
}

impl<'a> Document<'a> {
    /// Split a file. Fails only on what no editor shows as text: NUL, bytes that are not UTF-8, sheer size.
    pub fn split(path: &'a str, bytes: &'a [u8], dialect: Dialect) -> Result<Self, Box<Finding>> {
        let text = readable(path, bytes)?;
        let bom = text.starts_with(BOM);
        let start = if bom { BOM.len_utf8() } else { 0 };
        let dialect = dialect.refined(text);
        let ending = Ending::of(text);
        let whole = Document { path, text, dialect, front: None, body: Span::new(start, text.len()), ending, bom };
        let opening = match dialect.spec().split {
            Split::Body => return Ok(whole),
            Split::Yaml => {
                let front = Some(Span::new(start, text.len()));
                return Ok(Document { front, body: Span::at(text.len()), ..whole });
            }
            Split::Fences => start,
            Split::FencesAfterComments => start + preamble(&text[start..]),
        };
        match fences(&text[opening..]) {
            Fences::None => Ok(whole),
            Fences::Open => Err(Box::new(unclosed(path, text, opening))),
            Fences::Closed { front, body } => {
                let front = Span::new(opening + front.start, opening + front.end);
                if front.end - front.start > MAX_FRONT {
                    let message = format!("the front matter is larger than {} KiB", MAX_FRONT >> 10);
                    let place = Place::in_text(path, text, Span::at(front.start));
                    return Err(Box::new(Finding::error("too-large", place, message)));
                }
                Ok(Document { front: Some(front), body: Span::new(opening + body, text.len()), ..whole })
            }
        }
    }

    pub fn front_text(&self) -> &'a str {
        self.front.map_or("", |span| &self.text[span.range()])
    }

    /// The front matter read as YAML.
    pub fn tree(&self) -> Tree {
        match self.front {
            Some(span) => self.dialect.read(self.front_text(), span.start),
            None => Tree::default(),
        }
    }

    pub fn body_text(&self) -> &'a str {
        &self.text[self.body.range()]
    }
}

fn readable<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Box<Finding>> {
    if bytes.len() > MAX_FILE {
        let message = format!("the file is larger than {} MiB", MAX_FILE >> 20);
        return Err(Box::new(Finding::error("too-large", Place::file(path), message)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
        let place = Place::in_text(path, &good, Span::at(good.len()));
        let finding =
            Finding::error("encoding", place, format!("the byte at offset {} is not UTF-8", error.valid_up_to()));
        Box::new(finding.hint("save the file as UTF-8"))
    })?;
    match memchr::memchr(0, bytes) {
        Some(at) => {
            let place = Place::in_text(path, text, Span::new(at, at + 1));
            Err(Box::new(Finding::error("encoding", place, "a NUL character stands here").hint("remove it")))
        }
        None => Ok(text),
    }
}

enum Fences {
    None,
    Open,
    Closed { front: std::ops::Range<usize>, body: usize },
}

/// The length of the comments and empty lines before the opening fence; formats that allow them put licences there.
fn preamble(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.trim().is_empty() || line.starts_with('#')).map(str::len).sum()
}

/// The opening fence is the first line, exactly `---`; the closing one is the next line that is exactly `---`.
/// Blanks at the end of either are tolerated, because editors leave them.
fn fences(text: &str) -> Fences {
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| is_fence(line)) else { return Fences::None };
    let mut at = first.len();
    for line in lines {
        if is_fence(line) {
            return Fences::Closed { front: first.len()..at, body: at + line.len() };
        }
        at += line.len();
    }
    Fences::Open
}

/// Whether a text begins as a front matter does.
pub(super) fn opens_front(text: &str) -> bool {
    text.split_inclusive('\n').next().is_some_and(is_fence)
}

fn is_fence(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.trim_matches([' ', '\t', '\r', '\n']).is_empty())
}

fn unclosed(path: &str, text: &str, start: usize) -> Finding {
    let place = Place::in_text(path, text, Span::new(start, start + 3));
    Finding::error("front-matter", place, "the front matter is opened here and never closed")
        .hint("end it with a line that is exactly `---`")
        .hint("if the file has no front matter, put an empty one before it: two lines of `---`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, String) {
        let document = Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits");
        (document.front.map(|_| document.front_text().to_owned()), document.body_text().to_owned())
    }

    #[test]
    fn splits_at_lines_that_are_exactly_fences() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("---\na: b---c\n---\nbody\n---\n"), (some("a: b---c\n"), "body\n---\n".into()));
        assert_eq!(parts("\u{feff}---\r\na: 1\r\n--- \r\nbody"), (some("a: 1\r\n"), "body".into()));
        assert_eq!(parts("---\n---\nbody"), (some(""), "body".into()));
        assert_eq!(parts("---\na: 1\n---"), (some("a: 1\n"), String::new()));
        assert_eq!(parts("no fence\n---\n"), (None, "no fence\n---\n".into()));
        assert_eq!(parts("--- # x\n"), (None, "--- # x\n".into()));
        assert_eq!(parts(""), (None, String::new()));
    }

    #[test]
    fn says_where_a_file_cannot_be_read() {
        let problem = |bytes: &[u8]| {
            let finding = Document::split("x.md", bytes, Dialect::Native).expect_err("refused");
            format!("{} {}:{}", finding.rule, finding.place.line, finding.place.column)
        };
        assert_eq!(problem(b"a\nb\xff"), "encoding 2:2");
        assert_eq!(problem(b"ab\n\0"), "encoding 2:1");
        assert_eq!(problem(b"---\na: 1\n"), "front-matter 1:1");
        assert_eq!(problem(&vec![b'a'; MAX_FILE + 1]), "too-large 0:0");
    }
}
