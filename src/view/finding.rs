//! Findings and errors for people.

use unicode_width::UnicodeWidthStr;

use crate::base::{Error, Finding, Place, Severity};

use super::paint::{Paint, printable};

/// A finding with its source line, a mark under the place, and what to do next.
pub fn text(finding: &Finding, paint: Paint) -> String {
    let severity = match finding.severity {
        Severity::Error => paint.red("error"),
        Severity::Warning => paint.yellow("warning"),
        Severity::Note => paint.blue("note"),
    };
    let rule = paint.dim(&format!("[{}]", finding.rule));
    let mut out = format!("{}: {severity}: {} {rule}\n", position(&finding.place), printable(&finding.message));
    out.push_str(&excerpt(&finding.place, paint));
    for (place, what) in &finding.related {
        out.push_str(&format!("  {}: {}\n", position(place), printable(what)));
    }
    for hint in &finding.hints {
        out.push_str(&format!("  {} {}\n", paint.cyan("hint:"), printable(hint)));
    }
    if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safe) {
        out.push_str(&format!("  {} {}\n", paint.cyan("fix:"), printable(&fix.title)));
    }
    out
}

pub fn error(error: &Error, paint: Paint) -> String {
    let mut out = format!("{} {}\n", paint.red("error:"), printable(error.message()));
    for cause in error.causes() {
        out.push_str(&format!("  {} {}\n", paint.dim("because:"), printable(&cause)));
    }
    for finding in error.places() {
        out.push_str(&text(finding, paint));
    }
    for hint in error.hints() {
        out.push_str(&format!("{} {}\n", paint.cyan("hint:"), printable(hint)));
    }
    out
}

/// `path:line:column`, as terminals and editors make it a link.
pub fn position(place: &Place) -> String {
    let path = printable(&place.path);
    if place.is_exact() { format!("{path}:{}:{}", place.line, place.column) } else { path }
}

/// The source line, cut to a readable piece around the place, and carets under it.
fn excerpt(place: &Place, paint: Paint) -> String {
    const WIDTH: usize = 100;
    if !place.is_exact() || place.source.trim().is_empty() {
        return String::new();
    }
    let column = place.column.saturating_sub(1) as usize;
    let skip = if column > WIDTH - 20 { column - 40 } else { 0 };
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let shown: String = place.source.chars().skip(skip).take(WIDTH).map(clean).collect();
    let before: String = shown.chars().take(column - skip).collect();
    let length =
        if place.end_line == place.line { place.end_column.saturating_sub(place.column) as usize } else { usize::MAX };
    let marked: String = shown.chars().skip(column - skip).take(length).collect();
    let carets = "^".repeat(printable(&marked).trim_end().width().max(1));
    let lead = if skip > 0 { "…" } else { "" };
    let gutter = format!("{:>4} | ", place.line);
    let pad = " ".repeat(printable(&before).width() + lead.width());
    format!(
        "{}{lead}{}\n{}{pad}{}\n",
        paint.dim(&gutter),
        printable(&shown),
        " ".repeat(gutter.len()),
        paint.red(&carets)
    )
}
