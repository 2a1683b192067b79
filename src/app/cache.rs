//! The answers that are kept and given again: how much there is, and how to be rid of it.

use std::time::Duration;

use super::App;
use super::models::answers::{Amount, Answers, Kept};
use crate::base::Result;

#[derive(Debug)]
pub struct Status {
    pub folder: String,
    pub kept: Kept,
    /// Whether answers are kept without `--cache`.
    pub is_on: bool,
    /// How long they are given again.
    pub lifetime: Duration,
}

#[derive(Debug, Clone, Copy)]
pub struct Clear {
    /// Only what is never given again.
    pub stale: bool,
    /// Forget nothing.
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Cleared {
    pub forgotten: Amount,
    pub was_dry: bool,
}

pub fn status(app: &App) -> Result<Status> {
    let answers = Answers::open(app)?;
    Ok(Status {
        folder: answers.folder().display().to_string(),
        kept: answers.count(app.clock.now()),
        is_on: app.settings()?.models.cache,
        lifetime: answers.lifetime(),
    })
}

pub fn clear(app: &App, clear: Clear) -> Result<Cleared> {
    let answers = Answers::open(app)?;
    let now = app.clock.now();
    let kept = answers.count(now);
    match clear {
        Clear { dry_run: true, .. } => {}
        Clear { stale: true, .. } => answers.clear_stale(now)?,
        Clear { .. } => answers.clear()?,
    }
    Ok(Cleared { forgotten: if clear.stale { kept.stale } else { kept.all }, was_dry: clear.dry_run })
}
