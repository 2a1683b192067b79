//! Tests and intervals that assume nothing of how values are spread: flip signs, or draw anew. For few cases and odd scores.

use super::{Dice, Interval};

/// Up to here, all ways to flip are tried.
const EXACT: usize = 16;
pub const ROUNDS: u32 = 10_000;

/// How likely so large a sum of differences is if each could as well have had the other sign: exact for up to sixteen,
/// drawn for more. Differences of one cluster are to be summed before.
pub fn sign_flips(differences: &[f64], seed: u64) -> f64 {
    let sum: f64 = differences.iter().sum();
    // Sums that differ only by rounding are the same.
    let bar = sum.abs() - 1e-9 * differences.iter().map(|d| d.abs()).sum::<f64>();
    if differences.len() <= EXACT {
        let ways = 1u32 << differences.len();
        let hits = (0..ways).filter(|signs| signed(differences, u64::from(*signs)).abs() >= bar).count();
        return hits as f64 / f64::from(ways);
    }
    let mut dice = Dice::new(seed);
    let mut round = || -> f64 { differences.chunks(64).map(|part| signed(part, dice.bits())).sum() };
    let hits = (0..ROUNDS).filter(|_| round().abs() >= bar).count();
    (1.0 + hits as f64) / f64::from(1 + ROUNDS)
}

fn signed(differences: &[f64], signs: u64) -> f64 {
    let signed = |(at, d): (usize, &f64)| if signs >> at & 1 == 0 { *d } else { -d };
    differences.iter().enumerate().map(signed).sum()
}

/// The interval of a mean by drawing anew from its values (percentiles). `clusters` are drawn as wholes; values that
/// stand for themselves are clusters of one. None if there is nothing to draw from.
pub fn bootstrap(clusters: &[Vec<f64>], confidence: f64, seed: u64) -> Option<Interval> {
    let sums: Vec<(f64, usize)> = clusters.iter().map(|values| (values.iter().sum(), values.len())).collect();
    if sums.iter().all(|(_, n)| *n == 0) {
        return None;
    }
    let mut dice = Dice::new(seed);
    let mut means: Vec<f64> = Vec::with_capacity(ROUNDS as usize);
    while means.len() < ROUNDS as usize {
        let (mut sum, mut n) = (0.0, 0);
        for _ in 0..sums.len() {
            let (more, many) = sums[dice.below(sums.len())];
            sum += more;
            n += many;
        }
        if n > 0 {
            means.push(sum / n as f64);
        }
    }
    means.sort_by(f64::total_cmp);
    let tail = (1.0 - confidence) / 2.0;
    Some(Interval { low: percentile(&means, tail), high: percentile(&means, 1.0 - tail) })
}

/// The value below which a share of sorted values lies, between two of them where it falls between.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::super::{Mean, near};
    use super::*;

    #[test]
    fn few_differences_are_tried_in_all_ways() {
        near(sign_flips(&[1.0, 1.0, 1.0], 0), 0.25);
        near(sign_flips(&[0.5; 8], 0), 2.0 / 256.0);
        near(sign_flips(&[0.1, 0.2, -0.3], 0), 1.0);
        near(sign_flips(&[], 0), 1.0);
        // Fourteen ways of 256 sum to 28 of 36 or more in either direction.
        near(sign_flips(&[8.0, 7.0, 6.0, 5.0, 4.0, -3.0, 2.0, -1.0], 0), 14.0 / 256.0);
    }

    #[test]
    fn of_many_differences_some_ways_are_drawn() {
        let mut dice = Dice::new(3);
        let noise: Vec<f64> = (0..40).map(|_| dice.normal()).collect();
        let shifted: Vec<f64> = noise.iter().map(|d| d + 0.25).collect();
        for values in [&noise, &shifted] {
            let by_t = Mean::of(values).unwrap().p(0.0).unwrap();
            assert!((sign_flips(values, 1) - by_t).abs() < 0.02, "{by_t} and {}", sign_flips(values, 1));
        }
        assert_eq!(sign_flips(&noise, 1), sign_flips(&noise, 1));
        near(sign_flips(&[1.0; 70], 1), 1.0 / 10_001.0);
    }

    #[test]
    fn bootstrap_is_near_student_for_well_behaved_values() {
        let mut dice = Dice::new(5);
        let values: Vec<f64> = (0..200).map(|_| dice.normal()).collect();
        let single: Vec<Vec<f64>> = values.iter().map(|value| vec![*value]).collect();
        let drawn = bootstrap(&single, 0.95, 1).unwrap();
        let known = Mean::of(&values).unwrap().interval(0.95).unwrap();
        assert!((drawn.low - known.low).abs() < 0.02 && (drawn.high - known.high).abs() < 0.02);
        assert_eq!(bootstrap(&single, 0.95, 1), bootstrap(&single, 0.95, 1));
    }

    #[test]
    fn clusters_are_drawn_as_wholes() {
        let apart: Vec<Vec<f64>> = (0..20).map(|at| vec![f64::from(at % 2)]).collect();
        let together: Vec<Vec<f64>> = (0..4).map(|at| vec![f64::from(at % 2); 5]).collect();
        let width = |clusters: &[Vec<f64>]| bootstrap(clusters, 0.9, 1).map(|i| i.high - i.low).unwrap();
        assert!(width(&together) > 1.5 * width(&apart));
        assert_eq!(bootstrap(&[], 0.95, 1), None);
    }

    #[test]
    fn percentiles_lie_between() {
        near(percentile(&[1.0, 2.0, 3.0, 4.0], 0.5), 2.5);
        near(percentile(&[1.0], 0.95), 1.0);
    }
}
