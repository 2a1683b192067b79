//! A template that cannot be read.

use std::sync::LazyLock;

use crate::base::Severity;
use crate::base::near::did_you_mean;
use crate::render::analyse::Named;
use crate::render::{Known, known};

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "template-syntax",
    doc: "The template cannot be read.",
    why: "Nothing can be rendered from it. Text that only looks like a template goes between `{% raw %}` and \
          `{% endraw %}`; a file without any template says `template: {engine: none}`.",
    severity: Severity::Error,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    if let Some(problem) = file.uses.and_then(|uses| uses.problem.as_ref()) {
        out.push(Hit::at(RULE.name, problem.span, &problem.message).hint_if(problem.hint.as_ref()));
    }
}

/// The names that every template may use.
pub static KNOWN: LazyLock<Known> = LazyLock::new(known);

/// A name that is not among those of its kind.
pub fn unknown(rule: &'static str, kind: &str, used: &Named, names: &[&'static str]) -> Option<Hit> {
    if names.contains(&used.name.as_str()) {
        return None;
    }
    let hit = Hit::at(rule, used.span, format!("there is no {kind} `{}`", used.name));
    Some(hit.hint_if(did_you_mean(&used.name, names.iter().copied())))
}
