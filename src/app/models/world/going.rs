//! A call before and after it is made, as values.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::model::engine::{Answered, Outcome};
use crate::model::{Call, Trouble};
use crate::provider::Built;
use crate::provider::cache;
use crate::provider::cassette::{Canonical, Exchange};
use crate::provider::stack::{Attempt, Stop};

/// A call that is about to be made. Which of several answers to the same request it gets is settled already.
#[derive(Debug)]
pub struct Going {
    pub(super) call: Call,
    pub(super) stream: bool,
    pub(super) stops: Vec<Stop>,
    /// Why it cannot be made at all.
    pub(super) trouble: Option<Trouble>,
    /// When nobody wants to wait for it any longer.
    pub(super) until: Option<Instant>,
    /// Requests by the number of their stop.
    pub(super) requests: HashMap<usize, (Built, Canonical, u32)>,
}

/// What came of a call, with everything that the record of a run says about it.
#[derive(Debug, Clone)]
pub struct Done {
    pub outcome: Outcome,
    /// Every try, in order.
    pub attempts: Vec<Attempt>,
    /// Sentences on what of the call was not sent.
    pub notes: Vec<String>,
    /// The last request and what was answered, if anything was.
    pub exchange: Option<Exchange>,
    /// Why the journal does not hold it, where it should.
    pub unkept: Option<String>,
    /// Whether it was sent and nobody waited for what came of it: it may have been paid for.
    pub in_doubt: bool,
}

impl Going {
    /// Wait for it no longer than this, from now on.
    pub fn must_end_within(&mut self, patience: Duration) {
        self.until = Some(Instant::now() + patience);
    }

    /// About as many tokens as it takes, for limits: four bytes each, and as many as the answer may have.
    pub(super) fn tokens(&self) -> u64 {
        let sent = self.requests.get(&0).map_or(0, |(built, ..)| built.request.body.len() as u64 / 4);
        sent + self.call.params.get("max_tokens").and_then(|most| most.as_u64()).unwrap_or_default()
    }

    pub(super) fn cache_key(&self) -> Option<String> {
        let (_, canonical, ordinal) = self.requests.get(&0)?;
        Some(cache::key(&self.stops.first()?.service.base_url, &canonical.value().to_string(), *ordinal))
    }

    /// The name of the request, for what is asked once and not again.
    pub fn name(&self) -> String {
        match self.requests.get(&0) {
            Some((_, canonical, ordinal)) => format!("{}.{ordinal}", canonical.key()),
            None => self.call.model_name(),
        }
    }
}

impl Done {
    /// An answer that was there already.
    pub fn kept(answered: Answered) -> Done {
        Done {
            outcome: Ok(answered),
            attempts: Vec::new(),
            notes: Vec::new(),
            exchange: None,
            unkept: None,
            in_doubt: false,
        }
    }
}
