//! What somebody typed: words to rank by, and conditions in the same line.
//!
//! `"exact phrase"`, `-without`, `+needed`, `word*` for a beginning, `word~` for a typing error, `tag:billing` or
//! `body:"refund policy"` for a part. Whatever does not fit is taken as words and a hint says so: a search never fails
//! for how it is written.

use super::words::{Part, words};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What is ranked by: all words but the unwanted ones.
    pub text: String,
    /// What every hit must have.
    pub needed: Vec<Clause>,
    /// What no hit may have.
    pub unwanted: Vec<Clause>,
    pub hints: Vec<String>,
}

/// Words in a row, maybe in a certain part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub part: Option<Part>,
    pub words: Vec<String>,
    pub last: Last,
}

/// How the last word of a clause is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    Whole,
    /// `word*`
    Beginning,
    /// `word~1`: so many letters may be wrong.
    Near(usize),
}

impl Query {
    pub fn parse(typed: &str) -> Query {
        let mut query = Query::default();
        let mut ranked = Vec::new();
        for piece in pieces(typed, &mut query.hints) {
            query.take(&piece, &mut ranked);
        }
        query.text = ranked.join(" ");
        query
    }

    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.needed.is_empty() && self.unwanted.is_empty()
    }

    /// Only words, whatever signs stand between them.
    pub fn plain(text: &str) -> Query {
        Query { text: text.to_owned(), ..Query::default() }
    }

    fn take(&mut self, piece: &Piece, ranked: &mut Vec<String>) {
        let (sign, rest) = match piece.bare.chars().next() {
            Some(sign @ ('-' | '+')) if piece.text.len() > 1 => (Some(sign), &piece.bare[1..]),
            _ => (None, piece.bare.as_str()),
        };
        let (part, rest) = self.part(rest, piece.quoted.is_some());
        let (text, last) = match &piece.quoted {
            Some(quoted) => (quoted.as_str(), ending(&piece.after, piece.after.as_str()).1),
            None => ending(rest, rest),
        };
        let clause = Clause { part, words: words_in_row(text, last), last };
        if clause.words.is_empty() {
            return;
        }
        if sign == Some('-') {
            return self.unwanted.push(clause);
        }
        // What is only near, or only begins like this, is no word that could be ranked by.
        if last == Last::Whole {
            ranked.push(text.to_owned());
        }
        if sign.is_some() || part.is_some() || piece.quoted.is_some() || last != Last::Whole {
            self.needed.push(clause);
        }
    }

    /// The part that a piece names before its colon.
    fn part<'t>(&mut self, text: &'t str, quoted: bool) -> (Option<Part>, &'t str) {
        let Some((word, rest)) = text.split_once(':').filter(|(_, rest)| quoted || !rest.is_empty()) else {
            return (None, text);
        };
        match Part::parse(word) {
            Some(part) => (Some(part), rest),
            None => {
                let is_word = !word.is_empty() && word.chars().all(char::is_alphanumeric) && !rest.starts_with("//");
                if is_word {
                    let parts: Vec<&str> = Part::ALL.iter().map(|part| part.word()).collect();
                    let parts = parts.join(", ");
                    self.hints.push(format!(
                        "`{word}:` names no part of a prompt, so it was taken as a word; the parts are {parts}"
                    ));
                }
                (None, text)
            }
        }
    }
}

/// The stems of a text; the last word of a beginning or of something near is taken as it stands.
fn words_in_row(text: &str, last: Last) -> Vec<String> {
    let found = words(text);
    let mut row: Vec<String> = Vec::new();
    let mut reached = 0;
    for (word, range) in &found {
        // The parts of `camelCase` stand where the whole stands.
        if range.start >= reached {
            row.push(word.clone());
            reached = range.end;
        }
    }
    if last != Last::Whole
        && let (Some(word), Some((_, range))) = (row.last_mut(), found.last())
    {
        *word = super::words::folded(&text[range.clone()]);
    }
    row
}

/// A text without the sign at its end that says how its last word is meant.
fn ending<'t>(text: &'t str, whole: &'t str) -> (&'t str, Last) {
    if let Some(text) = text.strip_suffix('*') {
        return (text, Last::Beginning);
    }
    for (sign, wrong) in [("~", 1), ("~1", 1), ("~2", 2)] {
        if let Some(text) = text.strip_suffix(sign) {
            return (text, Last::Near(wrong));
        }
    }
    (whole, Last::Whole)
}

/// What stands between spaces: `bare"quoted"after`.
#[derive(Debug)]
struct Piece {
    text: String,
    bare: String,
    quoted: Option<String>,
    after: String,
}

fn pieces(typed: &str, hints: &mut Vec<String>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let quote = rest[..end]
            .find('"')
            .filter(|&at| at == 0 || rest[..at].ends_with(':') || matches!(&rest[..at], "-" | "+"));
        let end = match quote {
            None => {
                let bare = rest[..end].to_owned();
                pieces.push(Piece { text: bare.clone(), bare, quoted: None, after: String::new() });
                end
            }
            Some(quote) => {
                let inside = &rest[quote + 1..];
                let close = inside.find('"').unwrap_or_else(|| {
                    hints.push("a quotation mark is never closed, so the phrase reaches to the end".into());
                    inside.len()
                });
                let after = inside.get(close + 1..).unwrap_or_default();
                let after = &after[..after.find(char::is_whitespace).unwrap_or(after.len())];
                let end = (quote + 1 + close + 1 + after.len()).min(rest.len());
                pieces.push(Piece {
                    text: rest[..end].to_owned(),
                    bare: rest[..quote].to_owned(),
                    quoted: Some(inside[..close].to_owned()),
                    after: after.to_owned(),
                });
                end
            }
        };
        rest = rest[end..].trim_start();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clause(part: Option<Part>, words: &[&str], last: Last) -> Clause {
        Clause { part, words: words.iter().map(|word| (*word).to_owned()).collect(), last }
    }

    #[test]
    fn plain_words_are_ranked_by() {
        let query = Query::parse("calm an  angry customer");
        assert_eq!(query, Query { text: "calm an angry customer".into(), ..Query::default() });
    }

    #[test]
    fn every_sign_has_its_meaning() {
        let query =
            Query::parse(r#"+refund tag:billing body:"refund policy" -legal -"no reply" handl* custmer~ "as is""#);
        let whole = Last::Whole;
        assert_eq!(
            query.needed,
            [
                clause(None, &["refund"], whole),
                clause(Some(Part::Tags), &["bill"], whole),
                clause(Some(Part::Body), &["refund", "polici"], whole),
                clause(None, &["handl"], Last::Beginning),
                clause(None, &["custmer"], Last::Near(1)),
                clause(None, &["as", "is"], whole),
            ]
        );
        assert_eq!(query.unwanted, [clause(None, &["legal"], whole), clause(None, &["no", "repli"], whole)]);
        assert_eq!(query.text, "refund billing refund policy as is");
        assert!(query.hints.is_empty(), "{:?}", query.hints);
    }

    #[test]
    fn what_is_odd_is_words_and_a_hint() {
        let query = Query::parse("colour:red \"never closed");
        assert_eq!(query.text, "colour:red never closed");
        assert_eq!(query.hints.len(), 2, "{:?}", query.hints);
        let query = Query::parse("see https://example.org - + \"\" it's gpt-4");
        assert!(query.needed.is_empty() && query.hints.is_empty(), "{query:?}");
        assert_eq!(query.text, "see https://example.org it's gpt-4");
    }

    #[test]
    fn names_of_code_are_one_word_of_a_phrase() {
        assert_eq!(Query::parse("\"call getUserName\"").needed, [clause(None, &["call", "getusernam"], Last::Whole)]);
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_breaks_it(typed in "[a-zé\"*~:+ \\-客]{0,40}") {
            Query::parse(&typed);
        }
    }
}
