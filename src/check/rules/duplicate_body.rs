//! Two prompts with the same text.

use std::collections::HashMap;

use crate::base::Severity;

use crate::check::hit::Hit;
use crate::check::repository::Repository;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "duplicate-body",
    doc: "Another prompt has the same text.",
    why: "That may be meant, for instance to run one text with two models. If it is not, one of them will be improved \
          and the other forgotten: keep one, or move the text into a partial that both include.",
    severity: Severity::Note,
    fix: false,
    how: How::Repository(check),
};

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    let mut first: HashMap<u64, usize> = HashMap::with_capacity(repository.members.len());
    for (index, facts) in repository.facts() {
        let Some(body) = facts.body else { continue };
        let first = *first.entry(body).or_insert(index);
        if first != index {
            let message = format!("the text is the same as in `{}`", repository.name(first));
            out.push((index, Hit::file(RULE.name, message).see(first, None, "the same text")));
        }
    }
}
