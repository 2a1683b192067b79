//! Allowances without a reason, or for a rule that does not exist.

use crate::base::Severity;
use crate::base::near::did_you_mean;

use crate::check::allow::Allowance;
use crate::check::hit::Hit;
use crate::check::registry::{self, RULES};
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "wrong-allow",
    doc: "A `palc:allow` has no reason, or names a rule that does not exist.",
    why: "Such an allowance has no effect. Write `palc:allow RULE REASON`; the reason is for whoever reads it next year.",
    severity: Severity::Warning,
    fix: false,
    how: How::Allowances,
};

pub fn hit(allowance: &Allowance<'_>) -> Hit {
    let Allowance { rule, at, .. } = *allowance;
    match registry::find(rule) {
        None if rule.is_empty() => {
            Hit::at(RULE.name, at, "the allowance names no rule").hint("write `palc:allow RULE REASON`")
        }
        None => Hit::at(RULE.name, at, format!("there is no rule `{rule}` to allow"))
            .hint_if(did_you_mean(rule, RULES.iter().map(|rule| rule.name))),
        Some(known) if matches!(known.how, How::Allowances) => {
            Hit::at(RULE.name, at, format!("`{rule}` cannot be allowed"))
        }
        Some(_) => Hit::at(RULE.name, at, format!("the allowance for `{rule}` gives no reason"))
            .hint(format!("write it after the rule: `palc:allow {rule} REASON`")),
    }
}
