//! What the lines of a run come to, one group for each prompt, model and setting.

use std::collections::BTreeMap;

use crate::model::results::{Line, Moment};
use crate::model::{Money, Verdict};

/// Sums over lines. Two tallies of the same lines in whatever order are the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    pub groups: BTreeMap<Group, Sums>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    pub id: String,
    pub prompt: String,
    pub model: String,
    /// What a sweep set, as JSON; empty without a sweep.
    pub params: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sums {
    pub passed: u64,
    pub failed: u64,
    pub undecided: u64,
    /// Of the undecided, those without any answer.
    pub unanswered: u64,
    /// Scores that are there: how many, and what they come to.
    pub scored: u64,
    pub score: f64,
    pub squares: f64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Answers whose tokens nobody counted.
    pub uncounted: u64,
    /// By name: the weighted sum of values and the sum of weights.
    pub metrics: BTreeMap<String, (f64, f64)>,
    /// By the name of the check.
    pub checks: BTreeMap<String, Checks>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checks {
    pub passed: u64,
    pub failed: u64,
    pub undecided: u64,
}

impl Tally {
    pub fn add(&mut self, line: &Line) {
        let about = &line.about;
        let params = match about.params.is_empty() {
            true => String::new(),
            false => serde_json::to_string(&about.params).expect("parameters are JSON"),
        };
        let group = Group { id: about.id.clone(), prompt: about.prompt.clone(), model: about.model.clone(), params };
        self.groups.entry(group).or_default().add(line);
    }

    /// All groups together.
    pub fn total(&self) -> Sums {
        let mut total = Sums::default();
        self.groups.values().for_each(|sums| total.plus(sums));
        total
    }
}

impl Sums {
    fn add(&mut self, line: &Line) {
        match line.verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Undecided => self.undecided += 1,
        }
        if let Some(score) = line.score {
            self.scored += 1;
            self.score += score;
            self.squares += score * score;
        }
        match &line.answer {
            None => self.unanswered += 1,
            Some(answer) => {
                self.input_tokens += answer.input_tokens.unwrap_or_default();
                self.output_tokens += answer.output_tokens.unwrap_or_default();
                self.uncounted += u64::from(answer.input_tokens.is_none() || answer.output_tokens.is_none());
            }
        }
        for check in &line.checks {
            let checks = self.checks.entry(check.name.clone()).or_default();
            match check.verdict {
                Verdict::Passed => checks.passed += 1,
                Verdict::Failed => checks.failed += 1,
                Verdict::Undecided => checks.undecided += 1,
            }
            // A weight of nothing means that it only measures: then each counts as one.
            let weight = if check.weight > 0.0 { check.weight } else { 1.0 };
            if let (Some(metric), Some(value)) = (&check.metric, check.value) {
                let sum = self.metrics.entry(metric.clone()).or_default();
                *sum = (sum.0 + weight * value, sum.1 + weight);
            }
        }
    }

    fn plus(&mut self, other: &Sums) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.undecided += other.undecided;
        self.unanswered += other.unanswered;
        self.scored += other.scored;
        self.score += other.score;
        self.squares += other.squares;
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.uncounted += other.uncounted;
        for (name, (sum, weight)) in &other.metrics {
            let mine = self.metrics.entry(name.clone()).or_default();
            *mine = (mine.0 + sum, mine.1 + weight);
        }
        for (name, checks) in &other.checks {
            let mine = self.checks.entry(name.clone()).or_default();
            mine.passed += checks.passed;
            mine.failed += checks.failed;
            mine.undecided += checks.undecided;
        }
    }

    pub fn all(&self) -> u64 {
        self.passed + self.failed + self.undecided
    }

    pub fn decided(&self) -> u64 {
        self.passed + self.failed
    }

    /// Of those that are decided.
    pub fn pass_rate(&self) -> Option<f64> {
        (self.decided() > 0).then(|| self.passed as f64 / self.decided() as f64)
    }

    pub fn mean(&self) -> Option<f64> {
        (self.scored > 0).then(|| self.score / self.scored as f64)
    }

    /// The standard deviation of the scores.
    pub fn spread(&self) -> Option<f64> {
        let mean = self.mean().filter(|_| self.scored > 1)?;
        let count = self.scored as f64;
        Some(((self.squares - count * mean * mean).max(0.0) / (count - 1.0)).sqrt())
    }

    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.get(name).filter(|(_, weight)| *weight > 0.0).map(|(sum, weight)| sum / weight)
    }
}

/// What is true of the run for now only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spent {
    /// What was paid now, for answers and for judges; and answers whose price is not known.
    pub cost: Money,
    pub judged: Money,
    pub unpriced: u64,
    /// What all answers cost when they were given, where that is known.
    pub worth: Money,
    /// In milliseconds, of answers whose time is known.
    pub times: Vec<u32>,
    pub kept: u64,
}

impl Spent {
    pub fn add(&mut self, moment: &Moment) {
        self.worth = self.worth + moment.cost.unwrap_or_default();
        self.kept += u64::from(moment.kept);
        if moment.elapsed_ms > 0 {
            self.times.push(u32::try_from(moment.elapsed_ms).unwrap_or(u32::MAX));
        }
        if moment.kept {
            return;
        }
        self.unpriced += u64::from(moment.cost.is_none() || moment.judged.is_none());
        self.cost = self.cost + moment.cost.unwrap_or_default();
        self.judged = self.judged + moment.judged.unwrap_or_default();
    }

    /// So many in a hundred took no longer.
    pub fn percentile(&self, share: f64) -> Option<u32> {
        let mut times = self.times.clone();
        times.sort_unstable();
        let last = times.len().checked_sub(1)?;
        times.get(((last as f64) * share).round() as usize).copied()
    }
}
