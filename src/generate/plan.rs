//! What a run of generation is to do, with everything settled that could be settled before.

use std::sync::Arc;

use crate::base::Result;
use crate::config::Strategy;
use crate::model::{Layout, Map, Persona, Phase};
use crate::render::{Options, Source};

use super::judge::{Bench, Sheet};
use super::weights::Weights;

pub struct Plan {
    /// As it was given.
    pub idea: String,
    pub use_case: Option<String>,
    pub persona: Persona,
    /// The family of models that the prompt is written for, and how.
    pub family: String,
    pub layout: Layout,
    /// What the author gave with the idea.
    pub context: Vec<Passage>,
    /// Earlier prompts that are shown.
    pub examples: Vec<Passage>,
    pub steps: Vec<Step>,
    pub count: usize,
    pub strategy: Strategy,
    /// Whether each text is improved once, and the better one kept.
    pub optimize: bool,
    /// Whether the best of the results is chosen.
    pub select: bool,
    /// Who judges, where anything is to be judged.
    pub judge: Option<Judging>,
    /// Where phases find what they include.
    pub source: Arc<dyn Source>,
    pub options: Options,
}

/// A phase, and how its model is asked.
#[derive(Debug, Clone)]
pub struct Step {
    pub phase: Phase,
    pub service: String,
    pub model: String,
    pub params: Map,
}

/// A text with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub name: String,
    pub text: String,
}

pub struct Judging {
    pub sheet: Sheet,
    pub service: String,
    pub model: String,
    /// What counts for the prompts of this persona.
    pub weights: Weights,
}

/// In how many orders candidates are read.
const ORDERS: usize = 2;

impl Judging {
    /// The bench for the texts of a phase, whose own weights come before the persona's.
    pub fn bench(&self, phase: Option<&Phase>) -> Result<Bench<'_>> {
        let weights = match phase {
            Some(phase) => self.weights.with(&phase.weights)?,
            None => self.weights.clone(),
        };
        let (service, model) = (self.service.clone(), self.model.clone());
        Ok(Bench { sheet: &self.sheet, weights, service, model, orders: ORDERS })
    }
}

impl Plan {
    /// Whether candidates will have to be judged.
    pub fn needs_judge(&self) -> bool {
        self.optimize
            || (self.count > 1 && (self.select || self.strategy != Strategy::All))
            || self.chooses_at_the_end()
    }

    /// Whether a choice is left when all phases are through. A cascade has made it on the way.
    pub fn chooses_at_the_end(&self) -> bool {
        let several = match self.strategy {
            Strategy::All => self.count > 1,
            Strategy::Cascade => false,
            Strategy::Best => self.steps.len() > 1,
        };
        self.select && several
    }
}
