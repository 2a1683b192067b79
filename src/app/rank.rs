//! Prompts in the order in which they are likely to suit a task, told without asking a model.

use std::collections::BTreeSet;

use crate::base::{Finding, Place, Result, disk};
use crate::generate::rank::{self, Earlier, Facts, Ranked};
use crate::generate::weights::Weights;
use crate::model::Prompt;
use crate::search::meaning::{Builtin, Embedder, Vector};

use super::candidates::{self, Candidate};
use super::successes::{self, Known};
use super::{App, phase, weights};

/// How many earlier prompts count for a candidate, and how much they must resemble it.
const EARLIER: usize = 5;
const ALIKE: f64 = 0.3;

#[derive(Debug, Default)]
pub struct Request {
    pub names: Vec<String>,
    pub task: String,
    /// Names and numbers, or a file with such.
    pub weights: Option<String>,
}

#[derive(Debug)]
pub struct Outcome {
    pub weights: Weights,
    pub candidates: Vec<Candidate>,
    /// What is known of each candidate.
    pub facts: Vec<Facts>,
    /// The best first.
    pub ranked: Vec<Ranked>,
    pub findings: Vec<Finding>,
}

pub fn rank(app: &App, request: &Request) -> Result<Outcome> {
    let (candidates, mut findings) = candidates::find(app, &request.names)?;
    candidates::at_least(&candidates, 1)?;
    let weights = match &request.weights {
        Some(typed) => configured(app)?.changed(weights::given(app, typed)?)?,
        None => current(app, &mut findings)?,
    };
    let embedder = Builtin::new();
    let texts: Vec<&str> = candidates.iter().map(|candidate| candidate.text.as_str()).collect();
    let vectors = embedder.embed(&texts)?;
    let asked = embedder.embed(&[&request.task])?.remove(0);
    let (earlier, wrong) = successes::known(app, &embedder)?;
    findings.extend(wrong);
    let phases = Phases::of(app, &candidates)?;
    let one = |(candidate, vector): (&Candidate, &Vector)| Facts {
        temperature: candidate.prompt.params.get("temperature").and_then(serde_json::Value::as_f64),
        phase_temperature: phases.temperature(&candidate.prompt),
        characters: candidate.text.chars().count(),
        input_characters: request.task.trim().chars().count(),
        cosine: Some(f64::from(vector.cosine(&asked))),
        earlier: alike(vector, &earlier),
    };
    let facts: Vec<Facts> = candidates.iter().zip(&vectors).map(one).collect();
    let ranked = rank::rank(&facts, &weights);
    Ok(Outcome { weights, candidates, facts, ranked, findings })
}

/// The weights of the settings.
fn configured(app: &App) -> Result<Weights> {
    Weights::new(app.settings()?.ranking.weights.iter().cloned())
        .map_err(|error| error.hint("`palc config show ranking.weights` says where they are set"))
}

/// The weights that hold now: those of the file, which others may be writing at this moment, else those of the settings.
pub fn current(app: &App, findings: &mut Vec<Finding>) -> Result<Weights> {
    let configured = configured(app)?;
    let shown = &app.settings()?.files.ranking;
    let path = app.workspace()?.path(shown);
    if !path.is_file() {
        return Ok(configured);
    }
    let text = String::from_utf8_lossy(&disk::read(&path)?.bytes).into_owned();
    let mut ignored = |why: &str| {
        let finding = Finding::warning("ranking", Place::file(shown), format!("the weights are ignored: {why}"));
        findings.push(finding.hint("those of the settings hold until the file is in order"));
    };
    if weights::is_half(&text) {
        ignored("the file is not written to its end");
        return Ok(configured);
    }
    let read = weights::parse(shown, &text).and_then(|given| {
        let named: BTreeSet<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
        let missing = configured.iter().map(|(name, _)| name).find(|name| !named.contains(name));
        match missing {
            Some(name) => Err(crate::base::Error::invalid(format!("`{name}` is missing"))),
            None => configured.changed(given.clone()),
        }
    });
    match read {
        Ok(weights) => Ok(weights),
        Err(error) => {
            let why = error.places().first().map_or(error.message(), |finding| finding.message.as_str());
            ignored(why);
            Ok(configured)
        }
    }
}

fn alike(vector: &Vector, earlier: &[Known]) -> Vec<Earlier> {
    let one = |known: &Known| Earlier {
        name: known.name.clone(),
        cosine: f64::from(vector.cosine(&known.vector)),
        success: known.success,
    };
    let mut alike: Vec<Earlier> = earlier.iter().map(one).filter(|earlier| earlier.cosine >= ALIKE).collect();
    alike.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then_with(|| a.name.cmp(&b.name)));
    alike.truncate(EARLIER);
    alike
}

/// The temperatures that phases want.
struct Phases(Vec<(String, f64)>);

impl Phases {
    fn of(app: &App, candidates: &[Candidate]) -> Result<Phases> {
        let mut temperatures = Vec::new();
        if candidates.iter().any(|candidate| !candidate.prompt.phase.is_empty()) {
            for phase in phase::list(app)?.0 {
                let temperature = phase.prompt.params.get("temperature").and_then(serde_json::Value::as_f64);
                temperatures.extend(temperature.map(|temperature| (phase.name, temperature)));
            }
        }
        Ok(Phases(temperatures))
    }

    fn temperature(&self, prompt: &Prompt) -> Option<f64> {
        let of = |phase: &String| self.0.iter().find(|(name, _)| name == phase).map(|(_, temperature)| *temperature);
        prompt.phase.iter().find_map(of)
    }
}
