//! Variables that the template uses and the front matter does not declare.

use std::collections::BTreeMap;

use crate::base::Severity;
use crate::base::near::did_you_mean;

use crate::check::hit::Hit;
use crate::check::repository::Repository;
use crate::check::rule::{How, Rule};

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
    for (index, facts) in repository.facts() {
        if facts.declared.is_empty() {
            continue;
        }
        let declared = || facts.declared.iter().map(|name| name.text);
        let unknown = |name: &str| !declared().any(|known| known == name);
        let message = |name: &str| format!("the variable `{name}` is not declared under `input`");
        let mut told: BTreeMap<&str, ()> = BTreeMap::new();
        for used in facts.used.iter().filter(|used| !used.optional && unknown(used.name)) {
            if told.insert(used.name, ()).is_none() {
                let hit = Hit::at(RULE.name, used.at, message(used.name));
                out.push((index, hit.hint_if(did_you_mean(used.name, declared()))));
            }
        }
        for (include, file) in repository.includes(index) {
            for reached in repository.reach(file) {
                for used in repository.members[reached].summary.facts.used.iter() {
                    if !used.optional && unknown(used.name) && told.insert(used.name, ()).is_none() {
                        let text =
                            format!("an included file uses `{}`, which is not declared under `input`", used.name);
                        out.push((
                            index,
                            Hit::at(RULE.name, include, text).see(reached, Some(used.at.into()), "used here"),
                        ));
                    }
                }
            }
        }
    }
}
