//! An evaluation as Markdown, for the comment of a bot or the summary of a job. What comes from prompts, cases and
//! models stands in code.

use crate::eval::tally::{Column, Fault, Sum, Tally};

use super::super::diff::markdown::cell;
use super::{Cells, sign};

/// The longest reason that is shown.
const REASON: usize = 300;

/// The report in so many characters: what does not fit is left out, and that is said.
pub fn report(suite: &str, tally: &Tally, room: usize) -> String {
    let head = format!("## Evaluation of {}: {}\n\n{}", cell(suite), super::outcome(&tally.total), table(tally));
    format!("{head}{}", faults(tally, room.saturating_sub(head.chars().count())))
}

/// Prompts with models.
pub fn table(tally: &Tally) -> String {
    let rows: Vec<(&Column, Cells)> = tally.columns.iter().map(|(column, sum)| (column, Cells::of(sum))).collect();
    let priced = rows.iter().any(|(_, cells)| !cells.cost.is_empty());
    let (head, rule) = if priced { (" cost |", "---:|") } else { ("", "") };
    let mut out = format!(
        "| prompt | model | pass | rate | 95 % | score | undecided | tokens |{head}\n\
         |---|---|---:|---:|---|---:|---:|---|{rule}\n"
    );
    for (column, cells) in rows {
        let cost = if priced { format!(" {} |", cells.cost) } else { String::new() };
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |{cost}\n",
            cell(&column.prompt),
            cell(&column.engine()),
            cells.pass,
            cells.rate,
            cells.interval,
            cells.score,
            cells.undecided,
            cells.tokens,
        ));
    }
    out
}

/// What did not pass, folded away.
fn faults(tally: &Tally, room: usize) -> String {
    let Sum { counts, .. } = tally.total;
    let all = counts.failed + counts.undecided;
    if tally.faults.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "\n<details><summary>{} did not pass</summary>\n\n| | case | prompt | model | why |\n|---|---|---|---|---|\n",
        super::counted(all, "answer")
    );
    let mut used = out.chars().count() + 200;
    let mut shown = 0;
    for fault in &tally.faults {
        let row = row(fault, &tally.total);
        used += row.chars().count();
        if used > room {
            break;
        }
        out.push_str(&row);
        shown += 1;
    }
    if all > shown {
        out.push_str(&format!("\n{} more did not fit here.\n", all - shown));
    }
    out + "\n</details>\n"
}

fn row(fault: &Fault, total: &Sum) -> String {
    let case = if fault.repeat > 1 || total.flaky > 0 {
        format!("{} #{}", fault.case, fault.repeat)
    } else {
        fault.case.clone()
    };
    let check = fault.check.as_deref().map(|check| format!("{} ", cell(check))).unwrap_or_default();
    let mut reason: String = fault.reason.chars().take(REASON).collect();
    if reason.len() < fault.reason.len() {
        reason.push('…');
    }
    format!(
        "| {} | {} | {} | {} | {check}{} |\n",
        sign(fault.verdict),
        cell(&case),
        cell(&fault.column.prompt),
        cell(&fault.column.engine()),
        cell(&reason)
    )
}
