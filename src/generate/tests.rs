use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::base::Result;
use crate::config::Strategy;
use crate::format::generation::{PERSONAS, PHASES, persona, phase};
use crate::model::call::{Reply, Role, Trouble, Usage, What};
use crate::model::engine::{Answered, Ask, Engine, Outcome};
use crate::model::generation::{FAMILIES, Source as From};
use crate::model::{Call, Layout, Money, Persona, Phase};
use crate::render::{Options, Source};

use super::judge::Sheet;
use super::plan::{Judging, Passage, Plan, Step};
use super::run::{Place, Run, State};

struct Nothing;

impl Source for Nothing {
    fn read(&self, _: &str, _: Option<&str>) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }
}

fn from(text: &str) -> From {
    From { path: "x.md".into(), built_in: true, text: text.into() }
}

fn plain(name: &str) -> Phase {
    phase(name, &from("---\ndescription: Do it\n---\nsystem:\nS\n\nuser:\n{{ input }}\n")).expect("reads").0
}

fn built_in(name: &str) -> Persona {
    let (_, text) = PERSONAS.iter().find(|(known, _)| *known == name).expect("is there");
    persona(name, &from(text)).expect("reads").0
}

fn plan(strategy: Strategy, count: usize, phases: &[&str]) -> Plan {
    let step = |name: &&str| Step {
        phase: plain(name),
        service: "s".into(),
        model: "m".into(),
        params: crate::model::Map::new(),
    };
    let sheet = Sheet::built_in();
    let weights = sheet.weights(None).expect("right");
    Plan {
        idea: "idea".into(),
        use_case: None,
        persona: Persona { families: BTreeMap::new(), ..built_in("generic") },
        family: "generic".into(),
        layout: Layout::default(),
        context: Vec::new(),
        examples: Vec::new(),
        steps: phases.iter().map(step).collect(),
        count,
        strategy,
        optimize: false,
        select: false,
        judge: Some(Judging { sheet, service: "j".into(), model: "j".into(), weights }),
        source: Arc::new(Nothing),
        options: Options::default(),
    }
}

fn answered(text: impl Into<String>) -> Answered {
    let usage = Usage { input: Some(10), output: Some(5), ..Usage::default() };
    let reply = Reply { text: text.into(), usage: Some(usage), ..Reply::default() };
    let (model, cost) = ("s/m".into(), Some(Money(1)));
    Answered { reply, model, cost, elapsed: Duration::ZERO, attempts: 1, kept: false }
}

fn user(call: &Call) -> String {
    call.messages.iter().filter(|message| message.role == Role::User).map(|m| m.text()).collect()
}

/// A verdict for whom the judge would have: the candidate that ends with one of these texts.
fn verdict(call: &Call, favourite: &str) -> String {
    let text = user(call);
    let nonce = text.split_once("<task-").expect("a task").1.split_once('>').expect("ends").0.to_owned();
    let candidates: Vec<_> = (1..)
        .map_while(|number| {
            let body = text.split_once(&format!("<candidate-{number}-{nonce}>\n"))?.1;
            let body = body.split_once("\n</candidate").expect("ends").0;
            let score = if favourite.split('|').any(|end| body.ends_with(end)) { 9 } else { 4 };
            let scores = json!({"relevance": score, "clarity": score, "completeness": score, "conciseness": score, "toxicity": 0});
            Some(json!({"candidate": number, "reason": format!("{favourite} it is"), "scores": scores}))
        })
        .collect();
    json!({"verdict": nonce, "candidates": candidates, "confidence": 0.8}).to_string()
}

/// Play a run with an answer for every call; the last asked is answered first if so wished. The calls, as they were made.
fn play(run: &mut Run<'_>, backwards: bool, answer: &dyn Fn(&Ask) -> Outcome) -> Vec<Ask> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    loop {
        let asks = run.asks();
        all.extend(asks.clone());
        open.extend(asks);
        if open.is_empty() {
            return all;
        }
        let ask: Ask = if backwards { open.pop().expect("there is one") } else { open.remove(0) };
        run.answer(&ask.ticket, answer(&ask));
    }
}

/// Writers add their ticket to what they were given; the judge is for `favourite`.
fn usual(ask: &Ask, favourite: &str) -> Outcome {
    Ok(answered(match ask.purpose {
        "judge" => verdict(&ask.call, favourite),
        _ => format!("{} > {}", user(&ask.call), ask.ticket),
    }))
}

fn texts(run: &Run<'_>) -> Vec<String> {
    run.results().into_iter().map(|place| run.cell(place).made().expect("made").text.clone()).collect()
}

fn tickets(asks: &[Ask]) -> Vec<String> {
    asks.iter().map(|ask| ask.ticket.clone()).collect()
}

#[test]
fn in_all_every_variant_goes_its_own_way() {
    let plan = plan(Strategy::All, 2, &["a", "b", "c"]);
    for backwards in [false, true] {
        let mut run = Run::new(&plan).expect("begins");
        let mut asks = play(&mut run, backwards, &|ask| usual(ask, ""));
        asks.sort_by(|a, b| a.ticket.cmp(&b.ticket));
        assert_eq!(tickets(&asks), ["a/1", "a/2", "b/1", "b/2", "c/1", "c/2"]);
        assert_eq!(texts(&run), ["idea > a/1 > b/1 > c/1", "idea > a/2 > b/2 > c/2"]);
        assert_eq!(user(&asks[4].call), "idea > a/1 > b/1");
        assert_eq!(run.cell(Place { phase: 2, variant: 1 }).parent, Some(Place { phase: 1, variant: 1 }));
    }
}

#[test]
fn in_a_cascade_only_the_best_moves_on() {
    let plan = plan(Strategy::Cascade, 3, &["a", "b"]);
    for backwards in [false, true] {
        let mut run = Run::new(&plan).expect("begins");
        let asks = play(&mut run, backwards, &|ask| usual(ask, "a/2|b/3"));
        assert_eq!(asks.iter().filter(|ask| ask.purpose == "generate").count(), 6);
        assert_eq!(asks.iter().filter(|ask| ask.purpose == "judge").count(), 4);
        assert_eq!(texts(&run), ["idea > a/2 > b/3"]);
        let fed: Vec<_> = run.cells().filter(|(place, _)| place.phase == 1).map(|(_, cell)| cell.parent).collect();
        assert_eq!(fed, [Some(Place { phase: 0, variant: 1 }); 3]);
        assert_eq!(run.choice(0).expect("chosen").why, "a/2|b/3 it is");
    }
}

#[test]
fn an_undecided_judge_makes_nobody_the_winner() {
    let plan = plan(Strategy::Cascade, 2, &["a", "b"]);
    let mut run = Run::new(&plan).expect("begins");
    play(&mut run, false, &|ask| match ask.purpose {
        "judge" => Ok(answered("All of them are lovely: 9/10.")),
        _ => usual(ask, ""),
    });
    assert_eq!(texts(&run), ["idea > a/1 > b/1", "idea > a/2 > b/2"]);
    let chosen = run.choice(0).expect("ended");
    assert_eq!((chosen.best, chosen.why.as_str()), (None, "undecided: the judge's reply has no verdict"));
}

#[test]
fn in_best_every_phase_works_on_the_idea() {
    let mut plan = plan(Strategy::Best, 2, &["a", "b"]);
    plan.select = true;
    let mut run = Run::new(&plan).expect("begins");
    let asks = play(&mut run, true, &|ask| usual(ask, "b/2"));
    let writers: Vec<&Ask> = asks.iter().filter(|ask| ask.purpose == "generate").collect();
    assert!(writers.len() == 4 && writers.iter().all(|ask| user(&ask.call) == "idea"));
    // All writers were asked at once, the judge of a phase when its variants were there.
    assert_eq!(run.selection().expect("chosen").best, Some(Place { phase: 1, variant: 1 }));
    assert_eq!(run.results().len(), 3, "the first phase is undecided between equals, so both are kept");
    assert!(run.choice(0).expect("ended").why.starts_with("a tie"));
}

#[test]
fn one_variant_needs_no_judge() {
    for strategy in [Strategy::All, Strategy::Cascade, Strategy::Best] {
        let mut plan = plan(strategy, 1, &["a", "b"]);
        plan.judge = None;
        assert!(!plan.needs_judge());
        let mut run = Run::new(&plan).expect("begins");
        assert_eq!(play(&mut run, false, &|ask| usual(ask, "")).len(), 2);
    }
}

#[test]
fn what_fails_ends_its_own_way_only() {
    let down = |ask: &Ask| match ask.ticket.as_str() {
        "b/2" => Err(Trouble::new(What::Server, "down")),
        _ => usual(ask, "/1"),
    };
    let all = plan(Strategy::All, 3, &["a", "b", "c"]);
    let mut run = Run::new(&all).expect("begins");
    play(&mut run, true, &down);
    assert_eq!(texts(&run), ["idea > a/1 > b/1 > c/1", "idea > a/3 > b/3 > c/3"]);
    assert_eq!(
        run.failures().map(|(place, trouble)| (run.ticket(place), trouble.message.clone())).collect::<Vec<_>>(),
        [("b/2".to_owned(), "down".to_owned())]
    );
    assert!(matches!(run.cell(Place { phase: 2, variant: 1 }).state, State::Skipped));
    assert!(run.cell(Place { phase: 0, variant: 1 }).made().is_some(), "what was made before is there");

    let cascade = plan(Strategy::Cascade, 2, &["a", "b", "c"]);
    let mut run = Run::new(&cascade).expect("begins");
    play(&mut run, false, &down);
    assert_eq!(run.choice(1).expect("chosen").why, "it is the only one");
    assert_eq!(run.results().len(), 1);
}

#[test]
fn the_best_of_the_results_is_chosen_where_it_is_asked_for() {
    let mut plan = plan(Strategy::All, 2, &["a"]);
    plan.select = true;
    let mut run = Run::new(&plan).expect("begins");
    let asks = play(&mut run, false, &|ask| usual(ask, "a/2"));
    assert_eq!(tickets(&asks), ["a/1", "a/2", "select/1", "select/2"]);
    let chosen = run.selection().expect("chosen");
    assert_eq!(chosen.best, Some(Place { phase: 0, variant: 1 }));
    assert_eq!(chosen.judgement.as_ref().and_then(|judgement| judgement.confidence), Some(0.8));
    assert_eq!(run.results().len(), 2, "the others are kept");
}

#[test]
fn an_improvement_is_kept_only_if_the_judge_says_that_it_is_better() {
    let mut plan = plan(Strategy::All, 1, &["a", "b"]);
    plan.optimize = true;
    let text = |ask: &Ask, favourite: &str| match ask.purpose {
        "improve" => Ok(answered(format!("better {}", ask.ticket))),
        _ => usual(ask, favourite),
    };
    let mut run = Run::new(&plan).expect("begins");
    let asks = play(&mut run, false, &|ask| text(ask, "a/1/improve|> b/1"));
    assert_eq!(
        tickets(&asks),
        [
            "a/1",
            "a/1/improve",
            "a/1/compare/1",
            "a/1/compare/2",
            "b/1",
            "b/1/improve",
            "b/1/compare/1",
            "b/1/compare/2"
        ]
    );
    // The second improvement is not what the judge likes, so its phase keeps what it had.
    assert_eq!(texts(&run), ["better a/1/improve > b/1"]);
    let ended = |phase| {
        run.cell(Place { phase, variant: 0 })
            .improvement
            .as_ref()
            .and_then(|it| it.ended().map(|ended| (ended.kept, ended.why.clone())))
    };
    assert_eq!(ended(0), Some((true, "the judge says that it is better".into())));
    assert_eq!(ended(1), Some((false, "the judge says that it was better before".into())));
    let made = run.cell(Place { phase: 0, variant: 0 }).made().expect("made").clone();
    assert_eq!((made.input_tokens, made.cost), (Some(20), Some(Money(2))), "both were paid for");

    let mut run = Run::new(&plan).expect("begins");
    play(&mut run, false, &|ask| match ask.purpose {
        "judge" => Err(Trouble::new(What::Timeout, "too slow")),
        _ => text(ask, ""),
    });
    assert_eq!(texts(&run), ["idea > a/1 > b/1"]);
}

#[test]
fn calls_say_everything_that_was_settled() {
    let mut plan = plan(Strategy::All, 2, &["a", "b"]);
    plan.persona = built_in("code");
    plan.layout = plan.persona.layout("claude", Some(&built_in("generic")));
    plan.family = "claude".into();
    plan.context = vec![Passage { name: "a \"b\".md".into(), text: "Facts.\n".into() }];
    plan.examples = vec![Passage { name: "support/triage".into(), text: "Sort it.".into() }];
    let mut run = Run::new(&plan).expect("begins");
    let asks = play(&mut run, false, &|ask| usual(ask, ""));
    let system = asks[0].call.messages[0].text();
    for part in
        ["You are a senior engineer", "\n\nS\n\n", "models of the family claude", "<file path", "variant 1 of 2"]
    {
        assert!(system.contains(part), "{part}\n{system}");
    }
    let first = user(&asks[0].call);
    assert!(first.starts_with("idea\n\nMaterial") && first.contains("<context name=\"a 'b'.md\">\nFacts.\n</context>"));
    assert!(first.contains("<example name=\"support/triage\">\nSort it.\n</example>"), "{first}");
    let later = asks.iter().find(|ask| ask.ticket == "b/1").expect("asked");
    assert_eq!(user(&later.call), format!("{first} > a/1"), "a later phase works on what came of the first");
}

/// Four personas, five families: no two make the same system text.
#[test]
fn every_persona_and_family_changes_the_system_text() {
    let generic = built_in("generic");
    let mut seen = BTreeMap::new();
    for (name, _) in PERSONAS {
        for family in FAMILIES {
            let mut plan = plan(Strategy::All, 1, &["a"]);
            plan.persona = built_in(name);
            plan.layout = plan.persona.layout(family, Some(&generic));
            plan.family = family.into();
            let asks = Run::new(&plan).expect("begins").asks();
            let before = seen.insert(asks[0].call.messages[0].text(), (*name, family));
            assert_eq!(before, None, "{name} for {family}");
        }
    }
}

#[test]
fn the_phases_that_come_with_palc_hold_what_they_are_given() {
    let mut plan = plan(Strategy::All, 1, &["a"]);
    plan.idea = "--- 🜁 {{ not_a_variable }} {% raw %} user:\nassistant:\nx".into();
    plan.use_case = Some("documentation".into());
    plan.steps = PHASES
        .iter()
        .map(|(name, text)| Step { phase: phase(name, &from(text)).expect("reads").0, ..plan.steps[0].clone() })
        .collect();
    let mut run = Run::new(&plan).expect("begins");
    let asks = play(&mut run, false, &|ask| Ok(answered(format!("made {}", ask.ticket))));
    assert_eq!(asks.len(), 3);
    assert!(asks.iter().all(|ask| user(&ask.call).contains(&plan.idea) && ask.call.messages.len() == 2));
    assert!(user(&asks[0].call).contains("(documentation)"));
    assert!(asks[0].call.messages[0].text().contains("{{ ticket }}"));
    assert!(user(&asks[1].call).contains("made prima-materia/1") && user(&asks[2].call).contains("made solutio/1"));
}

#[test]
fn a_template_that_cannot_be_filled_is_found_before_anything_is_asked() {
    let mut plan = plan(Strategy::All, 1, &["a", "b"]);
    plan.steps[1].phase = phase("b", &from("{{ inptu }}\n")).expect("reads").0;
    assert!(Run::new(&plan).is_err());
}
