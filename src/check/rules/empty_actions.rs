//! An empty list of allowed actions.

use crate::base::Severity;
use crate::format::yaml::Data;

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "empty-actions",
    doc: "`allowed_actions` is an empty list, which allows no action.",
    why: "Other systems read an empty list as \"everything is allowed\"; palc reads it as \"nothing is\". Say which one is \
          meant: `[none]` or `[all]`.",
    severity: Severity::Note,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    let Some(actions) = file.root().and_then(|root| root.get("allowed_actions")) else { return };
    if matches!(&actions.data, Data::List(items) if items.is_empty()) {
        let hit = Hit::at(RULE.name, actions.span, "the list of allowed actions is empty, so no action is allowed");
        out.push(hit.hint("write `[none]` if that is meant, or `[all]` to allow every action"));
    }
}
