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
