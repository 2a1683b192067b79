//! How many cases it takes to see a difference, and what difference so many cases can show.

use super::distributions::normal;

/// How sure one wants to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    /// The chance of a false alarm, on both sides.
    pub alpha: f64,
    /// The chance to see a difference that is there.
    pub power: f64,
}

impl Default for Aim {
    fn default() -> Aim {
        Aim { alpha: 0.05, power: 0.8 }
    }
}

impl Aim {
    fn reach(self) -> f64 {
        normal::quantile(1.0 - self.alpha / 2.0) + normal::quantile(self.power)
    }

    /// Cases that are needed to see a difference, where differences case by case have this variance. None if the
    /// difference is none.
    pub fn cases(self, variance: f64, difference: f64) -> Option<u64> {
        let cases = self.reach().powi(2) * variance / difference.powi(2);
        (cases.is_finite() && cases < 1e15).then_some(cases.ceil() as u64)
    }

    /// The least difference that so many cases show. None without cases.
    pub fn detectable(self, variance: f64, cases: u64) -> Option<f64> {
        (cases > 0).then(|| self.reach() * (variance / cases as f64).sqrt())
    }
}

/// The variance of differences between pass and fail, where this share of cases flips.
pub fn flip_variance(flips: f64, difference: f64) -> f64 {
    flips - difference * difference
}

#[cfg(test)]
mod tests {
    use super::super::near;
    use super::*;

    #[test]
    fn cases_for_three_points() {
        let cases = |variance| Aim::default().cases(variance, 0.03);
        assert_eq!([cases(0.05), cases(0.1), cases(0.2), cases(0.5)], [Some(437), Some(873), Some(1745), Some(4361)]);
        assert_eq!(Aim::default().cases(0.1, 0.0), None);
    }

    #[test]
    fn what_two_hundred_cases_show() {
        let points = Aim::default().detectable(0.2, 200).unwrap() * 100.0;
        assert_eq!((points * 10.0).round() / 10.0, 8.9);
        assert_eq!(Aim::default().detectable(0.2, 0), None);
        near(flip_variance(0.2, 0.1), 0.19);
    }
}
