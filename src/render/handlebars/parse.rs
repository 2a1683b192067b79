//! Tags become a tree.

use std::ops::Range;

use crate::model::Value;

use super::Flavour;
use super::scan::{Item, Tag, Wrong, scan};

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Text(Range<usize>),
    Print(Expr, Range<usize>),
    /// A helper that writes something: `role`, `history`, `media`, `json`.
    Call {
        name: String,
        args: Vec<Expr>,
        hash: Vec<(String, Expr)>,
        range: Range<usize>,
    },
    Block {
        kind: Kind,
        args: Vec<Expr>,
        names: Vec<String>,
        body: Vec<Node>,
        other: Vec<Node>,
        range: Range<usize>,
    },
    Partial {
        name: String,
        hash: Vec<(String, Expr)>,
        range: Range<usize>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    If,
    Unless,
    Each,
    With,
    IfEquals,
    UnlessEquals,
    /// Mustache's `{{#name}}`.
    Section,
    /// Mustache's `{{^name}}`.
    Inverted,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Literal(Value),
    /// How many scopes up, whether from the outermost, and the names to follow.
    Path {
        up: usize,
        root: bool,
        keys: Vec<String>,
        range: Range<usize>,
    },
    /// `@index` and its like.
    Data(String, Range<usize>),
}

/// Helpers that write something.
pub const HELPERS: &[&str] = &["role", "history", "media", "json", "section"];
const BLOCKS: &[(&str, Kind)] = &[
    ("if", Kind::If),
    ("unless", Kind::Unless),
    ("each", Kind::Each),
    ("with", Kind::With),
    ("ifEquals", Kind::IfEquals),
    ("unlessEquals", Kind::UnlessEquals),
];

pub fn parse(text: &str, flavour: Flavour) -> Result<Vec<Node>, Wrong> {
    let mut parser = Parser { text, flavour, items: scan(text)?.into_iter() };
    match parser.nodes(None)? {
        (nodes, None) => Ok(nodes),
        (_, Some(tag)) => {
            let message = format!("`{}` closes nothing", &text[tag.range.clone()]);
            Err((tag.range, message, "take it out, or open the block before"))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    flavour: Flavour,
    items: std::vec::IntoIter<Item>,
}

impl<'a> Parser<'a> {
    /// Nodes up to the tag that ends them: `else` or a closing tag.
    fn nodes(&mut self, open: Option<&Tag>) -> Result<(Vec<Node>, Option<Tag>), Wrong> {
        let mut nodes = Vec::new();
        while let Some(item) = self.items.next() {
            let tag = match item {
                Item::Text(range) => {
                    nodes.push(Node::Text(range));
                    continue;
                }
                Item::Tag(tag) => tag,
            };
            let inside = &self.text[tag.inside.clone()];
            let ends = inside.starts_with('/') || inside == "else" || inside.starts_with("else ") || inside == "^";
            if ends {
                return Ok((nodes, Some(tag)));
            }
            nodes.extend(self.node(&tag)?);
        }
        match open {
            None => Ok((nodes, None)),
            Some(tag) => {
                let message = format!("`{}` is opened here and never closed", &self.text[tag.range.clone()]);
                Err((tag.range.clone(), message, "end it with the `{{/…}}` of the same name"))
            }
        }
    }

    fn node(&mut self, tag: &Tag) -> Result<Option<Node>, Wrong> {
        let inside = &self.text[tag.inside.clone()];
        let range = tag.range.clone();
        Ok(Some(match inside.chars().next() {
            None => return Err(self.wrong(tag, "the braces hold no name", "write `\\{{` for braces that are text")),
            Some('!') => return Ok(None),
            Some('#' | '^') => self.block(tag)?,
            Some('>') => {
                let mut words = self.words(tag, 1)?;
                let name = words.first().map(|(word, _)| word.trim_matches(['"', '\'']).to_owned());
                let name = name.ok_or_else(|| self.wrong(tag, "no partial is named", "write `{{> name}}`"))?;
                let (_, hash) = self.arguments(tag, words.split_off(1))?;
                Node::Partial { name, hash, range }
            }
            Some('&') => Node::Print(self.single(tag, 1)?, range),
            Some(_) => {
                let mut words = self.words(tag, 0)?;
                let name = words[0].0.to_owned();
                if self.flavour == Flavour::Handlebars && HELPERS.contains(&name.as_str()) {
                    let (args, hash) = self.arguments(tag, words.split_off(1))?;
                    Node::Call { name, args, hash, range }
                } else if words.len() > 1 {
                    let message = format!("there is no helper `{name}`");
                    return Err((range, message, "the helpers are role, history, media, json and section"));
                } else {
                    Node::Print(self.single(tag, 0)?, range)
                }
            }
        }))
    }

    fn block(&mut self, tag: &Tag) -> Result<Node, Wrong> {
        let inverted = self.text[tag.inside.clone()].starts_with('^');
        let mut words = self.words(tag, 1)?;
        let name = words.first().map(|(word, _)| (*word).to_owned()).unwrap_or_default();
        let known = BLOCKS.iter().find(|(block, _)| *block == name && self.flavour == Flavour::Handlebars && !inverted);
        let (kind, rest) = match known {
            Some((_, kind)) => (*kind, words.split_off(1)),
            None if words.len() == 1 && inverted => (Kind::Inverted, words),
            None if words.len() == 1 => (Kind::Section, words),
            None => {
                let message = format!("there is no block `{name}`");
                return Err((
                    tag.range.clone(),
                    message,
                    "the blocks are if, unless, each, with, ifEquals and unlessEquals",
                ));
            }
        };
        let (rest, names) = block_names(rest);
        let (args, _) = self.arguments(tag, rest)?;
        let wanted = if matches!(kind, Kind::IfEquals | Kind::UnlessEquals) { 2 } else { 1 };
        if args.len() != wanted {
            return Err(self.wrong(
                tag,
                &format!("`{name}` takes {wanted} value{}", if wanted == 1 { "" } else { "s" }),
                "name what it looks at",
            ));
        }
        let (body, other) = self.branches(tag, &name)?;
        Ok(Node::Block { kind, args, names, body, other, range: tag.range.clone() })
    }

    fn branches(&mut self, tag: &Tag, name: &str) -> Result<(Vec<Node>, Vec<Node>), Wrong> {
        let (body, end) = self.nodes(Some(tag))?;
        let Some(end) = end else { return Ok((body, Vec::new())) };
        let inside = self.text[end.inside.clone()].to_owned();
        if let Some(closed) = inside.strip_prefix('/') {
            if closed.trim() == name {
                return Ok((body, Vec::new()));
            }
            let message = format!("`{}` closes the block `{name}`", &self.text[end.range.clone()]);
            return Err((end.range, message, "blocks close in the reverse order of opening"));
        }
        if inside == "else" || inside == "^" {
            let (other, _) = self.branches(tag, name)?;
            return Ok((body, other));
        }
        // `{{else if x}}` is a block in the other branch that the same tag closes.
        let at = end.inside.start + "else".len();
        let words = self.words(&Tag { inside: at..end.inside.end, range: end.range.clone() }, 0)?;
        let kind = match words.first() {
            Some(("if", _)) => Kind::If,
            Some(("unless", _)) => Kind::Unless,
            _ => {
                return Err(self.wrong(
                    &end,
                    "only `else if` and `else unless` can follow `else`",
                    "open a block of its own",
                ));
            }
        };
        let (args, _) = self.arguments(&end, words[1..].to_vec())?;
        let (inner, other) = self.branches(tag, name)?;
        let nested = Node::Block { kind, args, names: Vec::new(), body: inner, other, range: end.range };
        Ok((body, vec![nested]))
    }

    fn single(&self, tag: &Tag, skip: usize) -> Result<Expr, Wrong> {
        let words = self.words(tag, skip)?;
        let (word, range) = words[0].clone();
        expr(word, range).ok_or_else(|| self.wrong(tag, &format!("`{word}` is not a name"), "name a variable"))
    }

    /// The words of a tag: names, texts in quotes, `name=value`.
    fn words(&self, tag: &Tag, skip: usize) -> Result<Vec<(&'a str, Range<usize>)>, Wrong> {
        let mut words = Vec::new();
        let end = tag.inside.end;
        let mut at = tag.inside.start + skip;
        while at < end {
            let rest = &self.text[at..end];
            let blank = rest.len() - rest.trim_start().len();
            if blank > 0 {
                at += blank;
                continue;
            }
            if rest.starts_with('(') {
                return Err(self.wrong(tag, "calls inside calls are not rendered by palc", "compute the value before"));
            }
            let length = word_length(rest).ok_or_else(|| self.wrong(tag, "a quote is never closed", "close it"))?;
            words.push((&self.text[at..at + length], at..at + length));
            at += length;
        }
        if words.is_empty() {
            return Err(self.wrong(tag, "the tag holds no name", "name a variable"));
        }
        Ok(words)
    }

    #[expect(clippy::type_complexity, reason = "the two kinds of arguments, once")]
    fn arguments(
        &self,
        tag: &Tag,
        words: Vec<(&str, Range<usize>)>,
    ) -> Result<(Vec<Expr>, Vec<(String, Expr)>), Wrong> {
        let (mut args, mut hash) = (Vec::new(), Vec::new());
        for (word, range) in words {
            let named = word.split_once('=').filter(|_| !word.starts_with(['"', '\'']));
            let (key, value, range) = match named {
                Some((key, value)) => (Some(key), value, range.start + key.len() + 1..range.end),
                None => (None, word, range),
            };
            let value = expr(value, range).ok_or_else(|| {
                self.wrong(tag, &format!("`{word}` is not a value"), "write a name or a text in quotes")
            })?;
            match key {
                Some(key) => hash.push((key.to_owned(), value)),
                None => args.push(value),
            }
        }
        Ok((args, hash))
    }

    fn wrong(&self, tag: &Tag, message: &str, hint: &'static str) -> Wrong {
        (tag.range.clone(), message.to_owned(), hint)
    }
}

/// `as |item index|` at the end of a block's tag.
fn block_names(words: Vec<(&str, Range<usize>)>) -> (Vec<(&str, Range<usize>)>, Vec<String>) {
    match words.iter().position(|(word, _)| *word == "as") {
        Some(at) => {
            let names = words[at + 1..]
                .iter()
                .map(|(word, _)| word.trim_matches('|').to_owned())
                .filter(|name| !name.is_empty());
            let names = names.collect();
            (words[..at].to_vec(), names)
        }
        None => (words, Vec::new()),
    }
}

fn word_length(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c.is_whitespace() => return Some(at),
            None => {}
        }
    }
    quote.is_none().then_some(text.len())
}

fn expr(word: &str, range: Range<usize>) -> Option<Expr> {
    let quoted = |quote: char| word.len() >= 2 && word.starts_with(quote) && word.ends_with(quote);
    if quoted('"') || quoted('\'') {
        return Some(Expr::Literal(Value::from(&word[1..word.len() - 1])));
    }
    match word {
        "true" | "false" => return Some(Expr::Literal(Value::Bool(word == "true"))),
        "null" | "undefined" => return Some(Expr::Literal(Value::Null)),
        _ if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            return serde_json::from_str(word).ok().map(Expr::Literal);
        }
        _ => {}
    }
    if let Some(data) = word.strip_prefix('@') {
        let from_root =
            data.strip_prefix("root").and_then(|rest| rest.strip_prefix('.').or(Some(rest).filter(|r| r.is_empty())));
        return match from_root {
            Some(rest) => Some(Expr::Path { up: 0, root: true, keys: keys(rest)?, range }),
            None => Some(Expr::Data(data.to_owned(), range)),
        };
    }
    let (mut rest, mut up) = (word, 0);
    while let Some(outer) = rest.strip_prefix("../") {
        (rest, up) = (outer, up + 1);
    }
    let rest = rest.strip_prefix("./").unwrap_or(rest);
    Some(Expr::Path { up, root: false, keys: keys(rest)?, range })
}

fn keys(path: &str) -> Option<Vec<String>> {
    if matches!(path, "" | "this" | "." | "..") {
        return Some(Vec::new());
    }
    let path = path.strip_prefix("this.").unwrap_or(path);
    let good = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    path.split(['.', '/']).map(|key| good(key).then(|| key.to_owned())).collect()
}
