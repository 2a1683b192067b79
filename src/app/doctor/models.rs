//! The services that run models: which have a key, and what keeps one from being used. Never a key.

use super::{Note, count};
use crate::app::providers::{self, Row, State};
use crate::app::{App, pricing};

pub(super) fn notes(app: &App) -> Vec<Note> {
    // What is wrong with the settings is told where they are.
    if app.settings().is_err() {
        return Vec::new();
    }
    let mut notes = match providers::list(app) {
        Ok(rows) => of_rows(app, &rows),
        Err(error) => vec![Note::wrong(error.message(), error.hints().first().cloned().unwrap_or_default())],
    };
    if let Some(days) = pricing::stale(app) {
        notes.push(Note::odd(format!("the table of prices is {days} days old"), "a newer palc has a newer one"));
    }
    notes
}

fn of_rows(app: &App, rows: &[Row]) -> Vec<Note> {
    let names = |wanted: &dyn Fn(&&Row) -> bool| {
        rows.iter().filter(wanted).map(|row| row.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let ready = names(&|row| row.state == State::Configured && row.key.is_some());
    let missing = names(&|row| row.state == State::NoKey && row.is_set);
    let untrusted = app.config().map_or(0, |config| if config.wants.granted { 0 } else { config.wants.entries.len() });
    let mut notes = vec![match ready.is_empty() {
        true => Note::fine("no provider has a key, so models are out of reach but those that need none"),
        false => Note::fine(format!("there is a key for {ready}")),
    }];
    if !missing.is_empty() {
        notes.push(Note::odd(format!("there is no key for {missing}"), "`palc auth set PROVIDER` keeps one"));
    }
    if untrusted > 0 {
        let text = format!("{} of palc.toml are not used until you trust this repository", count(untrusted, "setting"));
        notes.push(Note::odd(text, "`palc trust` shows them and asks"));
    }
    notes
}
