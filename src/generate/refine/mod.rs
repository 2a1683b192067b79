//! A prompt is made better step by step: one model writes another version, a judge compares it with what there is.
//!
//! The prompt stays as it is unless a version wins against it, in whatever order the judge reads them. It ends when the
//! score that was wanted is reached, when two versions in a row were no improvement, or after so many steps.

mod reply;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::json;

use crate::base::{Error, Result, fence};
use crate::model::engine::{Ask, Engine, Outcome};
use crate::model::{Call, Map, Money, Value};
use crate::render::Source;
use crate::render::form::{Alone, Form};

use super::judge::{Bench, Judge, Judgement, Question, Verdict};

const BUILT_IN: &str = include_str!("refine.md");
/// So many versions in a row that are no improvement are enough.
const PATIENCE: usize = 2;

/// What whoever improves is asked, as a prompt file.
pub fn built_in() -> Form {
    form("refine.md", BUILT_IN, Arc::new(Alone)).expect("the form that is compiled in is right")
}

pub fn form(path: &str, text: &str, source: Arc<dyn Source>) -> Result<Form> {
    Form::read(path, text, source)
}

/// What is to be improved, and for what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Brief {
    pub task: String,
    /// What else is wished for, each with its text.
    pub wishes: Vec<(String, String)>,
    pub prompt: String,
    /// The variables that every version must use.
    pub names: Vec<String>,
    /// Prompts for similar tasks that have done well.
    pub examples: Vec<String>,
    /// The score at which it is good enough, from 0 to 1.
    pub target: f64,
    pub iterations: usize,
}

/// Who writes the versions.
#[derive(Clone)]
pub struct Writer<'a> {
    pub form: &'a Form,
    pub service: String,
    pub model: String,
}

/// What is wrong with a version, if anything is: a sentence that goes on after "because".
pub type Check<'a> = &'a dyn Fn(&str) -> Result<(), String>;

pub struct Refine<'a> {
    brief: Brief,
    writer: Writer<'a>,
    bench: Bench<'a>,
    check: Check<'a>,
    best: Best,
    steps: Vec<Step>,
    stage: Stage,
    costs: Vec<Option<Money>>,
    broken: Option<Error>,
}

/// The best version so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    pub text: String,
    /// From 0 to 1; None if it could not be scored.
    pub score: Option<f64>,
    pub reasons: Vec<String>,
    /// The step that it comes from; 0 is what there was.
    pub step: usize,
}

/// One version and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub text: Option<String>,
    pub fate: Fate,
    pub judgement: Option<Judgement>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// It won against the original and the best before it.
    Better,
    /// It did not, and why.
    NotBetter(String),
    /// It was not worth judging, and why.
    Rejected(String),
}

/// Why it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    Reached,
    /// Nothing that was tried was an improvement.
    NoProgress,
    /// All steps are done.
    Steps,
    /// A model did not answer.
    Trouble(String),
    /// It is not over.
    Open,
}

enum Stage {
    Begin,
    Next,
    Writing {
        ticket: String,
        nonce: String,
    },
    Judging {
        judge: Box<Judge>,
        /// The version that is judged; None while the original is.
        version: Option<String>,
    },
    Over(End),
}

/// What came of it all.
#[derive(Debug, Clone, PartialEq)]
pub struct Refined {
    pub original: Option<f64>,
    pub best: Best,
    pub steps: Vec<Step>,
    pub end: End,
    /// None if a price is not known.
    pub cost: Option<Money>,
}

impl Refined {
    pub fn is_reached(&self) -> bool {
        self.end == End::Reached
    }

    /// Whether a model did not answer.
    pub fn is_broken_off(&self) -> bool {
        matches!(self.end, End::Trouble(_))
    }
}

impl<'a> Refine<'a> {
    pub fn new(brief: Brief, writer: Writer<'a>, bench: Bench<'a>, check: Check<'a>) -> Refine<'a> {
        let best = Best { text: brief.prompt.clone(), score: None, reasons: Vec::new(), step: 0 };
        let (steps, costs) = (Vec::new(), Vec::new());
        Refine { brief, writer, bench, check, best, steps, stage: Stage::Begin, costs, broken: None }
    }

    /// What came of it so far.
    pub fn refined(self) -> Result<Refined> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        let original = self.steps.first().and_then(|step| score(step.judgement.as_ref()?, 0));
        let end = match self.stage {
            Stage::Over(end) => end,
            _ => End::Open,
        };
        let steps = self.steps.into_iter().skip(1).collect();
        Ok(Refined { original, best: self.best, steps, end, cost: self.costs.into_iter().sum() })
    }

    fn versions(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }

    fn judge(&mut self, version: Option<String>) -> Result<Stage> {
        // The original first, then the best, then the new one; whether two of them are the same the judge sees itself.
        let mut candidates = vec![self.brief.prompt.clone()];
        if let Some(version) = &version {
            if self.best.step > 0 {
                candidates.push(self.best.text.clone());
            }
            candidates.push(version.clone());
        }
        let question = Question { task: self.brief.task.clone(), wishes: self.brief.wishes.clone(), candidates };
        let judge = Judge::new(&self.bench, &format!("judge/{}", self.steps.len()), &question)?;
        Ok(Stage::Judging { judge: Box::new(judge), version })
    }

    fn write(&self) -> Result<(Ask, String)> {
        let rejected: Vec<(&str, &str)> = self.since_best().filter_map(rejected).collect();
        let mut shown = vec![self.brief.task.as_str(), self.best.text.as_str()];
        shown.extend(self.brief.wishes.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]));
        shown.extend(self.brief.examples.iter().chain(&self.best.reasons).map(String::as_str));
        shown.extend(rejected.iter().flat_map(|(text, why)| [*text, *why]));
        let nonce = fence::nonce(&shown);
        let list = |texts: &[String]| Value::from(texts);
        let context: [(&str, Value); 8] = [
            ("nonce", Value::from(nonce.as_str())),
            ("task", Value::from(self.brief.task.as_str())),
            ("prompt", Value::from(self.best.text.as_str())),
            ("names", list(&self.brief.names)),
            ("reasons", list(&self.best.reasons)),
            ("wishes", self.brief.wishes.iter().map(|(name, text)| json!({"name": name, "text": text})).collect()),
            ("examples", self.brief.examples.iter().map(|text| json!({"text": text})).collect()),
            ("rejected", rejected.iter().map(|(text, why)| json!({"text": text, "why": why})).collect()),
        ];
        let context: Map = context.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let messages = self.writer.form.messages(context)?;
        let (service, model) = (self.writer.service.clone(), self.writer.model.clone());
        let params = self.writer.form.prompt.params.clone();
        let call = Call { service, model, messages, params, ..Call::default() };
        Ok((Ask { ticket: format!("write/{}", self.steps.len()), call, purpose: "refine" }, nonce))
    }

    /// The steps after the best one, which were no improvement.
    fn since_best(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().skip(self.best.step + 1)
    }

    /// What comes after a step that is done.
    fn next(&self) -> Stage {
        let reached = self.best.score.is_some_and(|score| score >= self.brief.target);
        match () {
            () if reached => Stage::Over(End::Reached),
            () if self.since_best().count() >= PATIENCE => Stage::Over(End::NoProgress),
            () if self.versions() >= self.brief.iterations => Stage::Over(End::Steps),
            () => Stage::Next,
        }
    }

    fn step(&mut self, text: Option<String>, fate: Fate, judgement: Option<Judgement>) {
        self.steps.push(Step { text, fate, judgement });
        self.stage = self.next();
    }

    fn weigh(&mut self, judgement: Judgement, version: Option<String>) {
        self.costs.push(judgement.cost);
        let Some(text) = version else {
            self.best.score = score(&judgement, 0);
            self.best.reasons = judgement.candidates[0].reasons.clone();
            let why = match &judgement.verdict {
                Verdict::Undecided(why) => Some(format!("the prompt was not scored: {why}")),
                _ => None,
            };
            self.step(None, Fate::Better, Some(judgement));
            // Without a score to begin with nothing could be told to be better.
            if let Some(why) = why {
                self.stage = Stage::Over(End::Trouble(why));
            }
            return;
        };
        let new = judgement.candidates.len() - 1;
        let fate = match &judgement.verdict {
            Verdict::Decided(winner) if *winner == new => Fate::Better,
            Verdict::Decided(0) => Fate::NotBetter("the original is better".into()),
            Verdict::Decided(_) => Fate::NotBetter("the version before it is better".into()),
            Verdict::Tie { why, .. } => Fate::NotBetter(format!("the judge cannot tell it from another: {why}")),
            Verdict::Undecided(why) => Fate::NotBetter(format!("it was not judged: {why}")),
        };
        if fate == Fate::Better {
            let reasons = judgement.candidates[new].reasons.clone();
            self.best = Best { text: text.clone(), score: score(&judgement, new), reasons, step: self.steps.len() };
        }
        self.step(Some(text), fate, Some(judgement));
    }

    fn read(&mut self, nonce: &str, outcome: Outcome) {
        let answered = match outcome {
            Ok(answered) => answered,
            Err(trouble) => return self.stage = Stage::Over(End::Trouble(trouble.message)),
        };
        self.costs.push(answered.cost);
        let text = match reply::prompt(&answered.reply, nonce) {
            Ok(text) => text,
            Err(why) => return self.step(None, Fate::Rejected(why), None),
        };
        let same = |text: &str| self.steps.iter().any(|step| step.text.as_deref() == Some(text));
        let checked = match () {
            () if text.trim() == self.brief.prompt.trim() => Err("it is the original again".to_owned()),
            () if same(&text) => Err("it was there before".to_owned()),
            () => (self.check)(&text),
        };
        match checked.map(|()| self.judge(Some(text.clone()))) {
            Ok(Ok(stage)) => self.stage = stage,
            Ok(Err(error)) => self.give_up(error),
            Err(why) => self.step(Some(text), Fate::Rejected(why), None),
        }
    }

    fn give_up(&mut self, error: Error) {
        self.stage = Stage::Over(End::Trouble(error.message().to_owned()));
        self.broken = Some(error);
    }
}

impl Engine for Refine<'_> {
    fn asks(&mut self) -> Vec<Ask> {
        loop {
            match &mut self.stage {
                Stage::Over(_) | Stage::Writing { .. } => return Vec::new(),
                Stage::Begin => match self.judge(None) {
                    Ok(stage) => self.stage = stage,
                    Err(error) => self.give_up(error),
                },
                Stage::Judging { judge, version } => {
                    let asks = judge.asks();
                    if !asks.is_empty() {
                        return asks;
                    }
                    let Some(judgement) = judge.judgement() else { return Vec::new() };
                    let version = version.take();
                    self.weigh(judgement, version);
                }
                Stage::Next => match self.write() {
                    Ok((ask, nonce)) => {
                        self.stage = Stage::Writing { ticket: ask.ticket.clone(), nonce };
                        return vec![ask];
                    }
                    Err(error) => self.give_up(error),
                },
            }
        }
    }

    fn answer(&mut self, told: &str, outcome: Outcome) {
        match &mut self.stage {
            Stage::Judging { judge, .. } => judge.answer(told, outcome),
            Stage::Writing { ticket, nonce } if ticket == told => {
                let nonce = std::mem::take(nonce);
                self.read(&nonce, outcome);
            }
            _ => {}
        }
    }
}

fn score(judgement: &Judgement, candidate: usize) -> Option<f64> {
    judgement.candidates.get(candidate)?.total
}

fn rejected(step: &Step) -> Option<(&str, &str)> {
    match (&step.text, &step.fate) {
        (Some(text), Fate::NotBetter(why) | Fate::Rejected(why)) => Some((text, why)),
        _ => None,
    }
}
