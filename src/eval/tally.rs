//! What the lines of a run come to: sums by prompt and model. They are taken one after the other, so that a run of any
//! length needs little memory.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::results::{About, Checked, Line, Moment};
use crate::model::{Money, Verdict};

/// All sums of a run.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub total: Sum,
    /// One for every prompt with every model and setting.
    pub columns: BTreeMap<Column, Sum>,
    /// The first of those that did not pass.
    pub faults: Vec<Fault>,
    /// How many faults are kept.
    most: usize,
    /// What the repeats of one case have come to so far.
    repeats: Option<Repeats>,
}

/// What is tried: a prompt with a model, and with what a sweep set.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Column {
    pub prompt: String,
    pub model: String,
    /// `temperature=0.2, top_p=1`; empty if nothing was swept.
    pub params: String,
}

impl Column {
    pub fn of(about: &About) -> Column {
        let mut params: Vec<String> =
            about.params.iter().map(|(key, value)| format!("{key}={}", plain(value))).collect();
        params.sort_unstable();
        Column { prompt: about.prompt.clone(), model: about.model.clone(), params: params.join(", ") }
    }

    /// The model and what a sweep set, as one name.
    pub fn engine(&self) -> String {
        if self.params.is_empty() { self.model.clone() } else { format!("{} {}", self.model, self.params) }
    }
}

fn plain(value: &crate::model::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How many came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub undecided: u64,
}

impl Counts {
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Undecided => self.undecided += 1,
        }
    }

    pub fn all(&self) -> u64 {
        self.passed + self.failed + self.undecided
    }

    /// Those of which it is known whether they pass.
    pub fn decided(&self) -> u64 {
        self.passed + self.failed
    }

    /// The share of those that pass among those of which it is known.
    pub fn rate(&self) -> Option<f64> {
        (self.decided() > 0).then(|| self.passed as f64 / self.decided() as f64)
    }
}

/// A mean of what is known, and how many are not.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Mean {
    sum: f64,
    pub known: u64,
    pub unknown: u64,
}

impl Mean {
    fn add(&mut self, value: Option<f64>) {
        match value {
            Some(value) => {
                self.sum += value;
                self.known += 1;
            }
            None => self.unknown += 1,
        }
    }

    /// One number, or one that is not known.
    pub fn of(value: Option<f64>) -> Mean {
        let mut mean = Mean::default();
        mean.add(value);
        mean
    }

    pub fn mean(&self) -> Option<f64> {
        (self.known > 0).then(|| self.sum / self.known as f64)
    }
}

/// A total of what is known, and how many are not: an unknown price is not free.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known<T> {
    pub sum: T,
    pub known: u64,
    pub unknown: u64,
}

impl<T: Copy + std::ops::Add<Output = T>> Known<T> {
    pub fn add(&mut self, value: Option<T>) {
        match value {
            Some(value) => {
                self.sum = self.sum + value;
                self.known += 1;
            }
            None => self.unknown += 1,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Sum {
    pub counts: Counts,
    pub score: Mean,
    pub input_tokens: Known<u64>,
    pub output_tokens: Known<u64>,
    /// What the answers cost, and their judges. Nothing is counted at all where no moment is known.
    pub cost: Known<Money>,
    pub judged: Known<Money>,
    /// How many were there already.
    pub kept: u64,
    /// How often each check passed, by its name.
    pub checks: BTreeMap<String, Counts>,
    /// The values of checks with a metric, by the name of the metric.
    pub metrics: BTreeMap<String, Mean>,
    /// Cases of which some repeats pass and some do not.
    pub flaky: u64,
    /// How long answers took, in milliseconds, in no order.
    elapsed: Vec<u64>,
    /// What is no independent evidence stands together: by cluster or case, hashed, how many pass of how many.
    clusters: BTreeMap<u64, (u32, u32)>,
}

impl Sum {
    fn add(&mut self, line: &Line, moment: Option<&Moment>) {
        self.counts.add(line.verdict);
        self.score.add(line.score);
        self.add_checks(&line.checks);
        if let Some(answer) = &line.answer {
            self.input_tokens.add(answer.input_tokens);
            self.output_tokens.add(answer.output_tokens);
        }
        if let Some(moment) = moment {
            self.cost.add(moment.cost);
            if let Some(judged) = moment.judged {
                self.judged.add(Some(judged));
            }
            self.kept += u64::from(moment.kept);
            if line.answer.is_some() {
                self.elapsed.push(moment.elapsed_ms);
            }
        }
        if line.verdict != Verdict::Undecided {
            let about = &line.about;
            let whose = if about.cluster.is_empty() { &about.case } else { &about.cluster };
            let (passed, all) = self.clusters.entry(hashed(whose)).or_default();
            *passed += u32::from(line.verdict == Verdict::Passed);
            *all += 1;
        }
    }

    fn add_checks(&mut self, checks: &[Checked]) {
        for check in checks {
            match self.checks.get_mut(&check.name) {
                Some(counts) => counts.add(check.verdict),
                None => self.checks.entry(check.name.clone()).or_default().add(check.verdict),
            }
            if let Some(metric) = &check.metric {
                self.metrics.entry(metric.clone()).or_default().add(check.value);
            }
        }
    }

    /// Between which rates the true one lies, at 95 in 100. Cases of one cluster, and repeats of one case, count for
    /// as much as they are worth: the less they differ among themselves, the less.
    pub fn interval(&self) -> Option<(f64, f64)> {
        let rate = self.counts.rate()?;
        Some(wilson(rate, self.evidence(rate)))
    }

    /// How many independent answers would say as much.
    fn evidence(&self, rate: f64) -> f64 {
        let (all, clusters) = (self.counts.decided() as f64, self.clusters.len() as f64);
        if self.clusters.len() as u64 == self.counts.decided() {
            return all;
        }
        let off = |&(passed, of): &(u32, u32)| (f64::from(passed) - rate * f64::from(of)).powi(2);
        let spread: f64 = self.clusters.values().map(off).sum();
        let variance = spread / (all * all) * clusters / (clusters - 1.0);
        if variance > 0.0 { (rate * (1.0 - rate) / variance).clamp(1.0, all) } else { clusters }
    }

    /// The time that so many in 100 answers took at most.
    pub fn elapsed(&self, percent: usize) -> Option<u64> {
        let mut sorted = self.elapsed.clone();
        let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        if sorted.is_empty() {
            return None;
        }
        Some(*sorted.select_nth_unstable(at).1)
    }
}

fn hashed(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The interval of Wilson, at 95 in 100, for a rate among so many.
fn wilson(rate: f64, count: f64) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let (z2, below) = (Z * Z, 1.0 + Z * Z / count);
    let centre = (rate + z2 / (2.0 * count)) / below;
    let half = Z * (rate * (1.0 - rate) / count + z2 / (4.0 * count * count)).sqrt() / below;
    // None and all are bounds that rounding must not miss.
    let low = if rate == 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if rate == 1.0 { 1.0 } else { (centre + half).min(1.0) };
    (low, high)
}

/// One that did not pass, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub case: String,
    pub column: Column,
    pub repeat: u32,
    pub verdict: Verdict,
    /// The check that says so, unless there was no answer.
    pub check: Option<String>,
    pub reason: String,
}

impl Fault {
    /// None if the line passed.
    pub fn of(line: &Line) -> Option<Fault> {
        if line.verdict == Verdict::Passed {
            return None;
        }
        let to_blame = line.checks.iter().filter(|check| check.verdict == line.verdict);
        let check = to_blame.max_by(|a, b| a.weight.total_cmp(&b.weight).then(std::cmp::Ordering::Greater));
        let no_answer = line.answer.is_none().then(|| line.trouble.clone()).flatten();
        let (check, reason) = match (no_answer, check) {
            (Some(trouble), _) => (None, trouble),
            (None, Some(check)) => (Some(check.name.clone()), check.reason.clone()),
            (None, None) => (None, line.trouble.clone().unwrap_or_else(|| score(line.score))),
        };
        let column = Column::of(&line.about);
        let (case, repeat) = (line.about.case.clone(), line.about.repeat);
        Some(Fault { case, column, repeat, verdict: line.verdict, check, reason })
    }
}

fn score(score: Option<f64>) -> String {
    score.map_or_else(|| "no reason is given".to_owned(), |score| format!("the score of all checks is {score:.2}"))
}

#[derive(Debug, Clone)]
struct Repeats {
    case: String,
    column: Column,
    counts: Counts,
}

impl Tally {
    /// Nothing yet; of those that will not pass, so many are kept.
    pub fn keeping(most: usize) -> Tally {
        Tally { most, ..Tally::default() }
    }

    /// Take in a line. Lines come in the order of results: by case, prompt, model and repeat.
    pub fn add(&mut self, line: &Line, moment: Option<&Moment>) {
        let column = Column::of(&line.about);
        self.total.add(line, moment);
        match self.columns.get_mut(&column) {
            Some(sum) => sum.add(line, moment),
            None => self.columns.entry(column.clone()).or_default().add(line, moment),
        }
        if self.faults.len() < self.most {
            self.faults.extend(Fault::of(line));
        }
        self.repeat(line, column);
    }

    fn repeat(&mut self, line: &Line, column: Column) {
        let goes_on = self.repeats.as_ref().is_some_and(|run| run.case == line.about.case && run.column == column);
        if !goes_on {
            self.repeats = Some(Repeats { case: line.about.case.clone(), column, counts: Counts::default() });
        }
        let Some(run) = &mut self.repeats else { return };
        let before = run.counts.passed.min(run.counts.failed);
        run.counts.add(line.verdict);
        if before == 0 && run.counts.passed.min(run.counts.failed) == 1 {
            self.total.flaky += 1;
            if let Some(sum) = self.columns.get_mut(&run.column) {
                sum.flaky += 1;
            }
        }
    }

    /// Take in all of them.
    pub fn of<'l>(lines: impl IntoIterator<Item = &'l Line>, most: usize) -> Tally {
        let mut tally = Tally::keeping(most);
        lines.into_iter().for_each(|line| tally.add(line, None));
        tally
    }

    /// How many did not pass and are not among the faults.
    pub fn more_faults(&self) -> u64 {
        (self.total.counts.failed + self.total.counts.undecided).saturating_sub(self.faults.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(case: &str, model: &str, repeat: u32, verdict: Verdict) -> Line {
        let value = match verdict {
            Verdict::Passed => Some(1.0),
            Verdict::Failed => Some(0.0),
            Verdict::Undecided => None,
        };
        let check = Checked {
            name: "contains".into(),
            verdict,
            value,
            weight: 1.0,
            metric: Some("hit".into()),
            reason: "it does not contain `x`".into(),
            parts: Vec::new(),
        };
        let about = About { case: case.into(), prompt: "p".into(), model: model.into(), repeat, ..About::default() };
        Line { about, answer: Some(Default::default()), trouble: None, checks: vec![check], verdict, score: value }
    }

    fn near(one: (f64, f64), other: (f64, f64)) {
        assert!((one.0 - other.0).abs() < 1e-6 && (one.1 - other.1).abs() < 1e-6, "{one:?} is not {other:?}");
    }

    #[test]
    fn intervals_are_those_of_the_books() {
        near(wilson(17.0 / 20.0, 20.0), (0.639581, 0.947631));
        near(wilson(0.85, 1000.0), (0.826531, 0.870790));
        near(wilson(1.0, 5.0), (0.565518, 1.0));
        near(wilson(0.0, 10.0), (0.0, 0.277533));
    }

    #[test]
    fn undecided_lines_are_no_failures_and_no_passes() {
        use Verdict::{Failed, Passed, Undecided};
        let lines = [line("a", "m", 1, Passed), line("b", "m", 1, Failed), line("c", "m", 1, Undecided)];
        let tally = Tally::of(&lines, 1);
        let counts = tally.total.counts;
        assert_eq!((counts.passed, counts.failed, counts.undecided, counts.rate()), (1, 1, 1, Some(0.5)));
        assert_eq!((tally.total.score.mean(), tally.total.score.unknown), (Some(0.5), 1));
        assert_eq!(tally.faults[0].reason, "it does not contain `x`");
        assert_eq!(tally.more_faults(), 1);
        assert_eq!(tally.total.metrics["hit"].mean(), Some(0.5));
    }

    #[test]
    fn repeats_that_agree_are_no_new_evidence() {
        use Verdict::{Failed, Passed};
        let verdict = |case: u32| if case < 8 { Passed } else { Failed };
        let once: Vec<Line> = (0..10).map(|case| line(&case.to_string(), "m", 1, verdict(case))).collect();
        let thrice: Vec<Line> =
            (0..30).map(|at| line(&(at / 3).to_string(), "m", at % 3 + 1, verdict(at / 3))).collect();
        let width = |lines: &[Line]| {
            let (low, high) = Tally::of(lines, 0).total.interval().expect("there are lines");
            high - low
        };
        assert!((width(&thrice) - width(&once)).abs() < 0.03, "{} and {}", width(&thrice), width(&once));
        assert_eq!(Tally::of(&thrice, 0).total.flaky, 0);
        let all: Vec<Line> = (0..30).map(|at| line(&(at / 3).to_string(), "m", at % 3 + 1, Passed)).collect();
        near(Tally::of(&all, 0).total.interval().expect("there are lines"), wilson(1.0, 10.0));
    }

    #[test]
    fn cases_that_pass_only_now_and_then_are_counted_once() {
        use Verdict::{Failed, Passed};
        let lines = [line("a", "m", 1, Passed), line("a", "m", 2, Failed), line("a", "m", 3, Failed)];
        let tally = Tally::of(&lines, 9);
        assert_eq!(tally.total.flaky, 1);
        assert_eq!(tally.columns.values().next().map(|sum| sum.flaky), Some(1));
    }

    #[test]
    fn the_reason_is_the_first_of_the_checks_that_weigh_most() {
        let mut line = line("a", "m", 1, Verdict::Failed);
        let mut light = line.checks[0].clone();
        (light.name, light.weight) = ("light".into(), 0.1);
        let second = Checked { name: "second".into(), ..line.checks[0].clone() };
        line.checks = vec![light, line.checks[0].clone(), second];
        assert_eq!(Fault::of(&line).and_then(|fault| fault.check).as_deref(), Some("contains"));
    }

    #[test]
    fn times_are_read_off_at_their_rank() {
        let sum = Sum { elapsed: (1..=20).collect(), ..Sum::default() };
        assert_eq!((sum.elapsed(50), sum.elapsed(95), Sum::default().elapsed(95)), (Some(10), Some(19), None));
    }
}
