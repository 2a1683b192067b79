use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

/// A repository as a table: prompt, then version, with all that is to be known of it.
type Rows = Vec<Vec<(Version, Facts)>>;

/// When a version came, and whether it is switched off.
#[derive(Debug, Clone, Copy)]
struct Version {
    at: usize,
    off: bool,
}

impl Ask for &Rows {
    fn facts(&mut self, prompt: usize, version: u32) -> Result<Facts> {
        Ok(self[prompt][version as usize - 1].1.clone())
    }

    fn came(&mut self, prompt: usize, version: u32) -> Result<usize> {
        Ok(self[prompt][version as usize - 1].0.at)
    }
}

fn decide(rows: &Rows, want: &Want) -> Outcome {
    let prompt = |(at, versions): (usize, &Vec<(Version, Facts)>)| Prompt {
        name: name(at),
        versions: versions.len() as u32,
        off: (1..).zip(versions).filter(|(_, (version, _))| version.off).map(|(number, _)| number).collect(),
    };
    let prompts: Vec<Prompt> = rows.iter().enumerate().map(prompt).collect();
    select(&prompts, want, &mut &*rows).expect("nothing can fail")
}

fn name(at: usize) -> String {
    format!("p{at}")
}

fn facts(type_: &str, phase: &str) -> Facts {
    let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Facts { type_: word(type_), phases: word(phase).into_iter().collect(), serves: true }
}

fn on(at: usize, type_: &str, phase: &str) -> (Version, Facts) {
    (Version { at, off: false }, facts(type_, phase))
}

fn off(at: usize, type_: &str, phase: &str) -> (Version, Facts) {
    (Version { at, off: true }, facts(type_, phase))
}

fn want(type_: &str, phase: &str) -> Want {
    let facts = facts(type_, phase);
    Want { type_: facts.type_, phase: facts.phases.into_iter().next(), pin: None }
}

fn pinned(type_: &str, phase: &str, pin: &str) -> Want {
    let (prompt, version) = pin.rsplit_once('@').map_or((None, pin), |(name, version)| (Some(name), version));
    let pin = Pin { prompt: prompt.map(str::to_owned), version: version.parse().expect("a number") };
    Want { pin: Some(pin), ..want(type_, phase) }
}

/// `p0@2`, or the code with its candidates.
fn told(outcome: &Outcome) -> String {
    let name = |choice: &Choice| format!("{}@{}", choice.prompt, choice.version);
    match outcome {
        Outcome::Chosen { choice, .. } => name(choice),
        Outcome::Refused(Refusal { code, candidates }) => {
            let names: Vec<String> = candidates.iter().map(|candidate| name(&candidate.choice)).collect();
            format!("{} {}", code.word(), names.join(" ")).trim_end().to_owned()
        }
    }
}

#[test]
fn the_newest_version_that_is_not_switched_off_serves() {
    let rows = vec![vec![on(1, "coach", "intro"), on(2, "coach", "intro"), off(4, "coach", "intro")]];
    assert_eq!(told(&decide(&rows, &want("coach", "intro"))), "p0@2");
    assert_eq!(told(&decide(&rows, &want("", "intro"))), "p0@2");
    assert_eq!(told(&decide(&rows, &want("coach", "closing"))), "no-prompt");
    assert_eq!(told(&decide(&rows, &want("coach", ""))), "no-prompt");
    let rows = vec![vec![off(1, "coach", "intro"), off(2, "coach", "intro")]];
    assert_eq!(told(&decide(&rows, &want("coach", "intro"))), "none-active p0@2 p0@1");
}

#[test]
fn types_are_never_mixed_and_no_phase_is_a_scope_of_its_own() {
    let rows = vec![vec![on(1, "coach", "intro")], vec![on(2, "sentinel", "intro")], vec![on(3, "sentinel", "")]];
    assert_eq!(told(&decide(&rows, &want("", "intro"))), "several-types p0@1 p1@1");
    assert_eq!(told(&decide(&rows, &want("coach", "intro"))), "p0@1");
    assert_eq!(told(&decide(&rows, &want("sentinel", ""))), "p2@1");
}

#[test]
fn pins_have_their_own_outcomes() {
    let rows = vec![
        vec![on(1, "coach", "intro"), on(2, "coach", "closing"), off(3, "coach", "intro"), on(4, "coach", "intro")],
        vec![on(5, "coach", "closing")],
    ];
    assert_eq!(told(&decide(&rows, &pinned("coach", "intro", "1"))), "p0@1");
    assert_eq!(told(&decide(&rows, &pinned("coach", "intro", "3"))), "pin-inactive p0@3");
    assert_eq!(told(&decide(&rows, &pinned("coach", "intro", "9"))), "pin-missing");
    assert_eq!(told(&decide(&rows, &pinned("coach", "intro", "2"))), "pin-elsewhere p0@2");
    assert_eq!(told(&decide(&rows, &pinned("coach", "closing", "p0@2"))), "p0@2");
    assert_eq!(told(&decide(&rows, &pinned("coach", "intro", "p1@1"))), "pin-elsewhere p1@1");
    assert_eq!(told(&decide(&rows, &pinned("coach", "intro", "other@1"))), "pin-missing");
}

/// The same decision without any cleverness: make the table of all versions, and cross out.
fn oracle(rows: &Rows, want: &Want) -> String {
    let mut all: Vec<(usize, u32, Version, Facts)> = Vec::new();
    for (prompt, versions) in rows.iter().enumerate() {
        for (at, (version, facts)) in versions.iter().enumerate() {
            all.push((prompt, at as u32 + 1, *version, facts.clone()));
        }
    }
    let is_on = |row: &(usize, u32, Version, Facts)| !row.2.off && row.3.serves;
    let in_scope = |row: &(usize, u32, Version, Facts)| {
        let right_type = want.type_.is_none() || row.3.type_ == want.type_;
        let right_phase = if want.phase.is_none() {
            row.3.phases.is_empty()
        } else {
            row.3.phases.iter().any(|p| Some(p) == want.phase.as_ref())
        };
        right_type && right_phase
    };
    // Nothing newer of the same prompt is on.
    let on_top = |row: &(usize, u32, Version, Facts)| {
        !all.iter().any(|other| other.0 == row.0 && other.1 > row.1 && is_on(other))
    };
    if let Some(pin) = &want.pin {
        let lives = |prompt: usize| all.iter().any(|row| row.0 == prompt && on_top(row) && in_scope(row));
        let meant = |row: &&(usize, u32, Version, Facts)| {
            row.1 == pin.version && pin.prompt.as_ref().map_or(lives(row.0), |wanted| *wanted == name(row.0))
        };
        let meant: Vec<_> = all.iter().filter(meant).collect();
        let here: Vec<_> = meant.iter().filter(|row| in_scope(row)).collect();
        return match (meant.len(), here.len()) {
            (0, _) => "pin-missing".into(),
            (_, 0) => "pin-elsewhere".into(),
            (_, 1) if is_on(here[0]) => format!("p{}@{}", here[0].0, here[0].1),
            (_, 1) => "pin-inactive".into(),
            _ => "pin-ambiguous".into(),
        };
    }
    let serving: Vec<_> = all.iter().filter(|row| is_on(row) && on_top(row) && in_scope(row)).collect();
    if let Some(best) = serving.iter().max_by_key(|row| (row.2.at, std::cmp::Reverse(row.0))) {
        let mixed = serving.iter().any(|row| row.3.type_ != best.3.type_);
        return if mixed { "several-types".into() } else { format!("p{}@{}", best.0, best.1) };
    }
    let was = all.iter().any(|row| !is_on(row) && on_top(row) && in_scope(row));
    if was { "none-active".into() } else { "no-prompt".into() }
}

fn some_rows() -> impl Strategy<Value = Rows> {
    let word = |words: Vec<&'static str>| prop::sample::select(words);
    let phases = prop::collection::vec(word(vec!["intro", "closing"]), 0..3);
    let row =
        (word(vec!["coach", "sentinel", ""]), phases, prop::bool::weighted(0.8), prop::bool::weighted(0.3), 1..4usize);
    let row = row.prop_map(|(type_, phases, serves, off, gap)| {
        let phases = phases.into_iter().map(str::to_owned).collect();
        (gap, off, Facts { phases, serves, ..facts(type_, "") })
    });
    prop::collection::vec(prop::collection::vec(row, 1..5), 0..5).prop_map(|prompts| {
        let versions = |rows: Vec<(usize, bool, Facts)>| {
            let mut at = 0;
            rows.into_iter()
                .map(|(gap, off, facts)| {
                    at += gap;
                    (Version { at, off }, facts)
                })
                .collect()
        };
        prompts.into_iter().map(versions).collect()
    })
}

fn some_want() -> impl Strategy<Value = Want> {
    let pin = prop::option::of((prop::option::of(0..4usize), 1..5u32));
    let type_ = prop::sample::select(vec!["coach", "sentinel", ""]);
    let phase = prop::sample::select(vec!["intro", "closing", ""]);
    (type_, phase, pin).prop_map(|(type_, phase, pin)| Want {
        pin: pin.map(|(prompt, version)| Pin { prompt: prompt.map(name), version }),
        ..want(type_, phase)
    })
}

#[test]
fn users_cannot_ask_for_phases_of_the_system() {
    let word = |name: &str| crate::config::Word::new(name);
    let aliased = crate::config::Word { aliases: vec!["intro".into()], ..word("introduction") };
    let phases = Vocabulary::new(vec![aliased, crate::config::Word { user: false, ..word("system_context") }]);
    let settled = |phase: &str, system| {
        let settled = want("", phase).settled(&Vocabulary::default(), &phases, system);
        settled.map(|want| want.phase.unwrap_or_default()).map_err(|refusal| refusal.code.word())
    };
    assert_eq!(settled("intro", false), Ok("introduction".into()));
    assert_eq!(settled("", false), Ok(String::new()));
    assert_eq!(settled("system_context", false), Err("system-phase"));
    assert_eq!(settled("system_context", true), Ok("system_context".into()));
    assert_eq!(settled("other", true), Err("unknown-phase"));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3000, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn the_engine_agrees_with_brute_force(rows in some_rows(), want in some_want()) {
        let told = told(&decide(&rows, &want));
        prop_assert_eq!(told.split(' ').next().unwrap_or_default(), oracle(&rows, &want));
    }
}
