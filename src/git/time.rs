//! A moment as git keeps it.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::base::{Error, Result};

/// Seconds since 1970, and how far the clock of whoever made the commit was from UTC, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Time {
    pub seconds: i64,
    pub offset: i32,
}

impl Time {
    /// What somebody typed, as git reads dates: `2026-01-31`, `2 weeks ago`. In seconds since 1970.
    pub fn parse(text: &str, now: Timestamp) -> Result<i64> {
        let now = now.to_zoned(Offset::UTC.to_time_zone());
        gix::date::parse(text, Some(now)).map(|time| time.seconds).map_err(|error| {
            Error::usage(format!("`{text}` is no date")).because(error).hint("write it as 2026-01-31 or `2 weeks ago`")
        })
    }

    /// `2026-01-31T12:00:00+01:00`
    pub fn iso(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%:z")
    }

    /// `2026-01-31`
    pub fn day(self) -> String {
        self.format("%Y-%m-%d")
    }

    /// `2026-01-31 12:00`
    pub fn minute(self) -> String {
        self.format("%Y-%m-%d %H:%M")
    }

    /// Commits can claim any number for a time; those that no calendar has are shown as the nearest that it has.
    fn format(self, form: &str) -> String {
        let seconds = self.seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        let moment = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        let offset = Offset::from_seconds(self.offset).unwrap_or(Offset::UTC);
        moment.to_zoned(offset.to_time_zone()).strftime(form).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_by_its_makers_clock() {
        let time = Time { seconds: 1_769_860_800, offset: 3600 };
        assert_eq!(time.iso(), "2026-01-31T13:00:00+01:00");
        assert_eq!((time.day(), time.minute()), ("2026-01-31".into(), "2026-01-31 13:00".into()));
        let odd = Time { seconds: i64::MAX, offset: i32::MAX };
        assert_eq!(odd.day(), "9999-12-30");
    }
}
