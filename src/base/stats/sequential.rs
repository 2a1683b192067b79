//! Looking while the results come in. A p value that is looked at again and again finds something sooner or later; what
//! is here may be looked at after every case.

use super::Interval;
use super::distributions::binomial;
use super::special::{ln_gamma, solve};

/// Wald's test of a pass rate against two rates: good enough, or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sprt {
    /// Reached: the rate is `bad`.
    pub upper: f64,
    /// Reached: the rate is `good`.
    pub lower: f64,
    pub on_pass: f64,
    pub on_fail: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    Accept,
    Reject,
    GoOn,
}

impl Sprt {
    /// `alpha` is the chance to reject what is good, `beta` to accept what is bad.
    pub fn new(good: f64, bad: f64, alpha: f64, beta: f64) -> Sprt {
        Sprt {
            upper: ((1.0 - beta) / alpha).ln(),
            lower: (beta / (1.0 - alpha)).ln(),
            on_pass: (bad / good).ln(),
            on_fail: ((1.0 - bad) / (1.0 - good)).ln(),
        }
    }

    pub fn look(&self, passed: u64, failed: u64) -> Stop {
        let evidence = passed as f64 * self.on_pass + failed as f64 * self.on_fail;
        match evidence {
            _ if evidence >= self.upper => Stop::Reject,
            _ if evidence <= self.lower => Stop::Accept,
            _ => Stop::GoOn,
        }
    }
}

/// What wins of one side and losses say against "both are as good": at any moment, values of `1/alpha` and more come
/// with a chance of `alpha` at most if that is true. A bet on all shares of wins at once (Beta(1/2, 1/2)).
pub fn e_value(wins: u64, losses: u64) -> f64 {
    (ln_bet(wins, losses) + (wins + losses) as f64 * std::f64::consts::LN_2).exp()
}

/// Between which shares the true share of wins lies, whenever one looks.
pub fn share_interval(wins: u64, losses: u64, confidence: f64) -> Interval {
    let bar = ln_bet(wins, losses) + (1.0 - confidence).ln();
    let (won, lost) = (wins as f64, losses as f64);
    let held = |share: f64| -> f64 {
        let part = |n: f64, p: f64| if n == 0.0 { 0.0 } else { n * p.ln() };
        part(won, share) + part(lost, 1.0 - share)
    };
    let middle = if wins + losses == 0 { 0.5 } else { won / (won + lost) };
    Interval {
        low: if wins == 0 { 0.0 } else { solve(0.0, middle, bar, held) },
        high: if losses == 0 { 1.0 } else { solve(middle, 1.0, -bar, |share| -held(share)) },
    }
}

/// The chance of exactly this row of wins and losses under the bet.
fn ln_bet(wins: u64, losses: u64) -> f64 {
    let (won, lost) = (wins as f64 + 0.5, losses as f64 + 0.5);
    ln_gamma(won) + ln_gamma(lost) - ln_gamma(won + lost) - std::f64::consts::PI.ln()
}

/// The row of wins, without a loss, that is needed from here until the e-value reaches its bar.
pub fn wins_needed(wins: u64, losses: u64, alpha: f64) -> u64 {
    (0..)
        .find(|more| e_value(wins + more, losses) >= 1.0 / alpha)
        .expect("wins without a loss are evidence without end")
}

/// How likely so many passes or fewer are at this rate, for a gate that is looked at once.
pub fn at_most(passed: u64, n: u64, rate: f64) -> f64 {
    binomial::at_most(passed, n, rate)
}

#[cfg(test)]
mod tests {
    use super::super::{Dice, close, near};
    use super::*;

    #[test]
    fn five_straight_failures_reject_and_twenty_straight_passes_accept() {
        let test = Sprt::new(0.9, 0.8, 0.05, 0.1);
        close(test.upper, 2.890372);
        close(test.lower, -2.251292);
        close(test.on_pass, -0.117783);
        near(test.on_fail, std::f64::consts::LN_2);
        assert_eq!((test.look(0, 4), test.look(0, 5)), (Stop::GoOn, Stop::Reject));
        assert_eq!((test.look(19, 0), test.look(20, 0)), (Stop::GoOn, Stop::Accept));
    }

    #[test]
    fn e_values_of_short_rows() {
        near(e_value(0, 0), 1.0);
        near(e_value(1, 0), 1.0);
        near(e_value(2, 0), 1.5);
        near(e_value(1, 1), 0.5);
        near(e_value(3, 0), 2.5);
        near(e_value(5, 3), e_value(3, 5));
        near(e_value(7, 0), 3432.0 / 128.0);
        assert_eq!((wins_needed(0, 0, 0.05), wins_needed(8, 0, 0.05)), (7, 0));
    }

    #[test]
    fn the_share_of_wins_is_held_with_the_e_value() {
        for (wins, losses) in [(7, 0), (6, 0), (20, 5), (3, 3), (0, 0), (0, 8)] {
            let interval = share_interval(wins, losses, 0.95);
            assert_eq!(interval.holds(0.5), e_value(wins, losses) < 20.0, "{wins} {losses} {interval:?}");
            assert!((0.0..=1.0).contains(&interval.low) && interval.low < interval.high && interval.high <= 1.0);
        }
    }

    /// The same coins are looked at after each toss: the e-value keeps its word, and a p value does not.
    #[test]
    fn looking_often_raises_no_false_alarm() {
        let (mut alarms, mut by_p) = (0, 0);
        for seed in 0..500 {
            let mut dice = Dice::new(seed);
            let (mut wins, mut losses, mut alarm, mut p) = (0, 0, false, false);
            for look in 0..150 {
                if dice.happens(0.5) {
                    wins += 1;
                } else {
                    losses += 1;
                }
                alarm |= e_value(wins, losses) >= 20.0;
                p |= look % 15 == 14 && super::super::Flips { worse: losses, better: wins }.p() < 0.05;
            }
            alarms += u32::from(alarm);
            by_p += u32::from(p);
        }
        assert!(alarms <= 25, "{alarms} of 500");
        assert!(by_p > 50, "{by_p} of 500");
    }
}
