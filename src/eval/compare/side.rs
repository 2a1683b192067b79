//! One set of results, answers to the same case taken together.

use std::collections::BTreeMap;

use super::Measure;
use crate::model::results::Line;
use crate::model::score::Verdict;

/// What is the same on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    /// The same prompt, before and after.
    Versions,
    /// Two prompts; each side has lines of one only.
    Prompts,
}

/// A case as it was given to one prompt and model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Its id. Empty where two prompts are compared.
    pub prompt: String,
    pub model: String,
    pub case: String,
    /// What a sweep set, as JSON; empty if nothing.
    pub params: String,
}

#[derive(Debug, Clone)]
pub struct Side {
    pairing: Pairing,
    items: BTreeMap<Item, Answers>,
}

impl Side {
    pub fn new(pairing: Pairing) -> Side {
        Side { pairing, items: BTreeMap::new() }
    }

    pub fn of<'a>(pairing: Pairing, lines: impl IntoIterator<Item = &'a Line>) -> Side {
        let mut side = Side::new(pairing);
        lines.into_iter().for_each(|line| side.add(line));
        side
    }

    pub fn add(&mut self, line: &Line) {
        let about = &line.about;
        let item = Item {
            prompt: if self.pairing == Pairing::Versions {
                told_apart(&about.id, &about.prompt)
            } else {
                String::new()
            },
            model: about.model.clone(),
            case: about.case.clone(),
            params: if about.params.is_empty() {
                String::new()
            } else {
                serde_json::to_string(&about.params).expect("a map is JSON")
            },
        };
        self.items.entry(item).or_default().add(line);
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn items(&self) -> impl Iterator<Item = (&Item, &Answers)> {
        self.items.iter()
    }

    pub(super) fn answers(&self, item: &Item) -> Option<&Answers> {
        self.items.get(item)
    }
}

/// A suite may try several versions of one prompt, whose names then say which.
fn told_apart(id: &str, name: &str) -> String {
    match name.split_once('@') {
        Some((_, version)) => format!("{id}@{version}"),
        None => id.to_owned(),
    }
}

/// All answers to one case: as many as it was repeated.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    pub prompt: String,
    pub cluster: String,
    measured: BTreeMap<Measure, Sum>,
    undecided: u64,
    /// Of the calls, sorted.
    keys: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sum {
    sum: f64,
    n: f64,
}

impl Answers {
    fn add(&mut self, line: &Line) {
        let about = &line.about;
        self.prompt.clone_from(&about.prompt);
        self.cluster.clone_from(if about.cluster.is_empty() { &about.case } else { &about.cluster });
        let place = self.keys.partition_point(|key| *key < about.key);
        self.keys.insert(place, about.key.clone());
        if line.verdict == Verdict::Undecided {
            self.undecided += 1;
            return;
        }
        self.count(Measure::Passes, f64::from(u8::from(line.verdict == Verdict::Passed)));
        if let Some(score) = line.score {
            self.count(Measure::Score, score);
        }
        for (name, value) in metrics(line) {
            self.count(Measure::Metric(name), value);
        }
    }

    fn count(&mut self, measure: Measure, value: f64) {
        let sum = self.measured.entry(measure).or_default();
        sum.sum += value;
        sum.n += 1.0;
    }

    pub fn mean(&self, measure: &Measure) -> Option<f64> {
        self.measured.get(measure).map(|sum| sum.sum / sum.n)
    }

    pub fn is_decided(&self) -> bool {
        !self.measured.is_empty()
    }

    pub fn undecided(&self) -> u64 {
        self.undecided
    }

    pub fn is_same(&self, other: &Answers) -> bool {
        self.keys == other.keys && !self.keys.iter().any(String::is_empty) && self.measured == other.measured
    }

    pub fn metrics(&self) -> impl Iterator<Item = &String> {
        self.measured.keys().filter_map(|measure| match measure {
            Measure::Metric(name) => Some(name),
            _ => None,
        })
    }
}

/// The metrics of one answer: the weighted mean of the checks that share a name. Checks without one are taken by what they
/// are.
pub fn metrics(line: &Line) -> BTreeMap<String, f64> {
    let mut sums: BTreeMap<String, [f64; 4]> = BTreeMap::new();
    for check in &line.checks {
        let Some(value) = check.value else { continue };
        let kind = || check.name.split('#').next().unwrap_or(&check.name).to_owned();
        let sum = sums.entry(check.metric.clone().unwrap_or_else(kind)).or_default();
        let add = [check.weight * value, check.weight, value, 1.0];
        sum.iter_mut().zip(add).for_each(|(sum, more)| *sum += more);
    }
    // Where all weigh nothing they only measure, and count alike.
    let mean = |[weighed, weight, sum, n]: [f64; 4]| if weight > 0.0 { weighed / weight } else { sum / n };
    sums.into_iter().map(|(name, sums)| (name, mean(sums))).collect()
}
