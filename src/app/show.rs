//! Show one prompt: what it is, and its text.

use std::sync::Arc;

use crate::base::{Kind, Result};
use crate::git::{Commit, Time};
use crate::model::Prompt;
use crate::render::expand;
use crate::render::include::Library;
use crate::repo::history::PromptHistory;
use crate::repo::{History, PromptFile, Source};

use super::App;
use super::files::Files;
use super::load::{Loaded, load};
use super::render::{body, options, settle};

#[derive(Debug)]
pub struct Request {
    pub what: String,
    /// Write the text of includes in their place.
    pub resolved: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub loaded: Loaded,
    /// Where it stands in its history, if it has one.
    pub standing: Option<Standing>,
}

/// A content and the versions around it.
#[derive(Debug)]
pub struct Standing {
    pub blob: String,
    /// Which version it is; none where it is not committed, or where a shallow clone does not know.
    pub version: Option<u32>,
    /// The version it was made from.
    pub parent: Option<u32>,
    /// The commit that made the version.
    pub commit: Option<Commit>,
    pub message: Option<String>,
    /// When the first version was made, and the one that is shown.
    pub created: Option<Time>,
    pub updated: Option<Time>,
}

pub fn show(app: &App, request: &Request) -> Result<Outcome> {
    let (source, file) = app.resolve(&request.what)?;
    let standing = standing(&source, &file)?;
    let mut loaded = load(app, &source, file)?;
    if request.resolved {
        // Defaults of the settings decide how the body is read; they are not part of what is shown.
        let written = loaded.prompt.clone();
        settle(&mut loaded, app)?;
        let options = options(&loaded, app)?;
        let library = Library::new(Arc::new(Files::of(&source)), &options.roots, &loaded.prompt.partials);
        let root = library.start(body(&loaded), loaded.prompt.template.engine.clone(), None);
        let expanded = expand::expand(&root, &library, &loaded.prompt.template)?;
        loaded.prompt = Prompt { body: expanded.text, ..written };
        loaded.findings.extend(expanded.findings);
    }
    Ok(Outcome { loaded, standing })
}

/// Stamps come from git, never from the times of files.
fn standing(source: &Source<'_>, file: &PromptFile) -> Result<Option<Standing>> {
    let workspace = source.workspace();
    let Some(git) = workspace.git().filter(|git| git.has_head()) else { return Ok(None) };
    let (tip, stored) = match source {
        Source::Worktree(_) => (None, git.as_stored([file.path.as_str()])?.remove(&file.path)),
        Source::Revision(_, revision) => (Some(revision.as_str()), source.read(&file.path)?),
    };
    let Some(stored) = stored else { return Ok(None) };
    let blob = git.reader().blob_id(&stored)?;
    let history = match History::open(workspace, tip) {
        Ok(history) => history,
        // A revision may name a tree that is no commit; it has no history.
        Err(error) if error.kind() == Kind::No => return Ok(None),
        Err(error) => return Err(error),
    };
    let prompt = history.prompt(&file.path)?.filter(|prompt| prompt.alive && prompt.path == file.path);
    let Some(prompt) = prompt else { return Ok(None) };
    let mut standing = stand(&prompt, blob, history.is_cut());
    if let Some(commit) = &standing.commit {
        standing.message = Some(git.reader().message(&commit.id)?);
    }
    Ok(Some(standing))
}

fn stand(prompt: &PromptHistory, blob: String, cut: bool) -> Standing {
    let last = prompt.steps.iter().rev().find(|step| step.is_version).filter(|step| step.blob == blob);
    let number = prompt.versions.len() as u32;
    let parent = if last.is_some() { number - 1 } else { number };
    // What a shallow clone begins with was not made there.
    let known = !cut || number > 1;
    Standing {
        blob,
        version: last.filter(|_| !cut).map(|_| number),
        parent: Some(parent).filter(|parent| *parent > 0 && !cut),
        commit: last.filter(|_| known).map(|step| step.commit.clone()),
        message: None,
        // What a merge brought in was made before it.
        created: prompt.steps.first().filter(|_| !cut).map(|step| step.via.last().unwrap_or(&step.commit).time),
        updated: last.filter(|_| known).map(|step| step.via.first().unwrap_or(&step.commit).time),
    }
}
