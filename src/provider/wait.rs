//! How long a service wants to be left alone, in every form in which services say it. There is no clock here: a moment
//! counts from the time that the answer itself carries.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::base::http::Response;

/// What the headers say, the most exact form first.
pub fn retry_after(response: &Response) -> Option<Duration> {
    let millis = || response.header("retry-after-ms").and_then(|text| seconds(text).map(|wait| wait / 1000));
    let plain = || response.header("retry-after").and_then(|text| seconds(text).or_else(|| until(text, response)));
    millis().or_else(plain)
}

/// When the next window of a spent allowance begins: the longest wait of those of which nothing remains.
pub fn allowance(response: &Response) -> Option<Duration> {
    let wait = |kind: &str| {
        let spent = response.header(&format!("x-ratelimit-remaining{kind}")).is_none_or(|left| left.trim() == "0");
        let reset = response.header(&format!("x-ratelimit-reset{kind}")).filter(|_| spent)?;
        span(reset).or_else(|| moment(reset, response))
    };
    ["-requests", "-tokens", ""].into_iter().filter_map(wait).max()
}

/// Whether the service says itself that another try makes sense.
pub fn should_retry(response: &Response) -> Option<bool> {
    match response.header("x-should-retry")?.trim() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A number of seconds, perhaps with a fraction.
pub fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// A span such as `6m0s`, `1.5s` or `20ms`. Its units fall, as they do for all who write so.
pub fn span(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        let seconds = match unit {
            "d" => 86400.0,
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        total += Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()?;
        rest = after;
    }
    Some(total)
}

/// The time from the answer to a date, as HTTP writes it or as RFC 3339 does. Nothing if the answer has no date itself.
pub fn until(text: &str, response: &Response) -> Option<Duration> {
    from(date(text)?, response)
}

/// A moment as a number of seconds or milliseconds since 1970, or else a number of seconds from now.
fn moment(text: &str, response: &Response) -> Option<Duration> {
    let number: i64 = text.trim().parse().ok()?;
    match number {
        1_000_000_000_000.. => from(Timestamp::from_millisecond(number).ok()?, response),
        1_000_000_000.. => from(Timestamp::from_second(number).ok()?, response),
        _ => u64::try_from(number).ok().map(Duration::from_secs),
    }
}

fn from(moment: Timestamp, response: &Response) -> Option<Duration> {
    let sent = date(response.header("date")?)?;
    Some(Duration::try_from(moment.duration_since(sent)).unwrap_or_default())
}

fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let http = || rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    http().or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Response { status: 429, headers, body: Vec::new() }
    }

    fn wait(headers: &[(&str, &str)]) -> Option<f64> {
        retry_after(&response(headers)).map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn every_form_of_retry_after() {
        let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        assert_eq!(wait(&[("retry-after", "7")]), Some(7.0));
        assert_eq!(wait(&[("retry-after", "0.5")]), Some(0.5));
        assert_eq!(wait(&[("retry-after-ms", "250"), ("retry-after", "7")]), Some(0.25));
        assert_eq!(wait(&[("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT"), date]), Some(30.0));
        assert_eq!(wait(&[("retry-after", "2026-10-21T07:29:00Z"), date]), Some(60.0));
        assert_eq!(wait(&[("retry-after", "Wed, 21 Oct 2026 07:27:00 GMT"), date]), Some(0.0));
        assert_eq!(wait(&[("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT")]), None);
        assert_eq!(wait(&[("retry-after", "-1")]), None);
        assert_eq!(wait(&[("retry-after", "soon")]), None);
    }

    #[test]
    fn spans_have_units() {
        let seconds = |text: &str| span(text).map(|span| span.as_secs_f64());
        assert_eq!(seconds("6m0s"), Some(360.0));
        assert_eq!(seconds("1s"), Some(1.0));
        assert_eq!(seconds("20ms"), Some(0.02));
        assert_eq!(seconds("1h2m3.5s"), Some(3723.5));
        assert_eq!([seconds(""), seconds("5"), seconds("s"), seconds("5 x")], [None; 4]);
    }

    #[test]
    fn the_spent_allowance_counts() {
        let spent = [
            ("x-ratelimit-remaining-requests", "12"),
            ("x-ratelimit-reset-requests", "9m"),
            ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset-tokens", "20ms"),
        ];
        assert_eq!(allowance(&response(&spent)), Some(Duration::from_millis(20)));
        let moment = [("x-ratelimit-reset", "1792567690000"), ("date", "Wed, 21 Oct 2026 07:28:00 GMT")];
        assert_eq!(allowance(&response(&moment)), Some(Duration::from_secs(10)));
        assert_eq!(allowance(&response(&[])), None);
    }
}
