//! What prompts are ranked by.

use serde_json::Value;

use crate::config::layers::Values;

/// The features, in the order of the table.
const FEATURES: [&str; 5] = ["temperature", "length", "similarity", "ratio", "history"];

#[derive(Debug, Clone)]
pub struct Ranking {
    /// How much each feature counts; of any size.
    pub weights: Vec<(String, f64)>,
}

impl Ranking {
    pub(super) fn read(values: Values<'_>) -> Self {
        let weight = |name: &str| values.get(&format!("ranking.weights.{name}")).and_then(Value::as_f64);
        let weights = FEATURES.iter().map(|name| ((*name).to_owned(), weight(name).unwrap_or_default()));
        Ranking { weights: weights.collect() }
    }
}
