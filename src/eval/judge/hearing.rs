//! One answer before its judges: all inquiries at the same time, and a score once each of them is over.

use super::inquiry::{Inquiry, Told};
use crate::eval::Trial;
use crate::model::Score;
use crate::model::engine::{Ask, Engine, Outcome};

/// What comes of all that was told, in the order of the inquiries, each with its judge.
pub type Settle = Box<dyn Fn(&[(&str, &Told)]) -> Score>;

pub struct Hearing {
    inquiries: Vec<Inquiry>,
    settle: Settle,
}

impl Hearing {
    pub fn new(inquiries: Vec<Inquiry>, settle: Settle) -> Hearing {
        Hearing { inquiries, settle }
    }
}

impl Engine for Hearing {
    fn asks(&mut self) -> Vec<Ask> {
        self.inquiries.iter_mut().filter_map(Inquiry::ask).collect()
    }

    fn answer(&mut self, ticket: &str, outcome: Outcome) {
        self.inquiries.iter_mut().any(|inquiry| inquiry.answer(ticket, &outcome));
    }
}

impl Trial for Hearing {
    fn score(&self) -> Option<Score> {
        let told = self.inquiries.iter().map(|inquiry| Some((inquiry.judge.as_str(), inquiry.told()?)));
        told.collect::<Option<Vec<_>>>().map(|told| (self.settle)(&told))
    }
}
