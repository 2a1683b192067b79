//! A suite: prompts, models and cases, and what must be true of the answers.

use super::{Map, Value};
use crate::base::Place;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Suite {
    /// Its path under the folder of suites without the suffix: `support/triage`.
    pub name: String,
    /// From the repository's root.
    pub path: String,
    pub description: Option<String>,
    /// As on the command line: a name, an id, with a version if need be.
    pub prompts: Vec<Said<String>>,
    /// `service/model`, `echo`, `replay:<folder>`. Each prompt's own model if there is none.
    pub models: Vec<Said<String>>,
    /// Data files, from the repository's root: each row is a case.
    pub datasets: Vec<Said<String>>,
    /// Variables in every case, where neither its data nor its own say otherwise.
    pub vars: Map,
    /// Parameters in place of the prompt's own.
    pub params: Map,
    /// Parameters or variables that are tried with each of these values, and with each other.
    pub sweep: Vec<(String, Vec<Value>)>,
    pub repeat: u32,
    /// Who judges where a check does not say it.
    pub judge: Option<Said<String>>,
    /// For every case, before its own.
    pub checks: Vec<Check>,
    /// Written out in the file.
    pub cases: Vec<Case>,
    /// Numbers computed from the sums of others, such as `f1: 2 * p * r / (p + r)`.
    pub derived: Vec<(String, Said<String>)>,
    /// Shares of the cases by the name of the split: `train`, `validation`, `confirm`, `report`.
    pub splits: Vec<(String, f64)>,
    /// A column or variable that says which cases belong together, as they share a document or a conversation.
    pub cluster: Option<String>,
    pub gate: Gate,
}

/// A word and where it is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said<T> {
    pub it: T,
    pub place: Place,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Case {
    /// Its own, or one that is made of its values.
    pub id: String,
    pub description: Option<String>,
    pub vars: Map,
    pub tags: Vec<String>,
    pub split: Option<String>,
    /// After those of the suite.
    pub checks: Vec<Check>,
    /// Its place in the file of the suite or of the data.
    pub place: Place,
}

/// One check as it is written: `not-contains: As an AI`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Check {
    /// Without `not-`.
    pub kind: String,
    pub negated: bool,
    /// What stands behind the kind, with templates not yet filled in.
    pub config: Value,
    pub options: CheckOptions,
    /// Of the kind; findings about the value point here as well.
    pub place: Place,
}

/// What may stand beside any check.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckOptions {
    /// How much it counts in the case's score. One with 0 only measures.
    pub weight: f64,
    /// The least value that passes, where the kind gives a number.
    pub threshold: Option<f64>,
    /// A name under which its values are counted together.
    pub metric: Option<String>,
    /// Whether the case fails with it, whatever the score of the others.
    pub required: bool,
}

impl Default for CheckOptions {
    fn default() -> CheckOptions {
        CheckOptions { weight: 1.0, threshold: None, metric: None, required: true }
    }
}

/// What a run must reach.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gate {
    /// The least share of cases that pass.
    pub min_pass_rate: Option<f64>,
    /// The least mean score.
    pub min_score: Option<f64>,
    /// How much worse than before it may be: a margin for the interval of the difference.
    pub max_regression: Option<f64>,
    /// The largest share of cases that may stay undecided. None at all if nothing is said.
    pub max_undecided: Option<f64>,
    /// The largest cost of one answer, in dollars, and the longest time, in milliseconds: of 95 in 100.
    pub max_cost: Option<f64>,
    pub max_latency_ms: Option<u64>,
    /// The least of a named metric.
    pub metrics: Vec<(String, f64)>,
}
