//! Relations that people state: put down in the file of the prompt that they begin at, told from both ends.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::{Error, Result};
use crate::format::change::Change;
use crate::format::{Dialect, Document, parse};
use crate::model::{Prompt, Related, Value};
use crate::repo::{PromptFile, Source};

use super::links::{Link, Map, What, links_to};
use super::load::load;
use super::write::{Work, Written};
use super::{App, list, similar};

#[derive(Debug)]
pub struct Request {
    pub from: String,
    pub to: String,
    pub action: Action,
    pub dry_run: bool,
}

#[derive(Debug)]
pub enum Action {
    /// State it, or state it anew: there is one relation of a kind between two prompts.
    Add(About),
    /// Take back the relation of this kind, or all of them.
    Remove(Option<String>),
}

/// What is said of a relation.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub type_: Option<String>,
    pub strength: Option<f64>,
    pub context: Option<String>,
}

const RELATED: &[&str] = &["related"];

pub fn link(app: &App, request: &Request) -> Result<Written> {
    let mut work = Work::begin(app)?;
    let from = work.open(&work.one(&request.from)?)?;
    let (to, called) = target(app, &work, request)?;
    let mut list = match from.files.field(RELATED)? {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    let names = |item: &Value| item.get("to").and_then(Value::as_str).is_some_and(|text| called.contains(text));
    match &request.action {
        Action::Add(about) => {
            if to.is_some_and(|to| to.path == from.file.path) {
                return Err(Error::usage("a prompt cannot be related to itself"));
            }
            let entry = list.iter_mut().find(|item| names(item) && kind(item) == about.type_.as_deref());
            match entry {
                Some(entry) => restate(entry, about),
                None => list.push(stated(&called.written, about)),
            }
        }
        Action::Remove(wanted) => {
            let goes = |item: &Value| names(item) && wanted.as_deref().is_none_or(|wanted| kind(item) == Some(wanted));
            let before = list.len();
            list.retain(|item| !goes(item));
            if list.len() == before {
                return Err(Error::no(format!("{} states no such relation", from.file.name))
                    .hint(format!("`palc links {}` shows those there are", from.file.name)));
            }
        }
    }
    let list = Value::Array(list);
    let empty = list.as_array().is_some_and(Vec::is_empty);
    let change = if empty { Change::Unset(RELATED) } else { Change::Set(RELATED, &list) };
    let changed = from.files.changed(change)?;
    work.save(&from, &changed);
    work.finish(request.dry_run)
}

/// What a prompt may be called in a relation, and how a new one names it.
struct Called {
    written: String,
    name: String,
}

impl Called {
    fn contains(&self, text: &str) -> bool {
        text == self.written || text == self.name
    }
}

/// The other prompt. One that is gone can still be named, to take a relation to it back.
fn target(app: &App, work: &Work<'_>, request: &Request) -> Result<(Option<PromptFile>, Called)> {
    let found = work.one(&request.to);
    let file = match (found, &request.action) {
        (Err(_), Action::Remove(_)) => {
            let typed = request.to.clone();
            return Ok((None, Called { written: typed.clone(), name: typed }));
        }
        (found, _) => found?,
    };
    let loaded = load(app, &Source::Worktree(work.workspace()), file)?;
    let name = loaded.file.name.to_string();
    let written = loaded.prompt.id.clone().unwrap_or_else(|| name.clone());
    Ok((Some(loaded.file), Called { written, name }))
}

fn kind(item: &Value) -> Option<&str> {
    item.get("type").and_then(Value::as_str)
}

fn stated(to: &str, about: &About) -> Value {
    let mut entry = Value::Object([("to".to_owned(), Value::from(to))].into_iter().collect());
    if let (Some(type_), Some(map)) = (&about.type_, entry.as_object_mut()) {
        map.insert("type".into(), Value::from(type_.as_str()));
    }
    restate(&mut entry, about);
    entry
}

/// Say what is said now; what is not mentioned stays.
fn restate(entry: &mut Value, about: &About) {
    let Some(map) = entry.as_object_mut() else { return };
    if let Some(strength) = about.strength {
        map.insert("strength".into(), Value::from(strength));
    }
    if let Some(context) = &about.context {
        map.insert("context".into(), Value::from(context.as_str()));
    }
}

/// What is asked about the relations of a prompt.
#[derive(Debug)]
pub struct Question {
    pub what: String,
    /// So many of those that are alike, which nobody stated.
    pub similar: usize,
}

/// A prompt's relations, seen from it.
#[derive(Debug)]
pub struct Outcome {
    pub file: PromptFile,
    pub out: Vec<Edge>,
    pub into: Vec<Edge>,
    /// Worked out and kept nowhere, the most alike first.
    pub similar: Vec<(PromptFile, f32)>,
}

/// One relation, with the prompt at its other end.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// None if it is not there any more.
    pub other: Option<PromptFile>,
    /// As it is written.
    pub written: String,
    pub how: How,
}

#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// Somebody stated it.
    Stated(Related),
    /// It follows from what the file uses: `includes`, `extends`.
    Used(String),
}

pub fn links(app: &App, question: &Question) -> Result<Outcome> {
    let workspace = app.workspace()?;
    let (source, file) = app.resolve(&question.what)?;
    let bytes = app.read(&source, &file.path)?;
    let map = Map::of(workspace)?;
    let stated = statements(&map, &Source::Worktree(workspace));
    let ids: BTreeMap<&str, &PromptFile> =
        stated.iter().filter_map(|(file, prompt)| Some((prompt.id.as_deref()?, *file))).collect();
    let find = |text: &str| {
        let named = || map.files.iter().find(|file| file.name.as_str() == text);
        ids.get(text).copied().or_else(named).cloned()
    };
    let prompt = prompt(&file, &bytes).unwrap_or_default();
    let out = prompt.related.iter().map(|related| Edge {
        other: find(&related.to),
        written: related.to.clone(),
        how: How::Stated(related.clone()),
    });
    let used = map.links(&file, &bytes).into_iter().filter(is_use);
    let used = used.map(|link| Edge {
        other: map.files.iter().find(|file| file.name == link.to).cloned(),
        written: link.written,
        how: How::Used(link.what.word().to_owned()),
    });
    let out: Vec<Edge> = out.chain(used).collect();
    let into = stated.iter().flat_map(|(from, other)| {
        let here = |related: &&Related| {
            related.to == file.name.as_str() || prompt.id.as_deref().is_some_and(|id| related.to == id)
        };
        other.related.iter().filter(here).map(|related| Edge {
            other: Some((*from).clone()),
            written: from.name.to_string(),
            how: How::Stated(related.clone()),
        })
    });
    let users = links_to(workspace, &map, &[file.name.clone()].into())?.into_iter().filter(is_use);
    let users = users.map(|link| Edge {
        written: link.from.name.to_string(),
        how: How::Used(link.what.word().to_owned()),
        other: Some(link.from),
    });
    let into = into.chain(users).collect();
    let similar = if question.similar == 0 { Vec::new() } else { alike(app, question)? };
    Ok(Outcome { file, out, into, similar })
}

fn is_use(link: &Link) -> bool {
    !matches!(&link.what, What::Field(path) if path[0] == "related")
}

fn alike(app: &App, question: &Question) -> Result<Vec<(PromptFile, f32)>> {
    let among = list::Request { names: Vec::new(), conditions: Vec::new(), revision: None };
    let request = similar::Request { what: question.what.clone(), among, limit: question.similar };
    let found = similar::similar(app, &request)?.similar;
    Ok(found.into_iter().map(|(file, likeness)| (file, likeness.score)).collect())
}

/// Every prompt that has an id or states a relation. What cannot be read states none; `palc check` says why.
fn statements<'m>(map: &'m Map, source: &Source<'_>) -> Vec<(&'m PromptFile, Prompt)> {
    let read = |file: &'m PromptFile| Some((file, prompt(file, &source.read(&file.path).ok()??)?));
    map.files.par_iter().filter_map(read).collect()
}

fn prompt(file: &PromptFile, bytes: &[u8]) -> Option<Prompt> {
    let document = Document::split(&file.path, bytes, Dialect::of_path(&file.path)).ok()?;
    Some(parse(document).prompt)
}
