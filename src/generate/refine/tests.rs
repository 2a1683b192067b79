use std::time::Duration;

use super::*;
use crate::generate::judge::Sheet;
use crate::model::call::{Reply, Trouble, What};
use crate::model::engine::Answered;

fn answered(text: String) -> Outcome {
    let reply = Reply { text, ..Reply::default() };
    let cost = Money::parse("0.001");
    Ok(Answered { reply, model: "test/model".into(), cost, elapsed: Duration::ZERO, attempts: 1, kept: false })
}

/// What stands between the tags of that name.
fn tagged<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(&format!("<{name}-")) {
        let (nonce, after) = after.split_once('>').expect("a whole tag");
        let (inside, after) = after.split_once(&format!("</{name}-{nonce}>")).expect("a closing tag");
        found.push(inside.trim_matches('\n'));
        rest = after;
    }
    found
}

/// Scores by length, so that a longer prompt is a better one: 20 characters are the best.
fn verdict(user: &str) -> Outcome {
    let nonce = user.rsplit('"').nth(1).expect("the word");
    let mut candidates = Vec::new();
    for number in 1.. {
        let Some(text) = tagged(user, &format!("candidate-{number}")).pop().map(str::to_owned) else { break };
        let good = (text.trim().len() as f64 / 2.0).min(10.0);
        let scores =
            json!({"relevance": good, "clarity": good, "completeness": good, "conciseness": good, "toxicity": 0});
        candidates.push(json!({"candidate": number, "reason": format!("{} long.", text.len()), "scores": scores}));
    }
    answered(json!({"verdict": nonce, "candidates": candidates, "confidence": 1}).to_string())
}

fn drive(brief: Brief, check: Check<'_>, mut write: impl FnMut(usize, &str) -> Outcome) -> (Refined, Vec<String>) {
    let (sheet, form) = (Sheet::built_in(), built_in());
    let weights = sheet.weights(None).expect("right");
    let bench = Bench { sheet: &sheet, weights, service: "test".into(), model: "judge".into(), orders: 2 };
    let writer = Writer { form: &form, service: "test".into(), model: "writer".into() };
    let (mut engine, mut tickets, mut written) = (Refine::new(brief, writer, bench, check), Vec::new(), 0);
    loop {
        let asks = engine.asks();
        if asks.is_empty() {
            return (engine.refined().expect("nothing is wrong with the forms"), tickets);
        }
        for ask in asks {
            let user = ask.call.messages.last().expect("a message").text();
            let outcome = match ask.purpose {
                "judge" => verdict(&user),
                _ => {
                    written += 1;
                    write(written, &user)
                }
            };
            tickets.push(ask.ticket.clone());
            engine.answer(&ask.ticket, outcome);
        }
    }
}

fn wrapped(user: &str, text: &str) -> Outcome {
    let nonce = user.split_once("<task-").expect("the task").1.split_once('>').expect("a tag").0;
    answered(format!("Here it is:\n<prompt-{nonce}>\n{text}\n</prompt-{nonce}>"))
}

fn brief(target: f64) -> Brief {
    Brief { task: "Sort tickets.".into(), prompt: "Sort.".into(), target, iterations: 5, ..Brief::default() }
}

#[test]
fn it_goes_on_until_the_target_is_reached() {
    let (refined, tickets) =
        drive(brief(0.9), &|_| Ok(()), |step, user| wrapped(user, "Sort. ".repeat(1 + step).trim()));
    assert_eq!(refined.end, End::Reached);
    assert_eq!(refined.best.text, "Sort. Sort. Sort. Sort.\n");
    assert_eq!(refined.best.step, 3);
    assert!(refined.original.expect("scored") < 0.4 && refined.best.score.expect("scored") >= 0.9);
    assert_eq!(tickets[..4], ["judge/0/1", "write/1", "judge/1/1", "judge/1/2"]);
    assert_eq!(tickets.len(), 1 + 3 * 3);
    assert_eq!(refined.cost.map(Money::exact).as_deref(), Some("0.01"));
}

#[test]
fn what_is_good_enough_stays() {
    let (refined, tickets) = drive(brief(0.2), &|_| Ok(()), |_, _| unreachable!("nothing is to be written"));
    assert_eq!((refined.end, refined.best.step, tickets.len()), (End::Reached, 0, 1));
    assert_eq!(refined.best.text, "Sort.");
}

#[test]
fn without_progress_the_original_stays() {
    let (refined, tickets) = drive(brief(0.9), &|_| Ok(()), |step, user| wrapped(user, &"S".repeat(step)));
    assert_eq!((refined.end, refined.best.step), (End::NoProgress, 0));
    assert_eq!(refined.best.text, "Sort.");
    assert_eq!(refined.steps[0].fate, Fate::NotBetter("the original is better".into()));
    assert_eq!(tickets.len(), 1 + 2 * 3);
}

#[test]
fn versions_that_are_no_use_are_not_judged() {
    let check = |text: &str| if text.contains("{{ x }}") { Ok(()) } else { Err("it lost `x`".to_owned()) };
    let mut seen = Vec::new();
    let (refined, tickets) = drive(brief(0.9), &check, |step, user| {
        seen.push(user.to_owned());
        if step == 1 { answered("I cannot.".into()) } else { wrapped(user, "Sort the tickets.") }
    });
    let fates: Vec<&Fate> = refined.steps.iter().map(|step| &step.fate).collect();
    let no_tags = "the model's reply has no prompt between the tags that were asked for";
    assert_eq!(fates, [&Fate::Rejected(no_tags.into()), &Fate::Rejected("it lost `x`".into())]);
    assert_eq!(tickets, ["judge/0/1", "write/1", "write/2"]);
    assert_eq!((refined.end, refined.best.text.as_str()), (End::NoProgress, "Sort."));
}

#[test]
fn the_writer_sees_reasons_attempts_and_examples() {
    let mut seen = Vec::new();
    let brief = Brief {
        examples: vec!["Route each mail.".into()],
        names: vec!["ticket".into()],
        wishes: vec![("tone".into(), "calm".into())],
        ..brief(0.9)
    };
    drive(brief, &|_| Ok(()), |step, user| {
        seen.push(user.to_owned());
        wrapped(user, if step == 1 { "S" } else { "Sort." })
    });
    assert_eq!(tagged(&seen[0], "example"), ["Route each mail."]);
    assert_eq!(tagged(&seen[0], "tone"), ["calm"]);
    assert_eq!(tagged(&seen[0], "reasons"), ["- 5 long."]);
    assert_eq!((tagged(&seen[0], "attempt").len(), tagged(&seen[1], "attempt")), (0, vec!["S"]));
    assert!(seen[1].contains("because the original is better:"), "{}", seen[1]);
}

#[test]
fn trouble_ends_it_and_keeps_what_is_best() {
    let (refined, _) = drive(brief(0.9), &|_| Ok(()), |step, user| match step {
        1 => wrapped(user, "Sort tickets."),
        _ => Err(Trouble::new(What::Quota, "nothing left to spend")),
    });
    assert_eq!(refined.end, End::Trouble("nothing left to spend".into()));
    assert_eq!((refined.best.step, refined.best.text.as_str()), (1, "Sort tickets.\n"));
}
