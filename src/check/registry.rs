//! Every rule, in the order of the reference.

use std::sync::LazyLock;

use crate::base::near::did_you_mean;
use crate::base::{Error, Result};

use super::rule::Rule;
use super::rules::*;

pub static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let alone = [
        &broken_include::RULE,
        &broken_reference::RULE,
        &custom_field::RULE,
        &cyclic_include::RULE,
        &duplicate_body::RULE,
        &duplicate_id::RULE,
        &dynamic_include::RULE,
        &empty_actions::RULE,
        &empty_message::RULE,
        &hidden_text::RULE,
        &inactive_label::RULE,
        &literal_secret::RULE,
        &lost_label::RULE,
        &lost_parent::RULE,
        &lost_version::RULE,
        &name_clash::RULE,
        &near_marker::RULE,
        &renumbered_version::RULE,
        &retyped_scalar::RULE,
        &template_syntax::RULE,
        &twice_inactive::RULE,
        &undeclared_variable::RULE,
        &unknown_filter::RULE,
        &unknown_function::RULE,
        &unknown_rule::RULE,
        &unknown_test::RULE,
        &unknown_word::RULE,
        &unused_allow::RULE,
        &unused_variable::RULE,
        &variant_conflict::RULE,
        &wrong_allow::RULE,
        &wrong_label::RULE,
        &wrong_schema::RULE,
        &zero_width::RULE,
    ];
    let mut all: Vec<&Rule> = alone.into_iter().chain(reading::RULES).chain(branches::RULES).collect();
    all.sort_by_key(|rule| rule.name);
    all
});

pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&name, |rule| rule.name).ok().map(|at| RULES[at])
}

/// The rule that a user named.
pub fn named(name: &str) -> Result<&'static Rule> {
    find(name).ok_or_else(|| {
        Error::usage(format!("there is no rule `{name}`"))
            .hint_if(did_you_mean(name, RULES.iter().map(|rule| rule.name)))
            .hint("`palc check --list-rules` shows all rules")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_plain() {
        for pair in RULES.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} stands twice", pair[0].name);
        }
        for rule in RULES.iter() {
            let plain = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(rule.name.chars().all(plain), "{}", rule.name);
            assert!(rule.doc.ends_with('.') && rule.why.ends_with('.'), "{}", rule.name);
            assert_eq!(find(rule.name).map(|found| found.name), Some(rule.name));
        }
    }
}
