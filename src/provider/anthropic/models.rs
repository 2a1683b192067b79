//! What Claude's families take. Other models behind this language take everything, as far as is known. Where the table of
//! all models knows a model, it has the last word.

use super::super::capability::{Capability, Sampling};
use super::super::service::Service;
use super::build;

/// Models whose names begin alike.
struct Family {
    start: &'static str,
    sampling: Sampling,
    prefill: bool,
    schema: bool,
    effort: bool,
    /// The largest `max_tokens`.
    output: u64,
}

const fn family(start: &'static str, output: u64) -> Family {
    Family { start, sampling: Sampling::Free, prefill: true, schema: false, effort: false, output }
}

/// Of several that fit, the longest counts.
#[rustfmt::skip]
const FAMILIES: &[Family] = &[
    // Newer than this table: strict as the newest that it knows.
    Family { sampling: Sampling::Refused, prefill: false, schema: true, effort: true, ..family("claude-", 64_000) },
    family("claude-3-", 4_096),
    family("claude-3-5-", 8_192),
    family("claude-3-7-", 64_000),
    Family { sampling: Sampling::One, schema: true, ..family("claude-haiku-4-5", 64_000) },
    family("claude-opus-4-0", 32_000),
    family("claude-opus-4-2025", 32_000),
    family("claude-opus-4@", 32_000),
    Family { sampling: Sampling::One, schema: true, ..family("claude-opus-4-1", 32_000) },
    Family { sampling: Sampling::One, schema: true, effort: true, ..family("claude-opus-4-5", 64_000) },
    Family { sampling: Sampling::One, schema: true, effort: true, prefill: false, ..family("claude-opus-4-6", 64_000) },
    family("claude-sonnet-4-0", 64_000),
    family("claude-sonnet-4-2025", 64_000),
    family("claude-sonnet-4@", 64_000),
    Family { sampling: Sampling::One, schema: true, ..family("claude-sonnet-4-5", 64_000) },
    Family { sampling: Sampling::One, schema: true, effort: true, prefill: false, ..family("claude-sonnet-4-6", 64_000) },
];

/// The version of the language from which on no model takes `temperature` and its like. Versions are dates.
const WITHOUT_SAMPLING: &str = "2026-10-21";

pub fn of(service: &Service, model: &str, any: Capability) -> Capability {
    let can = capability(model, any);
    if build::version(service) < WITHOUT_SAMPLING {
        return can;
    }
    Capability { sampling: Sampling::Refused, top_k: false, ..can }
}

fn capability(model: &str, any: Capability) -> Capability {
    let any = Capability { seed: None, penalties: false, ..any };
    let fitting = FAMILIES.iter().filter(|family| model.starts_with(family.start));
    let Some(family) = fitting.max_by_key(|family| family.start.len()) else { return any };
    Capability {
        sampling: family.sampling,
        top_k: family.sampling != Sampling::Refused,
        prefill: family.prefill,
        structured_output: family.schema,
        reasoning_effort: family.effort,
        max_output: Some(family.output),
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
        let any = Capability::of(&service("mistral"), "any");
        for facts in table::all() {
            let Some(model) = facts.name.strip_prefix("anthropic/") else { continue };
            let family = capability(model, any);
            assert_eq!(Some(family.prefill), facts.can("prefill"), "{model}");
            assert_eq!(family.sampling == Sampling::Refused, facts.can("sampling") == Some(false), "{model}");
            assert_eq!(Some(family.structured_output), facts.can("schema"), "{model}");
            assert!(family.max_output <= facts.answer(), "{model}");
        }
    }

    #[test]
    fn the_longest_beginning_counts() {
        let of = |model: &str| Capability::of(&service("anthropic"), model);
        assert_eq!(of("claude-3-haiku-20240307").max_output, Some(4_096));
        assert_eq!(of("claude-3-5-haiku-latest").max_output, Some(8_192));
        assert!(of("claude-sonnet-4-5-20250929").prefill && !of("claude-sonnet-4-6").prefill);
        assert!(!of("claude-sonnet-4-20250514").structured_output && of("claude-opus-4-1-20250805").structured_output);
        assert_eq!(of("claude-sonnet-5").sampling, Sampling::Refused);
        assert_eq!(of("claude-of-tomorrow").sampling, Sampling::Refused);
        assert_eq!(of("some-other-model").max_output, None);
    }
}
