//! One variant in one phase, and the text that came of it.

use std::time::Duration;

use crate::generate::text;
use crate::model::call::{Stop, Usage, What};
use crate::model::engine::Answered;
use crate::model::{Money, Trouble};

use super::Improvement;

/// One variant in one phase.
#[derive(Debug, Default)]
pub struct Cell {
    pub state: State,
    /// The place of the text that it was made from; none for the idea itself.
    pub parent: Option<Place>,
    pub improvement: Option<Improvement>,
}

#[derive(Debug, Clone, Default)]
pub enum State {
    /// What it is made from is not there yet.
    #[default]
    Waiting,
    Asked,
    Done(Made),
    Failed(Trouble),
    /// What it would have been made from is not there.
    Skipped,
}

/// A phase and a variant, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub phase: usize,
    pub variant: usize,
}

/// A text with what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    pub text: String,
    /// `service/model` that wrote it.
    pub model: String,
    /// Tokens in and out; none where the service did not say.
    pub input_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
    pub cost: Option<Money>,
    /// How long its calls took.
    pub elapsed: Duration,
    /// Whether it broke off at its longest length.
    pub cut: bool,
}

impl Cell {
    pub fn made(&self) -> Option<&Made> {
        match &self.state {
            State::Done(made) if self.is_settled() => Some(made),
            _ => None,
        }
    }

    /// Whether nothing more will become of it.
    pub(super) fn is_settled(&self) -> bool {
        match &self.state {
            State::Waiting | State::Asked => false,
            State::Failed(_) | State::Skipped => true,
            State::Done(_) => self.improvement.as_ref().is_none_or(|improvement| improvement.ended().is_some()),
        }
    }
}

impl Made {
    /// Both were paid for, whichever is kept. What is not known of one is not known of both.
    pub(super) fn pay(&mut self, other: &Made) {
        let both = |one: Option<u64>, two: Option<u64>| one.zip(two).map(|(one, two)| one + two);
        self.input_tokens = both(self.input_tokens, other.input_tokens);
        self.output_tokens = both(self.output_tokens, other.output_tokens);
        self.cost = self.cost.zip(other.cost).map(|(one, two)| one + two);
        self.elapsed += other.elapsed;
    }
}

pub(super) fn made(answered: &Answered) -> Result<Made, Trouble> {
    let reply = &answered.reply;
    let text = text::of_reply(reply).map_err(|why| Trouble::new(What::Refused, why))?;
    let usage = reply.usage.as_ref();
    Ok(Made {
        text,
        model: answered.model.clone(),
        input_tokens: usage.and_then(Usage::input_total),
        output_tokens: usage.and_then(|usage| usage.output),
        cost: answered.cost,
        elapsed: answered.elapsed,
        cut: reply.stop == Stop::Length,
    })
}
