//! Ranked prompts, and how each score comes about.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::rank::Outcome;
use crate::generate::rank::{BAND, Earlier, Facts, Feature, Part, Ranked};

use super::paint::{Paint, printable};
use super::table;

pub fn text(outcome: &Outcome, explain: bool, paint: Paint, width: Option<usize>) -> String {
    if explain {
        return outcome.ranked.iter().map(|ranked| explained(outcome, ranked, paint)).collect::<Vec<_>>().join("\n");
    }
    let row = |ranked: &Ranked| {
        let candidate = &outcome.candidates[ranked.candidate];
        let mut parts: Vec<&Part> = ranked.parts.iter().filter(|part| part.value.is_some()).collect();
        parts.sort_by(|a, b| b.points().total_cmp(&a.points()));
        let best = parts.iter().take(2).map(|part| part.feature.word()).collect::<Vec<_>>().join(", ");
        vec![format!("{:.3}", ranked.score), paint.bold(&printable(&candidate.name)), paint.dim(&best)]
    };
    table::columns(&outcome.ranked.iter().map(row).collect::<Vec<_>>(), width)
}

/// A table with ten decimal places: whoever adds it up gets the score.
fn explained(outcome: &Outcome, ranked: &Ranked, paint: Paint) -> String {
    let name = printable(&outcome.candidates[ranked.candidate].name);
    let facts = &outcome.facts[ranked.candidate];
    let row = |part: &Part| {
        let value = part.value.map_or_else(|| "unknown".to_owned(), |value| format!("{value:.10}"));
        let sum = format!("{value} × {:.10} = {:.10}", part.share, part.points());
        vec!["  ".to_owned() + part.feature.word(), sum, paint.dim(&printable(&why(facts, part.feature)))]
    };
    let rows: Vec<Vec<String>> = ranked.parts.iter().map(row).collect();
    format!("{} {:.10}\n{}", paint.bold(&name), ranked.score, table::columns(&rows, None))
}

fn why(facts: &Facts, feature: Feature) -> String {
    match feature {
        Feature::Temperature => match (facts.temperature, facts.phase_temperature) {
            (Some(own), Some(phase)) => format!("1 - |{own} - {phase}|, the phase's own"),
            (None, _) => "the prompt has no temperature".into(),
            (_, None) => "it has no phase that wants a temperature".into(),
        },
        Feature::Length => format!("{} characters; {} to {} are best", facts.characters, BAND.0, BAND.1),
        Feature::Similarity => "the cosine of what it and the task mean".into(),
        Feature::Ratio => format!("{} and {} characters", facts.characters, facts.input_characters),
        Feature::History if facts.earlier.is_empty() => "no prompt that resembles it has a label or a score".into(),
        Feature::History => {
            let one = |it: &Earlier| format!("{} {:.2} (alike {:.2})", it.name, it.success, it.cosine);
            facts.earlier.iter().map(one).collect::<Vec<_>>().join(", ")
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RankV1<'a> {
    /// How much each feature counts; the shares add up to 1.
    weights: Vec<WeightV1<'a>>,
    /// The best first.
    ranked: Vec<RankedV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct WeightV1<'a> {
    name: &'a str,
    share: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RankedV1<'a> {
    name: &'a str,
    path: &'a str,
    /// From 0 to 1: the sum of the features' points.
    score: f64,
    features: Vec<FeatureV1>,
    facts: FactsV1<'a>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FeatureV1 {
    name: &'static str,
    /// From 0 to 1; null if it is not known.
    value: Option<f64>,
    /// What it counts for this prompt: what is not known counts nothing, and the others the more.
    share: f64,
    /// Value times share.
    points: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FactsV1<'a> {
    temperature: Option<f64>,
    phase_temperature: Option<f64>,
    characters: usize,
    task_characters: usize,
    /// The cosine of what the prompt and the task mean.
    cosine: Option<f64>,
    /// Prompts that resemble it and of which it is known how they did.
    earlier: Vec<EarlierV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct EarlierV1<'a> {
    name: &'a str,
    cosine: f64,
    /// From 0 to 1.
    success: f64,
}

pub fn weights<'a>(shares: impl Iterator<Item = (&'a str, f64)>) -> Vec<WeightV1<'a>> {
    shares.map(|(name, share)| WeightV1 { name, share }).collect()
}

pub fn object(outcome: &Outcome) -> RankV1<'_> {
    let ranked = outcome.ranked.iter().map(|ranked| {
        let candidate = &outcome.candidates[ranked.candidate];
        RankedV1 {
            name: &candidate.name,
            path: &candidate.path,
            score: ranked.score,
            features: ranked.parts.iter().map(feature).collect(),
            facts: facts(&outcome.facts[ranked.candidate]),
        }
    });
    RankV1 { weights: weights(outcome.weights.iter()), ranked: ranked.collect() }
}

fn feature(part: &Part) -> FeatureV1 {
    FeatureV1 { name: part.feature.word(), value: part.value, share: part.share, points: part.points() }
}

fn facts(facts: &Facts) -> FactsV1<'_> {
    let earlier = facts.earlier.iter();
    FactsV1 {
        temperature: facts.temperature,
        phase_temperature: facts.phase_temperature,
        characters: facts.characters,
        task_characters: facts.input_characters,
        cosine: facts.cosine,
        earlier: earlier.map(|it| EarlierV1 { name: &it.name, cosine: it.cosine, success: it.success }).collect(),
    }
}
