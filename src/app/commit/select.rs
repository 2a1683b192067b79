//! Which files a commit is about.

use std::collections::BTreeSet;

use super::super::App;
use super::super::filter::Globs;
use crate::base::{Error, Result, disk};
use crate::format::{Dialect, Document, naming, prompt};
use crate::git::Git;
use crate::repo::{Layout, PromptFile, Source, Workspace, listing, resolve};

const SIDECAR: &str = ".palc.yaml";

/// The paths that are meant. They need not differ from HEAD.
pub fn paths(app: &App, git: &Git, names: &[String]) -> Result<Vec<String>> {
    let workspace = app.workspace()?;
    if names.is_empty() {
        return changed(workspace, git);
    }
    let mut paths = BTreeSet::new();
    for name in names {
        let found = named(app, git, name)?;
        for path in &found {
            paths.extend(beside(workspace, git, path)?);
        }
        paths.extend(left(workspace, git, &found)?);
        paths.extend(found);
    }
    Ok(paths.into_iter().collect())
}

/// Every file of palc's that is not as at the last commit.
pub fn changed(workspace: &Workspace, git: &Git) -> Result<Vec<String>> {
    let layout = workspace.layout();
    let mut below = layout.roots().to_vec();
    below.push(layout.labels().to_owned());
    Ok(git.standings(&below)?.into_keys().filter(|path| is_ours(layout, path)).collect())
}

/// A file that palc looks after: a prompt, the file beside one, the labels.
pub fn is_ours(layout: &Layout, path: &str) -> bool {
    path == layout.labels()
        || layout.is_prompt(path)
        || path.strip_suffix(SIDECAR).is_some_and(|it| layout.is_prompt(it))
}

/// A prompt that is there or was there at the last commit, all in a folder or behind a glob, or any file by its path.
fn named(app: &App, git: &Git, typed: &str) -> Result<Vec<String>> {
    let workspace = app.workspace()?;
    let now = Source::at(workspace, None)?;
    let is_glob = typed.contains(['*', '?', '[', '{']);
    let missing = match resolve::resolve(&now, app.env.folder(), typed) {
        Ok(file) if !is_glob => return Ok(vec![file.path]),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    let head = git.head()?.commit;
    if let Ok(path) = workspace.relative(app.env.folder(), typed)
        && !is_glob
    {
        let full = workspace.path(&path);
        if (full.is_file() || full.is_symlink()) || git.entry(head.as_deref(), &path)?.is_some_and(|_| !full.is_dir()) {
            return Ok(vec![path]);
        }
    }
    let before = head.as_ref().map(|_| Source::at(workspace, Some("HEAD"))).transpose()?;
    if let Some(before) = before.as_ref().filter(|_| !is_glob)
        && let Ok(file) = resolve::resolve(before, app.env.folder(), typed)
    {
        return Ok(vec![file.path]);
    }
    let globs = Globs::new(&[typed.to_owned()])?;
    let mut found: BTreeSet<String> = BTreeSet::new();
    for source in [Some(&now), before.as_ref()].into_iter().flatten() {
        let files = listing::files(source)?;
        found.extend(files.into_iter().filter(|file| globs.matches(&file.name)).map(|file| file.path));
    }
    match missing {
        Some(error) if found.is_empty() => Err(error),
        _ if found.is_empty() => Err(Error::no(format!("no prompt is meant by `{typed}`"))),
        _ => Ok(found.into_iter().collect()),
    }
}

/// The file beside a prompt, if there is or was one.
fn beside(workspace: &Workspace, git: &Git, path: &str) -> Result<Option<String>> {
    let Some(beside) = naming::sidecar_of(path).filter(|_| workspace.layout().is_prompt(path)) else { return Ok(None) };
    let known = workspace.path(&beside).is_file() || git.entry(git.head()?.commit.as_deref(), &beside)?.is_some();
    Ok(known.then_some(beside))
}

/// Where prompts that are new at their path were before: a move is committed as a whole.
fn left(workspace: &Workspace, git: &Git, paths: &[String]) -> Result<Vec<String>> {
    let Some(head) = git.head()?.commit else { return Ok(Vec::new()) };
    let mut ids = BTreeSet::new();
    for path in paths.iter().filter(|path| workspace.layout().is_prompt(path)) {
        if workspace.path(path).is_file() && git.entry(Some(&head), path)?.is_none() {
            ids.extend(id_in(path, &disk::read(&workspace.path(path))?.bytes));
        }
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let before = Source::at(workspace, Some("HEAD"))?;
    let reader = before.reader();
    let mut left = Vec::new();
    for PromptFile { path, .. } in listing::files(&before)? {
        if workspace.path(&path).symlink_metadata().is_err()
            && let Some(id) = id_in(&path, &reader.path(&path)?.unwrap_or_default())
            && ids.contains(&id)
        {
            left.extend(beside(workspace, git, &path)?);
            left.push(path);
        }
    }
    Ok(left)
}

/// The id of the prompt in a file.
pub fn id_in(path: &str, bytes: &[u8]) -> Option<String> {
    Document::split(path, bytes, Dialect::of_path(path)).ok().as_ref().and_then(prompt::id)
}
