//! The attempt to make a text better: another version, and a judge who compares both.

use crate::generate::compose;
use crate::generate::judge::{Judgement, Verdict};
use crate::model::engine::{Ask, Outcome};
use crate::model::{Call, Money};

use super::Run;
use super::cell::{Made, Place, State, made};
use super::choice::Weighing;

/// What became of the attempt to make a text better.
pub struct Improvement {
    /// The other version, once it is there.
    pub other: Option<Made>,
    pub(super) stage: Stage,
}

/// Whether the other version was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    pub kept: bool,
    pub why: String,
    /// What the judge cost who compared both; none if a price is not known.
    pub cost: Option<Money>,
}

pub(super) enum Stage {
    Asked,
    Compared(Box<Weighing>),
    Ended(Ended),
}

impl std::fmt::Debug for Improvement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Improvement").field("other", &self.other).field("ended", &self.ended()).finish()
    }
}

impl Improvement {
    pub fn ended(&self) -> Option<&Ended> {
        match &self.stage {
            Stage::Ended(ended) => Some(ended),
            _ => None,
        }
    }
}

impl Stage {
    /// It stays as it was, and no judge was asked.
    fn unchanged(why: &str) -> Stage {
        Stage::Ended(Ended { kept: false, why: why.to_owned(), cost: Some(Money::default()) })
    }
}

impl Run<'_> {
    pub(super) fn improve(&mut self, place: Place) {
        let State::Done(made) = &self.cells[place.phase][place.variant].state else { return };
        let call: Call = compose::improvement(self.plan, self.step(place), &made.text);
        let ticket = format!("{}/improve", self.ticket(place));
        self.waiting.push(Ask { ticket, call, purpose: "improve" });
        self.cells[place.phase][place.variant].improvement = Some(Improvement { other: None, stage: Stage::Asked });
    }

    /// The other version is there, or is not: compare it.
    pub(super) fn improved(&mut self, place: Place, outcome: Outcome) {
        let State::Done(draft) = &mut self.cells[place.phase][place.variant].state else { return };
        let first = draft.text.clone();
        let other = outcome.and_then(|answered| made(&answered));
        if let Ok(other) = &other {
            draft.pay(other);
        }
        let (other, stage) = match other {
            Err(trouble) => (None, Stage::unchanged(&trouble.message)),
            Ok(other) if other.text == first => (Some(other), Stage::unchanged("the other version is the same")),
            Ok(other) if other.cut => (Some(other), Stage::unchanged("the other version broke off")),
            Ok(other) => {
                let prefix = format!("{}/compare", self.ticket(place));
                let weighing = self.before_the_judge(vec![first, other.text.clone()], Some(place.phase), &prefix);
                (Some(other), weighing.map_or_else(|why| Stage::unchanged(&why), |it| Stage::Compared(Box::new(it))))
            }
        };
        self.cells[place.phase][place.variant].improvement = Some(Improvement { other, stage });
    }

    /// The judge has compared both versions.
    pub(super) fn compared(&mut self, place: Place, judgement: &Judgement) {
        let cell = &mut self.cells[place.phase][place.variant];
        let Some(improvement) = &mut cell.improvement else { return };
        let (kept, why) = match &judgement.verdict {
            Verdict::Decided(1) => (true, "the judge says that it is better".to_owned()),
            Verdict::Decided(_) => (false, "the judge says that it was better before".to_owned()),
            Verdict::Tie { why, .. } => (false, format!("the judge sees no difference: {why}")),
            Verdict::Undecided(why) => (false, format!("undecided: {why}")),
        };
        improvement.stage = Stage::Ended(Ended { kept, why, cost: judgement.cost });
        if let (State::Done(first), Some(other), true) = (&mut cell.state, &improvement.other, kept) {
            (first.text, first.model) = (other.text.clone(), other.model.clone());
            first.cut = false;
        }
    }
}
