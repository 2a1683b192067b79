//! Settings about a rule that does not exist.

use crate::base::near::did_you_mean;
use crate::base::{Finding, Place, Severity};

use crate::check::registry::{self, RULES};
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "unknown-rule",
    doc: "`checks.severity` or `checks.ignore` names a rule that does not exist.",
    why: "The setting has no effect, and whoever wrote it believes that it has.",
    severity: Severity::Warning,
    fix: false,
    how: How::Settings,
};

pub fn finding(rule: &str, place: &Place) -> Option<Finding> {
    if rule == "*" || registry::find(rule).is_some() {
        return None;
    }
    let message = format!("there is no rule `{rule}`, so this setting has no effect");
    let near = did_you_mean(rule, RULES.iter().map(|rule| rule.name));
    Some(Finding::warning(RULE.name, place.clone(), message).hint_if(near))
}
