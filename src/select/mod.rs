//! Which prompt serves a type and a phase: a decision over values, which asks for what it needs to know.
//!
//! A version serves unless it is switched off, in `labels.yaml` or by its own status. Of a prompt its newest serving
//! version counts, and of several prompts the one whose counts came last. No phase is a scope of its own, never a
//! joker. A pin replaces the newest version by one of its own, and is refused rather than bent.

use std::collections::BTreeSet;

use crate::base::Result;
use crate::config::Vocabulary;

/// A prompt with its versions, numbered from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub name: String,
    /// How many there are.
    pub versions: u32,
    /// Those that `labels.yaml` switches off.
    pub off: Vec<u32>,
}

/// What a version says of itself, in the words of the vocabularies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub type_: Option<String>,
    pub phases: Vec<String>,
    /// Whether its status lets it serve.
    pub serves: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Want {
    /// Any type if there is none; prompts of several types are then not chosen between.
    pub type_: Option<String>,
    /// Nothing means prompts without a phase.
    pub phase: Option<String>,
    pub pin: Option<Pin>,
}

/// A version to take in place of the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Of this prompt, or of whichever serves the scope.
    pub prompt: Option<String>,
    pub version: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Chosen {
        choice: Choice,
        /// Other prompts that serve the same scope.
        others: Vec<Choice>,
    },
    Refused(Refusal),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    pub prompt: String,
    pub version: u32,
}

/// Why nothing was chosen, with the versions that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub candidates: Vec<Candidate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The vocabulary does not have the phase.
    UnknownPhase,
    /// The vocabulary does not have the type.
    UnknownType,
    /// No user can be in the phase.
    SystemPhase,
    /// No prompt is meant for the scope.
    NoPrompt,
    /// Every version that is meant for the scope is switched off.
    NoneActive,
    /// Prompts of several types serve the phase, and none was asked for.
    SeveralTypes,
    /// The pinned version is switched off.
    PinInactive,
    /// There is no such version.
    PinMissing,
    /// The pinned version is of another phase or type.
    PinElsewhere,
    /// Several prompts have a version of this number.
    PinAmbiguous,
}

impl Code {
    /// The stable word in output.
    pub fn word(self) -> &'static str {
        match self {
            Code::UnknownPhase => "unknown-phase",
            Code::UnknownType => "unknown-type",
            Code::SystemPhase => "system-phase",
            Code::NoPrompt => "no-prompt",
            Code::NoneActive => "none-active",
            Code::SeveralTypes => "several-types",
            Code::PinInactive => "pin-inactive",
            Code::PinMissing => "pin-missing",
            Code::PinElsewhere => "pin-elsewhere",
            Code::PinAmbiguous => "pin-ambiguous",
        }
    }
}

/// A version that could have been chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub choice: Choice,
    pub facts: Facts,
    /// Whether `labels.yaml` switches it off.
    pub off: bool,
}

/// What the engine asks about a version of the prompt at a place of the list.
pub trait Ask {
    fn facts(&mut self, prompt: usize, version: u32) -> Result<Facts>;
    /// When it came, in the order of the branch's commits. Asked only where several prompts serve.
    fn came(&mut self, prompt: usize, version: u32) -> Result<usize>;
}

pub fn select(prompts: &[Prompt], want: &Want, ask: &mut dyn Ask) -> Result<Outcome> {
    let mut engine = Engine { prompts, want, ask };
    match &want.pin {
        Some(pin) => engine.pinned(pin),
        None => engine.newest(),
    }
}

impl Want {
    /// In the words of the vocabularies, or why that cannot be asked for. Only the program itself, `system`, may ask for
    /// a phase that no user can be in.
    pub fn settled(self, types: &Vocabulary, phases: &Vocabulary, system: bool) -> Result<Want, Refusal> {
        let refused = |code| Refusal { code, candidates: Vec::new() };
        if self.type_.as_ref().is_some_and(|word| !types.contains(word)) {
            return Err(refused(Code::UnknownType));
        }
        if self.phase.as_ref().is_some_and(|word| !phases.contains(word)) {
            return Err(refused(Code::UnknownPhase));
        }
        if !system && self.phase.as_ref().and_then(|word| phases.find(word)).is_some_and(|word| !word.user) {
            return Err(refused(Code::SystemPhase));
        }
        let type_ = self.type_.map(|word| canonical(types, &word));
        Ok(Want { type_, phase: self.phase.map(|word| canonical(phases, &word)), pin: self.pin })
    }
}

/// The word itself where it was an alias.
pub fn canonical(vocabulary: &Vocabulary, word: &str) -> String {
    vocabulary.find(word).map_or(word, |entry| entry.name.as_str()).to_owned()
}

impl Facts {
    /// Whether it is meant for this scope.
    pub fn fits(&self, want: &Want) -> bool {
        let phase = match &want.phase {
            Some(phase) => self.phases.contains(phase),
            None => self.phases.is_empty(),
        };
        phase && (want.type_.is_none() || self.type_ == want.type_)
    }
}

struct Engine<'a> {
    prompts: &'a [Prompt],
    want: &'a Want,
    ask: &'a mut dyn Ask,
}

impl Engine<'_> {
    fn newest(&mut self) -> Result<Outcome> {
        let (mut serving, mut inactive) = (Vec::new(), Vec::new());
        for at in 0..self.prompts.len() {
            let (found, above) = self.serving(at)?;
            serving.extend(found.filter(|candidate| candidate.facts.fits(self.want)).map(|found| (at, found)));
            inactive.extend(above.into_iter().filter(|candidate| candidate.facts.fits(self.want)));
        }
        if serving.is_empty() {
            return Ok(refused(if inactive.is_empty() { Code::NoPrompt } else { Code::NoneActive }, inactive));
        }
        let types: BTreeSet<_> = serving.iter().map(|(_, candidate)| &candidate.facts.type_).collect();
        if types.len() > 1 {
            return Ok(refused(Code::SeveralTypes, serving.into_iter().map(|(_, candidate)| candidate).collect()));
        }
        let mut choices = Vec::new();
        let several = serving.len() > 1;
        for (at, Candidate { choice, .. }) in serving {
            choices.push((if several { self.ask.came(at, choice.version)? } else { 0 }, choice));
        }
        // Newest first; what came with one commit goes by name.
        choices.sort_by(|(a, one), (b, other)| (b, one).cmp(&(a, other)));
        let mut choices = choices.into_iter().map(|(_, choice)| choice);
        Ok(match choices.next() {
            Some(choice) => Outcome::Chosen { choice, others: choices.collect() },
            None => refused(Code::NoPrompt, Vec::new()),
        })
    }

    fn pinned(&mut self, pin: &Pin) -> Result<Outcome> {
        let mut found = Vec::new();
        for at in 0..self.prompts.len() {
            let named = pin.prompt.as_ref().map(|name| *name == self.prompts[at].name);
            if named.unwrap_or(true) && (named == Some(true) || self.belongs(at)?) {
                found.extend(self.version(at, pin.version)?);
            }
        }
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|candidate| candidate.facts.fits(self.want));
        Ok(match &here[..] {
            [] if elsewhere.is_empty() => refused(Code::PinMissing, Vec::new()),
            [] => refused(Code::PinElsewhere, elsewhere),
            [one] if one.off || !one.facts.serves => refused(Code::PinInactive, here),
            [one] => Outcome::Chosen { choice: one.choice.clone(), others: Vec::new() },
            _ => refused(Code::PinAmbiguous, here),
        })
    }

    /// The newest version of a prompt that serves, and those above it that do not.
    fn serving(&mut self, prompt: usize) -> Result<(Option<Candidate>, Vec<Candidate>)> {
        let mut above = Vec::new();
        for number in (1..=self.prompts[prompt].versions).rev() {
            match self.version(prompt, number)? {
                Some(candidate) if candidate.off || !candidate.facts.serves => above.push(candidate),
                found => return Ok((found, above)),
            }
        }
        Ok((None, above))
    }

    /// Whether a prompt is one of the scope: by the version that serves, or by a newer one that does not.
    fn belongs(&mut self, prompt: usize) -> Result<bool> {
        let (found, above) = self.serving(prompt)?;
        Ok(found.iter().chain(&above).any(|candidate| candidate.facts.fits(self.want)))
    }

    fn version(&mut self, prompt: usize, number: u32) -> Result<Option<Candidate>> {
        let Prompt { name, versions, off } = &self.prompts[prompt];
        if !(1..=*versions).contains(&number) {
            return Ok(None);
        }
        let facts = self.ask.facts(prompt, number)?;
        let choice = Choice { prompt: name.clone(), version: number };
        Ok(Some(Candidate { choice, facts, off: off.contains(&number) }))
    }
}

fn refused(code: Code, candidates: Vec<Candidate>) -> Outcome {
    Outcome::Refused(Refusal { code, candidates })
}

#[cfg(test)]
mod tests;
