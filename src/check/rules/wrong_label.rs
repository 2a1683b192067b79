//! Labels that could be taken for something else.

use crate::base::{Finding, Severity};
use crate::model::labels::label_fault;

use crate::check::labels::Labels;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "wrong-label",
    doc: "A label looks like a version or a revision.",
    why: "`x@7` is a version and `x@abc123` a commit, so labels of such names would never be found, or found in their \
          place. A label begins with a letter and is a word such as `production`.",
    severity: Severity::Error,
    fix: false,
    how: How::Labels(check),
};

fn check(labels: &Labels<'_>, out: &mut Vec<Finding>) {
    for entry in labels.entries() {
        if let Some((label, fault)) = entry.label.as_ref().and_then(|label| Some((label, label_fault(label)?))) {
            out.push(labels.finding(RULE.name, entry.span, format!("`{label}` cannot be a label: {fault}")));
        }
    }
}
