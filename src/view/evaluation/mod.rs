//! What came of an evaluation, for people, forges, spreadsheets and programs. All of them read the same sums, so their
//! numbers agree.

pub mod csv;
pub mod findings;
pub mod heat;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod page;
pub mod text;
pub mod trend;

use std::fmt::Display;

use crate::eval::tally::{Counts, Known, Sum};
use crate::model::{Money, Verdict};

/// The sums of one prompt with one model, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cells {
    /// `17/20`
    pass: String,
    /// `85 %`
    rate: String,
    /// `64–95 %`
    interval: String,
    score: String,
    undecided: String,
    tokens: String,
    /// Empty if nobody knows anything of costs, as for results that were kept.
    cost: String,
}

impl Cells {
    fn of(sum: &Sum) -> Cells {
        let counts = sum.counts;
        Cells {
            pass: format!("{}/{}", counts.passed, counts.decided()),
            rate: rate(&counts),
            interval: sum.interval().map_or_else(|| "–".into(), interval),
            score: sum.score.mean().map_or_else(|| "–".into(), |mean| format!("{mean:.2}")),
            undecided: counts.undecided.to_string(),
            tokens: tokens(sum),
            cost: cost(sum),
        }
    }
}

/// The first line of every report.
pub fn verdict(suite: &str, sum: &Sum) -> String {
    format!("{suite}: {}", outcome(sum))
}

/// The same without a name.
pub fn outcome(sum: &Sum) -> String {
    let counts = sum.counts;
    if counts.all() == 0 {
        return "no answers".into();
    }
    let range = sum.interval().map(|range| format!(", 95 % {}", interval(range))).unwrap_or_default();
    let passed = match counts.decided() {
        0 => "nothing could be decided".to_owned(),
        decided => format!("{} of {decided} pass ({}{range})", counts.passed, rate(&counts)),
    };
    let undecided = if counts.undecided > 0 { format!(", {} undecided", counts.undecided) } else { String::new() };
    let flaky = if sum.flaky > 0 { format!(", {} flaky", sum.flaky) } else { String::new() };
    format!("{passed}{undecided}{flaky}")
}

/// A share in whole percent; all and none are said only if it is all or none.
pub fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    match () {
        () if rounded >= 100.0 && share < 1.0 => ">99 %".into(),
        () if rounded <= 0.0 && share > 0.0 => "<1 %".into(),
        () => format!("{rounded:.0} %"),
    }
}

pub fn interval((low, high): (f64, f64)) -> String {
    format!("{:.0}–{:.0} %", (low * 100.0).floor(), (high * 100.0).ceil())
}

fn rate(counts: &Counts) -> String {
    counts.rate().map_or_else(|| "–".into(), percent)
}

/// `12k → 3.4k`, of which some may not be known.
fn tokens(sum: &Sum) -> String {
    let side = |side: &Known<u64>| known(side, short(side.sum));
    match (sum.input_tokens.known, sum.output_tokens.known) {
        (0, 0) => "–".into(),
        _ => format!("{} → {}", side(&sum.input_tokens), side(&sum.output_tokens)),
    }
}

/// What answers and judges cost together.
fn cost(sum: &Sum) -> String {
    let both = Known {
        sum: sum.cost.sum + sum.judged.sum,
        known: sum.cost.known + sum.judged.known,
        unknown: sum.cost.unknown + sum.judged.unknown,
    };
    if both.known + both.unknown == 0 { String::new() } else { money(&both) }
}

pub fn money(money: &Known<Money>) -> String {
    known(money, money.sum.to_string())
}

/// A sum that lacks something says so.
fn known<T>(value: &Known<T>, shown: impl Display) -> String {
    match (value.known, value.unknown) {
        (0, 1..) => "unknown".into(),
        (_, 1..) => format!("over {shown}"),
        _ => shown.to_string(),
    }
}

/// A number in three or four signs.
fn short(number: u64) -> String {
    let scaled = |unit: f64, sign: &str| {
        let value = number as f64 / unit;
        if value < 9.95 { format!("{value:.1}{sign}") } else { format!("{value:.0}{sign}") }
    };
    match number {
        0..=999 => number.to_string(),
        1_000..=999_499 => scaled(1e3, "k"),
        999_500..=999_499_999 => scaled(1e6, "M"),
        _ => scaled(1e9, "G"),
    }
}

fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "✓",
        Verdict::Failed => "✗",
        Verdict::Undecided => "?",
    }
}

pub fn counted(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_and_none_are_said_only_where_they_are_true() {
        assert_eq!([1.0, 0.9999, 0.5, 0.0001, 0.0].map(percent), ["100 %", ">99 %", "50 %", "<1 %", "0 %"]);
        assert_eq!(interval((0.565_518, 1.0)), "56–100 %");
    }

    #[test]
    fn what_is_not_known_is_not_free() {
        let cost = |sum, known, unknown| money(&Known { sum: Money::parse(sum).unwrap_or_default(), known, unknown });
        assert_eq!(cost("0.0021", 2, 0), "$0.0021");
        assert_eq!(cost("0.0021", 2, 1), "over $0.0021");
        assert_eq!(cost("0", 0, 3), "unknown");
    }

    #[test]
    fn large_numbers_stay_short() {
        assert_eq!(
            [0, 999, 1_000, 12_345, 999_499, 999_500, 45_000_000].map(short),
            ["0", "999", "1.0k", "12k", "999k", "1.0M", "45M"]
        );
    }
}
