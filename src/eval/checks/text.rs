//! What an answer says, letter by letter.

use serde_json::json;

use super::normal::{folded, normal, quoted};
use super::options::{one_or_more, pattern, schemas, some_text, text, texts};
use super::{json as answers, plain};
use crate::eval::{Around, Compiled, Kind};
use crate::model::{Score, Value};

/// Makes texts comparable.
type Form = fn(&str) -> String;

fn exact(text: &str) -> String {
    normal(text).into_owned()
}

pub static EQUALS: Kind = Kind {
    name: "equals",
    about: "The answer is this text, with every blank of it; or, if the value is a map or a list, JSON of the same value.",
    example: "equals: billing",
    schema: || json!({"not": {"type": "null"}}),
    threshold: None,
    compile: |value, _| match value {
        Value::Object(_) | Value::Array(_) => Ok(answers::equal_to(value.clone())),
        _ => same(value, exact),
    },
};

pub static IEQUALS: Kind = Kind {
    name: "iequals",
    about: "The answer is this text, without regard to case.",
    example: "iequals: Billing",
    schema: schemas::text,
    threshold: None,
    compile: |value, _| same(value, folded),
};

fn same(value: &Value, form: Form) -> Result<Compiled, String> {
    let wanted = text(value)?;
    let formed = form(&wanted);
    Ok(plain(move |subject| {
        let answer = form(&subject.reply.text);
        let reason = match answer == formed {
            true => format!("the answer is {}", quoted(&wanted)),
            false if answer.trim() == formed.trim() => {
                format!("the answer differs from {} in the blanks around it", quoted(&wanted))
            }
            false => format!("the answer is not {}", quoted(&wanted)),
        };
        Score::of(answer == formed, reason)
    }))
}

pub static CONTAINS: Kind = Kind {
    name: "contains",
    about: "The answer contains this text.",
    example: "contains: billing",
    schema: schemas::some_text,
    threshold: None,
    compile: |value, _| part(value, exact),
};

pub static ICONTAINS: Kind = Kind {
    name: "icontains",
    about: "The answer contains this text, without regard to case.",
    example: "icontains: billing",
    schema: schemas::some_text,
    threshold: None,
    compile: |value, _| part(value, folded),
};

fn part(value: &Value, form: Form) -> Result<Compiled, String> {
    let wanted = some_text(value)?;
    let formed = form(&wanted);
    Ok(plain(move |subject| {
        let there = form(&subject.reply.text).contains(&formed);
        let reason = match there {
            true => format!("{} is in the answer", quoted(&wanted)),
            false => format!("{} is not in the answer", quoted(&wanted)),
        };
        Score::of(there, reason)
    }))
}

pub static CONTAINS_ANY: Kind = Kind {
    name: "contains-any",
    about: "The answer contains at least one of these texts.",
    example: "contains-any: [billing, payment]",
    schema: schemas::texts,
    threshold: None,
    compile: |value, _| any(value, exact),
};

pub static ICONTAINS_ANY: Kind = Kind {
    name: "icontains-any",
    about: "The answer contains at least one of these texts, without regard to case.",
    example: "icontains-any: [billing, payment]",
    schema: schemas::texts,
    threshold: None,
    compile: |value, _| any(value, folded),
};

pub static CONTAINS_ALL: Kind = Kind {
    name: "contains-all",
    about: "The answer contains each of these texts.",
    example: "contains-all: [queue, reason]",
    schema: schemas::texts,
    threshold: None,
    compile: |value, _| all(value, exact),
};

pub static ICONTAINS_ALL: Kind = Kind {
    name: "icontains-all",
    about: "The answer contains each of these texts, without regard to case.",
    example: "icontains-all: [queue, reason]",
    schema: schemas::texts,
    threshold: None,
    compile: |value, _| all(value, folded),
};

/// Texts as they are written, with the form in which they are looked for.
fn formed(texts: Vec<String>, form: Form) -> Vec<(String, String)> {
    texts.into_iter().map(|text| (form(&text), text)).map(|(formed, text)| (text, formed)).collect()
}

fn any(value: &Value, form: Form) -> Result<Compiled, String> {
    let wanted = formed(texts(value)?, form);
    Ok(plain(move |subject| {
        let answer = form(&subject.reply.text);
        match wanted.iter().find(|(_, formed)| answer.contains(formed)) {
            Some((text, _)) => Score::of(true, format!("{} is in the answer", quoted(text))),
            None => Score::of(false, format!("none of the {} texts is in the answer", wanted.len())),
        }
    }))
}

fn all(value: &Value, form: Form) -> Result<Compiled, String> {
    let wanted = formed(texts(value)?, form);
    Ok(plain(move |subject| {
        let answer = form(&subject.reply.text);
        let lacking: Vec<String> =
            wanted.iter().filter(|(_, formed)| !answer.contains(formed)).map(|(text, _)| quoted(text)).collect();
        match lacking.is_empty() {
            true => Score::of(true, "all of the texts are in the answer"),
            false => Score::of(false, format!("the answer lacks {}", lacking.join(", "))),
        }
    }))
}

pub static STARTS_WITH: Kind = Kind {
    name: "starts-with",
    about: "The answer begins with this text, or with one of these.",
    example: "starts-with: Dear",
    schema: schemas::one_or_more,
    threshold: None,
    compile: |value, _| edge(value, "begin", |answer, text| answer.starts_with(text)),
};

pub static ENDS_WITH: Kind = Kind {
    name: "ends-with",
    about: "The answer ends with this text, or with one of these.",
    example: "ends-with: .",
    schema: schemas::one_or_more,
    threshold: None,
    compile: |value, _| edge(value, "end", |answer, text| answer.ends_with(text)),
};

fn edge(value: &Value, verb: &'static str, is_there: fn(&str, &str) -> bool) -> Result<Compiled, String> {
    let wanted = formed(one_or_more(value)?, exact);
    Ok(plain(move |subject| {
        let answer = normal(&subject.reply.text);
        match wanted.iter().find(|(_, formed)| is_there(&answer, formed)) {
            Some((text, _)) => Score::of(true, format!("the answer {verb}s with {}", quoted(text))),
            None => {
                let texts: Vec<String> = wanted.iter().map(|(text, _)| quoted(text)).collect();
                Score::of(false, format!("the answer does not {verb} with {}", texts.join(" or ")))
            }
        }
    }))
}

pub static REGEX: Kind = Kind {
    name: "regex",
    about: "A part of the answer matches this regular expression; `(?i)` is for any case, `(?s)` lets `.` match line ends.",
    example: r"regex: '(?i)ticket #\d+'",
    schema: || json!({"type": "string", "minLength": 1}),
    threshold: None,
    compile: matching,
};

fn matching(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let Value::String(written) = value else {
        return Err(format!("the value must be a pattern in quotes, and is {}", super::options::type_word(value)));
    };
    if written.is_empty() {
        return Err("the pattern is empty, and that matches every answer".into());
    }
    let pattern = pattern(written)?;
    let written = quoted(written);
    Ok(plain(move |subject| match pattern.find(&normal(&subject.reply.text)) {
        Some(found) => Score::of(true, format!("{written} matches {}", quoted(found.as_str()))),
        None => Score::of(false, format!("{written} matches nothing in the answer")),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{refused, table};

    #[test]
    fn equals() {
        table(
            "equals",
            &json!("café\nau lait"),
            &[
                ("café\nau lait", true),
                ("cafe\u{301}\nau lait", true),
                ("café\r\nau lait", true),
                ("Café\nau lait", false),
                ("café\nau lait\n", false),
                ("", false),
            ],
        );
        table("equals", &json!(""), &[("", true), (" ", false)]);
        table("equals", &json!("👩‍👧"), &[("👩‍👧", true), ("👩👧", false)]);
        table("equals", &json!(42), &[("42", true), ("42.0", false)]);
        table(
            "equals",
            &json!({"a": 1, "b": [true]}),
            &[
                (r#"{"b": [true], "a": 1.0}"#, true),
                ("{\"a\": 1,\r\n\"b\": [true]}\r\n", true),
                (r#"{"a": 1}"#, false),
                (r#"```json {"a": 1, "b": [true]}```"#, false),
                ("", false),
            ],
        );
        assert!(refused("equals", &json!(null)).is_some());
    }

    #[test]
    fn equals_without_regard_to_case() {
        table("iequals", &json!("Straße"), &[("STRASSE", true), ("straße", true), ("strase", false), ("", false)]);
    }

    #[test]
    fn contains() {
        table(
            "contains",
            &json!("naïve 😀"),
            &[
                ("so naïve 😀!", true),
                ("so nai\u{308}ve 😀!", true),
                ("so Naïve 😀", false),
                ("naive 😀", false),
                ("", false),
            ],
        );
        table("contains", &json!("one\ntwo"), &[("zero\r\none\r\ntwo", true), ("one two", false)]);
        table("icontains", &json!("ÉCLAIR"), &[("un e\u{301}clair", true), ("un eclair", false), ("", false)]);
        assert_eq!(refused("contains", &json!("")).expect("refused"), "the text is empty, and that is in every answer");
        assert_eq!(refused("contains", &json!(["a"])).expect("refused"), "the value must be text, and is a list");
    }

    #[test]
    fn contains_some_or_all() {
        table("contains-any", &json!(["a", "b"]), &[("xbx", true), ("A", false), ("", false), ("ab", true)]);
        table("contains-all", &json!(["a", "😀"]), &[("😀 a", true), ("a", false), ("", false)]);
        table("icontains-any", &json!(["É", "b"]), &[("e\u{301}", true), ("B", true), ("e", false), ("", false)]);
        table("icontains-all", &json!(["A", "b\nc"]), &[("B\r\nC a", true), ("b\nc", false), ("", false)]);
        assert_eq!(
            refused("contains-any", &json!("a,b")).expect("refused"),
            "the value must be a list of texts, and is text"
        );
        assert_eq!(refused("contains-all", &json!([])).expect("refused"), "the list is empty");
    }

    #[test]
    fn edges() {
        table("starts-with", &json!("Dé"), &[("De\u{301}ar", true), (" Déar", false), ("dé", false), ("", false)]);
        table("starts-with", &json!(["a", "b"]), &[("b", true), ("c", false)]);
        table("ends-with", &json!("😀\n"), &[("x 😀\r\n", true), ("x 😀", false), ("", false)]);
    }

    #[test]
    fn patterns() {
        table("regex", &json!(r"^\d+\s*€$"), &[("42 €", true), ("42 €!", false), ("", false)]);
        table("regex", &json!("(?m)^b$"), &[("a\r\nb\r\nc", true), ("a b", false)]);
        table("regex", &json!("e\u{301}"), &[("é", true)]);
        assert_eq!(refused("regex", &json!("(a")).expect("refused"), "the pattern (a is broken: unclosed group");
        assert!(refused("regex", &json!("(?=a)")).expect("refused").contains("look-around"));
        assert!(refused("regex", &json!("")).is_some());
    }
}
