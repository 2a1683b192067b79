//! Variables that the template uses and the front matter does not declare.

use std::collections::HashSet;

use crate::base::Severity;
use crate::base::near::did_you_mean;

use crate::render::actions::CONTEXT_KEY;

use crate::check::facts::Use;
use crate::check::hit::Hit;
use crate::check::repository::Repository;
use crate::check::rule::{How, Rule};
use crate::check::summary::Spot;

pub const RULE: Rule = Rule {
    name: "undeclared-variable",
    doc: "The template uses a variable that `input` does not declare.",
    why: "A prompt that declares its input is a contract: whoever calls it reads there what to give. Variables of \
          included files count too. Prompts without `input`, and variables that `default` or `is defined` guards, are \
          left alone.",
    severity: Severity::Warning,
    fix: false,
    how: How::Repository(check),
};

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    for (index, facts) in repository.facts().filter(|(_, facts)| !facts.declared.is_empty()) {
        // What palc itself gives to every template counts as declared.
        let declared = || facts.declared.iter().map(|name| name.text).chain([CONTEXT_KEY]);
        let mut told = HashSet::new();
        for reached in repository.reach(index) {
            for used in reached.used(repository).filter(|used| !used.optional) {
                if !declared().any(|name| name == used.name) && told.insert(used.name) {
                    let hit = match reached.via {
                        None => here(used),
                        Some(via) => included(used.name, via).see(reached.file, Some(used.at.into()), "used here"),
                    };
                    out.push((index, hit.hint_if(did_you_mean(used.name, declared()))));
                }
            }
        }
    }
}

fn here(used: &Use<'_>) -> Hit {
    Hit::at(RULE.name, used.at, format!("the variable `{}` is not declared under `input`", used.name))
}

fn included(name: &str, via: Spot) -> Hit {
    Hit::at(RULE.name, via, format!("the included file uses `{name}`, which is not declared under `input`"))
}
