//! A review as Markdown, for the comment of a bot or the summary of a job. What comes from prompts stands in code.

use crate::app::diff::Changed;
use crate::app::review::{Dependant, Outcome};
use crate::base::Finding;

use super::super::diff::markdown::{cell, code, prompt};
use super::super::diff::{Shown, class_word, heading, tokens};
use super::super::finding::position;

/// What the largest forge takes for a comment, less room for what a bot puts around it.
pub const ROOM: usize = 65_536 - 1_024;

/// The report in so many characters: details that do not fit are left out, and that is said.
pub fn report(outcome: &Outcome, room: usize) -> String {
    let mut out = format!("## Prompt review: {}\n\n", super::verdict(outcome));
    let foot = foot(outcome);
    let left = |out: &String| room.saturating_sub(out.chars().count() + foot.chars().count() + 400);
    let parts =
        [findings(outcome), super::quality::markdown(outcome), overview(outcome), labels(outcome), dependants(outcome)];
    for (part, what) in parts.into_iter().zip(["findings", "suites", "changed prompts", "label moves", "dependants"]) {
        out.push_str(&fit(part, left(&out), what));
    }
    let mut missing = 0;
    let mut details = outcome.prompts.iter().map(|changed| prompt(changed, Shown::default()) + "\n").peekable();
    if details.peek().is_some() {
        out.push_str("## Changes\n\n");
    }
    for detail in details {
        if missing == 0 && detail.chars().count() <= left(&out) {
            out.push_str(&detail);
        } else {
            missing += 1;
        }
    }
    if missing > 0 {
        out.push_str(&format!("The changes of {} did not fit here.\n\n", super::count(missing, "prompt")));
    }
    out + &foot
}

/// A heading and its lines, as many as there is room for.
fn fit(part: Option<(String, Vec<String>)>, room: usize, what: &str) -> String {
    let Some((head, lines)) = part else { return String::new() };
    let (mut out, mut shown) = (head, 0);
    for line in &lines {
        if out.chars().count() + line.chars().count() + 100 > room {
            break;
        }
        out.push_str(line);
        shown += 1;
    }
    let rest = lines.len() - shown;
    let note = if rest > 0 { format!("\n{rest} more {what} did not fit here.\n") } else { String::new() };
    if shown == 0 && rest > 0 { note + "\n" } else { format!("{out}{note}\n") }
}

fn findings(outcome: &Outcome) -> Option<(String, Vec<String>)> {
    let row = |finding: &&Finding| {
        let blocks = outcome.fail_on.is_some_and(|least| finding.severity >= least);
        let word = super::severity(finding.severity);
        let word = if blocks { format!("**{word}**") } else { word.to_owned() };
        format!(
            "| {word} | {} | {} | {} |\n",
            cell(&position(&finding.place)),
            cell(&finding.message),
            cell(&finding.rule)
        )
    };
    let rows: Vec<String> = super::by_severity(outcome).iter().map(row).collect();
    let head = "## New findings\n\n| | where | what | rule |\n|---|---|---|---|\n";
    (!rows.is_empty()).then(|| (head.to_owned(), rows))
}

fn overview(outcome: &Outcome) -> Option<(String, Vec<String>)> {
    let row = |changed: &Changed| {
        let counted = changed.tokens.as_ref().map(tokens).unwrap_or_default();
        format!(
            "| {} | {} | {counted} | {} |\n",
            cell(&heading(changed)),
            class_word(changed.class()),
            cell(&changed.summary())
        )
    };
    let rows: Vec<String> = outcome.prompts.iter().map(row).collect();
    let head = "## Prompts\n\n| prompt | class | tokens | what changed |\n|---|---|---|---|\n";
    (!rows.is_empty()).then(|| (head.to_owned(), rows))
}

fn labels(outcome: &Outcome) -> Option<(String, Vec<String>)> {
    let row =
        |(label, whose, how): (String, String, String)| format!("| {} | {} | {how} |\n", cell(&label), cell(&whose));
    let rows: Vec<String> = outcome.labels.iter().map(|moved| row(super::label_move(moved))).collect();
    let head = "## Labels\n\n| label | prompt | now |\n|---|---|---|\n";
    (!rows.is_empty()).then(|| (head.to_owned(), rows))
}

fn dependants(outcome: &Outcome) -> Option<(String, Vec<String>)> {
    let line = |dependant: &Dependant| {
        let through: Vec<String> = dependant.through.iter().map(|name| code(name)).collect();
        format!("- {} includes {}\n", code(&dependant.name), through.join(", "))
    };
    let lines: Vec<String> = outcome.dependants.iter().map(line).collect();
    (!lines.is_empty()).then(|| ("## Also affected, through what they include\n\n".to_owned(), lines))
}

fn foot(outcome: &Outcome) -> String {
    let short = |id: &str| id.chars().take(12).collect::<String>();
    let tokens = super::token_delta(outcome)
        .map(|delta| format!("Tokens {delta} in all; cost unknown, because no price is configured. "));
    let mended = match outcome.mended {
        0 => String::new(),
        mended => format!("{} gone. ", super::count(mended, "finding")),
    };
    format!(
        "---\n{}{mended}From {} to {}; the same again: {}\n",
        tokens.unwrap_or_default(),
        code(&short(&outcome.base)),
        code(&short(&outcome.head)),
        code(&super::again(outcome))
    )
}
