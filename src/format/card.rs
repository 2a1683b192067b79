//! A prompt's card: what listings show and filter by, small enough to keep for a hundred thousand prompts.

use serde::{Deserialize, Serialize};

use crate::base::{Finding, Place};
use crate::model::{Map, Prompt};

use super::prompt::{located, outline};
use super::{Dialect, Document};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub id: Option<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub kind: String,
    pub type_: Option<String>,
    pub phase: Vec<String>,
    pub status: String,
    pub tags: Vec<String>,
    pub category: Option<String>,
    pub persona: Option<String>,
    pub provider: Option<String>,
    pub models: Vec<String>,
    pub authors: Vec<String>,
    pub owners: Vec<String>,
    /// The project's own fields as JSON; empty if there are none.
    custom: String,
    /// Why the file could not be read, as line, column and message; the rest of the card is then empty.
    pub unreadable: Option<Unreadable>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unreadable {
    pub rule: String,
    pub line: u32,
    pub column: u32,
    pub source: String,
    pub message: String,
    pub hints: Vec<String>,
}

/// Bumped whenever the same file would give another card.
pub const VERSION: &str = "card-2";

impl Card {
    /// Read a file for its card. What is wrong with single fields is the business of checks.
    pub fn of(bytes: &[u8], dialect: Dialect) -> Card {
        match Document::split("", bytes, dialect) {
            Ok(document) => {
                let (prompt, broken) = outline(&document);
                let findings = located(&document, broken.as_slice());
                Card { unreadable: findings.first().map(Unreadable::of), ..Card::from_prompt(&prompt) }
            }
            Err(finding) => Card { unreadable: Some(Unreadable::of(&finding)), ..Card::default() },
        }
    }

    pub fn from_prompt(prompt: &Prompt) -> Card {
        Card {
            id: prompt.id.clone(),
            title: prompt.title.clone(),
            description: prompt.description.clone(),
            kind: prompt.kind.word().to_owned(),
            type_: prompt.type_.clone(),
            phase: prompt.phase.clone(),
            status: prompt.status().to_owned(),
            tags: prompt.tags.clone(),
            category: prompt.category.clone(),
            persona: prompt.persona.clone(),
            provider: prompt.provider.clone(),
            models: prompt.models.clone(),
            authors: prompt.authors.clone(),
            owners: prompt.owners.clone(),
            custom: if prompt.custom.is_empty() { String::new() } else { json(&prompt.custom) },
            unreadable: None,
        }
    }

    pub fn custom(&self) -> Map {
        serde_json::from_str(&self.custom).unwrap_or_default()
    }

    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).unwrap_or_default()
    }

    pub fn decode(bytes: &[u8]) -> Option<Card> {
        postcard::from_bytes(bytes).ok()
    }
}

/// The whole front matter as JSON, for conditions on keys that no card has.
pub fn front(bytes: &[u8], dialect: Dialect) -> Vec<u8> {
    let prompt = Document::split("", bytes, dialect).map(|document| outline(&document).0);
    prompt.map(|prompt| json(&prompt.front).into_bytes()).unwrap_or_default()
}

/// A map of JSON values always has a JSON form.
fn json(map: &Map) -> String {
    serde_json::to_string(map).unwrap_or_default()
}

impl Unreadable {
    fn of(finding: &Finding) -> Unreadable {
        Unreadable {
            rule: finding.rule.clone(),
            line: finding.place.line,
            column: finding.place.column,
            source: finding.place.source.clone(),
            message: finding.message.clone(),
            hints: finding.hints.clone(),
        }
    }

    /// The finding again, in the file it belongs to.
    pub fn finding(&self, path: &str) -> Finding {
        let place = Place {
            path: path.to_owned(),
            line: self.line,
            column: self.column,
            end_line: self.line,
            end_column: self.column,
            source: self.source.clone(),
            ..Place::default()
        };
        let finding = Finding::error(self.rule.clone(), place, self.message.clone());
        self.hints.iter().fold(finding, Finding::hint)
    }
}
