//! Money in whole numbers, so that a sum is the same in whatever order it is made.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// US dollars, in millionths of a millionth: prices per token have up to twelve places.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i128);

const PLACES: usize = 12;

impl Money {
    pub const ONE: Money = Money(1_000_000_000_000);

    /// A decimal number of dollars, as `0.15`, `3` or `1.5e-07`. None if it is none, or has more than twelve places.
    pub fn parse(text: &str) -> Option<Money> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (sign, number) = number.strip_prefix('-').map_or((1, number), |rest| (-1, rest));
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{part}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let shift = PLACES as i32 + exponent - part.len() as i32;
        let digits: i128 = digits.parse().ok()?;
        let power = 10_i128.checked_pow(shift.unsigned_abs());
        let amount = match shift {
            0.. => digits.checked_mul(power?)?,
            _ if digits == 0 => 0,
            _ if digits % power? == 0 => digits / power?,
            _ => return None,
        };
        Some(Money(sign * amount))
    }

    #[must_use]
    pub fn times(self, count: u64) -> Money {
        Money(self.0 * i128::from(count))
    }

    /// Exact, in as few digits as that takes: `0.00015`.
    pub fn exact(self) -> String {
        let unsigned = self.0.unsigned_abs();
        let one = Money::ONE.0.unsigned_abs();
        let part = format!("{:0width$}", unsigned % one, width = PLACES);
        let part = part.trim_end_matches('0');
        let sign = if self.0 < 0 { "-" } else { "" };
        let dot = if part.is_empty() { "" } else { "." };
        format!("{sign}{}{dot}{part}", unsigned / one)
    }
}

/// For people: `$0.0021`. At least two places, and as many as the first two digits that count need.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = self.exact();
        let (sign, exact) = exact.strip_prefix('-').map_or(("", exact.as_str()), |rest| ("-", rest));
        let (whole, part) = exact.split_once('.').unwrap_or((exact, ""));
        let zeros = part.len() - part.trim_start_matches('0').len();
        let places = if whole == "0" && zeros < part.len() { zeros + 2 } else { 2 };
        let part: String = part.chars().chain(std::iter::repeat('0')).take(places.max(2)).collect();
        write!(f, "{sign}${whole}.{part}")
    }
}

impl Add for Money {
    type Output = Money;

    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_numbers_are_exact() {
        let exact = |text: &str| Money::parse(text).map(Money::exact);
        assert_eq!(exact("0.15").as_deref(), Some("0.15"));
        assert_eq!(exact("1.5e-07").as_deref(), Some("0.00000015"));
        assert_eq!(exact("3").as_deref(), Some("3"));
        assert_eq!(exact("-2.50").as_deref(), Some("-2.5"));
        assert_eq!(exact("1e-12").as_deref(), Some("0.000000000001"));
        assert_eq!([exact("1e-13"), exact(""), exact("."), exact("1,5"), exact("NaN")], [const { None }; 5]);
    }

    #[test]
    fn people_read_two_digits_that_count() {
        let shown = |text: &str| Money::parse(text).expect("a number").to_string();
        assert_eq!(shown("0.002135"), "$0.0021");
        assert_eq!(shown("12.5"), "$12.50");
        assert_eq!(shown("0"), "$0.00");
        assert_eq!(shown("-0.4"), "-$0.40");
        assert_eq!(shown("0.00000015"), "$0.00000015");
    }
}
