//! What a prompt includes, and what includes it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::{Finding, Place, Result};
use crate::format::{Dialect, Document, parse};
use crate::model::Prompt;
use crate::render::Body;
use crate::render::analyse::{self, Part, front_key};
use crate::render::include::{Library, Refusal};
use crate::render::run::cycle_finding;
use crate::repo::{Source, listing};

use super::App;
use super::files::Files;
use super::load::load;
use super::render::{body, options, settle};

#[derive(Debug)]
pub struct Request {
    pub what: String,
    /// Who needs it, in place of what it needs.
    pub reverse: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub path: String,
    pub links: Vec<Link>,
    pub findings: Vec<Finding>,
}

/// A file names another in some place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub from: String,
    pub to: Target,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    File(String),
    /// No such file.
    Missing(String),
    /// The name is computed.
    Computed,
}

pub fn deps(app: &App, request: &Request) -> Result<Outcome> {
    let (source, file) = app.resolve(&request.what)?;
    if request.reverse {
        return reverse(app, &source, file.path);
    }
    let mut loaded = load(app, &source, file)?;
    settle(&mut loaded, app)?;
    let options = options(&loaded, app)?;
    let library = Library::new(Arc::new(Files::of(&source)), &options.roots, &loaded.prompt.partials);
    let closure = analyse::survey(&loaded.prompt, body(&loaded), &library, options.include_depth);
    let mut findings = loaded.findings.clone();
    let built_on = built_on(&loaded.prompt, body(&loaded), &library);
    findings.extend(closure.cycles.iter().map(cycle_finding));
    let includes = closure.parts.iter().flat_map(|part| links(part, &library, &mut findings));
    let mut links: Vec<Link> = built_on.into_iter().chain(includes).collect();
    let mut told = BTreeSet::new();
    links.retain(|link| told.insert((link.from.clone(), link.to.clone(), link.place.line)));
    Ok(Outcome { path: loaded.file.path, links, findings })
}

/// The prompt whose settings the front matter takes over, whether or not the body fills its blocks.
fn built_on(prompt: &Prompt, body: Body<'_>, library: &Library) -> Option<Link> {
    let name = prompt.extends.as_ref()?;
    let to = match library.find(name, body.path) {
        Ok(found) => Target::File(found.name.clone()),
        Err(_) => Target::Missing(name.clone()),
    };
    Some(Link { from: body.path.to_owned(), to, place: body.place(front_key(body, "extends")) })
}

/// The links of one file; includes that lead nowhere are findings, too.
fn links(part: &Part, library: &Library, findings: &mut Vec<Finding>) -> Vec<Link> {
    let mut links = Vec::new();
    for include in &part.uses.includes {
        let place = part.file.body().place(include.span);
        let link = |to| Link { from: part.file.name.clone(), to, place: place.clone() };
        let Some(names) = &include.names else {
            links.push(link(Target::Computed));
            continue;
        };
        for name in names {
            match library.find(name, &part.file.name) {
                Ok(found) => links.push(link(Target::File(found.name.clone()))),
                Err(refusal) => {
                    links.push(link(Target::Missing(name.clone())));
                    if !include.optional {
                        findings.push(broken(&refusal, name, place.clone()));
                    }
                }
            }
        }
    }
    links
}

fn broken(refusal: &Refusal, name: &str, place: Place) -> Finding {
    let finding = Finding::error("broken-include", place, refusal.message(name));
    match refusal {
        Refusal::Missing(tried) => finding.hint(format!("looked for {}", tried.join(", "))),
        _ => finding,
    }
}

/// Everyone who includes a file, and who includes them in turn.
fn reverse(app: &App, source: &Source<'_>, path: String) -> Result<Outcome> {
    let roots = app.settings()?.prompts.roots.clone();
    let all = listing::files(source)?;
    let shared = Files::of(source);
    let shared: Arc<dyn crate::render::Source> = Arc::new(shared);
    let links: Vec<Link> = all.par_iter().flat_map_iter(|file| direct(&shared, &roots, &file.path)).collect();
    let mut needed_by: BTreeMap<String, Vec<&Link>> = BTreeMap::new();
    for link in &links {
        if let Target::File(to) = &link.to {
            needed_by.entry(to.clone()).or_default().push(link);
        }
    }
    let mut found = BTreeSet::new();
    let mut open = vec![path.clone()];
    while let Some(next) = open.pop() {
        for link in needed_by.get(&next).into_iter().flatten() {
            if found.insert((*link).clone()) {
                open.push(link.from.clone());
            }
        }
    }
    Ok(Outcome { path, links: found.into_iter().collect(), findings: Vec::new() })
}

/// What one file names itself. A file that cannot be read names nothing; `palc check` says why.
fn direct(files: &Arc<dyn crate::render::Source>, roots: &[String], path: &str) -> Vec<Link> {
    let Ok(Some(bytes)) = files.read(path, None) else { return Vec::new() };
    let says = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    if ![&b"include"[..], b"import", b"extends", b"{{>"].iter().any(|word| says(word)) {
        return Vec::new();
    }
    let Ok(document) = Document::split(path, &bytes, Dialect::of_path(path)) else { return Vec::new() };
    let parsed = parse(document);
    let body = Body { path, file: parsed.document.text, span: parsed.document.body };
    let library = Library::new(files.clone(), roots, &parsed.prompt.partials);
    let closure = analyse::survey(&parsed.prompt, body, &library, 0);
    let includes = closure.parts.first().map(|part| links(part, &library, &mut Vec::new())).unwrap_or_default();
    built_on(&parsed.prompt, body, &library).into_iter().chain(includes).collect()
}
