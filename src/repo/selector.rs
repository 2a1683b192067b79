//! `name@SPEC`: a prompt as it was. All digits are a version, then labels count, then git's revisions.

use std::path::Path;

use crate::base::{Error, Kind, Result};
use crate::model::Pin;
use crate::model::labels::label_fault;

use super::history::{PromptHistory, Version};
use super::{History, PromptFile, Source, Workspace, labels, resolve};

/// What `name@SPEC` means: a file in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    pub file: PromptFile,
    pub commit: String,
    /// Where the version or the label named one.
    pub version: Option<u32>,
}

/// Find what is meant. `folder` is where paths are typed.
pub fn select(workspace: &Workspace, folder: &Path, what: &str, spec: &str) -> Result<Selected> {
    if let Some(number) = number(spec)? {
        let history = History::open(workspace, None)?;
        let prompt = prompt(&history, folder, what)?;
        return of_version(workspace, version(&history, &prompt, number)?);
    }
    if let Some(selected) = labelled(workspace, folder, what, spec)? {
        return Ok(selected);
    }
    at_revision(workspace, folder, what, spec)
}

/// A prompt in a history, living or deleted, by its name, id, beginning of an id or path.
pub fn prompt(history: &History<'_>, folder: &Path, what: &str) -> Result<PromptHistory> {
    if let Some(found) = history.prompt(what)? {
        return Ok(found);
    }
    let workspace = history.workspace();
    let path = workspace.relative(folder, what).ok();
    if let Some(found) = path.map(|path| history.prompt(&path)).transpose()?.flatten() {
        return Ok(found);
    }
    let file = resolve::resolve(&Source::at(workspace, None)?, folder, what)?;
    history.prompt(&file.path)?.ok_or_else(|| {
        Error::no(format!("{} was never committed here, so it has no versions", file.name))
            .hint("commit it, or leave out what stands after `@`")
    })
}

/// A version by its number.
pub fn version<'p>(history: &History<'_>, prompt: &'p PromptHistory, number: u32) -> Result<&'p Version> {
    if history.is_cut() {
        return Err(Error::no("this is a shallow clone, so nobody knows here which version is which")
            .hint("fetch the rest of the history: `git fetch --unshallow`")
            .hint(format!("revisions work: `{}@HEAD`", prompt.name)));
    }
    prompt.version(number).ok_or_else(|| {
        Error::no(format!("{} has {}, and no version {number}", prompt.name, versions(prompt)))
            .hint(format!("`palc log {}` shows them", prompt.name))
    })
}

/// What to say of a prompt that is not there any more. Nothing where the history would have to be read for it first.
pub fn gone(workspace: &Workspace, what: &str) -> Option<Error> {
    if !History::is_indexed(workspace) {
        return None;
    }
    let prompt = History::open(workspace, None).ok()?.prompt(what).ok()??;
    let last = prompt.steps.last().filter(|_| !prompt.alive)?;
    let (name, commit) = (&prompt.name, &last.commit);
    let message = format!("{name} was deleted on {} by {}: {}", commit.time.day(), commit.author, commit.subject);
    Some(Error::no(message).hint(format!("its last version: `palc show {name}@{}`", last.number)))
}

fn number(spec: &str) -> Result<Option<u32>> {
    if spec.is_empty() {
        return Err(Error::usage("after `@` must stand a version, a label or a revision"));
    }
    if !spec.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    // A number too large for a version is a version that is not there.
    Ok(Some(spec.parse().unwrap_or(u32::MAX)))
}

fn of_version(workspace: &Workspace, version: &Version) -> Result<Selected> {
    let file = PromptFile::at(workspace, &version.path).ok_or_else(|| Error::bug("a version of no prompt"))?;
    Ok(Selected { file, commit: version.commit.clone(), version: Some(version.number) })
}

/// What a label of a prompt means: its file's name today, and the content. Neither history nor other files are looked
/// at, so this is quick, and right even after history was rewritten. Nothing if there is no such label.
pub fn pinned(workspace: &Workspace, folder: &Path, what: &str, label: &str) -> Result<Option<(PromptFile, Pin)>> {
    if label_fault(label).is_some() {
        return Ok(None);
    }
    let source = Source::at(workspace, None)?;
    let file = match resolve::resolve(&source, folder, what) {
        Err(error) if error.kind() == Kind::No => return Ok(None),
        found => found?,
    };
    let Some(id) = resolve::id_at(&source, &file.path)? else { return Ok(None) };
    Ok(labels::lookup(&source, &id, label)?.map(|pin| (file, pin)))
}

/// The version that a label means.
fn labelled(workspace: &Workspace, folder: &Path, what: &str, label: &str) -> Result<Option<Selected>> {
    let Some((file, pin)) = pinned(workspace, folder, what, label)? else { return Ok(None) };
    let history = History::open(workspace, None)?;
    let prompt = prompt(&history, folder, &file.path)?;
    let blobs: Vec<&str> = prompt.versions.iter().map(|version| version.blob.as_str()).collect();
    match pin.place(&blobs).and_then(|number| prompt.version(number)) {
        Some(version) => of_version(workspace, version).map(Some),
        None => Err(Error::no(format!(
            "`{label}` means the content {}, which no version of {} has",
            pin.short(),
            file.name
        ))
        .hint(format!("the content itself is there still: palc get {}@{label}", file.name))),
    }
}

fn at_revision(workspace: &Workspace, folder: &Path, what: &str, revision: &str) -> Result<Selected> {
    let source = Source::at(workspace, Some(revision))?;
    let git = workspace.git().ok_or_else(|| Error::bug("a revision without a repository"))?;
    let commit = match git.reader().commit_id(revision) {
        Ok(commit) => commit,
        Err(error) if error.kind() == Kind::No => return Err(unknown(workspace, folder, what, revision, error)),
        Err(error) => return Err(error),
    };
    match resolve::resolve(&source, folder, what) {
        Ok(file) => Ok(Selected { file, commit, version: None }),
        Err(error) if error.kind() == Kind::No => match renamed(workspace, folder, what, &commit)? {
            Some(file) => Ok(Selected { file, commit, version: None }),
            None => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// The prompt that has this name today, under the name that it had in a commit.
fn renamed(workspace: &Workspace, folder: &Path, what: &str, commit: &str) -> Result<Option<PromptFile>> {
    let history = History::open(workspace, None)?;
    let Ok(prompt) = prompt(&history, folder, what) else { return Ok(None) };
    if let Some(path) = history.path_at(&prompt, commit)? {
        return Ok(PromptFile::at(workspace, &path));
    }
    let Some(id) = &prompt.id else { return Ok(None) };
    let there = Source::Revision(workspace, commit.to_owned());
    Ok(resolve::resolve(&there, folder, id).ok())
}

fn unknown(workspace: &Workspace, folder: &Path, what: &str, spec: &str, because: Error) -> Error {
    let history = History::open(workspace, None);
    let prompt = history.and_then(|history| prompt(&history, folder, what));
    let prompt = match prompt {
        Ok(prompt) => prompt,
        // Not even the prompt is there: that is the thing to say.
        Err(error) if error.kind() == Kind::No => return error,
        Err(_) => return because,
    };
    let source = Source::at(workspace, None).ok();
    let near = source.zip(prompt.id.as_deref()).and_then(|(source, id)| labels::suggestion(&source, id, spec));
    Error::no(format!("{} has no version, label or revision `{spec}`", prompt.name)).hint_if(near).hint(format!(
        "it has {}: `palc log {}` shows them",
        versions(&prompt),
        prompt.name
    ))
}

fn versions(prompt: &PromptHistory) -> String {
    match prompt.versions.len() {
        1 => "one version".into(),
        count => format!("{count} versions"),
    }
}
