//! What the engine asks, answered from HEAD, its history and `labels.yaml`.

use std::collections::HashMap;

use crate::base::{Error, Result};
use crate::config::settings::Vocabularies;
use crate::format::card::Card;
use crate::format::{Dialect, naming};
use crate::git::Reader;
use crate::repo::history::{PromptHistory, Version};
use crate::repo::{History, PromptFile, Source, labels};
use crate::select::{Ask, Choice, Facts, Prompt, Want, canonical};

use super::super::App;
use super::super::list::cards;

/// The prompts that can matter, each with its history.
pub struct World<'a> {
    want: Want,
    vocabulary: &'a Vocabularies,
    reader: Reader,
    tip: String,
    known: Vec<Known>,
    /// The positions of commits, once anybody asked.
    order: Option<HashMap<String, usize>>,
}

struct Known {
    name: String,
    id: Option<String>,
    history: PromptHistory,
    off: Vec<u32>,
    /// What the file at HEAD says, which is the newest version.
    newest: Facts,
}

impl<'a> World<'a> {
    pub fn of(app: &'a App, want: Want) -> Result<World<'a>> {
        let workspace = app.workspace()?;
        let vocabulary = &app.settings()?.vocabulary;
        let history = History::open(workspace, None)?;
        if history.is_cut() {
            return Err(Error::no("this is a shallow clone, so nobody knows here which version is which")
                .hint("fetch the rest of the history: `git fetch --unshallow`"));
        }
        let labels = labels::open(&Source::at(workspace, None)?)?;
        let head = Source::Revision(workspace, history.tip().to_owned());
        let found = cards(&head, |listed| {
            let facts = facts(&listed.card, vocabulary);
            let id = listed.card.id.as_deref();
            let named = want.pin.as_ref().and_then(|pin| pin.prompt.as_deref());
            let is_named = named.is_some_and(|named| named == listed.file.name.as_str() || Some(named) == id);
            let off = id.is_some_and(|id| !labels.off(id).is_empty());
            let may = facts.fits(&want) || !facts.serves || off;
            let counts = is_named || (may && is_plain(&listed.file, &listed.card));
            counts.then_some((listed.file, listed.card.id, facts))
        })?;
        let git = workspace.git().ok_or_else(|| Error::bug("a history without a repository"))?;
        let mut known = Vec::new();
        for (file, id, newest) in found.facts {
            let Some(history) = history.prompt(&file.path)? else { continue };
            let blobs: Vec<&str> = history.versions.iter().map(|version| version.blob.as_str()).collect();
            let pins = id.as_deref().map_or(&[][..], |id| labels.off(id));
            let off = pins.iter().filter_map(|pin| pin.place(&blobs)).collect();
            known.push(Known { name: file.name.to_string(), id, history, off, newest });
        }
        let tip = history.tip().to_owned();
        Ok(World { want, vocabulary, reader: git.reader(), tip, known, order: None }.named())
    }

    /// The pinned prompt by its name, where it was given by its id.
    fn named(mut self) -> Self {
        if let Some(prompt) = self.want.pin.as_mut().and_then(|pin| pin.prompt.as_mut())
            && let Some(known) = self.known.iter().find(|known| known.id.as_deref() == Some(prompt))
        {
            prompt.clone_from(&known.name);
        }
        self
    }

    pub fn want(&self) -> &Want {
        &self.want
    }

    pub fn prompts(&self) -> Vec<Prompt> {
        let prompt = |known: &Known| Prompt {
            name: known.name.clone(),
            versions: known.history.versions.len() as u32,
            off: known.off.clone(),
        };
        self.known.iter().map(prompt).collect()
    }

    /// A chosen version, and its prompt's id.
    pub fn version(&self, choice: &Choice) -> Result<(Option<String>, Version)> {
        let known = self.known.iter().find(|known| known.name == choice.prompt);
        let found = known.and_then(|known| Some((known.id.clone(), known.history.version(choice.version)?.clone())));
        found.ok_or_else(|| Error::bug("a choice that is none"))
    }

    fn at(&self, prompt: usize, number: u32) -> Result<&Version> {
        self.known[prompt].history.version(number).ok_or_else(|| Error::bug("a version that is not there"))
    }
}

impl Ask for World<'_> {
    fn facts(&mut self, prompt: usize, number: u32) -> Result<Facts> {
        if number as usize == self.known[prompt].history.versions.len() {
            return Ok(self.known[prompt].newest.clone());
        }
        let version = self.at(prompt, number)?;
        let bytes = self.reader.blob(&version.blob)?;
        Ok(facts(&Card::of(&bytes, Dialect::of_path(&version.path)), self.vocabulary))
    }

    fn came(&mut self, prompt: usize, number: u32) -> Result<usize> {
        let commit = self.at(prompt, number)?.commit.clone();
        if self.order.is_none() {
            let line = self.reader.first_parents(&self.tip, |_| Ok(true))?;
            self.order = Some(line.into_iter().rev().enumerate().map(|(at, commit)| (commit.id, at)).collect());
        }
        Ok(self.order.as_ref().and_then(|order| order.get(&commit).copied()).unwrap_or_default())
    }
}

/// Partials are parts, and a variant serves only where somebody names it.
pub(in crate::app) fn is_plain(file: &PromptFile, card: &Card) -> bool {
    card.kind != "partial" && card.unreadable.is_none() && naming::name_of(&file.path).variant.is_none()
}

pub(in crate::app) fn facts(card: &Card, vocabulary: &Vocabularies) -> Facts {
    Facts {
        type_: card.type_.as_ref().map(|word| canonical(&vocabulary.type_, word)),
        phases: card.phase.iter().map(|word| canonical(&vocabulary.phase, word)).collect(),
        serves: vocabulary.status.find(&card.status).is_none_or(|word| word.served),
    }
}
