//! A message, or a whole prompt, without text.

use crate::base::{Severity, Span};
use crate::format::Dialect;
use crate::model::Kind;

use crate::check::body::{self, Line};
use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "empty-message",
    doc: "A message has no text, or the prompt has none at all.",
    why: "Providers refuse empty messages or answer them with surprises. Remove the marker, or write the text.",
    severity: Severity::Warning,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    let prompt = file.prompt();
    if file.body().trim().is_empty() {
        let whole = file.parsed.document.dialect == Dialect::Native && prompt.kind == Kind::Prompt;
        if whole && prompt.messages.is_empty() && prompt.extends.is_none() {
            out.push(Hit::file(RULE.name, "the prompt has no text"));
        }
        return;
    }
    if !body::has_line_markers(file) {
        return;
    }
    let mut open: Option<(Span, &str)> = None;
    for line in body::lines(file.body(), file.body_start()) {
        match (line.role(), open) {
            (Some(role), before) => {
                out.extend(before.map(empty));
                open = Some((line.span, role));
            }
            (None, Some(_)) if !line.text.trim().is_empty() => open = None,
            _ => {}
        }
    }
    out.extend(open.map(empty));
}

fn empty((span, role): (Span, &str)) -> Hit {
    Hit::at(RULE.name, span, format!("the {role} message is empty"))
}

impl<'a> Line<'a> {
    /// The role, if the line is a message marker.
    fn role(&self) -> Option<&'a str> {
        if self.literal { body::marker(self.text) } else { None }
    }
}
