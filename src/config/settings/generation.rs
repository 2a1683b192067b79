//! How prompts are generated where nobody says otherwise.

use crate::config::choice::{Keep, Strategy};
use crate::config::layers::Values;

#[derive(Debug, Clone)]
pub struct Generation {
    pub phases: Vec<String>,
    pub persona: String,
    pub strategy: Strategy,
    pub count: u64,
    /// The family of models that prompts are written for.
    pub target: Option<String>,
    /// The model that writes, and the one that judges; the general `model` where nothing is said.
    pub model: Option<String>,
    pub judge: Option<String>,
    /// The folder of new prompts, as names of prompts say it.
    pub into: String,
    pub keep: Keep,
    pub history: bool,
    pub min_relevance: f64,
    pub max_examples: u64,
    pub context_tokens: u64,
    pub idea_characters: u64,
}

impl Generation {
    pub(super) fn read(values: Values<'_>) -> Self {
        Generation {
            phases: values.list("generation.phases"),
            persona: values.text("generation.persona"),
            strategy: values.choice("generation.strategy", Strategy::from_word),
            count: values.whole("generation.count"),
            target: values.maybe_text("generation.target"),
            model: values.maybe_text("generation.model"),
            judge: values.maybe_text("generation.judge"),
            into: values.text("generation.into"),
            keep: values.choice("generation.keep", Keep::from_word),
            history: values.flag("generation.history"),
            min_relevance: values.number("generation.min_relevance"),
            max_examples: values.whole("generation.max_examples"),
            context_tokens: values.whole("generation.context_tokens"),
            idea_characters: values.whole("generation.idea_characters"),
        }
    }
}
