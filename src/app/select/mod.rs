//! Select the prompt that serves a phase: the engine decides, and this finds out what it asks.

mod refused;
mod world;

use std::path::PathBuf;

use crate::base::near::did_you_mean;
use crate::base::{Error, Result};
use crate::config::Vocabulary;
use crate::model::{Map, Value};
use crate::repo::{PromptFile, Source};
use crate::select::{self, Candidate, Choice, Code, Pin, Want, canonical};

use super::App;
use super::given::Given;
use super::load::{Loaded, load};
use world::World;
pub(in crate::app) use world::{facts, is_plain};

#[derive(Debug, Clone, Default)]
pub struct Request {
    pub type_: Option<String>,
    pub phase: Option<String>,
    /// A version to take in place of the newest: `4`, or `coach/introduction@4`.
    pub version: Option<String>,
    /// A file that says for phases which version to take.
    pub pins: Option<PathBuf>,
    /// Whether phases that no user can be in may be asked for.
    pub system: bool,
}

#[derive(Debug)]
pub enum Outcome {
    Chosen(Box<Chosen>),
    Refused(Refused),
}

#[derive(Debug)]
pub struct Chosen {
    pub id: Option<String>,
    pub version: u32,
    pub commit: String,
    pub blob: String,
    /// Whether a pin chose it.
    pub pinned: bool,
    /// Other prompts that serve the same phase, older ones.
    pub others: Vec<Choice>,
    /// The prompt as it was at that version.
    pub loaded: Loaded,
}

/// Why nothing serves, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub code: Code,
    pub message: String,
    pub hints: Vec<String>,
    pub candidates: Vec<Candidate>,
}

pub fn select(app: &App, request: &Request) -> Result<Outcome> {
    if request.type_.is_none() && request.phase.is_none() {
        return Err(
            Error::usage("select by what?").hint("give --phase, or --type alone for prompts that belong to no phase")
        );
    }
    let vocabulary = &app.settings()?.vocabulary;
    let pin = pin(app, request, &vocabulary.phase)?;
    let want = Want { type_: request.type_.clone(), phase: request.phase.clone(), pin };
    let asked = want.clone();
    let want = match want.settled(&vocabulary.type_, &vocabulary.phase, request.system) {
        Ok(want) => want,
        Err(refusal) => return Ok(Outcome::Refused(refused::told(&asked, refusal, vocabulary))),
    };
    let mut world = World::of(app, want)?;
    let want = world.want().clone();
    let prompts = world.prompts();
    Ok(match select::select(&prompts, &want, &mut world)? {
        select::Outcome::Refused(refusal) => Outcome::Refused(refused::told(&want, refusal, vocabulary)),
        select::Outcome::Chosen { choice, others } => {
            let (id, version) = world.version(&choice)?;
            let workspace = app.workspace()?;
            let file = PromptFile::at(workspace, &version.path).ok_or_else(|| Error::bug("a version of no prompt"))?;
            let loaded = load(app, &Source::Revision(workspace, version.commit.clone()), file)?;
            Outcome::Chosen(Box::new(Chosen {
                id,
                version: version.number,
                commit: version.commit,
                blob: version.blob,
                pinned: want.pin.is_some(),
                others,
                loaded,
            }))
        }
    })
}

/// The version that was asked for by itself, or by the pin of this phase. Pins of other phases say nothing here.
fn pin(app: &App, request: &Request, phases: &Vocabulary) -> Result<Option<Pin>> {
    if let Some(version) = &request.version {
        return parse(version).map(Some);
    }
    let Some(path) = &request.pins else { return Ok(None) };
    let pins: Map = Given { files: vec![path.clone()], vars: Vec::new() }.from_files(app)?;
    let mut found = None;
    for (phase, value) in &pins {
        if !phases.contains(phase) {
            let near = did_you_mean(phase, phases.words().iter().map(|word| word.name.as_str()));
            return Err(Error::invalid(format!("{}: `{phase}` is not a phase", path.display())).hint_if(near));
        }
        let pin = match value {
            Value::Number(number) => parse(&number.to_string()),
            Value::String(text) => parse(text),
            other => Err(Error::invalid(format!("{other} is not a version"))),
        };
        let pin = pin.map_err(|error| {
            Error::invalid(format!("{}: `{phase}`: {}", path.display(), error.message()))
                .hint("write a version, as in `introduction: 4`, or a prompt's, as in `introduction: coach/intro@4`")
        })?;
        if request.phase.as_ref().is_some_and(|wanted| canonical(phases, wanted) == canonical(phases, phase)) {
            found = Some(pin);
        }
    }
    Ok(found)
}

/// `4`, or `coach/introduction@4`.
fn parse(text: &str) -> Result<Pin> {
    let (prompt, version) = text.rsplit_once('@').map_or((None, text), |(name, version)| (Some(name), version));
    match version.parse() {
        Ok(version) => Ok(Pin { prompt: prompt.map(str::to_owned), version }),
        Err(_) => Err(Error::usage(format!("`{text}` is not a version")).hint("write 4, or coach/introduction@4")),
    }
}
