//! What Gemini's families take.

use super::super::capability::{Capability, Sampling};

/// How a model is told how hard to think.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thinking {
    /// It does not think.
    None,
    /// By a number of tokens, of which the first is the least.
    Budget(u64),
    /// By a word.
    Level,
}

/// Of several beginnings that fit, the longest counts.
const THINKING: &[(&str, Thinking)] = &[
    ("gemini-1", Thinking::None),
    ("gemini-2.0", Thinking::None),
    ("gemini-2.5", Thinking::Budget(0)),
    ("gemini-2.5-pro", Thinking::Budget(128)),
    ("gemma-", Thinking::None),
];

/// Listed without parameters of sampling.
const FIXED: &[&str] = &["gemini-3.5-flash-lite", "gemini-3.6-flash", "gemini-3.7-flash", "gemini-3.8-flash"];

/// These answer with JSON or call functions, but not both in one call.
const ONE_OF_BOTH: &[&str] = &["gemini-1", "gemini-2"];

pub fn forms_and_calls(model: &str) -> bool {
    !ONE_OF_BOTH.iter().any(|start| model.starts_with(start))
}

pub fn thinking(model: &str) -> Thinking {
    let fitting = THINKING.iter().filter(|(start, _)| model.starts_with(start));
    fitting.max_by_key(|(start, _)| start.len()).map_or(Thinking::Level, |(_, thinking)| *thinking)
}

pub fn capability(model: &str, any: Capability) -> Capability {
    let fixed = FIXED.iter().any(|start| model.starts_with(start));
    Capability {
        sampling: if fixed { Sampling::Refused } else { Sampling::Free },
        top_k: !fixed,
        reasoning_effort: thinking(model) != Thinking::None,
        ..any
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::laws::service;
    use super::super::super::table;
    use super::*;

    #[test]
    fn families_and_the_table_of_all_models_agree() {
        let any = Capability { sampling: Sampling::Free, ..Capability::of(&service("mistral"), "any") };
        for facts in table::all() {
            let Some(model) = facts.name.strip_prefix("google/") else { continue };
            let refused = capability(model, any).sampling == Sampling::Refused;
            assert_eq!(refused, facts.can("sampling") == Some(false), "{model}");
        }
    }
}
