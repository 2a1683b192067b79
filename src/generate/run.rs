//! The engine of generation: which call is to be made when, and what came of all of them.
//!
//! - **all**: each variant goes its own way; what came of it in one phase is what it is given in the next.
//! - **cascade**: when all variants of a phase are there, they are judged, and every variant of the next phase works on
//!   the best. Where the judge cannot decide, nobody is made the winner: each variant then goes on by itself, as in *all*.
//! - **best**: every phase works on the idea itself, and the best of each phase is kept. Where the judge cannot decide,
//!   all are.
//!
//! A call that fails ends the way of its variant; everything else goes on, and what was made before is kept.

use std::time::Duration;

use crate::base::Result;
use crate::config::Strategy;
use crate::model::call::{Stop, What};
use crate::model::engine::{Answered, Ask, Engine, Outcome};
use crate::model::{Call, Money, Trouble};

use super::compose::{self, Input};
use super::judge::{Judge, Judgement, Question, Verdict};
use super::plan::{Plan, Step};
use super::text;

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

/// What became of the attempt to make a text better.
pub struct Improvement {
    /// The other version, once it is there.
    pub other: Option<Made>,
    stage: Stage,
}

/// Whether the other version was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    pub kept: bool,
    pub why: String,
    /// What the judge cost who compared both; none if a price is not known.
    pub cost: Option<Money>,
}

enum Stage {
    Asked,
    Compared(Box<Weighing>),
    Ended(Ended),
}

/// A judge at work, and its judgement.
struct Weighing {
    judge: Judge,
    judgement: Option<Judgement>,
}

/// A choice among candidates.
pub struct Choice {
    pub among: Vec<Place>,
    weighing: Option<Weighing>,
    pub result: Option<Chosen>,
}

/// What was chosen, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// None where the judge could not decide.
    pub best: Option<Place>,
    /// In a sentence, where there was something to decide.
    pub why: String,
    /// What the judge said of each candidate.
    pub judgement: Option<Judgement>,
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

impl Cell {
    pub fn made(&self) -> Option<&Made> {
        match &self.state {
            State::Done(made) if self.is_settled() => Some(made),
            _ => None,
        }
    }

    /// Whether nothing more will become of it.
    fn is_settled(&self) -> bool {
        match &self.state {
            State::Waiting | State::Asked => false,
            State::Failed(_) | State::Skipped => true,
            State::Done(_) => self.improvement.as_ref().is_none_or(|improvement| improvement.ended().is_some()),
        }
    }
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

    /// Choose among the variants of a phase, once all are there.
    fn choose(&mut self, phase: usize) {
        let chooses = self.plan.strategy != Strategy::All;
        if !chooses || self.choices[phase].is_some() || !self.cells[phase].iter().all(Cell::is_settled) {
            return;
        }
        let among = self.made(phase);
        let prefix = format!("{}/judge", self.plan.steps[phase].phase.name);
        self.choices[phase] = Some(self.weigh(among, Some(phase), &prefix));
    }

    /// Choose among the results, once all are there.
    fn choose_last(&mut self) {
        let settled = self.cells.iter().flatten().all(Cell::is_settled)
            && self.choices.iter().flatten().all(|choice| choice.result.is_some());
        if self.plan.chooses_at_the_end() && self.last.is_none() && settled {
            self.last = Some(self.weigh(self.results(), None, "select"));
        }
    }

    /// Put candidates before the judge, if there is anything to choose.
    fn weigh(&mut self, among: Vec<Place>, phase: Option<usize>, prefix: &str) -> Choice {
        let decided = |best: Option<Place>, why: &str| Some(Chosen { best, why: why.into(), judgement: None });
        match (&among[..], &self.plan.judge) {
            ([], _) => Choice { among, weighing: None, result: decided(None, "nothing was made") },
            ([only], _) => {
                let result = decided(Some(*only), "it is the only one");
                Choice { among, weighing: None, result }
            }
            (_, None) => Choice { among, weighing: None, result: decided(None, "there is no judge") },
            (_, Some(_)) => {
                let texts = among.iter().map(|place| self.text(*place)).collect();
                match self.before_the_judge(texts, phase, prefix) {
                    Ok(weighing) => Choice { among, weighing: Some(weighing), result: None },
                    Err(why) => Choice { among, weighing: None, result: decided(None, &why) },
                }
            }
        }
    }

    /// A judge with its calls on the way.
    fn before_the_judge(&mut self, texts: Vec<String>, phase: Option<usize>, prefix: &str) -> Result<Weighing, String> {
        let judging = self.plan.judge.as_ref().ok_or("there is no judge")?;
        let phase = phase.map(|phase| &self.plan.steps[phase].phase);
        let intent = phase.and_then(|phase| phase.prompt.description.clone());
        let wishes = [("step", intent), ("use", self.plan.use_case.clone())];
        let wishes = wishes.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?))).collect();
        let question = Question { task: self.plan.idea.clone(), wishes, candidates: texts };
        let bench = judging.bench(phase).map_err(|error| error.message().to_owned())?;
        let mut judge = Judge::new(&bench, prefix, &question).map_err(|error| error.message().to_owned())?;
        self.waiting.extend(judge.asks());
        let judgement = judge.judgement();
        Ok(Weighing { judge, judgement })
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

    fn improve(&mut self, place: Place) {
        let State::Done(made) = &self.cells[place.phase][place.variant].state else { return };
        let call: Call = compose::improvement(self.plan, self.step(place), &made.text);
        let ticket = format!("{}/improve", self.ticket(place));
        self.waiting.push(Ask { ticket, call, purpose: "improve" });
        self.cells[place.phase][place.variant].improvement = Some(Improvement { other: None, stage: Stage::Asked });
    }

    /// The other version is there, or is not: compare it.
    fn improved(&mut self, place: Place, outcome: Outcome) {
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
    fn compared(&mut self, place: Place, judgement: &Judgement) {
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

    /// Hand an answer to the judge it belongs to.
    fn judged(&mut self, ticket: &str, outcome: &Outcome) {
        for choice in self.choices.iter_mut().chain([&mut self.last]).flatten() {
            if let Some(weighing) = &mut choice.weighing
                && weighing.hear(ticket, outcome)
                && let Some(judgement) = &weighing.judgement
            {
                choice.result = Some(chosen(&choice.among, judgement));
            }
        }
        let mut compared = Vec::new();
        for (phase, cells) in self.cells.iter_mut().enumerate() {
            for (variant, cell) in cells.iter_mut().enumerate() {
                if let Some(Improvement { stage: Stage::Compared(weighing), .. }) = &mut cell.improvement
                    && weighing.hear(ticket, outcome)
                    && let Some(judgement) = &weighing.judgement
                {
                    compared.push((Place { phase, variant }, judgement.clone()));
                }
            }
        }
        for (place, judgement) in compared {
            self.compared(place, &judgement);
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

impl Stage {
    /// It stays as it was, and no judge was asked.
    fn unchanged(why: &str) -> Stage {
        Stage::Ended(Ended { kept: false, why: why.to_owned(), cost: Some(Money::default()) })
    }
}

impl Weighing {
    /// Whether the judge has come to its judgement by this.
    fn hear(&mut self, ticket: &str, outcome: &Outcome) -> bool {
        if self.judgement.is_some() {
            return false;
        }
        self.judge.answer(ticket, outcome.clone());
        self.judgement = self.judge.judgement();
        self.judgement.is_some()
    }
}

fn made(answered: &Answered) -> Result<Made, Trouble> {
    let reply = &answered.reply;
    let text = text::of_reply(reply).map_err(|why| Trouble::new(What::Refused, why))?;
    let usage = reply.usage.as_ref();
    Ok(Made {
        text,
        model: answered.model.clone(),
        input_tokens: usage.and_then(crate::model::call::Usage::input_total),
        output_tokens: usage.and_then(|usage| usage.output),
        cost: answered.cost,
        elapsed: answered.elapsed,
        cut: reply.stop == Stop::Length,
    })
}

impl Made {
    /// Both were paid for, whichever is kept. What is not known of one is not known of both.
    fn pay(&mut self, other: &Made) {
        let both = |one: Option<u64>, two: Option<u64>| one.zip(two).map(|(one, two)| one + two);
        self.input_tokens = both(self.input_tokens, other.input_tokens);
        self.output_tokens = both(self.output_tokens, other.output_tokens);
        self.cost = self.cost.zip(other.cost).map(|(one, two)| one + two);
        self.elapsed += other.elapsed;
    }
}

fn chosen(among: &[Place], judgement: &Judgement) -> Chosen {
    let (best, why) = match &judgement.verdict {
        Verdict::Decided(at) => {
            let reason = judgement.candidates[*at].reasons.first().cloned();
            (Some(among[*at]), reason.unwrap_or_else(|| "the judge gave no reason".into()))
        }
        Verdict::Tie { why, .. } => (None, format!("a tie: {why}")),
        Verdict::Undecided(why) => (None, format!("undecided: {why}")),
    };
    Chosen { best, why, judgement: Some(judgement.clone()) }
}
