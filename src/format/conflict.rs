//! Conflicts that a merge left in a file.

use crate::base::Span;

use super::yaml::Problem;

/// The stretches between git's markers, with the markers. A line of `=` alone is a heading in Markdown, so only the three
/// markers in their order count.
pub fn regions(text: &str) -> Vec<Span> {
    let mut regions = Vec::new();
    // Nearly all files hold none, and a look at a hundred thousand of them must cost nothing.
    if memchr::memmem::find(text.as_bytes(), b"<<<<<<<").is_none() {
        return regions;
    }
    let mut open: Option<(usize, bool)> = None;
    let mut at = 0;
    for raw in text.split_inclusive('\n') {
        let line = raw.trim_end_matches(['\n', '\r']).trim_start_matches(crate::base::text::BOM);
        open = match open {
            _ if is_marker(line, '<') => Some((at, false)),
            Some((start, _)) if is_marker(line, '=') => Some((start, true)),
            Some((start, true)) if is_marker(line, '>') => {
                regions.push(Span::new(start, at + line.len()));
                None
            }
            open => open,
        };
        at += raw.len();
    }
    regions
}

/// Seven of one sign at the start of a line, then nothing or a label.
fn is_marker(line: &str, sign: char) -> bool {
    let rest = line.trim_start_matches(sign);
    line.len() - rest.len() >= 7 && (rest.is_empty() || rest.starts_with(' '))
}

/// What is wrong with a text that holds conflicts.
pub(super) fn problems(text: &str) -> Vec<Problem> {
    let problem = |region: &Span| Problem {
        rule: "merge-conflict",
        message: format!("a merge left a conflict here, {} lines long", region.text(text).lines().count()),
        span: Span::new(region.start, region.start + region.text(text).find(['\r', '\n']).unwrap_or(7)),
        hint: Some("keep what is right, take the lines of `<`, `=` and `>` out, and `palc merge --continue`".into()),
    };
    regions(text).iter().map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_conflicts_count() {
        let text = "a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n";
        assert_eq!(regions(text), [Span::new(2, text.len() - 1)]);
        for text in [
            "Title\n=======\n",
            "<<<<<<< a\n>>>>>>> b\n",
            "x <<<<<<< a\n=======\n>>>>>>> b\n",
            "<<<<<<<a\n=======\n>>>>>>> b\n",
        ] {
            assert!(regions(text).is_empty(), "{text}");
        }
    }
}
