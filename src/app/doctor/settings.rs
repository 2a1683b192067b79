//! The configuration: which files were found, and whether they are right.

use super::{Note, State, count};
use crate::app::{App, config};
use crate::base::{Finding, Severity, env};
use crate::config::Layer;

pub(super) fn notes(app: &App) -> Vec<Note> {
    let mut notes: Vec<Note> = match config::files(app) {
        Ok(files) => files.iter().filter_map(file).collect(),
        Err(error) => vec![Note::wrong(error.message(), "see the note on the repository")],
    };
    notes.extend(problems(app));
    let variables: Vec<&str> = app.env.with_prefix(env::PREFIX).map(|(name, _)| name).collect();
    if !variables.is_empty() {
        notes.push(Note::fine(format!("set in the environment: {}", variables.join(", "))));
    }
    if notes.is_empty() {
        notes.push(Note::fine("nothing is set, so the defaults hold"));
    }
    notes
}

fn file(file: &config::File) -> Option<Note> {
    let path = file.path.display();
    match (file.exists, file.errors) {
        (false, _) => None,
        (true, 0) => Some(Note::fine(format!("{path} ({})", file.layer.word()))),
        (true, errors) => {
            let hint = match file.layer {
                Layer::Repository => "run `palc config show` to see them",
                _ => "run `palc config show` to see them; every repository suffers",
            };
            Some(Note::wrong(format!("{path} has {}", count(errors, "error")), hint))
        }
    }
}

/// What is wrong outside of the files: variables, flags, a profile.
fn problems(app: &App) -> Vec<Note> {
    let findings = app.config().map(|config| config.findings.clone()).unwrap_or_default();
    let elsewhere = findings.into_iter().filter(|finding| !finding.place.is_exact());
    let note = |finding: Finding| match finding.place.path.starts_with(env::PREFIX) {
        // The message may quote the variable's value.
        true if finding.severity == Severity::Error => {
            Note::wrong(format!("{} does not fit its key", finding.place.path), "run `palc config show` to see why")
        }
        _ => {
            let hint = finding.hints.first().cloned().unwrap_or_else(|| "unset it".into());
            let state = if finding.severity == Severity::Error { State::Wrong } else { State::Odd };
            Note { state, text: finding.message, hint: Some(hint) }
        }
    };
    elsewhere.map(note).collect()
}
