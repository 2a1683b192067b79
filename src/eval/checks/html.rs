//! Answers that are HTML, or hold some: elements that HTML has, closed where they must be, in the right order.

use serde_json::json;

use super::markup::{Budget, texts_in};
use super::normal::quoted;
use super::options::{optional, schemas};
use super::plain;
use crate::eval::{Compiled, Kind};
use crate::model::{Map, Score, Value};

pub static IS_HTML: Kind = Kind {
    name: "is-html",
    about: "The answer begins and ends with HTML: all its elements exist, and are closed in order where HTML wants that \
            (`<p>` and `<li>` may stay open, `<br>` has no end). Attributes may be any.",
    example: "is-html: true",
    schema: || schemas::optional(&json!({})),
    threshold: None,
    compile: |value, _| whole(value),
};

pub static CONTAINS_HTML: Kind = Kind {
    name: "contains-html",
    about: "The answer contains an HTML element with its end tag, or one that has none, such as `<br>`.",
    example: "not-contains-html: true",
    schema: || schemas::optional(&json!({})),
    threshold: None,
    compile: |value, _| part(value),
};

fn whole(value: &Value) -> Result<Compiled, String> {
    optional(value, &[], &Map::new())?;
    Ok(plain(|subject| {
        let text = subject.reply.text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if !text.starts_with('<') || !text.ends_with('>') {
            return Score::of(false, "the answer does not begin and end with a tag");
        }
        let mut reader = Reader { text, at: 0, open: Vec::new(), foreign: 0, count: 0 };
        match reader.all() {
            Ok(()) if reader.count == 0 => Score::of(false, "the answer has no element"),
            Ok(()) => Score::of(true, "the answer is HTML"),
            Err(why) => Score::of(false, format!("the answer is not HTML: {why}")),
        }
    }))
}

fn part(value: &Value) -> Result<Compiled, String> {
    optional(value, &[], &Map::new())?;
    Ok(plain(|subject| {
        let mut budget = Budget::default();
        for rest in texts_in(&subject.reply.text) {
            let mut reader = Reader { text: rest, at: 0, open: Vec::new(), foreign: 0, count: 0 };
            let found = reader.first();
            if !budget.spend(reader.at) {
                return Score::undecided("the answer has too many tags without an end to look through");
            }
            if let Some(name) = found {
                return Score::of(true, format!("the answer contains the HTML element {}", quoted(&name)));
            }
        }
        Score::of(false, "the answer contains no HTML element")
    }))
}

const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// May be left open: what follows, or the end of what they are in, closes them.
const LOOSE: &[&str] = &[
    "body", "caption", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rp", "rt", "tbody",
    "td", "tfoot", "th", "thead", "tr",
];

/// What stands in them is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title"];

const OTHERS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "button",
    "canvas",
    "center",
    "cite",
    "code",
    "data",
    "datalist",
    "del",
    "details",
    "dfn",
    "dialog",
    "div",
    "dl",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "i",
    "iframe",
    "ins",
    "kbd",
    "label",
    "legend",
    "main",
    "map",
    "mark",
    "math",
    "menu",
    "meter",
    "nav",
    "noscript",
    "object",
    "ol",
    "output",
    "picture",
    "pre",
    "progress",
    "q",
    "ruby",
    "s",
    "samp",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "template",
    "time",
    "tt",
    "u",
    "ul",
    "var",
    "video",
];

/// Elements of HTML, and those with a dash, which anyone may define.
fn is_element(name: &str) -> bool {
    [VOID, LOOSE, RAW, OTHERS].into_iter().any(|names| names.contains(&name)) || name.contains('-')
}

fn is_foreign_root(name: &str) -> bool {
    matches!(name, "svg" | "math")
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<String>,
    /// How many of them are pictures or formulas: what stands in those has names of its own.
    foreign: usize,
    /// Elements that were read.
    count: usize,
}

enum Tag {
    Start {
        name: String,
        is_empty: bool,
    },
    End(String),
    /// A comment or a document type.
    Nothing,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn all(&mut self) -> Result<(), String> {
        while let Some(length) = self.rest().find('<') {
            self.at += length;
            match self.tag()? {
                Some(tag) => self.step(tag)?,
                None => self.at += 1,
            }
        }
        match self.open.iter().rev().find(|name| !LOOSE.contains(&name.as_str())) {
            Some(name) => Err(format!("{} is not closed", quoted(name))),
            None => Ok(()),
        }
    }

    /// The element that begins here, if it comes to its end.
    fn first(&mut self) -> Option<String> {
        let Tag::Start { name, is_empty } = self.tag().ok()?? else { return None };
        if is_empty {
            return is_element(&name).then_some(name);
        }
        self.step(Tag::Start { name: name.clone(), is_empty }).ok()?;
        while let Some(length) = self.rest().find('<') {
            self.at += length;
            match self.tag().ok()? {
                Some(tag) => self.step(tag).ok()?,
                None => self.at += 1,
            }
            if self.open.is_empty() {
                return Some(name);
            }
        }
        None
    }

    fn step(&mut self, tag: Tag) -> Result<(), String> {
        match tag {
            Tag::Nothing => Ok(()),
            Tag::Start { name, is_empty } => self.start(name, is_empty),
            Tag::End(name) => self.end(&name),
        }
    }

    fn start(&mut self, name: String, is_empty: bool) -> Result<(), String> {
        let is_foreign = self.foreign > 0;
        if !is_foreign && !is_element(&name) {
            return Err(format!("HTML has no element {}", quoted(&name)));
        }
        self.count += 1;
        if is_empty {
            return Ok(());
        }
        if RAW.contains(&name.as_str()) && !is_foreign {
            return self.raw(&name);
        }
        self.foreign += usize::from(is_foreign_root(&name));
        self.open.push(name);
        Ok(())
    }

    /// Up to the end tag, whatever stands before it.
    fn raw(&mut self, name: &str) -> Result<(), String> {
        let end = format!("</{name}");
        let rest = self.rest();
        let found = rest
            .match_indices("</")
            .find(|(at, _)| rest.get(*at..*at + end.len()).is_some_and(|piece| piece.eq_ignore_ascii_case(&end)));
        let close = found.and_then(|(at, _)| rest[at..].find('>').map(|length| at + length + 1));
        self.at += close.ok_or_else(|| format!("{} is not closed", quoted(name)))?;
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), String> {
        if VOID.contains(&name) {
            return Err(format!("{} has no end", quoted(name)));
        }
        let Some(at) = self.open.iter().rposition(|open| open == name) else {
            return Err(format!("{} is closed and was never open", quoted(name)));
        };
        if let Some(inner) = self.open[at + 1..].iter().find(|inner| !LOOSE.contains(&inner.as_str())) {
            return Err(format!("{} is not closed before {}", quoted(inner), quoted(name)));
        }
        self.foreign -= self.open.drain(at..).filter(|name| is_foreign_root(name)).count();
        Ok(())
    }

    /// The tag at `<`. None if it begins none: then it is text.
    fn tag(&mut self) -> Result<Option<Tag>, String> {
        let rest = self.rest();
        if let Some(comment) = rest.strip_prefix("<!--") {
            let length = comment.find("-->").ok_or("a comment is not closed")?;
            self.at += length + 7;
            return Ok(Some(Tag::Nothing));
        }
        if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
            self.at += rest.find('>').ok_or("the document type is not closed")? + 1;
            return Ok(Some(Tag::Nothing));
        }
        let (is_end, inside) = rest[1..].strip_prefix('/').map_or((false, &rest[1..]), |inside| (true, inside));
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Ok(None);
        }
        let length = inside.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '<')).unwrap_or(inside.len());
        let name = inside[..length].to_ascii_lowercase();
        let (end, slash) =
            close(&inside[length..]).ok_or_else(|| format!("the tag {} is not closed", quoted(&name)))?;
        self.at += rest.len() - inside.len() + length + end;
        let is_empty = VOID.contains(&name.as_str()) || (slash && self.foreign > 0);
        Ok(Some(if is_end { Tag::End(name) } else { Tag::Start { name, is_empty } }))
    }
}

/// Where a tag ends, past its attributes, and whether a slash stands before that.
fn close(text: &str) -> Option<(usize, bool)> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if before == '=' => quote = Some(c),
            (None, '>') => return Some((at + 1, before == '/')),
            (None, '<') => return None,
            _ => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{look, refused, said, subject, table};
    use crate::model::Verdict;

    #[test]
    fn whole_answers() {
        table(
            "is-html",
            &json!(null),
            &[
                (
                    "<!DOCTYPE html>\r\n<html><head><title>a < b</title></head><body><p>one<p>two<br></body></html>\r\n",
                    true,
                ),
                ("<div class=\"a>b\" hidden>x</div>", true),
                ("<ul><li>one<li>two 😀</ul>", true),
                ("<p>1 < 2</p>", true),
                ("<my-card>x</my-card>", true),
                ("<svg viewBox='0 0 1 1'><path d='M0'/></svg>", true),
                ("<script>if (a<b) { x = '</div>' }</script><p></p>", true),
                ("<div>unclosed", false),
                ("<div>unclosed<br>", false),
                ("<b><i>x</b></i>", false),
                ("<foo>x</foo>", false),
                ("<p>x</p></div>", false),
                ("text <b>x</b>", false),
                ("<!-- only a comment -->", false),
                ("", false),
            ],
        );
    }

    #[test]
    fn parts_of_answers() {
        table(
            "contains-html",
            &json!(true),
            &[
                ("see <b>this</b>", true),
                ("one<BR>two", true),
                ("use the `<div>` tag", false),
                ("a < b > c", false),
                ("<foo>x</foo>", false),
                ("<foo><em>x</em>\r\n</foo>", true),
                ("<3 😀", false),
                ("", false),
            ],
        );
        let open = "<b>".repeat(20_000);
        assert_eq!(look("contains-html", &json!(null), &subject(&said(&open))).verdict, Verdict::Undecided);
        assert!(refused("contains-html", &json!({"x": 1})).is_some());
    }
}
