//! The way of a call to its answer, in one order: cache → limit → retry → failover → cost.
//!
//! The last of these is `price`'s: what an answer cost follows from the answer alone.
//!
//! A [`Way`] is a step machine: it says what is to be done next and is told what came of it. It knows no clock and no
//! chance but what it is told, so every wait can be counted in a test. The [`Stack`] is what all calls of a run share.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::Trouble;
use crate::model::call::{Reply, What, model_name};

use super::gate::Gate;
use super::limit::{Limit, Ticket};
use super::service::{Limits, Service};
use super::{failover, retry};

/// What all calls of a run share: the room at each service, and which of them are out of use.
#[derive(Debug)]
pub struct Stack {
    all: Gate,
    lanes: BTreeMap<String, Lane>,
    /// The state of the generator of chance (SplitMix64).
    chance: u64,
}

#[derive(Debug)]
struct Lane {
    gate: Gate,
    limit: Limit,
    /// Why nothing more is asked there.
    closed: Option<Trouble>,
}

impl Stack {
    /// At most so many calls at once, to whatever services.
    pub fn new(most: usize, seed: u64) -> Stack {
        Stack { all: Gate::new(most), lanes: BTreeMap::new(), chance: seed }
    }

    /// Learn how a service wants to be treated. What is known already stays.
    pub fn know(&mut self, name: &str, limits: &Limits, most: usize) {
        if !self.lanes.contains_key(name) {
            let limit = Limit::new(limits.requests_per_minute, limits.tokens_per_minute);
            self.lanes.insert(name.to_owned(), Lane { gate: Gate::new(most), limit, closed: None });
        }
    }

    /// How many calls a service is trusted with at the moment.
    pub fn width(&self, service: &str) -> Option<usize> {
        Some(self.lanes.get(service)?.gate.width())
    }

    fn chance(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.chance ^ (self.chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// A model that may answer a call: the one that was asked for, or one to fall back to.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    pub service: Service,
    pub model: String,
}

impl Stop {
    pub fn model_name(&self) -> String {
        model_name(&self.service.name, &self.model)
    }
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// See whether an answer was kept, and say so by [`Way::looked`].
    Look,
    /// Ask again at this moment.
    Wait(Duration),
    /// Ask again when another call has ended.
    Queue,
    /// Send it to the stop of this number, and tell what came by [`Way::told`].
    Send(usize),
    /// It is over. An answer is worth keeping if it was not kept already.
    Done(Box<Result<Reply, Trouble>>),
}

/// One try, for the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    pub model: String,
    /// What was wrong; none if it was answered.
    pub trouble: Option<Trouble>,
    /// How long the call waited before it.
    pub waited: Duration,
    pub elapsed: Duration,
}

/// What came of a try.
#[derive(Debug)]
pub struct Told {
    pub result: Result<Reply, Trouble>,
    /// Whether a part of the answer was shown to somebody.
    pub was_shown: bool,
}

/// The way of one call.
#[derive(Debug)]
pub struct Way {
    pub stops: Vec<Stop>,
    at: usize,
    /// About as many as the call takes, for the limit.
    tokens: u64,
    look: bool,
    tries: u32,
    until: Duration,
    since: Duration,
    ticket: Option<Ticket>,
    sent: Duration,
    waited: Duration,
    pub attempts: Vec<Attempt>,
    pub was_kept: bool,
    done: Option<Result<Reply, Trouble>>,
}

impl Way {
    /// The way of a call that may be answered by these models, the first of them first.
    pub fn new(stops: Vec<Stop>, tokens: u64, look: bool, now: Duration) -> Way {
        Way {
            stops,
            at: 0,
            tokens,
            look,
            tries: 0,
            until: Duration::ZERO,
            since: now,
            ticket: None,
            sent: now,
            waited: Duration::ZERO,
            attempts: Vec::new(),
            was_kept: false,
            done: None,
        }
    }

    /// The model that is asked, or answered in the end.
    pub fn stop(&self) -> &Stop {
        &self.stops[self.at]
    }

    pub fn next(&mut self, stack: &mut Stack, now: Duration) -> Step {
        if self.look {
            return Step::Look;
        }
        loop {
            if let Some(result) = self.done.take() {
                return Step::Done(Box::new(result));
            }
            let name = self.stop().service.name.clone();
            let Some(lane) = stack.lanes.get_mut(&name) else { return self.send(now) };
            if let Some(trouble) = lane.closed.clone() {
                self.turn_to_next(trouble, false, now);
                continue;
            }
            if self.until > now {
                return Step::Wait(self.until);
            }
            if !stack.all.has_room() || !lane.gate.has_room() {
                return Step::Queue;
            }
            match lane.limit.take(now, self.tokens) {
                Ok(ticket) => self.ticket = Some(ticket),
                Err(until) => return Step::Wait(until),
            }
            lane.gate.enter();
            stack.all.enter();
            return self.send(now);
        }
    }

    fn send(&mut self, now: Duration) -> Step {
        (self.sent, self.waited) = (now, now.saturating_sub(self.since));
        self.tries += 1;
        Step::Send(self.at)
    }

    /// What was kept, if anything was.
    pub fn looked(&mut self, kept: Option<Reply>) {
        self.look = false;
        self.was_kept = kept.is_some();
        self.done = kept.map(Ok);
    }

    /// What came of the try that was asked for last.
    pub fn told(&mut self, stack: &mut Stack, now: Duration, told: Told) {
        let chance = stack.chance();
        let name = self.stop().service.name.clone();
        self.settle(stack, &name, now, &told);
        self.attempts.push(Attempt {
            model: self.stop().model_name(),
            trouble: told.result.as_ref().err().cloned(),
            waited: self.waited,
            elapsed: now.saturating_sub(self.sent),
        });
        self.since = now;
        let trouble = match told.result {
            Ok(reply) => return self.done = Some(Ok(reply)),
            Err(trouble) => trouble,
        };
        let has_tries = self.tries <= self.stop().service.limits.retries;
        if has_tries && retry::makes_sense(&trouble, told.was_shown) {
            self.until = now + retry::wait(self.tries, trouble.retry_after, chance);
        } else {
            self.turn_to_next(trouble, told.was_shown, now);
        }
    }

    /// Wait no longer for what has not been sent.
    pub fn give_up(&mut self, trouble: Trouble) {
        self.done = Some(Err(trouble));
    }

    /// What everybody learns from an answer.
    fn settle(&mut self, stack: &mut Stack, name: &str, now: Duration, told: &Told) {
        let (Some(ticket), Some(lane)) = (self.ticket.take(), stack.lanes.get_mut(name)) else { return };
        lane.gate.leave();
        stack.all.leave();
        match &told.result {
            Ok(reply) => {
                lane.gate.widen();
                let usage = reply.usage.as_ref();
                let tokens = usage.and_then(|usage| Some(usage.input_total()? + usage.output?));
                if let Some(tokens) = tokens {
                    lane.limit.correct(ticket, tokens);
                }
            }
            Err(trouble) if matches!(trouble.what, What::RateLimited | What::Overloaded) => {
                lane.gate.narrow(self.sent, now);
            }
            Err(trouble) if failover::ends_the_service(trouble) => lane.closed = Some(trouble.clone()),
            Err(_) => {}
        }
    }

    /// Give the call to the next model, or give up.
    fn turn_to_next(&mut self, trouble: Trouble, was_shown: bool, now: Duration) {
        if self.at + 1 < self.stops.len() && failover::makes_sense(&trouble, was_shown) {
            (self.at, self.tries, self.until, self.since) = (self.at + 1, 0, now, now);
        } else {
            self.done = Some(Err(trouble));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::call::Usage;
    use crate::provider::Protocol;

    use super::*;

    fn stop(name: &str, retries: u32) -> Stop {
        let limits = Limits { retries, ..Limits::default() };
        Stop { service: Service { limits, ..Service::new(name, Protocol::OpenAi, "http://x") }, model: "m".into() }
    }

    fn trouble(what: What) -> Result<Reply, Trouble> {
        Err(Trouble::new(what, what.word()))
    }

    /// Take a way to its end on a clock that jumps: what came of it, and when each try was sent.
    fn run(
        stack: &mut Stack,
        stops: Vec<Stop>,
        mut answers: Vec<Result<Reply, Trouble>>,
    ) -> (Result<Reply, Trouble>, Vec<(String, f64)>) {
        stops.iter().for_each(|stop| stack.know(&stop.service.name, &stop.service.limits, 8));
        let mut way = Way::new(stops, 10, false, Duration::ZERO);
        let (mut now, mut sent) = (Duration::ZERO, Vec::new());
        answers.reverse();
        loop {
            match way.next(stack, now) {
                Step::Wait(until) => now = until,
                Step::Send(at) => {
                    sent.push((way.stops[at].service.name.clone(), now.as_secs_f64()));
                    let result = answers.pop().expect("no more tries than answers");
                    way.told(stack, now, Told { result, was_shown: false });
                }
                Step::Done(result) => return (*result, sent),
                step => panic!("{step:?}"),
            }
        }
    }

    fn names(sent: &[(String, f64)]) -> Vec<&str> {
        sent.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn tries_and_waits_can_be_counted() {
        let late = Trouble { retry_after: Some(Duration::from_secs(20)), ..Trouble::new(What::RateLimited, "") };
        let answers = vec![Err(late), trouble(What::Server), Ok(Reply::default())];
        let (result, sent) = run(&mut Stack::new(8, 1), vec![stop("a", 2)], answers);
        assert!(result.is_ok());
        let at: Vec<f64> = sent.iter().map(|(_, at)| *at).collect();
        assert_eq!(at[0], 0.0);
        assert!((20.0..=20.5).contains(&at[1]), "{at:?}");
        assert!((0.0..=1.0).contains(&(at[2] - at[1])), "{at:?}");
    }

    #[test]
    fn the_same_seed_waits_the_same() {
        let answers = || vec![trouble(What::Server), trouble(What::Network), Ok(Reply::default())];
        let sent = |seed| run(&mut Stack::new(8, seed), vec![stop("a", 2)], answers()).1;
        assert_eq!(sent(7), sent(7));
        assert_ne!(sent(7), sent(8));
    }

    #[test]
    fn the_chain_is_followed_in_order_and_never_over_a_mistake() {
        let down = || trouble(What::Overloaded);
        let chain = || vec![stop("a", 1), stop("b", 0), stop("c", 0)];
        let (result, sent) = run(&mut Stack::new(8, 1), chain(), vec![down(), down(), down(), Ok(Reply::default())]);
        assert_eq!((result.is_ok(), names(&sent)), (true, vec!["a", "a", "b", "c"]));
        for what in [What::Auth, What::BadRequest, What::Permission, What::Decode, What::NotFound, What::Cut] {
            let (result, sent) = run(&mut Stack::new(8, 1), chain(), vec![trouble(what)]);
            assert_eq!((result.expect_err("none").what, names(&sent)), (what, vec!["a"]));
        }
    }

    #[test]
    fn a_service_without_money_is_asked_once_for_all() {
        let mut stack = Stack::new(8, 1);
        let chain = || vec![stop("a", 5), stop("b", 0)];
        let (_, first) = run(&mut stack, chain(), vec![trouble(What::Quota), Ok(Reply::default())]);
        let (_, second) = run(&mut stack, chain(), vec![Ok(Reply::default())]);
        assert_eq!((names(&first), names(&second)), (vec!["a", "b"], vec!["b"]));
        let (result, sent) = run(&mut stack, vec![stop("a", 5)], Vec::new());
        assert_eq!((result.expect_err("closed").what, sent), (What::Quota, Vec::new()));
    }

    #[test]
    fn two_hundred_calls_share_one_limit() {
        let mut stack = Stack::new(8, 1);
        let limits = Limits { requests_per_minute: Some(60), ..Limits::default() };
        stack.know("a", &limits, 8);
        let mut now = Duration::ZERO;
        let mut sent = Vec::new();
        for _ in 0..200 {
            let mut way = Way::new(vec![stop("a", 0)], 10, false, now);
            loop {
                match way.next(&mut stack, now) {
                    Step::Wait(until) => now = until,
                    Step::Send(_) => {
                        sent.push(now);
                        let usage = Some(Usage { input: Some(5), output: Some(1), ..Usage::default() });
                        let reply = Reply { usage, ..Reply::default() };
                        way.told(&mut stack, now, Told { result: Ok(reply), was_shown: false });
                    }
                    Step::Done(_) => break,
                    step => panic!("{step:?}"),
                }
            }
        }
        let minute = Duration::from_secs(60);
        let within = |start: &Duration| sent.iter().filter(|at| *at >= start && **at <= *start + minute).count();
        assert_eq!(sent.iter().map(within).max(), Some(60));
    }

    #[test]
    fn no_more_than_the_cap_are_on_their_way_whatever_the_service() {
        let mut stack = Stack::new(3, 1);
        let ways = ["a", "b", "a", "b"].map(|name| {
            stack.know(name, &Limits::default(), 2);
            Way::new(vec![stop(name, 0)], 1, false, Duration::ZERO)
        });
        let mut ways = Vec::from(ways);
        let steps: Vec<Step> = ways.iter_mut().map(|way| way.next(&mut stack, Duration::ZERO)).collect();
        assert_eq!(steps, [Step::Send(0), Step::Send(0), Step::Send(0), Step::Queue]);
        ways[0].told(&mut stack, Duration::ZERO, Told { result: Ok(Reply::default()), was_shown: false });
        assert_eq!(ways[3].next(&mut stack, Duration::ZERO), Step::Send(0));
    }
}
