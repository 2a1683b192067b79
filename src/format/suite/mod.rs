//! Suite files: `evals/<name>.eval.yaml`.
//!
//! ```yaml
//! prompts: [support/triage, support/triage.short]
//! models: [openai/gpt-4o-mini, echo]
//! dataset: ../datasets/tickets.csv
//! checks:
//!   - is-json
//!   - not-contains: As an AI
//! cases:
//!   - id: refund
//!     vars: {ticket: I was charged twice}
//!     checks:
//!       - contains: billing
//!       - {judge: {rubric: kindness}, threshold: 0.7, weight: 2}
//! gate: {min_pass_rate: 0.95, max_regression: 0.02}
//! ```
//!
//! Which kinds of checks there are is not known here: the engine says that, with the places that this reader keeps.

mod checks;
mod gate;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::strict::Strict;
use super::yaml::{Data, Entry, Node};
use crate::base::hash::sha256;
use crate::base::{Result, Span};
use crate::model::suite::{Case, Said, Suite};
use crate::model::{Map, Value};

pub use checks::OPTIONS;

/// The end of the name of every suite's file.
pub const SUFFIX: &str = ".eval.yaml";

pub const KEYS: [&str; 18] = [
    "description",
    "prompt",
    "prompts",
    "model",
    "models",
    "dataset",
    "datasets",
    "vars",
    "params",
    "sweep",
    "repeat",
    "judge",
    "checks",
    "cases",
    "derived",
    "splits",
    "cluster",
    "gate",
];
pub const CASE: [&str; 6] = ["id", "description", "vars", "tags", "split", "checks"];
/// More than this is no repetition but a slip of the finger.
const MAX_REPEAT: usize = 1000;

/// Read a file; everything that is wrong in it is reported at once.
pub fn read(name: &str, path: &str, text: &str) -> Result<Suite> {
    let named = || Suite { name: name.to_owned(), path: path.to_owned(), repeat: 1, ..Suite::default() };
    Strict::read(path, text, "suite", |strict, root| match root {
        Some(root) => Reader(strict).suite(root, named()),
        None => {
            strict.wrong(Span::at(0), "a suite names `prompts`, and has `cases` or a `dataset`");
            named()
        }
    })
}

/// The name that a case without an id goes by: it hangs on its values alone.
pub fn id_of(vars: &Map) -> String {
    let sorted: std::collections::BTreeMap<&String, &Value> = vars.iter().collect();
    let text = serde_json::to_string(&sorted).expect("values are JSON");
    sha256(text.as_bytes())[..10].to_owned()
}

struct Reader<'s, 'a>(&'s mut Strict<'a>);

impl Reader<'_, '_> {
    fn suite(&mut self, root: &Node, mut suite: Suite) -> Suite {
        self.0.keys(root, &KEYS);
        suite.description = self.0.text(root, "description");
        suite.prompts = self.words(root, "prompt", "prompts");
        suite.models = self.words(root, "model", "models");
        suite.datasets = self.words(root, "dataset", "datasets");
        suite.vars = self.map(root, "vars");
        suite.params = self.map(root, "params");
        suite.sweep = root.get("sweep").map(|node| self.sweep(node)).unwrap_or_default();
        suite.repeat = root.get("repeat").map_or(1, |node| self.repeat(node));
        suite.judge = root.entry("judge").and_then(|entry| self.word(&entry.value));
        suite.cluster = self.0.text(root, "cluster");
        suite.derived = root.get("derived").map(|node| self.derived(node)).unwrap_or_default();
        suite.splits = root.get("splits").map(|node| self.splits(node)).unwrap_or_default();
        suite.gate = root.get("gate").map(|node| self.gate(node)).unwrap_or_default();
        suite.checks = root.get("checks").map(|node| self.checks(node)).unwrap_or_default();
        suite.cases = root.get("cases").map(|node| self.cases(node, root, &suite)).unwrap_or_default();
        self.wants(root, &suite);
        suite
    }

    /// What a suite cannot do without.
    fn wants(&mut self, root: &Node, suite: &Suite) {
        if suite.prompts.is_empty() && root.get("prompts").is_none() && root.get("prompt").is_none() {
            self.0.wrong(root.span, "a suite names its `prompts`");
        }
        if suite.cases.is_empty() && suite.datasets.is_empty() && self.0.is_fine() {
            self.0.wrong(root.span, "a suite has `cases` or a `dataset`, and this one has neither");
        }
        if !lists_checks(root) && !suite.datasets.is_empty() {
            let place = root.entry("dataset").or_else(|| root.entry("datasets")).map_or(root.span, |it| it.key_span);
            self.0.wrong(
                place,
                "nothing is checked of the rows of the dataset: the suite has no `checks` for every case",
            );
        }
    }

    fn cases(&mut self, node: &Node, root: &Node, suite: &Suite) -> Vec<Case> {
        let mut seen: HashMap<String, u32> = HashMap::new();
        let mut cases = Vec::new();
        for node in self.0.list(node) {
            let case = self.case(node, suite);
            let place = node.entry("id").map_or(node.span, |entry| entry.value.span);
            if let Some(line) = seen.insert(case.id.clone(), case.place.line) {
                let what = match node.get("id") {
                    Some(_) => format!("two cases have the id `{}`; the other is in line {line}", case.id),
                    None => {
                        format!("this case is the same as the one in line {line}; give both an `id` if they differ")
                    }
                };
                self.0.wrong(place, what);
            }
            if !lists_checks(node) && !lists_checks(root) {
                self.0.wrong(place, format!("nothing is checked in the case `{}`", case.id));
            }
            cases.push(case);
        }
        cases
    }

    fn case(&mut self, node: &Node, suite: &Suite) -> Case {
        self.0.keys(node, &CASE);
        let vars = self.map(node, "vars");
        let id = self.0.text(node, "id").filter(|id| !id.trim().is_empty());
        let split = self.0.text(node, "split");
        if let Some(split) = split.as_ref().filter(|split| !suite.splits.iter().any(|(name, _)| name == *split)) {
            let place = node.get("split").map_or(node.span, |node| node.span);
            self.0.wrong(place, format!("`{split}` is not one of the suite's `splits`"));
        }
        Case {
            id: id.unwrap_or_else(|| id_of(&vars)),
            description: self.0.text(node, "description"),
            vars,
            tags: node.get("tags").map(|node| self.0.texts(node)).unwrap_or_default(),
            split,
            checks: node.get("checks").map(|node| self.checks(node)).unwrap_or_default(),
            place: self.0.place(Span::at(node.span.start)),
        }
    }

    /// `temperature: [0, 0.5]`: every value with every value of the others.
    fn sweep(&mut self, node: &Node) -> Vec<(String, Vec<Value>)> {
        let mut sweep = Vec::new();
        if !matches!(node.data, Data::Map(_)) {
            self.0.map(node);
        }
        for Entry { key, key_span, value } in node.entries() {
            let known = key.strip_prefix("params.").or_else(|| key.strip_prefix("vars."));
            if known.is_none_or(str::is_empty) {
                self.0.wrong(*key_span, format!("`{key}` is neither `params.<name>` nor `vars.<name>`"));
            }
            let mut values: Vec<Value> = Vec::new();
            for item in self.0.list(value) {
                let item = item.value();
                if !values.contains(&item) {
                    values.push(item);
                }
            }
            if values.is_empty() {
                self.0.wrong(value.span, format!("`{key}` lists no values to try"));
            }
            sweep.push((key.clone(), values));
        }
        sweep
    }

    fn repeat(&mut self, node: &Node) -> u32 {
        match self.0.whole(node) {
            count @ 1..=MAX_REPEAT => count as u32,
            _ => {
                self.0.wrong(node.span, format!("`repeat` must be a number from 1 to {MAX_REPEAT}"));
                1
            }
        }
    }

    fn derived(&mut self, node: &Node) -> Vec<(String, Said<String>)> {
        if !matches!(node.data, Data::Map(_)) {
            self.0.map(node);
        }
        let entries = node.entries().iter();
        entries.filter_map(|entry| Some((entry.key.clone(), self.word(&entry.value)?))).collect()
    }

    fn splits(&mut self, node: &Node) -> Vec<(String, f64)> {
        if !matches!(node.data, Data::Map(_)) {
            self.0.map(node);
        }
        let mut splits = Vec::new();
        for entry in node.entries() {
            splits.extend(self.0.number(node, &entry.key, 0.0, 1.0).map(|share| (entry.key.clone(), share)));
        }
        let sum: f64 = splits.iter().map(|(_, share)| share).sum();
        if splits.len() == node.entries().len() && !splits.is_empty() && (sum - 1.0).abs() > 1e-9 {
            self.0.wrong(node.span, format!("the shares of the splits add up to {sum}, not to 1"));
        }
        splits
    }

    fn map(&mut self, node: &Node, key: &str) -> Map {
        node.get(key).map(|node| self.0.map(node)).unwrap_or_default()
    }

    /// One word under a key in the singular, or several under that in the plural; either takes both.
    fn words(&mut self, root: &Node, one: &str, many: &str) -> Vec<Said<String>> {
        if let (Some(_), Some(entry)) = (root.entry(one), root.entry(many)) {
            self.0.wrong(entry.key_span, format!("say `{one}` or `{many}`, not both"));
        }
        let Some(node) = root.get(one).or_else(|| root.get(many)) else { return Vec::new() };
        let nodes = if node.text().is_some() { vec![node] } else { self.0.list(node) };
        let mut words: Vec<Said<String>> = Vec::new();
        for node in nodes {
            let Some(word) = self.word(node) else { continue };
            if words.iter().any(|other| other.it == word.it) {
                self.0.wrong(node.span, format!("`{}` is named twice", word.it));
            }
            words.push(word);
        }
        words
    }

    fn word(&mut self, node: &Node) -> Option<Said<String>> {
        let Some(text) = node.text().filter(|text| !text.trim().is_empty()) else {
            self.0.wrong(node.span, format!("this must be text, and is {}", node.type_word()));
            return None;
        };
        Some(Said { it: text.to_owned(), place: self.0.place(node.span) })
    }
}

fn lists_checks(node: &Node) -> bool {
    node.get("checks").is_some_and(|checks| !checks.items().is_empty())
}
