//! A field of the front matter that names something that is not there.

use globset::Glob;

use crate::base::Severity;
use crate::base::near::did_you_mean;

use crate::check::facts::{Reference, Target};
use crate::check::hit::Hit;
use crate::check::repository::{Repository, Target as Lookup};
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "broken-reference",
    doc: "`extends`, `partials`, `persona` or `related` names something that is not in the repository.",
    why: "`extends` and `related` must name a prompt, and a pattern under `partials` must match a file. A `persona` may be free text; \
          it is reported only if it looks like the name of a file, or like a slip in the name of a persona.",
    severity: Severity::Error,
    fix: false,
    how: How::Repository(check),
};

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    for (index, facts) in repository.facts() {
        let hits = facts.references.iter().filter_map(|reference| dangling(repository, index, reference));
        out.extend(hits.map(|hit| (index, hit)));
    }
}

fn dangling(repository: &Repository<'_>, index: usize, reference: &Reference<'_>) -> Option<Hit> {
    let Reference { to, text, at } = *reference;
    match to {
        Target::Parent => None,
        Target::Related => repository.prompt(text).is_none().then(|| {
            let hit = Hit::at(RULE.name, at, format!("`related` names `{text}`, and there is no such prompt"));
            hit.hint_if(did_you_mean(text, repository.names()))
        }),
        Target::Extends => (repository.prompt(text).is_none() && is_missing(repository, index, text)).then(|| {
            let hit = Hit::at(RULE.name, at, format!("`extends` names `{text}`, and there is no such prompt"));
            hit.hint_if(did_you_mean(text, repository.names()))
        }),
        Target::Partials => (!matches_any(repository, index, text))
            .then(|| Hit::at(RULE.name, at, format!("no file matches the partial `{text}`"))),
        Target::Persona => persona(repository, reference),
    }
}

fn is_missing(repository: &Repository<'_>, index: usize, name: &str) -> bool {
    matches!(repository.included(index, name), Lookup::Missing | Lookup::Forbidden(_))
}

/// A pattern of partials speaks of paths as includes do: beside the file, or below a prompt folder.
fn matches_any(repository: &Repository<'_>, index: usize, pattern: &str) -> bool {
    if !is_missing(repository, index, pattern) {
        return true;
    }
    let Ok(glob) = Glob::new(pattern.trim_start_matches("./")) else { return false };
    let glob = glob.compile_matcher();
    let folder = repository.path(index).rsplit_once('/').map_or("", |(folder, _)| folder);
    let folders = || repository.settings.prompts.roots.iter().map(String::as_str).chain([folder]);
    (0..repository.members.len()).map(|other| repository.path(other)).any(|path| {
        let below = |folder: &str| path.strip_prefix(folder).map(|path| path.trim_start_matches('/'));
        folders().filter_map(below).any(|path| glob.is_match(path))
    })
}

fn persona(repository: &Repository<'_>, reference: &Reference<'_>) -> Option<Hit> {
    let text = reference.text;
    if !repository.settings.vocabulary.persona.is_open() || repository.prompt(text).is_some() {
        return None;
    }
    let personas = || repository.facts().filter(|(_, facts)| facts.persona).map(|(index, _)| repository.name(index));
    let short = |name: &'_ str| name.rsplit('/').next().unwrap_or(name).to_owned();
    if personas().any(|name| short(name) == text) {
        return None;
    }
    let shorts: Vec<String> = personas().map(short).collect();
    let slug = !text.contains(char::is_whitespace);
    let near = if slug { did_you_mean(text, personas().chain(shorts.iter().map(String::as_str))) } else { None };
    let named = slug && (text.contains('/') || text.ends_with(".md"));
    (named || near.is_some())
        .then(|| Hit::at(RULE.name, reference.at, format!("there is no persona `{text}`")).hint_if(near))
}
