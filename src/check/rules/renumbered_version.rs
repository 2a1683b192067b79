//! Pins whose number is not that of their content.

use crate::base::{Finding, Severity};

use crate::check::labels::Labels;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "renumbered-version",
    doc: "`labels.yaml` pins a content that has another version number on this branch.",
    why: "History was rewritten, or the label comes from another branch. The content is what counts, so the label still \
          means what it meant, but the number beside it misleads its readers.",
    severity: Severity::Warning,
    fix: false,
    how: How::Labels(check),
};

fn check(labels: &Labels<'_>, out: &mut Vec<Finding>) {
    for entry in labels.entries() {
        let number = labels.blobs(entry).and_then(|blobs| entry.pin.place(&blobs));
        let Some(number) = number.filter(|&number| number != entry.pin.version) else { continue };
        let name = labels.name(entry);
        let message = format!("this content is version {number} of {name}, and not {}", entry.pin.version);
        let finding = labels.finding(RULE.name, entry.version_span, message);
        out.push(finding.hint(match &entry.label {
            Some(label) => format!("bring it in step: palc label move {label} {name}@{number}"),
            None => format!("write {number}"),
        }));
    }
}
