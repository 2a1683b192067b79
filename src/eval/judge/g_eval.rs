//! `g-eval`: a judge goes through written steps and grades then. Steps that are not given are written once by the first
//! judge, from what is to be graded alone, so that every answer is graded by the same ones.
//!
//! The grade is the number that the judge says. Elsewhere it is the mean over the probabilities of that number's tokens;
//! services that tell them are few, and palc does not ask for them.

use std::rc::Rc;

use serde_json::json;

use super::bench::{Bench, Usual};
use super::hearing::Hearing;
use super::inquiry::Inquiry;
use super::options::Options;
use super::panel::{Opinion, settle};
use super::rubric::{common, number, one_sentence, opinion};
use super::sheet::SHEETS;
use super::shown::Shown;
use super::terms::{Said, Terms, Wanted};
use crate::base::{Result, fence};
use crate::eval::{Around, Compiled, Judged, Kind, Subject, Trial};
use crate::model::engine::{Ask, Engine, Outcome};
use crate::model::rubric::{Panel, Scale};
use crate::model::{Map, Rubric, Score, Value};

pub static KIND: Kind = Kind {
    name: "g-eval",
    about: "A model goes through steps and grades the answer then; it writes the steps itself if none are given.",
    example: "g-eval: {criteria: The answer is coherent., steps: [Read it whole., Look for leaps., Grade it.]}",
    schema,
    threshold: None,
    compile,
};

struct BySteps {
    asked: Rc<Asked>,
    /// Those that are given.
    steps: Vec<String>,
}

/// What is asked of every answer.
struct Asked {
    /// What is graded, as a rubric of one criterion.
    rubric: Rubric,
    bench: Bench,
}

fn compile(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let options = Options::read(value, "criteria", &["criteria", "steps", "scale", "reference"])?;
    let criteria = options.texts("criteria")?;
    if criteria.is_empty() {
        return Err("it needs `criteria`: what is graded".into());
    }
    let mut rubric = one_sentence(&criteria.join("\n"));
    rubric.criteria[0].name = "grade".into();
    rubric.scale = scale(&options)?;
    rubric.threshold = options.share("threshold")?.unwrap_or(rubric.threshold);
    rubric.description = options.text("reference")?;
    let usual = Usual { judges: &[], panel: Panel::Mean, sheet: &SHEETS.g_eval };
    let bench = Bench::read(&options, around, &usual)?;
    let steps = options.texts("steps")?;
    Ok(Compiled::Judged(Box::new(BySteps { asked: Rc::new(Asked { rubric, bench }), steps })))
}

fn scale(options: &Options) -> Result<Scale, String> {
    let Some(value) = options.value("scale") else { return Ok(Scale::default()) };
    let numbers: Vec<f64> = value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    match numbers[..] {
        [low, high] if low < high => Ok(Scale { low, high }),
        _ => Err("`scale` is two numbers, the lower one first, as in [0, 10]".into()),
    }
}

impl Judged for BySteps {
    fn begin(&self, subject: &Subject<'_>) -> Result<Box<dyn Trial>> {
        let shown = Shown::of(subject, self.asked.rubric.description.as_deref());
        if !self.steps.is_empty() {
            return Ok(Box::new(self.asked.hearing(&shown, &self.steps)?));
        }
        let question = self.asked.rubric.criteria[0].about.clone();
        let nonce = fence::nonce(&[&question]);
        let context = [("question", question), ("nonce", nonce.clone())];
        let context = Map::from_iter(context.map(|(name, text)| (name.to_owned(), text.into())));
        let terms = Terms { nonce, wanted: Wanted::Steps };
        let writer = Inquiry::new(&self.asked.bench.seats[0], "steps", &SHEETS.steps, context, terms)?;
        Ok(Box::new(StepsFirst { asked: self.asked.clone(), shown, stage: Stage::Steps(Box::new(writer)) }))
    }

    fn files(&self) -> Vec<(String, String)> {
        let mut files = self.asked.bench.files();
        if self.steps.is_empty() {
            files.push((SHEETS.steps.path().to_owned(), SHEETS.steps.digest().to_owned()));
        }
        files
    }

    fn judges(&self) -> Vec<String> {
        self.asked.bench.names()
    }
}

impl Asked {
    fn hearing(self: &Rc<Asked>, shown: &Shown, steps: &[String]) -> Result<Hearing> {
        let rubric = &self.rubric;
        let (context, nonce) = shown.context(Map::from_iter([
            ("question".to_owned(), rubric.criteria[0].about.clone().into()),
            ("steps".to_owned(), steps.to_vec().into()),
            ("low".to_owned(), number(rubric.scale.low)),
            ("high".to_owned(), number(rubric.scale.high)),
        ]));
        let wanted = Wanted::Scores { criteria: vec![rubric.criteria[0].name.clone()], scale: rubric.scale };
        let terms = Terms { nonce, wanted };
        let inquiry =
            |(at, seat)| Inquiry::new(seat, format!("{}", at + 1), &self.bench.sheet, context.clone(), terms.clone());
        let inquiries = self.bench.seats.iter().enumerate().map(inquiry).collect::<Result<_>>()?;
        let asked = self.clone();
        Ok(Hearing::new(
            inquiries,
            Box::new(move |told| {
                let opinions: Vec<Opinion> =
                    told.iter().map(|(judge, told)| opinion(&asked.rubric, judge, told)).collect();
                settle(&opinions, asked.bench.panel, asked.rubric.threshold)
            }),
        ))
    }
}

/// An answer that waits for the steps, and is graded then.
struct StepsFirst {
    asked: Rc<Asked>,
    shown: Shown,
    stage: Stage,
}

enum Stage {
    Steps(Box<Inquiry>),
    Grade(Hearing),
    /// There are none.
    Over(Score),
}

impl Engine for StepsFirst {
    fn asks(&mut self) -> Vec<Ask> {
        match &mut self.stage {
            Stage::Steps(writer) => writer.ask().into_iter().collect(),
            Stage::Grade(hearing) => hearing.asks(),
            Stage::Over(_) => Vec::new(),
        }
    }

    fn answer(&mut self, ticket: &str, outcome: Outcome) {
        let told = match &mut self.stage {
            Stage::Grade(hearing) => return hearing.answer(ticket, outcome),
            Stage::Over(_) => return,
            Stage::Steps(writer) => {
                writer.answer(ticket, &outcome);
                writer.told()
            }
        };
        let none = |why: &str| Stage::Over(Score::undecided(format!("there are no steps to grade by: {why}")));
        let next = match told {
            None => return,
            Some(Err(why)) => none(why),
            Some(Ok(verdict)) => match &verdict.said {
                Some(Said::Steps(steps)) => match self.asked.hearing(&self.shown, steps) {
                    Ok(hearing) => Stage::Grade(hearing),
                    Err(error) => none(error.message()),
                },
                _ => none("the judge wrote none"),
            },
        };
        self.stage = next;
    }
}

impl Trial for StepsFirst {
    fn score(&self) -> Option<Score> {
        match &self.stage {
            Stage::Steps(_) => None,
            Stage::Grade(hearing) => hearing.score(),
            Stage::Over(score) => Some(score.clone()),
        }
    }
}

fn schema() -> Value {
    let texts = json!({"type": "array", "items": {"type": "string"}, "minItems": 1});
    common(&json!({
        "criteria": {"description": "What is graded.", "anyOf": [{"type": "string"}, texts]},
        "steps": {"type": "array", "items": {"type": "string"}, "minItems": 1, "description": "What the judge does before it grades; written by the first judge if absent."},
        "scale": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2, "description": "The lowest and the highest grade; [0, 10] if absent."},
        "reference": {"type": "string", "description": "What a good answer says, shown to the judge."},
    }))
}

#[cfg(test)]
mod tests {
    use super::super::scripted::{Room, Seen, answered, compiled, heard};
    use super::*;
    use crate::model::Verdict;

    fn grade(seen: &Seen) -> Outcome {
        answered(seen.verdict(&json!({"scores": {"grade": 4}})))
    }

    #[test]
    fn steps_that_are_given_are_followed() {
        let value = json!({"criteria": "It is coherent.", "steps": ["Read it.", "Grade it."], "scale": [1, 5]});
        let (score, seen) = heard(&KIND, &value, "x", grade);
        assert_eq!((score.value, score.verdict, seen.len()), (Some(0.75), Verdict::Passed, 1));
        assert!(
            seen[0].system.contains(
                "What is graded: It is coherent.\n\nThe steps:\n1. Read it.\n2. Grade it.\n\nThe grade goes from 1, "
            ),
            "{}",
            seen[0].system
        );
    }

    #[test]
    fn steps_are_written_from_the_criteria_alone() {
        let value = json!({"criteria": ["It is coherent.", "It is short."], "judges": ["a/1", "b/2"]});
        let script = |seen: &Seen| match seen.ticket.as_str() {
            "steps" => answered(json!({"verdict": seen.nonce, "steps": ["Read it.", " "]}).to_string()),
            "steps/again" => answered(json!({"verdict": seen.nonce, "steps": ["Read it."]}).to_string()),
            _ => grade(seen),
        };
        let (score, seen) = heard(&KIND, &value, "One answer.", script);
        assert_eq!((score.value, score.verdict), (Some(0.4), Verdict::Failed));
        let (_, of_other) = heard(&KIND, &value, "Another answer.", script);
        let tickets: Vec<&str> = seen.iter().map(|seen| seen.ticket.as_str()).collect();
        assert_eq!(tickets, ["steps", "steps/again", "2", "1"]);
        assert_eq!(seen[0].fenced("graded"), "It is coherent.\nIt is short.");
        // The same question for every answer, so that it is paid for once.
        assert_eq!((&seen[0].user, &seen[0].system), (&of_other[0].user, &of_other[0].system));
    }

    #[test]
    fn without_steps_nothing_is_graded() {
        let (score, seen) = heard(&KIND, &json!("It is coherent."), "x", |_| answered("1. Read it.".into()));
        assert_eq!((score.verdict, seen.len()), (Verdict::Undecided, 2));
        assert_eq!(score.reason, "there are no steps to grade by: the judge's reply has no verdict (asked twice)");
        let of = |value: Value| compiled(&KIND, &value, &Room::default()).err().expect("wrong");
        assert_eq!(of(json!({"steps": ["a"]})), "it needs `criteria`: what is graded");
        assert!(of(json!({"criteria": "a", "scale": [5, 1]})).starts_with("`scale` is two numbers"));
    }
}
