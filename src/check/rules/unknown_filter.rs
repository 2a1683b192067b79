//! A filter that templates do not have.

use crate::base::Severity;

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

use super::template_syntax::{KNOWN, unknown};

pub const RULE: Rule = Rule {
    name: "unknown-filter",
    doc: "The template uses a filter that does not exist.",
    why: "Rendering fails there, as `{{ name | upper }}` would with a slip in the name of the filter.",
    severity: Severity::Error,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    if let Some(uses) = file.uses {
        out.extend(uses.filters.iter().filter_map(|used| unknown(RULE.name, "filter", used, &KNOWN.filters)));
    }
}
