//! A review on a terminal, or in the log of a job.

use crate::app::review::Outcome;

use super::super::diff::{Shown, markdown::inert, text};
use super::super::finding;
use super::super::paint::{Paint, visible};
use super::super::table::columns;

pub fn report(outcome: &Outcome, paint: Paint) -> String {
    let mut out = format!("{}\n", paint.bold(&super::verdict(outcome)));
    for found in super::by_severity(outcome) {
        out.push_str(&finding::text(found, paint));
    }
    if outcome.mended > 0 {
        out.push_str(&format!("{} gone\n", super::count(outcome.mended, "finding")));
    }
    out.push_str(&super::quality::text(outcome, paint));
    for changed in &outcome.prompts {
        out.push_str(&format!("\n{}", text::prompt(changed, Shown::default(), paint)));
    }
    if !outcome.dependants.is_empty() {
        let row = |dependant: &crate::app::review::Dependant| {
            vec![
                format!("  {}", visible(&dependant.name)),
                format!("includes {}", visible(&dependant.through.join(", "))),
            ]
        };
        let rows: Vec<Vec<String>> = outcome.dependants.iter().map(row).collect();
        out.push_str(&format!(
            "\n{}\n{}",
            paint.bold("also affected, through what they include"),
            columns(&rows, None)
        ));
    }
    if !outcome.labels.is_empty() {
        let row = |(label, whose, how): (String, String, String)| vec![format!("  {label}"), whose, how];
        let rows: Vec<Vec<String>> = outcome.labels.iter().map(|moved| row(super::label_move(moved))).collect();
        out.push_str(&format!("\n{}\n{}", paint.bold("labels"), columns(&rows, None)));
    }
    if let Some(delta) = super::token_delta(outcome) {
        out.push_str(&format!("\ntokens {delta} in all; cost unknown, because no price is configured\n"));
    }
    out.lines().map(|line| format!("{}\n", harmless(line))).collect()
}

/// A line that no runner takes for a command.
fn harmless(line: &str) -> String {
    let commands = line.trim_start().starts_with("::") || line.contains("##[");
    if commands { inert(line) } else { line.to_owned() }
}
