//! Vocabularies and their words.

use serde_json::{Value, json};

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
    parts.join("; ")
}

pub fn objects(listed: &[Listed]) -> Vec<Value> {
    let word = |word: &Word| {
        json!({
            "word": word.name,
            "description": word.description,
            "color": word.color,
            "aliases": word.aliases,
            "offered": word.offered,
            "user": word.user,
        })
    };
    let object = |one: &Listed| {
        json!({
            "vocabulary": one.name,
            "open": one.vocabulary.is_open(),
            "origin": one.origin.as_ref().map(ToString::to_string),
            "words": one.vocabulary.words().iter().map(word).collect::<Vec<_>>(),
        })
    };
    listed.iter().map(object).collect()
}
