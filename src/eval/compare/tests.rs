use super::*;
use crate::base::stats::Dice;
use crate::model::results::{About, Checked, Line};
use crate::model::score;

/// `1`, `0`: passed, failed. `?`: undecided. Cases are counted from 0.
fn lines(outcomes: &str) -> Vec<Line> {
    outcomes.chars().enumerate().map(|(case, outcome)| line(&format!("c{case}"), 1, outcome)).collect()
}

fn line(case: &str, repeat: u32, outcome: char) -> Line {
    let verdict = match outcome {
        '1' => score::Verdict::Passed,
        '0' => score::Verdict::Failed,
        _ => score::Verdict::Undecided,
    };
    let about = About {
        case: case.into(),
        prompt: "triage".into(),
        id: "k3v9q2mx".into(),
        model: "echo".into(),
        repeat,
        ..About::default()
    };
    let score = match outcome {
        '1' => Some(1.0),
        '0' => Some(0.0),
        _ => None,
    };
    Line { about, answer: None, trouble: None, checks: Vec::new(), verdict, score }
}

fn with(line: Line, change: impl FnOnce(&mut Line)) -> Line {
    let mut line = line;
    change(&mut line);
    line
}

fn versions(base: &[Line], head: &[Line]) -> Comparison {
    compare(&Side::of(Pairing::Versions, base), &Side::of(Pairing::Versions, head), &Rule::default())
}

#[test]
fn twenty_cases_with_five_flips() {
    let found = versions(&lines("00001111111111110000"), &lines("11110111111111110000"));
    let group = &found.groups[0];
    let delta = group.delta(&Measure::Passes).unwrap();
    assert_eq!((group.cases, group.flips, delta.test), (20, Flips { worse: 1, better: 4 }, Test::McNemar));
    assert_eq!((delta.base, delta.head), (0.6, 0.75));
    assert!((delta.delta - 0.15).abs() < 1e-12 && (delta.p.unwrap() - 0.375).abs() < 1e-12);
    assert_eq!((found.verdict(), found.all.is_none()), (Some(Verdict::Inconclusive), true));
    assert_eq!(
        group.changed.iter().map(|change| &*change.item.case).collect::<Vec<_>>(),
        ["c4", "c0", "c1", "c2", "c3"]
    );
    assert!(group.needed.unwrap() > 30 && group.needed.unwrap() < 100, "{:?}", group.needed);
}

#[test]
fn only_what_both_hold_is_compared() {
    let found = versions(&lines("1111?0"), &lines("0111"));
    let delta = found.groups[0].delta(&Measure::Passes).unwrap();
    assert_eq!((delta.cases, delta.base, delta.head), (4, 1.0, 0.75));
    assert_eq!(found.coverage, Coverage { shared: 4, only_base: 2, ..Coverage::default() });
}

#[test]
fn what_is_undecided_is_neither_good_nor_bad() {
    let found = versions(&lines("1?11"), &lines("11?0"));
    let delta = found.groups[0].delta(&Measure::Passes).unwrap();
    assert_eq!((delta.cases, delta.base, delta.head), (2, 1.0, 0.5));
    let coverage = Coverage { shared: 4, undecided_base: 1, undecided_head: 1, lost: 2, ..Coverage::default() };
    assert_eq!(found.coverage, coverage);
    let nothing = versions(&lines("??"), &lines("11"));
    assert_eq!((nothing.verdict(), nothing.groups.len()), (None, 0));
}

#[test]
fn repeats_are_averaged_before_anything_else() {
    let repeated = |outcomes: &str| -> Vec<Line> {
        outcomes
            .split(' ')
            .enumerate()
            .flat_map(|(case, repeats)| {
                repeats.chars().zip(1..).map(move |(outcome, repeat)| line(&format!("c{case}"), repeat, outcome))
            })
            .collect()
    };
    let found = versions(&repeated("1111 10? 00"), &repeated("0 1111 0011"));
    let group = &found.groups[0];
    let delta = group.delta(&Measure::Passes).unwrap();
    assert_eq!((delta.cases, delta.base, delta.head, delta.test), (3, 0.5, 0.5, Test::SignFlips));
    assert_eq!(group.flips, Flips { worse: 1, better: 2 });
    assert_eq!((group.changed[0].base, group.changed[0].head), (1.0, 0.0));
}

#[test]
fn cases_of_one_document_are_one_piece_of_evidence() {
    let document = |lines: Vec<Line>| -> Vec<Line> {
        let named = |(at, line): (usize, Line)| with(line, |line| line.about.cluster = format!("d{}", at / 10));
        lines.into_iter().enumerate().map(named).collect()
    };
    let (base, head) = (lines(&"1".repeat(40)), lines(&format!("{}{}", "0".repeat(10), "1".repeat(30))));
    let apart = versions(&base, &head);
    let together = versions(&document(base), &document(head));
    let p = |found: &Comparison| found.groups[0].delta(&Measure::Passes).unwrap().p.unwrap();
    assert!(p(&apart) < 0.01 && p(&together) > 0.3);
    assert_eq!(together.groups[0].delta(&Measure::Passes).unwrap().clusters, 4);
    assert_eq!((apart.verdict(), together.verdict()), (Some(Verdict::Regression), Some(Verdict::Inconclusive)));
}

#[test]
fn the_same_calls_have_no_doubt() {
    let keyed = |outcomes| -> Vec<Line> {
        let keyed = |line: Line| with(line, |line| line.about.key = line.about.case.clone());
        lines(outcomes).into_iter().map(keyed).collect()
    };
    let same = versions(&keyed("101"), &keyed("101"));
    assert_eq!((same.groups[0].same, same.verdict(), same.groups[0].needed), (true, Some(Verdict::Pass), None));
    let stricter = versions(&keyed("111"), &keyed("110"));
    assert!(!stricter.groups[0].same, "other checks said otherwise of the same answers");
    assert!(!versions(&lines("1"), &lines("1")).groups[0].same, "nothing says that these are the same calls");
}

#[test]
fn a_few_cases_that_agree_are_not_enough() {
    let few = versions(&lines("11111"), &lines("11111"));
    assert_eq!((few.verdict(), few.groups[0].needed), (Some(Verdict::Inconclusive), Some(132)));
    let enough = "1".repeat(137);
    assert_eq!(versions(&lines(&enough), &lines(&enough)).verdict(), Some(Verdict::Pass));
    assert_eq!(few.groups[0].delta(&Measure::Passes).unwrap().p, Some(1.0));
}

#[test]
fn what_lies_on_the_margin_is_never_told() {
    let (base, head) = ("1".repeat(100), format!("00{}", "1".repeat(98)));
    let found = versions(&lines(&base), &lines(&head));
    assert_eq!((found.verdict(), found.groups[0].needed), (Some(Verdict::Inconclusive), None));
}

#[test]
fn models_are_told_apart_and_taken_together() {
    let of = |model: &str, outcomes: &str| -> Vec<Line> {
        lines(outcomes).into_iter().map(|line| with(line, |line| line.about.model = model.into())).collect()
    };
    let base = [of("a", &"1".repeat(40)), of("b", &"1".repeat(40))].concat();
    let head = [of("a", &"1".repeat(40)), of("b", &"0".repeat(40))].concat();
    let found = versions(&base, &head);
    let verdicts: Vec<_> = found.groups.iter().map(|group| (&*group.model, group.verdict)).collect();
    assert_eq!(verdicts, [("a", Verdict::Inconclusive), ("b", Verdict::Regression)]);
    let all = found.all.as_ref().unwrap().delta(&Measure::Passes).unwrap();
    assert_eq!((all.cases, all.clusters, all.delta), (80, 40, -0.5));
    assert_eq!(found.verdict(), Some(Verdict::Regression));
}

#[test]
fn metrics_are_adjusted_for_how_many_they_are() {
    let graded = |shift: f64| -> Vec<Line> {
        let mut dice = Dice::new(1);
        lines(&"1".repeat(40))
            .into_iter()
            .map(|line| {
                with(line, |line| {
                    line.checks = ["kind", "short", "true"]
                        .iter()
                        .map(|name| {
                            let value =
                                Some((dice.share() + if *name == "kind" { shift } else { 0.0 }).clamp(0.0, 1.0));
                            let metric = (*name != "true").then(|| (*name).to_owned());
                            let name = format!("{name}#2");
                            Checked {
                                name,
                                verdict: score::Verdict::Passed,
                                value,
                                weight: 0.0,
                                metric,
                                reason: String::new(),
                                parts: Vec::new(),
                            }
                        })
                        .collect();
                })
            })
            .collect()
    };
    let found = versions(&graded(0.0), &graded(0.2));
    let metrics: Vec<&Delta> = found.groups[0].deltas[2..].iter().collect();
    assert_eq!(metrics.iter().map(|delta| delta.measure.name()).collect::<Vec<_>>(), ["kind", "short", "true"]);
    assert!(metrics[0].p.unwrap() < 1e-6 && metrics[1].adjusted == Some(1.0));
    assert!((metrics[0].adjusted.unwrap() / metrics[0].p.unwrap() - 3.0).abs() < 1e-9);
}

#[test]
fn two_prompts_meet_on_their_cases() {
    let other = |line: Line| {
        with(line, |line| {
            line.about.prompt = "triage.short".into();
            line.about.id = "zzz".into();
        })
    };
    let second: Vec<Line> = lines("110").into_iter().map(other).collect();
    let found =
        compare(&Side::of(Pairing::Prompts, &lines("111")), &Side::of(Pairing::Prompts, &second), &Rule::default());
    let group = &found.groups[0];
    assert_eq!((&*group.base, &*group.head, group.flips.worse), ("triage", "triage.short", 1));
    assert_eq!(
        versions(&lines("111"), &second).coverage,
        Coverage { only_base: 3, only_head: 3, ..Coverage::default() }
    );
}

#[test]
fn evidence_may_be_looked_at_at_any_time() {
    let (base, head) = (lines("0000000111"), lines("1111111111"));
    let evidence = versions(&base, &head).groups[0].evidence;
    assert_eq!((evidence.better, evidence.worse, evidence.decided(), evidence.needed), (7, 0, Some(true), 0));
    let early = versions(&base[..4], &head[..4]).groups[0].evidence;
    assert_eq!((early.better, early.decided(), early.needed), (4, None, 3));
    assert!(early.share.holds(0.5) && !evidence.share.holds(0.5));
    assert_eq!(versions(&head, &base).groups[0].evidence.decided(), Some(false));
}

/// Both sides are drawn from the same coins: there is nothing to find, and it is seldom found.
#[test]
fn nothing_is_found_where_nothing_is() {
    let (mut alarms, mut regressions) = (0, 0);
    let rounds = 200;
    for seed in 0..rounds {
        let (base, head) = draw(seed, 60, 0.0);
        let found = versions(&base, &head);
        alarms += u32::from(found.groups[0].delta(&Measure::Passes).unwrap().p.unwrap() < 0.05);
        regressions += u32::from(found.verdict() == Some(Verdict::Regression));
    }
    assert!(
        alarms <= rounds as u32 / 20 && regressions <= rounds as u32 / 20,
        "{alarms} and {regressions} of {rounds}"
    );
}

/// A loss of ten points on as many cases as it takes to see it in eight of ten tries.
#[test]
fn what_is_there_is_found() {
    let (mut found, rounds) = (0, 100);
    for seed in 0..rounds {
        let (base, head) = draw(seed, 335, -0.12);
        found += u32::from(versions(&base, &head).verdict() == Some(Verdict::Regression));
    }
    assert!(found >= 65, "{found} of {rounds}");
}

/// Cases of which some are harder, and a head that is better by `shift`.
fn draw(seed: u64, cases: usize, shift: f64) -> (Vec<Line>, Vec<Line>) {
    let mut dice = Dice::new(seed);
    let mut side = |shift: f64, ease: &[f64]| -> Vec<Line> {
        let outcome = |ease: &f64| if dice.happens(ease + shift) { '1' } else { '0' };
        lines(&ease.iter().map(outcome).collect::<String>())
    };
    let ease: Vec<f64> = (0..cases).map(|case| if case % 3 == 0 { 0.5 } else { 0.85 }).collect();
    (side(0.0, &ease), side(shift, &ease))
}
