//! For pull requests: a table for each suite, and the cases that flipped below it.

use std::fmt::Write as _;

use crate::app::compare::{Compared, Outcome};
use crate::base::stats::gate::Verdict;
use crate::eval::compare::Group;

use super::super::paint::Paint;
use super::{Cells, NAMED, case, caveats, notes, prompts, sentence, sides, verdict};

pub fn markdown(outcome: &Outcome) -> String {
    let mut out = format!("### Quality: {} → {}\n", cell(&outcome.base), cell(&outcome.head));
    for compared in &outcome.suites {
        out += &suite(outcome, compared);
    }
    for note in notes(outcome) {
        let _ = write!(out, "\n{}\n", cell(&note));
    }
    out
}

fn suite(outcome: &Outcome, compared: &Compared) -> String {
    let comparison = &compared.comparison;
    let mark = match comparison.verdict() {
        Some(Verdict::Pass) => "✅",
        Some(Verdict::Regression) => "❌",
        Some(Verdict::Inconclusive) | None => "❔",
    };
    let mut out = format!("\n#### {mark} {}\n\n", cell(&compared.suite));
    out += "| prompt | model | cases | measure | before | after | difference | 95 % | p |\n";
    out += "|---|---|--:|---|--:|--:|--:|---|---|\n";
    if comparison.rule.confidence != 0.95 {
        out = out.replacen("95 %", &format!("{:.0} %", comparison.rule.confidence * 100.0), 1);
    }
    for group in comparison.groups.iter().chain(&comparison.all) {
        out += &rows(group);
    }
    for group in comparison.groups.iter().chain(&comparison.all) {
        let told = verdict(group, comparison, Paint::default());
        let _ = write!(out, "\n- {}: {}", name(group), cell(told.trim()));
        for (word, count, changes) in sides(group) {
            if count > 0 {
                let shown: Vec<String> = changes.iter().take(NAMED).map(|change| cell(&case(change, group))).collect();
                let more = if changes.len() > NAMED { " …" } else { "" };
                let _ = write!(out, "\n  - {count} {word}: {}{more}", shown.join(", "));
            }
        }
    }
    out += "\n";
    for line in caveats(compared, outcome) {
        let _ = write!(out, "\n{}\n", cell(&line));
    }
    let _ = write!(out, "\n**{}**\n", cell(sentence(compared, false, Paint::default()).trim()));
    out
}

fn name(group: &Group) -> String {
    if group.model.is_empty() && group.head.is_empty() {
        return "all together".to_owned();
    }
    format!("{}, {}", cell(&prompts(group)), cell(&group.model))
}

fn rows(group: &Group) -> String {
    let mut out = String::new();
    for delta in &group.deltas {
        let Cells { base, head, delta: difference, interval, p } = Cells::of(delta);
        let whose =
            if group.model.is_empty() && group.head.is_empty() { "all together".into() } else { cell(&prompts(group)) };
        let cells = [whose, cell(&group.model), delta.cases.to_string(), cell(delta.measure.name())];
        let _ = writeln!(out, "| {} | {base} | {head} | {difference} | {interval} | {p} |", cells.join(" | "));
    }
    out
}

/// Names are whatever somebody wrote: nothing in them may be taken for Markdown or HTML.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in super::printable(text).chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '~' | '!' => out.extend(['\\', c]),
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            c => out.push(c),
        }
    }
    out
}
