//! One measure on both sides: the difference case by case, and how sure it is.

use super::{Both, Measure};
use crate::base::stats::flips::Flips;
use crate::base::stats::gate::{self, Verdict};
use crate::base::stats::paired::{self, Pair};
use crate::base::stats::power::Aim;
use crate::base::stats::{Interval, Mean, resample};

#[derive(Debug, Clone, PartialEq)]
pub struct Delta {
    pub measure: Measure,
    /// Cases that have it on both sides.
    pub cases: u64,
    /// Fewer than cases if some belong together.
    pub clusters: u64,
    /// The means over these cases.
    pub base: f64,
    pub head: f64,
    pub delta: f64,
    /// Of the difference. None if too little is known.
    pub interval: Option<Interval>,
    pub p: Option<f64>,
    pub test: Test,
    /// p, where it is one of many.
    pub adjusted: Option<f64>,
}

/// Where p comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Cases pass or fail, and each stands for itself.
    McNemar,
    /// Few values.
    SignFlips,
    Student,
}

impl Test {
    pub fn word(self) -> &'static str {
        match self {
            Test::McNemar => "McNemar",
            Test::SignFlips => "sign flips",
            Test::Student => "paired t",
        }
    }
}

/// Up to so many values, all ways to flip their signs are tried, instead of trusting that they are many.
const FEW: usize = 16;

/// The values of both sides, case by case.
#[derive(Default)]
pub(super) struct Pairs<'a>(Vec<Pair<&'a str>>);

impl<'a> Pairs<'a> {
    pub fn of(both: &[Both<'a>], measure: &Measure) -> Pairs<'a> {
        let pair = |(_, before, after): &Both<'a>| {
            Some(Pair { base: before.mean(measure)?, head: after.mean(measure)?, cluster: after.cluster.as_str() })
        };
        Pairs(both.iter().filter_map(pair).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn delta(&self, measure: &Measure, confidence: f64) -> Option<Delta> {
        let mean = paired::difference(&self.0)?;
        let n = self.0.len() as f64;
        let (p, test) = self.p(&mean);
        Some(Delta {
            measure: measure.clone(),
            cases: mean.n,
            clusters: mean.freedom as u64 + 1,
            base: self.0.iter().map(|pair| pair.base).sum::<f64>() / n,
            head: self.0.iter().map(|pair| pair.head).sum::<f64>() / n,
            delta: mean.mean,
            interval: paired::interval(&self.0, confidence),
            p,
            test,
            adjusted: None,
        })
    }

    fn p(&self, mean: &Mean) -> (Option<f64>, Test) {
        let apart = mean.freedom + 1.0 == mean.n as f64;
        if apart && self.0.iter().all(|pair| is_whole(pair.base) && is_whole(pair.head)) {
            let flips = Flips::of(self.0.iter().map(|pair| (pair.base == 1.0, pair.head == 1.0)));
            return (Some(flips.p()), Test::McNemar);
        }
        let sums = self.sums();
        if sums.len() <= FEW {
            return (Some(resample::sign_flips(&sums, 0)), Test::SignFlips);
        }
        (mean.p(0.0), Test::Student)
    }

    /// Of the differences, by cluster.
    fn sums(&self) -> Vec<f64> {
        let mut sums = std::collections::BTreeMap::new();
        for pair in &self.0 {
            *sums.entry(pair.cluster).or_insert(0.0) += pair.delta();
        }
        sums.into_values().collect()
    }

    /// How many clusters came out better, and how many worse.
    pub fn signs(&self) -> (u64, u64) {
        let sums = self.sums();
        let count = |is: fn(f64) -> bool| sums.iter().filter(|sum| is(**sum)).count() as u64;
        (count(|sum| sum > 1e-9), count(|sum| sum < -1e-9))
    }

    /// Cases that are lacking, if those to come go as those that came.
    pub fn needed(&self, margin: f64, aim: Aim) -> Option<u64> {
        let mean = paired::difference(&self.0)?;
        let known = gate::cases_needed(mean.mean, gate::variance(&mean)?, margin, aim)?;
        Some(known.max(self.decisive(margin, aim)?).saturating_sub(mean.n).max(1))
    }

    /// How many of the same cases, over and over, decide. Without any flip the formula of power asks for none.
    fn decisive(&self, margin: f64, aim: Aim) -> Option<u64> {
        let still = self.0.iter().all(|pair| pair.delta() == 0.0);
        if !still {
            return Some(0);
        }
        let decides = |n: u64| {
            let pairs: Vec<Pair<u64>> = (0..n).map(|cluster| Pair { base: 0.0, head: 0.0, cluster }).collect();
            gate::verdict(paired::interval(&pairs, 1.0 - aim.alpha), margin) != Verdict::Inconclusive
        };
        let enough = (0..17).map(|power| 1u64 << power).find(|n| decides(*n))?;
        let (mut low, mut high) = (enough / 2, enough);
        while high - low > 1 {
            let middle = low.midpoint(high);
            if decides(middle) { high = middle } else { low = middle }
        }
        Some(high)
    }

    pub fn detectable(&self, aim: Aim) -> Option<f64> {
        let mean = paired::difference(&self.0)?;
        let seen = gate::variance(&mean)?;
        // Without any flip, as many are possible as the interval allows.
        let possible = 2.0 / (mean.freedom + 3.0) * mean.n as f64 / (mean.freedom + 1.0);
        aim.detectable(if seen > 0.0 { seen } else { possible }, mean.n)
    }
}

fn is_whole(value: f64) -> bool {
    value == 0.0 || value == 1.0
}
