//! Two versions over the same cases. What is hard about a case is hard for both, so differences case by case tell more
//! than two means.

use super::distributions::{normal, t};
use super::{Interval, Mean};

/// One case: before and after, and which cases it belongs with.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair<C> {
    pub base: f64,
    pub head: f64,
    pub cluster: C,
}

impl<C> Pair<C> {
    pub fn delta(&self) -> f64 {
        self.head - self.base
    }
}

/// How much better the second is: the mean of the differences, with what tells how far off it is.
pub fn difference<C: Ord>(pairs: &[Pair<C>]) -> Option<Mean> {
    let deltas: Vec<(f64, &C)> = pairs.iter().map(|pair| (pair.delta(), &pair.cluster)).collect();
    Mean::clustered(&deltas)
}

/// The interval of the difference. Where every case only passed or failed, a few cases that all agree show no spread,
/// and an interval made of their spread would be certain of what it cannot know. So one better and one worse case are
/// added there, after Bonett and Price; a cluster counts as a case if its cases are all alike.
pub fn interval<C: Ord>(pairs: &[Pair<C>], confidence: f64) -> Option<Interval> {
    let mean = difference(pairs)?;
    let clustered = mean.freedom + 1.0 < mean.n as f64;
    let still = pairs.iter().all(|pair| pair.delta() == 0.0);
    if clustered && !still {
        return mean.interval(confidence).map(|interval| interval.clamped(-1.0, 1.0));
    }
    if !pairs.iter().all(|pair| [-1.0, 0.0, 1.0].contains(&pair.delta())) {
        return mean.interval(confidence).map(|interval| interval.clamped(-1.0, 1.0));
    }
    let count = |sign: f64| pairs.iter().filter(|pair| pair.delta() == sign).count() as f64;
    Some(bonett_price(count(1.0), count(-1.0), mean.freedom + 1.0, confidence))
}

fn bonett_price(better: f64, worse: f64, n: f64, confidence: f64) -> Interval {
    let (better, worse, n) = ((better + 1.0) / (n + 2.0), (worse + 1.0) / (n + 2.0), n + 2.0);
    let delta = better - worse;
    let error = ((better + worse - delta * delta) / n).sqrt();
    Interval::around(delta, normal::quantile((1.0 + confidence) / 2.0) * error).clamped(-1.0, 1.0)
}

/// The difference of two means of different cases, after Welch, for what cannot be paired. None with fewer than two
/// values on a side.
pub fn unpaired(base: &[f64], head: &[f64]) -> Option<Mean> {
    let (base, head) = (Mean::of(base)?, Mean::of(head)?);
    let (a, b) = (base.error?.powi(2), head.error?.powi(2));
    let freedom = (a + b).powi(2) / (a * a / (base.n as f64 - 1.0) + b * b / (head.n as f64 - 1.0));
    Some(Mean {
        n: base.n + head.n,
        mean: head.mean - base.mean,
        spread: (base.spread.powi(2) + head.spread.powi(2)).sqrt(),
        error: Some((a + b).sqrt()),
        freedom: if freedom.is_nan() { (base.n + head.n) as f64 - 2.0 } else { freedom },
    })
}

/// The t value of a mean, for those who want to see it.
pub fn t_value(mean: &Mean) -> Option<f64> {
    Some(mean.mean / mean.error?)
}

/// How likely so large a difference is if there is none, from a t value.
pub fn p_of(t_value: f64, freedom: f64) -> f64 {
    t::outside(t_value, freedom)
}

#[cfg(test)]
mod tests {
    use super::super::close;
    use super::*;

    /// 15 and 12 of 20 pass; four were won and one was lost.
    fn twenty() -> Vec<Pair<usize>> {
        let cases = [(0.0, 1.0); 4].into_iter().chain([(1.0, 0.0)]).chain([(1.0, 1.0); 11]).chain([(0.0, 0.0); 4]);
        cases.enumerate().map(|(cluster, (base, head))| Pair { base, head, cluster }).collect()
    }

    #[test]
    fn pairs_tell_more_than_two_means() {
        let mean = difference(&twenty()).unwrap();
        close(mean.mean, 0.15);
        close(mean.error.unwrap(), 0.109424);
        close(t_value(&mean).unwrap(), 1.370810);
        close(mean.p(0.0).unwrap(), 0.186411);
        let interval = mean.interval(0.95).unwrap();
        close(interval.low, -0.079028);
        close(interval.high, 0.379028);
        let (base, head): (Vec<f64>, Vec<f64>) = twenty().iter().map(|pair| (pair.base, pair.head)).unzip();
        let apart = unpaired(&base, &head).unwrap();
        close(apart.error.unwrap(), 0.15);
        close(apart.p(0.0).unwrap(), 0.323731);
    }

    #[test]
    fn cases_that_all_agree_leave_doubt() {
        let still =
            |n: usize| -> Vec<Pair<usize>> { (0..n).map(|cluster| Pair { base: 1.0, head: 1.0, cluster }).collect() };
        let few = interval(&still(5), 0.95).unwrap();
        close(few.low, -0.395973);
        close(few.high, 0.395973);
        assert!(interval(&still(300), 0.95).unwrap().low > -0.01);
        let one_document: Vec<Pair<usize>> = still(300).into_iter().map(|pair| Pair { cluster: 0, ..pair }).collect();
        assert!(interval(&one_document, 0.95).unwrap().low < -0.5);
    }

    #[test]
    fn wins_and_losses_after_bonett_and_price() {
        let interval = interval(&twenty(), 0.95).unwrap();
        close(interval.low, -0.092353);
        close(interval.high, 0.365080);
    }

    #[test]
    fn grades_are_taken_as_they_are() {
        let pairs: Vec<Pair<usize>> = [0.1, 0.2, 0.15, 0.05]
            .iter()
            .enumerate()
            .map(|(cluster, head)| Pair { base: 0.0, head: *head, cluster })
            .collect();
        assert_eq!(interval(&pairs, 0.95), difference(&pairs).unwrap().interval(0.95));
        assert_eq!(interval(&pairs[..1], 0.95), None);
    }
}
