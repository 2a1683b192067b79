//! Requests and tokens per minute, kept to in every minute, wherever it begins.

use std::collections::VecDeque;
use std::time::Duration;

/// A minute, and a little more: requests that are sent a minute apart may arrive a little less than that apart.
pub const WINDOW: Duration = Duration::from_millis(60_250);

/// What was sent within the last minute, and what may be. Moments are counted from any beginning.
#[derive(Debug, Default)]
pub struct Limit {
    requests: Option<u64>,
    tokens: Option<u64>,
    sent: VecDeque<Sent>,
    next: u64,
}

#[derive(Debug)]
struct Sent {
    ticket: u64,
    at: Duration,
    tokens: u64,
}

/// A request that was let through, for what is learned about it afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(u64);

impl Limit {
    pub fn new(requests: Option<u64>, tokens: Option<u64>) -> Limit {
        // None at all would mean to wait forever.
        Limit { requests: requests.map(|most| most.max(1)), tokens, ..Limit::default() }
    }

    /// Let a request of about so many tokens through, or say from when on it may ask again.
    pub fn take(&mut self, now: Duration, tokens: u64) -> Result<Ticket, Duration> {
        while self.sent.front().is_some_and(|sent| sent.at + WINDOW <= now) {
            self.sent.pop_front();
        }
        if let Some(when) = self.full_until(tokens) {
            return Err(when);
        }
        self.next += 1;
        if self.requests.is_some() || self.tokens.is_some() {
            self.sent.push_back(Sent { ticket: self.next, at: now, tokens });
        }
        Ok(Ticket(self.next))
    }

    /// How many tokens it really was.
    pub fn correct(&mut self, ticket: Ticket, tokens: u64) {
        if let Some(sent) = self.sent.iter_mut().rev().find(|sent| sent.ticket == ticket.0) {
            sent.tokens = tokens;
        }
    }

    /// The moment at which enough will have been forgotten, if there is no room now. A request that is larger than the
    /// limit itself is let through alone.
    fn full_until(&self, tokens: u64) -> Option<Duration> {
        let mut count = self.sent.len() as u64;
        let mut sum: u64 = self.sent.iter().map(|sent| sent.tokens).sum();
        let mut until = None;
        for sent in &self.sent {
            let has_room = self.requests.is_none_or(|most| count < most)
                && self.tokens.is_none_or(|most| sum.saturating_add(tokens) <= most);
            if has_room {
                break;
            }
            until = Some(sent.at + WINDOW);
            count -= 1;
            sum -= sent.tokens;
        }
        until
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Send these one after another as soon as each may be: when each was sent.
    fn run(limit: &mut Limit, tokens: impl IntoIterator<Item = u64>) -> Vec<(Duration, u64)> {
        let mut now = Duration::ZERO;
        let mut sent = Vec::new();
        for tokens in tokens {
            while let Err(until) = limit.take(now, tokens) {
                assert!(until > now, "waiting must end");
                now = until;
            }
            sent.push((now, tokens));
            now += Duration::from_millis(7);
        }
        sent
    }

    /// The most of anything within a minute that begins with one of them.
    fn densest(sent: &[(Duration, u64)], weigh: impl Fn(u64) -> u64) -> u64 {
        let minute = Duration::from_secs(60);
        let from = |start: Duration| {
            let inside = sent.iter().filter(move |(at, _)| *at >= start && *at <= start + minute);
            inside.map(|&(_, tokens)| weigh(tokens)).sum()
        };
        sent.iter().map(|&(start, _)| from(start)).max().unwrap_or_default()
    }

    #[test]
    fn two_hundred_requests_never_pass_the_limit_in_any_minute() {
        let sent = run(&mut Limit::new(Some(60), None), std::iter::repeat_n(1, 200));
        assert_eq!(densest(&sent, |_| 1), 60);
        // Three full minutes of waiting, and no more.
        assert_eq!(sent.last().expect("some").0.as_secs(), (3 * WINDOW).as_secs());
    }

    #[test]
    fn what_is_larger_than_the_limit_goes_alone() {
        let sent = run(&mut Limit::new(None, Some(100)), [40, 500, 40]);
        assert_eq!(sent.iter().map(|(at, _)| at.as_secs()).collect::<Vec<_>>(), [0, 60, 120]);
    }

    #[test]
    fn what_it_really_was_counts() {
        let mut limit = Limit::new(None, Some(100));
        let ticket = limit.take(Duration::ZERO, 90).expect("room");
        assert!(limit.take(Duration::ZERO, 50).is_err());
        limit.correct(ticket, 20);
        assert!(limit.take(Duration::ZERO, 50).is_ok());
    }

    #[test]
    fn without_limits_nothing_is_kept() {
        let mut limit = Limit::new(None, None);
        assert_eq!(run(&mut limit, std::iter::repeat_n(1, 50)).len(), 50);
        assert!(limit.sent.is_empty());
    }

    proptest! {
        #[test]
        fn no_minute_ever_holds_more(requests in 1..20_u64, tokens in 1..500_u64, sizes in prop::collection::vec(1..120_u64, 1..80)) {
            let sent = run(&mut Limit::new(Some(requests), Some(tokens)), sizes);
            prop_assert!(densest(&sent, |_| 1) <= requests);
            let largest = sent.iter().map(|&(_, size)| size).max().unwrap_or_default();
            prop_assert!(densest(&sent, |size| size) <= tokens.max(largest));
        }
    }
}
