//! What a command changes or would change in a file, as a unified diff.

use similar::{ChangeTag, TextDiff};

use super::paint::{Paint, printable};

pub fn unified(path: &str, before: &str, after: &str, paint: Paint) -> String {
    let diff = TextDiff::from_lines(before, after);
    let path = printable(path);
    let mut out = format!("{}\n{}\n", paint.bold(&format!("--- a/{path}")), paint.bold(&format!("+++ b/{path}")));
    for hunk in diff.unified_diff().context_radius(2).iter_hunks() {
        out.push_str(&format!("{}\n", paint.cyan(hunk.header().to_string().trim_end())));
        for change in hunk.iter_changes() {
            let line = printable(change.value().trim_end_matches(['\n', '\r']));
            let line = match change.tag() {
                ChangeTag::Delete => paint.red(&format!("-{line}")),
                ChangeTag::Insert => paint.green(&format!("+{line}")),
                ChangeTag::Equal => format!(" {line}"),
            };
            out.push_str(&format!("{line}\n"));
        }
    }
    out
}
