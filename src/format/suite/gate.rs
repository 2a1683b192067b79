//! What a run must reach, as it is written.

use super::Reader;
use crate::format::yaml::Node;
use crate::model::suite::Gate;

const GATE: [&str; 7] =
    ["min_pass_rate", "min_score", "max_regression", "max_undecided", "max_cost", "max_latency_ms", "metrics"];

impl Reader<'_, '_> {
    pub(super) fn gate(&mut self, node: &Node) -> Gate {
        self.0.keys(node, &GATE);
        let share = |reader: &mut Self, key: &str| reader.0.number(node, key, 0.0, 1.0);
        Gate {
            min_pass_rate: share(self, "min_pass_rate"),
            min_score: share(self, "min_score"),
            max_regression: share(self, "max_regression"),
            max_undecided: share(self, "max_undecided"),
            max_cost: self.0.number(node, "max_cost", 0.0, f64::INFINITY),
            max_latency_ms: self.0.number(node, "max_latency_ms", 0.0, 1e9).map(|number| number as u64),
            metrics: node.get("metrics").map(|node| self.metrics(node)).unwrap_or_default(),
        }
    }

    fn metrics(&mut self, node: &Node) -> Vec<(String, f64)> {
        self.0.map(node);
        let entries = node.entries().iter();
        entries.filter_map(|entry| Some((entry.key.clone(), self.0.number(node, &entry.key, -1e9, 1e9)?))).collect()
    }
}
