//! A prompt on its way through an editor.

use std::path::PathBuf;

use crate::base::disk;
use crate::base::env;
use crate::base::hash::BlobId;
use crate::base::{Error, Finding, Result};
use crate::git::Git;
use crate::repo::{PromptFile, Source};

use super::App;
use super::load::load;
use super::write::Work;

/// What to open, and with what.
#[derive(Debug)]
pub struct Target {
    pub file: PromptFile,
    pub path: PathBuf,
    pub editor: String,
    before: BlobId,
}

#[derive(Debug)]
pub struct After {
    pub changed: bool,
    pub findings: Vec<Finding>,
}

pub fn target(app: &App, what: &str) -> Result<Target> {
    let work = Work::begin(app)?;
    let file = work.one(what)?;
    let path = work.workspace().path(&file.path);
    let before = disk::read(&path)?.stamp.content;
    Ok(Target { file, path, editor: chosen(app, None)?, before })
}

/// The editor for a commit's message: git's own settings count as well.
pub fn editor(app: &App, git: &Git) -> Result<String> {
    match app.env.get(env::GIT_EDITOR) {
        Some(editor) => Ok(editor.to_owned()),
        None => chosen(app, git.setting("core.editor")),
    }
}

fn chosen(app: &App, of_git: Option<String>) -> Result<String> {
    let configured = app.settings()?.ui.editor.clone().or(of_git);
    let named = |name| app.env.get(name).map(str::to_owned);
    let editor = configured.or_else(|| named(env::VISUAL)).or_else(|| named(env::EDITOR));
    editor
        .filter(|editor| !editor.trim().is_empty())
        .ok_or_else(|| Error::usage("no editor is known").hint("set EDITOR, or run `palc config set ui.editor …`"))
}

/// What became of it: read again as `palc show` would.
pub fn check(app: &App, target: &Target) -> Result<After> {
    let source = Source::Worktree(app.workspace()?);
    let changed = disk::read(&target.path)?.stamp.content != target.before;
    match load(app, &source, target.file.clone()) {
        Ok(loaded) => Ok(After { changed, findings: loaded.findings }),
        Err(error) if !error.places().is_empty() => Ok(After { changed, findings: error.places().to_vec() }),
        Err(error) => Err(error),
    }
}
