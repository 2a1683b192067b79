//! Kinds of checks, one family a file. This list is the registry: what is not in it is no check.

mod html;
mod json;
mod json_field;
mod likeness;
mod markup;
mod meaning;
mod normal;
mod number;
mod options;
mod path;
mod refusal;
mod repair;
mod schema;
mod set;
mod size;
mod spend;
mod text;
mod tools;
#[cfg(test)]
mod trial;
mod xml;

use super::{Compiled, Kind, Plain, Subject, judge};
use crate::model::Score;

/// All kinds, sorted by name.
pub static KINDS: &[&Kind] = &[
    &likeness::BLEU,
    &judge::classify::CLASSIFY,
    &judge::classify::CLOSED_QA,
    &text::CONTAINS,
    &text::CONTAINS_ALL,
    &text::CONTAINS_ANY,
    &html::CONTAINS_HTML,
    &json::CONTAINS_JSON,
    &xml::CONTAINS_XML,
    &spend::COST,
    &text::ENDS_WITH,
    &text::EQUALS,
    &judge::classify::FACTUALITY,
    &refusal::FINISH_REASON,
    &judge::g_eval::KIND,
    &likeness::GLEU,
    &text::ICONTAINS,
    &text::ICONTAINS_ALL,
    &text::ICONTAINS_ANY,
    &text::IEQUALS,
    &html::IS_HTML,
    &json::IS_JSON,
    &refusal::IS_REFUSAL,
    &xml::IS_XML,
    &json::JSON_EQUALS,
    &json_field::JSON_FIELD,
    &judge::rubric::KIND,
    &spend::LATENCY,
    &size::LENGTH,
    &likeness::LEVENSHTEIN,
    &size::LINES,
    &number::NUMBER,
    &judge::pairwise::KIND,
    &text::REGEX,
    &likeness::ROUGE_1,
    &likeness::ROUGE_2,
    &likeness::ROUGE_L,
    &set::SET,
    &meaning::SIMILAR,
    &text::STARTS_WITH,
    &likeness::TOKEN_F1,
    &spend::TOKENS,
    &tools::TOOL_CALL_F1,
    &tools::TOOL_CALLED,
    &tools::TOOL_ORDER,
    &tools::VALID_TOOL_CALLS,
    &size::WORD_COUNT,
];

pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name).copied()
}

/// A check that looks by a function.
fn plain(look: impl Fn(&Subject<'_>) -> Score + 'static) -> Compiled {
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
