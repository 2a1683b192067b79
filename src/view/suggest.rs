//! Suggested tags.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::suggest::{Outcome, Suggested, Tag};

use super::paint::{Paint, printable};
use super::similar::percent;
use super::table;
use super::written::{self, WrittenV1};

/// How many prompts are named that speak for a tag.
const SHOWN: usize = 3;

pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let rows = outcome.prompts.iter().flat_map(|prompt| {
        let names =
            std::iter::once(paint.bold(&printable(prompt.file.name.as_str()))).chain(std::iter::repeat(String::new()));
        let row = move |(name, tag): (String, &Tag)| {
            vec![name, printable(&tag.tag), percent(tag.score), paint.dim(&why(tag))]
        };
        names.zip(&prompt.tags).map(row)
    });
    table::columns(&rows.collect::<Vec<_>>(), None)
}

fn why(tag: &Tag) -> String {
    let names: Vec<String> = tag.from.iter().take(SHOWN).map(|file| printable(file.name.as_str())).collect();
    match (tag.from.len(), tag.from.len().saturating_sub(SHOWN)) {
        (0, _) => "what it seems to be for".to_owned(),
        (_, 0) => format!("as {}", names.join(", ")),
        (_, more) => format!("as {} and {more} more", names.join(", ")),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SuggestV1<'a> {
    prompts: Vec<PromptV1<'a>>,
    /// What was written, or would be; nothing without --apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<WrittenV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PromptV1<'a> {
    name: &'a str,
    path: &'a str,
    /// The tags it has.
    tags: &'a [String],
    /// The surest first.
    suggested: Vec<TagV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TagV1<'a> {
    tag: &'a str,
    /// From 0 to 1.
    score: f32,
    /// Prompts that have the tag and resemble this one; empty if the tag says what the prompt seems to be for.
    from: Vec<&'a str>,
}

pub fn object(outcome: &Outcome) -> SuggestV1<'_> {
    let prompts = outcome.prompts.iter().map(prompt).collect();
    SuggestV1 { prompts, written: outcome.written.as_ref().map(written::object) }
}

fn prompt(prompt: &Suggested) -> PromptV1<'_> {
    let Suggested { file, has, tags } = prompt;
    PromptV1 { name: file.name.as_str(), path: &file.path, tags: has, suggested: tags.iter().map(tag).collect() }
}

fn tag(tag: &Tag) -> TagV1<'_> {
    let from = tag.from.iter().map(|file| file.name.as_str()).collect();
    TagV1 { tag: &tag.tag, score: tag.score, from }
}
