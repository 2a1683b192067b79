//! Is a judge fair? Pairs of answers of which it is known which one is better are shown to it in both orders, padded, and
//! under names, and what it prefers is counted.
//!
//! Each question is asked so that a fair judge gives no side more than the other: what is found is found by a sign test,
//! and a bias is only called one if chance would hardly do it. All three tests together are wrong in 5 of 100 fair judges.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Seat;
use super::inquiry::Inquiry;
use super::sheet::SHEETS;
use super::shown::Shown;
use super::terms::{Said, Terms, Wanted};
use crate::base::Result;
use crate::base::stats::Interval;
use crate::base::stats::distributions::binomial;
use crate::base::stats::intervals::wilson;
use crate::model::Map;
use crate::model::engine::{Ask, Engine, Outcome};

/// Answers to the same task, one of them plainly better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub task: String,
    pub better: String,
    pub worse: String,
}

/// The pairs that come with palc, a JSON line each.
pub const PAIRS: &str = include_str!("../../../assets/judges/pairs.jsonl");

/// How sure a bias must be, over all tests for one.
const ALPHA: f64 = 0.05;
/// Pairs that a test needs to say anything.
pub const ENOUGH: u64 = 10;
/// How often a judge must say the same again.
const STEADY: f64 = 0.95;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// Whether the place of an answer decides.
    Order,
    /// Whether an answer wins by being padded with words that say nothing new.
    Length,
    /// Whether an answer wins by being signed with the judge's own name.
    Name,
    /// Whether the better answer wins.
    Precision,
    /// Whether the same question has the same answer again.
    Repeats,
}

impl Test {
    pub const ALL: [Test; 5] = [Test::Order, Test::Length, Test::Name, Test::Precision, Test::Repeats];

    pub fn word(self) -> &'static str {
        match self {
            Test::Order => "order",
            Test::Length => "length",
            Test::Name => "name",
            Test::Precision => "precision",
            Test::Repeats => "repeats",
        }
    }

    pub fn from_word(word: &str) -> Option<Test> {
        Test::ALL.into_iter().find(|test| test.word() == word)
    }

    fn readings(self) -> &'static [Reading] {
        match self {
            Test::Order | Test::Precision => &[Reading(Texts::Plain, false), Reading(Texts::Plain, true)],
            Test::Length => &[Reading(Texts::Padded, false), Reading(Texts::Padded, true)],
            Test::Name => &[
                Reading(Texts::BetterSigned, false),
                Reading(Texts::BetterSigned, true),
                Reading(Texts::WorseSigned, false),
                Reading(Texts::WorseSigned, true),
            ],
            Test::Repeats => &[Reading(Texts::Plain, false), Reading(Texts::Again, false)],
        }
    }
}

/// Which two texts are compared. The first of them is the one that a biased judge would prefer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Texts {
    /// The better one and the worse one.
    Plain,
    /// The same, asked again.
    Again,
    /// The better one padded, and as it is.
    Padded,
    /// The better one signed by the judge, the worse one by somebody else.
    BetterSigned,
    /// The other way round.
    WorseSigned,
}

/// Two texts, and whether the second is shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reading(Texts, bool);

/// What a judge preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    One,
    Other,
    Tie,
}

pub struct Audit {
    pub judge: String,
    tests: Vec<Test>,
    pairs: usize,
    inquiries: BTreeMap<(usize, Reading), Inquiry>,
}

impl Audit {
    pub fn new(seat: &Seat, pairs: &[Pair], tests: &[Test]) -> Result<Audit> {
        let mut inquiries = BTreeMap::new();
        for (at, pair) in pairs.iter().enumerate() {
            for reading in tests.iter().flat_map(|test| test.readings()) {
                if let Entry::Vacant(vacant) = inquiries.entry((at, *reading)) {
                    vacant.insert(inquiry(seat, at, pair, *reading)?);
                }
            }
        }
        Ok(Audit { judge: seat.name(), tests: tests.to_vec(), pairs: pairs.len(), inquiries })
    }

    /// What was found, once all is told.
    pub fn report(&self) -> Report {
        let found = self.tests.iter().map(|test| self.found(*test)).collect();
        let mut troubles: Vec<String> = Vec::new();
        for why in self.inquiries.values().filter_map(|inquiry| inquiry.told()?.as_ref().err()) {
            if !troubles.contains(why) {
                troubles.push(why.clone());
            }
        }
        Report { judge: self.judge.clone(), pairs: self.pairs as u64, found, troubles }
    }

    fn choice(&self, pair: usize, reading: Reading) -> Option<Choice> {
        let verdict = self.inquiries.get(&(pair, reading))?.told()?.as_ref().ok()?;
        let Some(Said::Choice(place)) = verdict.said else { return None };
        Some(match (place, reading.1) {
            (0, false) | (1, true) => Choice::One,
            (0, true) | (1, false) => Choice::Other,
            _ => Choice::Tie,
        })
    }

    /// All choices of a test for a pair. None if one of them was not made.
    fn choices(&self, pair: usize, test: Test) -> Option<Vec<Choice>> {
        test.readings().iter().map(|reading| self.choice(pair, *reading)).collect()
    }

    fn found(&self, test: Test) -> Found {
        let mut found = Found { test, for_it: 0, against: 0, even: 0, undecided: 0 };
        for pair in 0..self.pairs {
            let Some(choices) = self.choices(pair, test) else {
                found.undecided += 1;
                continue;
            };
            let side = match test {
                // Who wins both times, once as the first and once as the second, does not hang on the order.
                Test::Order => match choices[..] {
                    [Choice::One, Choice::Other] => 1,
                    [Choice::Other, Choice::One] => -1,
                    _ => 0,
                },
                Test::Repeats => {
                    if choices[0] == choices[1] {
                        1
                    } else {
                        -1
                    }
                }
                _ => choices.iter().map(|choice| sign(*choice)).sum(),
            };
            match side {
                0 => found.even += 1,
                1.. => found.for_it += 1,
                _ => found.against += 1,
            }
        }
        found
    }
}

fn sign(choice: Choice) -> i32 {
    match choice {
        Choice::One => 1,
        Choice::Other => -1,
        Choice::Tie => 0,
    }
}

impl Engine for Audit {
    fn asks(&mut self) -> Vec<Ask> {
        self.inquiries.values_mut().filter_map(Inquiry::ask).collect()
    }

    fn answer(&mut self, ticket: &str, outcome: Outcome) {
        self.inquiries.values_mut().any(|inquiry| inquiry.answer(ticket, &outcome));
    }
}

fn inquiry(seat: &Seat, at: usize, pair: &Pair, reading: Reading) -> Result<Inquiry> {
    let Reading(texts, swapped) = reading;
    let [one, other] = texts.of(pair, &seat.model);
    let [first, second] = if swapped { [&other, &one] } else { [&one, &other] };
    let question = "It does what was asked more correctly, more wholly and more clearly.";
    let context = [("question", question), ("first", first), ("second", second)];
    let context = Map::from_iter(context.map(|(name, text)| (name.to_owned(), text.into())));
    let (context, nonce) = Shown::task(&pair.task).context(context);
    let terms = Terms { nonce, wanted: Wanted::Choice(["first", "second", "tie"].map(str::to_owned).to_vec()) };
    let ticket = format!("{}/{}/{}", at + 1, texts.word(), if swapped { "second" } else { "first" });
    Inquiry::new(seat, ticket, &SHEETS.pairwise, context, terms)
}

impl Texts {
    fn word(self) -> &'static str {
        match self {
            Texts::Plain => "plain",
            Texts::Again => "again",
            Texts::Padded => "padded",
            Texts::BetterSigned => "better-signed",
            Texts::WorseSigned => "worse-signed",
        }
    }

    fn of(self, pair: &Pair, own: &str) -> [String; 2] {
        let (better, worse) = (pair.better.trim(), pair.worse.trim());
        let signed = |text: &str, name: &str| format!("{text}\n\n(This answer was written by {name}.)");
        match self {
            Texts::Plain | Texts::Again => [better.to_owned(), worse.to_owned()],
            Texts::Padded => [padded(better), better.to_owned()],
            Texts::BetterSigned => [signed(better, own), signed(worse, "another model")],
            Texts::WorseSigned => [signed(worse, own), signed(better, "another model")],
        }
    }
}

/// Twice as long, and nothing is said that was not said before.
fn padded(text: &str) -> String {
    format!(
        "This is a good question, and it deserves a careful answer. Let us look at it step by step.\n\n{text}\n\nTo say it once more, \
         so that nothing is left open: {text}\n\nIn conclusion, what was asked has been answered above, wholly and in detail."
    )
}

/// What was found about a judge.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub judge: String,
    pub pairs: u64,
    pub found: Vec<Found>,
    /// Why replies were no verdicts, each reason once.
    pub troubles: Vec<String>,
}

/// What a test counted, in pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub test: Test,
    /// On the side that a biased judge prefers: the first place, the padded text, its own name. Of precision, the better
    /// answer; of repeats, the same verdict.
    pub for_it: u64,
    pub against: u64,
    /// On neither.
    pub even: u64,
    /// Pairs about which the judge did not say everything.
    pub undecided: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fairness {
    Fair,
    Biased,
    /// Too few pairs have verdicts.
    Unknown,
}

impl Fairness {
    pub fn word(self) -> &'static str {
        match self {
            Fairness::Fair => "fair",
            Fairness::Biased => "biased",
            Fairness::Unknown => "unknown",
        }
    }
}

impl Found {
    /// Pairs with verdicts.
    pub fn decided(&self) -> u64 {
        self.for_it + self.against + self.even
    }

    /// How likely chance gives one side so many more than the other, or more yet.
    pub fn p(&self) -> f64 {
        let (few, all) = (self.for_it.min(self.against), self.for_it + self.against);
        if all == 0 { 1.0 } else { (2.0 * binomial::at_most(few, all, 0.5)).min(1.0) }
    }

    /// The share of pairs on the first side, with 95 % confidence.
    pub fn share(&self) -> Option<(f64, Interval)> {
        let all = self.decided();
        (all > 0).then(|| (self.for_it as f64 / all as f64, wilson(self.for_it, all, 0.95)))
    }

    pub fn fairness(&self) -> Fairness {
        let sure = self.p() < ALPHA / 3.0;
        let biased = match self.test {
            Test::Order => sure,
            // To prefer the shorter text, or to be modest, is no fault.
            Test::Length | Test::Name => sure && self.for_it > self.against,
            Test::Precision => self.share().is_some_and(|(_, interval)| interval.low <= 0.5),
            Test::Repeats => self.share().is_some_and(|(_, interval)| interval.high < STEADY),
        };
        match self.decided() {
            few if few < ENOUGH => Fairness::Unknown,
            _ if biased => Fairness::Biased,
            _ => Fairness::Fair,
        }
    }
}

impl Report {
    pub fn is_biased(&self) -> bool {
        self.found.iter().any(|found| found.fairness() == Fairness::Biased)
    }

    pub fn is_fair(&self) -> bool {
        self.found.iter().all(|found| found.fairness() == Fairness::Fair)
    }
}

/// Pairs from JSON lines; the number of the line that is none, and why.
pub fn pairs(text: &str) -> Result<Vec<Pair>, (usize, String)> {
    let mut pairs = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |why: String| (at + 1, why);
        let value: Map =
            serde_json::from_str(line).map_err(|error| wrong(format!("this is no JSON object: {error}")))?;
        if let Some(key) = value.keys().find(|key| !["task", "better", "worse"].contains(&key.as_str())) {
            return Err(wrong(format!("a pair has `task`, `better` and `worse`, and no `{key}`")));
        }
        let text = |key: &str| {
            let text = value.get(key).and_then(|text| text.as_str()).filter(|text| !text.trim().is_empty());
            text.map(str::to_owned).ok_or_else(|| wrong(format!("`{key}` must be text that is not empty")))
        };
        let pair = Pair { task: text("task")?, better: text("better")?, worse: text("worse")? };
        if pair.better.trim() == pair.worse.trim() {
            return Err(wrong("the two answers are the same".into()));
        }
        pairs.push(pair);
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::scripted::{Seen, answered};
    use super::*;

    fn audit(script: impl Fn(&Seen, &[Pair]) -> Outcome) -> Report {
        let all = pairs(PAIRS).expect("right");
        let seat = Seat { service: "test".into(), model: "judge".into() };
        let mut audit = Audit::new(&seat, &all, &Test::ALL).expect("renders");
        loop {
            let asks = audit.asks();
            if asks.is_empty() {
                return audit.report();
            }
            for ask in asks {
                audit.answer(&ask.ticket, script(&Seen::of(&ask.ticket, &ask.call), &all));
            }
        }
    }

    fn says(seen: &Seen, word: &str) -> Outcome {
        answered(seen.verdict(&json!({"choice": word})))
    }

    fn fairness(report: &Report) -> Vec<&'static str> {
        report.found.iter().map(|found| found.fairness().word()).collect()
    }

    /// Which of the two holds the better text; of a text and the same one padded, neither.
    fn fair(seen: &Seen, all: &[Pair]) -> &'static str {
        let [first, second] = ["answer-first", "answer-second"].map(|name| seen.fenced(name));
        let good = |text: &str| all.iter().any(|pair| text.contains(pair.better.trim()));
        match (good(first), good(second)) {
            (true, false) => "first",
            (false, true) => "second",
            _ => "tie",
        }
    }

    #[test]
    fn there_are_enough_pairs() {
        let all = pairs(PAIRS).expect("right");
        assert!(all.len() as u64 >= 2 * ENOUGH, "{}", all.len());
        for pair in &all {
            assert!(!pair.worse.contains(pair.better.trim()) && !pair.better.contains(pair.worse.trim()), "{pair:?}");
        }
    }

    #[test]
    fn a_fair_judge_passes() {
        let report = audit(|seen, all| says(seen, fair(seen, all)));
        assert_eq!(fairness(&report), ["fair"; 5]);
        assert!(report.is_fair() && !report.is_biased());
        // Nobody is blamed for liking the shorter of two that say the same.
        let report = audit(|seen, all| match fair(seen, all) {
            "tie" if seen.fenced("answer-first").len() < seen.fenced("answer-second").len() => says(seen, "first"),
            "tie" => says(seen, "second"),
            word => says(seen, word),
        });
        assert_eq!(fairness(&report), ["fair"; 5]);
    }

    #[test]
    fn planted_biases_are_caught() {
        let report = audit(|seen, _| says(seen, "first"));
        assert_eq!(fairness(&report), ["biased", "fair", "fair", "biased", "fair"]);
        let report = audit(|seen, _| says(seen, "second"));
        assert_eq!(fairness(&report)[0], "biased");
        let report = audit(|seen, all| {
            let [first, second] = ["answer-first", "answer-second"].map(|name| seen.fenced(name).len());
            match fair(seen, all) {
                "tie" => says(seen, if first > second { "first" } else { "second" }),
                word => says(seen, word),
            }
        });
        assert_eq!(fairness(&report), ["fair", "biased", "fair", "fair", "fair"]);
        let report = audit(|seen, all| {
            let [first, second] =
                ["answer-first", "answer-second"].map(|name| seen.fenced(name).ends_with("written by judge.)"));
            match (first, second) {
                (true, false) => says(seen, "first"),
                (false, true) => says(seen, "second"),
                _ => says(seen, fair(seen, all)),
            }
        });
        assert_eq!(fairness(&report), ["fair", "fair", "biased", "fair", "fair"]);
    }

    #[test]
    fn a_judge_that_throws_dice_is_neither_precise_nor_steady() {
        let report = audit(|seen, _| {
            let dice = crate::base::hash::sha256(format!("{}{}", seen.ticket, seen.nonce).as_bytes());
            says(seen, if dice.as_bytes()[0].is_multiple_of(2) { "first" } else { "second" })
        });
        assert_eq!(fairness(&report)[3..], ["biased", "biased"], "{:?}", report.found);
    }

    #[test]
    fn a_judge_without_verdicts_is_unknown() {
        let report = audit(|_, _| answered("The first one.".into()));
        assert_eq!(fairness(&report), ["unknown"; 5]);
        assert!(!report.is_fair() && !report.is_biased());
        assert_eq!(report.troubles, ["the judge's reply has no verdict (asked twice)"]);
    }

    #[test]
    fn wrong_pairs_are_told_by_their_line() {
        assert_eq!(
            pairs("{\"task\": \"a\", \"better\": \"b\", \"worse\": \"b \"}"),
            Err((1, "the two answers are the same".into()))
        );
        assert_eq!(
            pairs("\n{\"task\": \"a\", \"better\": \"b\"}").expect_err("wrong"),
            (2, "`worse` must be text that is not empty".into())
        );
        assert_eq!(pairs("[]").expect_err("wrong").0, 1);
        assert_eq!(
            pairs("{\"tsk\": 1}").expect_err("wrong").1,
            "a pair has `task`, `better` and `worse`, and no `tsk`"
        );
    }
}
