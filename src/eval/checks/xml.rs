//! Answers that are XML, or hold some. What is well-formed is what version 1.0 of XML says, without document types of
//! one's own: those would only serve to define entities.

use serde_json::json;

use super::markup::{Budget, texts_in};
use super::normal::quoted;
use super::options::{optional, schemas, texts};
use super::plain;
use crate::eval::{Compiled, Kind};
use crate::model::{Map, Score, Value};

pub static IS_XML: Kind = Kind {
    name: "is-xml",
    about: "The whole answer is one well-formed XML document. `elements` must be in it, each with its way from the root: \
            `order.item.price`.",
    example: "is-xml: {elements: [order.item]}",
    schema: options_schema,
    threshold: None,
    compile: |value, _| whole(value),
};

pub static CONTAINS_XML: Kind = Kind {
    name: "contains-xml",
    about: "The answer contains a well-formed XML element, with the `elements` in it if any are named.",
    example: "contains-xml: {elements: [answer.reason]}",
    schema: options_schema,
    threshold: None,
    compile: |value, _| part(value),
};

fn options_schema() -> Value {
    schemas::optional(&json!({"elements": schemas::texts()}))
}

/// Ways of names from the root.
struct Wanted(Vec<Vec<String>>);

impl Wanted {
    fn read(value: &Value) -> Result<Wanted, String> {
        let none = Map::new();
        let ways = optional(value, &["elements"], &none)?.get("elements").map(texts).transpose()?.unwrap_or_default();
        let way = |text: String| -> Result<Vec<String>, String> {
            let names: Vec<String> = text.split('.').map(str::to_owned).collect();
            match names.iter().any(|name| name.is_empty()) {
                true => Err(format!("`elements`: {} is no way of names joined by dots", quoted(&text))),
                false => Ok(names),
            }
        };
        ways.into_iter().map(way).collect::<Result<_, _>>().map(Wanted)
    }

    /// The first that was not met.
    fn lacking(&self, met: &[bool]) -> Option<String> {
        let (way, _) = self.0.iter().zip(met).find(|(_, met)| !**met)?;
        Some(format!("there is no element {}", quoted(&way.join("."))))
    }
}

fn whole(value: &Value) -> Result<Compiled, String> {
    let wanted = Wanted::read(value)?;
    Ok(plain(move |subject| match document(&subject.reply.text, &wanted) {
        Err(why) => Score::of(false, format!("the answer is not XML: {why}")),
        Ok(met) => match wanted.lacking(&met) {
            None => Score::of(true, "the answer is XML"),
            Some(lacking) => Score::of(false, lacking),
        },
    }))
}

fn part(value: &Value) -> Result<Compiled, String> {
    let wanted = Wanted::read(value)?;
    Ok(plain(move |subject| {
        let mut fault = None;
        let mut budget = Budget::default();
        for rest in texts_in(&subject.reply.text) {
            let mut reader = Reader::new(rest, &wanted);
            let found = reader.element();
            if !budget.spend(reader.at) {
                return Score::undecided("the answer has too many tags without an end to look through");
            }
            match found.map(|()| wanted.lacking(&reader.met)) {
                Ok(None) => return Score::of(true, "the answer contains an XML element"),
                Ok(lacking) => fault = fault.or(lacking),
                Err(_) => {}
            }
        }
        Score::of(false, fault.unwrap_or_else(|| "the answer contains no XML element".into()))
    }))
}

type Read<T> = Result<T, String>;

/// A document: perhaps a declaration, one element, and only comments and instructions around it. Says which of the
/// wanted elements it met.
fn document(text: &str, wanted: &Wanted) -> Read<Vec<bool>> {
    let mut reader = Reader::new(text, wanted);
    reader.take("\u{feff}");
    reader.around()?;
    reader.element()?;
    reader.around()?;
    match reader.rest().is_empty() {
        true => Ok(reader.met),
        false => Err(format!("after the root comes {}", quoted(reader.rest().trim()))),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Elements that are open. Answers may be nested deeply, so this is no matter of the machine's stack.
    open: Vec<&'a str>,
    wanted: &'a Wanted,
    met: Vec<bool>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, wanted: &'a Wanted) -> Reader<'a> {
        Reader { text, at: 0, open: Vec::new(), wanted, met: vec![false; wanted.0.len()] }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn take(&mut self, wanted: &str) -> bool {
        let there = self.rest().starts_with(wanted);
        if there {
            self.at += wanted.len();
        }
        there
    }

    fn blanks(&mut self) -> bool {
        let rest = self.rest();
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.at += rest.len() - trimmed.len();
        trimmed.len() < rest.len()
    }

    /// Up to and with these letters.
    fn until(&mut self, end: &str, what: &str) -> Read<&'a str> {
        let rest = self.rest();
        let length = rest.find(end).ok_or_else(|| format!("{what} is not closed"))?;
        self.at += length + end.len();
        Ok(&rest[..length])
    }

    /// What may stand before and after the root.
    fn around(&mut self) -> Read<()> {
        loop {
            self.blanks();
            if self.take("<!--") {
                self.comment()?;
            } else if self.take("<?") {
                self.until("?>", "an instruction")?;
            } else if self.take("<!DOCTYPE") {
                let inside = self.until(">", "the document type")?;
                if inside.contains('[') {
                    return Err("it defines a document type of its own".into());
                }
            } else {
                return Ok(());
            }
        }
    }

    fn comment(&mut self) -> Read<()> {
        let inside = self.until("-->", "a comment")?;
        if inside.contains("--") || inside.ends_with('-') { Err("`--` stands in a comment".into()) } else { Ok(()) }
    }

    fn name(&mut self) -> Read<&'a str> {
        let rest = self.rest();
        let is_first = |c: char| c.is_alphabetic() || matches!(c, '_' | ':');
        let is_part =
            |c: char| is_first(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}');
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if !rest.starts_with(is_first) {
            return Err(format!("a name is missing before {}", quoted(&rest.chars().take(10).collect::<String>())));
        }
        self.at += length;
        Ok(&rest[..length])
    }

    /// An element with all that is in it.
    fn element(&mut self) -> Read<()> {
        self.start()?;
        while let Some(&inner) = self.open.last() {
            match self.content(inner)? {
                Inside::Start => self.start()?,
                Inside::End => _ = self.open.pop(),
            }
        }
        Ok(())
    }

    /// A start tag: the element is open after it, or over already.
    fn start(&mut self) -> Read<()> {
        if !self.take("<") {
            return Err("there is no element".into());
        }
        let name = self.name()?;
        self.open.push(name);
        for (met, way) in self.met.iter_mut().zip(&self.wanted.0) {
            *met |= *way == self.open;
        }
        let mut seen: Vec<&str> = Vec::new();
        loop {
            let apart = self.blanks();
            if self.take("/>") {
                self.open.pop();
                return Ok(());
            }
            if self.take(">") {
                return Ok(());
            }
            if !apart {
                return Err(format!("the tag {} is broken", quoted(name)));
            }
            let attribute = self.name().map_err(|_| format!("the tag {} is not closed", quoted(name)))?;
            if seen.contains(&attribute) {
                return Err(format!("{} has {} twice", quoted(name), quoted(attribute)));
            }
            seen.push(attribute);
            self.value(attribute)?;
        }
    }

    fn value(&mut self, attribute: &str) -> Read<()> {
        self.blanks();
        let has_sign = self.take("=");
        self.blanks();
        let quote = ["\"", "'"].into_iter().find(|quote| has_sign && self.take(quote));
        let quote = quote.ok_or_else(|| format!("the attribute {} has no value in quotes", quoted(attribute)))?;
        let value = self.until(quote, "the value of an attribute")?;
        if value.contains('<') {
            return Err(format!("`<` stands in the attribute {}", quoted(attribute)));
        }
        references(value)
    }

    /// Text and so on, up to the next start tag or the end tag of this element.
    fn content(&mut self, name: &str) -> Read<Inside> {
        loop {
            let rest = self.rest();
            let length = rest.find('<').ok_or_else(|| format!("{} is not closed", quoted(name)))?;
            references(&rest[..length])?;
            if rest[..length].contains("]]>") {
                return Err("`]]>` stands in the text".into());
            }
            self.at += length;
            if self.take("<!--") {
                self.comment()?;
            } else if self.take("<![CDATA[") {
                self.until("]]>", "a section of characters")?;
            } else if self.take("<?") {
                self.until("?>", "an instruction")?;
            } else if self.take("</") {
                let found = self.name()?;
                if found != name {
                    return Err(format!("{} is closed by {}", quoted(name), quoted(found)));
                }
                self.blanks();
                return if self.take(">") {
                    Ok(Inside::End)
                } else {
                    Err(format!("the end tag {} is broken", quoted(name)))
                };
            } else {
                return Ok(Inside::Start);
            }
        }
    }
}

enum Inside {
    Start,
    End,
}

/// Every `&` begins one of the five names that XML knows, or a number.
fn references(text: &str) -> Read<()> {
    for piece in text.split('&').skip(1) {
        let name = piece.split_once(';').map(|(name, _)| name).unwrap_or_default();
        let number = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            },
            None => None,
        };
        let is_known = matches!(name, "amp" | "lt" | "gt" | "quot" | "apos");
        if !is_known && number.and_then(char::from_u32).is_none_or(|c| c == '\0') {
            return Err(format!(
                "{} stands for nothing",
                quoted(&format!("&{}", piece.chars().take(12).collect::<String>()))
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{look, refused, said, subject, table};
    use crate::model::Verdict;

    #[test]
    fn whole_documents() {
        table(
            "is-xml",
            &json!(null),
            &[
                ("<a/>", true),
                (
                    "<?xml version=\"1.0\"?>\r\n<!-- c --><a x='1' y=\"2\"><b>t &amp; &#x1F600; 😀</b><![CDATA[<]]></a>\r\n",
                    true,
                ),
                ("<!DOCTYPE html><a></a>", true),
                ("<ä.b-c:d/>", true),
                ("", false),
                ("text", false),
                ("<a>", false),
                ("<a></b>", false),
                ("<a/><b/>", false),
                ("<r a=1/>", false),
                ("<r a='1' a='2'/>", false),
                ("<r>&undefined;</r>", false),
                ("<r>a & b</r>", false),
                ("<a>]]></a>", false),
                ("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", false),
                ("```xml\n<a/>\n```", false),
                ("<1/>", false),
            ],
        );
        table(
            "is-xml",
            &json!({"elements": ["a.b.c", "a.d"]}),
            &[
                ("<a><b/><b><c/></b><d/></a>", true),
                ("<a><b/><c/><d/></a>", false),
                ("<x><a><b><c/></b><d/></a></x>", false),
            ],
        );
    }

    #[test]
    fn parts_of_answers() {
        table(
            "contains-xml",
            &json!(null),
            &[
                ("so: <a>1 < 2</a>", false),
                ("so: <a>1 &lt; 2</a> 😀", true),
                ("if a < b: <br>\r\n<i>x</i>", true),
                ("<r a=1/>", false),
                ("", false),
            ],
        );
        table("contains-xml", &json!({"elements": ["a.b"]}), &[("<x/> and <a><b/></a>", true), ("<a/>", false)]);
        let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
        table("contains-xml", &json!(null), &[(&deep, true)]);
        let open = "<a>".repeat(20_000);
        let verdict = look("contains-xml", &json!(null), &subject(&said(&open))).verdict;
        assert_eq!(verdict, Verdict::Undecided, "nobody waits for that");
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert!(refused("is-xml", &json!({"elements": ["a..b"]})).expect("refused").contains("joined by dots"));
        assert!(refused("is-xml", &json!({"element": ["a"]})).expect("refused").contains("did you mean `elements`?"));
        assert!(refused("contains-xml", &json!({"elements": []})).is_some());
    }
}
