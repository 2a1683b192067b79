//! A variant in the front matter that is not the one in the file's name.

use crate::base::Severity;
use crate::format::naming;

use crate::check::hit::Hit;
use crate::check::repository::Repository;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "variant-conflict",
    doc: "`variant` in the front matter is not the variant in the file's name.",
    why: "A variant is chosen by the file's name, `name.variant.md`. A different word in the front matter would be \
          believed by one program and not by another. Rename the file, or remove the field.",
    severity: Severity::Error,
    fix: false,
    how: How::Repository(check),
};

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    for (index, facts) in repository.facts() {
        let Some(written) = facts.variant else { continue };
        let named = naming::name_of(repository.path(index)).variant;
        if named.as_deref() == Some(written.text) {
            continue;
        }
        let message = match named {
            Some(named) => format!("`variant` is `{}`, and the file's name says `{named}`", written.text),
            None => format!("`variant` is `{}`, and the file's name has none", written.text),
        };
        out.push((index, Hit::at(RULE.name, written.at, message)));
    }
}
