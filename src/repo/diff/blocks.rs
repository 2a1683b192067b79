//! A text as its author sees it: messages, headings, list items, fenced blocks, examples, paragraphs.

use crate::base::Span;
use crate::format::fields::ROLES;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A line of front matter, or of its fences.
    Front,
    /// The line that starts a message.
    Marker,
    Heading,
    Item,
    /// A fenced block with its fences.
    Fence,
    /// An example of what to answer: `<example>…</example>`, or lines of `Input:` and `Output:`.
    Example,
    Paragraph,
    Blank,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Front => "front matter",
            Kind::Marker => "message",
            Kind::Heading => "heading",
            Kind::Item => "list item",
            Kind::Fence => "fenced block",
            Kind::Example => "example",
            Kind::Paragraph => "paragraph",
            Kind::Blank => "blank lines",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub kind: Kind,
    /// In the file.
    pub span: Span,
    pub home: Home,
}

/// Where a block stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Home {
    /// The message, by its number; 0 stands before the first marker.
    pub message: usize,
    /// The message's marker without its colon; empty before the first one.
    pub role: String,
    /// The headings above, outermost first.
    pub headings: Vec<String>,
}

/// The lines of a text, each a block: front matter is compared line by line, because its values are told apart.
pub fn lines(text: &str, span: Span) -> Vec<Block> {
    let mut at = span.start;
    let line = |line: &str| {
        at += line.len();
        Block { kind: Kind::Front, span: Span::new(at - line.len(), at), home: Home::default() }
    };
    span.text(text).split_inclusive('\n').map(line).collect()
}

/// The blocks of a body. Together they are all of it.
pub fn of(text: &str, span: Span) -> Vec<Block> {
    let mut splitter = Splitter { blocks: Vec::new(), home: Home::default(), levels: Vec::new(), open: Open::None };
    let mut at = span.start;
    for line in span.text(text).split_inclusive('\n') {
        splitter.line(line, Span::new(at, at + line.len()));
        at += line.len();
    }
    splitter.blocks
}

/// What the last block still takes in.
enum Open {
    None,
    /// Until a line that closes the fence: its character and how many.
    Fence(char, usize),
    /// Until this closing tag.
    Tag(String),
    /// Until a blank line or a line of another kind.
    Text,
    /// Lines indented deeper than this.
    Item(usize),
}

struct Splitter {
    blocks: Vec<Block>,
    home: Home,
    /// The levels of the headings above.
    levels: Vec<usize>,
    open: Open,
}

impl Splitter {
    fn line(&mut self, line: &str, span: Span) {
        let text = line.trim_end_matches(['\n', '\r']);
        if let Some(role) = marker(text) {
            self.home = Home { message: self.home.message + 1, role: role.to_owned(), headings: Vec::new() };
            self.levels.clear();
            return self.start(Kind::Marker, span, Open::None);
        }
        match &self.open {
            Open::Fence(mark, count) => {
                let closes = closes_fence(text, *mark, *count);
                self.extend(span);
                if closes {
                    self.open = Open::None;
                }
                return;
            }
            Open::Tag(tag) => {
                let closes = text.contains(tag.as_str());
                self.extend(span);
                if closes {
                    self.open = Open::None;
                }
                return;
            }
            Open::Text | Open::Item(_) | Open::None => {}
        }
        self.free(text, span);
    }

    /// A line that is not inside a fence or a tag.
    fn free(&mut self, text: &str, span: Span) {
        let indent = text.len() - text.trim_start().len();
        let bare = &text[indent..];
        if bare.is_empty() {
            if self.blocks.last().is_some_and(|last| last.kind == Kind::Blank) {
                return self.extend(span);
            }
            return self.start(Kind::Blank, span, Open::None);
        }
        if let Some(level) = heading(bare) {
            while self.levels.last().is_some_and(|last| *last >= level) {
                self.levels.pop();
                self.home.headings.pop();
            }
            self.start(Kind::Heading, span, Open::None);
            self.levels.push(level);
            return self.home.headings.push(bare[level..].trim().trim_end_matches('#').trim_end().to_owned());
        }
        if let Some((mark, count)) = opens_fence(bare) {
            return self.start(Kind::Fence, span, Open::Fence(mark, count));
        }
        if let Some(tag) = example_tag(bare) {
            let open = if bare.contains(tag.as_str()) { Open::None } else { Open::Tag(tag) };
            return self.start(Kind::Example, span, open);
        }
        if is_item(bare) {
            return self.start(Kind::Item, span, Open::Item(indent));
        }
        match self.open {
            Open::Item(outer) if indent > outer => self.extend(span),
            Open::Text => self.extend(span),
            _ => {
                let kind = if is_example(bare) { Kind::Example } else { Kind::Paragraph };
                self.start(kind, span, Open::Text);
            }
        }
    }

    fn start(&mut self, kind: Kind, span: Span, open: Open) {
        self.blocks.push(Block { kind, span, home: self.home.clone() });
        self.open = open;
    }

    fn extend(&mut self, span: Span) {
        if let Some(last) = self.blocks.last_mut() {
            last.span.end = span.end;
        }
    }
}

/// The role and attributes of a line that starts a message.
fn marker(line: &str) -> Option<&str> {
    let line = line.trim_end_matches([' ', '\t']).strip_suffix(':')?;
    let role = line.split('[').next().unwrap_or(line);
    (ROLES.contains(&role) && (role.len() == line.len() || line.ends_with(']'))).then_some(line)
}

fn heading(text: &str) -> Option<usize> {
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    ((1..=6).contains(&level) && text[level..].starts_with([' ', '\t'])).then_some(level)
}

fn opens_fence(text: &str) -> Option<(char, usize)> {
    let mark = text.chars().next().filter(|c| ['`', '~'].contains(c))?;
    let count = text.chars().take_while(|c| *c == mark).count();
    // One that is closed in its own line is code within a sentence.
    (count >= 3 && !(mark == '`' && text[count..].contains('`'))).then_some((mark, count))
}

fn closes_fence(text: &str, mark: char, count: usize) -> bool {
    let text = text.trim();
    text.chars().count() >= count && text.chars().all(|c| c == mark)
}

/// The tag that ends an example which begins here.
fn example_tag(text: &str) -> Option<String> {
    let name = text.strip_prefix('<')?.split(['>', ' ']).next()?;
    let example = ["example", "examples", "sample", "shot"].contains(&name.to_ascii_lowercase().as_str());
    example.then(|| format!("</{name}>"))
}

fn is_item(text: &str) -> bool {
    let bullet = text.strip_prefix(['-', '*', '+']).is_some_and(|rest| rest.starts_with([' ', '\t']));
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = (1..=9).contains(&digits)
        && text[digits..].strip_prefix(['.', ')']).is_some_and(|rest| rest.starts_with([' ', '\t']));
    bullet || number
}

/// Whether a paragraph begins as examples do.
fn is_example(text: &str) -> bool {
    const WORDS: [&str; 6] = ["example", "input", "q", "question", "human", "sample"];
    let Some((word, _)) = text.split_once(':') else { return false };
    let word = word.trim_matches(['*', '_', ' ']).to_ascii_lowercase();
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '#');
    WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let blocks = of(text, Span::new(0, text.len()));
        assert_eq!(blocks.iter().map(|block| block.span.text(text)).collect::<String>(), text);
        let line = |block: &Block| {
            let home = [std::slice::from_ref(&block.home.role), &block.home.headings].concat().join(">");
            format!("{} {:?} {home}", block.kind.word(), block.span.text(text))
        };
        blocks.iter().filter(|block| block.kind != Kind::Blank).map(line).collect()
    }

    #[test]
    fn a_body_is_told_apart_as_its_author_sees_it() {
        assert_eq!(
            told(
                "Hi\nthere\n\nuser[name=x]:\n# Rules\n## Tone\n- be kind\n  always\n1. short\n```py\n# no\n\n```\n# End\nx"
            ),
            [
                "paragraph \"Hi\\nthere\\n\" ",
                "message \"user[name=x]:\\n\" user[name=x]",
                "heading \"# Rules\\n\" user[name=x]",
                "heading \"## Tone\\n\" user[name=x]>Rules",
                "list item \"- be kind\\n  always\\n\" user[name=x]>Rules>Tone",
                "list item \"1. short\\n\" user[name=x]>Rules>Tone",
                "fenced block \"```py\\n# no\\n\\n```\\n\" user[name=x]>Rules>Tone",
                "heading \"# End\\n\" user[name=x]",
                "paragraph \"x\" user[name=x]>End",
            ]
        );
        assert_eq!(
            told("<example>\na\n\nb\n</example>\nInput: 1\nOutput: 2\n\nuser: hi\n"),
            [
                "example \"<example>\\na\\n\\nb\\n</example>\\n\" ",
                "example \"Input: 1\\nOutput: 2\\n\" ",
                "paragraph \"user: hi\\n\" ",
            ]
        );
    }
}
