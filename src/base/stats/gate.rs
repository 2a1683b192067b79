//! Whether something became worse than it may: yes, no, or not to be told yet.

use super::power::Aim;
use super::{Interval, Mean};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Even the worst that the interval allows is no worse than the margin.
    Pass,
    /// The interval holds both what may be and what may not.
    Inconclusive,
    /// Even the best that the interval allows is worse than the margin.
    Regression,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Inconclusive => "inconclusive",
            Verdict::Regression => "regression",
        }
    }
}

/// Read a verdict from the interval of the difference, where larger is better. What has no interval is inconclusive.
pub fn verdict(interval: Option<Interval>, margin: f64) -> Verdict {
    match interval {
        Some(interval) if interval.high < -margin => Verdict::Regression,
        Some(interval) if interval.low >= -margin => Verdict::Pass,
        _ => Verdict::Inconclusive,
    }
}

/// How many cases in all it takes to tell, if the difference stays as it is seen. None if no number does, as it lies on
/// the margin, or if nothing is known of its error.
pub fn cases_needed(difference: f64, variance: f64, margin: f64, aim: Aim) -> Option<u64> {
    aim.cases(variance, difference + margin)
}

/// The variance of single differences that makes an error what it is, clusters and all.
pub fn variance(mean: &Mean) -> Option<f64> {
    Some(mean.error?.powi(2) * mean.n as f64)
}

#[cfg(test)]
mod tests {
    use super::super::near;
    use super::*;

    #[test]
    fn three_exits() {
        let of = |low, high| verdict(Some(Interval { low, high }), 0.02);
        assert_eq!(of(-0.1, -0.03), Verdict::Regression);
        assert_eq!(of(-0.1, -0.02), Verdict::Inconclusive);
        assert_eq!(of(-0.1, 0.3), Verdict::Inconclusive);
        assert_eq!(of(-0.02, 0.3), Verdict::Pass);
        assert_eq!(of(0.1, 0.3), Verdict::Pass);
        assert_eq!(verdict(None, 0.02), Verdict::Inconclusive);
        assert!(Verdict::Regression > Verdict::Inconclusive && Verdict::Inconclusive > Verdict::Pass);
    }

    #[test]
    fn the_nearer_to_the_margin_the_more_cases() {
        let needed = |difference| cases_needed(difference, 0.1, 0.02, Aim::default());
        assert_eq!((needed(0.01), needed(-0.05), needed(-0.02)), (Some(873), Some(873), None));
        assert!(needed(0.0) > needed(0.05));
        near(variance(&Mean::of(&[0.0, 1.0, 0.0, 1.0]).unwrap()).unwrap(), 1.0 / 3.0);
    }
}
