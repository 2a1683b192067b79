//! A judge: a model that scores candidates for the same task, criterion by criterion, and gives its reasons.
//!
//! It is asked more than once, with the candidates in another order each time, and in a first order that hangs on their
//! texts alone: whoever names them in whatever order gets the same answer. A candidate wins if it wins in every order. If
//! the order decides, that is a tie, and said. If one reply is no verdict, nothing is decided: no score is ever made up.

mod sheet;
mod verdict;

#[cfg(test)]
mod tests;

use crate::base::hash::sha256;
use crate::base::{Result, fence};
use crate::model::call::Answer;
use crate::model::engine::{Ask, Engine, Outcome};
use crate::model::{Call, Map, Money, Value};

pub use sheet::{Criterion, Sheet};
pub use verdict::Verdict as Said;

use super::weights::Weights;
use verdict::Terms;

/// Totals that are nearer to each other than this are the same.
const SAME: f64 = 1e-9;

/// What is to be judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    pub task: String,
    /// What else is wished for, such as `audience`, `tone`, `length` and `requirement`, each with its text.
    pub wishes: Vec<(String, String)>,
    pub candidates: Vec<String>,
}

/// Who judges, and by what.
#[derive(Clone)]
pub struct Bench<'a> {
    pub sheet: &'a Sheet,
    pub weights: Weights,
    pub service: String,
    pub model: String,
    /// In how many orders the candidates are shown; two make every candidate's mean place the same.
    pub orders: usize,
}

/// One question before the bench.
pub struct Judge {
    asks: Vec<Ask>,
    /// Texts that differ, in the order of the first reading, each with the candidates that have it.
    groups: Vec<Vec<usize>>,
    /// How many candidates there are.
    candidates: usize,
    readings: Vec<Reading>,
    terms: Terms,
    criteria: Vec<Criterion>,
    weights: Weights,
}

/// One order in which the candidates were shown, and what came of it.
#[derive(Debug, Clone)]
struct Reading {
    ticket: String,
    /// The groups in their order.
    order: Vec<usize>,
    told: Option<Told>,
}

#[derive(Debug, Clone)]
struct Told {
    said: Result<Said, String>,
    model: Option<String>,
    cost: Option<Money>,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// This candidate is the best in every order.
    Decided(usize),
    /// These cannot be told apart.
    Tie { among: Vec<usize>, why: String },
    /// There is no verdict.
    Undecided(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    pub verdict: Verdict,
    /// In the order in which they were given.
    pub candidates: Vec<Judged>,
    /// The lowest of what the judge said of its confidence, from 0 to 1.
    pub confidence: Option<f64>,
    pub orders: Vec<Order>,
    /// None if a price is not known.
    pub cost: Option<Money>,
}

/// A candidate with its scores, which are means over all orders; without any if one of the orders has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// From 0 to 1; penalties count against it.
    pub total: Option<f64>,
    /// From 0 to 1, as the criterion is worded: a high toxicity is a bad one.
    pub scores: Vec<(String, f64)>,
    /// One for each order that has a verdict.
    pub reasons: Vec<String>,
}

/// One reading of all candidates.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub ticket: String,
    /// The candidates as they were shown; of those with the same text, the first.
    pub shown: Vec<usize>,
    /// Each candidate's total in the order shown, or why there is no verdict.
    pub totals: Result<Vec<f64>, String>,
    pub model: Option<String>,
}

impl Judge {
    /// `prefix` begins the tickets of its calls.
    pub fn new(bench: &Bench<'_>, prefix: &str, question: &Question) -> Result<Judge> {
        let texts = &question.candidates;
        let groups = groups(texts);
        let shown: Vec<&str> = groups.iter().map(|group| texts[group[0]].trim()).collect();
        let mut all: Vec<&str> = vec![question.task.as_str()];
        all.extend(question.wishes.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]));
        all.extend(&shown);
        let criteria = bench.sheet.criteria.clone();
        let terms = Terms {
            nonce: fence::nonce(&all),
            candidates: shown.len(),
            criteria: criteria.iter().map(|criterion| criterion.name.clone()).collect(),
            scale: bench.sheet.scale,
        };
        let readings: Vec<Reading> = orders(shown.len(), bench.orders)
            .into_iter()
            .enumerate()
            .map(|(at, order)| Reading { ticket: format!("{prefix}/{}", at + 1), order, told: None })
            .collect();
        let ask = |reading: &Reading| {
            let in_order = reading.order.iter().map(|&at| shown[at]);
            let messages = bench.sheet.messages(context(question, in_order, &terms.nonce))?;
            let answer = Answer::Schema { name: "verdict".into(), schema: terms.schema(), strict: true };
            let (service, model) = (bench.service.clone(), bench.model.clone());
            let call =
                Call { service, model, messages, params: bench.sheet.params().clone(), answer, ..Call::default() };
            Ok(Ask { ticket: reading.ticket.clone(), call, purpose: "judge" })
        };
        let asks = readings.iter().map(ask).collect::<Result<_>>()?;
        Ok(Judge { asks, groups, candidates: texts.len(), readings, terms, criteria, weights: bench.weights.clone() })
    }

    /// What came of it, once every answer is there.
    pub fn judgement(&self) -> Option<Judgement> {
        if !self.asks.is_empty() || self.readings.iter().any(|reading| reading.told.is_none()) {
            return None;
        }
        let orders: Vec<Order> = self.readings.iter().map(|reading| self.order(reading)).collect();
        let confidence = self.said().map(|(_, said)| said.confidence).reduce(f64::min);
        let costs = self.readings.iter().map(|reading| reading.told.as_ref().and_then(|told| told.cost));
        let candidates = (0..self.candidates).map(|candidate| self.judged(candidate)).collect();
        Some(Judgement {
            verdict: self.decide(&orders),
            candidates,
            confidence: confidence.filter(|_| orders.iter().all(|order| order.totals.is_ok())),
            orders,
            cost: costs.collect::<Option<Vec<_>>>().map(|costs| costs.into_iter().sum()),
        })
    }

    /// The verdicts with the orders that they are about.
    fn said(&self) -> impl Iterator<Item = (&Reading, &Said)> {
        self.readings.iter().filter_map(|reading| Some((reading, reading.told.as_ref()?.said.as_ref().ok()?)))
    }

    fn order(&self, reading: &Reading) -> Order {
        let told = reading.told.as_ref();
        let totals = told.map_or_else(|| Err(String::new()), |told| told.said.clone());
        Order {
            ticket: reading.ticket.clone(),
            shown: reading.order.iter().map(|&group| self.groups[group][0]).collect(),
            totals: totals.map(|said| said.candidates.iter().map(|said| self.total(&said.scores)).collect()),
            model: told.and_then(|told| told.model.clone()),
        }
    }

    /// From 0 to 1: of a penalty, what is not there counts.
    fn total(&self, scores: &[f64]) -> f64 {
        let part = |(criterion, score): (&Criterion, &f64)| {
            self.weights.share(&criterion.name) * if criterion.penalty { 1.0 - score } else { *score }
        };
        self.criteria.iter().zip(scores).map(part).sum()
    }

    fn judged(&self, candidate: usize) -> Judged {
        let group = self.groups.iter().position(|group| group.contains(&candidate));
        let of_group = |(reading, said): (&Reading, &Said)| {
            let place = reading.order.iter().position(|&at| Some(at) == group)?;
            said.candidates.get(place).cloned()
        };
        let said: Vec<_> = self.said().filter_map(of_group).collect();
        let reasons = said.iter().map(|said| said.reason.clone()).collect();
        if said.is_empty() || said.len() < self.readings.len() {
            return Judged { total: None, scores: Vec::new(), reasons };
        }
        let mean = |at: usize| said.iter().map(|said| said.scores[at]).sum::<f64>() / said.len() as f64;
        let means: Vec<f64> = (0..self.criteria.len()).map(mean).collect();
        let names = self.criteria.iter().map(|criterion| criterion.name.clone());
        Judged { total: Some(self.total(&means)), scores: names.zip(means.iter().copied()).collect(), reasons }
    }

    fn decide(&self, orders: &[Order]) -> Verdict {
        if self.groups.is_empty() {
            return Verdict::Undecided("every candidate is empty".into());
        }
        let mut winners: Vec<Vec<usize>> = Vec::new();
        for order in orders {
            match &order.totals {
                Ok(totals) => winners.push(best(&order.shown, totals)),
                Err(why) => return Verdict::Undecided(why.clone()),
            }
        }
        let mut common = winners[0].clone();
        common.retain(|candidate| winners.iter().all(|winners| winners.contains(candidate)));
        match common[..] {
            [] => tie(winners.concat(), "which one wins hangs on the order in which they are read"),
            [only] => match self.groups.iter().find(|group| group[0] == only) {
                Some(group) if group.len() > 1 => tie(group.clone(), "their texts are the same"),
                _ => Verdict::Decided(only),
            },
            _ => tie(common, "their scores are the same"),
        }
    }
}

impl Engine for Judge {
    fn asks(&mut self) -> Vec<Ask> {
        std::mem::take(&mut self.asks)
    }

    fn answer(&mut self, ticket: &str, outcome: Outcome) {
        let Some(reading) = self.readings.iter_mut().find(|reading| reading.ticket == ticket) else { return };
        reading.told = Some(match outcome {
            Ok(answered) => Told {
                said: verdict::read(&answered.reply, &self.terms),
                model: Some(answered.model),
                cost: answered.cost,
            },
            Err(trouble) => {
                Told { said: Err(format!("the judge did not answer: {}", trouble.message)), model: None, cost: None }
            }
        });
    }
}

/// Candidates that hold anything, those with the same text together, in an order that hangs on the texts alone.
fn groups(texts: &[String]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, text) in texts.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let hash = sha256(text.trim().as_bytes());
        match groups.iter_mut().find(|(known, _)| *known == hash) {
            Some((_, group)) => group.push(at),
            None => groups.push((hash, vec![at])),
        }
    }
    groups.sort();
    groups.into_iter().map(|(_, group)| group).collect()
}

/// So many orders of so many things: one, the same backwards, then both begun at another place.
fn orders(things: usize, wanted: usize) -> Vec<Vec<usize>> {
    let mut orders: Vec<Vec<usize>> = Vec::new();
    for begin in 0..things {
        let mut order: Vec<usize> = (0..things).collect();
        order.rotate_left(begin);
        for backwards in [false, true] {
            if backwards {
                order.reverse();
            }
            if orders.len() < wanted.max(1) && !orders.contains(&order) {
                orders.push(order.clone());
            }
        }
    }
    orders
}

fn context<'a>(question: &Question, candidates: impl Iterator<Item = &'a str>, nonce: &str) -> Map {
    let wish = |(name, text): &(String, String)| serde_json::json!({"name": name, "text": text});
    let candidate = |(at, text): (usize, &str)| serde_json::json!({"number": at + 1, "text": text});
    let list = |key: &str, values: Vec<Value>| (key.to_owned(), Value::Array(values));
    let text = |key: &str, text: &str| (key.to_owned(), Value::from(text));
    Map::from_iter([
        text("nonce", nonce),
        text("task", &question.task),
        list("wishes", question.wishes.iter().map(wish).collect()),
        list("candidates", candidates.enumerate().map(candidate).collect()),
    ])
}

/// The candidates with the highest total.
fn best(shown: &[usize], totals: &[f64]) -> Vec<usize> {
    let highest = totals.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    shown.iter().zip(totals).filter(|(_, total)| highest - **total <= SAME).map(|(candidate, _)| *candidate).collect()
}

fn tie(mut among: Vec<usize>, why: &str) -> Verdict {
    among.sort_unstable();
    among.dedup();
    Verdict::Tie { among, why: why.into() }
}
