//! From what a user typed to a prompt: a name, a path, an id or a prefix of an id.

use std::path::Path;

use crate::base::near::nearest;
use crate::base::{Error, Result};
use crate::format::{Dialect, Document, naming, prompt};

use super::listing::files;
use super::{PromptFile, Source};

/// Find the one prompt that is meant. Names and paths are found by looking at the few files they could be; only ids
/// need a listing.
pub fn resolve(source: &Source<'_>, folder: &Path, typed: &str) -> Result<PromptFile> {
    if let Some(file) = by_name(source, typed).or_else(|| by_path(source, folder, typed)) {
        return Ok(file);
    }
    let all = files(source)?;
    match &by_id(source, &all, typed)?[..] {
        [one] => Ok(one.clone()),
        [] => Err(unknown(&all, typed)),
        several => Err(ambiguous(several, typed)),
    }
}

fn by_name(source: &Source<'_>, typed: &str) -> Option<PromptFile> {
    let workspace = source.workspace();
    let candidates = workspace.layout().candidates(typed);
    candidates.filter(|path| source.exists(path)).find_map(|path| PromptFile::at(workspace, &path))
}

fn by_path(source: &Source<'_>, folder: &Path, typed: &str) -> Option<PromptFile> {
    let workspace = source.workspace();
    let path = workspace.relative(folder, typed).ok()?;
    if source.exists(&path) { PromptFile::at(workspace, &path) } else { None }
}

fn by_id(source: &Source<'_>, all: &[PromptFile], typed: &str) -> Result<Vec<PromptFile>> {
    if typed.len() < 2 || typed.contains('/') {
        return Ok(Vec::new());
    }
    let mut exact = Vec::new();
    let mut prefix = Vec::new();
    for file in all {
        match id_at(source, &file.path)? {
            Some(id) if id == typed => exact.push(file.clone()),
            Some(id) if id.starts_with(typed) => prefix.push(file.clone()),
            _ => {}
        }
    }
    Ok(if exact.is_empty() { prefix } else { exact })
}

/// The id that the file at a path has, in it or beside it.
pub fn id_at(source: &Source<'_>, path: &str) -> Result<Option<String>> {
    let Some(bytes) = source.read(path)? else { return Ok(None) };
    let Ok(document) = Document::split(path, &bytes, Dialect::of_path(path)) else { return Ok(None) };
    if let Some(id) = prompt::id(&document) {
        return Ok(Some(id));
    }
    let Some(path) = naming::sidecar_of(path) else { return Ok(None) };
    let beside = source.read(&path)?.unwrap_or_default();
    Ok(Document::split(&path, &beside, Dialect::Sidecar).ok().as_ref().and_then(prompt::id))
}

fn unknown(all: &[PromptFile], typed: &str) -> Error {
    let near = nearest(typed, all.iter().map(|file| file.name.as_str()))
        .or_else(|| all.iter().map(|file| file.name.as_str()).find(|name| name.rsplit('/').next() == Some(typed)));
    let error = Error::no(format!("there is no prompt `{typed}`"));
    match near {
        Some(name) => error.hint(format!("did you mean `{name}`?")),
        None if all.is_empty() => error.hint("there are no prompts here yet; `palc new NAME` makes one"),
        None => error.hint("`palc list` shows all prompts"),
    }
}

fn ambiguous(several: &[PromptFile], typed: &str) -> Error {
    let names: Vec<&str> = several.iter().map(|file| file.name.as_str()).collect();
    Error::no(format!("`{typed}` could be any of {} prompts: {}", names.len(), names.join(", ")))
        .hint("give more of the id, or the name")
}
