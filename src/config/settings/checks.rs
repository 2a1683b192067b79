//! What is checked and how serious it is; how files are formatted.

use std::collections::BTreeMap;

use super::texts;
use crate::base::Severity;
use crate::config::layers::Values;

#[derive(Debug, Clone)]
pub struct Checks {
    /// For each rule that somebody set: its severity, or none if the rule is off.
    pub severity: BTreeMap<String, Option<Severity>>,
    pub ignore: Vec<Ignore>,
    /// The least severity that makes the answer no, or none if nothing does.
    pub fail_on: Option<Severity>,
}

/// Rules that are silent in some files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    pub glob: String,
    /// Names of rules; `*` is all of them.
    pub rules: Vec<String>,
}

impl Checks {
    pub(super) fn read(values: Values<'_>) -> Self {
        let severity = values.below("checks.severity").filter_map(|(words, value)| {
            let [rule] = words else { return None };
            Some((rule.clone(), severity_of(value.as_str()?)))
        });
        let ignore = values.below("checks.ignore").filter_map(|(words, value)| {
            let [glob] = words else { return None };
            Some(Ignore { glob: glob.clone(), rules: texts(value) })
        });
        Checks {
            severity: severity.collect(),
            ignore: ignore.collect(),
            fail_on: severity_of(&values.text("checks.fail_on")),
        }
    }
}

pub(super) fn severity_of(word: &str) -> Option<Severity> {
    [Severity::Note, Severity::Warning, Severity::Error].into_iter().find(|severity| severity.word() == word)
}

#[derive(Debug, Clone)]
pub struct Fmt {
    pub sort_keys: bool,
    pub trim_trailing_space: bool,
    pub final_newline: bool,
}

impl Fmt {
    pub(super) fn read(values: Values<'_>) -> Self {
        Fmt {
            sort_keys: values.flag("fmt.sort_keys"),
            trim_trailing_space: values.flag("fmt.trim_trailing_space"),
            final_newline: values.flag("fmt.final_newline"),
        }
    }
}
