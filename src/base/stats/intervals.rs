//! Means and rates, and how far off they may be.

use super::distributions::{beta, normal, t};

/// Between which two values something lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    pub fn around(middle: f64, reach: f64) -> Interval {
        Interval { low: middle - reach, high: middle + reach }
    }

    pub fn clamped(self, low: f64, high: f64) -> Interval {
        Interval { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }

    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A mean of measured values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    pub n: u64,
    pub mean: f64,
    /// How far single values lie from it (the sample's standard deviation). 0 for a single value.
    pub spread: f64,
    /// Its own standard error. None if nothing tells, as for a single value.
    pub error: Option<f64>,
    /// Of the distribution that the interval is read from.
    pub freedom: f64,
}

impl Mean {
    /// Of values that are independent of each other. None if there are none.
    pub fn of(values: &[f64]) -> Option<Mean> {
        let n = values.len() as f64;
        let (mean, squares) = moments(values)?;
        let spread = if values.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 };
        let error = (values.len() > 1).then(|| spread / n.sqrt());
        Some(Mean { n: values.len() as u64, mean, spread, error, freedom: n - 1.0 })
    }

    /// By Student's distribution. None if nothing tells how far off the mean is.
    pub fn interval(&self, confidence: f64) -> Option<Interval> {
        Some(Interval::around(self.mean, t::reach(confidence, self.freedom) * self.error?))
    }

    /// How likely so large a difference from `expected` is if there is none. None if nothing tells.
    pub fn p(&self, expected: f64) -> Option<f64> {
        let error = self.error?;
        let far = self.mean - expected;
        Some(if far == 0.0 { 1.0 } else { t::outside(far / error, self.freedom) })
    }
}

/// The mean, and the sum of squares around it.
pub(super) fn moments(values: &[f64]) -> Option<(f64, f64)> {
    if values.is_empty() {
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    Some((mean, values.iter().map(|value| (value - mean).powi(2)).sum()))
}

/// The interval of a rate, after Wilson: it never leaves 0 to 1 and is right for few cases as well. All of 0 to 1 if
/// there are none.
pub fn wilson(passed: u64, n: u64, confidence: f64) -> Interval {
    if n == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    wilson_of(passed as f64 / n as f64, n as f64, confidence)
}

/// As [`wilson`], for a rate that tells as much as so many independent cases would, as that of clusters does.
pub fn wilson_of(rate: f64, n: f64, confidence: f64) -> Interval {
    let p = rate;
    let z = normal::quantile((1.0 + confidence) / 2.0);
    let scale = 1.0 + z * z / n;
    let reach = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / scale;
    let interval = Interval::around((p + z * z / (2.0 * n)) / scale, reach);
    // At the ends the formula is exact, and only its rounding is not.
    Interval { low: if p == 0.0 { 0.0 } else { interval.low }, high: if p == 1.0 { 1.0 } else { interval.high } }
        .clamped(0.0, 1.0)
}

/// The interval of a rate, after Clopper and Pearson: never too narrow, often too wide.
pub fn clopper_pearson(passed: u64, n: u64, confidence: f64) -> Interval {
    let (k, rest, tail) = (passed as f64, (n - passed) as f64, (1.0 - confidence) / 2.0);
    Interval {
        low: if passed == 0 { 0.0 } else { beta::quantile(tail, k, rest + 1.0) },
        high: if passed == n { 1.0 } else { beta::quantile(1.0 - tail, k + 1.0, rest) },
    }
}

#[cfg(test)]
mod tests {
    use super::super::{close, near};
    use super::*;

    #[track_caller]
    fn is(interval: Interval, low: f64, high: f64) {
        close(interval.low, low);
        close(interval.high, high);
    }

    #[test]
    fn rates_after_wilson() {
        is(wilson(17, 20, 0.95), 0.639581, 0.947631);
        is(wilson(850, 1000, 0.95), 0.826531, 0.870790);
        is(wilson(5, 5, 0.95), 0.565518, 1.0);
        is(wilson(0, 10, 0.95), 0.0, 0.277533);
        is(wilson(1, 1, 0.95), 0.206549, 1.0);
        is(wilson(0, 0, 0.95), 0.0, 1.0);
    }

    #[test]
    fn rates_after_clopper_and_pearson() {
        is(clopper_pearson(17, 20, 0.95), 0.621073, 0.967929);
        is(clopper_pearson(0, 10, 0.95), 0.0, 0.308497);
        is(clopper_pearson(10, 10, 0.95), 0.691503, 1.0);
    }

    #[test]
    fn means_by_student() {
        let mean = Mean::of(&[1.0, 2.0, 3.0, 4.0]).unwrap();
        near(mean.mean, 2.5);
        near(mean.spread, (5.0_f64 / 3.0).sqrt());
        near(mean.error.unwrap(), (5.0_f64 / 12.0).sqrt());
        is(mean.interval(0.95).unwrap(), 0.445740, 4.554260);
    }

    #[test]
    fn a_single_value_tells_nothing_of_its_error() {
        let mean = Mean::of(&[0.5]).unwrap();
        assert_eq!((mean.mean, mean.error, mean.interval(0.95), mean.p(0.0)), (0.5, None, None, None));
        assert_eq!(Mean::of(&[]), None);
    }

    #[test]
    fn values_that_are_all_alike_leave_no_doubt_or_no_difference() {
        let mean = Mean::of(&[0.5, 0.5]).unwrap();
        assert_eq!((mean.p(0.5), mean.p(0.4)), (Some(1.0), Some(0.0)));
    }
}
