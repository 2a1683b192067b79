//! Programs, palc's own folders, the terminal.

use std::path::Path;
use std::time::Duration;

use super::{Note, Terminal, count};
use crate::app::App;
use crate::base::disk::Lock;
use crate::base::env::{self, Env};
use crate::base::{build, process};
use crate::config::show_bytes;
use crate::repo::Workspace;

pub(super) fn programs() -> Vec<Note> {
    let palc = Note::fine(format!("palc {}, {} for {}", build::described(), build::PROFILE, build::TARGET));
    let hint = "install it from https://git-scm.com; palc reads without it, and needs it to fetch, push and sign";
    let git = match process::version("git") {
        Ok(Some(version)) => Note::fine(version),
        Ok(None) => Note::odd("the program `git` is not installed", hint),
        Err(error) => Note::odd(format!("the program `git` cannot be started: {error}"), hint),
    };
    vec![palc, git]
}

/// What palc keeps for itself, all of which may be deleted while no palc is at work.
pub(super) fn own_files(app: &App, workspace: &Workspace) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(folder) = workspace.derived() {
        notes.push(folder_note("derived data", &folder));
    }
    if let Some(folder) = app.env.state_folder() {
        notes.push(folder_note("logs and state", &folder));
    } else {
        notes.push(Note::odd("there is no folder for logs", "set HOME or XDG_STATE_HOME"));
    }
    if let Ok(folder) = app.journal_folder(workspace) {
        notes.push(lock_note(&folder.join("batch.lock")));
    }
    notes
}

fn folder_note(what: &str, folder: &Path) -> Note {
    let path = folder.display();
    if !folder.is_dir() {
        return Note::fine(format!("{what}: {path}, not there yet"));
    }
    let sizes = ignore::WalkBuilder::new(folder).standard_filters(false).build();
    let files: Vec<u64> = sizes
        .flatten()
        .filter_map(|entry| entry.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|it| it.len())
        .collect();
    let total = files.iter().sum();
    Note::fine(format!("{what}: {path}, {} in {}", show_bytes(total), count(files.len(), "file")))
}

fn lock_note(path: &Path) -> Note {
    // Asking for a lock makes its file, and a doctor makes nothing.
    if !path.exists() {
        return Note::fine("no palc is at work here");
    }
    match Lock::take_within(path, Duration::ZERO) {
        Ok(_) => Note::fine("no palc is at work here"),
        Err(error) => Note::odd(error.message(), "wait for it to end; its lock goes with it"),
    }
}

pub(super) fn terminal(env: &Env, terminal: Terminal) -> Vec<Note> {
    let screen = match (terminal.output, terminal.width) {
        (true, Some(width)) => format!("output goes to a terminal of {width} columns"),
        (true, None) => "output goes to a terminal".into(),
        (false, _) => "output does not go to a terminal".into(),
    };
    let colour = if terminal.colour { "colour is on" } else { "colour is off" };
    let why = if env.get(env::NO_COLOR).is_some() { ", because NO_COLOR is set" } else { "" };
    vec![Note::fine(screen), Note::fine(format!("{colour}{why}")), locale(env)]
}

fn locale(env: &Env) -> Note {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = names.into_iter().find_map(|name| Some((name, env.get(name)?)));
    let is_utf8 = |value: &str| ["utf-8", "utf8"].iter().any(|end| value.to_lowercase().contains(end));
    match locale {
        Some((name, value)) if is_utf8(value) => Note::fine(format!("the locale is UTF-8 ({name})")),
        _ if cfg!(windows) => Note::fine("the locale is the system's"),
        _ => Note::odd(
            "the locale is not UTF-8, so a terminal may show some letters wrongly",
            "set LANG to one that ends in .UTF-8",
        ),
    }
}
