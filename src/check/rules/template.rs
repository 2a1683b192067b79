//! What reading a template reports. The analysis is in `render`; here it gets its names, severities and docs.

use crate::base::Severity;

use crate::check::rule::{How, Rule};

const fn rule(name: &'static str, severity: Severity, doc: &'static str, why: &'static str) -> Rule {
    Rule { name, doc, why, severity, fix: false, how: How::Template }
}

pub const RULES: &[Rule] = &[];
