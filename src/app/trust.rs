//! Grant a repository the settings that only its reader can grant, and take the grant back.

use std::collections::BTreeSet;
use std::path::Path;

use super::App;
use crate::base::{Place, Result};
use crate::config::{Granted, Trust, Wants};

/// What the repository here wants, and how that stands.
#[derive(Debug)]
pub struct Standing {
    pub root: String,
    /// The name of exactly this set of settings.
    pub digest: String,
    pub wants: Vec<Want>,
    /// What was granted before and is wanted no more.
    pub gone: Vec<String>,
    pub state: State,
    /// Since when, if the reader granted it.
    pub since: Option<String>,
}

/// One setting.
#[derive(Debug)]
pub struct Want {
    /// `providers.acme.base_url = "https://…"`
    pub line: String,
    pub place: Place,
    /// Whether it is not part of what was granted before.
    pub is_new: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// There is nothing to grant.
    Nothing,
    Granted,
    /// `PALC_TRUST` grants it.
    Told,
    Asked,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Nothing => "nothing",
            State::Granted => "granted",
            State::Told => "environment",
            State::Asked => "asked",
        }
    }
}

/// How things stand here.
pub fn standing(app: &App) -> Result<Standing> {
    let wants = &app.config()?.wants;
    let trust = trust(app)?;
    let digest = wants.digest();
    let before = trust.granted();
    let state = match () {
        () if wants.entries.is_empty() => State::Nothing,
        () if before.as_ref().is_some_and(|before| before.digest == digest) => State::Granted,
        () if trust.is_told(&digest) => State::Told,
        () => State::Asked,
    };
    let known: BTreeSet<&String> = before.iter().flat_map(|before| &before.settings).collect();
    let lines = wants.lines();
    let gone = known.iter().filter(|line| !lines.contains(line)).map(|line| (*line).clone()).collect();
    let want = |(line, place): (String, Place)| Want { is_new: !known.contains(&line), line, place };
    let since = before.as_ref().filter(|_| state == State::Granted).map(|before| before.since.clone());
    Ok(Standing {
        root: trust.root().to_owned(),
        digest,
        wants: wants.placed().into_iter().map(want).collect(),
        gone,
        state,
        since,
    })
}

/// Grant what was shown: what has changed since is not part of it.
pub fn grant(app: &App, shown: &Standing) -> Result<()> {
    let wants: &Wants = &app.config()?.wants;
    trust(app)?.grant(wants, &app.clock.now().to_string())?;
    tracing::info!(root = shown.root, digest = shown.digest, "trusted a repository");
    Ok(())
}

/// Everything that was ever granted on this machine.
pub fn list(app: &App) -> Vec<Granted> {
    Granted::all(&app.env)
}

/// Take back what was granted to a folder, or to the repository here. None if there was nothing.
pub fn revoke(app: &App, folder: Option<&Path>) -> Result<Option<Granted>> {
    let granted = match folder {
        None => trust(app)?.granted(),
        Some(folder) => {
            // It may be gone, so that only its name is left.
            let path = app.env.folder().join(folder);
            let path = std::fs::canonicalize(&path).unwrap_or(path);
            list(app).into_iter().find(|granted| Path::new(&granted.root) == path)
        }
    };
    granted.as_ref().map(Granted::revoke).transpose()?;
    Ok(granted)
}

fn trust(app: &App) -> Result<Trust> {
    Ok(Trust::new(&app.env, app.place()?.root()))
}
