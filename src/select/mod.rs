//! Which prompt serves a type and a phase: a decision over values, which asks for what it needs to know.
//!
//! A version serves unless it is switched off, in `labels.yaml` or by its own status. Of a prompt its newest serving
//! version counts, and of several prompts the one whose counts came last. No phase is a scope of its own, never a
//! joker. A pin replaces the newest version by one of its own, and is refused rather than bent.

use std::collections::BTreeSet;

use crate::base::Result;

/// A prompt with its versions, numbered from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub name: String,
    /// Oldest first.
    pub versions: Vec<Version>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// When it came, in the order of the branch's commits.
    pub at: usize,
    /// Whether `labels.yaml` switches it off.
    pub off: bool,
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

/// What the engine asks: what a version of a prompt, by its place among them, says of itself.
pub type Ask<'a> = dyn FnMut(usize, u32) -> Result<Facts> + 'a;

pub fn select(prompts: &[Prompt], want: &Want, ask: &mut Ask<'_>) -> Result<Outcome> {
    let mut engine = Engine { prompts, want, ask };
    match &want.pin {
        Some(pin) => engine.pinned(pin),
        None => engine.newest(),
    }
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

struct Engine<'a, 'f> {
    prompts: &'a [Prompt],
    want: &'a Want,
    ask: &'a mut Ask<'f>,
}

impl Engine<'_, '_> {
    fn newest(&mut self) -> Result<Outcome> {
        let (mut serving, mut inactive) = (Vec::new(), Vec::new());
        for at in 0..self.prompts.len() {
            let (found, above) = self.serving(at)?;
            serving.extend(found.filter(|candidate| candidate.facts.fits(self.want)));
            inactive.extend(above.into_iter().filter(|candidate| candidate.facts.fits(self.want)));
        }
        if serving.is_empty() {
            return Ok(refused(if inactive.is_empty() { Code::NoPrompt } else { Code::NoneActive }, inactive));
        }
        let types: BTreeSet<_> = serving.iter().map(|candidate| &candidate.facts.type_).collect();
        if types.len() > 1 {
            return Ok(refused(Code::SeveralTypes, serving));
        }
        // Newest first; what came with one commit goes by name.
        serving.sort_by_key(|candidate| (std::cmp::Reverse(self.came(&candidate.choice)), candidate.choice.clone()));
        let mut choices = serving.into_iter().map(|candidate| candidate.choice);
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
        for number in (1..=self.prompts[prompt].versions.len() as u32).rev() {
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
        let Prompt { name, versions } = &self.prompts[prompt];
        let Some(version) = (number as usize).checked_sub(1).and_then(|at| versions.get(at)) else { return Ok(None) };
        let facts = (self.ask)(prompt, number)?;
        let choice = Choice { prompt: name.clone(), version: number };
        Ok(Some(Candidate { choice, facts, off: version.off }))
    }

    fn came(&self, choice: &Choice) -> usize {
        let prompt = self.prompts.iter().find(|prompt| prompt.name == choice.prompt);
        prompt.map_or(0, |prompt| prompt.versions[choice.version as usize - 1].at)
    }
}

fn refused(code: Code, candidates: Vec<Candidate>) -> Outcome {
    Outcome::Refused(Refusal { code, candidates })
}

#[cfg(test)]
mod tests;
