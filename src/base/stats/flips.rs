//! Cases that passed with one version and failed with the other (McNemar). The others tell nothing of which is better.

use super::distributions::{binomial, chi2};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flips {
    /// Passed before and fail now.
    pub worse: u64,
    /// Failed before and pass now.
    pub better: u64,
}

impl Flips {
    pub fn of(pairs: impl IntoIterator<Item = (bool, bool)>) -> Flips {
        let mut flips = Flips::default();
        for pair in pairs {
            match pair {
                (true, false) => flips.worse += 1,
                (false, true) => flips.better += 1,
                _ => {}
            }
        }
        flips
    }

    pub fn total(self) -> u64 {
        self.worse + self.better
    }

    /// How likely flips so one-sided are if both versions are as good as each other: exact.
    pub fn p(self) -> f64 {
        (2.0 * binomial::at_most(self.fewer(), self.total(), 0.5)).min(1.0)
    }

    /// The same with only half of what was seen counted as "so one-sided": the exact test is over-careful for few flips.
    pub fn mid_p(self) -> f64 {
        // As if by symmetry: where both sides are even, each tail holds the middle once.
        let p = 2.0 * binomial::at_most(self.fewer(), self.total(), 0.5);
        (p - binomial::exactly(self.fewer(), self.total(), 0.5)).min(1.0)
    }

    /// The statistic with correction for continuity, and its p: right for many flips. None if there are none.
    pub fn chi_squared(self) -> Option<(f64, f64)> {
        let apart = (self.worse.abs_diff(self.better) as f64 - 1.0).max(0.0);
        let value = (self.total() > 0).then(|| apart * apart / self.total() as f64)?;
        Some((value, chi2::above(value, 1.0)))
    }

    fn fewer(self) -> u64 {
        self.worse.min(self.better)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{close, near};
    use super::*;

    fn flips(worse: u64, better: u64) -> Flips {
        Flips { worse, better }
    }

    #[test]
    fn exact() {
        near(flips(4, 1).p(), 0.375);
        close(flips(10, 2).p(), 0.0385742);
        near(flips(8, 3).p(), 0.2265625);
        close(flips(25, 10).p(), 0.0166738);
        close(flips(40, 20).p(), 0.0134893);
        near(flips(1, 0).p(), 1.0);
        near(flips(0, 0).p(), 1.0);
        near(flips(2, 10).p(), flips(10, 2).p());
    }

    #[test]
    fn mid_p() {
        near(flips(4, 1).mid_p(), 0.21875);
        close(flips(10, 2).mid_p(), 0.0224609);
        close(flips(8, 3).mid_p(), 0.1459961);
        near(flips(0, 0).mid_p(), 1.0);
        near(flips(3, 3).mid_p(), 1.0);
    }

    #[test]
    fn with_many_flips() {
        let (value, p) = flips(25, 10).chi_squared().unwrap();
        near(value, 5.6);
        close(p, 0.0179605);
        assert_eq!(flips(0, 0).chi_squared(), None);
        assert_eq!(flips(1, 1).chi_squared(), Some((0.0, 1.0)));
    }

    #[test]
    fn pairs_are_counted() {
        let pairs = [(true, true), (true, false), (true, false), (false, true), (false, false)];
        assert_eq!(Flips::of(pairs), flips(2, 1));
    }
}
