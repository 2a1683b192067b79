//! Two files with the same id.

use std::collections::{BTreeMap, HashMap};

use crate::base::Severity;

use crate::check::hit::Hit;
use crate::check::repository::Repository;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "duplicate-id",
    doc: "Another file has the same id.",
    why: "Results, labels and feedback hang on the id, so two prompts with one id would share them. It happens when a \
          file is copied by hand. The copy is the file that the last commit does not have; `--fix` gives it an id of \
          its own. If git cannot tell which one is the copy, change one of them yourself.",
    severity: Severity::Error,
    fix: true,
    how: How::Repository(check),
};

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(repository.members.len());
    let mut several: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, facts) in repository.facts() {
        let Some(id) = facts.id else { continue };
        let first = *first.entry(id.text).or_insert(index);
        if first != index {
            several.entry(id.text).or_insert_with(|| vec![first]).push(index);
        }
    }
    for (id, files) in several {
        shared(repository, id, &files, out);
    }
}

/// With one of the files in the last commit, the others are its copies. Otherwise every file is only told of the rest.
fn shared(repository: &Repository<'_>, id: &str, files: &[usize], out: &mut Vec<(usize, Hit)>) {
    let committed: Vec<usize> =
        files.iter().copied().filter(|&file| repository.outside.committed(repository.path(file))).collect();
    let original = if let [one] = committed[..] { Some(one) } else { None };
    for &file in files.iter().filter(|&&file| Some(file) != original) {
        let Some(at) = repository.members[file].summary.facts.id.map(|id| id.at) else { continue };
        let other = original.unwrap_or_else(|| if files[0] == file { files[1] } else { files[0] });
        let message = format!("the id `{id}` is also that of `{}`", repository.name(other));
        let span = repository.members[other].summary.facts.id.map(|id| id.at.into());
        let hit = Hit::at(RULE.name, at, message).see(other, span, "the same id");
        let hit = match original {
            Some(_) => hit.fix("give the copy an id of its own", at, repository.outside.fresh_id()),
            None => hit.hint("give one of them another id; git cannot tell which one is the copy"),
        };
        out.push((file, hit));
    }
}
