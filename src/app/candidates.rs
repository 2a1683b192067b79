//! Prompts that are compared with each other for one task.

use crate::base::{Error, Finding, Result};
use crate::model::Prompt;

use super::list;
use super::load::{Loaded, load};
use super::{App, whole};

#[derive(Debug)]
pub struct Candidate {
    /// As it was typed where a version was named, else the prompt's name.
    pub name: String,
    pub path: String,
    pub prompt: Prompt,
    /// What is compared: the body, or the messages where the file gives those as data.
    pub text: String,
}

/// The prompts that names, ids, paths, folders or globs mean, each once, and what is wrong with their files.
pub fn find(app: &App, names: &[String]) -> Result<(Vec<Candidate>, Vec<Finding>)> {
    let (mut found, mut findings) = (Vec::<Candidate>::new(), Vec::new());
    for typed in names {
        for (candidate, wrong) in one(app, typed)? {
            if !found.iter().any(|known| known.name == candidate.name) {
                found.push(candidate);
                findings.extend(wrong);
            }
        }
    }
    Ok((found, findings))
}

fn one(app: &App, typed: &str) -> Result<Vec<(Candidate, Vec<Finding>)>> {
    match app.resolve(typed) {
        Ok((source, file)) => Ok(vec![Candidate::of(load(app, &source, file)?, typed)]),
        Err(error) => {
            let request = list::Request { names: vec![typed.to_owned()], ..list::Request::default() };
            let inside = whole::read_as(app, &request, |loaded| Candidate::of(loaded, ""));
            inside.map(|inside| inside.prompts).map_err(|_| error)
        }
    }
}

impl Candidate {
    fn of(loaded: Loaded, typed: &str) -> (Candidate, Vec<Finding>) {
        let name = if typed.contains('@') { typed.to_owned() } else { loaded.file.name.to_string() };
        let text = text(&loaded.prompt);
        (Candidate { name, path: loaded.file.path, prompt: loaded.prompt, text }, loaded.findings)
    }
}

/// What a model is told by a prompt, without its front matter.
pub fn text(prompt: &Prompt) -> String {
    if prompt.messages.is_empty() {
        return prompt.body.trim().to_owned();
    }
    let message = |message: &crate::model::Message| format!("{}:\n{}", message.role, message.content.trim());
    prompt.messages.iter().map(message).collect::<Vec<_>>().join("\n\n")
}

/// There must be some.
pub fn at_least(candidates: &[Candidate], least: usize) -> Result<()> {
    if candidates.len() >= least {
        return Ok(());
    }
    let few = match candidates.len() {
        0 => "there is no prompt to compare".to_owned(),
        _ => format!("{} is the only prompt to compare", candidates[0].name),
    };
    Err(Error::usage(few).hint("name two or more prompts, versions or folders"))
}
