//! Prompts that resemble one.

use crate::base::{Finding, Result};
use crate::format::Dialect;
use crate::repo::{PromptFile, Source};
use crate::search::alike::gist::Gist;
use crate::search::alike::neighbours::{Likeness, Neighbourhood};
use crate::search::meaning::Builtin;
use crate::search::reading::Reading;

use super::alike::{gists, wanted};
use super::{App, list};

#[derive(Debug)]
pub struct Request {
    /// The prompt; `name@SPEC` looks into a version.
    pub what: String,
    /// Which others may be told, and of which revision.
    pub among: list::Request,
    pub limit: usize,
}

#[derive(Debug)]
pub struct Outcome {
    pub file: PromptFile,
    /// The most alike first.
    pub similar: Vec<(PromptFile, Likeness)>,
    pub findings: Vec<Finding>,
}

pub fn similar(app: &App, request: &Request) -> Result<Outcome> {
    let (source, file) = app.resolve(&request.what)?;
    let bytes = app.read(&source, &file.path)?;
    let embedder = Builtin::new();
    // As it is kept for all others: the name comes in afterwards.
    let reading = Reading::of("", &bytes, Dialect::of_path(&file.path));
    let asked = Gist::of(&reading, &embedder)?.named(&file.name, &embedder)?;
    let all = gists(&Source::at(app.workspace()?, request.among.revision.as_deref())?)?;
    let narrowed = !request.among.names.is_empty() || !request.among.conditions.is_empty();
    let wanted = if narrowed { Some(wanted(app, &request.among)?) } else { None };
    let told = |at: usize| {
        let path = &all.files[at].path;
        *path != file.path && wanted.as_ref().is_none_or(|wanted| wanted.contains(path))
    };
    let list: Vec<&Gist> = all.gists.iter().collect();
    let found = Neighbourhood::new(&list, 1).of(&asked, request.limit, told);
    let similar = found.into_iter().map(|(at, likeness)| (all.files[at].clone(), likeness)).collect();
    Ok(Outcome { file, similar, findings: all.findings })
}
