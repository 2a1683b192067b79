//! Where noise comes from: cases that differ from each other, or answers to the same case that do.

use super::intervals::moments;

/// What the error of a mean over cases is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    pub cases: u64,
    /// Answers to a case, on average.
    pub repeats: f64,
    /// Between cases, as their means would differ if each were asked for ever. None with fewer than two cases.
    pub between: Option<f64>,
    /// Within a case. None if no case was asked twice.
    pub within: Option<f64>,
}

impl Split {
    /// Of the values of each case. None if there are none.
    pub fn of(cases: &[Vec<f64>]) -> Option<Split> {
        let cases: Vec<&Vec<f64>> = cases.iter().filter(|values| !values.is_empty()).collect();
        let n = cases.len() as f64;
        let answers: usize = cases.iter().map(|values| values.len()).sum();
        let each: Vec<(f64, f64)> = cases.iter().filter_map(|values| moments(values)).collect();
        let means: Vec<f64> = each.iter().map(|(mean, _)| *mean).collect();
        let (_, squares) = moments(&means)?;
        let freedom = answers as f64 - n;
        let within = (freedom > 0.0).then(|| each.iter().map(|(_, squares)| squares).sum::<f64>() / freedom);
        // The means of cases carry the noise within them, by how often each was asked.
        let carried = cases.iter().map(|values| 1.0 / values.len() as f64).sum::<f64>() / n;
        let between = (cases.len() > 1).then(|| (squares / (n - 1.0) - within.unwrap_or(0.0) * carried).max(0.0));
        Some(Split { cases: cases.len() as u64, repeats: answers as f64 / n, between, within })
    }

    /// The variance of the mean with so many cases and answers to each.
    pub fn of_mean(&self, cases: f64, repeats: f64) -> Option<f64> {
        Some((self.between? + self.within.unwrap_or(0.0) / repeats) / cases)
    }

    /// The share of the mean's variance that more repeats could take away.
    pub fn share_within(&self) -> Option<f64> {
        let within = self.within? / self.repeats;
        let all = self.between? + within;
        (all > 0.0).then(|| within / all)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Dice, near};
    use super::*;

    #[test]
    fn noise_of_answers_and_of_cases() {
        let steady = Split::of(&[vec![1.0, 1.0], vec![0.0, 0.0], vec![1.0, 1.0]]).unwrap();
        assert_eq!((steady.within, steady.share_within()), (Some(0.0), Some(0.0)));
        near(steady.between.unwrap(), 1.0 / 3.0);
        near(steady.of_mean(3.0, 2.0).unwrap(), 1.0 / 9.0);
        let coins = Split::of(&[vec![1.0, 0.0], vec![0.0, 1.0], vec![1.0, 0.0]]).unwrap();
        assert_eq!((coins.between, coins.share_within()), (Some(0.0), Some(1.0)));
        near(coins.within.unwrap(), 0.5);
    }

    #[test]
    fn what_cannot_be_told_is_not_told() {
        assert_eq!(Split::of(&[]), None);
        let once = Split::of(&[vec![1.0], vec![0.0]]).unwrap();
        assert_eq!((once.within, once.between), (None, Some(0.5)));
        assert_eq!(Split::of(&[vec![1.0, 0.0]]).unwrap().between, None);
    }

    #[test]
    fn planted_variances_are_found() {
        let mut dice = Dice::new(11);
        let cases: Vec<Vec<f64>> = (0..4000)
            .map(|_| dice.normal() * 2.0)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|mean| (0..3).map(|_| mean + dice.normal()).collect())
            .collect();
        let split = Split::of(&cases).unwrap();
        assert!((split.between.unwrap() - 4.0).abs() < 0.2 && (split.within.unwrap() - 1.0).abs() < 0.05, "{split:?}");
    }
}
