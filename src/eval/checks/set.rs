//! Several checks that count as one.

use std::rc::Rc;

use serde_json::json;

use super::options::{number, options, type_word};
use super::plain;
use crate::base::Result as Outcome;
use crate::base::near::did_you_mean;
use crate::eval::check::{Judged, Trial};
use crate::eval::ready::{self, Ready};
use crate::eval::{Around, Compiled, Kind, Subject};
use crate::model::engine::{self, Ask, Engine};
use crate::model::suite::{Check, CheckOptions};
use crate::model::{Map, Score, Value, Verdict};

pub static SET: Kind = Kind {
    name: "set",
    about: "All of these checks pass, or, with `threshold`, the mean of their values by weight reaches it and those that are \
            `required: true` pass. The set counts as one check, with the mean as its number.",
    example: "set: {checks: [contains: refund, {icontains: sorry, weight: 2}], threshold: 0.6}",
    schema,
    threshold: None,
    compile,
};

/// What may stand beside a check, as in a suite.
const BESIDE: [&str; 4] = ["weight", "threshold", "metric", "required"];

fn schema() -> Value {
    let check = json!({"anyOf": [{"type": "string", "minLength": 1}, {"type": "object", "minProperties": 1}]});
    let checks = json!({"type": "array", "minItems": 1, "items": check});
    let map = super::options::schemas::options(
        &json!({"checks": checks, "threshold": {"type": "number", "minimum": 0, "maximum": 1}}),
        &["checks"],
    );
    json!({"anyOf": [checks, map]})
}

/// The checks of a set and what it takes to pass.
struct Set {
    members: Vec<Ready>,
    threshold: Option<f64>,
}

fn compile(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let (items, threshold) = match value {
        Value::Object(_) => {
            let map = options(value, &["checks", "threshold"])?;
            (map.get("checks").ok_or("`checks` must list the checks of the set")?, share(map, "threshold")?)
        }
        _ => (value, None),
    };
    let Value::Array(items) = items else {
        return Err(format!("the checks of a set must be a list, and are {}", type_word(items)));
    };
    let numbered = |(at, item)| {
        member(item, threshold.is_none(), around).map_err(|why| format!("check {} of the set: {why}", at + 1))
    };
    let members: Vec<Ready> = items.iter().enumerate().map(numbered).collect::<Result<_, _>>()?;
    if !members.iter().any(|member| member.weight() > 0.0) {
        return Err(if items.is_empty() { "the set has no checks" } else { "no check of the set has a weight" }.into());
    }
    let is_judged = members.iter().any(|member| matches!(member.compiled(), Some(Compiled::Judged(_))));
    let set = Rc::new(Set { members, threshold });
    Ok(match is_judged {
        true => Compiled::Judged(Box::new(Asking(set))),
        false => plain(move |subject| set.together(set.members.iter().filter_map(|member| looked(member, subject)))),
    })
}

/// One check as it is written in a set: as in a suite.
fn member(item: &Value, required: bool, around: &dyn Around) -> Result<Ready, String> {
    let none = Map::new();
    let (written, config, beside) = match item {
        Value::String(kind) => (kind, &Value::Null, &none),
        Value::Object(map) => {
            let mut kinds = map.iter().filter(|(key, _)| !BESIDE.contains(&key.as_str()));
            match (kinds.next(), kinds.next()) {
                (Some((kind, config)), None) => (kind, config, map),
                (Some((kind, _)), Some((other, _))) => {
                    return Err(format!("`{other}` stands beside `{kind}`, and a check is of one kind"));
                }
                _ => return Err("a check names its kind, such as `contains: billing`".into()),
            }
        }
        other => return Err(format!("a check must be a kind and its value, and this is {}", type_word(other))),
    };
    let bare = written.strip_prefix("not-");
    let name = bare.unwrap_or(written);
    let kind = super::find(name).ok_or_else(|| {
        let near = did_you_mean(name, super::KINDS.iter().map(|kind| kind.name));
        format!("there is no check `{name}`{}", near.map(|near| format!("; {near}")).unwrap_or_default())
    })?;
    let (negated, place) = (bare.is_some(), Default::default());
    let options = options_beside(beside, required)?;
    Ready::fixed(Check { kind: name.into(), negated, config: config.clone(), options, place }, kind, around)
}

fn options_beside(map: &Map, required: bool) -> Result<CheckOptions, String> {
    let weight = number(map, "weight")?.unwrap_or(1.0);
    if weight < 0.0 {
        return Err(format!("`weight` must be a number of 0 or more, and is {weight}"));
    }
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("`metric` must be a name");
    let required = match map.get("required") {
        None => required,
        Some(_) => super::options::flag(map, "required")?,
    };
    Ok(CheckOptions {
        weight,
        threshold: share(map, "threshold")?,
        metric: map.get("metric").map(text).transpose()?,
        required,
    })
}

fn share(map: &Map, key: &str) -> Result<Option<f64>, String> {
    match number(map, key)? {
        Some(share) if !(0.0..=1.0).contains(&share) => Err(format!("`{key}` must be from 0 to 1, and is {share}")),
        share => Ok(share),
    }
}

/// What a member says that asks nobody.
fn looked(member: &Ready, subject: &Subject<'_>) -> Option<Score> {
    match member.compiled() {
        Some(Compiled::Plain(check)) => Some(check.look(subject)),
        _ => None,
    }
}

impl Set {
    /// What the set says once each of its members has said something, in their order.
    fn together(&self, scores: impl IntoIterator<Item = Score>) -> Score {
        let said = self.members.iter().zip(scores).map(|(member, score)| member.said(score));
        let mut said: Vec<_> = said.collect();
        ready::number(&mut said);
        let with: Vec<_> = said.into_iter().zip(self.members.iter().map(Ready::required)).collect();
        let (mut verdict, value) = ready::together(&with);
        if let (Verdict::Passed, Some(value), Some(least)) = (verdict, value, self.threshold) {
            verdict = if value >= least - 1e-9 { Verdict::Passed } else { Verdict::Failed };
        }
        let said = with.iter().map(|(checked, _)| checked);
        let telling = said.clone().filter(|checked| checked.verdict != Verdict::Passed);
        let reasons: Vec<String> = telling.map(|checked| format!("{}: {}", checked.name, checked.reason)).collect();
        let reason = if reasons.is_empty() { "all checks of the set pass".into() } else { reasons.join("; ") };
        let parts = said.filter_map(|checked| Some((checked.name.clone(), checked.value?))).collect();
        Score { verdict, value: value.filter(|_| verdict != Verdict::Undecided), reason, parts }
    }
}

/// A set with members that ask.
struct Asking(Rc<Set>);

impl Asking {
    fn judged(&self) -> impl Iterator<Item = &dyn Judged> {
        self.0.members.iter().filter_map(|member| match member.compiled() {
            Some(Compiled::Judged(check)) => Some(&**check),
            _ => None,
        })
    }
}

impl Judged for Asking {
    fn files(&self) -> Vec<(String, String)> {
        let mut files: Vec<_> = self.judged().flat_map(Judged::files).collect();
        files.sort();
        files.dedup();
        files
    }

    fn judges(&self) -> Vec<String> {
        let mut judges: Vec<_> = self.judged().flat_map(Judged::judges).collect();
        judges.sort();
        judges.dedup();
        judges
    }

    fn begin(&self, subject: &Subject<'_>) -> Outcome<Box<dyn Trial>> {
        let begin = |member: &Ready| match member.compiled() {
            Some(Compiled::Judged(check)) => check.begin(subject).map(Part::Open),
            _ => Ok(Part::Done(looked(member, subject).unwrap_or_else(|| Score::undecided("nothing is known")))),
        };
        let parts = self.0.members.iter().map(begin).collect::<Outcome<_>>()?;
        Ok(Box::new(Together { set: Rc::clone(&self.0), parts }))
    }
}

enum Part {
    Done(Score),
    Open(Box<dyn Trial>),
}

/// One answer before all members at once. A member's tickets carry its number.
struct Together {
    set: Rc<Set>,
    parts: Vec<Part>,
}

impl Engine for Together {
    fn asks(&mut self) -> Vec<Ask> {
        let numbered = |(at, part): (usize, &mut Part)| {
            let asks = match part {
                Part::Done(_) => Vec::new(),
                Part::Open(trial) => trial.asks(),
            };
            asks.into_iter().map(move |ask| Ask { ticket: format!("{at}/{}", ask.ticket), ..ask })
        };
        self.parts.iter_mut().enumerate().flat_map(numbered).collect()
    }

    fn answer(&mut self, ticket: &str, outcome: engine::Outcome) {
        let part =
            ticket.split_once('/').and_then(|(at, rest)| Some((self.parts.get_mut(at.parse::<usize>().ok()?)?, rest)));
        if let Some((Part::Open(trial), rest)) = part {
            trial.answer(rest, outcome);
        }
    }
}

impl Trial for Together {
    fn score(&self) -> Option<Score> {
        let score = |part: &Part| match part {
            Part::Done(score) => Some(score.clone()),
            Part::Open(trial) => trial.score(),
        };
        let scores: Vec<Score> = self.parts.iter().map(score).collect::<Option<_>>()?;
        Some(self.set.together(scores))
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{look, refused, said, subject, table};
    use super::*;

    #[test]
    fn all_must_pass_or_enough() {
        let all = json!([{"contains": "a"}, {"not-contains": "z"}, {"contains": "b", "required": false}]);
        table(
            "set",
            &all,
            &[("a b", true), ("a", true), ("b", false), ("", false), ("a b z", false), ("a 😀\r\n", true)],
        );
        let enough = json!({"checks": [{"contains": "a"}, {"contains": "b", "weight": 3}], "threshold": 0.7});
        table("set", &enough, &[("b", true), ("a", false), ("", false)]);
        let must =
            json!({"checks": [{"contains": "a", "required": true}, {"contains": "b", "weight": 3}], "threshold": 0.7});
        table("set", &must, &[("b", false), ("ab", true)]);
        table("set", &json!(["is-json", {"set": [{"contains": "1"}]}]), &[("1", true), ("2", false)]);
    }

    #[test]
    fn a_set_gives_the_mean_and_its_parts() {
        let value =
            json!([{"contains": "a"}, {"contains": "b"}, {"rouge-1": "a x y z", "weight": 2, "threshold": 0.2}]);
        let one = look("set", &value, &subject(&said("a")));
        assert_eq!((one.verdict, one.value), (Verdict::Failed, Some((1.0 + 2.0 * 0.4) / 4.0)));
        let names: Vec<&str> = one.parts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["contains", "contains#2", "rouge-1"]);
        assert_eq!(one.reason, "contains#2: `b` is not in the answer");
    }

    #[test]
    fn what_one_member_cannot_tell_the_set_cannot() {
        let value = json!([{"contains": "a"}, {"cost": 1}]);
        let verdict = |text: &str| look("set", &value, &subject(&said(text))).verdict;
        assert_eq!((verdict("a"), verdict("b")), (Verdict::Undecided, Verdict::Failed));
        let measured = json!([{"contains": "a"}, {"cost": 1, "weight": 0}]);
        assert_eq!(look("set", &measured, &subject(&said("a"))).verdict, Verdict::Passed);
    }

    /// Asks one question and passes if anything is answered.
    struct Fake(Option<bool>);

    impl Judged for Fake {
        fn files(&self) -> Vec<(String, String)> {
            vec![("rubric.yaml".into(), "abc".into())]
        }

        fn judges(&self) -> Vec<String> {
            vec!["service/judge".into()]
        }

        fn begin(&self, _: &Subject<'_>) -> Outcome<Box<dyn Trial>> {
            Ok(Box::new(Fake(None)))
        }
    }

    impl Engine for Fake {
        fn asks(&mut self) -> Vec<Ask> {
            vec![Ask { ticket: "once/1".into(), call: Default::default(), purpose: "judge" }]
        }

        fn answer(&mut self, ticket: &str, outcome: engine::Outcome) {
            assert_eq!(ticket, "once/1");
            self.0 = Some(outcome.is_ok());
        }
    }

    impl Trial for Fake {
        fn score(&self) -> Option<Score> {
            self.0.map(|answered| if answered { Score::of(true, "yes") } else { Score::undecided("no answer") })
        }
    }

    static FAKE: Kind = Kind {
        name: "fake",
        about: "",
        example: "",
        schema: || json!({}),
        threshold: None,
        compile: |_, _| Ok(Compiled::Judged(Box::new(Fake(None)))),
    };

    #[test]
    fn members_that_ask_are_waited_for() {
        let check = Check { kind: "fake".into(), ..Check::default() };
        let fake = || Ready::fixed(check.clone(), &FAKE, &super::super::trial::Here).expect("is in order");
        let plain = member(&json!({"contains": "a"}), true, &super::super::trial::Here).expect("is in order");
        let set = Asking(Rc::new(Set { members: vec![fake(), plain, fake()], threshold: None }));
        assert_eq!((set.files().len(), set.judges().len()), (1, 1));
        let reply = said("a");
        let mut trial = set.begin(&subject(&reply)).expect("begins");
        let tickets: Vec<String> = trial.asks().into_iter().map(|ask| ask.ticket).collect();
        assert_eq!(tickets, ["0/once/1", "2/once/1"]);
        let trouble = crate::model::Trouble::new(crate::model::call::What::Timeout, "late");
        trial.answer("2/once/1", Err(trouble));
        assert_eq!(trial.score(), None);
        let answered = engine::Answered {
            reply: said("yes"),
            model: "m".into(),
            cost: None,
            elapsed: Default::default(),
            attempts: 1,
            kept: false,
        };
        trial.answer("0/once/1", Ok(answered));
        let score = trial.score().expect("everything is said");
        assert_eq!(
            (score.verdict, score.value, score.reason.as_str()),
            (Verdict::Undecided, None, "fake#2: no answer")
        );
        assert_eq!(score.parts, [("fake".to_owned(), 1.0), ("contains".to_owned(), 1.0)]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let wrong = |value| refused("set", &value).expect("refused");
        assert_eq!(wrong(json!([])), "the set has no checks");
        assert_eq!(
            wrong(json!([{"contains": ""}])),
            "check 1 of the set: `contains`: the text is empty, and that is in every answer"
        );
        assert_eq!(wrong(json!(["is-jsn"])), "check 1 of the set: there is no check `is-jsn`; did you mean `is-json`?");
        assert!(wrong(json!([{"contains": "a", "regex": "b"}])).contains("stands beside"));
        assert!(wrong(json!([{"weight": 1}])).contains("names its kind"));
        assert!(wrong(json!([{"contains": "a", "weight": 0}])).contains("no check of the set has a weight"));
        assert!(wrong(json!({"checks": ["is-json"], "threshold": 2})).contains("from 0 to 1"));
        assert!(wrong(json!({"check": []})).contains("did you mean `checks`?"));
        assert!(wrong(json!("is-json")).contains("must be a list"));
    }
}
