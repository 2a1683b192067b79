//! Versions that are switched off twice.

use std::collections::HashMap;

use crate::base::{Finding, Severity};

use crate::check::labels::Labels;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "twice-inactive",
    doc: "A version stands twice among those that are switched off.",
    why: "It comes of merging two branches that both switched it off. One line is enough; a second one is easily \
          forgotten when the version is to serve again.",
    severity: Severity::Warning,
    fix: false,
    how: How::Labels(check),
};

fn check(labels: &Labels<'_>, out: &mut Vec<Finding>) {
    let mut first = HashMap::new();
    for entry in labels.entries().iter().filter(|entry| entry.label.is_none()) {
        let before = *first.entry((&entry.id, &entry.pin)).or_insert(entry.span);
        if before != entry.span {
            let message = format!("version {} of {} is switched off twice", entry.pin.version, labels.name(entry));
            let finding = labels.finding(RULE.name, entry.span, message);
            out.push(finding.related(labels.file.place(before), "it stands here already").hint("take one of them out"));
        }
    }
}
