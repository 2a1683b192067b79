//! What all prompts are about, kept by content, for commands that compare them.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::base::{Error, Finding, Result};
use crate::repo::known::{Facts, Survey, survey};
use crate::repo::{PromptFile, Source};
use crate::search::alike::gist::{self, Gist};
use crate::search::meaning::{Builtin, Embedder};
use crate::search::reading::Reading;

use super::App;
use super::list;

/// Prompts in the order of their paths, each with what it is about.
#[derive(Debug)]
pub struct Gists {
    pub files: Vec<PromptFile>,
    pub gists: Vec<Gist>,
    pub findings: Vec<Finding>,
}

/// Of all prompts. It is always the embedder inside the binary that compares them: it needs no model, and reads ten
/// thousand prompts in the time that an encoder needs for a few.
pub fn gists(source: &Source<'_>) -> Result<Gists> {
    let embedder = Builtin::new();
    let model = embedder.model();
    let facts =
        Facts { kind: "gists", digest: format!("{} {} {}", gist::VERSION, model.key(), env!("CARGO_PKG_VERSION")) };
    let learn = |bytes: &[u8], dialect| {
        let gist = Gist::of(&Reading::of("", bytes, dialect), &embedder);
        gist.map(|gist| gist.encode()).unwrap_or_default()
    };
    let Survey { facts, skipped } = survey(source, &facts, learn, |file, facts| {
        let gist =
            Gist::decode(&facts, model.dimensions).ok_or_else(|| Error::bug("a stored gist cannot be decoded"))?;
        let gist = gist.named(&file.name, &embedder)?;
        Ok(Some((file, gist)))
    })?;
    let (files, gists) = facts.into_iter().unzip();
    Ok(Gists { files, gists, findings: skipped })
}

impl Gists {
    /// Only the prompts that are wanted.
    pub fn chosen(mut self, app: &App, request: &list::Request) -> Result<Gists> {
        if request.names.is_empty() && request.conditions.is_empty() {
            return Ok(self);
        }
        let wanted = wanted(app, request)?;
        let both = self.files.into_par_iter().zip(self.gists).filter(|(file, _)| wanted.contains(&file.path));
        (self.files, self.gists) = both.unzip();
        Ok(self)
    }
}

/// The paths of the prompts that are wanted.
pub fn wanted(app: &App, request: &list::Request) -> Result<HashSet<String>> {
    Ok(list::list_as(app, request, |listed| listed.file.path)?.prompts.into_iter().collect())
}
