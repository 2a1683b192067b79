//! How far raters agree, people or judges, and what a judged rate is worth once it is known how its judge errs.

use std::collections::BTreeMap;

use super::Interval;
use super::distributions::normal;

/// Two raters over the same things: how often one said this where the other said that. What is not rated by both is
/// left out by the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct Confusion<L> {
    labels: Vec<L>,
    /// By the first rater's label, then by the second's.
    counts: Vec<Vec<u64>>,
}

impl<L: Ord + Clone> Confusion<L> {
    pub fn of(pairs: impl IntoIterator<Item = (L, L)>) -> Confusion<L> {
        let pairs: Vec<(L, L)> = pairs.into_iter().collect();
        let mut labels: Vec<L> = pairs.iter().flat_map(|(first, second)| [first.clone(), second.clone()]).collect();
        labels.sort();
        labels.dedup();
        let place = |label: &L| labels.binary_search(label).expect("every label is in the list made of them");
        let mut counts = vec![vec![0; labels.len()]; labels.len()];
        for (first, second) in &pairs {
            counts[place(first)][place(second)] += 1;
        }
        Confusion { labels, counts }
    }

    /// In order.
    pub fn labels(&self) -> &[L] {
        &self.labels
    }

    pub fn count(&self, first: &L, second: &L) -> u64 {
        match (self.labels.binary_search(first), self.labels.binary_search(second)) {
            (Ok(row), Ok(column)) => self.counts[row][column],
            _ => 0,
        }
    }

    pub fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// The share of things on which both said the same. None if there are none.
    pub fn agreement(&self) -> Option<f64> {
        let total = self.total();
        let same: u64 = (0..self.labels.len()).map(|at| self.counts[at][at]).sum();
        (total > 0).then(|| same as f64 / total as f64)
    }

    /// Cohen's kappa: agreement beyond what two such raters reach by chance. None if chance alone makes them agree
    /// always, which says nothing of them.
    pub fn kappa(&self) -> Option<f64> {
        self.weighted(|row, column| f64::from(u8::from(row != column)))
    }

    /// Kappa for labels in an order, where a miss by two steps is four times as bad as a miss by one.
    pub fn quadratic_kappa(&self) -> Option<f64> {
        self.weighted(|row, column| row.abs_diff(column).pow(2) as f64)
    }

    fn weighted(&self, distance: impl Fn(usize, usize) -> f64) -> Option<f64> {
        let total = self.total() as f64;
        let rows: Vec<u64> = self.counts.iter().map(|row| row.iter().sum()).collect();
        let columns: Vec<u64> = (0..rows.len()).map(|at| self.counts.iter().map(|row| row[at]).sum()).collect();
        let (mut seen, mut expected) = (0.0, 0.0);
        for (row, counts) in self.counts.iter().enumerate() {
            for (column, count) in counts.iter().enumerate() {
                seen += distance(row, column) * *count as f64;
                expected += distance(row, column) * rows[row] as f64 * columns[column] as f64 / total;
            }
        }
        (expected > 0.0).then(|| 1.0 - seen / expected)
    }
}

/// What a rating is, which says how far two of them are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Names: the same or not.
    Nominal,
    /// Places in an order.
    Ordinal,
    /// Numbers.
    Interval,
}

/// Krippendorff's alpha of any number of raters, each of whom may have left things out: a list of ratings for each
/// thing. 1 is full agreement, 0 what chance gives. None if fewer than two ratings can be compared or all are alike.
pub fn alpha(things: &[Vec<f64>], scale: Scale) -> Option<f64> {
    let things: Vec<&Vec<f64>> = things.iter().filter(|ratings| ratings.len() > 1).collect();
    let mut values: Vec<f64> = things.iter().flat_map(|ratings| ratings.iter().copied()).collect();
    let all = values.len() as f64;
    values.sort_by(f64::total_cmp);
    let mut counted: Vec<(f64, f64)> = Vec::new();
    for value in values {
        match counted.last_mut() {
            Some((last, count)) if *last == value => *count += 1.0,
            _ => counted.push((value, 1.0)),
        }
    }
    let distances = Distances { counted: &counted, scale };
    let seen: f64 = things.iter().map(|ratings| distances.within(ratings)).sum::<f64>() / all;
    let expected = distances.among_all() / (all * (all - 1.0));
    (expected > 0.0).then(|| 1.0 - seen / expected)
}

/// How far ratings are apart, given how often each is used.
struct Distances<'a> {
    counted: &'a [(f64, f64)],
    scale: Scale,
}

impl Distances<'_> {
    /// Over all ordered pairs of one thing's ratings; each rating counts once however many there are.
    fn within(&self, ratings: &[f64]) -> f64 {
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        for rating in ratings {
            let place = self.counted.partition_point(|(value, _)| value < rating);
            *counts.entry(place).or_default() += 1.0;
        }
        let pairs = counts.iter().flat_map(|first| counts.iter().map(move |second| (first, second)));
        let sum: f64 = pairs.map(|((a, m), (b, n))| m * n * self.between(*a, *b)).sum();
        sum / (ratings.len() as f64 - 1.0)
    }

    fn among_all(&self) -> f64 {
        let counts = self.counted;
        (0..counts.len())
            .flat_map(|a| (0..counts.len()).map(move |b| (a, b)))
            .map(|(a, b)| counts[a].1 * counts[b].1 * self.between(a, b))
            .sum()
    }

    fn between(&self, a: usize, b: usize) -> f64 {
        let (low, high) = (a.min(b), a.max(b));
        match self.scale {
            _ if low == high => 0.0,
            Scale::Nominal => 1.0,
            Scale::Interval => (self.counted[high].0 - self.counted[low].0).powi(2),
            Scale::Ordinal => {
                let between: f64 = self.counted[low..=high].iter().map(|(_, count)| count).sum();
                (between - (self.counted[low].1 + self.counted[high].1) / 2.0).powi(2)
            }
        }
    }
}

/// How a judge that says yes or no does against people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calibration {
    /// Of what people passed: passed and failed by the judge.
    pub true_pass: u64,
    pub false_fail: u64,
    /// Of what people failed.
    pub false_pass: u64,
    pub true_fail: u64,
}

impl Calibration {
    /// Pairs of what people say and what the judge says.
    pub fn of(pairs: impl IntoIterator<Item = (bool, bool)>) -> Calibration {
        let mut all = Calibration::default();
        for pair in pairs {
            match pair {
                (true, true) => all.true_pass += 1,
                (true, false) => all.false_fail += 1,
                (false, true) => all.false_pass += 1,
                (false, false) => all.true_fail += 1,
            }
        }
        all
    }

    /// The share of good answers that the judge passes. None if people passed none.
    pub fn sensitivity(&self) -> Option<f64> {
        share(self.true_pass, self.false_fail)
    }

    /// The share of bad answers that the judge fails. None if people failed none.
    pub fn specificity(&self) -> Option<f64> {
        share(self.true_fail, self.false_pass)
    }

    /// The rate that people would give, after Rogan and Gladen, where the judge passed `passed` of `judged` answers;
    /// with an interval that knows that the judge's errors are themselves only measured. None if the judge does no
    /// better than chance, as nothing follows from what it says then.
    pub fn correct(&self, passed: u64, judged: u64, confidence: f64) -> Option<(f64, Interval)> {
        let (sensitivity, specificity) = (self.sensitivity()?, self.specificity()?);
        let rate = share(passed, judged.checked_sub(passed)?)?;
        let skill = sensitivity + specificity - 1.0;
        let corrected = rogan_gladen(rate, sensitivity, specificity)?;
        let variance = |p: f64, n: u64| p * (1.0 - p) / n as f64;
        let error = (variance(rate, judged)
            + corrected.powi(2) * variance(sensitivity, self.true_pass + self.false_fail)
            + (1.0 - corrected).powi(2) * variance(specificity, self.true_fail + self.false_pass))
        .sqrt()
            / skill;
        let reach = normal::quantile((1.0 + confidence) / 2.0) * error;
        Some((corrected, Interval::around(corrected, reach).clamped(0.0, 1.0)))
    }
}

/// The true rate behind a judged one. None if the judge does no better than chance.
pub fn rogan_gladen(judged: f64, sensitivity: f64, specificity: f64) -> Option<f64> {
    let skill = sensitivity + specificity - 1.0;
    (skill > 0.0).then(|| ((judged + specificity - 1.0) / skill).clamp(0.0, 1.0))
}

fn share(part: u64, rest: u64) -> Option<f64> {
    (part + rest > 0).then(|| part as f64 / (part + rest) as f64)
}

#[cfg(test)]
mod tests {
    use super::super::near;
    use super::*;

    #[test]
    fn kappa_is_agreement_beyond_chance() {
        let pairs = [((1, 1), 3), ((1, 0), 1), ((0, 1), 1), ((0, 0), 5)];
        let table = Confusion::of(pairs.iter().flat_map(|(pair, count)| vec![*pair; *count]));
        near(table.agreement().unwrap(), 0.8);
        near(table.kappa().unwrap(), 0.583_333_333_333);
        near(table.quadratic_kappa().unwrap(), 0.583_333_333_333);
        assert_eq!((table.count(&1, &0), table.count(&2, &0), table.labels()), (1, 0, &[0, 1][..]));
    }

    #[test]
    fn raters_who_say_but_one_thing_have_no_kappa() {
        assert_eq!(Confusion::of([("a", "a"), ("a", "a")]).kappa(), None);
        assert_eq!(Confusion::<u8>::of([]).agreement(), None);
        near(Confusion::of([("a", "b"), ("b", "a")]).kappa().unwrap(), -1.0);
    }

    #[test]
    fn quadratic_kappa_forgives_near_misses() {
        let near_miss = Confusion::of([(1, 1), (2, 2), (3, 3), (4, 4), (1, 2)]);
        let far_miss = Confusion::of([(1, 1), (2, 2), (3, 3), (4, 4), (1, 4)]);
        near(near_miss.kappa().unwrap(), 0.56 / 0.76);
        assert!(near_miss.quadratic_kappa() > near_miss.kappa());
        assert!(far_miss.quadratic_kappa() < near_miss.quadratic_kappa());
    }

    #[test]
    fn alpha_of_three_raters_with_one_odd() {
        let things = vec![vec![1.0; 3], vec![1.0; 3], vec![2.0; 3], vec![2.0, 2.0, 1.0]];
        for scale in [Scale::Nominal, Scale::Ordinal, Scale::Interval] {
            near(alpha(&things, scale).unwrap(), 1.0 - 132.0 / 420.0);
        }
    }

    /// The worked example of Krippendorff 2011: four observers, twelve units, ratings left out.
    #[test]
    fn alpha_with_gaps() {
        let things: Vec<Vec<f64>> = ["1 1 1", "2 2 3 2", "3 3 3 3", "3 3 3 3", "2 2 2 2", "1 2 3 4", "4 4 4 4"]
            .iter()
            .chain(&["1 1 2 1", "2 2 2 2", "5 5 5", "1 1", "3"])
            .map(|unit| unit.split(' ').map(|rating| rating.parse().unwrap()).collect())
            .collect();
        let of = |scale| (alpha(&things, scale).unwrap() * 1000.0).round() / 1000.0;
        assert_eq!([of(Scale::Nominal), of(Scale::Ordinal), of(Scale::Interval)], [0.743, 0.815, 0.849]);
    }

    #[test]
    fn alpha_needs_something_to_compare() {
        assert_eq!(alpha(&[], Scale::Nominal), None);
        assert_eq!(alpha(&[vec![1.0], vec![2.0]], Scale::Nominal), None);
        assert_eq!(alpha(&[vec![1.0, 1.0]], Scale::Nominal), None);
    }

    #[test]
    fn a_judged_rate_is_corrected_by_what_the_judge_misses() {
        near(rogan_gladen(0.7, 0.9, 0.8).unwrap(), 0.5 / 0.7);
        near(rogan_gladen(0.05, 0.9, 0.8).unwrap(), 0.0);
        assert_eq!(rogan_gladen(0.7, 0.5, 0.5), None);
        let judge = Calibration { true_pass: 90, false_fail: 10, false_pass: 20, true_fail: 80 };
        let (rate, interval) = judge.correct(700, 1000, 0.95).unwrap();
        near(rate, 0.714_285_714_286);
        assert!(interval.low > 0.6 && interval.low < rate && interval.high > rate && interval.high < 0.83);
        assert_eq!(Calibration::of([(true, true), (false, false)]).correct(2, 1, 0.95), None);
        assert_eq!(Calibration::of([(true, true)]).correct(1, 1, 0.95), None);
    }
}
