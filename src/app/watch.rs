//! Check prompts as they are edited.

use std::time::Duration;

use crate::base::{Error, Finding, Result};
use crate::config::FILE;
use crate::model::Name;
use crate::repo::watch::{self, Change, Kind, Watch};
use crate::repo::{PromptFile, Source};

use super::App;
use super::check;
use super::filter::Globs;

#[derive(Debug)]
pub struct Request {
    /// Names, folders or globs over names; none means all.
    pub names: Vec<String>,
    /// How long to wait between two looks.
    pub interval: Duration,
}

/// What there is to tell.
#[derive(Debug)]
pub enum Event {
    /// The first look.
    Started(check::Outcome),
    Changed(Changed),
    /// The check could not be made: the settings are half written, perhaps.
    Failed(Error),
}

#[derive(Debug)]
pub struct Changed {
    pub files: Vec<File>,
    /// Findings in the files that changed, and those elsewhere that were not there before.
    pub news: Vec<Finding>,
    /// How many findings went away.
    pub gone: usize,
    /// The whole state now.
    pub outcome: check::Outcome,
}

#[derive(Debug)]
pub struct File {
    pub path: String,
    /// None for palc's own settings.
    pub name: Option<Name>,
    pub kind: Kind,
}

/// Look until `tell` says that nobody listens any more.
pub fn watch(app: &App, request: &Request, tell: &mut dyn FnMut(Event) -> Result<bool>) -> Result<()> {
    let globs = Globs::new(&request.names)?;
    let Source::Worktree(workspace) = Source::at(app.workspace()?, None)? else {
        return Err(Error::no("a bare repository has no files that could change"));
    };
    let first = check(app, request)?;
    let mut findings = first.report.findings.clone();
    let mut watch = Watch::new(watch::look(&Source::Worktree(workspace), &[FILE])?);
    let mut more = tell(Event::Started(first))?;
    while more {
        app.clock.pause(request.interval);
        // The settings are read anew each time: which files are prompts is one of them.
        let now = app.again()?;
        let changes = match now.workspace().and_then(|here| watch::look(&Source::Worktree(here), &[FILE])) {
            Ok(look) => watch.look(look),
            Err(error) => {
                more = tell(Event::Failed(error))?;
                wait_for_settings(app, request)?;
                continue;
            }
        };
        let files: Vec<File> = changes.into_iter().filter_map(|change| file(&now, &globs, change)).collect();
        if !files.is_empty() {
            let event = checked(&now, request, files, &mut findings).unwrap_or_else(Event::Failed);
            more = tell(event)?;
        }
    }
    Ok(())
}

/// Until the settings can be read again, there is nothing to tell.
fn wait_for_settings(app: &App, request: &Request) -> Result<()> {
    while app.again()?.workspace().is_err() {
        app.clock.pause(request.interval);
    }
    Ok(())
}

fn check(app: &App, request: &Request) -> Result<check::Outcome> {
    check::check(app, &check::Request { names: request.names.clone(), ..check::Request::default() })
}

fn file(app: &App, globs: &Globs, change: Change) -> Option<File> {
    let prompt = PromptFile::at(app.workspace().ok()?, &change.path);
    match prompt {
        Some(prompt) if !globs.matches(&prompt.name) => None,
        prompt => Some(File { name: prompt.map(|prompt| prompt.name), path: change.path, kind: change.kind }),
    }
}

/// Check again; `before` are the findings of the last check and become those of this one.
fn checked(app: &App, request: &Request, files: Vec<File>, before: &mut Vec<Finding>) -> Result<Event> {
    let outcome = check(app, request)?;
    let now = &outcome.report.findings;
    let here = |finding: &Finding| files.iter().any(|file| file.path == finding.place.path);
    let news = now.iter().filter(|finding| here(finding) || !before.contains(finding)).cloned().collect();
    let gone = before.iter().filter(|finding| !here(finding) && !now.contains(finding)).count();
    before.clone_from(now);
    Ok(Event::Changed(Changed { files, news, gone, outcome }))
}
