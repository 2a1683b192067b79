//! Whether the statistics keep their word: thousands of made-up evaluations of which the truth is known. Run it with
//! `benches/issue6-statistics`. It ends with 1 if a number is worse than chance allows.

#[path = "../src/base/stats/mod.rs"]
#[allow(dead_code)]
mod stats;

use stats::Flips;
use stats::gate::{self, Verdict};
use stats::paired::{self, Pair};
use stats::power::{Aim, flip_variance};
use stats::{Dice, many, resample, sequential};

/// A test that is right and one that is wrong by this differ by chance alone.
fn slack(rate: f64, rounds: u32) -> f64 {
    3.0 * (rate * (1.0 - rate) / f64::from(rounds)).sqrt()
}

struct Report {
    rounds: u32,
    broken: u32,
}

impl Report {
    fn at_most(&mut self, what: &str, hits: u32, limit: f64) {
        let rate = f64::from(hits) / f64::from(self.rounds);
        self.say(what, rate, rate <= limit + slack(limit, self.rounds), &format!("at most {:.1} %", limit * 100.0));
    }

    fn at_least(&mut self, what: &str, hits: u32, limit: f64) {
        let rate = f64::from(hits) / f64::from(self.rounds);
        self.say(what, rate, rate >= limit - slack(limit, self.rounds), &format!("at least {:.1} %", limit * 100.0));
    }

    fn say(&mut self, what: &str, rate: f64, kept: bool, promise: &str) {
        println!("{:<62} {:>5.1} %  {promise}  {}", what, rate * 100.0, if kept { "ok" } else { "BROKEN" });
        self.broken += u32::from(!kept);
    }
}

/// How likely a case is to pass: some are hard for everybody.
fn ease(dice: &mut Dice) -> f64 {
    [0.15, 0.5, 0.8, 0.95][dice.below(4)]
}

/// Both sides pass and fail by the same ease; the head passes more often by `shift`.
fn passes(dice: &mut Dice, cases: usize, shift: f64) -> Vec<Pair<usize>> {
    let side = |dice: &mut Dice, chance: f64| f64::from(u8::from(dice.happens(chance)));
    (0..cases)
        .map(|cluster| {
            let ease = ease(dice);
            Pair { base: side(dice, ease), head: side(dice, ease + shift), cluster }
        })
        .collect()
}

fn grades(dice: &mut Dice, cases: usize, shift: f64) -> Vec<Pair<usize>> {
    (0..cases)
        .map(|cluster| {
            let case = 0.6 + 0.2 * dice.normal();
            let base = (case + 0.1 * dice.normal()).clamp(0.0, 1.0);
            Pair { base, head: (case + 0.1 * dice.normal() + shift).clamp(0.0, 1.0), cluster }
        })
        .collect()
}

/// Five cases of a document move together.
fn documents(dice: &mut Dice, documents: usize) -> Vec<Pair<usize>> {
    let mut pairs = Vec::new();
    for cluster in 0..documents {
        let mood = 0.2 * dice.normal();
        for _ in 0..5 {
            pairs.push(Pair { base: 0.5 + 0.05 * dice.normal(), head: 0.5 + mood + 0.05 * dice.normal(), cluster });
        }
    }
    pairs
}

fn flips(pairs: &[Pair<usize>]) -> Flips {
    Flips::of(pairs.iter().map(|pair| (pair.base == 1.0, pair.head == 1.0)))
}

fn excludes_zero(pairs: &[Pair<usize>]) -> bool {
    paired::interval(pairs, 0.95).is_some_and(|interval| !interval.holds(0.0))
}

fn count(rounds: u32, mut hit: impl FnMut(&mut Dice) -> bool) -> u32 {
    (0..rounds).filter(|seed| hit(&mut Dice::new(u64::from(*seed)))).count() as u32
}

fn main() {
    let rounds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(2000);
    let mut report = Report { rounds, broken: 0 };
    nothing_there(&mut report);
    something_there(&mut report);
    looking_often(&mut report);
    std::process::exit(i32::from(report.broken > 0));
}

fn nothing_there(report: &mut Report) {
    let rounds = report.rounds;
    println!("false alarms where both sides are the same ({rounds} rounds each)");
    for cases in [20, 60, 300] {
        let hits = count(rounds, |dice| flips(&passes(dice, cases, 0.0)).p() < 0.05);
        report.at_most(&format!("  flips, {cases} cases: exact p below 0.05"), hits, 0.05);
        let hits = count(rounds, |dice| excludes_zero(&passes(dice, cases, 0.0)));
        report.at_most(&format!("  flips, {cases} cases: interval without 0"), hits, 0.05);
    }
    for cases in [8, 16] {
        let differences = |dice: &mut Dice| -> Vec<f64> { grades(dice, cases, 0.0).iter().map(Pair::delta).collect() };
        let hits = count(rounds, |dice| resample::sign_flips(&differences(dice), 0) < 0.05);
        report.at_most(&format!("  grades, {cases} cases: sign flips"), hits, 0.05);
    }
    for cases in [20, 200] {
        let hits = count(rounds, |dice| excludes_zero(&grades(dice, cases, 0.0)));
        report.at_most(&format!("  grades, {cases} cases: interval without 0"), hits, 0.05);
    }
    let hits = count(rounds, |dice| excludes_zero(&documents(dice, 20)));
    report.at_most("  20 documents of 5 cases: interval that knows of them", hits, 0.05);
    let blind = |dice: &mut Dice| -> Vec<Pair<usize>> {
        documents(dice, 20).into_iter().enumerate().map(|(at, pair)| Pair { cluster: at, ..pair }).collect()
    };
    let hits = count(rounds, |dice| excludes_zero(&blind(dice)));
    println!("    (one that does not know of them: {:.1} %)", f64::from(hits) / f64::from(rounds) * 100.0);
    let hits = count(rounds, |dice| {
        let ps: Vec<f64> = (0..10).map(|_| flips(&passes(dice, 100, 0.0)).p()).collect();
        many::holm(&ps).iter().any(|p| *p < 0.05)
    });
    report.at_most("  ten metrics: any of them, after Holm", hits, 0.05);
    let of = |dice: &mut Dice, wanted: Verdict| {
        gate::verdict(paired::interval(&grades(dice, 100, -0.02), 0.95), 0.02) == wanted
    };
    let hits = count(rounds, |dice| of(dice, Verdict::Pass));
    report.at_most("  a loss of just the margin: the gate says pass", hits, 0.03);
    let hits = count(rounds, |dice| of(dice, Verdict::Regression));
    report.at_most("  a loss of just the margin: the gate says regression", hits, 0.03);
}

fn something_there(report: &mut Report) {
    let rounds = report.rounds;
    println!("\nfound where it is there, on as many cases as are said to be needed for 80 %");
    for delta in [0.05, 0.1] {
        // Two answers of the same ease differ with 2 e (1 - e), and the shift adds to it.
        let rate = [0.15, 0.5, 0.8, 0.95].map(|e: f64| e * (1.0 - (e + delta).min(1.0)) + (e + delta).min(1.0) * (1.0 - e));
        let gain = [0.15, 0.5, 0.8, 0.95].map(|e: f64| (e + delta).min(1.0) - e).iter().sum::<f64>() / 4.0;
        let variance = flip_variance(rate.iter().sum::<f64>() / 4.0, gain);
        let cases = Aim::default().cases(variance, gain).unwrap_or(1) as usize;
        let hits = count(rounds, |dice| excludes_zero(&passes(dice, cases, delta)));
        report.at_least(&format!("  {:.1} points, {cases} cases", gain * 100.0), hits, 0.78);
    }
    let cases = Aim::default().cases(0.02, 0.03).unwrap_or(1) as usize;
    let hits = count(rounds, |dice| excludes_zero(&grades(dice, cases, 0.0325)));
    report.at_least(&format!("  3 points of grades, {cases} cases"), hits, 0.78);
}

fn looking_often(report: &mut Report) {
    let rounds = report.rounds;
    println!("\nlooking ten times, every 30 cases");
    let look = |dice: &mut Dice, shift: f64, alarm: fn(Flips) -> bool| {
        let pairs = passes(dice, 300, shift);
        (1..=10).any(|look| alarm(flips(&pairs[..look * 30])))
    };
    let e_value: fn(Flips) -> bool = |flips| sequential::e_value(flips.better, flips.worse) >= 20.0;
    let p_value: fn(Flips) -> bool = |flips| flips.p() < 0.05;
    let hits = count(rounds, |dice| look(dice, 0.0, e_value));
    report.at_most("  nothing there: e-value of 20 and more", hits, 0.05);
    let hits = count(rounds, |dice| look(dice, 0.0, p_value));
    println!("    (p below 0.05 at any look: {:.1} %)", f64::from(hits) / f64::from(rounds) * 100.0);
    let hits = count(rounds, |dice| look(dice, 0.15, e_value));
    report.at_least("  15 points there: e-value of 20 and more", hits, 0.5);
}
