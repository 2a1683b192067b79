//! What a command changes or would change in a file, as a unified diff.

use similar::TextDiff;

use super::paint::{Paint, printable};

/// With the names of both files.
pub fn unified(path: &str, before: &str, after: &str, paint: Paint) -> String {
    let path = printable(path);
    let names = format!("{}\n{}\n", paint.bold(&format!("--- a/{path}")), paint.bold(&format!("+++ b/{path}")));
    names + &hunks(before, after, paint)
}

/// The hunks alone, safe to show.
pub fn hunks(before: &str, after: &str, paint: Paint) -> String {
    let line = |line: &str| match line.chars().next() {
        Some('+') => format!("{}\n", paint.green(&printable(line))),
        Some('-') => format!("{}\n", paint.red(&printable(line))),
        Some('@') => format!("{}\n", paint.cyan(line)),
        _ => format!("{}\n", printable(line)),
    };
    plain(before, after).lines().map(line).collect()
}

/// The hunks byte for byte, for programs.
pub fn plain(before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().context_radius(2).to_string()
}
