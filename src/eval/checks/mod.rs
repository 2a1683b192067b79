//! Kinds of checks, one family a file. This list is the registry: what is not in it is no check.

mod json;
mod json_field;
mod normal;
mod options;
mod path;
mod refusal;
mod repair;
mod size;
mod text;
#[cfg(test)]
mod trial;

use super::{Compiled, Kind, Plain, Subject, judge};
use crate::model::Score;

/// All kinds, sorted by name.
pub static KINDS: &[&Kind] = &[
    &judge::classify::CLASSIFY,
    &judge::classify::CLOSED_QA,
    &text::CONTAINS,
    &text::CONTAINS_ALL,
    &text::CONTAINS_ANY,
    &json::CONTAINS_JSON,
    &text::ENDS_WITH,
    &text::EQUALS,
    &judge::classify::FACTUALITY,
    &refusal::FINISH_REASON,
    &judge::g_eval::KIND,
    &text::ICONTAINS,
    &text::ICONTAINS_ALL,
    &text::ICONTAINS_ANY,
    &text::IEQUALS,
    &json::IS_JSON,
    &refusal::IS_REFUSAL,
    &json::JSON_EQUALS,
    &json_field::JSON_FIELD,
    &judge::rubric::KIND,
    &size::LENGTH,
    &size::LINES,
    &judge::pairwise::KIND,
    &text::REGEX,
    &text::STARTS_WITH,
    &size::WORD_COUNT,
];

pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name).copied()
}

/// A check that looks by a function.
fn plain(look: impl Fn(&Subject<'_>) -> Score + Send + Sync + 'static) -> Compiled {
    struct Looks<F>(F);
    impl<F: Fn(&Subject<'_>) -> Score> Plain for Looks<F> {
        fn look(&self, subject: &Subject<'_>) -> Score {
            (self.0)(subject)
        }
    }
    Compiled::Plain(Box::new(Looks(look)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_sorted() {
        for pair in KINDS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} and {}", pair[0].name, pair[1].name);
        }
    }

    #[test]
    fn every_kind_is_described() {
        for kind in KINDS {
            assert!(kind.about.ends_with('.') && kind.about.starts_with(char::is_uppercase), "{}", kind.name);
            assert!(kind.example.trim_start_matches("not-").starts_with(kind.name), "{}", kind.name);
            assert!(!kind.name.starts_with("not-"), "{}", kind.name);
        }
    }

    /// The example of each kind is one that it takes, and that its schema takes.
    #[test]
    fn examples_are_good() {
        for kind in KINDS {
            let value = trial::written(kind.example);
            let schema = jsonschema::validator_for(&(kind.schema)()).expect("is a schema");
            assert!(schema.is_valid(&value), "{}: {value}", kind.name);
            assert_eq!(trial::refused(kind.name, &value), None, "{}", kind.name);
        }
    }
}
