//! Findings as annotations of a GitHub workflow.
//!
//! Whatever a job prints may hold commands for the runner, and prompts may hold anything. So every text is escaped as
//! the runner unescapes it, and no other line may look like a command.

use crate::base::{Finding, Place, Severity};

use super::finding::position;
use super::paint::printable;

/// GitHub shows so many annotations of a level for one step and drops the rest silently.
const SHOWN: usize = 10;

/// The most serious findings as annotations, the rest as plain lines of the log.
pub fn annotations(findings: &[Finding]) -> String {
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let level: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == severity).collect();
        let (shown, rest) = level.split_at(level.len().min(SHOWN));
        shown.iter().for_each(|finding| out.push_str(&annotation(finding)));
        rest.iter().for_each(|finding| out.push_str(&line(finding)));
        if !rest.is_empty() {
            let word = severity.word();
            out.push_str(&format!(
                "- GitHub shows {SHOWN} annotations of a level; {} more of level {word} above\n",
                rest.len()
            ));
        }
    }
    out
}

fn annotation(finding: &Finding) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let Place { path, line, column, end_line, end_column, .. } = &finding.place;
    let mut properties = format!("file={}", property(path));
    if finding.place.is_exact() {
        properties.push_str(&format!(",line={line},endLine={end_line}"));
        // Columns are only understood within one line.
        if line == end_line {
            properties.push_str(&format!(",col={column},endColumn={end_column}"));
        }
    }
    let message = std::iter::once(&finding.message).chain(&finding.hints).map(|text| printable(text));
    let message = data(&message.collect::<Vec<_>>().join("\n"));
    format!("::{command} {properties},title={}::{message}\n", property(&finding.rule))
}

/// A finding as a line that is no command: it does not begin with one, and holds none of the old kind.
fn line(finding: &Finding) -> String {
    let text = format!(
        "{}: {}: {} [{}]",
        position(&finding.place),
        finding.severity.word(),
        printable(&finding.message),
        finding.rule
    );
    format!("- {}\n", text.replace(['\n', '\r'], " ").replace("##[", "# #["))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&printable(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finding(path: &str, message: &str, severity: Severity) -> Finding {
        let place = Place { path: path.into(), line: 2, column: 3, end_line: 2, end_column: 5, ..Place::default() };
        Finding::new("some-rule", severity, place, message).hint("do: this, 100%")
    }

    #[test]
    fn says_where_and_what() {
        assert_eq!(
            annotations(&[finding("a,b.md", "x: y", Severity::Warning)]),
            "::warning file=a%2Cb.md,line=2,endLine=2,col=3,endColumn=5,title=some-rule::x: y%0Ado: this, 100%25\n"
        );
    }

    proptest! {
        /// However hostile the texts, each finding is one line, and only ours are commands.
        #[test]
        fn texts_cannot_inject_commands(
            path in "(::|##\\[|[\\PC\r\n:,%]){0,12}",
            message in "(::error::|##\\[group\\]|[\\PC\r\n\u{85}\u{2028}:,%]){0,20}",
        ) {
            let findings: Vec<Finding> = (0..SHOWN + 2).map(|_| finding(&path, &message, Severity::Error)).collect();
            let text = annotations(&findings);
            let lines: Vec<&str> = text.split(['\n', '\r']).filter(|line| !line.is_empty()).collect();
            prop_assert_eq!(lines.len(), SHOWN + 3);
            let commands = lines.iter().filter(|line| line.trim_start().starts_with("::")).count();
            prop_assert_eq!(commands, SHOWN);
            for line in &lines[..SHOWN] {
                // The runner reads properties up to the next `::`, so none may stand in them.
                let properties = line.strip_prefix("::error ").and_then(|rest| rest.split("::").next()).unwrap_or("");
                prop_assert!(properties.ends_with(",title=some-rule"), "{}", line);
                prop_assert_eq!(properties.split(',').count(), 6);
            }
            prop_assert!(lines[SHOWN..].iter().all(|line| !line.contains("##[")));
        }
    }
}
