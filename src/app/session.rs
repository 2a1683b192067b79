//! Sessions of generation: which there are, and what each was asked and made.

use std::collections::BTreeMap;

use crate::base::near::did_you_mean;
use crate::base::{Error, Finding, Result};
use crate::format::session::{Member, Session};
use crate::git::Git;
use crate::repo::{PromptFile, Source};

use super::App;
use super::generate::times::{self, Times};
use super::list::cards;

/// A session with the prompts that came of it, as they are called now.
#[derive(Debug)]
pub struct Shown {
    pub session: Session,
    pub path: String,
    /// By id; one that was removed has none.
    pub prompts: BTreeMap<String, PromptFile>,
    /// How long each text took, as far as this machine knows.
    pub times: Times,
}

#[derive(Debug)]
pub struct Listed {
    pub sessions: Vec<Shown>,
    pub findings: Vec<Finding>,
}

/// All sessions, in the order of their ids.
pub fn list(app: &App) -> Result<Listed> {
    let source = Source::at(app.workspace()?, None)?;
    let (mut read, mut findings) = (Vec::new(), Vec::new());
    for id in ids(app)? {
        match open(app, &source, &id) {
            Ok(found) => read.extend(found),
            Err(error) => findings.push(finding(app, &id, &error)?),
        }
    }
    let members = read.iter().flat_map(|(session, _): &(Session, String)| &session.members);
    let prompts = prompts(&source, members)?;
    let shown = |(session, path): (Session, String)| {
        let own =
            session.members.iter().filter_map(|member| Some((member.id.clone(), prompts.get(&member.id)?.clone())));
        Shown { prompts: own.collect(), times: Times::new(), session, path }
    };
    Ok(Listed { sessions: read.into_iter().map(shown).collect(), findings })
}

fn finding(app: &App, id: &str, error: &Error) -> Result<Finding> {
    let place = crate::base::Place::file(path(app, id)?);
    Ok(Finding::error("session", place, error.message()))
}

/// The session of an id, of the beginning of one, or of a prompt that came of it.
pub fn show(app: &App, typed: &str) -> Result<Shown> {
    let source = Source::at(app.workspace()?, None)?;
    let (session, path) = find(app, &source, typed)?;
    let prompts = prompts(&source, session.members.iter())?;
    let times = times::of(app, &session.id);
    Ok(Shown { session, path, prompts, times })
}

/// A session by what was typed.
pub fn find(app: &App, source: &Source<'_>, typed: &str) -> Result<(Session, String)> {
    if let Some(found) = open(app, source, typed)? {
        return Ok(found);
    }
    let ids = ids(app)?;
    let begin: Vec<&String> = ids.iter().filter(|id| typed.len() >= 2 && id.starts_with(typed)).collect();
    if let [one] = begin[..]
        && let Some(found) = open(app, source, one)?
    {
        return Ok(found);
    }
    let near = did_you_mean(typed, ids.iter().map(String::as_str));
    let (at, file) = app.resolve(typed).map_err(|_| {
        Error::no(format!("there is no session `{typed}`, nor a prompt of that name"))
            .hint_if(near)
            .hint("`palc session list` shows them")
    })?;
    let loaded = super::load::load(app, &at, file)?;
    let named = loaded.prompt.origin.get("session").and_then(|id| id.as_str());
    let Some(id) = named else {
        return Err(Error::no(format!("{} was not made by a session of generation", loaded.file.name)));
    };
    open(app, source, id)?
        .ok_or_else(|| Error::no(format!("{} was made by the session {id}, whose file is gone", loaded.file.name)))
}

fn open(app: &App, source: &Source<'_>, id: &str) -> Result<Option<(Session, String)>> {
    let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric());
    if !is_id {
        return Ok(None);
    }
    let path = path(app, id)?;
    let Some(bytes) = source.read(&path)? else { return Ok(None) };
    Session::read(&path, &String::from_utf8_lossy(&bytes)).map(|session| Some((session, path)))
}

fn path(app: &App, id: &str) -> Result<String> {
    super::generate::write::session_path(app, id)
}

fn ids(app: &App) -> Result<Vec<String>> {
    let workspace = app.workspace()?;
    let folder = &app.settings()?.files.sessions;
    let mut ids: Vec<String> = match workspace.git().filter(|git| Git::is_bare(git)) {
        Some(git) => {
            let files = git.reader().files("HEAD", folder).unwrap_or_default();
            files.into_iter().filter_map(|file| id_of(file.path.rsplit('/').next()?)).collect()
        }
        None => {
            let entries = std::fs::read_dir(workspace.path(folder)).into_iter().flatten().flatten();
            entries.filter_map(|entry| id_of(entry.file_name().to_str()?)).collect()
        }
    };
    ids.sort();
    Ok(ids)
}

fn id_of(name: &str) -> Option<String> {
    name.strip_suffix(".yaml").map(str::to_owned)
}

/// The prompts of members by their ids, wherever they are now.
pub fn prompts<'m>(
    source: &Source<'_>,
    members: impl Iterator<Item = &'m Member>,
) -> Result<BTreeMap<String, PromptFile>> {
    let wanted: std::collections::BTreeSet<&str> = members.map(|member| member.id.as_str()).collect();
    let found = cards(source, |listed| {
        let id = listed.card.id.filter(|id| wanted.contains(id.as_str()))?;
        Some((id, listed.file))
    })?;
    Ok(found.facts.into_iter().collect())
}

/// A context file as it was when the session was made.
#[derive(Debug)]
pub struct Context {
    pub path: String,
    pub blob: String,
    /// None if nobody kept it.
    pub text: Option<String>,
}

/// The context of a session, or of the one that a prompt came of. What a file says now does not count.
pub fn context(app: &App, typed: &str) -> Result<Vec<Context>> {
    let source = Source::at(app.workspace()?, None)?;
    let (session, _) = find(app, &source, typed)?;
    let one = |reference: crate::format::session::Reference| {
        let bytes = super::generate::content(app, &reference.path, &reference.blob)?;
        let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Context { path: reference.path, blob: reference.blob, text })
    };
    session.request.context.into_iter().map(one).collect()
}
