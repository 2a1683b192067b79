//! Vocabularies and their words.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table;
use crate::app::vocab::Listed;
use crate::config::Word;

pub fn text(listed: &[Listed], paint: Paint, width: Option<usize>) -> String {
    listed.iter().map(|one| section(one, paint, width)).collect::<Vec<_>>().join("\n")
}

fn section(listed: &Listed, paint: Paint, width: Option<usize>) -> String {
    let origin = listed.origin.as_ref().map(ToString::to_string).unwrap_or_default();
    let head = format!("{} {}\n", paint.bold(listed.name), paint.dim(&format!("# {}", printable(&origin))));
    if listed.vocabulary.is_open() {
        return format!("{head}  {}\n", paint.dim("any word"));
    }
    let row = |word: &Word| vec![format!("  {}", printable(&word.name)), printable(&about(word))];
    let rows: Vec<_> = listed.vocabulary.words().iter().map(row).collect();
    head + &table::columns(&rows, width)
}

fn about(word: &Word) -> String {
    let mut parts: Vec<String> = word.description.iter().cloned().collect();
    if !word.aliases.is_empty() {
        parts.push(format!("also {}", word.aliases.join(", ")));
    }
    parts.extend(word.color.clone());
    parts.extend((!word.offered).then(|| "not offered to the model".to_owned()));
    parts.extend((!word.user).then(|| "not for users".to_owned()));
    parts.extend((!word.served).then(|| "does not serve".to_owned()));
    parts.join("; ")
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct VocabularyV1<'a> {
    vocabulary: &'static str,
    /// Whether any word is good, because none is declared.
    open: bool,
    origin: Option<String>,
    words: Vec<WordV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct WordV1<'a> {
    word: &'a str,
    description: Option<&'a str>,
    color: Option<&'a str>,
    aliases: &'a [String],
    /// For actions: whether the model is told of it.
    offered: bool,
    /// For phases: whether a user can be in it.
    user: bool,
    /// For statuses: whether a version of that status serves.
    served: bool,
}

pub fn objects(listed: &[Listed]) -> Vec<VocabularyV1<'_>> {
    listed.iter().map(VocabularyV1::of).collect()
}

impl VocabularyV1<'_> {
    fn of(listed: &Listed) -> VocabularyV1<'_> {
        VocabularyV1 {
            vocabulary: listed.name,
            open: listed.vocabulary.is_open(),
            origin: listed.origin.as_ref().map(ToString::to_string),
            words: listed.vocabulary.words().iter().map(WordV1::of).collect(),
        }
    }
}

impl WordV1<'_> {
    fn of(word: &Word) -> WordV1<'_> {
        WordV1 {
            word: &word.name,
            description: word.description.as_deref(),
            color: word.color.as_deref(),
            aliases: &word.aliases,
            offered: word.offered,
            user: word.user,
            served: word.served,
        }
    }
}
