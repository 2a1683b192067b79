//! A judge's reply, read strictly. What is not exactly a verdict is none: no score is ever guessed.

use serde_json::json;

use crate::base::fence;
use crate::model::call::Stop;
use crate::model::rubric::Scale;
use crate::model::{Map, Reply, Value};

/// What a verdict must be to count.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The word that it repeats.
    pub nonce: String,
    pub wanted: Wanted,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// A number for each of these.
    Scores { criteria: Vec<String>, scale: Scale },
    /// One of these words.
    Choice(Vec<String>),
    /// A list of sentences. It is no verdict on anybody, and asks for no reason.
    Steps,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub reason: String,
    /// What would be better, if the judge said so.
    pub improvement: String,
    /// None if the judge says that it cannot tell.
    pub said: Option<Said>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// From 0 to 1, in the order of the criteria.
    Scores(Vec<f64>),
    /// Its place among the choices.
    Choice(usize),
    Steps(Vec<String>),
}

/// The verdict of a reply, or why it has none. Where several stand in it, the last one counts, whole or not.
pub fn read(reply: &Reply, terms: &Terms) -> Result<Verdict, String> {
    if let Some(refusal) = &reply.refusal {
        return Err(format!("the judge refused: {refusal}"));
    }
    match fence::last(&reply.text, &terms.nonce) {
        Some(Ok(object)) => terms.verdict(&object),
        _ if reply.stop == Stop::Length => Err("the judge's reply broke off at its longest length".to_owned()),
        Some(Err(())) => Err("the judge's last verdict is not whole".to_owned()),
        None => Err("the judge's reply has no verdict".to_owned()),
    }
}

impl Terms {
    /// A JSON Schema for services that hold their models to one. It has only what all of them know, and the reason
    /// before the verdict: models that decide first find reasons afterwards.
    pub fn schema(&self) -> Value {
        let mut properties = json!({"verdict": {"type": "string", "enum": [self.nonce]}});
        let text = json!({"type": "string"});
        if self.wanted != Wanted::Steps {
            properties["reason"] = text.clone();
        }
        match &self.wanted {
            Wanted::Scores { criteria, .. } => {
                let scores: Map = criteria.iter().map(|name| (name.clone(), json!({"type": "number"}))).collect();
                properties["improvement"] = text;
                properties["can_tell"] = json!({"type": "boolean"});
                properties["scores"] = object(&Value::Object(scores));
            }
            Wanted::Choice(choices) => {
                properties["can_tell"] = json!({"type": "boolean"});
                properties["choice"] = json!({"type": "string", "enum": choices});
            }
            Wanted::Steps => properties["steps"] = json!({"type": "array", "items": text}),
        }
        object(&properties)
    }

    /// What is said to a judge whose reply was no verdict. Nothing of that reply stands in it: it may quote the answer
    /// that is judged, and here it would stand outside of every fence.
    pub fn reminder(&self) -> String {
        let what = match &self.wanted {
            Wanted::Scores { scale: Scale { low, high }, .. } => format!(
                "a `reason`, `can_tell`, and in `scores` one number from {low} to {high} for every criterion and for nothing else"
            ),
            Wanted::Choice(choices) => {
                format!("a `reason`, `can_tell`, and as its `choice` exactly one of: {}", choices.join(", "))
            }
            Wanted::Steps => "a list of `steps`".to_owned(),
        };
        format!(
            "An earlier reply to this could not be read. Reply with one whole JSON object and nothing after it. Its `verdict` is \"{}\", and it has {what}.",
            self.nonce
        )
    }

    fn verdict(&self, object: &Map) -> Result<Verdict, String> {
        let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::trim).unwrap_or_default().to_owned();
        if self.wanted == Wanted::Steps {
            let said = Some(Said::Steps(steps(object)?));
            return Ok(Verdict { reason: String::new(), improvement: String::new(), said });
        }
        let (reason, improvement) = (text("reason"), text("improvement"));
        if reason.is_empty() {
            return Err("the verdict gives no reason".to_owned());
        }
        let can_tell = object.get("can_tell").and_then(Value::as_bool);
        let said = match (can_tell, &self.wanted) {
            (None, _) => return Err("the verdict does not say whether the judge can tell".to_owned()),
            (Some(false), _) => None,
            (_, Wanted::Scores { criteria, scale }) => Some(Said::Scores(scores(object, criteria, *scale)?)),
            (_, Wanted::Choice(choices)) => Some(Said::Choice(choice(object, choices)?)),
            (_, Wanted::Steps) => None,
        };
        Ok(Verdict { reason, improvement, said })
    }
}

fn object(properties: &Value) -> Value {
    let names: Vec<String> = properties.as_object().into_iter().flat_map(Map::keys).cloned().collect();
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

fn scores(object: &Map, criteria: &[String], scale: Scale) -> Result<Vec<f64>, String> {
    let scores = object.get("scores").and_then(Value::as_object).ok_or("the verdict gives no scores")?;
    if let Some(name) = scores.keys().find(|name| !criteria.contains(name)) {
        return Err(format!("the verdict scores `{name}`, which was not asked"));
    }
    let score = |name: &String| {
        let score = scores.get(name).and_then(Value::as_f64);
        let score = score.ok_or_else(|| format!("the verdict does not score `{name}`"))?;
        match scale.holds(score) {
            true => Ok(scale.share(score)),
            false => {
                Err(format!("the verdict has {score} for `{name}`, which is not from {} to {}", scale.low, scale.high))
            }
        }
    };
    criteria.iter().map(score).collect()
}

fn choice(object: &Map, choices: &[String]) -> Result<usize, String> {
    let said = object.get("choice").and_then(Value::as_str).ok_or("the verdict makes no choice")?;
    let place = choices.iter().position(|choice| choice == said);
    place.ok_or_else(|| format!("the verdict says `{said}`, which is none of the choices"))
}

fn steps(object: &Map) -> Result<Vec<String>, String> {
    let listed = object.get("steps").and_then(Value::as_array).ok_or("the reply lists no steps")?;
    let text = |step: &Value| step.as_str().map(|step| step.trim().to_owned()).filter(|step| !step.is_empty());
    let steps: Option<Vec<String>> = listed.iter().map(text).collect();
    steps.filter(|steps| !steps.is_empty()).ok_or_else(|| "the reply lists no steps".to_owned())
}
