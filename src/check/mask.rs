//! Secrets are never printed, also not as part of the source line that a finding shows.

use crate::base::{Place, Span};

use super::file::File;
use super::rules::literal_secret;

/// Which parts of a file must not be shown.
#[derive(Debug, Default)]
pub struct Mask {
    secrets: Vec<Span>,
}

impl Mask {
    /// For files whose front matter cannot be read: lines are judged by their looks.
    pub fn of_lines() -> Mask {
        Mask::default()
    }

    pub fn of(file: &File<'_>) -> Mask {
        Mask { secrets: literal_secret::secrets(file).into_iter().map(|secret| secret.span).collect() }
    }

    /// The place with a source line that can be shown.
    pub fn place(&self, mut place: Place) -> Place {
        let start = place.span.start - before(&place).min(place.span.start);
        let mut source = std::mem::take(&mut place.source);
        for secret in &self.secrets {
            let from = secret.start.saturating_sub(start);
            let to = secret.end.saturating_sub(start).min(source.len());
            if secret.end > start && from < to && source.is_char_boundary(from) && source.is_char_boundary(to) {
                source = format!("{}{}{}", &source[..from], stars(&source[from..to]), &source[to..]);
            }
        }
        place.source = by_looks(source);
        place
    }
}

/// How many bytes of the source line stand before the place.
fn before(place: &Place) -> usize {
    place.source.chars().take(place.column.saturating_sub(1) as usize).map(char::len_utf8).sum()
}

/// A line that looks as if it held a secret, in a place where nothing better is known.
fn by_looks(line: String) -> String {
    let line = tokens(line);
    let Some((key, value)) = line.split_once(':') else { return line };
    let text = value.trim();
    let key_is_secret = literal_secret::is_secret_key(key.trim_start_matches([' ', '-', '{']));
    if key_is_secret && literal_secret::is_literal(text) {
        return format!("{key}:{}", value.replace(text, &stars(text)));
    }
    line
}

/// A text without the keys of well-known services in it.
pub fn tokens(text: String) -> String {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let secret = |word: &&str| literal_secret::has_known_prefix(word);
    let secrets: Vec<String> = text.split(|c| !is_token(c)).filter(secret).map(str::to_owned).collect();
    secrets.iter().fold(text, |text, secret| text.replace(secret, &stars(secret)))
}

/// The same length, so that marks under the line stay right.
fn stars(text: &str) -> String {
    let shown = text.char_indices().nth(4).map_or(0, |(at, _)| at);
    format!("{}{}", &text[..shown], "*".repeat(text[shown..].chars().count()))
}
