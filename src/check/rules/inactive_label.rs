//! Labels on versions that are switched off.

use crate::base::{Finding, Severity};

use crate::check::labels::Labels;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "inactive-label",
    doc: "A label stands on a version that is switched off.",
    why: "Whoever asks for `x@production` is refused until the label is moved: what is switched off serves nobody, and \
          nothing else is served in its place.",
    severity: Severity::Error,
    fix: false,
    how: How::Labels(check),
};

fn check(labels: &Labels<'_>, out: &mut Vec<Finding>) {
    for entry in labels.entries() {
        let Some(label) = &entry.label else { continue };
        let is_off = |other: &&crate::format::labels::Entry| {
            other.label.is_none() && other.id == entry.id && other.pin == entry.pin
        };
        let Some(off) = labels.entries().iter().find(is_off) else { continue };
        let name = labels.name(entry);
        let message = format!("`{label}` stands on version {} of {name}, which is switched off", entry.pin.version);
        let finding = labels.finding(RULE.name, entry.span, message);
        let finding = finding.related(labels.file.place(off.span), "switched off here");
        out.push(finding.hint(format!("put it on another: palc label move {label} {name}@…")));
    }
}
