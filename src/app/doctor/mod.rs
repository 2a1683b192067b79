//! What is installed, what is missing and how to get it, and what is odd in this repository. It reads and never mends,
//! and it tells no values of variables, because such a report is made to be shown to others.

mod git;
mod models;
mod prompts;
mod search;
mod settings;
mod surroundings;

use super::App;

#[derive(Debug)]
pub struct Request {
    pub terminal: Terminal,
}

/// What only the front end knows.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    pub output: bool,
    pub errors: bool,
    pub width: Option<usize>,
    pub colour: bool,
}

#[derive(Debug)]
pub struct Report {
    pub sections: Vec<Section>,
}

#[derive(Debug)]
pub struct Section {
    pub title: &'static str,
    pub notes: Vec<Note>,
}

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Fine,
    /// Works, and may surprise.
    Odd,
    /// Something will not work.
    Wrong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub state: State,
    pub text: String,
    pub hint: Option<String>,
}

impl Note {
    fn fine(text: impl Into<String>) -> Note {
        Note { state: State::Fine, text: text.into(), hint: None }
    }

    fn odd(text: impl Into<String>, hint: impl Into<String>) -> Note {
        Note { state: State::Odd, text: text.into(), hint: Some(hint.into()) }
    }

    fn wrong(text: impl Into<String>, hint: impl Into<String>) -> Note {
        Note { state: State::Wrong, text: text.into(), hint: Some(hint.into()) }
    }
}

impl Report {
    pub fn worst(&self) -> State {
        let notes = self.sections.iter().flat_map(|section| &section.notes);
        notes.map(|note| note.state).max().unwrap_or(State::Fine)
    }
}

/// Look at everything. What cannot be looked at is a note, never the end of the report.
pub fn doctor(app: &App, request: &Request) -> Report {
    let section = |title, notes| Section { title, notes };
    let mut sections = vec![section("programs", surroundings::programs())];
    match app.place() {
        Ok(workspace) => {
            sections.push(section("repository", git::notes(workspace)));
            sections.push(section("prompts", prompts::notes(app, workspace)));
            sections.push(section("configuration", settings::notes(app)));
            sections.push(section("search", search::notes(app)));
            sections.push(section("models", models::notes(app)));
            sections.push(section("palc's own files", surroundings::own_files(app, workspace)));
        }
        Err(error) => {
            let hint = error.causes().into_iter().next().unwrap_or_else(|| "run `git status` here".into());
            sections.push(section("repository", vec![Note::wrong(error.message(), hint)]));
        }
    }
    sections.push(section("terminal", surroundings::terminal(&app.env, request.terminal)));
    Report { sections }
}

/// `1 file`, `2 files`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
