//! Text cut into words: lower case, accents folded, names of code taken apart, English endings removed.
//!
//! A document is one text with all its parts, so that no part's few words outshout the others; the position of a word
//! tells which part it stands in.

use std::ops::Range;

use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::reading::Reading;

/// A part of a prompt that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Name,
    Title,
    Description,
    Tags,
    Input,
    Body,
}

/// Longer words are no words: keys, encoded pictures.
const LONGEST: usize = 64;
/// Ends a part. Nothing else may look like it, so texts are cleaned of it.
const NEXT_PART: char = '\u{1}';
/// Keeps phrases from reaching from one tag into the next.
const GAP: char = '\u{2}';

impl Part {
    pub const ALL: [Part; 6] = [Part::Name, Part::Title, Part::Description, Part::Tags, Part::Input, Part::Body];

    pub fn word(self) -> &'static str {
        match self {
            Part::Name => "name",
            Part::Title => "title",
            Part::Description => "description",
            Part::Tags => "tag",
            Part::Input => "input",
            Part::Body => "body",
        }
    }

    pub fn parse(word: &str) -> Option<Part> {
        let word = if word == "tags" { "tag" } else { word };
        Part::ALL.into_iter().find(|part| part.word() == word)
    }

    /// Where its words stand. A part with more words than this holds them all at its end.
    pub fn positions(self) -> Range<u32> {
        match self {
            Part::Name => 0..62,
            Part::Title => 64..126,
            Part::Description => 128..1022,
            Part::Tags => 1024..2046,
            Part::Input => 2048..4094,
            Part::Body => 4096..u32::MAX,
        }
    }
}

/// The text of a prompt as the index takes it.
pub fn document(reading: &Reading) -> String {
    let clean = |text: &str| text.replace([NEXT_PART, GAP], " ");
    let tags: Vec<String> = reading.tags.iter().map(|tag| clean(tag)).collect();
    let tags = tags.join(&GAP.to_string());
    let parts = [&reading.name, &reading.title, &reading.description].map(|part| clean(part));
    let [name, title, description] = parts;
    let parts = [name, title, description, tags, clean(&reading.input), clean(&reading.body)];
    parts.join(&NEXT_PART.to_string())
}

/// What cuts documents, and plain text too.
pub fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(Words).filter(Stemmer::new(Language::English)).build()
}

/// The words of a text, with where each begins and ends in it.
pub fn words(text: &str) -> Vec<(String, Range<usize>)> {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut words = Vec::new();
    while stream.advance() {
        let token = stream.token();
        words.push((token.text.clone(), token.offset_from..token.offset_to));
    }
    words
}

/// A text in lower case without accents.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold(text, &mut out);
    out
}

fn fold(text: &str, out: &mut String) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        out[start..].make_ascii_lowercase();
    } else {
        let bare = text.nfkd().filter(|&char| !is_combining_mark(char)).flat_map(char::to_lowercase);
        // What is composed of letters rather than of a letter and its accents is put together again.
        out.extend(bare.nfc());
    }
}

/// Writing whose words are not set apart by spaces, or grow together: every character is a word.
pub fn is_cjk(char: char) -> bool {
    let blocks = ['\u{2e80}'..='\u{30ff}', '\u{3400}'..='\u{9fff}', '\u{ac00}'..='\u{d7a3}', '\u{f900}'..='\u{faff}'];
    char >= '\u{2e80}' && (blocks.iter().any(|block| block.contains(&char)) || char >= '\u{20000}')
}

#[derive(Debug, Clone, Copy)]
struct Words;

struct Stream<'a> {
    text: &'a str,
    at: usize,
    part: usize,
    position: u32,
    /// Words that stand in the word that was cut last, in reverse order.
    pending: Vec<Range<usize>>,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream { text, at: 0, part: 0, position: 0, pending: Vec::new(), token: Token::default() }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(inner) = self.pending.pop() {
            self.give(inner);
            self.step();
            return true;
        }
        loop {
            let Some(word) = self.next_word() else { return false };
            if word.len() > LONGEST {
                continue;
            }
            inner_words(&self.text[word.clone()], word.start, &mut self.pending);
            self.give(word);
            // The whole of `camelCase` shares its place with its first word.
            if self.pending.is_empty() {
                self.step();
            }
            return true;
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl Stream<'_> {
    /// The next run of letters and digits, or one character of a writing without spaces.
    fn next_word(&mut self) -> Option<Range<usize>> {
        let mut start = None;
        for (offset, char) in self.text[self.at..].char_indices() {
            let here = self.at + offset;
            let end = here + char.len_utf8();
            let alone = is_cjk(char) && char.is_alphanumeric();
            match start {
                None if alone => return self.cut(here, end),
                None if char.is_alphanumeric() => start = Some(here),
                None => self.pass(char),
                Some(start) if alone || !(char.is_alphanumeric() || is_combining_mark(char)) => {
                    return self.cut(start, here);
                }
                Some(_) => {}
            }
        }
        let start = start?;
        self.cut(start, self.text.len())
    }

    fn cut(&mut self, start: usize, end: usize) -> Option<Range<usize>> {
        self.at = end;
        Some(start..end)
    }

    fn pass(&mut self, char: char) {
        match char {
            NEXT_PART => {
                self.part = (self.part + 1).min(Part::ALL.len() - 1);
                self.position = Part::ALL[self.part].positions().start;
            }
            GAP => self.step(),
            _ => {}
        }
    }

    fn step(&mut self) {
        self.position = (self.position + 1).min(Part::ALL[self.part].positions().end);
    }

    fn give(&mut self, word: Range<usize>) {
        self.token.text.clear();
        fold(&self.text[word.clone()], &mut self.token.text);
        self.token.position = self.position as usize;
        self.token.position_length = 1;
        (self.token.offset_from, self.token.offset_to) = (word.start, word.end);
    }
}

/// The words that a name of code is made of, last first; none if it is one word.
fn inner_words(word: &str, start: usize, found: &mut Vec<Range<usize>>) {
    if !word.is_ascii() {
        return;
    }
    let bytes = word.as_bytes();
    let begins = |at: usize| {
        let (before, here, after) = (bytes[at - 1], bytes[at], bytes.get(at + 1));
        here.is_ascii_uppercase()
            && (before.is_ascii_lowercase() || before.is_ascii_uppercase() && after.is_some_and(u8::is_ascii_lowercase))
    };
    let mut end = word.len();
    for at in (1..word.len()).rev().filter(|&at| begins(at)) {
        found.push(start + at..start + end);
        end = at;
    }
    if end < word.len() {
        found.push(start..start + end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn words_lose_case_accents_and_endings() {
        assert_eq!(texts("Résumés, STRASSE & cafe\u{301}"), ["resum", "strass", "cafe"]);
        assert_eq!(texts("refunds refunding gpt-4 3.5"), ["refund", "refund", "gpt", "4", "3", "5"]);
    }

    #[test]
    fn names_of_code_are_found_whole_and_in_parts() {
        assert_eq!(texts("getUserName"), ["getusernam", "get", "user", "name"]);
        assert_eq!(
            texts("HTTPServer snake_case kebab-case"),
            ["httpserver", "http", "server", "snake", "case", "kebab", "case"]
        );
    }

    #[test]
    fn writings_without_spaces_go_by_character() {
        assert_eq!(texts("客服 help"), ["客", "服", "help"]);
        assert_eq!(texts("안녕 мир"), ["안", "녕", "мир"]);
    }

    #[test]
    fn a_word_knows_its_part() {
        let reading = Reading {
            name: "a/b".into(),
            tags: vec!["one two".into(), "three".into()],
            body: "The\u{1} body".into(),
            ..Reading::default()
        };
        let document = document(&reading);
        let mut analyzer = analyzer();
        let mut stream = analyzer.token_stream(&document);
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        let expected =
            [("a", 0), ("b", 1), ("one", 1024), ("two", 1025), ("three", 1027), ("the", 4096), ("bodi", 4097)];
        assert_eq!(found, expected.map(|(word, at)| (word.to_owned(), at)));
    }

    #[test]
    fn what_is_no_word_is_left_out() {
        assert_eq!(texts(&format!("a {} b", "x".repeat(65))), ["a", "b"]);
        assert!(texts("— \u{1}\u{2} …").is_empty());
    }
}
