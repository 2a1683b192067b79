//! Which fixes of a file can be applied together.

use crate::base::{Edit, Finding};

/// The edits of the safe fixes, in order, leaving out fixes that touch what an earlier one changes. What is left out
/// is found again when the file is checked next.
pub fn edits<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Edit> {
    let mut taken: Vec<Edit> = Vec::new();
    for fix in findings.into_iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.safe) {
        if fix.edits.iter().all(|edit| taken.iter().all(|other| apart(edit, other))) {
            taken.extend(fix.edits.iter().cloned());
        }
    }
    taken
}

/// Whether two edits neither overlap nor touch.
fn apart(a: &Edit, b: &Edit) -> bool {
    a.span.end < b.span.start || b.span.end < a.span.start
}

/// Whether the finding has a fix that `--fix` applies.
pub fn is_fixable(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|fix| fix.safe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Fix, Place, Span};

    fn finding(start: usize, end: usize, safe: bool) -> Finding {
        let edits = vec![Edit { span: Span::new(start, end), text: "x".into() }];
        Finding::error("r", Place::file("a"), "m").fix(Fix { title: "t".into(), edits, safe })
    }

    #[test]
    fn only_safe_fixes_that_do_not_touch_are_taken() {
        let findings = [finding(0, 2, true), finding(2, 3, true), finding(5, 6, false), finding(8, 9, true)];
        let spans: Vec<usize> = edits(&findings).iter().map(|edit| edit.span.start).collect();
        assert_eq!(spans, [0, 8]);
    }
}
