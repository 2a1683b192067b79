//! The doctor's report.

use serde_json::{Value, json};

use super::paint::{Paint, printable};
use crate::app::doctor::{Note, Report, State};

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

pub fn object(report: &Report) -> Value {
    let note = |note: &Note| json!({"state": word(note.state), "text": note.text, "hint": note.hint});
    let sections = report
        .sections
        .iter()
        .map(|section| json!({"title": section.title, "notes": section.notes.iter().map(note).collect::<Vec<_>>()}));
    json!({"state": word(report.worst()), "sections": sections.collect::<Vec<_>>()})
}

fn word(state: State) -> &'static str {
    match state {
        State::Fine => "ok",
        State::Odd => "odd",
        State::Wrong => "wrong",
    }
}
