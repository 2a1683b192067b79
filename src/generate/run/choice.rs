//! The choice among the variants of a phase, and among the results.

use crate::config::Strategy;
use crate::generate::judge::{Judge, Judgement, Question, Verdict};
use crate::model::engine::{Engine as _, Outcome};

use super::Run;
use super::cell::{Cell, Place};
use super::improve::{Improvement, Stage};

/// A choice among candidates.
pub struct Choice {
    pub among: Vec<Place>,
    pub(super) weighing: Option<Weighing>,
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

/// A judge at work, and its judgement.
pub(super) struct Weighing {
    judge: Judge,
    judgement: Option<Judgement>,
}

impl Run<'_> {
    /// Choose among the variants of a phase, once all are there.
    pub(super) fn choose(&mut self, phase: usize) {
        let chooses = self.plan.strategy != Strategy::All;
        if !chooses || self.choices[phase].is_some() || !self.cells[phase].iter().all(Cell::is_settled) {
            return;
        }
        let among = self.made(phase);
        let prefix = format!("{}/judge", self.plan.steps[phase].phase.name);
        self.choices[phase] = Some(self.weigh(among, Some(phase), &prefix));
    }

    /// Choose among the results, once all are there.
    pub(super) fn choose_last(&mut self) {
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
    pub(super) fn before_the_judge(
        &mut self,
        texts: Vec<String>,
        phase: Option<usize>,
        prefix: &str,
    ) -> Result<Weighing, String> {
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

    /// Hand an answer to the judge it belongs to.
    pub(super) fn judged(&mut self, ticket: &str, outcome: &Outcome) {
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
}

impl Weighing {
    /// Whether the judge has come to its judgement by this.
    pub(super) fn hear(&mut self, ticket: &str, outcome: &Outcome) -> bool {
        if self.judgement.is_some() {
            return false;
        }
        self.judge.answer(ticket, outcome.clone());
        self.judgement = self.judge.judgement();
        self.judgement.is_some()
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
