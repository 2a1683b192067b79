//! Prompts of the repository that have done well or badly, as far as that is written down.

use crate::base::{Finding, Result};
use crate::model::{Prompt, Value};
use crate::repo::{Source, labels};
use crate::search::meaning::{Builtin, Embedder, Vector};

use super::{App, candidates, list, whole};

/// A prompt of which it is known how it did.
#[derive(Debug)]
pub struct Known {
    pub name: String,
    pub path: String,
    pub text: String,
    pub vector: Vector,
    /// From 0 to 1: the score that its `origin` tells, else 1 if a label serves it.
    pub success: f64,
}

/// All that are known, in the order of their paths, and what is wrong with files.
pub fn known(app: &App, embedder: &Builtin) -> Result<(Vec<Known>, Vec<Finding>)> {
    let labels = labels::open(&Source::at(app.workspace()?, None)?)?;
    let labelled = |prompt: &Prompt| prompt.id.as_deref().is_some_and(|id| labels.of(id).next().is_some());
    let known = whole::read_as(app, &list::Request::default(), |loaded| {
        let prompt = &loaded.prompt;
        let score = prompt.origin.get("score").and_then(Value::as_f64).filter(|score| (0.0..=1.0).contains(score));
        let success = score.or(labelled(prompt).then_some(1.0))?;
        let text = candidates::text(prompt);
        let vector = embedder.embed(&[&text]).ok()?.pop()?;
        Some(Known { name: loaded.file.name.to_string(), path: loaded.file.path, text, vector, success })
    })?;
    Ok((known.prompts.into_iter().flatten().collect(), known.findings))
}
