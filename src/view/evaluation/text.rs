//! An evaluation for the terminal: a table that fits the window, and what did not pass.

use unicode_width::UnicodeWidthStr;

use crate::eval::tally::{Column, Fault, Sum, Tally};
use crate::model::Verdict;

use super::super::paint::{Paint, printable};
use super::super::table::columns;
use super::Cells;

/// How many cases that did not pass are shown, if nothing else is wanted.
pub const FAULTS: usize = 10;

/// The sums, then what did not pass.
pub fn report(suite: &str, tally: &Tally, paint: Paint, width: Option<usize>) -> String {
    let line = super::verdict(&printable(suite), &tally.total);
    let counts = tally.total.counts;
    let line = match () {
        () if counts.failed > 0 => paint.red(&line),
        () if counts.undecided > 0 => paint.yellow(&line),
        () => paint.green(&line),
    };
    format!("{line}\n\n{}{}", table(tally, width), faults(tally, paint, width))
}

/// Prompts with models: the richest table that fits, and if none does, two lines for each.
pub fn table(tally: &Tally, width: Option<usize>) -> String {
    let rows: Vec<(&Column, Cells)> = tally.columns.iter().map(|(column, sum)| (column, Cells::of(sum))).collect();
    let priced = rows.iter().any(|(_, cells)| !cells.cost.is_empty());
    let kinds: &[&[Kind]] = &[
        &[Kind::Pass, Kind::Rate, Kind::Interval, Kind::Score, Kind::Undecided, Kind::Tokens, Kind::Cost],
        &[Kind::Pass, Kind::Rate, Kind::Interval, Kind::Score, Kind::Undecided, Kind::Cost],
        &[Kind::Pass, Kind::Rate, Kind::Interval, Kind::Undecided],
    ];
    for kinds in kinds {
        let kinds: Vec<Kind> = kinds.iter().copied().filter(|kind| *kind != Kind::Cost || priced).collect();
        let table = columns(&wide(&rows, &kinds), None);
        if width.is_none_or(|width| table.lines().all(|line| line.width() <= width)) {
            return table;
        }
    }
    rows.iter().map(|(column, cells)| narrow(column, cells)).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pass,
    Rate,
    Interval,
    Score,
    Undecided,
    Tokens,
    Cost,
}

impl Kind {
    fn head(self) -> &'static str {
        match self {
            Kind::Pass => "pass",
            Kind::Rate => "rate",
            Kind::Interval => "95 %",
            Kind::Score => "score",
            Kind::Undecided => "undecided",
            Kind::Tokens => "tokens",
            Kind::Cost => "cost",
        }
    }

    fn of(self, cells: &Cells) -> &str {
        match self {
            Kind::Pass => &cells.pass,
            Kind::Rate => &cells.rate,
            Kind::Interval => &cells.interval,
            Kind::Score => &cells.score,
            Kind::Undecided => &cells.undecided,
            Kind::Tokens => &cells.tokens,
            Kind::Cost => &cells.cost,
        }
    }
}

fn wide(rows: &[(&Column, Cells)], kinds: &[Kind]) -> Vec<Vec<String>> {
    let head = ["prompt", "model"].into_iter().chain(kinds.iter().map(|kind| kind.head()));
    let row = |(column, cells): &(&Column, Cells)| {
        let names = [printable(&column.prompt), printable(&column.engine())];
        names.into_iter().chain(kinds.iter().map(|kind| kind.of(cells).to_owned())).collect()
    };
    std::iter::once(head.map(str::to_owned).collect()).chain(rows.iter().map(row)).collect()
}

fn narrow(column: &Column, cells: &Cells) -> String {
    let undecided = if cells.undecided == "0" { String::new() } else { format!(", {} undecided", cells.undecided) };
    format!(
        "{} · {}\n  {} ({}, {}){undecided}\n",
        printable(&column.prompt),
        printable(&column.engine()),
        cells.pass,
        cells.rate,
        cells.interval
    )
}

/// What did not pass and why, as far as it was kept.
fn faults(tally: &Tally, paint: Paint, width: Option<usize>) -> String {
    let mut out = String::new();
    let many = tally.columns.len() > 1;
    for (verdict, title) in [(Verdict::Failed, "failed"), (Verdict::Undecided, "undecided")] {
        let rows: Vec<Vec<String>> = tally
            .faults
            .iter()
            .filter(|fault| fault.verdict == verdict)
            .map(|fault| row(fault, many, &tally.total))
            .collect();
        if !rows.is_empty() {
            out.push_str(&format!("\n{}\n{}", paint.bold(title), columns(&rows, width)));
        }
    }
    match tally.more_faults() {
        0 => out,
        _ if tally.faults.is_empty() => out,
        more => format!("{out}\n{more} more did not pass\n"),
    }
}

fn row(fault: &Fault, many: bool, total: &Sum) -> Vec<String> {
    let case = if fault.repeat > 1 || total.flaky > 0 {
        format!("  {} #{}", fault.case, fault.repeat)
    } else {
        format!("  {}", fault.case)
    };
    let one_line = |text: &str| printable(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut row = vec![one_line(&case)];
    row[0].insert_str(0, "  ");
    if many {
        row.push(printable(&fault.column.prompt));
        row.push(printable(&fault.column.engine()));
    }
    let check = fault.check.as_deref().map(|check| format!("{}: ", printable(check))).unwrap_or_default();
    row.push(format!("{check}{}", one_line(&fault.reason)));
    row
}
