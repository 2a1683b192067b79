//! An include of a file that is not there.

use crate::base::Severity;
use crate::base::near::did_you_mean;

use crate::check::hit::Hit;
use crate::check::repository::{Repository, Target};
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "broken-include",
    doc: "The template includes a file that is not there.",
    why: "Rendering fails at this place. Includes are looked up beside the file and then below the prompt folders, \
          never outside the repository. Write `ignore missing` after the name if the file may be absent.",
    severity: Severity::Error,
    fix: false,
    how: How::Repository(check),
};

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    for index in 0..repository.members.len() {
        for (include, target) in repository.includes(index).filter(|(include, _)| !include.optional) {
            let name = include.names.iter().flatten().next().copied().unwrap_or_default();
            match target {
                Target::Missing => {
                    let hit = Hit::at(RULE.name, include.at, format!("there is no `{name}` to include"));
                    out.push((index, hit.hint_if(nearest(repository, index, name))));
                }
                Target::Forbidden(reason) => out.push((index, Hit::at(RULE.name, include.at, reason))),
                Target::Member(_) | Target::Elsewhere => {}
            }
        }
    }
}

/// Partials stand in some folder; what was meant is most likely a file with a like name near this one.
fn nearest(repository: &Repository<'_>, from: usize, name: &str) -> Option<String> {
    let folder = repository.path(from).rsplit_once('/').map_or("", |(folder, _)| folder);
    let near = (0..repository.members.len()).map(|index| repository.path(index)).filter_map(|path| {
        let path = path.strip_prefix(folder)?;
        Some(path.strip_prefix('/').unwrap_or(path))
    });
    did_you_mean(name, near)
}
