//! Lines that look like message markers and are not.

use crate::base::{Edit, Fix, Severity};

use crate::check::body;
use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "near-marker",
    doc: "A line looks like a message marker (`User:`, ` user:`, `# user:`) and is read as text.",
    why: "A message starts at a line that is exactly `system:`, `developer:`, `user:`, `assistant:` or `tool:`, in lower \
          case and without anything before it. A line that is nearly one stays text of the message before it. If that is \
          meant, allow it, or put it in a code block.",
    severity: Severity::Warning,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    if !body::has_line_markers(file) {
        return;
    }
    for line in body::lines(file.body(), file.body_start()).filter(|line| line.literal && !line.fenced) {
        let Some(marker) = near(line.text) else { continue };
        let message = format!("`{}` does not start a message", line.text.trim());
        let edits = vec![Edit { span: line.span, text: marker.clone() }];
        // Whether a message was meant only the author knows, so the fix is shown and never applied.
        let fix = Fix { title: format!("write `{marker}`"), edits, safe: false };
        let hit = Hit::at(RULE.name, line.span, message)
            .hint(format!("a message starts at a line that is exactly `{marker}`"));
        out.push(Hit { fix: Some(fix), ..hit });
    }
}

/// The marker that a line nearly is.
fn near(line: &str) -> Option<String> {
    if !line.trim_end().ends_with(':') || body::marker(line).is_some() {
        return None;
    }
    let word = line.trim().trim_start_matches('#').trim_start().trim_end_matches(':').trim_end().to_lowercase();
    let marker = format!("{word}:");
    body::marker(&marker).is_some().then_some(marker)
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn only_near_misses_are_near() {
        for line in ["User:", " user:", "# user:", "### System :", "ASSISTANT:", "\tuser:  "] {
            assert!(near(line).is_some(), "{line:?}");
        }
        for line in ["user:", "user:  ", "user: hello", "The user:", "users:", "model:", ":", "#", ""] {
            assert!(near(line).is_none(), "{line:?}");
        }
    }
}
