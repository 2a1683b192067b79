//! Suggest tags, and write them if that is wanted.

use crate::base::{Error, Finding, Result};
use crate::format::change::Change;
use crate::model::Value;
use crate::repo::{PromptFile, Source};
use crate::search::alike::gist::Gist;
use crate::search::alike::intents::Intents;
use crate::search::alike::neighbours::Neighbourhood;
use crate::search::alike::suggest::{self, Why};
use crate::search::meaning::Builtin;

use rayon::prelude::*;

use super::alike::{gists, wanted};
use super::write::{Work, Written};
use super::{App, list};

#[derive(Debug, Default)]
pub struct Request {
    /// Nothing given means the prompts without tags.
    pub prompts: list::Request,
    /// Leave out what is less sure than this, from 0 to 1.
    pub least: f32,
    /// Write the tags into the files.
    pub apply: bool,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub prompts: Vec<Suggested>,
    /// What was written, or would be.
    pub written: Option<Written>,
    pub findings: Vec<Finding>,
}

#[derive(Debug)]
pub struct Suggested {
    pub file: PromptFile,
    pub has: Vec<String>,
    /// The surest first.
    pub tags: Vec<Tag>,
}

#[derive(Debug)]
pub struct Tag {
    pub tag: String,
    pub score: f32,
    /// The prompts that have it and resemble this one; none if it comes from what the prompt is for.
    pub from: Vec<PromptFile>,
}

pub fn suggest(app: &App, request: &Request) -> Result<Outcome> {
    if !(0.0..=1.0).contains(&request.least) {
        return Err(Error::usage(format!("{} is no share", request.least)).hint("use a number from 0 to 1"));
    }
    let narrowed = !request.prompts.names.is_empty() || !request.prompts.conditions.is_empty();
    let wanted = if narrowed { Some(wanted(app, &request.prompts)?) } else { None };
    let all = gists(&Source::at(app.workspace()?, None)?)?;
    let asked: Vec<usize> = (0..all.files.len())
        .filter(|&at| match &wanted {
            Some(wanted) => wanted.contains(&all.files[at].path),
            None => all.gists[at].tags.is_empty(),
        })
        .collect();
    let vocabulary = &app.settings()?.vocabulary.tags;
    let list: Vec<&Gist> = all.gists.iter().collect();
    let hood = Neighbourhood::new(&list, asked.len());
    let intents = Intents::new(&Builtin::new())?;
    let one = |&at: &usize| {
        let allowed = |tag: &str| vocabulary.contains(tag);
        let found = suggest::tags(&all.gists[at], &hood, &intents, |other| other != at, allowed);
        let tags = found.into_iter().filter(|it| it.score >= request.least).map(|it| {
            let from = match it.why {
                Why::Neighbours(from) => from.into_iter().map(|at| all.files[at].clone()).collect(),
                Why::Intent => Vec::new(),
            };
            Tag { tag: it.tag, score: it.score, from }
        });
        Suggested { file: all.files[at].clone(), has: all.gists[at].tags.clone(), tags: tags.collect() }
    };
    let prompts: Vec<Suggested> = asked.par_iter().map(one).collect();
    let written = if request.apply { Some(apply(app, &prompts, request.dry_run)?) } else { None };
    Ok(Outcome { prompts, written, findings: all.findings })
}

fn apply(app: &App, prompts: &[Suggested], dry_run: bool) -> Result<Written> {
    let mut work = Work::begin(app)?;
    for prompt in prompts.iter().filter(|prompt| !prompt.tags.is_empty()) {
        let opened = work.open(&prompt.file)?;
        let mut files = opened.files.clone();
        for tag in &prompt.tags {
            files = files.changed(Change::Append(&["tags"], &Value::from(tag.tag.as_str())))?;
        }
        work.save(&opened, &files);
    }
    work.finish(dry_run)
}
