//! Earlier prompts that resemble an idea and proved themselves: examples for the model that writes.
//!
//! A prompt has proved itself when its status lets it serve. What generation made is a draft until somebody says
//! otherwise, so it never feeds on itself.

use std::collections::{BTreeMap, HashSet};

use crate::app::App;
use crate::app::alike::gists;
use crate::app::list::cards;
use crate::base::Result;
use crate::base::hash::BlobId;
use crate::format::session::Shown;
use crate::format::{Dialect, Document, naming};
use crate::generate::plan::Passage;
use crate::repo::Source;
use crate::search::alike::gist::Gist;
use crate::search::alike::neighbours::Neighbourhood;
use crate::search::meaning::Builtin;
use crate::search::reading::Reading;

use super::earlier::content;

/// The examples for an idea, the most alike first, with their texts. None, where none is alike enough.
pub fn find(app: &App, idea: &str) -> Result<Vec<(Shown, Passage)>> {
    let settings = app.settings()?;
    let most = settings.generation.max_examples as usize;
    if most == 0 {
        return Ok(Vec::new());
    }
    let source = Source::at(app.workspace()?, None)?;
    let serving = serving(app, &source)?;
    let all = gists(&source)?;
    let embedder = Builtin::new();
    // An idea is no file: a line of dashes at its beginning opens no front matter.
    let reading = Reading::of("", format!("\n{idea}").as_bytes(), Dialect::Native);
    let asked = Gist::of(&reading, &embedder)?;
    let list: Vec<&Gist> = all.gists.iter().collect();
    let is_wanted = |at: usize| serving.contains(&all.files[at].path);
    let found = Neighbourhood::new(&list, 1).of(&asked, most, is_wanted);
    let least = settings.generation.min_relevance;
    let ids: BTreeMap<String, Option<String>> =
        cards(&source, |listed| Some((listed.file.path, listed.card.id)))?.facts.into_iter().collect();
    let mut examples = Vec::new();
    for (at, likeness) in found {
        let relevance = (f64::from(likeness.score) * 1000.0).round() / 1000.0;
        let file = &all.files[at];
        if relevance < least {
            continue;
        }
        let bytes = app.read(&source, &file.path)?;
        let shown = Shown {
            id: ids.get(&file.path).cloned().flatten(),
            name: file.name.to_string(),
            path: file.path.clone(),
            blob: BlobId::of(&bytes).to_string(),
            relevance,
        };
        examples.push((shown, bytes));
    }
    Ok(examples.into_iter().map(|(shown, bytes)| passage(shown, &bytes)).collect())
}

/// The same examples as then. One whose content is gone is left out, and named.
pub fn same(app: &App, then: &[Shown], notes: &mut Vec<String>) -> Result<Vec<(Shown, Passage)>> {
    let mut examples = Vec::new();
    for shown in then {
        match content(app, &shown.path, &shown.blob)? {
            Some(bytes) => examples.push(passage(shown.clone(), &bytes)),
            None => notes.push(format!("the example {} is gone as it was shown, and is left out", shown.name)),
        }
    }
    Ok(examples)
}

fn passage(shown: Shown, bytes: &[u8]) -> (Shown, Passage) {
    let body = match Document::split(&shown.path, bytes, Dialect::of_path(&shown.path)) {
        Ok(document) if document.body.start < document.body.end => document.body_text().to_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    let text = body.trim().to_owned();
    let name = shown.name.clone();
    (shown, Passage { name, text })
}

/// The paths of prompts that may serve: no partials, no variants, nothing switched off.
fn serving(app: &App, source: &Source<'_>) -> Result<HashSet<String>> {
    let statuses = &app.settings()?.vocabulary.status;
    let facts = cards(source, |listed| {
        let card = &listed.card;
        let serves = statuses.find(&card.status).is_none_or(|word| word.served);
        let plain = card.kind == "prompt" && card.unreadable.is_none();
        let whole = naming::name_of(&listed.file.path).variant.is_none();
        (serves && plain && whole).then_some(listed.file.path)
    })?;
    Ok(facts.facts.into_iter().collect())
}
