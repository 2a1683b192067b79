//! Files that come with palc and those of the repository, which win over them and add to them: phases and personas.

use std::collections::BTreeSet;

use crate::base::near::did_you_mean;
use crate::base::{Error, Finding, Result, Severity};
use crate::config::Settings;
use crate::format::generation::{Asset, PERSONAS};
use crate::git::Git;
use crate::model::generation::Source;
use crate::repo::{self, Workspace};

use super::App;

/// A file by the name of what is in it.
#[derive(Debug, Clone)]
pub struct Found {
    pub name: String,
    pub source: Source,
}

const SUFFIX: &str = ".md";

/// Those that come with palc in their order, then those that only the repository has, by name.
pub fn all(app: &App, folder: &str, built_in: &[Asset]) -> Result<Vec<Found>> {
    let workspace = app.workspace()?;
    let own = names(workspace, folder);
    let known = built_in.iter().map(|(name, _)| (*name).to_owned());
    let added = own.iter().filter(|name| built_in.iter().all(|(known, _)| known != name)).cloned();
    let found = known.chain(added).map(|name| one(app, folder, built_in, &name));
    Ok(found.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The one of a name.
pub fn one(app: &App, folder: &str, built_in: &[Asset], name: &str) -> Result<Option<Found>> {
    let path = format!("{folder}/{name}{SUFFIX}");
    let own = repo::Source::at(app.workspace()?, None)?.read(&path)?;
    let built = || built_in.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    let (text, built_in) = match own {
        Some(bytes) => (Some(utf8(&path, bytes)?), false),
        None => (built(), true),
    };
    Ok(text.map(|text| Found { name: name.to_owned(), source: Source { path, built_in, text } }))
}

fn utf8(path: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes)
        .map_err(|error| Error::invalid(format!("{path} is not UTF-8")).because(error).hint("save the file as UTF-8"))
}

/// The names of the repository's own files in a folder.
fn names(workspace: &Workspace, folder: &str) -> BTreeSet<String> {
    let names = match workspace.git().filter(|git| Git::is_bare(git)) {
        Some(git) => git.reader().files("HEAD", folder).unwrap_or_default().into_iter().map(|file| file.path).collect(),
        None => in_folder(workspace, folder),
    };
    let prefix = format!("{folder}/");
    let name = |path: &String| {
        let name = path.strip_prefix(&prefix)?.strip_suffix(SUFFIX)?;
        let plain = !name.contains('/') && !name.starts_with(['.', '_']) && name != "README";
        plain.then(|| name.to_owned())
    };
    names.iter().filter_map(name).collect()
}

fn in_folder(workspace: &Workspace, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(workspace.path(folder)).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some(format!("{folder}/{}", entry.file_name().to_str()?))).collect()
}

/// Make the names of phases and personas words of their vocabularies: a file is enough to add one.
pub fn learn(workspace: &Workspace, settings: &mut Settings) {
    let folder = settings.files.phases.clone();
    for name in names(workspace, &folder) {
        settings.vocabulary.phase.learn(&name, Some(format!("As {folder}/{name}{SUFFIX} says")));
    }
    let folder = settings.files.personas.clone();
    let built_in = PERSONAS.iter().map(|(name, _)| (*name).to_owned());
    for name in built_in.chain(names(workspace, &folder)) {
        settings.vocabulary.persona.learn(&name, None);
    }
}

/// What was read, unless something is wrong with it: a wrong file would write wrong prompts.
pub fn strict<T>(path: &str, read: Result<(T, Vec<Finding>), Box<Finding>>) -> Result<(T, Vec<Finding>)> {
    let refused = |findings| Error::findings(format!("{path} is not in order"), findings);
    let (value, findings) = read.map_err(|finding| refused(vec![*finding]))?;
    match findings.iter().any(|finding| finding.severity == Severity::Error) {
        true => Err(refused(findings)),
        false => Ok((value, findings)),
    }
}

/// There is nothing of this name: what is there, and how to add it.
pub fn unknown(what: &str, name: &str, known: &[String], folder: &str) -> Error {
    let near = did_you_mean(name, known.iter().map(String::as_str));
    let all = format!("there are {}; {folder}/{name}{SUFFIX} would add it", known.join(", "));
    Error::usage(format!("there is no {what} `{name}`")).hint(near.unwrap_or(all))
}
