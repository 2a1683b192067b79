//! How long an answer is.

use super::normal::normal;
use super::options::Amount;
use super::plain;
use crate::eval::{Compiled, Kind};
use crate::model::{Score, Value};

pub static LENGTH: Kind = Kind {
    name: "length",
    about: "The answer has so many characters (Unicode scalar values in form C; a line end counts as one).",
    example: "length: {max: 280}",
    schema: Amount::schema,
    threshold: None,
    compile: |value, _| counted(value, "characters", |text| text.chars().count()),
};

pub static LINES: Kind = Kind {
    name: "lines",
    about: "The answer has so many lines. Empty ones count, and a line end at the very end begins no further one.",
    example: "lines: {max: 3}",
    schema: Amount::schema,
    threshold: None,
    compile: |value, _| counted(value, "lines", |text| text.lines().count()),
};

pub static WORD_COUNT: Kind = Kind {
    name: "word-count",
    about: "The answer has so many words: pieces of text between blanks.",
    example: "word-count: {min: 20, max: 120}",
    schema: Amount::schema,
    threshold: None,
    compile: |value, _| counted(value, "words", |text| text.split_whitespace().count()),
};

fn counted(value: &Value, things: &'static str, count: fn(&str) -> usize) -> Result<Compiled, String> {
    let wanted = Amount::read(value)?;
    Ok(plain(move |subject| {
        let count = count(&normal(&subject.reply.text)) as u64;
        let reason = format!("the answer has {count} {things}, and {} are wanted", wanted.words());
        Score::of(wanted.allows(count), reason)
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{refused, table};

    #[test]
    fn lengths() {
        table("length", &json!(2), &[("e\u{301}😀", true), ("\r\na", true), ("", false), ("abc", false)]);
        table("length", &json!({"max": 0}), &[("", true), (" ", false)]);
        table("word-count", &json!(2), &[("don't stop", true), ("a-b\r\nc", true), ("", false), ("😀 a b", false)]);
        table("word-count", &json!({"min": 2}), &[("a\u{a0}b", true), ("a", false)]);
        table("lines", &json!(2), &[("a\r\nb", true), ("a\nb\n", true), ("a\n\nb", false), ("", false)]);
        table("lines", &json!({"min": 1, "max": 2}), &[("", false), ("😀", true)]);
    }

    #[test]
    fn amounts_are_read_strictly() {
        let wrong = |value| refused("length", &value).expect("refused");
        assert_eq!(wrong(json!({"mx": 3})), "there is no option `mx`; did you mean `max`?");
        assert_eq!(wrong(json!({"min": 3, "max": 2})), "`min` (3) is above `max` (2)");
        assert_eq!(wrong(json!(-1)), "the value must be a whole number of 0 or more, and is -1");
        assert_eq!(wrong(json!({"max": "3"})), "`max` must be a whole number, and is text");
        assert_eq!(wrong(json!("3")), "the value must be a map with `min`, `max`, and is text");
        assert_eq!(wrong(json!({})), "the value must have `min`, `max` or both");
    }
}
