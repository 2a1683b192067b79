//! A test that templates do not have.

use crate::base::Severity;

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

use super::template_syntax::{KNOWN, unknown};

pub const RULE: Rule = Rule {
    name: "unknown-test",
    doc: "The template uses a test that does not exist.",
    why: "Rendering fails there, as `{% if name is odd %}` would with a slip in the name of the test.",
    severity: Severity::Error,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    if let Some(uses) = file.uses {
        out.extend(uses.tests.iter().filter_map(|used| unknown(RULE.name, "test", used, &KNOWN.tests)));
    }
}
