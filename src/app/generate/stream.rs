//! What is told while generation goes on: how far it is, and the texts as they come.

use crate::app::models::{Event, Progress};
use crate::base::Result;
use crate::config::Strategy;
use crate::format::session::Request;
use crate::model::call::Piece;

/// What happens on the way.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    Progress(&'a Progress),
    /// The text of a phase goes on, in the service's own words: what is kept of it may be less.
    Piece {
        phase: &'a str,
        text: &'a str,
    },
}

pub type Tell<'a> = &'a mut dyn FnMut(Told<'_>);

/// Whether texts come one after the other, so that somebody can read along.
pub fn is_one_chain(request: &Request) -> bool {
    let side_by_side = request.strategy == Strategy::Best.word() && request.phases.len() > 1;
    request.count == 1 && !side_by_side
}

pub(super) fn teller(tell: Tell<'_>) -> impl FnMut(Event<'_>, &Progress) -> Result<()> {
    move |event, now| {
        match event {
            Event::Piece(ticket, Piece::Text(text) | Piece::Refusal(text)) => {
                // Other versions and judges are asked under longer names.
                if let Some(phase) = ticket.strip_suffix("/1").filter(|phase| !phase.contains('/')) {
                    tell(Told::Piece { phase, text });
                }
            }
            _ => tell(Told::Progress(now)),
        }
        Ok(())
    }
}
