//! Words that are not in the project's vocabulary.

use crate::base::Severity;
use crate::config::Vocabulary;
use crate::config::settings::Vocabularies;

use crate::check::facts::Word;
use crate::check::hit::Hit;
use crate::check::repository::Repository;
use crate::check::rule::{How, Rule};

use super::retyped_scalar::other_type;

pub const RULE: Rule = Rule {
    name: "unknown-word",
    doc: "A field holds a word that its vocabulary does not have.",
    why: "Vocabularies say which types, phases, statuses, tags, context keys and actions there are, in `palc.toml` under \
          `[vocabulary]`; one without words allows any. A word that differs only in case is fixed by `--fix`. When a word \
          is taken out of the vocabulary, this rule names every file that uses it.",
    severity: Severity::Error,
    fix: true,
    how: How::Repository(check),
};

/// Said in place of a list of actions, so they are no words of the vocabulary.
const ALL_OR_NONE: [&str; 2] = ["all", "none"];

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    let vocabulary = |name: &&str| repository.settings.vocabulary.get(name);
    let vocabularies: Vec<Option<&Vocabulary>> = Vocabularies::NAMES.iter().map(vocabulary).collect();
    for (index, facts) in repository.facts() {
        for word in &facts.words {
            let name = Vocabularies::NAMES.get(usize::from(word.vocabulary)).copied().unwrap_or_default();
            let Some(vocabulary) = vocabularies.get(usize::from(word.vocabulary)).copied().flatten() else { continue };
            let reserved = name == "actions" && ALL_OR_NONE.contains(&word.text);
            if !reserved && !vocabulary.contains(word.text) {
                out.push((index, unknown(name, vocabulary, word)));
            }
        }
    }
}

fn unknown(name: &str, vocabulary: &Vocabulary, word: &Word<'_>) -> Hit {
    let hit = Hit::at(RULE.name, word.at, format!("`{}` is not in the vocabulary `{name}`", word.text));
    match vocabulary.nearest(word.text) {
        Some(near) if near.to_lowercase() == word.text.to_lowercase() && !word.block => {
            hit.fix(format!("write `{near}`"), word.at, scalar(near))
        }
        Some(near) => hit.hint(format!("did you mean `{near}`?")),
        None => hit.hint(listed(name, vocabulary)),
    }
}

fn listed(name: &str, vocabulary: &Vocabulary) -> String {
    const SHOWN: usize = 8;
    let words = vocabulary.words();
    let names: Vec<&str> = words.iter().take(SHOWN).map(|word| word.name.as_str()).collect();
    let more = if words.len() > SHOWN { ", …" } else { "" };
    format!("it has {}{more}; add a word in palc.toml under `[vocabulary]`, `{name}`", names.join(", "))
}

/// A word as a YAML scalar that means the same everywhere.
fn scalar(word: &str) -> String {
    let plain = word.starts_with(|c: char| c.is_alphanumeric())
        && word.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c))
        && other_type(word).is_none();
    if plain { word.to_owned() } else { serde_json::Value::from(word).to_string() }
}
