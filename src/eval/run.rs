//! A run of a suite, as a step machine: samples come in one after the other, what is not known yet is asked for, answers
//! are checked, and each sample is handed over as a line when everything about it is said.
//!
//! Only a window of samples is held, however many there are. An answer that two samples need is asked for once.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use super::budget::Budget;
use super::check::{Around, Compiled, Subject, Trial};
use super::key;
use super::ready::{self, Ready};
use crate::model::call::What;
use crate::model::engine::{Answered, Ask, Engine, Outcome};
use crate::model::results::{About, Checked, Given, Line, Moment};
use crate::model::{Call, Map, Money, Score, Verdict};
use crate::render::Fill;

/// Samples that are begun and not ended.
const WINDOW: usize = 256;

/// One answer that is wanted, and what must be true of it.
pub struct Sample<'a> {
    /// With its key.
    pub about: About,
    pub call: Call,
    pub vars: Rc<Map>,
    pub checks: Rc<[Ready]>,
    /// Those of the case alone, after the others.
    pub own: Rc<[Ready]>,
    pub around: Rc<dyn Around + 'a>,
}

/// The answer to a call by its key, if it is there already.
pub type Known<'a> = Box<dyn Fn(&str, &Call) -> Option<Answered> + 'a>;

/// What of the world a run needs at once.
pub struct Lent<'a> {
    /// The next sample; None when there are no more.
    pub next: Box<dyn FnMut() -> Option<Sample<'a>> + 'a>,
    /// An answer that is known already.
    pub known: Known<'a>,
    /// A sample about which everything is said. False ends the run.
    pub tell: Box<dyn FnMut(Line, Moment) -> bool + 'a>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub begun: u64,
    pub told: u64,
    /// Answers that were known, and those that were asked for.
    pub known: u64,
    pub asked: u64,
}

pub struct Run<'a> {
    lent: Lent<'a>,
    budget: Budget<'a>,
    fill: Fill,
    open: HashMap<u64, Open<'a>>,
    /// Who waits for the answer to a key that was asked for.
    waiting: HashMap<String, Vec<Wants>>,
    /// Answers that are there and not yet looked at.
    ready: VecDeque<(Wants, Outcome)>,
    asks: Vec<Ask>,
    count: Count,
    is_ended: bool,
    stopped: Option<Stopped>,
}

/// Why no more calls are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    Budget,
    Time,
    /// Whoever listens wants no more.
    Told,
}

/// Whose answer it is: a sample's own, or that of one of its judges.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wants {
    sample: u64,
    judge: Option<(usize, String)>,
}

/// A sample that is begun.
struct Open<'a> {
    sample: Sample<'a>,
    outcome: Option<Outcome>,
    /// In the order of the checks.
    scores: Vec<Option<Score>>,
    judges: HashMap<usize, Box<dyn Trial>>,
    judged: Option<Money>,
    /// Whether everything about it was known.
    kept: bool,
}

impl<'a> Run<'a> {
    pub fn new(lent: Lent<'a>, budget: Budget<'a>) -> Run<'a> {
        Run {
            lent,
            budget,
            fill: Fill::default(),
            open: HashMap::new(),
            waiting: HashMap::new(),
            ready: VecDeque::new(),
            asks: Vec::new(),
            count: Count::default(),
            is_ended: false,
            stopped: None,
        }
    }

    pub fn count(&self) -> Count {
        self.count
    }

    /// Why it did not come to its end, if it did not.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    fn begin(&mut self, sample: Sample<'a>) {
        self.count.begun += 1;
        let number = self.count.begun;
        let (key, call, label) = (sample.about.key.clone(), sample.call.clone(), sample.about.case.clone());
        let checks = sample.checks.len() + sample.own.len();
        let open = Open {
            sample,
            outcome: None,
            scores: vec![None; checks],
            judges: HashMap::new(),
            judged: Some(Money::default()),
            kept: true,
        };
        self.open.insert(number, open);
        self.want(Wants { sample: number, judge: None }, &key, &label, call, "eval");
    }

    /// Get an answer from what is known, from a call that is on its way, or by a call of its own.
    fn want(&mut self, wants: Wants, key: &str, label: &str, call: Call, purpose: &'static str) {
        if let Some(answered) = (self.lent.known)(key, &call) {
            self.count.known += 1;
            return self.ready.push_back((wants, Ok(answered)));
        }
        if let Some(others) = self.waiting.get_mut(key) {
            return others.push(wants);
        }
        if self.stopped.is_some() || !self.budget.takes(key, &call) {
            self.stopped.get_or_insert(Stopped::Budget);
            self.open.remove(&wants.sample);
            return;
        }
        self.count.asked += 1;
        self.waiting.insert(key.to_owned(), vec![wants]);
        self.asks.push(Ask { ticket: format!("{label} {key}"), call, purpose });
    }

    fn hear(&mut self, wants: &Wants, outcome: Outcome) {
        let Some(open) = self.open.get_mut(&wants.sample) else { return };
        open.kept &= outcome.as_ref().is_ok_and(|answered| answered.kept);
        match &wants.judge {
            None => {
                open.outcome = Some(outcome);
                self.look(wants.sample);
            }
            Some((check, ticket)) => {
                let cost = outcome.as_ref().map_or(Some(Money::default()), |answered| answered.cost);
                open.judged = open.judged.zip(cost).map(|(sum, cost)| sum + cost);
                if let Some(judge) = open.judges.get_mut(check) {
                    judge.answer(ticket, outcome);
                }
                self.go_on(wants.sample, *check);
            }
        }
        self.end(wants.sample);
    }

    /// Hold the answer against all checks; those that judge begin to ask.
    fn look(&mut self, number: u64) {
        let Some(open) = self.open.get_mut(&number) else { return };
        let Some(Ok(answered)) = &open.outcome else { return };
        let sample = &open.sample;
        let subject = Subject {
            reply: &answered.reply,
            messages: &sample.call.messages,
            vars: &sample.vars,
            tools: &sample.call.tools,
            cost: answered.cost,
            elapsed: (!answered.elapsed.is_zero()).then_some(answered.elapsed),
        };
        let mut begun = Vec::new();
        for (at, check) in sample.checks.iter().chain(sample.own.iter()).enumerate() {
            let look = match check.look(&sample.vars, &*sample.around, &self.fill) {
                Ok(look) => look,
                Err(finding) => {
                    open.scores[at] = Some(Score::undecided(finding.message));
                    continue;
                }
            };
            match look.compiled() {
                Compiled::Plain(plain) => open.scores[at] = Some(plain.look(&subject)),
                Compiled::Judged(judged) => match judged.begin(&subject) {
                    Ok(trial) => {
                        open.judges.insert(at, trial);
                        begun.push(at);
                    }
                    Err(error) => open.scores[at] = Some(Score::undecided(error.message())),
                },
            }
        }
        begun.into_iter().for_each(|at| self.go_on(number, at));
    }

    /// What a judge wants next, or what it says in the end.
    fn go_on(&mut self, number: u64, at: usize) {
        let Some(open) = self.open.get_mut(&number) else { return };
        let Some(judge) = open.judges.get_mut(&at) else { return };
        if let Some(score) = judge.score() {
            open.scores[at] = Some(score);
            open.judges.remove(&at);
            return;
        }
        let label = format!("{}/{}", open.sample.about.case, at + 1);
        let repeat = open.sample.about.repeat;
        for ask in judge.asks() {
            // A judge that asks the same again wants another answer.
            let key = key::of(&ask.call, repeat) + &key::of_ticket(&ask.ticket);
            let wants = Wants { sample: number, judge: Some((at, ask.ticket)) };
            self.want(wants, &key, &label, ask.call, ask.purpose);
        }
    }

    /// Hand a sample over if everything about it is said.
    fn end(&mut self, number: u64) {
        let Some(open) = self.open.get(&number) else { return };
        let is_answered = matches!(open.outcome, Some(Ok(_)));
        if open.outcome.is_none() || is_answered && open.scores.iter().any(Option::is_none) {
            return;
        }
        let Some(open) = self.open.remove(&number) else { return };
        let (line, moment) = open.told();
        self.count.told += 1;
        if !(self.lent.tell)(line, moment) {
            self.stopped = Some(Stopped::Told);
        }
    }

    /// Look at answers that are there; they may bring more of them.
    fn settle(&mut self) {
        while let Some((wants, outcome)) = self.ready.pop_front() {
            self.hear(&wants, outcome);
        }
    }
}

impl Engine for Run<'_> {
    fn asks(&mut self) -> Vec<Ask> {
        self.settle();
        while !self.is_ended && self.stopped.is_none() && self.open.len() < WINDOW {
            match (self.lent.next)() {
                Some(sample) => self.begin(sample),
                None => self.is_ended = true,
            }
            self.settle();
        }
        std::mem::take(&mut self.asks)
    }

    fn answer(&mut self, ticket: &str, outcome: Outcome) {
        let key = ticket.rsplit(' ').next().unwrap_or(ticket);
        self.budget.ended(key, outcome.as_ref().ok());
        for wants in self.waiting.remove(key).unwrap_or_default() {
            self.ready.push_back((wants, outcome.clone()));
        }
        self.settle();
    }
}

impl Open<'_> {
    fn told(self) -> (Line, Moment) {
        let Open { sample, outcome, scores, judged, kept, .. } = self;
        let about = sample.about;
        let mut moment = Moment { key: about.key.clone(), judged, kept, ..Moment::default() };
        let answered = match outcome {
            Some(Ok(answered)) => answered,
            Some(Err(trouble)) => {
                moment.cost = (!may_be_paid(trouble.what)).then(Money::default);
                let trouble = Some(format!("{}: {}", trouble.what.word(), trouble.message));
                let line =
                    Line { about, answer: None, trouble, checks: Vec::new(), verdict: Verdict::Undecided, score: None };
                return (line, moment);
            }
            None => unreachable!("a sample is told when its answer is there"),
        };
        let all = sample.checks.iter().chain(sample.own.iter());
        let said: Vec<(Checked, bool)> =
            all.zip(scores).filter_map(|(check, score)| Some((check.said(score?), check.required()))).collect();
        let (verdict, score) = ready::together(&said);
        let mut checks: Vec<Checked> = said.into_iter().map(|(checked, _)| checked).collect();
        ready::number(&mut checks);
        moment.elapsed_ms = answered.elapsed.as_millis() as u64;
        moment.cost = answered.cost;
        (Line { about, answer: Some(given(answered)), trouble: None, checks, verdict, score }, moment)
    }
}

/// Whether a call without an answer may have been paid for all the same.
fn may_be_paid(what: What) -> bool {
    match what {
        What::Auth
        | What::Permission
        | What::NotFound
        | What::BadRequest
        | What::ContextLength
        | What::RateLimited
        | What::Quota
        | What::Overloaded
        | What::Refused => false,
        What::Server | What::Timeout | What::Network | What::Decode | What::Cut | What::TooLarge | What::Late => true,
    }
}

fn given(answered: Answered) -> Given {
    let reply = answered.reply;
    let usage = reply.usage.as_ref();
    Given {
        stop: Some(reply.stop.word()).filter(|word| *word != "complete").map(str::to_owned),
        input_tokens: usage.and_then(crate::model::call::Usage::input_total),
        output_tokens: usage.and_then(|usage| usage.output),
        text: reply.text,
        refusal: reply.refusal,
        tool_calls: reply.tool_calls,
    }
}
