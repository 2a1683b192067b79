//! JSON as models write it when nobody is strict with them. What had to be mended is told, so that it shows.

use crate::model::{Map, Value};

/// What is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mended {
    Comma,
    Quotes,
    Key,
    Literal,
    Comment,
    LineEnd,
    Cut,
}

impl Mended {
    pub fn words(self) -> &'static str {
        match self {
            Mended::Comma => "a comma too many",
            Mended::Quotes => "single quotes",
            Mended::Key => "a key without quotes",
            Mended::Literal => "a literal of Python or JavaScript",
            Mended::Comment => "a comment",
            Mended::LineEnd => "a line end inside of a text",
            Mended::Cut => "a missing end",
        }
    }
}

/// The map or list that begins at the start of the text, what was mended in it, and where it ends. None if it is none
/// even so. Nothing is invented: a value without quotes that is no literal is an error.
pub fn mend(text: &str) -> Option<(Value, Vec<Mended>, usize)> {
    let mut reader = Reader { text, at: 0, mended: Vec::new() };
    if !matches!(reader.peek(), Some('{' | '[')) {
        return None;
    }
    let value = reader.value(0)?;
    reader.mended.sort();
    reader.mended.dedup();
    Some((value, reader.mended, reader.at))
}

const DEEPEST: usize = 100;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    mended: Vec<Mended>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.at += wanted.len_utf8();
        }
        there
    }

    /// Blanks and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            let rest = self.rest();
            let end = match rest.get(..2) {
                Some("//") => rest.find('\n').unwrap_or(rest.len()),
                Some("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
                _ => return,
            };
            self.at += end;
            self.mended.push(Mended::Comment);
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip();
        match self.peek()? {
            _ if depth > DEEPEST => None,
            '{' => self.map(depth),
            '[' => self.list(depth),
            '"' | '\'' => self.string().map(Value::String),
            _ => self.word(),
        }
    }

    fn map(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut map = Map::new();
        while !self.closes('}') {
            let key = match self.peek()? {
                '"' | '\'' => self.string()?,
                _ => self.name()?,
            };
            self.skip();
            if !self.take(':') {
                return None;
            }
            let value = self.value(depth + 1)?;
            map.insert(key, value);
            self.between('}')?;
        }
        Some(Value::Object(map))
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut items = Vec::new();
        while !self.closes(']') {
            items.push(self.value(depth + 1)?);
            self.between(']')?;
        }
        Some(Value::Array(items))
    }

    /// Whether the map or list ends here. The end of the text ends all of them.
    fn closes(&mut self, end: char) -> bool {
        self.skip();
        if self.peek().is_none() {
            self.mended.push(Mended::Cut);
            return true;
        }
        self.take(end)
    }

    /// A comma, and if nothing but the end follows it, one too many. Before the end, none.
    fn between(&mut self, end: char) -> Option<()> {
        self.skip();
        match self.peek() {
            Some(',') => {
                self.next();
                self.skip();
                if self.peek() == Some(end) {
                    self.mended.push(Mended::Comma);
                }
                Some(())
            }
            Some(other) if other == end => Some(()),
            None => Some(()),
            Some(_) => None,
        }
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.next()?;
        if quote == '\'' {
            self.mended.push(Mended::Quotes);
        }
        let mut out = String::new();
        loop {
            match self.next()? {
                c if c == quote => return Some(out),
                '\\' => out.push(self.escape()?),
                c => {
                    if matches!(c, '\n' | '\r') {
                        self.mended.push(Mended::LineEnd);
                    }
                    out.push(c);
                }
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => return self.unicode(),
            c @ ('"' | '\'' | '\\' | '/') => c,
            _ => return None,
        })
    }

    /// After `\u`.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        if !(self.take('\\') && self.take('u')) {
            return None;
        }
        let second = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        let code = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(code)
    }

    /// A key without quotes.
    fn name(&mut self) -> Option<String> {
        let word = self.bare();
        self.mended.push(Mended::Key);
        (!word.is_empty()).then_some(word)
    }

    fn bare(&mut self) -> String {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.' | '$');
        let end = self.rest().find(|c| !is_part(c)).unwrap_or(self.rest().len());
        let word = self.rest()[..end].to_owned();
        self.at += end;
        word
    }

    /// A number or a literal.
    fn word(&mut self) -> Option<Value> {
        let word = self.bare();
        let python = match word.as_str() {
            "True" => Value::Bool(true),
            "False" => Value::Bool(false),
            "None" | "undefined" | "NaN" => Value::Null,
            _ => return serde_json::from_str(&word).ok(),
        };
        self.mended.push(Mended::Literal);
        Some(python)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_nearly_json_is_mended_and_told() {
        fn mended(text: &str) -> Option<(Value, Vec<Mended>, &str)> {
            mend(text).map(|(value, mended, end)| (value, mended, &text[end..]))
        }
        assert_eq!(mended("{'lat': 1} x"), Some((json!({"lat": 1}), vec![Mended::Quotes], " x")));
        assert_eq!(mended(r#"{"lat": 1,}"#), Some((json!({"lat": 1}), vec![Mended::Comma], "")));
        assert_eq!(mended("{lat: True}"), Some((json!({"lat": true}), vec![Mended::Key, Mended::Literal], "")));
        assert_eq!(mended(r#"{"a": [1, {"b": "😀""#), Some((json!({"a": [1, {"b": "😀"}]}), vec![Mended::Cut], "")));
        assert_eq!(mended("[1, // one\r\n2]"), Some((json!([1, 2]), vec![Mended::Comment], "")));
        assert_eq!(mended(r#"["\ud83d\ude00\n"]"#), Some((json!(["😀\n"]), vec![], "")));
        for broken in ["", "{", "[see below]", "{a b}", "[1 2]", "[,]", "{\"a\"}", "[\"a", "[\"\\ud83d\"]"] {
            let cut = (broken == "{").then(|| (json!({}), vec![Mended::Cut], ""));
            assert_eq!(mended(broken), cut, "{broken}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, rng_seed: RngSeed::Fixed(6), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read_to_an_end(text in "[\\[{][\\[\\]{}:,'\"a1 \\\\u/*\n-]{0,40}") {
            let _ = mend(&text);
        }

        #[test]
        fn good_json_needs_nothing(words in prop::collection::vec("\\PC{0,8}", 0..4), number in -1e9..1e9f64) {
            let value = json!({"words": words, "number": number, "inner": {"none": null, "yes": true}});
            let text = value.to_string();
            let (read, mended, end) = mend(&text).expect("is JSON");
            prop_assert_eq!((read, mended, end), (value, vec![], text.len()));
        }
    }
}
