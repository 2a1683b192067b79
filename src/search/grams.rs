//! Text cut into pieces of four letters, which forgive typing errors and endings, and into characters and pairs of them
//! where a writing has no spaces.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

use super::reading::Reading;
use super::words::{folded, is_cjk};

/// So much of the body is cut: what a prompt is about is said early.
const HEAD: usize = 1000;
const LENGTH: usize = 4;

/// The text that is cut.
pub fn document(reading: &Reading) -> String {
    let head = reading.body.char_indices().nth(HEAD).map_or(reading.body.as_str(), |(end, _)| &reading.body[..end]);
    [&reading.name, &reading.title, &reading.description, &reading.tags.join(" "), head].join("\n")
}

pub fn analyzer() -> TextAnalyzer {
    TextAnalyzer::from(Grams)
}

/// The pieces of a text.
pub fn grams(text: &str) -> Vec<String> {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut grams = Vec::new();
    while stream.advance() {
        grams.push(stream.token().text.clone());
    }
    grams
}

#[derive(Debug, Clone, Copy)]
struct Grams;

struct Stream {
    chars: Vec<char>,
    at: usize,
    /// Two of a pair of characters come one after the other.
    pair: bool,
    token: Token,
}

impl Tokenizer for Grams {
    type TokenStream<'a> = Stream;

    fn token_stream(&mut self, text: &str) -> Stream {
        // Where a piece stands does not matter, and the default is no place at all.
        let token = Token { position: 0, ..Token::default() };
        Stream { chars: spaced(&folded(text)), at: 0, pair: false, token }
    }
}

/// Letters and digits in words with one space before, between and after them.
fn spaced(text: &str) -> Vec<char> {
    let mut chars = vec![' '];
    for char in text.chars() {
        let char = if char.is_alphanumeric() { char } else { ' ' };
        if char != ' ' || chars.last() != Some(&' ') {
            chars.push(char);
        }
    }
    if chars.last() != Some(&' ') {
        chars.push(' ');
    }
    chars
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        while self.at < self.chars.len() {
            let here = &self.chars[self.at..];
            if is_cjk(here[0]) {
                let pair = std::mem::take(&mut self.pair);
                let next = here.get(1).is_some_and(|&char| is_cjk(char));
                if pair || !next {
                    self.at += 1;
                } else {
                    self.pair = true;
                }
                self.token.text.clear();
                self.token.text.extend(&here[..if pair { 2 } else { 1 }]);
                return true;
            }
            self.at += 1;
            let gram = here.get(..LENGTH).filter(|gram| !gram.iter().any(|&char| is_cjk(char)));
            if let Some(gram) = gram {
                self.token.text.clear();
                self.token.text.extend(gram);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_reach_over_the_ends_of_words() {
        assert_eq!(grams("Héllo, a!"), [" hel", "hell", "ello", "llo ", "lo a", "o a "]);
    }

    #[test]
    fn characters_go_alone_and_in_pairs() {
        assert_eq!(grams("客服台 ok"), ["客", "客服", "服", "服台", "台", " ok "]);
    }
}
