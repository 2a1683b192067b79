//! An include whose file only rendering tells.

use crate::base::Severity;

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "dynamic-include",
    doc: "The name of an included file is computed.",
    why: "Nothing can say before rendering which files the prompt depends on, so neither its variables nor its \
          fingerprint are known. Write the names out, for instance as one `include` in each branch of an `if`.",
    severity: Severity::Warning,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    let includes = file.uses.into_iter().flat_map(|uses| &uses.includes);
    for include in includes.filter(|include| include.names.is_none()) {
        out.push(Hit::at(RULE.name, include.span, "the name of the included file is computed"));
    }
}
