//! A rubric: by what an answer is scored, and how much each part of it counts.

#[derive(Debug, Clone, PartialEq)]
pub struct Rubric {
    /// The file's name without its suffix: `kindness`.
    pub name: String,
    /// From the repository's root; only a name if it comes with palc.
    pub path: String,
    pub description: Option<String>,
    pub scale: Scale,
    pub criteria: Vec<Criterion>,
    /// The least weighted mean that passes, from 0 to 1 whatever the scale.
    pub threshold: f64,
    pub evaluator: Evaluator,
    /// Models that judge by it, where a check does not say it.
    pub judges: Vec<String>,
    pub panel: Panel,
    /// A prompt file of one's own that is asked in place of palc's: from the rubric's folder.
    pub prompt: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    pub name: String,
    /// The sentence whose truth is scored.
    pub about: String,
    /// Its share of the whole: those of all criteria add up to 1.
    pub weight: f64,
    /// What answers of these scores are like, from the lowest score on.
    pub anchors: Vec<(f64, String)>,
}

/// From which to which number scores go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
}

impl Scale {
    /// From 0 to 1.
    pub fn share(self, score: f64) -> f64 {
        (score - self.low) / (self.high - self.low)
    }

    pub fn holds(self, score: f64) -> bool {
        (self.low..=self.high).contains(&score)
    }
}

impl Default for Scale {
    fn default() -> Scale {
        Scale { low: 0.0, high: 10.0 }
    }
}

/// Who scores by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Evaluator {
    /// A model.
    #[default]
    Judge,
    /// People, with `palc rate`.
    Human,
}

impl Evaluator {
    pub const ALL: [Evaluator; 2] = [Evaluator::Judge, Evaluator::Human];

    pub fn word(self) -> &'static str {
        match self {
            Evaluator::Judge => "judge",
            Evaluator::Human => "human",
        }
    }

    pub fn from_word(word: &str) -> Option<Evaluator> {
        Evaluator::ALL.into_iter().find(|evaluator| evaluator.word() == word)
    }
}

/// How the word of several judges becomes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Panel {
    /// The mean of their scores.
    #[default]
    Mean,
    /// Each says pass or fail, and more than half of them decide.
    Majority,
}

impl Panel {
    pub const ALL: [Panel; 2] = [Panel::Mean, Panel::Majority];

    pub fn word(self) -> &'static str {
        match self {
            Panel::Mean => "mean",
            Panel::Majority => "majority",
        }
    }

    pub fn from_word(word: &str) -> Option<Panel> {
        Panel::ALL.into_iter().find(|panel| panel.word() == word)
    }
}

impl Rubric {
    /// The weighted mean of the criteria's shares, in their order: from 0 to 1.
    pub fn total(&self, shares: &[f64]) -> f64 {
        let sum: f64 = self.criteria.iter().zip(shares).map(|(criterion, share)| criterion.weight * share).sum();
        sum.clamp(0.0, 1.0)
    }
}
