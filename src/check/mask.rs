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

/// A line that looks as if it set a secret, in front matter that nothing better is known of.
fn by_looks(line: String) -> String {
    let Some((key, value)) = line.split_once(':') else { return line };
    let value_text = value.trim();
    if !literal_secret::is_secret_key(key.trim_start_matches([' ', '-', '{']))
        || !literal_secret::is_literal(value_text)
    {
        return line;
    }
    format!("{key}:{}", value.replace(value_text, &stars(value_text)))
}

/// The same length, so that marks under the line stay right.
fn stars(text: &str) -> String {
    let shown = text.char_indices().nth(4).map_or(0, |(at, _)| at);
    format!("{}{}", &text[..shown], "*".repeat(text[shown..].chars().count()))
}
