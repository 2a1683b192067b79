//! What collides only between branches. `palc check --history` compares them; each branch by itself is in order.

use crate::base::Severity;

use crate::check::rule::{How, Rule};

const fn rule(name: &'static str, severity: Severity, doc: &'static str, why: &'static str) -> Rule {
    Rule { name, doc, why, severity, fix: false, how: How::Branches }
}

pub const SPLIT_ID: Rule = rule(
    "split-id",
    Severity::Error,
    "Two branches have given the same id to different prompts.",
    "An id is what labels, results and feedback refer to. After a merge, they would speak of two prompts at once. It \
     happens when a file is copied by hand before a branch begins. Let one of the two have an id of its own.",
);

pub const SPLIT_LABEL: Rule = rule(
    "split-label",
    Severity::Warning,
    "Two branches have moved the same label of a prompt to different contents.",
    "Merging them stops with a conflict in `labels.yaml`, and whoever settles it decides what serves. That is better \
     decided before.",
);

pub const SPLIT_VERSION: Rule = rule(
    "split-version",
    Severity::Warning,
    "`labels.yaml` gives the same version number to different contents on two branches.",
    "Each branch counts its versions by itself. After a merge, one of the contents has another number; labels still mean \
     the content that they name, but the number beside it misleads. Once merged, `palc check` names the right one.",
);

pub const SPLIT_SCOPE: Rule = rule(
    "split-scope",
    Severity::Warning,
    "Two branches have each let another prompt serve the same type and phase.",
    "After a merge, only the newer one is selected. Give one of them another phase, or switch it off.",
);

pub const RULES: [&Rule; 4] = [&SPLIT_ID, &SPLIT_LABEL, &SPLIT_SCOPE, &SPLIT_VERSION];
