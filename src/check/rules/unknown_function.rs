//! A function that templates do not have.

use crate::base::Severity;

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

use super::template_syntax::{KNOWN, unknown};

pub const RULE: Rule = Rule {
    name: "unknown-function",
    doc: "The template uses a function that does not exist.",
    why: "Rendering fails there, as `{{ range(3) }}` would with a slip in the name of the function. Macros of the template itself are known.",
    severity: Severity::Error,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    if let Some(uses) = file.uses {
        out.extend(uses.functions.iter().filter_map(|used| unknown(RULE.name, "function", used, &KNOWN.functions)));
    }
}
