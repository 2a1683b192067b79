//! A prompt whose parent is gone.

use crate::base::Severity;

use crate::check::facts::Target;
use crate::check::hit::Hit;
use crate::check::repository::Repository;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "lost-parent",
    doc: "`origin.parent` names a prompt that is no longer in the repository.",
    why: "The parent may have been deleted on purpose; history still has it. It is worth a look if it was renamed \
          without its id.",
    severity: Severity::Note,
    fix: false,
    how: How::Repository(check),
};

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    for (index, facts) in repository.facts() {
        for parent in facts.references.iter().filter(|reference| reference.to == Target::Parent) {
            let name = parent.text.split('@').next().unwrap_or(parent.text);
            if repository.prompt(name).is_none() {
                let message = format!("`origin.parent` names `{name}`, which is not here any more");
                out.push((index, Hit::at(RULE.name, parent.at, message)));
            }
        }
    }
}
