//! `pairwise`: is the answer better than another text? Both orders are asked; if the order decides, that is a tie.

use std::sync::Arc;

use serde_json::json;

use super::bench::{Bench, Usual, sentence};
use super::hearing::Hearing;
use super::inquiry::{Inquiry, Told};
use super::options::Options;
use super::panel::{Opinion, settle};
use super::rubric::common;
use super::sheet::SHEETS;
use super::shown::Shown;
use super::terms::{Said, Terms, Wanted};
use crate::base::Result;
use crate::base::hash::sha256;
use crate::eval::{Around, Compiled, Judged, Kind, Subject, Trial};
use crate::model::rubric::Panel;
use crate::model::{Map, Score, Value};

pub static KIND: Kind = Kind {
    name: "pairwise",
    about: "A model does not prefer a reference to the answer: 1 if the answer wins, 0.5 for a tie.",
    example: "pairwise: {reference: It leaves tomorrow., question: Which answer helps more?}",
    schema,
    threshold: None,
    compile,
};

/// A tie is good enough where nothing else is said.
const THRESHOLD: f64 = 0.5;

/// Its place among what a judge may say.
const FIRST: usize = 0;
const TIE: usize = 2;
const WORDS: [&str; 3] = ["first", "second", "tie"];

struct Against {
    reference: Arc<str>,
    question: String,
    threshold: f64,
    bench: Bench,
    files: Vec<(String, String)>,
}

fn compile(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let options = Options::read(value, "reference", &["reference", "file", "question"])?;
    let (reference, mut files) = match (options.text("reference")?, options.text("file")?) {
        (Some(text), None) => (text, Vec::new()),
        (None, Some(path)) => {
            let text = around.file(&path).map_err(|error| sentence(&error))?;
            let digest = sha256(text.as_bytes());
            (text, vec![(path, digest)])
        }
        (Some(_), Some(_)) => return Err("`reference` gives the text and `file` names one: give one of the two".into()),
        (None, None) => return Err("it needs a `reference`, or a `file` with one".into()),
    };
    let question = options.text("question")?;
    let question =
        question.unwrap_or_else(|| "It does what was asked more correctly, more wholly and more clearly.".into());
    let usual = Usual { judges: &[], panel: Panel::Mean, sheet: &SHEETS.pairwise };
    let bench = Bench::read(&options, around, &usual)?;
    files.extend(bench.files());
    let threshold = options.share("threshold")?.unwrap_or(THRESHOLD);
    let reference = reference.trim().into();
    Ok(Compiled::Judged(Box::new(Against { reference, question, threshold, bench, files })))
}

impl Judged for Against {
    fn begin(&self, subject: &Subject<'_>) -> Result<Box<dyn Trial>> {
        let shown = Shown::of(subject, None);
        if shown.answer() == &*self.reference {
            let score = Score::graded(0.5, self.threshold <= 0.5, "the answer is the reference, word for word");
            return Ok(Box::new(Hearing::new(Vec::new(), Box::new(move |_| score.clone()))));
        }
        let mut inquiries = Vec::new();
        for (at, seat) in self.bench.seats.iter().enumerate() {
            for (order, [first, second]) in
                [("as first", [shown.answer(), &self.reference]), ("as second", [&*self.reference, shown.answer()])]
            {
                let context = [("question", self.question.as_str()), ("first", first), ("second", second)];
                let context = Map::from_iter(context.map(|(name, text)| (name.to_owned(), text.into())));
                let (context, nonce) = shown.context(context);
                let terms = Terms { nonce, wanted: Wanted::Choice(WORDS.map(str::to_owned).to_vec()) };
                let ticket = format!("{} {order}", at + 1);
                inquiries.push(Inquiry::new(seat, ticket, &self.bench.sheet, context, terms)?);
            }
        }
        let (panel, threshold) = (self.bench.panel, self.threshold);
        Ok(Box::new(Hearing::new(
            inquiries,
            Box::new(move |told| {
                let opinions: Vec<Opinion> = told.chunks_exact(2).map(|both| opinion(both[0], both[1])).collect();
                settle(&opinions, panel, threshold)
            }),
        )))
    }

    fn files(&self) -> Vec<(String, String)> {
        self.files.clone()
    }

    fn judges(&self) -> Vec<String> {
        self.bench.names()
    }
}

/// What a judge thinks that read the answer first, and then read it second.
fn opinion((judge, as_first): (&str, &Told), (_, as_second): (&str, &Told)) -> Opinion {
    let read = |told: &Told| match told {
        Err(why) => Err(why.clone()),
        Ok(verdict) => match verdict.said {
            Some(Said::Choice(choice)) => Ok((choice, verdict.reason.clone())),
            _ => Err(format!("the judge cannot tell: {}", verdict.reason)),
        },
    };
    let ((one, reason), (other, reason_of_other)) = match (read(as_first), read(as_second)) {
        (Ok(one), Ok(other)) => (one, other),
        (Err(why), _) | (_, Err(why)) => return Opinion::none(judge, why),
    };
    // Of the second reading, the answer is the second one.
    let worth = |choice: usize, own: usize| match choice {
        TIE => 0.5,
        choice if choice == own => 1.0,
        _ => 0.0,
    };
    let (one, other) = (worth(one, FIRST), worth(other, 1 - FIRST));
    let agree = one == other;
    let reason = match agree {
        true => reason,
        false => {
            format!("a tie, as the order decides. The answer first: {reason} The answer second: {reason_of_other}")
        }
    };
    Opinion {
        judge: judge.to_owned(),
        value: Ok(if agree { one } else { 0.5 }),
        reason,
        parts: vec![("orders agree".to_owned(), f64::from(u8::from(agree)))],
    }
}

fn schema() -> Value {
    common(&json!({
        "reference": {"type": "string", "description": "The text that the answer is compared with."},
        "file": {"type": "string", "description": "A file with that text, from the suite's folder."},
        "question": {"type": "string", "description": "What makes one of them better."},
    }))
}

#[cfg(test)]
mod tests {
    use super::super::scripted::{Seen, answered, heard};
    use super::*;
    use crate::model::{
        Verdict,
        call::{Trouble, What},
    };

    fn says(seen: &Seen, word: &str) -> crate::model::engine::Outcome {
        answered(seen.verdict(&json!({"choice": word})))
    }

    fn of(script: impl FnMut(&Seen) -> crate::model::engine::Outcome) -> Score {
        heard(&KIND, &json!("It left."), "It left on 3 May.", script).0
    }

    #[test]
    fn who_wins_in_both_orders_wins() {
        let longer = |seen: &Seen| {
            let [one, two] = ["answer-first", "answer-second"].map(|name| seen.fenced(name).len());
            says(seen, if one > two { "first" } else { "second" })
        };
        let score = of(longer);
        assert_eq!((score.value, score.verdict), (Some(1.0), Verdict::Passed));
        assert_eq!(score.parts, [("orders agree".to_owned(), 1.0)]);
        let (score, seen) = heard(&KIND, &json!("It left on 3 May, by lorry."), "It left.", longer);
        assert_eq!((score.value, score.verdict, seen.len()), (Some(0.0), Verdict::Failed, 2));
        assert_eq!(of(|seen| says(seen, "tie")).value, Some(0.5));
    }

    #[test]
    fn a_judge_that_looks_at_places_decides_nothing() {
        for word in ["first", "second"] {
            let score = of(|seen| says(seen, word));
            assert_eq!((score.value, score.parts[0].1), (Some(0.5), 0.0), "{word}");
            assert!(score.reason.starts_with("a tie, as the order decides."), "{}", score.reason);
        }
    }

    #[test]
    fn one_order_alone_is_no_verdict() {
        let score = of(|seen| match seen.ticket.contains("second") {
            true => Err(Trouble::new(What::Server, "it broke")),
            false => says(seen, "first"),
        });
        assert_eq!((score.value, score.reason.as_str()), (None, "the judge did not answer: it broke"));
    }

    #[test]
    fn the_same_text_is_a_tie_and_nobody_is_asked() {
        let (score, seen) = heard(&KIND, &json!(" It left.\n"), "It left.", |_| panic!("nobody is asked"));
        assert_eq!((score.value, score.verdict, seen.len()), (Some(0.5), Verdict::Passed, 0));
    }
}
