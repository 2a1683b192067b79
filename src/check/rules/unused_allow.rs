//! Allowances that allow nothing any more.

use crate::base::Severity;

use crate::check::allow::Allowance;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "unused-allow",
    doc: "A `palc:allow` stands where its rule finds nothing.",
    why: "What it allowed is gone, or it stands at the wrong place: it covers its own line and the next. Remove it, \
          so that it does not hide what comes there later.",
    severity: Severity::Warning,
    fix: false,
    how: How::Allowances,
};

pub fn hit(allowance: &Allowance<'_>) -> Hit {
    let message = format!("nothing here needs the allowance for `{}`", allowance.rule);
    Hit::at(RULE.name, allowance.at, message).hint("remove it; it covers its own line and the next")
}
