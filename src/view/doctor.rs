//! The doctor's report.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use crate::app::doctor::{Note, Report, Section, State};

pub fn text(report: &Report, paint: Paint) -> String {
    let mut out = String::new();
    for section in report.sections.iter().filter(|section| !section.notes.is_empty()) {
        out.push_str(&format!("{}\n", paint.bold(section.title)));
        section.notes.iter().for_each(|note| out.push_str(&line(note, paint)));
    }
    out
}

fn line(note: &Note, paint: Paint) -> String {
    let state = match note.state {
        State::Fine => paint.green("ok   "),
        State::Odd => paint.yellow("odd  "),
        State::Wrong => paint.red("wrong"),
    };
    let hint = note.hint.as_ref().map(|hint| format!("        {} {}\n", paint.cyan("hint:"), printable(hint)));
    format!("  {state} {}\n{}", printable(&note.text), hint.unwrap_or_default())
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportV1<'a> {
    /// The worst of all notes.
    state: &'static str,
    sections: Vec<SectionV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SectionV1<'a> {
    title: &'static str,
    notes: Vec<NoteV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NoteV1<'a> {
    /// ok, odd or wrong.
    state: &'static str,
    text: &'a str,
    hint: Option<&'a str>,
}

pub fn object(report: &Report) -> ReportV1<'_> {
    let sections = report.sections.iter();
    ReportV1 { state: word(report.worst()), sections: sections.map(SectionV1::of).collect() }
}

impl SectionV1<'_> {
    fn of(section: &Section) -> SectionV1<'_> {
        SectionV1 { title: section.title, notes: section.notes.iter().map(NoteV1::of).collect() }
    }
}

impl NoteV1<'_> {
    fn of(note: &Note) -> NoteV1<'_> {
        NoteV1 { state: word(note.state), text: &note.text, hint: note.hint.as_deref() }
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Fine => "ok",
        State::Odd => "odd",
        State::Wrong => "wrong",
    }
}
