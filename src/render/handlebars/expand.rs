//! The tree becomes text and messages.

use std::ops::Range;
use std::sync::Arc;

use crate::base::{Error, Finding, Result};
use crate::config::OnMissing;
use crate::model::{Map, Value};

use super::super::event::{Event, Mark, Origin, Placed};
use super::super::include::{Library, Loaded};
use super::super::marker::{self, Heading};
use super::super::patch::Patched;
use super::super::request::Request;
use super::Flavour;
use super::parse::{Expr, Kind, Node, parse};

/// Expand the request's body. Everything that is wrong is reported at once.
pub fn expand(request: &Request<'_>, flavour: Flavour, library: &Arc<Library>, variables: &Map) -> Result<Vec<Event>> {
    let root = library.get(request.body.path).ok_or_else(|| Error::bug("the body was not loaded"))?;
    let scope = Scope { value: Value::Object(variables.clone()), ..Scope::default() };
    let mut writer = Writer {
        request,
        flavour,
        library,
        scopes: vec![scope],
        files: Vec::new(),
        events: Vec::new(),
        wrong: Vec::new(),
        steps: 0,
        size: 0,
    };
    writer.file(&root);
    if writer.wrong.is_empty() {
        return Ok(writer.events);
    }
    Err(Error::findings(format!("cannot render `{}`", request.body.path), writer.wrong))
}

#[derive(Debug, Clone, Default)]
struct Scope {
    value: Value,
    /// `@index` and its like.
    data: Vec<(&'static str, Value)>,
    /// Names given by `as |item|`.
    names: Vec<(String, Value)>,
}

struct Writer<'r> {
    request: &'r Request<'r>,
    flavour: Flavour,
    library: &'r Arc<Library>,
    scopes: Vec<Scope>,
    /// The files being expanded, innermost last.
    files: Vec<(Arc<Loaded>, Arc<Patched>)>,
    events: Vec<Event>,
    wrong: Vec<Finding>,
    steps: u64,
    size: usize,
}

impl Writer<'_> {
    fn file(&mut self, file: &Arc<Loaded>) {
        let patched = Arc::new(Patched::new(file.body().text(), file.body.start));
        self.files.push((file.clone(), patched.clone()));
        match parse(&patched.text, self.flavour) {
            Ok(nodes) => self.nodes(&nodes),
            Err((range, message, hint)) => self.fail("template-syntax", &range, message, hint),
        }
        self.files.pop();
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.steps += 1;
            let limits = &self.request.options;
            if self.steps > limits.fuel || self.size > limits.output_bytes {
                if self.wrong.is_empty() {
                    self.fail(
                        "template-limit",
                        &range_of(node),
                        "the prompt grows too large here".into(),
                        "look for a loop over too much",
                    );
                }
                return;
            }
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Text(range) => {
                let text = self.files.last().map(|(_, patched)| patched.text[range.clone()].to_owned());
                self.text(text.unwrap_or_default(), range, false);
            }
            Node::Print(expr, range) => self.print(expr, range),
            Node::Call { name, args, hash, range } => self.call(name, args, hash, range),
            Node::Block { kind, args, names, body, other, range } => {
                self.block(*kind, args, names, (body, other), range);
            }
            Node::Partial { name, hash, range } => self.partial(name, hash, range),
        }
    }

    fn text(&mut self, text: String, range: &Range<usize>, computed: bool) {
        if self.request.explain
            && let Some((file, patched)) = self.files.last()
        {
            let place = file.body().place(patched.original_span(range.clone()));
            self.events.push(Event::Mark(Mark::From(Some(Origin { place, computed }))));
        }
        self.size += text.len();
        self.events.push(Event::Text(text));
    }

    fn print(&mut self, expr: &Expr, range: &Range<usize>) {
        match self.value(expr) {
            Some(Value::String(text)) => self.text(text, range, true),
            Some(Value::Array(items)) => {
                let words = items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
                self.text(words.collect::<Vec<_>>().join(","), range, true);
            }
            Some(Value::Object(_)) => {
                self.fail(
                    "template-error",
                    range,
                    format!("`{}` is a map", named(expr)),
                    "name one of its keys, or write `{{json …}}`",
                );
            }
            Some(Value::Null) | None if self.request.options.on_missing != OnMissing::Error => {}
            Some(Value::Null) => {
                self.fail("missing-variable", range, format!("`{}` is null", named(expr)), "give it a value");
            }
            None => {
                let message = format!("`{}` is not given", named(expr));
                self.fail(
                    "missing-variable",
                    range,
                    message,
                    "give it a value, or put it between `{{#if …}}` and `{{/if}}`",
                );
            }
            Some(other) => self.text(other.to_string(), range, true),
        }
    }

    fn call(&mut self, name: &str, args: &[Expr], hash: &[(String, Expr)], range: &Range<usize>) {
        let first = args.first().and_then(|arg| self.value(arg));
        let word = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let option = |key: &str| hash.iter().find(|(name, _)| name == key).and_then(|(_, value)| self.value(value));
        let mark = match name {
            "role" => match word(first).as_deref().and_then(marker::role) {
                Some(role) => Mark::Start(Heading { role: role.into(), attributes: Vec::new() }),
                None => {
                    return self.fail(
                        "template-error",
                        range,
                        "`role` needs the name of a role".into(),
                        "write `{{role \"user\"}}`",
                    );
                }
            },
            "history" => Mark::Turns(Placed::History, self.request.history.clone()),
            "media" => match word(option("url")) {
                Some(url) => Mark::Media { url, mime: word(option("contentType")) },
                None => {
                    return self.fail(
                        "missing-variable",
                        range,
                        "`media` needs a `url`".into(),
                        "write `{{media url=photo}}`",
                    );
                }
            },
            "section" => return,
            _ => {
                let indent = option("indent").and_then(|value| value.as_u64());
                let value = first.unwrap_or_default();
                let text = if indent.is_some() { format!("{value:#}") } else { value.to_string() };
                return self.text(text, range, true);
            }
        };
        self.events.push(Event::Mark(mark));
    }

    fn block(
        &mut self,
        kind: Kind,
        args: &[Expr],
        names: &[String],
        (body, other): (&[Node], &[Node]),
        range: &Range<usize>,
    ) {
        let value = args.first().and_then(|arg| self.value(arg));
        let holds = value.as_ref().is_some_and(is_true);
        let equal = || value == args.get(1).and_then(|arg| self.value(arg));
        match kind {
            Kind::If => self.nodes(if holds { body } else { other }),
            Kind::Unless | Kind::Inverted => self.nodes(if holds { other } else { body }),
            Kind::IfEquals => self.nodes(if equal() { body } else { other }),
            Kind::UnlessEquals => self.nodes(if equal() { other } else { body }),
            Kind::With | Kind::Section if !holds => self.nodes(other),
            Kind::Section if value == Some(Value::Bool(true)) => self.nodes(body),
            Kind::With => self.inside(value.unwrap_or_default(), Vec::new(), names, body),
            Kind::Each | Kind::Section => match value {
                Some(Value::Array(items)) => {
                    self.each(items.into_iter().map(|item| (None, item)).collect(), names, body, other);
                }
                Some(Value::Object(map)) if kind == Kind::Each => {
                    self.each(map.into_iter().map(|(key, item)| (Some(key), item)).collect(), names, body, other);
                }
                Some(single) if kind == Kind::Section => self.inside(single, Vec::new(), names, body),
                None | Some(Value::Null) => self.nodes(other),
                Some(_) => self.fail("template-error", range, "`each` needs a list or a map".into(), "give it one"),
            },
        }
    }

    fn each(&mut self, items: Vec<(Option<String>, Value)>, names: &[String], body: &[Node], other: &[Node]) {
        if items.is_empty() {
            return self.nodes(other);
        }
        let last = items.len() - 1;
        for (at, (key, item)) in items.into_iter().enumerate() {
            let key = key.map_or_else(|| Value::from(at), Value::from);
            let data = vec![
                ("index", Value::from(at)),
                ("key", key),
                ("first", Value::from(at == 0)),
                ("last", Value::from(at == last)),
            ];
            self.inside(item, data, names, body);
        }
    }

    fn inside(&mut self, value: Value, data: Vec<(&'static str, Value)>, names: &[String], body: &[Node]) {
        let key = data.iter().find(|(name, _)| *name == "key").map(|(_, key)| key.clone());
        let given = names.iter().cloned().zip([Some(value.clone()), key].into_iter().flatten()).collect();
        self.scopes.push(Scope { value, data, names: given });
        self.nodes(body);
        self.scopes.pop();
    }

    fn partial(&mut self, name: &str, hash: &[(String, Expr)], range: &Range<usize>) {
        let Some((file, _)) = self.files.last().cloned() else { return };
        if self.files.len() > self.request.options.include_depth {
            return self.fail("template-limit", range, "partials nest too deeply here".into(), "take one of them out");
        }
        let found = match find(self.library, name, &file) {
            Ok(found) => found,
            Err(message) => {
                return self.fail("broken-include", range, message, "a partial is a file such as `_name.prompt`");
            }
        };
        let mut value = self.scopes.last().map(|scope| scope.value.clone()).unwrap_or_default();
        for (key, given) in hash {
            if let (Value::Object(map), Some(given)) = (&mut value, self.value(given)) {
                map.insert(key.clone(), given);
            }
        }
        self.scopes.push(Scope { value, ..Scope::default() });
        self.file(&found);
        self.scopes.pop();
    }

    fn value(&self, expr: &Expr) -> Option<Value> {
        match expr {
            Expr::Literal(value) => Some(value.clone()),
            Expr::Data(name, _) => {
                let found =
                    |scope: &Scope| scope.data.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
                self.scopes.iter().rev().find_map(found)
            }
            Expr::Path { up, root, keys, .. } => {
                let depth = if *root { 0 } else { self.scopes.len().checked_sub(up + 1)? };
                let named = keys.first().filter(|_| *up == 0 && !root).and_then(|key| {
                    self.scopes.iter().rev().flat_map(|scope| &scope.names).find(|(name, _)| name == key)
                });
                if let Some((_, value)) = named {
                    return follow(value, &keys[1..]);
                }
                let own = follow(&self.scopes[depth].value, keys);
                let outer = || self.scopes[..depth].iter().rev().find_map(|scope| follow(&scope.value, keys));
                if self.flavour == Flavour::Mustache { own.or_else(outer) } else { own }
            }
        }
    }

    fn fail(&mut self, rule: &str, range: &Range<usize>, message: String, hint: &str) {
        let Some((file, patched)) = self.files.last() else { return };
        let place = file.body().place(patched.original_span(range.clone()));
        self.wrong.push(Finding::error(rule, place, message).hint(hint));
    }
}

/// A partial by its name: `name` means `_name.prompt` or a file that templates of palc would find.
pub(super) fn find(library: &Library, name: &str, from: &Loaded) -> Result<Arc<Loaded>, String> {
    let (folder, last) = name.rsplit_once('/').map_or(("", name), |(folder, last)| (folder, last));
    let slash = if folder.is_empty() { "" } else { "/" };
    let dotprompt = format!("{folder}{slash}_{last}.prompt");
    library
        .find(&dotprompt, &from.name)
        .or_else(|_| library.find(name, &from.name))
        .map_err(|refusal| refusal.message(name))
}

fn follow(value: &Value, keys: &[String]) -> Option<Value> {
    let step = |value: &Value, key: &String| match value {
        Value::Object(map) => map.get(key).cloned(),
        Value::Array(items) if key == "length" => Some(Value::from(items.len())),
        Value::Array(items) => items.get(key.parse::<usize>().ok()?).cloned(),
        _ => None,
    };
    keys.iter().try_fold(value.clone(), |value, key| step(&value, key))
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) => true,
    }
}

fn named(expr: &Expr) -> String {
    match expr {
        Expr::Literal(value) => value.to_string(),
        Expr::Data(name, _) => format!("@{name}"),
        Expr::Path { keys, .. } if keys.is_empty() => "this".into(),
        Expr::Path { keys, .. } => keys.join("."),
    }
}

fn range_of(node: &Node) -> Range<usize> {
    match node {
        Node::Text(range)
        | Node::Print(_, range)
        | Node::Call { range, .. }
        | Node::Block { range, .. }
        | Node::Partial { range, .. } => range.clone(),
    }
}
