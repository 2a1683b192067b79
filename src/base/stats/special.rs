//! The functions under the distributions, each to about thirteen digits.

use std::f64::consts::PI;

/// The logarithm of the gamma function of a positive number: Stirling's series, which wants a number above ten; below
/// it, the recurrence leads there.
pub fn ln_gamma(x: f64) -> f64 {
    let mut shift = 0.0;
    let mut x = x;
    while x < 12.0 {
        shift += x.ln();
        x += 1.0;
    }
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + stirling(x) - shift
}

/// What Stirling's formula lacks: B(2k) / (2k (2k-1) x^(2k-1)) summed.
fn stirling(x: f64) -> f64 {
    const TERMS: [f64; 7] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    let square = x * x;
    TERMS.iter().rev().fold(0.0, |sum, term| sum / square + term) / x
}

/// The share of a beta distribution below `x`, and above it: each exact where it is tiny.
pub fn beta_shares(a: f64, b: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x >= 1.0 {
        return (1.0, 0.0);
    }
    // The fraction settles quickly only on this side of the mean.
    if x <= (a + 1.0) / (a + b + 2.0) {
        let below = beta_tail(a, b, x, (-x).ln_1p());
        (below, 1.0 - below)
    } else {
        let above = beta_tail(b, a, 1.0 - x, x.ln());
        (1.0 - above, above)
    }
}

/// `rest` is the logarithm of 1 - x, which the caller knows more exactly.
fn beta_tail(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    let front = a * x.ln() + b * rest + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
    (front.exp() / (a * beta_fraction(a, b, x))).min(1.0)
}

/// The continued fraction of the incomplete beta function, from the front (Lentz).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    lentz(1.0, |step| {
        let m = f64::from(step / 2);
        let numerator = match step % 2 {
            0 => m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            _ => -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        };
        (numerator, 1.0)
    })
}

/// The share of a gamma distribution with shape `a` below `x`, and above it: each exact where it is tiny.
pub fn gamma_shares(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let below = (front * gamma_series(a, x)).min(1.0);
        (below, 1.0 - below)
    } else {
        let fraction = lentz(x + 1.0 - a, |step| {
            let n = f64::from(step);
            (-n * (n - a), x + 1.0 - a + 2.0 * n)
        });
        let above = (front / fraction).min(1.0);
        (1.0 - above, above)
    }
}

fn gamma_series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
    while term > sum * f64::EPSILON / 4.0 {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum
}

/// b0 + a1 / (b1 + a2 / (b2 + …)), where `part` gives (a, b) of each step from 1.
fn lentz(first: f64, part: impl Fn(u32) -> (f64, f64)) -> f64 {
    // Stands for zero, which would be divided by.
    const TINY: f64 = 1e-300;
    let solid = |x: f64| if x.abs() < TINY { TINY } else { x };
    let mut value = solid(first);
    let (mut up, mut down) = (value, 0.0);
    for step in 1..100_000 {
        let (a, b) = part(step);
        down = 1.0 / solid(b + a * down);
        up = solid(b + a / up);
        let change = up * down;
        value *= change;
        if (change - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

/// Where a function that grows from below `target` to above it reaches it, between two ends, to the last digit.
pub fn solve(mut low: f64, mut high: f64, target: f64, grows: impl Fn(f64) -> f64) -> f64 {
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if grows(middle) < target { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::super::near;
    use super::*;

    #[test]
    fn gamma_of_whole_and_half_numbers() {
        near(ln_gamma(1.0), 0.0);
        near(ln_gamma(0.5), PI.sqrt().ln());
        near(ln_gamma(11.0), 3_628_800_f64.ln());
        near(ln_gamma(171.0), 706.573_062_245_787_4);
        near(ln_gamma(0.001), 6.907_178_885_383_854);
    }

    #[test]
    fn shares_of_beta_are_exact_in_both_tails() {
        let (below, above) = beta_shares(2.0, 3.0, 0.25);
        near(below, 0.261_718_75);
        near(above, 0.738_281_25);
        near(beta_shares(50.0, 2.0, 0.1).0 / 4.6e-49, 1.0);
        assert_eq!(beta_shares(2.0, 3.0, 0.0), (0.0, 1.0));
        assert_eq!(beta_shares(2.0, 3.0, 1.0), (1.0, 0.0));
    }

    #[test]
    fn shares_of_gamma_with_shape_one_are_exponential() {
        for x in [0.1, 1.0, 5.0, 40.0] {
            near(gamma_shares(1.0, x).1 / (-x).exp(), 1.0);
        }
    }
}
