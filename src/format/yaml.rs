//! YAML read strictly into a tree that knows where every key and value stands.
//!
//! Anchors, aliases, tags, merge keys, duplicate keys and keys that are not text are refused: files that need them
//! mean different things to different readers. Untyped scalars follow the core schema of YAML 1.2, so `no` is text.

use std::borrow::Cow;
use std::collections::HashSet;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as RawSpan, StrInput};

use crate::base::Span;
use crate::model::{Map, Value};

/// Deeper nesting than this is refused.
pub const MAX_DEPTH: usize = 32;

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub span: Span,
    pub data: Data,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text as the author meant it, without quotes.
    pub text: String,
    pub style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub value: Node,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub text: String,
    pub span: Span,
}

/// What is wrong with the YAML itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub rule: &'static str,
    pub message: String,
    pub span: Span,
    pub hint: Option<String>,
}

/// A read document: a tree if there is one, its comments, and every problem met.
#[derive(Debug, Default)]
pub struct Tree {
    pub root: Option<Node>,
    pub comments: Vec<Comment>,
    pub problems: Vec<Problem>,
}

impl Node {
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    pub fn items(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value under a path of keys.
    pub fn at<'p>(&self, path: impl IntoIterator<Item = &'p str>) -> Option<&Node> {
        path.into_iter().try_fold(self, |node, key| node.get(key))
    }

    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.data {
            Data::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The source text of a scalar that is not null, whatever type it would resolve to: `1.10` stays `1.10`.
    pub fn text(&self) -> Option<&str> {
        self.scalar().filter(|scalar| !scalar.is_null()).map(|scalar| scalar.text.as_str())
    }

    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(Scalar::is_null)
    }

    pub fn value(&self) -> Value {
        match &self.data {
            Data::Scalar(scalar) => scalar.value(),
            Data::List(items) => Value::Array(items.iter().map(Node::value).collect()),
            Data::Map(entries) => Value::Object(map(entries)),
        }
    }

    /// What an error message calls this kind of value.
    pub fn type_word(&self) -> &'static str {
        match &self.data {
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
            Data::Scalar(scalar) => match scalar.value() {
                Value::Null => "nothing",
                Value::Bool(_) => "true or false",
                Value::Number(number) if number.is_f64() => "a number",
                Value::Number(_) => "a whole number",
                _ => "text",
            },
        }
    }
}

pub fn map(entries: &[Entry]) -> Map {
    entries.iter().map(|entry| (entry.key.clone(), entry.value.value())).collect()
}

impl Scalar {
    pub fn is_null(&self) -> bool {
        self.style == Style::Plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    pub fn value(&self) -> Value {
        if self.style == Style::Plain { plain(&self.text) } else { Value::String(self.text.clone()) }
    }
}

/// The core schema of YAML 1.2 for a plain scalar.
pub(super) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return Value::String(text.to_owned());
    }
    integer(text).map(Value::from).or_else(|| float(text)).unwrap_or_else(|| Value::String(text.to_owned()))
}

fn integer(text: &str) -> Option<i64> {
    let radix = |prefix, radix| text.strip_prefix(prefix).and_then(|digits| i64::from_str_radix(digits, radix).ok());
    radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| text.parse().ok())
}

fn float(text: &str) -> Option<Value> {
    let digits = text.trim_start_matches(['+', '-']);
    let shape = digits.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b))
        && digits.contains(|c: char| c.is_ascii_digit());
    let number: f64 = if shape { text.parse().ok()? } else { return None };
    serde_json::Number::from_f64(number).map(Value::Number)
}

/// Read one document. Spans are counted from `offset`, the place of `text` in its file.
pub fn read(text: &str, offset: usize) -> Tree {
    let mut reader = Reader { text, offset, parser: Parser::new_from_str(text), met: 0, tree: Tree::default() };
    if let Err(stop) = reader.document() {
        reader.tree.root = None;
        reader.tree.problems.extend(stop.0);
    }
    reader.tree.comments.sort_by_key(|comment| comment.span);
    reader.tree
}

struct Reader<'a> {
    text: &'a str,
    offset: usize,
    parser: Parser<'a, StrInput<'a>>,
    /// Where the event before the current one ends, in `text`.
    met: usize,
    tree: Tree,
}

/// Reading cannot go on; the reason, unless it was reported already.
struct Stop(Option<Problem>);

type Spanned<'a> = (Event<'a>, Span);

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<(), Stop> {
        let mut seen = false;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
                Event::DocumentStart(explicit, version) => {
                    if seen || version.is_some() {
                        self.problem("yaml", "only one YAML document without directives is allowed here", span, None);
                        return Err(Stop(None));
                    }
                    let _ = explicit;
                    seen = true;
                }
                event => self.tree.root = Some(self.node(event, span, 0)?),
            }
        }
        Ok(())
    }

    /// The next event that is not a comment; comments are put aside.
    fn next(&mut self) -> Result<Option<Spanned<'a>>, Stop> {
        loop {
            let Some(next) = self.parser.next_event() else { return Ok(None) };
            let (event, raw) = next.map_err(|error| Stop(Some(self.syntax(&error))))?;
            let span = self.span(&event, raw);
            match event {
                Event::Comment(text, _) => self.tree.comments.push(Comment { text: text.into_owned(), span }),
                event => return Ok(Some((event, span))),
            }
        }
    }

    fn inside(&mut self) -> Result<Spanned<'a>, Stop> {
        self.next()?.ok_or(Stop(None))
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Stop> {
        if depth > MAX_DEPTH {
            self.problem("yaml", format!("values nest deeper than {MAX_DEPTH} levels"), span, None);
            return Err(Stop(None));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                Ok(Node { span, data: Data::Scalar(scalar(text, style)) })
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                self.list(span.start, depth)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                self.mapping(span.start, depth)
            }
            _ => {
                let hint = "write the value out; references between values are not allowed";
                self.problem("yaml", "an alias (`*name`) stands here", span, Some(hint));
                Ok(Node { span, data: Data::Scalar(Scalar { text: String::new(), style: Style::Plain }) })
            }
        }
    }

    fn list(&mut self, start: usize, depth: usize) -> Result<Node, Stop> {
        let mut items: Vec<Node> = Vec::new();
        loop {
            let (event, span) = self.inside()?;
            if matches!(event, Event::SequenceEnd) {
                let end =
                    if span.end > span.start { span.end } else { items.last().map_or(start, |last| last.span.end) };
                return Ok(Node { span: Span::new(start, end), data: Data::List(items) });
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, start: usize, depth: usize) -> Result<Node, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = HashSet::new();
        loop {
            let (event, span) = self.inside()?;
            if matches!(event, Event::MappingEnd) {
                let last = entries.last().map_or(start, |last| last.value.span.end);
                let end = if span.end > span.start { span.end } else { last };
                return Ok(Node { span: Span::new(start, end), data: Data::Map(entries) });
            }
            let key = self.node(event, span, depth + 1)?;
            let (event, span) = self.inside()?;
            let mut value = self.node(event, span, depth + 1)?;
            self.settle(&key, &mut value);
            if let Some(text) = self.key(&key)
                && self.is_new(&text, &mut seen, key.span)
            {
                entries.push(Entry { key: text, key_span: key.span, value });
            }
        }
    }

    /// The text of a key, or a problem when it is a key that readers disagree about.
    fn key(&mut self, node: &Node) -> Option<String> {
        let Some(scalar) = node.scalar() else {
            self.problem("yaml", "a key must be text", node.span, None);
            return None;
        };
        if scalar.text == "<<" && scalar.style == Style::Plain {
            let hint = "write the keys out; a partial can share text between prompts";
            self.problem("yaml", "merge keys (`<<`) are not allowed", node.span, Some(hint));
            return None;
        }
        if !scalar.value().is_string() {
            let message = format!("the key `{}` is {}, not text", scalar.text, node.type_word());
            self.problem("yaml", message, node.span, Some("put it in quotes"));
        }
        Some(scalar.text.clone())
    }

    fn is_new(&mut self, key: &str, seen: &mut HashSet<String>, span: Span) -> bool {
        let new = seen.insert(key.to_owned());
        if !new {
            self.problem("duplicate-key", format!("the key `{key}` stands twice"), span, Some("keep one of them"));
        }
        new
    }

    fn refuse_properties(&mut self, anchor: usize, tag: bool, span: Span) {
        if anchor != 0 {
            let hint = "write the value out where it is needed; references between values are not allowed";
            self.problem("yaml", "an anchor (`&name`) stands here", span, Some(hint));
        }
        if tag {
            let hint = "leave the tag out; quotes make a value text";
            self.problem("yaml", "a tag (`!name`) stands here", span, Some(hint));
        }
    }

    fn problem(&mut self, rule: &'static str, message: impl Into<String>, span: Span, hint: Option<&str>) {
        self.tree.problems.push(Problem { rule, message: message.into(), span, hint: hint.map(str::to_owned) });
    }

    fn syntax(&self, error: &ScanError) -> Problem {
        let at = self.offset + error.marker().byte_offset().unwrap_or(0);
        let message = format!("this is not valid YAML: {}", error.info());
        Problem { rule: "yaml", message, span: Span::at(at), hint: syntax_hint(&error.info()) }
    }

    fn span(&mut self, event: &Event<'_>, raw: RawSpan) -> Span {
        let range = raw.byte_range().unwrap_or(0..0);
        let range = match event {
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => self.block_scalar(range),
            _ => range,
        };
        self.met = self.met.max(range.end);
        Span::new(self.offset + range.start, self.offset + range.end)
    }

    /// The parser's span of an empty value ends before the colon, and that of a list begins at its first item if the
    /// dashes are not indented.
    fn settle(&self, key: &Node, value: &mut Node) {
        let Some(mut rest) = self.text[key.span.end - self.offset..].trim_start().strip_prefix(':') else { return };
        let at = |rest: &str| self.offset + self.text.len() - rest.len();
        if value.span.start == value.span.end && value.is_null() {
            value.span = Span::at(at(rest));
            return;
        }
        rest = rest.trim_start();
        while rest.starts_with('#') {
            rest = rest.find(['\n', '\r']).map_or("", |end| rest[end..].trim_start());
        }
        if matches!(value.data, Data::List(_)) && rest.starts_with('-') {
            value.span.start = at(rest);
        }
    }

    /// The parser gives the content of a block scalar with every blank line after it. Its span here begins at the
    /// header and ends where its last line does, as that of any other scalar.
    fn block_scalar(&self, content: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let between = self.text.get(self.met..content.start).unwrap_or("");
        let start = between.find(['|', '>']).map_or(content.start, |at| self.met + at);
        let header = self.text[start..].lines().next().unwrap_or("");
        let text = &self.text[start..content.end.max(start)];
        let is_blank = |text: &str| text.trim_matches([' ', '\t', '\r', '\n']).is_empty();
        let keeps = header.split('#').next().is_some_and(|indicators| indicators.contains('+'));
        let length = match text.rfind('\n') {
            // Blank lines are part of the text; the indent of the next line is not.
            Some(at) if keeps && is_blank(&text[at..]) => at,
            _ if keeps => text.len(),
            _ => {
                let content = text.trim_end_matches([' ', '\t', '\r', '\n']).len();
                content + text[content..].find(['\r', '\n']).unwrap_or(text.len() - content)
            }
        };
        start..start + text[..length].trim_end_matches('\r').len()
    }
}

/// The two mistakes that make nearly all broken front matters of public prompt collections.
fn syntax_hint(info: &str) -> Option<String> {
    let alias = info.contains("alias") || info.contains("anchor");
    let colon = info.contains("mapping values") || info.contains("':'");
    if alias {
        Some("text that starts with `*` or `&` needs quotes".into())
    } else if colon {
        Some("text that holds `: ` needs quotes, or write it as a block after `>-`".into())
    } else {
        None
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Scalar {
    let style = match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    };
    Scalar { text: text.into_owned(), style }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        let tree = read(text, 0);
        let problems: Vec<_> = tree.problems.iter().map(|p| format!("{}@{}", p.message, p.span.start)).collect();
        match (tree.root, problems.is_empty()) {
            (Some(root), true) => root.value().to_string(),
            (_, _) => problems.join("; "),
        }
    }

    #[test]
    fn untyped_scalars_follow_the_core_schema() {
        assert_eq!(json("[no, on, y, yes, ~, null, true, 0x1f]"), r#"["no","on","y","yes",null,null,true,31]"#);
        assert_eq!(
            json("[1_000, 12:30, 2024-01-01, 1.10, -.5, 1e3, .nan, '1']"),
            r#"["1_000","12:30","2024-01-01",1.1,-0.5,1000.0,".nan","1"]"#
        );
        assert_eq!(json("a:\nb: |\n  x\n  y\n"), r#"{"a":null,"b":"x\ny\n"}"#);
    }

    #[test]
    fn what_readers_disagree_about_is_refused_with_its_place() {
        assert_eq!(json("a: 1\na: 2"), "the key `a` stands twice@5");
        assert_eq!(json("a: &x 1"), "an anchor (`&name`) stands here@6");
        assert_eq!(json("a: !!str 1"), "a tag (`!name`) stands here@9");
        assert_eq!(json("<<: {a: 1}"), "merge keys (`<<`) are not allowed@0");
        assert_eq!(json("1: a"), "the key `1` is a whole number, not text@0");
        assert!(json("globs: **/*.ts").starts_with("this is not valid YAML"));
        assert!(json("a: 1\n---\nb: 2").starts_with("only one YAML document"));
    }

    #[test]
    fn deep_nesting_is_refused_quickly() {
        assert!(json(&"[".repeat(200_000)).contains("nest deeper") || json(&"[".repeat(200_000)).contains("not valid"));
    }

    #[test]
    fn a_lone_carriage_return_ends_a_comment() {
        let text = "a: # x\r-\rb: # - y\r- z\r";
        let root = read(text, 0).root.expect("a map");
        assert_eq!(root.get("a").expect("present").span.text(text), "-");
        assert_eq!(root.get("b").expect("present").span.text(text), "- z");
    }

    #[test]
    fn spans_point_into_the_file() {
        let text = "a: 'x y'\nlist: [1, 2]\n";
        let tree = read(text, 100);
        let root = tree.root.expect("a map");
        let at = |key: &str| {
            let span = root.get(key).expect("present").span;
            Span::new(span.start - 100, span.end - 100).text(text).to_owned()
        };
        assert_eq!(at("a"), "'x y'");
        assert_eq!(at("list"), "[1, 2]");
    }
}
