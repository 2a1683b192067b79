//! How engines and the world talk: an engine says which calls it wants made, the world makes them and tells what came of
//! them. An engine decides everything and does nothing, so it can be run on recorded answers, or on none.

use std::time::Duration;

use super::call::{Call, Reply, Trouble};
use super::money::Money;

/// A call that an engine wants made.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Its name within the run, by which the answer is told: stable from run to run, such as `solutio/2`. No two asks of
    /// a run share one. A run that was broken off is taken up by these names.
    pub ticket: String,
    pub call: Call,
    /// What the call is for, for limits, prices and progress: `generate`, `judge`.
    pub purpose: &'static str,
}

/// An answer, and what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    pub reply: Reply,
    /// `service/model` that answered in the end.
    pub model: String,
    /// None if the price is not known.
    pub cost: Option<Money>,
    pub elapsed: Duration,
    /// How often it was tried.
    pub attempts: u32,
    /// Whether it came from what was kept, so that nothing was paid now.
    pub kept: bool,
}

pub type Outcome = Result<Answered, Trouble>;

/// A run that goes forward by answers.
pub trait Engine {
    /// The calls to be made now, each told once. All of them may be made at the same time. A run is over when it wants
    /// none while none are on their way.
    fn asks(&mut self) -> Vec<Ask>;

    /// How long one of them may take from now on, with everything; none if there is no such limit. After that its answer
    /// is trouble, whatever may still come.
    fn patience(&self, _ticket: &str) -> Option<Duration> {
        None
    }

    /// What came of one. The order in which answers come must not change what comes out.
    fn answer(&mut self, ticket: &str, outcome: Outcome);
}
