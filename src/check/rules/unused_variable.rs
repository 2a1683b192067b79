//! Variables that the front matter declares and the template does not use.

use crate::base::Severity;
use crate::base::near::did_you_mean;

use crate::check::hit::Hit;
use crate::check::repository::{Reached, Repository};
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "unused-variable",
    doc: "`input` declares a variable that the template does not use.",
    why: "Whoever calls the prompt has to find a value for it, and it changes nothing. Most often it was renamed in one \
          of the two places. Included files are looked into; if one of them cannot be known, nothing is reported.",
    severity: Severity::Warning,
    fix: false,
    how: How::Repository(check),
};

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    for (index, facts) in repository.facts().filter(|(_, facts)| !facts.declared.is_empty()) {
        let reached = repository.reach(index);
        let complete = |reached: &Reached<'_>| reached.known && repository.members[reached.file].summary.facts.complete;
        if !reached.iter().all(complete) {
            continue;
        }
        let used = || reached.iter().flat_map(|reached| reached.used(repository)).map(|used| used.name);
        for name in facts.declared.iter().filter(|name| !used().any(|used| used == name.text)) {
            let hit = Hit::at(RULE.name, name.at, format!("the variable `{}` is declared and never used", name.text));
            out.push((index, hit.hint_if(did_you_mean(name.text, used()))));
        }
    }
}
