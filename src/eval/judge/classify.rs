//! Judges that choose: `classify` among words of one's own, `factuality` among the ways in which an answer may differ from
//! a reference, `closed-qa` between yes and no.

use std::rc::Rc;
use std::sync::Arc;

use serde_json::json;

use super::bench::{Bench, Usual};
use super::hearing::Hearing;
use super::inquiry::{Inquiry, Told};
use super::options::Options;
use super::panel::{Opinion, settle};
use super::rubric::common;
use super::sheet::{SHEETS, Sheet};
use super::shown::Shown;
use super::terms::{Said, Terms, Wanted};
use crate::base::Result;
use crate::eval::{Around, Compiled, Judged, Kind, Subject, Trial};
use crate::model::rubric::Panel;
use crate::model::{Map, Score, Value};

pub static CLASSIFY: Kind = Kind {
    name: "classify",
    about: "A model says which of several choices fits the answer; each is worth a number, or some are expected.",
    example: "classify: {question: Which tone has the answer?, choices: {friendly: 1, neutral: 0.5, rude: 0}}",
    schema: classify_schema,
    threshold: None,
    compile: classify,
};

pub static FACTUALITY: Kind = Kind {
    name: "factuality",
    about: "A model finds nothing in the answer that contradicts a reference.",
    example: "factuality: The parcel was sent on 3 May and arrives within a week.",
    schema: factuality_schema,
    threshold: None,
    compile: factuality,
};

pub static CLOSED_QA: Kind = Kind {
    name: "closed-qa",
    about: "A model says that the answer meets a condition.",
    example: "closed-qa: The answer names exactly one queue.",
    schema: closed_qa_schema,
    threshold: None,
    compile: closed_qa,
};

/// What a choice must be worth to pass where nothing else is said.
const THRESHOLD: f64 = 0.5;

/// How the facts of an answer may stand to those of a reference. Only a contradiction fails, unless a check says more.
const FACTS: [(&str, &str, f64); 5] = [
    ("A", "The answer holds a part of the reference's facts, no others, and contradicts none.", 1.0),
    ("B", "The answer holds all of the reference's facts and others besides, and contradicts none.", 1.0),
    ("C", "The answer holds the same facts as the reference.", 1.0),
    ("D", "The answer contradicts the reference in at least one fact.", 0.0),
    ("E", "The answer and the reference differ, and not in any fact that matters.", 1.0),
];

#[derive(Debug, Clone, PartialEq)]
struct Choice {
    name: String,
    about: String,
    /// From 0 to 1.
    worth: f64,
}

struct ByChoice {
    question: String,
    choices: Rc<[Choice]>,
    threshold: f64,
    bench: Bench,
    reference: Option<String>,
}

fn classify(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let options = Options::read(value, "question", &["question", "choices", "expect", "reference"])?;
    let question = options.text("question")?.unwrap_or_else(|| "Which of the choices fits the answer best?".into());
    let choices = choices(&options)?;
    let reference = options.text("reference")?;
    ByChoice::compile(&options, around, &SHEETS.classify, question, choices, reference)
}

fn factuality(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let options = Options::read(value, "reference", &["reference", "scores"])?;
    let reference = options.needed("reference")?;
    let fact = |(name, about, worth): (&str, &str, f64)| Choice { name: name.into(), about: about.into(), worth };
    let mut choices = FACTS.map(fact).to_vec();
    if let Some(scores) = options.value("scores") {
        let scores = scores.as_object().ok_or("`scores` must be a map such as {A: 0.5, B: 0.5}")?;
        for (letter, value) in scores {
            let choice = choices.iter_mut().find(|choice| choice.name == *letter);
            let choice = choice.ok_or_else(|| format!("`scores` has `{letter}`, and the letters are A to E"))?;
            choice.worth = worth(letter, value)?;
        }
    }
    ByChoice::compile(&options, around, &SHEETS.factuality, String::new(), choices, Some(reference))
}

fn closed_qa(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let options = Options::read(value, "condition", &["condition", "reference"])?;
    let condition = options.needed("condition")?;
    let choice = |(name, worth): (&str, f64)| Choice { name: name.into(), about: String::new(), worth };
    let choices = [("yes", 1.0), ("no", 0.0)].map(choice).to_vec();
    let reference = options.text("reference")?;
    ByChoice::compile(&options, around, &SHEETS.closed_qa, condition, choices, reference)
}

/// `{friendly: 1, rude: {score: 0, about: It insults.}}`, or a list of words with those that are expected.
fn choices(options: &Options) -> Result<Vec<Choice>, String> {
    let expected = options.texts("expect")?;
    let choices = match options.value("choices") {
        Some(Value::Array(_)) if expected.is_empty() => {
            return Err("nothing says which choice passes: give `expect`, or a number for each choice".into());
        }
        Some(Value::Array(_)) => {
            let names = options.texts("choices")?;
            let worth = |name: &String| if expected.contains(name) { 1.0 } else { 0.0 };
            names.into_iter().map(|name| Choice { worth: worth(&name), name, about: String::new() }).collect()
        }
        Some(Value::Object(map)) if expected.is_empty() => map.iter().map(choice).collect::<Result<Vec<_>, _>>()?,
        Some(Value::Object(_)) => return Err("`expect` stands beside a list of choices, not beside numbers".into()),
        _ => return Err("it needs `choices`: a map of words and what they are worth, or a list with `expect`".into()),
    };
    if let Some(name) = expected.iter().find(|name| choices.iter().all(|choice| choice.name != **name)) {
        return Err(format!("`{name}` is expected and is none of the choices"));
    }
    let twice = choices.iter().enumerate().find(|(at, choice)| choices[..*at].iter().any(|it| it.name == choice.name));
    match twice {
        Some((_, choice)) => Err(format!("the choice `{}` stands there twice", choice.name)),
        None if choices.len() < 2 => Err("there is nothing to choose between: give at least two `choices`".into()),
        None => Ok(choices),
    }
}

fn choice((name, value): (&String, &Value)) -> Result<Choice, String> {
    let (score, about) = match value {
        Value::Object(map) => {
            if let Some(key) = map.keys().find(|key| !["score", "about"].contains(&key.as_str())) {
                return Err(format!("the choice `{name}` knows no `{key}`; it has `score` and `about`"));
            }
            (map.get("score").unwrap_or(&Value::Null), map.get("about").and_then(Value::as_str).unwrap_or_default())
        }
        plain => (plain, ""),
    };
    Ok(Choice { name: name.clone(), about: about.trim().to_owned(), worth: worth(name, score)? })
}

fn worth(name: &str, value: &Value) -> Result<f64, String> {
    let worth = value.as_f64().filter(|worth| (0.0..=1.0).contains(worth));
    worth.ok_or_else(|| format!("`{name}` must be worth a number from 0 to 1, and not {value}"))
}

impl ByChoice {
    fn compile(
        options: &Options,
        around: &dyn Around,
        sheet: &Arc<Sheet>,
        question: String,
        choices: Vec<Choice>,
        reference: Option<String>,
    ) -> Result<Compiled, String> {
        let bench = Bench::read(options, around, &Usual { judges: &[], panel: Panel::Majority, sheet })?;
        let threshold = options.share("threshold")?.unwrap_or(THRESHOLD);
        Ok(Compiled::Judged(Box::new(ByChoice { question, choices: choices.into(), threshold, bench, reference })))
    }

    fn context(&self) -> Map {
        let choice = |choice: &Choice| json!({"name": choice.name, "about": choice.about});
        Map::from_iter([
            ("question".to_owned(), self.question.clone().into()),
            ("choices".to_owned(), self.choices.iter().map(choice).collect()),
        ])
    }
}

impl Judged for ByChoice {
    fn begin(&self, subject: &Subject<'_>) -> Result<Box<dyn Trial>> {
        let (context, nonce) = Shown::of(subject, self.reference.as_deref()).context(self.context());
        let names = self.choices.iter().map(|choice| choice.name.clone()).collect();
        let terms = Terms { nonce, wanted: Wanted::Choice(names) };
        let inquiry =
            |(at, seat)| Inquiry::new(seat, format!("{}", at + 1), &self.bench.sheet, context.clone(), terms.clone());
        let inquiries = self.bench.seats.iter().enumerate().map(inquiry).collect::<Result<_>>()?;
        let (choices, panel, threshold) = (self.choices.clone(), self.bench.panel, self.threshold);
        Ok(Box::new(Hearing::new(inquiries, Box::new(move |told| decide(&choices, panel, threshold, told)))))
    }

    fn files(&self) -> Vec<(String, String)> {
        self.bench.files()
    }

    fn judges(&self) -> Vec<String> {
        self.bench.names()
    }
}

fn decide(choices: &[Choice], panel: Panel, threshold: f64, told: &[(&str, &Told)]) -> Score {
    let opinions: Vec<Opinion> = told.iter().map(|(judge, told)| opinion(choices, judge, told)).collect();
    let mut score = settle(&opinions, Panel::Mean, threshold);
    if panel == Panel::Mean || told.len() < 2 || score.value.is_none() {
        return score;
    }
    // Judges vote for words, and not for what the words are worth: that of the majority counts.
    let chosen: Vec<usize> = told.iter().filter_map(|(_, told)| chosen(told)).collect();
    let votes = |choice: usize| chosen.iter().filter(|other| **other == choice).count();
    match chosen.iter().find(|choice| votes(**choice) * 2 > chosen.len()) {
        Some(&choice) => {
            let worth = choices[choice].worth;
            score.value = Some(worth);
            score.verdict = Score::of(worth + 1e-9 >= threshold, "").verdict;
            if let Some((_, agreement)) = score.parts.iter_mut().find(|(name, _)| name == "agreement") {
                // Two words of the same worth are still two opinions.
                *agreement = same_pairs(&chosen);
            }
            score
        }
        None => Score::undecided(format!("the judges do not agree: {}", score.reason)),
    }
}

fn chosen(told: &Told) -> Option<usize> {
    match told.as_ref().ok()?.said {
        Some(Said::Choice(choice)) => Some(choice),
        _ => None,
    }
}

fn same_pairs(chosen: &[usize]) -> f64 {
    let pairs = chosen.iter().enumerate().flat_map(|(at, one)| chosen[at + 1..].iter().map(move |other| one == other));
    let (mut same, mut all) = (0.0, 0.0);
    for is_same in pairs {
        same += f64::from(u8::from(is_same));
        all += 1.0;
    }
    if all > 0.0 { same / all } else { 1.0 }
}

fn opinion(choices: &[Choice], judge: &str, told: &Told) -> Opinion {
    match told {
        Err(why) => Opinion::none(judge, why.clone()),
        Ok(verdict) => match chosen(told).and_then(|at| choices.get(at)) {
            None => Opinion::none(judge, format!("the judge cannot tell: {}", verdict.reason)),
            Some(choice) => Opinion {
                judge: judge.to_owned(),
                value: Ok(choice.worth),
                reason: format!("{}: {}", choice.name, verdict.reason),
                parts: Vec::new(),
            },
        },
    }
}

fn classify_schema() -> Value {
    let worth = json!({"type": "number", "minimum": 0, "maximum": 1});
    let texts = json!({"type": "array", "items": {"type": "string"}, "minItems": 1});
    common(&json!({
        "question": {"type": "string", "description": "What is asked about the answer."},
        "choices": {"description": "What may be chosen, and what each is worth; or a list, with what is expected.", "anyOf": [texts, {
            "type": "object", "minProperties": 2,
            "additionalProperties": {"anyOf": [worth, {
                "type": "object", "required": ["score"], "additionalProperties": false,
                "properties": {"score": worth, "about": {"type": "string"}},
            }]},
        }]},
        "expect": {"description": "The choice that passes, or several.", "anyOf": [{"type": "string"}, texts]},
        "reference": {"type": "string", "description": "What a good answer says, shown to the judge."},
    }))
}

fn factuality_schema() -> Value {
    let worth = json!({"type": "number", "minimum": 0, "maximum": 1});
    let letters: Map = FACTS.iter().map(|(name, _, _)| ((*name).to_owned(), worth.clone())).collect();
    common(&json!({
        "reference": {"type": "string", "description": "Facts that are right."},
        "scores": {
            "type": "object", "properties": letters, "additionalProperties": false,
            "description": "What it is worth that the answer holds a part of the facts (A), more (B), the same (C), a contradiction (D), or differs in nothing that matters (E).",
        },
    }))
}

fn closed_qa_schema() -> Value {
    common(&json!({
        "condition": {"type": "string", "description": "What must be true of the answer."},
        "reference": {"type": "string", "description": "What a good answer says, shown to the judge."},
    }))
}

#[cfg(test)]
mod tests {
    use super::super::scripted::{Room, Seen, answered, compiled, heard};
    use super::*;
    use crate::model::Verdict;

    fn chooses(word: &'static str) -> impl Fn(&Seen) -> crate::model::engine::Outcome {
        move |seen| answered(seen.verdict(&json!({"choice": word})))
    }

    #[test]
    fn a_choice_is_worth_what_the_suite_says() {
        let value = json!({"question": "Which tone?", "choices": {"friendly": 1, "plain": {"score": 0.5, "about": "Neither."}, "rude": 0}});
        for (word, worth, verdict) in
            [("friendly", 1.0, Verdict::Passed), ("plain", 0.5, Verdict::Passed), ("rude", 0.0, Verdict::Failed)]
        {
            let (score, seen) = heard(&CLASSIFY, &value, "Hi.", chooses(word));
            assert_eq!((score.value, score.verdict), (Some(worth), verdict), "{word}");
            assert_eq!(score.reason, format!("{word}: So it is."));
            assert!(seen[0].system.contains("- friendly\n- plain: Neither.\n- rude\n"), "{}", seen[0].system);
        }
        let value = json!({"choices": ["a", "b", "c"], "expect": ["a", "c"]});
        let verdict = |word| heard(&CLASSIFY, &value, "x", chooses(word)).0.verdict;
        assert_eq!(["a", "b", "c"].map(verdict), [Verdict::Passed, Verdict::Failed, Verdict::Passed]);
    }

    #[test]
    fn words_that_are_not_offered_decide_nothing() {
        for word in ["Friendly", "friendly.", "", "0", "friendly, plain"] {
            let value = json!({"choices": {"friendly": 1, "plain": 0}});
            let (score, seen) = heard(&CLASSIFY, &value, "x", |seen| answered(seen.verdict(&json!({"choice": word}))));
            assert_eq!((score.verdict, seen.len()), (Verdict::Undecided, 2), "{word}");
        }
        for reply in ["NY", "Y", "yes", r#"{"choice": "yes"}"#] {
            let (score, _) = heard(&CLOSED_QA, &json!("It is short."), "x", |_| answered(reply.into()));
            assert_eq!(score.verdict, Verdict::Undecided, "{reply}");
        }
    }

    #[test]
    fn facts_fail_where_they_contradict() {
        for (letter, _, worth) in FACTS {
            let (score, seen) = heard(&FACTUALITY, &json!("It left on 3 May."), "On 4 May.", chooses(letter));
            assert_eq!((score.value, score.verdict == Verdict::Passed), (Some(worth), worth > 0.0), "{letter}");
            assert_eq!(seen[0].fenced("reference"), "It left on 3 May.");
        }
        let strict = json!({"reference": 42, "scores": {"A": 0.4, "B": 0.6}});
        assert_eq!(heard(&FACTUALITY, &strict, "x", chooses("A")).0.verdict, Verdict::Failed);
        assert_eq!(heard(&FACTUALITY, &strict, "x", chooses("B")).0.value, Some(0.6));
    }

    #[test]
    fn the_word_of_the_majority_counts() {
        let value = json!({"choices": {"good": 1, "fair": 0.6, "bad": 0}, "judges": ["a/1", "b/2", "c/3"]});
        let of = |words: [&'static str; 3]| {
            heard(&CLASSIFY, &value, "x", move |seen| {
                let word = words[usize::from(seen.judge.as_bytes()[0] - b'a')];
                answered(seen.verdict(&json!({"choice": word})))
            })
            .0
        };
        let score = of(["fair", "fair", "bad"]);
        assert_eq!((score.value, score.verdict), (Some(0.6), Verdict::Passed));
        let agreement = score.parts.iter().find(|(name, _)| name == "agreement").expect("told").1;
        assert!((agreement - 1.0 / 3.0).abs() < 1e-9, "{agreement}");
        let score = of(["good", "fair", "bad"]);
        assert_eq!((score.value, score.verdict), (None, Verdict::Undecided));
        assert!(score.reason.starts_with("the judges do not agree: a/1: good: So it is."), "{}", score.reason);
    }

    #[test]
    fn wrong_values_are_told() {
        let of = |kind: &Kind, value: Value| compiled(kind, &value, &Room::default()).err().expect("wrong");
        let said = [
            of(&CLASSIFY, json!("Which?")),
            of(&CLASSIFY, json!({"choices": ["a", "b"]})),
            of(&CLASSIFY, json!({"choices": ["a", "b"], "expect": "c"})),
            of(&CLASSIFY, json!({"choices": ["a", "a"], "expect": "a"})),
            of(&CLASSIFY, json!({"choices": {"a": 1}})),
            of(&CLASSIFY, json!({"choices": {"a": 1, "b": 2}})),
            of(&CLASSIFY, json!({"choices": {"a": 1, "b": {"abut": "x"}}})),
            of(&FACTUALITY, json!({"scores": {"A": 1}})),
            of(&FACTUALITY, json!({"reference": "x", "scores": {"F": 1}})),
            of(&CLOSED_QA, json!(" ")),
        ];
        insta::assert_snapshot!(said.join("\n"), @r"
        it needs `choices`: a map of words and what they are worth, or a list with `expect`
        nothing says which choice passes: give `expect`, or a number for each choice
        `c` is expected and is none of the choices
        the choice `a` stands there twice
        there is nothing to choose between: give at least two `choices`
        `b` must be worth a number from 0 to 1, and not 2
        the choice `b` knows no `abut`; it has `score` and `about`
        it needs `reference`
        `scores` has `F`, and the letters are A to E
        `condition` must be text that is not empty
        ");
    }
}
