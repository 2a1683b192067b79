//! A refusal of the engine in words, with what to do next.

use crate::config::settings::Vocabularies;
use crate::select::{Candidate, Choice, Code, Refusal, Want};

use super::Refused;

pub fn told(want: &Want, refusal: Refusal, vocabulary: &Vocabularies) -> Refused {
    let Refusal { code, candidates } = refusal;
    let scope = scope(want);
    let pin = want.pin.as_ref().map_or(0, |pin| pin.version);
    let first = candidates.first().map(|candidate| name(&candidate.choice)).unwrap_or_default();
    let all = list(&candidates);
    let (message, hint) = match code {
        Code::UnknownPhase => {
            let phase = want.phase.clone().unwrap_or_default();
            let near = vocabulary.phase.nearest(&phase).map(|near| format!("did you mean `{near}`?"));
            (format!("`{phase}` is not a phase"), near.unwrap_or_else(|| "`palc vocab list phase` shows them".into()))
        }
        Code::UnknownType => {
            let type_ = want.type_.clone().unwrap_or_default();
            let near = vocabulary.type_.nearest(&type_).map(|near| format!("did you mean `{near}`?"));
            (format!("`{type_}` is not a type"), near.unwrap_or_else(|| "`palc vocab list type` shows them".into()))
        }
        Code::SystemPhase => (
            format!("no user can be in the phase `{}`", want.phase.clone().unwrap_or_default()),
            "--system asks for it on behalf of the program itself".into(),
        ),
        Code::NoPrompt => (
            format!("no prompt serves {scope}"),
            "only what is committed counts; `palc list --phase …` shows prompts".into(),
        ),
        Code::NoneActive => (
            format!("every version for {scope} is switched off: {all}"),
            match candidates.iter().find(|candidate| candidate.off && candidate.facts.serves) {
                Some(off) => format!("switch one on: palc activate {}", name(&off.choice)),
                None => "their status says that they do not serve".into(),
            },
        ),
        Code::SeveralTypes => {
            (format!("prompts of several types serve {scope}: {all}"), "say which one: --type".into())
        }
        Code::PinInactive => {
            (format!("{first} is pinned and switched off"), format!("switch it on: palc activate {first}"))
        }
        Code::PinMissing => match want.pin.as_ref().and_then(|pin| pin.prompt.as_ref()) {
            Some(prompt) => (format!("there is no {prompt}@{pin}"), format!("`palc log {prompt}` shows its versions")),
            None => (
                format!("no prompt for {scope} has a version {pin}"),
                "take the pin out, or name the prompt: NAME@4".into(),
            ),
        },
        Code::PinElsewhere => (
            format!("version {pin} is not for {scope}: {all}"),
            "a pin chooses among the versions of its own phase and type".into(),
        ),
        Code::PinAmbiguous => (
            format!("several prompts for {scope} have a version {pin}: {all}"),
            format!("name one of them, as in {first}"),
        ),
    };
    Refused { code, message, hints: vec![hint], candidates }
}

fn scope(want: &Want) -> String {
    match (&want.phase, &want.type_) {
        (Some(phase), Some(type_)) => format!("the phase `{phase}` and the type `{type_}`"),
        (Some(phase), None) => format!("the phase `{phase}`"),
        (None, Some(type_)) => format!("the type `{type_}` without a phase"),
        (None, None) => "no phase".into(),
    }
}

fn name(choice: &Choice) -> String {
    format!("{}@{}", choice.prompt, choice.version)
}

/// The candidates, each with what keeps it from being the one.
fn list(candidates: &[Candidate]) -> String {
    const SHOWN: usize = 8;
    let one = |candidate: &Candidate| {
        let facts = &candidate.facts;
        let about = facts.type_.iter().chain(&facts.phases).map(String::as_str).collect::<Vec<_>>().join(", ");
        if about.is_empty() { name(&candidate.choice) } else { format!("{} ({about})", name(&candidate.choice)) }
    };
    let names: Vec<String> = candidates.iter().take(SHOWN).map(one).collect();
    let more =
        if candidates.len() > SHOWN { format!(", and {} more", candidates.len() - SHOWN) } else { String::new() };
    names.join(", ") + &more
}
