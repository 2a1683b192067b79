//! One question to one judge, asked once more if the reply is no verdict, and not a third time.

use crate::model::call::{Answer, Part, Role};
use crate::model::engine::{Ask, Outcome};
use crate::model::{Call, Map};

use super::Seat;
use super::sheet::Sheet;
use super::terms::{self, Terms, Verdict};
use crate::base::Result;

/// What a judge said, or why that is no verdict.
pub type Told = Result<Verdict, String>;

pub struct Inquiry {
    /// `service/model`.
    pub judge: String,
    ticket: String,
    call: Call,
    terms: Terms,
    state: State,
}

enum State {
    Unasked,
    /// Why the first reply was no verdict.
    Again(String),
    OnItsWay,
    /// As before, for the second time.
    OnItsWayAgain(String),
    Over(Told),
}

impl Inquiry {
    pub fn new(seat: &Seat, ticket: impl Into<String>, sheet: &Sheet, context: Map, terms: Terms) -> Result<Inquiry> {
        let answer = Answer::Schema { name: "verdict".into(), schema: terms.schema(), strict: true };
        let call = Call {
            service: seat.service.clone(),
            model: seat.model.clone(),
            messages: sheet.messages(context)?,
            params: sheet.prompt().params.clone(),
            answer,
            ..Call::default()
        };
        Ok(Inquiry { judge: seat.name(), ticket: ticket.into(), call, terms, state: State::Unasked })
    }

    /// The call to be made now, if there is one.
    pub fn ask(&mut self) -> Option<Ask> {
        let state = std::mem::replace(&mut self.state, State::OnItsWay);
        let (ticket, call) = match state {
            State::Unasked => (self.ticket.clone(), self.call.clone()),
            State::Again(why) => {
                self.state = State::OnItsWayAgain(why);
                (self.second(), reminded(&self.call, &self.terms))
            }
            other => {
                self.state = other;
                return None;
            }
        };
        Some(Ask { ticket, call, purpose: "judge" })
    }

    /// Whether the answer was to this one.
    pub fn answer(&mut self, ticket: &str, outcome: &Outcome) -> bool {
        let first = ticket == self.ticket;
        if !first && ticket != self.second() {
            return false;
        }
        let told = match outcome {
            Ok(answered) => terms::read(&answered.reply, &self.terms),
            Err(trouble) => {
                self.state = State::Over(Err(format!("the judge did not answer: {}", trouble.message)));
                return true;
            }
        };
        self.state = match (told, std::mem::replace(&mut self.state, State::Unasked)) {
            (Ok(verdict), _) => State::Over(Ok(verdict)),
            (Err(why), State::OnItsWay) if first => State::Again(why),
            (Err(why), State::OnItsWayAgain(before)) if why != before => {
                State::Over(Err(format!("{before}; asked again: {why}")))
            }
            (Err(why), _) => State::Over(Err(format!("{why} (asked twice)"))),
        };
        true
    }

    pub fn told(&self) -> Option<&Told> {
        match &self.state {
            State::Over(told) => Some(told),
            _ => None,
        }
    }

    fn second(&self) -> String {
        format!("{}/again", self.ticket)
    }
}

/// The same call with a word about the form. It differs from the first one, so that no cache answers with what was no
/// verdict already.
fn reminded(call: &Call, terms: &Terms) -> Call {
    let mut call = call.clone();
    if let Some(message) = call.messages.iter_mut().rev().find(|message| message.role == Role::User) {
        message.parts.push(Part::Text(format!("\n\n{}", terms.reminder())));
    }
    call
}
