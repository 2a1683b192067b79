//! Answers that are kept and given again.

use schemars::JsonSchema;
use serde::Serialize;

use super::amount::{size, span};
use super::paint::{Paint, printable};
use crate::app::cache::{Cleared, Status};
use crate::app::models::answers::Amount;

pub fn text(status: &Status, paint: Paint) -> String {
    let kept = match status.kept.all.answers {
        0 => "no answers are kept".to_owned(),
        answers => format!("{} kept, {}", count(answers), size(status.kept.all.bytes)),
    };
    let stale = match status.kept.stale.answers {
        0 => String::new(),
        stale => format!(", {stale} of them too old: palc cache clear --stale"),
    };
    let rule = match status.is_on {
        true => "answers at temperature 0 are kept, others with --cache",
        false => "answers are kept with --cache",
    };
    let folder = paint.dim(&printable(&status.folder));
    format!("{kept}{stale}\n{folder}\n{rule}, and given again for {}\n", span(status.lifetime))
}

/// `3 answers forgotten, 12 kB`
pub fn sentence(cleared: &Cleared) -> String {
    let verb = if cleared.was_dry { "would be forgotten" } else { "forgotten" };
    match cleared.forgotten {
        Amount { answers: 0, .. } => "there is nothing to forget".into(),
        Amount { answers, bytes } => format!("{} {verb}, {}", count(answers), size(bytes)),
    }
}

fn count(answers: usize) -> String {
    format!("{answers} answer{}", if answers == 1 { "" } else { "s" })
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusV1<'a> {
    folder: &'a str,
    answers: usize,
    bytes: u64,
    /// Those among them that are never given again: too old, or damaged.
    stale: usize,
    stale_bytes: u64,
    /// Whether answers at temperature 0 are kept without `--cache`.
    on: bool,
    /// For how long a kept answer is given again.
    lifetime_seconds: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ClearedV1 {
    answers: usize,
    bytes: u64,
    /// Whether nothing was done, and this is what would have been.
    dry_run: bool,
}

pub fn status(status: &Status) -> StatusV1<'_> {
    StatusV1 {
        folder: &status.folder,
        answers: status.kept.all.answers,
        bytes: status.kept.all.bytes,
        stale: status.kept.stale.answers,
        stale_bytes: status.kept.stale.bytes,
        on: status.is_on,
        lifetime_seconds: status.lifetime.as_secs(),
    }
}

pub fn cleared(cleared: &Cleared) -> ClearedV1 {
    ClearedV1 { answers: cleared.forgotten.answers, bytes: cleared.forgotten.bytes, dry_run: cleared.was_dry }
}
