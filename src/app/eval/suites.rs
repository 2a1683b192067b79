//! Which suites there are, and what is in them.

use std::path::Path;

use crate::app::App;
use crate::base::near::did_you_mean;
use crate::base::{Error, Result, disk};
use crate::format::suite::{self, SUFFIX};
use crate::model::Suite;

/// A suite with the text of its file.
#[derive(Debug, Clone)]
pub struct Open {
    pub suite: Suite,
    pub text: String,
}

/// The paths of all suites, from the repository's root, in order.
pub fn paths(app: &App) -> Result<Vec<String>> {
    let folder = app.settings()?.eval.folder.clone();
    let listing = disk::walk(app.workspace()?.root(), &[&folder], &|path| path.ends_with(SUFFIX))?;
    let paths: Vec<String> = listing.entries.into_iter().map(|entry| entry.path).collect();
    Ok(paths)
}

/// The name of a suite by its path.
pub fn name(app: &App, path: &str) -> Result<String> {
    let folder = format!("{}/", app.settings()?.eval.folder);
    let bare = path.strip_suffix(SUFFIX).unwrap_or(path);
    Ok(bare.strip_prefix(&folder).unwrap_or(bare).to_owned())
}

/// The path of what somebody typed: a name, or a path from where the command was started.
pub fn find(app: &App, typed: &str) -> Result<Option<String>> {
    let workspace = app.workspace()?;
    let named = format!("{}/{}{SUFFIX}", app.settings()?.eval.folder, typed.trim_end_matches(SUFFIX));
    if workspace.path(&named).is_file() {
        return Ok(Some(named));
    }
    let Ok(typed) = workspace.relative(app.env.folder(), typed) else { return Ok(None) };
    Ok((typed.ends_with(SUFFIX) && workspace.path(&typed).is_file()).then_some(typed))
}

/// As [`find`], where nothing else can be meant.
pub fn wanted(app: &App, typed: &str) -> Result<String> {
    if let Some(path) = find(app, typed)? {
        return Ok(path);
    }
    let mut names = Vec::new();
    for path in paths(app)? {
        names.push(name(app, &path)?);
    }
    let folder = &app.settings()?.eval.folder;
    let error = Error::no(format!("there is no suite `{typed}`"));
    Err(error.hint_if(did_you_mean(typed, names.iter().map(String::as_str))).hint(match names.is_empty() {
        true => format!("suites are files named {folder}/<name>{SUFFIX}; `palc suite new` writes one"),
        false => "`palc suite list` shows all of them".to_owned(),
    }))
}

pub fn open(app: &App, path: &str) -> Result<Open> {
    let bytes = read(app, path)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{path} is not UTF-8")))?;
    Ok(Open { suite: suite::read(&name(app, path)?, path, &text)?, text })
}

/// A file of the repository by its path from the root.
pub fn read(app: &App, path: &str) -> Result<Vec<u8>> {
    let file = disk::resolve_beneath(app.workspace()?.root(), Path::new(path))?;
    std::fs::read(&file).map_err(|error| {
        let kind = if error.kind() == std::io::ErrorKind::NotFound { Error::invalid } else { Error::storage };
        kind(format!("cannot read {path}")).because(error)
    })
}

/// A path that a suite names, from its own folder: as one from the repository's root.
pub fn beside(suite: &str, named: &str) -> Result<String> {
    let folder = Path::new(suite).parent().unwrap_or(Path::new(""));
    let mut parts: Vec<&str> = folder.iter().filter_map(|part| part.to_str()).collect();
    for part in named.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => {
                return Err(Error::invalid(format!("{named} lies outside of the repository")));
            }
            ".." => {}
            part => parts.push(part),
        }
    }
    match named.starts_with('/') {
        true => Err(Error::invalid(format!("{named} must be named from the folder of {suite}"))),
        false => Ok(parts.join("/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_folder_of_the_suite() {
        let path = |named: &str| beside("evals/support/a.eval.yaml", named).map_err(|error| error.message().to_owned());
        assert_eq!(path("../../datasets/t.csv"), Ok("datasets/t.csv".to_owned()));
        assert_eq!(path("./r.yaml"), Ok("evals/support/r.yaml".to_owned()));
        assert!(path("../../../x").is_err() && path("/etc/passwd").is_err());
    }
}
