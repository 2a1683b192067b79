//! How a judge compares with people: its verdicts in results, beside what people said of the same answers.

use std::collections::{BTreeMap, HashSet};

use crate::base::stats::agreement::{Calibration, Confusion, Scale, alpha};
use crate::base::stats::{Interval, Mean};
use crate::base::{Error, Finding, Result};
use crate::model::Verdict;
use crate::model::rating::{Rating, item};

use crate::app::rate::said;
use crate::app::report::found;
use crate::app::{App, ratings};

/// Kinds of checks that ask a judge.
const JUDGES: [&str; 6] = ["classify", "closed-qa", "factuality", "g-eval", "judge", "pairwise"];

/// How sure intervals are.
const CONFIDENCE: f64 = 0.95;

#[derive(Debug, Default)]
pub struct Request {
    /// A run, a suite, `suite@revision` or a folder; the newest run if nothing.
    pub which: Option<String>,
    /// Only this check.
    pub check: Option<String>,
    /// Count ratings of people who knew whose answers they were, too.
    pub seen: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub name: String,
    pub suite: String,
    pub raters: Vec<String>,
    /// Answers that somebody rated.
    pub rated: usize,
    /// How far people agree among themselves; None if no answer was rated twice.
    pub people: Option<f64>,
    pub judges: Vec<Compared>,
    pub findings: Vec<Finding>,
}

/// One judging check beside people.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub check: String,
    /// Answers with a verdict of the judge and of people.
    pub pairs: u64,
    /// Rated answers about which the judge is undecided, and judged ones about which people are.
    pub undecided: u64,
    pub unsure: u64,
    pub table: Calibration,
    pub agreement: Option<f64>,
    pub kappa: Option<f64>,
    /// Of the judge and the people together, over values.
    pub alpha: Option<f64>,
    /// How much more the judge gives than people, from -1 to 1.
    pub offset: Option<(f64, Option<Interval>)>,
    /// Of all answers that the judge decided: how many it passed.
    pub passed: u64,
    pub judged: u64,
    /// The rate that people would give. None if the judge does no better than chance.
    pub corrected: Option<(f64, Interval)>,
}

/// What people said of an answer, together.
struct People {
    verdict: Option<bool>,
    values: Vec<f64>,
}

#[derive(Default)]
struct Tally {
    seen: HashSet<String>,
    pairs: Vec<(bool, bool)>,
    differences: Vec<f64>,
    values: Vec<Vec<f64>>,
    undecided: u64,
    unsure: u64,
    passed: u64,
    judged: u64,
}

pub fn calibrate(app: &App, request: &Request) -> Result<Outcome> {
    let found = found::find(app, request.which.as_deref())?;
    let suite = found.manifest.suite.clone();
    let (known, findings) = ratings::of_suite(app, &suite)?;
    let counted: Vec<&Rating> = known.values().filter(|rating| rating.blind || request.seen).collect();
    let people = people(&counted);
    let mut checks: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut names, mut rated) = (HashSet::new(), HashSet::new());
    for line in found.lines()? {
        let line = line?;
        let Some(answer) = &line.answer else { continue };
        let id = item(&line.about.case, &said(answer));
        if people.contains_key(&id) {
            rated.insert(id.clone());
        }
        for check in &line.checks {
            if !is_judge(&check.name) || request.check.as_ref().is_some_and(|wanted| *wanted != check.name) {
                names.insert(check.name.clone());
                continue;
            }
            checks.entry(check.name.clone()).or_default().add(&id, check.verdict, check.value, people.get(&id));
        }
    }
    if checks.is_empty() {
        return Err(none(request, &names, &found.name));
    }
    if rated.is_empty() {
        let unblinded = known.len() - counted.len();
        let hint = match unblinded {
            0 => {
                let which = request.which.as_deref().unwrap_or(&suite);
                format!("`palc rate --blind {which}` shows them to people, one by one")
            }
            _ => format!("{unblinded} were rated by people who knew whose they are; --seen counts them"),
        };
        return Err(Error::no(format!("nobody has rated answers of {}", found.name)).hint(hint));
    }
    let mut raters: Vec<String> = counted.iter().map(|rating| rating.rater.clone()).collect();
    raters.sort();
    raters.dedup();
    let alone: Vec<Vec<f64>> = people.values().map(|people| people.values.clone()).collect();
    let judges = checks.into_iter().map(|(check, tally)| tally.compared(check)).collect();
    Ok(Outcome {
        name: found.name,
        suite,
        raters,
        rated: rated.len(),
        people: alpha(&alone, Scale::Interval),
        judges,
        findings,
    })
}

fn none(request: &Request, names: &HashSet<String>, results: &str) -> Error {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    let error = match &request.check {
        Some(check) => Error::no(format!("`{check}` judges no answer of {results}")),
        None => Error::no(format!("no answer of {results} was judged")),
    };
    error.hint(format!("checks that judge are {}; these are there: {}", JUDGES.join(", "), names.join(", ")))
}

/// `not-judge#2` is a `judge`.
fn is_judge(name: &str) -> bool {
    let kind = name.split('#').next().unwrap_or(name);
    JUDGES.contains(&kind.strip_prefix("not-").unwrap_or(kind))
}

/// The word of the majority of raters who could tell; none if they are even.
fn people(ratings: &[&Rating]) -> BTreeMap<String, People> {
    let mut of_item: BTreeMap<String, Vec<&Rating>> = BTreeMap::new();
    for rating in ratings {
        of_item.entry(rating.item.clone()).or_default().push(rating);
    }
    let together = |ratings: Vec<&Rating>| {
        let votes = |verdict: Verdict| ratings.iter().filter(|rating| rating.verdict == verdict).count();
        let verdict = match votes(Verdict::Passed).cmp(&votes(Verdict::Failed)) {
            std::cmp::Ordering::Greater => Some(true),
            std::cmp::Ordering::Less => Some(false),
            std::cmp::Ordering::Equal => None,
        };
        People { verdict, values: ratings.iter().filter_map(|rating| rating.value).collect() }
    };
    of_item.into_iter().map(|(item, ratings)| (item, together(ratings))).collect()
}

impl Tally {
    fn add(&mut self, item: &str, verdict: Verdict, value: Option<f64>, people: Option<&People>) {
        if verdict != Verdict::Undecided {
            self.judged += 1;
            self.passed += u64::from(verdict == Verdict::Passed);
        }
        let Some(people) = people else { return };
        // The same words have one verdict of people, and count once.
        if !self.seen.insert(item.to_owned()) {
            return;
        }
        match (verdict, people.verdict) {
            (Verdict::Undecided, _) => self.undecided += 1,
            (_, None) => self.unsure += 1,
            (verdict, Some(passed)) => self.pairs.push((passed, verdict == Verdict::Passed)),
        }
        if let Some(value) = value.filter(|_| !people.values.is_empty()) {
            let mean = people.values.iter().sum::<f64>() / people.values.len() as f64;
            self.differences.push(value - mean);
            self.values.push([&[value], &people.values[..]].concat());
        }
    }

    fn compared(self, check: String) -> Compared {
        let table = Calibration::of(self.pairs.iter().copied());
        let confusion = Confusion::of(self.pairs.iter().copied());
        let offset = Mean::of(&self.differences).map(|mean| (mean.mean, mean.interval(CONFIDENCE)));
        Compared {
            check,
            pairs: self.pairs.len() as u64,
            undecided: self.undecided,
            unsure: self.unsure,
            table,
            agreement: confusion.agreement(),
            kappa: confusion.kappa(),
            alpha: alpha(&self.values, Scale::Interval),
            offset,
            passed: self.passed,
            judged: self.judged,
            corrected: table.correct(self.passed, self.judged, CONFIDENCE),
        }
    }
}
