//! Labels: where they are, where they went.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table;
use super::written::{self, WrittenV1};
use crate::app::label::{Event, Listed, Moved, State};
use crate::app::write::Written;
use crate::model::Pin;

/// What a label or a switch is called in tables.
const OFF: &str = "(off)";

pub fn moves(moved: &[Moved], paint: Paint) -> String {
    let rows: Vec<_> = moved.iter().map(|moved| row(moved, paint)).collect();
    table::columns(&rows, None)
}

/// The prompt, the label, and `6 -> 7`.
fn row(moved: &Moved, paint: Paint) -> Vec<String> {
    vec![prompt(moved.prompt.as_deref(), &moved.id), label(moved.label.as_deref(), paint), step(moved)]
}

/// The same in a sentence: `support/triage production 6 -> 7`, `support/triage@8 switched off`.
pub fn told(moved: &Moved) -> String {
    let (prompt, step) = (prompt(moved.prompt.as_deref(), &moved.id), step(moved));
    match &moved.label {
        Some(label) => format!("{prompt} {} {step}", printable(label)),
        None => format!("{prompt}@{step}"),
    }
}

fn prompt(name: Option<&str>, id: &str) -> String {
    printable(name.unwrap_or(id))
}

fn label(label: Option<&str>, paint: Paint) -> String {
    label.map_or_else(|| paint.yellow(OFF), |label| paint.cyan(&printable(label)))
}

fn step(moved: &Moved) -> String {
    let number = |pin: &Pin| pin.version.to_string();
    match (moved.from.as_ref().map(number), moved.to.as_ref().map(number), &moved.label) {
        (None, Some(off), None) => format!("{off} switched off"),
        (Some(on), _, None) => format!("{on} switched on"),
        // The same number with another content: history was rewritten.
        (Some(from), Some(to), _) if from == to => format!("{from} -> {to}, with other content"),
        (Some(from), Some(to), _) => format!("{from} -> {to}"),
        (None, Some(to), _) => format!("-> {to}"),
        (Some(from), None, _) => format!("{from} -> none"),
        (None, None, _) => String::new(),
    }
}

pub fn table(listed: &[Listed], paint: Paint, width: Option<usize>) -> String {
    let row = |listed: &Listed| {
        let name = prompt(listed.prompt.as_deref(), &listed.id);
        let version = listed.pin.version.to_string();
        vec![name, label(listed.label.as_deref(), paint), version, listed.pin.short().to_owned(), about(listed)]
    };
    table::columns(&listed.iter().map(row).collect::<Vec<_>>(), width)
}

fn about(listed: &Listed) -> String {
    match (listed.state, listed.newest) {
        _ if listed.prompt.is_none() => "no prompt has this id".into(),
        (State::Lost, _) => "no version of this branch has this content".into(),
        (State::Renumbered(number), _) => format!("is version {number} now: history was rewritten"),
        (State::Sure, Some(newest)) if newest == listed.pin.version => "newest".into(),
        (State::Sure, Some(newest)) => format!("newest is {newest}"),
        _ => String::new(),
    }
}

pub fn timeline(events: &[Event], paint: Paint, width: Option<usize>) -> String {
    let line = |event: &Event| {
        let mut cells = vec![event.commit.time.minute(), printable(&event.commit.author)];
        cells.extend(row(&event.moved, paint));
        cells.push(paint.dim(event.commit.id.get(..8).unwrap_or_default()));
        cells.push(printable(&event.commit.subject));
        cells
    };
    table::columns(&events.iter().map(line).collect::<Vec<_>>(), width)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct LabelledV1<'a> {
    moved: Vec<MovedV1<'a>>,
    #[serde(flatten)]
    written: WrittenV1,
}

/// What became of a label of a prompt.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MovedV1<'a> {
    /// The prompt's name; absent if no prompt has the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    id: &'a str,
    /// Absent for a version that was switched off (`to`) or on again (`from`).
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<PinV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<PinV1<'a>>,
}

/// A version with git's id of its content.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PinV1<'a> {
    version: u32,
    blob: &'a str,
}

pub fn moved<'a>(moved: &'a [Moved], done: &Written) -> LabelledV1<'a> {
    LabelledV1 { moved: moved.iter().map(MovedV1::of).collect(), written: written::object(done) }
}

impl<'a> MovedV1<'a> {
    pub fn of(moved: &'a Moved) -> Self {
        MovedV1 {
            prompt: moved.prompt.as_deref(),
            id: &moved.id,
            label: moved.label.as_deref(),
            from: moved.from.as_ref().map(PinV1::of),
            to: moved.to.as_ref().map(PinV1::of),
        }
    }
}

impl<'a> PinV1<'a> {
    pub fn of(pin: &'a Pin) -> Self {
        PinV1 { version: pin.version, blob: &pin.blob }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct LabelV1<'a> {
    /// The prompt's name; absent if no prompt has the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    id: &'a str,
    /// Absent for a version that is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(flatten)]
    pin: PinV1<'a>,
    /// The number of the prompt's newest version, where history tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<u32>,
    /// sure, renumbered (history was rewritten), lost (no version has the content) or unknown.
    state: &'static str,
    /// The number that the content has now, if it is not the one that is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<u32>,
}

pub fn objects(listed: &[Listed]) -> Vec<LabelV1<'_>> {
    listed.iter().map(LabelV1::of).collect()
}

impl<'a> LabelV1<'a> {
    fn of(listed: &'a Listed) -> Self {
        let (state, now) = match listed.state {
            State::Sure => ("sure", None),
            State::Renumbered(number) => ("renumbered", Some(number)),
            State::Lost => ("lost", None),
            State::Unknown => ("unknown", None),
        };
        LabelV1 {
            prompt: listed.prompt.as_deref(),
            id: &listed.id,
            label: listed.label.as_deref(),
            pin: PinV1::of(&listed.pin),
            newest: listed.newest,
            state,
            now,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct EventV1<'a> {
    commit: &'a str,
    author: &'a str,
    email: &'a str,
    /// When the author made it, with the offset of their clock.
    time: String,
    subject: &'a str,
    #[serde(flatten)]
    moved: MovedV1<'a>,
}

pub fn events(events: &[Event]) -> Vec<EventV1<'_>> {
    events.iter().map(EventV1::of).collect()
}

impl<'a> EventV1<'a> {
    fn of(event: &'a Event) -> Self {
        let Event { commit, moved } = event;
        EventV1 {
            commit: &commit.id,
            author: &commit.author,
            email: &commit.email,
            time: commit.time.iso(),
            subject: &commit.subject,
            moved: MovedV1::of(moved),
        }
    }
}
