//! Pins on versions that do not exist.

use crate::base::{Finding, Severity};

use crate::check::labels::Labels;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "lost-version",
    doc: "`labels.yaml` names a version that the prompt does not have on this branch.",
    why: "The content that is pinned belongs to no version: it was written by hand, comes from another branch, or \
          history was rewritten without it. The content may vanish from the repository at any time. Put the label on a \
          version that is there.",
    severity: Severity::Error,
    fix: false,
    how: How::Labels(check),
};

fn check(labels: &Labels<'_>, out: &mut Vec<Finding>) {
    for entry in labels.entries() {
        let Some(blobs) = labels.blobs(entry).filter(|blobs| entry.pin.place(blobs).is_none()) else { continue };
        let (name, version) = (labels.name(entry), entry.pin.version);
        let exists = (1..=blobs.len()).contains(&(version as usize));
        let finding = if exists {
            let message = format!("no version of {name} has this content, and that of version {version} is another");
            labels.finding(RULE.name, entry.blob_span, message)
        } else {
            let message = format!("{name} has no version {version}, and none with this content");
            labels.finding(RULE.name, entry.version_span, message)
        };
        out.push(finding.hint(match &entry.label {
            Some(label) => format!("put it on one that exists: palc label move {label} {name}@{}", blobs.len()),
            None => "take the line out".into(),
        }));
    }
}
