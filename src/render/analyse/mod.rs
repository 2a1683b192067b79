//! What a template uses, told without rendering it: variables, filters, other files. Every span counts from the
//! first byte of the file.

pub mod closure;
pub mod walk;

use minijinja::machinery::{Token, parse, tokenize};
use minijinja::syntax::SyntaxConfig;

use crate::base::Span;
use crate::model::{Prompt, Template};

use super::handlebars::{self, Flavour};
use super::include::Library;
use super::jinja::{self, syntax};
use super::marker::{self, Heading};
use super::patch::Patched;
use super::request::{Body, Engine, Markers};

pub use closure::{Closure, Cycle, Part, closure};

/// Everything a body names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// Variables that must come from outside, each use of them.
    pub variables: Vec<Variable>,
    pub filters: Vec<Named>,
    pub tests: Vec<Named>,
    /// Functions the template calls and does not define.
    pub functions: Vec<Named>,
    pub includes: Vec<Include>,
    pub blocks: Vec<Named>,
    /// Why the template cannot be read. What stands before it may still be listed.
    pub problem: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    /// With the attributes that are read from it: `ticket.subject`.
    pub path: String,
    pub span: Span,
    /// Whether the template is prepared for it to be missing: `default()`, `is defined`, `if`.
    pub guarded: bool,
    pub in_loop: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    pub verb: Verb,
    /// The names that may be meant, in order; `None` when they are computed.
    pub names: Option<Vec<String>>,
    pub optional: bool,
    pub span: Span,
    /// Variables that the template itself gives to the included one.
    pub locals: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Include,
    Extends,
    Import,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub message: String,
    pub span: Span,
    pub hint: Option<String>,
}

/// Read a body in the language it is written in.
pub fn analyse(body: Body<'_>, engine: Engine, template: &Template) -> Uses {
    match engine {
        Engine::Jinja => of_jinja(&Patched::new(body.text(), body.span.start), template),
        Engine::Brace => super::brace::uses(body),
        Engine::Dollar => super::dollar::uses(body),
        Engine::Handlebars => handlebars::uses(body, Flavour::Handlebars),
        Engine::Mustache => handlebars::uses(body, Flavour::Mustache),
        Engine::None => Uses::default(),
    }
}

/// As [`analyse`], for Jinja whose line endings are settled.
pub fn of_jinja(patched: &Patched, template: &Template) -> Uses {
    match parse(&patched.text, "template", syntax(template)) {
        Ok(tree) => walk::walk(&tree, patched),
        Err(error) => Uses { problem: Some(syntax_problem(&error, patched)), ..Uses::default() },
    }
}

/// A line of literal text that starts a message, or looks as if it was meant to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageLine {
    pub span: Span,
    /// What it starts, if it does.
    pub heading: Option<Heading>,
    /// The line that was meant, if it does not.
    pub meant: Option<String>,
}

/// The lines of a body that start messages, and those that nearly do.
pub fn message_lines(body: Body<'_>, engine: Engine, template: &Template, markers: Markers) -> Vec<MessageLine> {
    let patched = Patched::new(body.text(), body.span.start);
    let lines = match engine {
        Engine::Jinja => jinja::lines(&patched.text, &syntax(template)),
        _ => patched
            .text
            .split_inclusive('\n')
            .scan(0, |at, line| {
                *at += line.len();
                Some((*at - line.len(), line.trim_end_matches('\n')))
            })
            .collect(),
    };
    let line = |(at, text): (usize, &str)| {
        let heading = marker::heading(text, markers);
        let meant = if heading.is_none() { marker::near_miss(text) } else { None };
        let span = patched.original_span(at..at + text.len());
        (heading.is_some() || meant.is_some()).then_some(MessageLine { span, heading, meant })
    };
    lines.into_iter().filter_map(line).collect()
}

/// Everything a prompt uses, through what it includes and in each of its messages.
pub fn survey(prompt: &Prompt, body: Body<'_>, library: &Library, depth: usize) -> Closure {
    let engine = prompt.template.engine.clone();
    let mut all = Closure::default();
    let mut add = |body: Body<'_>, base: Option<String>| {
        let root = library.start(body, engine.clone(), base);
        all.add(closure(&root, library, &prompt.template, depth));
    };
    if prompt.messages.is_empty() {
        add(body, base(prompt, body));
    }
    for (at, message) in prompt.messages.iter().enumerate() {
        let path = body.listed(at);
        add(Body::of_message(&path, message), None);
    }
    all
}

/// The base that a body builds on: what its front matter extends, if the body fills blocks or is empty. A body of
/// plain text stands for itself, and inherits only what `inherit` takes over.
pub fn base(prompt: &Prompt, body: Body<'_>) -> Option<String> {
    let base = prompt.extends.clone()?;
    let uses = analyse(body, Engine::Jinja, &prompt.template);
    let own = uses.includes.iter().any(|include| include.verb == Verb::Extends);
    let fills = !uses.blocks.is_empty() || body.text().trim().is_empty();
    (fills && !own).then_some(base)
}

/// Where a key of the front matter stands, or the start of the file if it cannot be told.
pub fn front_key(body: Body<'_>, key: &str) -> Span {
    let front = &body.file[..body.span.start];
    let wanted = format!("{key}:");
    let found = front.match_indices(&wanted).find(|(at, _)| *at == 0 || front.as_bytes()[at - 1] == b'\n');
    found.map_or(Span::default(), |(at, _)| Span::new(at, at + key.len()))
}

/// A syntax error with its place in the file.
pub fn syntax_problem(error: &minijinja::Error, patched: &Patched) -> Problem {
    let detail = error.detail().unwrap_or("this cannot be read");
    if detail.contains("end of input")
        && let Some((name, range)) = unclosed(&patched.text)
    {
        let hint = Some(format!("end it with `{{% end{name} %}}`"));
        return Problem {
            message: format!("`{name}` is opened here and never closed"),
            span: patched.original_span(range),
            hint,
        };
    }
    let hint = if detail.contains("end of comment") || detail.contains("end of raw") {
        "what was opened before is never closed"
    } else {
        "text that is no template goes between `{% raw %}` and `{% endraw %}`, or set `template: {engine: none}`"
    };
    let span = patched.original_span(error.range().unwrap_or(0..0));
    Problem { message: format!("this is not a valid template: {detail}"), span, hint: Some(hint.into()) }
}

/// The innermost block that is still open at the end.
fn unclosed(text: &str) -> Option<(&str, std::ops::Range<usize>)> {
    const BLOCKS: &[&str] = &["if", "for", "macro", "call", "filter", "with", "block", "autoescape"];
    let mut open = Vec::new();
    let mut before = None;
    for (token, span) in tokenize(text, false, SyntaxConfig::default()).map_while(Result::ok) {
        if let (Some(start), Token::Ident(word)) = (before, &token) {
            if BLOCKS.contains(word) {
                open.push((*word, start..span.end_offset as usize));
            } else if word.starts_with("end") {
                open.pop();
            }
        }
        before = matches!(token, Token::BlockStart).then_some(span.start_offset as usize);
    }
    open.pop()
}
