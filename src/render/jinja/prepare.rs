//! A body is made ready for minijinja: marker lines become marks, text of other engines becomes literal.

use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;

use crate::base::{Edit, Span};
use crate::model::Template;

use super::super::event::{Mark, Marks, Origin};
use super::super::marker::heading;
use super::super::patch::Patched;
use super::super::request::{Body, Markers};

pub fn syntax(template: &Template) -> SyntaxConfig {
    SyntaxConfig::builder()
        .keep_trailing_newline(true)
        .trim_blocks(template.trim_blocks)
        .lstrip_blocks(template.lstrip_blocks)
        .build()
        .expect("the default delimiters differ from each other")
}

/// The literal texts of a template, with their offsets. Stops where the template cannot be read.
pub fn literals<'a>(text: &'a str, syntax: &SyntaxConfig) -> Vec<(usize, &'a str)> {
    let tokens = tokenize(text, false, syntax.clone()).map_while(Result::ok);
    let literal = |token| match token {
        Token::TemplateData(data) => Some((offset(text, data), data)),
        _ => None,
    };
    tokens.filter_map(|(token, _)| literal(token)).collect()
}

/// Where a slice of a text starts in it.
fn offset(text: &str, slice: &str) -> usize {
    (slice.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

/// Whole lines of literal text, each with its offset. A line counts as whole when nothing else stands on it.
pub fn lines<'a>(text: &'a str, syntax: &SyntaxConfig) -> Vec<(usize, &'a str)> {
    let mut lines = Vec::new();
    for (start, data) in literals(text, syntax) {
        let mut at = start;
        for line in data.split_inclusive('\n') {
            let (bare, end) = (line.trim_end_matches('\n'), at + line.len());
            let first = at == 0 || text.as_bytes()[at - 1] == b'\n';
            let last = line.ends_with('\n')
                || text[end..].trim_start_matches([' ', '\t']).chars().next().is_none_or(|c| c == '\n');
            if first && last {
                lines.push((at, bare));
            }
            at = end;
        }
    }
    lines
}

/// Put marks in the place of marker lines.
pub fn mark(patched: Patched, syntax: &SyntaxConfig, markers: Markers, marks: &Marks) -> Patched {
    let edit = |(at, line): (usize, &str)| {
        let heading = heading(line, markers)?;
        Some(Edit { span: Span::new(at, at + line.len()), text: marks.add(Mark::Start(heading)) })
    };
    let edits: Vec<Edit> = lines(&patched.text, syntax).into_iter().filter_map(edit).collect();
    patched.edit(&edits)
}

/// Keep a text from being a template.
pub fn literal(patched: Patched) -> Patched {
    let brace = |(at, _): (usize, &str)| Edit { span: Span::new(at, at + 1), text: "{{ '{' }}".into() };
    let opens = |at: &usize| patched.text[at + 1..].starts_with(['{', '%', '#']);
    let edits: Vec<Edit> = patched.text.match_indices('{').filter(|(at, _)| opens(at)).map(brace).collect();
    patched.edit(&edits)
}

/// Let the template fill the blocks of another.
pub fn extend(patched: Patched, base: Option<&str>) -> Patched {
    let edit = |base: &str| Edit { span: Span::at(0), text: format!("{{% extends {base:?} %}}") };
    patched.edit(&base.map(edit).into_iter().collect::<Vec<_>>())
}

/// Note before each literal text and each expression where it stands, outside of what is captured and not yet output.
pub fn trace(patched: Patched, body: Body<'_>, syntax: &SyntaxConfig, marks: &Marks) -> Patched {
    let mut tracer = Tracer { patched: &patched, body, marks, edits: Vec::new(), captured: 0, end: 0, filled: true };
    tracer.run(syntax);
    let edits = tracer.edits;
    patched.edit(&edits)
}

struct Tracer<'a> {
    patched: &'a Patched,
    body: Body<'a>,
    marks: &'a Marks,
    edits: Vec<Edit>,
    /// How many blocks are open whose output goes into a variable or a filter.
    captured: usize,
    /// The end of the last token.
    end: usize,
    /// Whether the last token was literal text.
    filled: bool,
}

impl Tracer<'_> {
    fn run(&mut self, syntax: &SyntaxConfig) {
        let text = self.patched.text.as_str();
        let tokens: Vec<_> = tokenize(text, false, syntax.clone()).map_while(Result::ok).collect();
        let mut expression = 0;
        for (at, (token, span)) in tokens.iter().enumerate() {
            let (start, end) = (span.start_offset as usize, span.end_offset as usize);
            match token {
                Token::TemplateData(data) if !data.is_empty() => {
                    let start = offset(text, data);
                    self.note(start, Some((start, start + data.len(), false)));
                    (self.end, self.filled) = (start + data.len(), true);
                    continue;
                }
                Token::VariableStart => {
                    expression = start;
                    let close = tokens[at..].iter().find(|(token, _)| matches!(token, Token::VariableEnd));
                    let close = close.map_or(end, |(_, span)| span.end_offset as usize);
                    self.note(self.slot(start), Some((start, close, true)));
                }
                Token::VariableEnd => {
                    let next = tokens.get(at + 1).map(|(token, span)| (token, span.start_offset as usize));
                    if let Some((Token::BlockStart, next)) = next {
                        (self.end, self.filled) = (end, false);
                        self.note(self.slot(next), None);
                    }
                }
                Token::BlockStart => self.block(tokens[at + 1..].iter().map(|(token, _)| token)),
                _ => {}
            }
            (self.end, self.filled) = (end.max(expression), false);
        }
    }

    /// Where a mark can stand before a tag without keeping the tag from trimming the blanks before it.
    fn slot(&self, tag: usize) -> usize {
        let trims = self.patched.text.as_bytes().get(tag + 2) == Some(&b'-');
        if self.filled || trims { self.end } else { tag }
    }

    fn note(&mut self, at: usize, origin: Option<(usize, usize, bool)>) {
        if self.captured > 0 || self.edits.last().is_some_and(|last| last.span.start > at) {
            return;
        }
        let origin = origin.map(|(start, end, computed)| Origin {
            place: self.body.place(self.patched.original_span(start..end)),
            computed,
        });
        self.edits.push(Edit { span: Span::at(at), text: self.marks.add(Mark::From(origin)) });
    }

    fn block<'t>(&mut self, mut tokens: impl Iterator<Item = &'t Token<'t>>) {
        match tokens.next() {
            Some(Token::Ident("macro" | "call" | "filter")) => self.captured += 1,
            Some(Token::Ident("endmacro" | "endcall" | "endfilter" | "endset")) => {
                self.captured = self.captured.saturating_sub(1);
            }
            Some(Token::Ident("set")) => {
                let inside = tokens.take_while(|token| !matches!(token, Token::BlockEnd));
                let inline = inside.into_iter().any(|token| matches!(token, Token::Assign));
                self.captured += usize::from(!inline);
            }
            _ => {}
        }
    }
}
