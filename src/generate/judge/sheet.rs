//! What a judge is asked, as a prompt file: its words, its criteria, its scale, and how much each criterion counts.

use std::sync::Arc;

use crate::base::{Error, Finding, Place, Result};
use crate::model::call::Message;
use crate::model::rubric::Scale;
use crate::model::{Map, Value};
use crate::render::Source;
use crate::render::form::{Alone, Form};

use super::super::weights::{Weights, numbers};

/// The sheet that is compiled in.
const BUILT_IN: &str = include_str!("judge.md");

pub struct Sheet {
    form: Form,
    pub criteria: Vec<Criterion>,
    pub scale: Scale,
    weights: Map,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    pub name: String,
    /// The sentence whose truth is scored.
    pub about: String,
    /// Whether a high score speaks against a candidate.
    pub penalty: bool,
}

impl Sheet {
    pub fn built_in() -> Sheet {
        Sheet::read("judge.md", BUILT_IN, Arc::new(Alone)).expect("the sheet that is compiled in is right")
    }

    /// A sheet of a repository's own, which may include files of it.
    pub fn read(path: &str, text: &str, source: Arc<dyn Source>) -> Result<Sheet> {
        let form = Form::read(path, text, source)?;
        let said = form.prompt.custom.get("judge").and_then(Value::as_object).cloned().unwrap_or_default();
        let wrong = |message: &str| {
            let finding = Finding::error("judge", Place::file(path), message);
            let finding = finding.hint(
                "as in `custom: {judge: {scale: [0, 10], criteria: {clarity: It can be understood in one way only.}}}`",
            );
            Error::findings(format!("{path} is no sheet for a judge"), vec![finding])
        };
        let scale =
            scale(&said).ok_or_else(|| wrong("`custom.judge.scale` is to be two numbers, the lower one first"))?;
        let criteria = criteria(&said)
            .ok_or_else(|| wrong("`custom.judge.criteria` is to give each criterion's name and a sentence"))?;
        let weights = match said.get("weights") {
            None => Map::new(),
            Some(Value::Object(weights)) => weights.clone(),
            Some(_) => {
                return Err(wrong("`custom.judge.weights` is to give weights for each persona, or for `default`"));
            }
        };
        let sheet = Sheet { form, criteria, scale, weights };
        for persona in sheet.weights.keys() {
            sheet.weights(Some(persona)).map_err(|error| wrong(&format!("`{persona}`: {}", error.message())))?;
        }
        Ok(sheet)
    }

    /// Why it cannot be shown to a judge, if it cannot.
    pub fn problem(&self) -> Option<Finding> {
        self.form.problem()
    }

    /// How much each criterion counts for a persona's prompts. Where nothing is said, all count the same.
    pub fn weights(&self, persona: Option<&str>) -> Result<Weights> {
        let same = Weights::new(self.criteria.iter().map(|criterion| (criterion.name.clone(), 1.0)))?;
        let of = |name: &str| self.weights.get(name).and_then(Value::as_object);
        match persona.and_then(of).or_else(|| of("default")) {
            // A criterion that is left out of a list counts nothing.
            Some(said) => same.changed(self.none().chain(numbers(said)?)),
            None => Ok(same),
        }
    }

    fn none(&self) -> impl Iterator<Item = (String, f64)> {
        self.criteria.iter().map(|criterion| (criterion.name.clone(), 0.0))
    }

    /// The temperature and so on that it wants.
    pub fn params(&self) -> &Map {
        &self.form.prompt.params
    }

    /// The model that it names itself.
    pub fn model(&self) -> Option<&str> {
        self.form.prompt.model()
    }

    pub(super) fn messages(&self, mut context: Map) -> Result<Vec<Message>> {
        let criterion = |criterion: &Criterion| serde_json::json!({"name": criterion.name, "about": criterion.about, "penalty": criterion.penalty});
        context.insert("criteria".into(), self.criteria.iter().map(criterion).collect());
        context.insert("low".into(), number(self.scale.low));
        context.insert("high".into(), number(self.scale.high));
        self.form.messages(context)
    }
}

/// Whole numbers are written without a point.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e9 { Value::from(value as i64) } else { Value::from(value) }
}

fn scale(said: &Map) -> Option<Scale> {
    match said.get("scale")?.as_array()?.as_slice() {
        [low, high] => Some(Scale { low: low.as_f64()?, high: high.as_f64()? }).filter(|scale| scale.low < scale.high),
        _ => None,
    }
}

fn criteria(said: &Map) -> Option<Vec<Criterion>> {
    let penalties = match said.get("penalties") {
        None => &[][..],
        Some(list) => list.as_array()?,
    };
    let is_penalty = |name: &str| penalties.iter().any(|penalty| penalty == name);
    let criterion = |(name, about): (&String, &Value)| {
        Some(Criterion { name: name.clone(), about: about.as_str()?.to_owned(), penalty: is_penalty(name) })
    };
    let criteria = said.get("criteria")?.as_object()?.iter().map(criterion).collect::<Option<Vec<_>>>()?;
    let all_known = penalties.iter().all(|penalty| criteria.iter().any(|criterion| penalty == criterion.name.as_str()));
    (!criteria.is_empty() && all_known).then_some(criteria)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Sheet> {
        Sheet::read("judge.md", text, Arc::new(Alone))
    }

    #[test]
    fn the_built_in_sheet_weighs_by_persona() {
        let sheet = Sheet::built_in();
        let share = |persona: Option<&str>, name: &str| sheet.weights(persona).expect("right").share(name);
        for (persona, relevance, clarity, completeness) in [
            (None, 0.3, 0.3, 0.2),
            (Some("code"), 0.4, 0.2, 0.2),
            (Some("writing"), 0.3, 0.4, 0.1),
            (Some("x"), 0.3, 0.3, 0.2),
        ] {
            let all =
                ["relevance", "clarity", "completeness", "conciseness", "toxicity"].map(|name| share(persona, name));
            for (share, wanted) in all.into_iter().zip([relevance, clarity, completeness, 0.1, 0.1]) {
                assert!((share - wanted).abs() < 1e-12, "{persona:?} {all:?}");
            }
        }
        assert!(sheet.criteria.iter().all(|criterion| criterion.penalty == (criterion.name == "toxicity")));
    }

    #[test]
    fn a_sheet_of_ones_own_may_score_something_else() {
        let sheet = read(
            "---\nkind: judge\ncustom:\n  judge:\n    scale: [1, 5]\n    criteria: {wit: It is witty., length: It is short.}\n    \
             weights: {writing: {wit: 1}}\n---\nFrom {{ low }} to {{ high }}: {{ criteria | map(attribute='name') | join(', ') }}\n",
        )
        .expect("right");
        assert_eq!(sheet.weights(None).expect("right").share("wit"), 0.5);
        assert_eq!(sheet.weights(Some("writing")).expect("right").share("wit"), 1.0);
        let messages = sheet.messages(Map::new()).expect("renders");
        assert_eq!(messages, [Message::new(crate::model::call::Role::User, "From 1 to 5: wit, length")]);
    }

    #[test]
    fn wrong_sheets_say_what_is_wrong() {
        let of = |judge: &str| {
            let error = read(&format!("---\ncustom:\n  judge: {judge}\n---\nHi\n")).err().expect("wrong");
            error.places()[0].message.clone()
        };
        for wrong in ["{}", "{scale: [10, 0]}", "{scale: [0]}", "{scale: 10}"] {
            assert!(of(wrong).contains("two numbers"), "{wrong}");
        }
        for wrong in
            ["{scale: [0, 1]}", "{scale: [0, 1], criteria: {}}", "{scale: [0, 1], criteria: {a: b}, penalties: [c]}"]
        {
            assert!(of(wrong).contains("a sentence"), "{wrong}");
        }
        assert!(of("{scale: [0, 1], criteria: {a: b}, weights: {default: {c: 1}}}").contains("nothing called `c`"));
        assert!(of("{scale: [0, 1], criteria: {a: b}, weights: {default: {a: 0}}}").contains("nothing would count"));
    }
}
