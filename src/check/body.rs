//! The body line by line, as the rules about messages see it.

use crate::base::Span;
use crate::format::fields::ROLES;

use super::file::File;

#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub text: &'a str,
    /// Of the text, in the file.
    pub span: Span,
    /// Starts outside of template tags, so the author wrote it as it is.
    pub literal: bool,
    /// Inside a Markdown code block.
    pub fenced: bool,
}

/// Whether this file's messages start at lines that are exactly `user:`. Some formats are more liberal.
pub fn has_line_markers(file: &File<'_>) -> bool {
    let marked = file.prompt().template.messages.as_deref().is_none_or(|messages| messages == "lines");
    marked && !file.parsed.document.dialect.has_loose_roles()
}

pub fn lines(body: &str, offset: usize) -> impl Iterator<Item = Line<'_>> {
    let mut at = offset;
    let mut inside: Option<&'static str> = None;
    let mut fenced = false;
    body.split_inclusive('\n').map(move |raw| {
        let text = raw.trim_end_matches(['\n', '\r']);
        let span = Span::new(at, at + text.len());
        at += raw.len();
        let literal = inside.is_none();
        let fence = text.trim_start().starts_with("```");
        let line = Line { text, span, literal, fenced: fenced || fence };
        fenced ^= fence;
        inside = after(inside, text);
        line
    })
}

/// In which kind of tag a line ends, named by what closes it.
fn after(mut inside: Option<&'static str>, mut text: &str) -> Option<&'static str> {
    if inside.is_none() && !text.as_bytes().contains(&b'{') {
        return None;
    }
    const TAGS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
    loop {
        let next = match inside {
            Some(close) => text.find(close).map(|at| (at, None)),
            None => TAGS.iter().filter_map(|&(open, close)| Some((text.find(open)?, Some(close)))).min(),
        };
        let Some((at, state)) = next else { return inside };
        text = &text[at + 2..];
        inside = state;
    }
}

/// The role of a message marker: exactly `user:` or `user[name=value]:`, blanks may follow.
pub fn marker(line: &str) -> Option<&'static str> {
    let (word, attributes) = match line.trim_end_matches([' ', '\t']).strip_suffix(':')?.split_once('[') {
        Some((word, attributes)) => (word, attributes.strip_suffix(']')?),
        None => (line.split(':').next().unwrap_or(""), ""),
    };
    let role = ROLES.iter().find(|role| **role == word)?;
    let bare = line.trim_end_matches([' ', '\t']).len() == role.len() + 1;
    (bare || !attributes.is_empty()).then_some(role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_exact() {
        assert_eq!(marker("user:"), Some("user"));
        assert_eq!(marker("tool[name=x]: \t"), Some("tool"));
        for line in ["user", "User:", " user:", "user: x", "user::", "user[]:", "model:"] {
            assert_eq!(marker(line), None, "{line:?}");
        }
    }

    #[test]
    fn lines_inside_tags_and_code_are_marked() {
        let text = "a\n{% if x\nuser:\n%}\n```\nUser:\n```\n{# {{ #} user:\nb";
        let shown: Vec<_> = lines(text, 0).map(|line| (line.text, line.literal, line.fenced)).collect();
        assert_eq!(shown[2], ("user:", false, false));
        assert_eq!(shown[5], ("User:", true, true));
        assert_eq!(shown[8], ("b", true, false));
    }
}
