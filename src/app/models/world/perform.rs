//! A call, taken to its end: step by step as the stack says.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::base::Result;
use crate::base::secret::redact;
use crate::model::call::{Piece, Stop as End, What};
use crate::model::engine::Answered;
use crate::model::{Call, Money, Reply, Trouble};
use crate::provider::price;
use crate::provider::stack::{Step, Stop, Told, Way};

use super::exchange::Heard;
use super::{Done, Going, World, refused};

impl World {
    /// Take a call to its end. Before each try somebody may take note of it, or keep it from being made; pieces of the
    /// answer are handed over as they come.
    pub async fn perform(
        &self,
        mut going: Going,
        before: &mut dyn FnMut() -> Result<()>,
        each: &mut dyn FnMut(Piece),
    ) -> Done {
        let mut done = Done {
            outcome: Err(Trouble::new(What::Refused, "")),
            attempts: Vec::new(),
            notes: Vec::new(),
            exchange: None,
            unkept: None,
            in_doubt: false,
        };
        if let Some(trouble) = going.trouble.take() {
            return Done { outcome: Err(trouble), ..done };
        }
        let began = self.now();
        let look = self.cache.keeps(&going.call) && going.requests.contains_key(&0);
        let mut way = Way::new(going.stops.clone(), going.tokens(), look, began);
        let result = loop {
            let step = way.next(&mut self.stack.borrow_mut(), self.now());
            match step {
                Step::Look => {
                    let kept = self.look(&going, each);
                    way.looked(kept);
                }
                Step::Wait(until) => {
                    if before_end(going.until, sleep_until(self.start + until)).await.is_none() {
                        way.give_up(late());
                    }
                }
                Step::Queue => {
                    if before_end(going.until, self.freed.notified()).await.is_none() {
                        way.give_up(late());
                    }
                }
                Step::Send(at) => {
                    let until = going.until;
                    let told = match before() {
                        Ok(()) => before_end(until, self.send(&way, &mut going, at, &mut done, each)).await,
                        Err(error) => Some(Told { result: Err(refused(&error)), was_shown: false }),
                    };
                    done.in_doubt = told.is_none();
                    let told = told.unwrap_or_else(|| Told { result: Err(late()), was_shown: true });
                    way.told(&mut self.stack.borrow_mut(), self.now(), told);
                    self.freed.notify_waiters();
                }
                Step::Done(result) => break *result,
            }
        };
        let elapsed = if self.clock.is_fixed() { Duration::ZERO } else { self.now().saturating_sub(began) };
        let answered = |reply: Reply| Answered {
            cost: self.cost(way.stop(), &going.call, &reply),
            model: way.stop().model_name(),
            reply,
            elapsed,
            attempts: way.attempts.len() as u32,
            kept: way.was_kept,
        };
        done.outcome = result.map(answered).map_err(clean);
        if look && !way.was_kept {
            self.keep(&going, &done);
        }
        done.attempts = way.attempts;
        done
    }

    /// What was kept of the first service's answer to this request.
    fn look(&self, going: &Going, each: &mut dyn FnMut(Piece)) -> Option<Reply> {
        let exchange = self.answers.find(&going.cache_key()?, self.clock.now())?;
        Heard::read(&going.stops[0].service, exchange, each).result.ok()
    }

    fn keep(&self, going: &Going, done: &Done) {
        let is_whole = |reply: &Reply| matches!(reply.stop, End::Complete | End::ToolCalls);
        let (Some(key), Some(exchange), Ok(answered)) = (going.cache_key(), &done.exchange, &done.outcome) else {
            return;
        };
        if is_whole(&answered.reply)
            && answered.model == going.stops[0].model_name()
            && let Err(error) = self.answers.keep(&key, exchange, self.clock.now())
        {
            tracing::warn!(%error, "an answer was not kept");
        }
    }

    /// What an answer cost. Where nothing was counted, only what costs nothing by rule has a price.
    fn cost(&self, stop: &Stop, call: &Call, reply: &Reply) -> Option<Money> {
        let tier = call.params.get("service_tier").and_then(|tier| tier.as_str());
        let Stop { service, model } = stop;
        match &reply.usage {
            Some(usage) => price::cost(service, model, tier, usage, &self.prices),
            None => price::price(service, model, tier, &self.prices)
                .filter(|price| price.from == price::From::Rule)
                .map(|_| Money::default()),
        }
    }
}

/// What comes of something, if it ends in time.
async fn before_end<T>(until: Option<Instant>, what: impl Future<Output = T>) -> Option<T> {
    match until {
        Some(until) => timeout_at(until, what).await.ok(),
        None => Some(what.await),
    }
}

fn late() -> Trouble {
    Trouble::new(What::Late, "no answer came in the time there was")
}

/// Trouble without what nobody may read.
fn clean(trouble: Trouble) -> Trouble {
    Trouble { message: redact(&trouble.message).into_owned(), ..trouble }
}
