//! Labels of prompts that are not there.

use crate::base::near::is_slip;
use crate::base::{Finding, Severity};

use crate::check::labels::Labels;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "lost-label",
    doc: "`labels.yaml` speaks of an id that no prompt has.",
    why: "The prompt was deleted, or its id was changed by hand; nobody finds it by this label any more. Restore the \
          prompt, or take the labels away with `palc label remove`.",
    severity: Severity::Warning,
    fix: false,
    how: How::Labels(check),
};

fn check(labels: &Labels<'_>, out: &mut Vec<Finding>) {
    let mut told = Vec::new();
    for entry in labels.entries().iter().filter(|entry| !labels.names.contains_key(&entry.id)) {
        if told.contains(&entry.id_span) {
            continue;
        }
        told.push(entry.id_span);
        let near = labels.names.iter().find(|(id, _)| is_slip(&entry.id, id));
        let hint = near.map(|(id, name)| format!("did you mean `{id}`, the id of {name}?"));
        let finding = labels.finding(RULE.name, entry.id_span, format!("no prompt has the id `{}`", entry.id));
        out.push(finding.hint_if(hint));
    }
}
