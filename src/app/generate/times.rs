//! How long the texts of a session took. A session's file says nothing of it, as it is the same wherever it is made
//! again; so this lies with what is derived, and what is gone is not known.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use crate::app::App;
use crate::base::{Result, disk};
use crate::generate::run::Run;
use crate::model::Value;

use super::member_id;
use super::plan::Ready;

/// By the ids of members.
pub type Times = BTreeMap<String, Duration>;

/// Keep how long the texts of a run took. Without that it is a session all the same.
pub(super) fn keep(app: &App, ready: &Ready, session: &str, run: &Run<'_>) {
    let of_cell = |(place, cell): (crate::generate::run::Place, &crate::generate::run::Cell)| {
        let id = member_id(session, &ready.plan.steps[place.phase].phase.name, place.variant + 1);
        Some((id, cell.made()?.elapsed.as_millis() as u64))
    };
    let members: BTreeMap<String, u64> = run.cells().filter_map(of_cell).collect();
    let text = json!({"elapsed_ms": members}).to_string();
    let kept = path(app, session).and_then(|path| disk::write_derived(&path, text.as_bytes()));
    if let Err(error) = kept {
        tracing::warn!(%error, "how long a session took was not kept");
    }
}

/// How long the texts of a session took, as far as this machine knows.
pub fn of(app: &App, session: &str) -> Times {
    let read = || {
        let value: Value = serde_json::from_str(&fs::read_to_string(path(app, session).ok()?).ok()?).ok()?;
        let members = value["elapsed_ms"].as_object()?.clone();
        Some(members.into_iter().filter_map(|(id, ms)| Some((id, Duration::from_millis(ms.as_u64()?)))).collect())
    };
    read().unwrap_or_default()
}

fn path(app: &App, session: &str) -> Result<PathBuf> {
    Ok(app.kept_folder(app.workspace()?, "sessions")?.join(format!("{session}.json")))
}
