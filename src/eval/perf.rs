//! How a prompt does with a model, over all answers that are known: shares, means and how sure they are, time and cost.

use std::collections::BTreeMap;

use crate::base::stats::clusters::rate_interval;
use crate::base::stats::variance::Split;
use crate::base::stats::{Interval, Mean, repeats};
use crate::model::Money;
use crate::model::results::{Line, Moment};
use crate::model::score::Verdict;

const CONFIDENCE: f64 = 0.95;

/// Answers, each once.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// By case and repeat.
    known: BTreeMap<(String, u32), One>,
}

#[derive(Debug, Clone)]
struct One {
    key: String,
    cluster: String,
    verdict: Verdict,
    score: Option<f64>,
    tokens: Option<(u64, u64)>,
    elapsed_ms: Option<u64>,
    /// Some(None) if it is known that nobody knows.
    cost: Option<Option<Money>>,
}

/// What the answers come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub cases: u64,
    pub passed: u64,
    pub failed: u64,
    pub undecided: u64,
    /// Of the decided ones. None if there are none.
    pub rate: Option<f64>,
    pub rate_interval: Option<Interval>,
    pub score: Option<Mean>,
    pub score_interval: Option<Interval>,
    /// Milliseconds within which so many in 100 answers came, of those whose time is known.
    pub timed: u64,
    pub p50_ms: Option<u64>,
    pub p95_ms: Option<u64>,
    /// Means, of those that a service counted.
    pub input_tokens: Option<f64>,
    pub output_tokens: Option<f64>,
    /// Of those whose price is known, together; and how many these are, and how many have none.
    pub cost: Option<Money>,
    pub priced: u64,
    pub unpriced: u64,
    pub repeats: Option<Repeats>,
}

/// What several answers to the same case tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeats {
    /// Cases with several decided answers, and those among them that do not agree.
    pub cases: u64,
    pub flaky: u64,
    /// So many answers each of these cases has at least.
    pub k: u64,
    /// The chance that one of `k` passes, and that all do; on average over these cases.
    pub pass_at_k: f64,
    pub pass_all_k: f64,
    /// Of scores.
    pub split: Option<Split>,
}

impl Answers {
    /// Take in an answer. Of several to the same case and repeat the first counts; the same answer may come again with what
    /// is known of its moment.
    pub fn add(&mut self, suite: &str, line: &Line, moment: Option<&Moment>) {
        let about = &line.about;
        let params = serde_json::to_string(&about.params).expect("a map is JSON");
        let place = (format!("{suite}\n{}\n{params}", about.case), about.repeat);
        let cluster = if about.cluster.is_empty() { &about.case } else { &about.cluster };
        let one = self.known.entry(place).or_insert_with(|| One {
            key: about.key.clone(),
            cluster: format!("{suite}\n{cluster}"),
            verdict: line.verdict,
            score: line.score.filter(|_| line.verdict != Verdict::Undecided),
            tokens: line.answer.as_ref().and_then(|answer| Some((answer.input_tokens?, answer.output_tokens?))),
            elapsed_ms: None,
            cost: None,
        });
        if let Some(moment) = moment.filter(|_| one.key == about.key && one.cost.is_none()) {
            one.elapsed_ms = line.answer.is_some().then_some(moment.elapsed_ms);
            one.cost = Some(moment.cost);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub fn summary(&self) -> Summary {
        let count = |verdict: Verdict| self.known.values().filter(|one| one.verdict == verdict).count() as u64;
        let (passed, failed) = (count(Verdict::Passed), count(Verdict::Failed));
        let decided: Vec<(bool, &str)> = self
            .known
            .values()
            .filter(|one| one.verdict != Verdict::Undecided)
            .map(|one| (one.verdict == Verdict::Passed, one.cluster.as_str()))
            .collect();
        let scores: Vec<(f64, &str)> =
            self.known.values().filter_map(|one| Some((one.score?, one.cluster.as_str()))).collect();
        let score = Mean::clustered(&scores);
        let mut elapsed: Vec<u64> = self.known.values().filter_map(|one| one.elapsed_ms).collect();
        elapsed.sort_unstable();
        let tokens: Vec<(u64, u64)> = self.known.values().filter_map(|one| one.tokens).collect();
        let costs: Vec<Option<Money>> = self.known.values().filter_map(|one| one.cost).collect();
        let priced = costs.iter().flatten().count() as u64;
        Summary {
            cases: self.cases().len() as u64,
            passed,
            failed,
            undecided: count(Verdict::Undecided),
            rate: (passed + failed > 0).then(|| passed as f64 / (passed + failed) as f64),
            rate_interval: rate_interval(&decided, CONFIDENCE),
            // Scores that are all alike show no error, which does not mean that there is none.
            score_interval: score
                .filter(|score| score.error.is_some_and(|error| error > 0.0))
                .and_then(|score| score.interval(CONFIDENCE))
                .map(|interval| interval.clamped(0.0, 1.0)),
            score,
            timed: elapsed.len() as u64,
            p50_ms: rank(&elapsed, 50),
            p95_ms: rank(&elapsed, 95),
            input_tokens: mean(tokens.iter().map(|tokens| tokens.0)),
            output_tokens: mean(tokens.iter().map(|tokens| tokens.1)),
            cost: (priced > 0).then(|| costs.iter().flatten().copied().sum()),
            priced,
            unpriced: costs.len() as u64 - priced,
            repeats: self.repeats(),
        }
    }

    fn cases(&self) -> BTreeMap<&str, Vec<&One>> {
        let mut cases: BTreeMap<&str, Vec<&One>> = BTreeMap::new();
        for ((case, _), one) in &self.known {
            cases.entry(case).or_default().push(one);
        }
        cases
    }

    fn repeats(&self) -> Option<Repeats> {
        let cases = self.cases();
        let verdicts = |ones: &Vec<&One>| -> (u64, u64) {
            let decided = ones.iter().filter(|one| one.verdict != Verdict::Undecided);
            let passed = ones.iter().filter(|one| one.verdict == Verdict::Passed).count() as u64;
            (passed, decided.count() as u64)
        };
        let several: Vec<(u64, u64)> = cases.values().map(verdicts).filter(|(_, n)| *n > 1).collect();
        let k = several.iter().map(|(_, n)| *n).min()?;
        let on_average = |chance: fn(u64, u64, u64) -> Option<f64>| {
            several.iter().filter_map(|(passed, n)| chance(k, *passed, *n)).sum::<f64>() / several.len() as f64
        };
        let scores: Vec<Vec<f64>> =
            cases.values().map(|ones| ones.iter().filter_map(|one| one.score).collect()).collect();
        Some(Repeats {
            cases: several.len() as u64,
            flaky: several.iter().filter(|(passed, n)| repeats::is_flaky(*passed, *n)).count() as u64,
            k,
            pass_at_k: on_average(repeats::pass_at),
            pass_all_k: on_average(repeats::pass_all),
            split: Split::of(&scores),
        })
    }
}

/// The least value that so many in 100 do not exceed.
fn rank(sorted: &[u64], percent: usize) -> Option<u64> {
    sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied()
}

fn mean(values: impl ExactSizeIterator<Item = u64>) -> Option<f64> {
    let n = values.len() as f64;
    (n > 0.0).then(|| values.sum::<u64>() as f64 / n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::results::{About, Given};

    fn add(answers: &mut Answers, case: &str, repeat: u32, verdict: Verdict, moment: Option<(u64, Option<&str>)>) {
        let about = About { case: case.into(), key: format!("{case}{repeat}"), repeat, ..About::default() };
        let answer = Given { input_tokens: Some(10), output_tokens: Some(u64::from(repeat)), ..Given::default() };
        let score = match verdict {
            Verdict::Passed => Some(1.0),
            Verdict::Failed => Some(0.0),
            Verdict::Undecided => None,
        };
        let moment = moment.map(|(elapsed_ms, cost)| Moment {
            key: about.key.clone(),
            elapsed_ms,
            cost: cost.and_then(Money::parse),
            ..Moment::default()
        });
        let line = Line { about, answer: Some(answer), trouble: None, checks: Vec::new(), verdict, score };
        answers.add("s", &line, moment.as_ref());
    }

    #[test]
    fn sums_and_what_is_not_known() {
        let mut answers = Answers::default();
        add(&mut answers, "a", 1, Verdict::Passed, None);
        add(&mut answers, "a", 1, Verdict::Passed, Some((40, Some("0.02"))));
        add(&mut answers, "b", 1, Verdict::Failed, Some((20, None)));
        add(&mut answers, "c", 1, Verdict::Undecided, None);
        let summary = answers.summary();
        assert_eq!((summary.cases, summary.passed, summary.failed, summary.undecided), (3, 1, 1, 1));
        assert_eq!((summary.rate, summary.score.map(|score| score.n)), (Some(0.5), Some(2)));
        assert_eq!((summary.timed, summary.p50_ms, summary.p95_ms), (2, Some(20), Some(40)));
        assert_eq!((summary.cost, summary.priced, summary.unpriced), (Money::parse("0.02"), 1, 1));
        assert_eq!((summary.input_tokens, summary.output_tokens, summary.repeats), (Some(10.0), Some(1.0), None));
        assert_eq!(Answers::default().summary().rate, None);
    }

    #[test]
    fn repeats_tell_where_noise_comes_from() {
        let mut answers = Answers::default();
        for (case, verdicts) in [("a", "110"), ("b", "111"), ("c", "000")] {
            for (repeat, verdict) in (1..).zip(verdicts.chars()) {
                let verdict = if verdict == '1' { Verdict::Passed } else { Verdict::Failed };
                add(&mut answers, case, repeat, verdict, None);
            }
        }
        let summary = answers.summary();
        let repeats = summary.repeats.unwrap();
        assert_eq!((repeats.cases, repeats.flaky, repeats.k), (3, 1, 3));
        assert!((repeats.pass_at_k - 2.0 / 3.0).abs() < 1e-12 && (repeats.pass_all_k - 1.0 / 3.0).abs() < 1e-12);
        let within = repeats.split.unwrap().within.unwrap();
        assert!((within - 2.0 / 18.0).abs() < 1e-12, "{within}");
        let width = summary.rate_interval.map(|interval| interval.high - interval.low).unwrap();
        let alone = crate::base::stats::intervals::wilson(5, 9, 0.95);
        assert!(width > alone.high - alone.low, "nine answers to three cases are no nine cases");
    }
}
