//! The engine of generation: which call is to be made when, and what came of all of them.
//!
//! - **all**: each variant goes its own way; what came of it in one phase is what it is given in the next.
//! - **cascade**: when all variants of a phase are there, they are judged, and every variant of the next phase works on
//!   the best. Where the judge cannot decide, nobody is made the winner: each variant then goes on by itself, as in *all*.
//! - **best**: every phase works on the idea itself, and the best of each phase is kept. Where the judge cannot decide,
//!   all are.
//!
//! A call that fails ends the way of its variant; everything else goes on, and what was made before is kept.

mod cell;
mod choice;
mod improve;

use crate::base::Result;
use crate::config::Strategy;
use crate::model::Trouble;
use crate::model::call::What;
use crate::model::engine::{Ask, Engine, Outcome};

use super::compose::{self, Input};
use super::plan::{Plan, Step};

pub use cell::{Cell, Made, Place, State};
pub use choice::{Choice, Chosen};
pub use improve::{Ended, Improvement};

use cell::made;

/// The calls of a run and what came of them. Run again with the same answers, it makes the same of them, in whatever
/// order they come.
pub struct Run<'p> {
    plan: &'p Plan,
    /// Phase by phase, variant by variant.
    cells: Vec<Vec<Cell>>,
    /// The choice among the variants of each phase, where one is made.
    choices: Vec<Option<Choice>>,
    /// The choice among the results.
    last: Option<Choice>,
    waiting: Vec<Ask>,
}

impl<'p> Run<'p> {
    /// Begin. What is wrong with a phase's templates is found before anything is asked.
    pub fn new(plan: &'p Plan) -> Result<Run<'p>> {
        for step in &plan.steps {
            compose::call(plan, step, 1, Input::Text(&plan.idea))?;
            if let Some(judge) = &plan.judge {
                judge.bench(Some(&step.phase))?;
            }
        }
        let cells = plan.steps.iter().map(|_| (0..plan.count).map(|_| Cell::default()).collect()).collect();
        let choices = plan.steps.iter().map(|_| None).collect();
        let mut run = Run { plan, cells, choices, last: None, waiting: Vec::new() };
        run.advance();
        Ok(run)
    }

    pub fn cells(&self) -> impl Iterator<Item = (Place, &Cell)> {
        self.cells.iter().enumerate().flat_map(|(phase, cells)| {
            cells.iter().enumerate().map(move |(variant, cell)| (Place { phase, variant }, cell))
        })
    }

    pub fn cell(&self, place: Place) -> &Cell {
        &self.cells[place.phase][place.variant]
    }

    /// The choice among the variants of a phase, where one was made.
    pub fn choice(&self, phase: usize) -> Option<&Chosen> {
        self.choices[phase].as_ref()?.result.as_ref()
    }

    /// Among whom it was chosen in a phase, or in the end.
    pub fn candidates(&self, phase: Option<usize>) -> &[Place] {
        let choice = phase.map_or(self.last.as_ref(), |phase| self.choices[phase].as_ref());
        choice.map_or(&[], |choice| &choice.among)
    }

    /// The best of the results, where it was asked for.
    pub fn selection(&self) -> Option<&Chosen> {
        match self.plan.strategy {
            Strategy::Cascade if self.plan.select => self.choice(self.plan.steps.len() - 1),
            _ => self.last.as_ref()?.result.as_ref(),
        }
    }

    /// What the run has made in the end: the last phase's texts, or of each phase the best where none follows another.
    pub fn results(&self) -> Vec<Place> {
        let last = self.plan.steps.len() - 1;
        let of_phase = |phase: usize| match self.choice(phase).and_then(|chosen| chosen.best) {
            Some(best) if self.plan.strategy != Strategy::All => vec![best],
            _ => self.made(phase),
        };
        match self.plan.strategy {
            Strategy::Best => (0..=last).flat_map(of_phase).collect(),
            _ => of_phase(last),
        }
    }

    /// Variants that ended before the last phase, with the reason.
    pub fn failures(&self) -> impl Iterator<Item = (Place, &Trouble)> {
        self.cells().filter_map(|(place, cell)| match &cell.state {
            State::Failed(trouble) => Some((place, trouble)),
            _ => None,
        })
    }

    /// The name by which a call's answer is told.
    pub fn ticket(&self, place: Place) -> String {
        format!("{}/{}", self.plan.steps[place.phase].phase.name, place.variant + 1)
    }

    /// The texts of a phase that are there.
    fn made(&self, phase: usize) -> Vec<Place> {
        let place = |(variant, cell): (usize, &Cell)| cell.made().map(|_| Place { phase, variant });
        self.cells[phase].iter().enumerate().filter_map(place).collect()
    }

    fn text(&self, place: Place) -> String {
        self.cell(place).made().map(|made| made.text.clone()).unwrap_or_default()
    }

    /// Ask whatever can be asked now.
    fn advance(&mut self) {
        for phase in 0..self.plan.steps.len() {
            for variant in 0..self.plan.count {
                if matches!(self.cells[phase][variant].state, State::Waiting) {
                    self.begin(Place { phase, variant });
                }
            }
            self.choose(phase);
        }
        self.choose_last();
    }

    fn begin(&mut self, place: Place) {
        match self.feed(place) {
            Feed::NotYet => {}
            Feed::Nothing => self.cells[place.phase][place.variant].state = State::Skipped,
            Feed::Idea => self.ask(place, None),
            Feed::Text(from) => self.ask(place, Some(from)),
        }
    }

    /// What a variant works on in a phase.
    fn feed(&self, place: Place) -> Feed {
        let Some(before) = place.phase.checked_sub(1).filter(|_| self.plan.strategy != Strategy::Best) else {
            return Feed::Idea;
        };
        let own = Place { phase: before, ..place };
        let by_itself = || match self.cell(own) {
            cell if cell.made().is_some() => Feed::Text(own),
            cell if cell.is_settled() => Feed::Nothing,
            _ => Feed::NotYet,
        };
        if self.plan.strategy == Strategy::All {
            return by_itself();
        }
        match &self.choices[before] {
            Some(Choice { result: Some(Chosen { best: Some(best), .. }), .. }) => Feed::Text(*best),
            Some(Choice { result: Some(_), .. }) => by_itself(),
            _ => Feed::NotYet,
        }
    }

    fn ask(&mut self, place: Place, parent: Option<Place>) {
        let text = parent.map(|parent| self.text(parent));
        let input = text.as_deref().map_or(Input::Idea, Input::Text);
        let call = compose::call(self.plan, self.step(place), place.variant + 1, input);
        let ticket = self.ticket(place);
        let state = match call {
            Ok(call) => {
                self.waiting.push(Ask { ticket, call, purpose: "generate" });
                State::Asked
            }
            Err(error) => State::Failed(Trouble::new(What::Refused, error.message())),
        };
        self.cells[place.phase][place.variant] = Cell { state, parent, improvement: None };
    }

    fn step(&self, place: Place) -> &'p Step {
        &self.plan.steps[place.phase]
    }

    /// An answer to the call of a variant.
    fn answered(&mut self, place: Place, outcome: Outcome) {
        let state = match outcome.and_then(|answered| made(&answered)) {
            Ok(made) => State::Done(made),
            Err(trouble) => State::Failed(trouble),
        };
        let improves = self.plan.optimize && matches!(state, State::Done(_));
        self.cells[place.phase][place.variant].state = state;
        if improves {
            self.improve(place);
        }
    }

    /// The variant whose own call has this ticket, and what is behind its name.
    fn place<'t>(&self, ticket: &'t str) -> Option<(Place, &'t str)> {
        let (name, rest) = ticket.split_once('/')?;
        let phase = self.plan.steps.iter().position(|step| step.phase.name == name)?;
        let (number, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let variant = number.parse::<usize>().ok()?.checked_sub(1).filter(|variant| *variant < self.plan.count)?;
        Some((Place { phase, variant }, rest))
    }
}

impl Engine for Run<'_> {
    fn asks(&mut self) -> Vec<Ask> {
        std::mem::take(&mut self.waiting)
    }

    fn answer(&mut self, ticket: &str, outcome: Outcome) {
        match self.place(ticket) {
            Some((place, "")) => self.answered(place, outcome),
            Some((place, "improve")) => self.improved(place, outcome),
            _ => self.judged(ticket, &outcome),
        }
        self.advance();
    }
}

enum Feed {
    NotYet,
    Nothing,
    Idea,
    Text(Place),
}
