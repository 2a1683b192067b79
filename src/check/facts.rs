//! What the rules over the whole repository need to know of each file. Most files have few facts.

use serde::{Deserialize, Serialize};

use crate::base::Span;
use crate::base::hash::BlobId;
use crate::config::settings::Vocabularies;
use crate::format::shape::Shape;
use crate::format::yaml::{Node, Style};
use crate::model::Kind;
use crate::render::analyse::{self as render, Uses, Variable, Verb};
use crate::render::include;
use crate::render::schema::normalise;

use super::allow::{self, Allowance};
use super::file::File;
use super::summary::Spot;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    pub persona: bool,
    pub variant: Option<Text<'a>>,
    /// Words of vocabularies.
    pub words: Vec<Word<'a>>,
    pub references: Vec<Reference<'a>>,
    /// Variables that the front matter declares.
    pub declared: Vec<Text<'a>>,
    /// Variables that the template uses.
    pub used: Vec<Use<'a>>,
    #[serde(borrow)]
    pub includes: Vec<Include<'a>>,
    /// Whether everything that the template uses is known: not if its language is not palc's own, or it has errors.
    pub complete: bool,
    /// A hash of the body, of a body worth comparing.
    pub body: Option<u64>,
    pub allowances: Vec<Allowance<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text<'a> {
    pub text: &'a str,
    pub at: Spot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word<'a> {
    /// Its place in [`Vocabularies::NAMES`].
    pub vocabulary: u8,
    pub text: &'a str,
    pub at: Spot,
    /// Written over several lines, which a fix leaves alone.
    pub block: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference<'a> {
    pub to: Target,
    pub text: &'a str,
    pub at: Spot,
}

/// What a reference must lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    Extends,
    /// A glob.
    Partials,
    Persona,
    Parent,
    Related,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use<'a> {
    pub name: &'a str,
    pub at: Spot,
    /// Guarded by `default` or `is defined`.
    pub optional: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Include<'a> {
    /// Those that may be meant, in order; nothing if only rendering tells.
    #[serde(borrow)]
    pub names: Option<Vec<&'a str>>,
    pub at: Spot,
    /// `ignore missing`, or reported by another rule.
    pub optional: bool,
    /// Variables that the including template gives values to.
    #[serde(borrow)]
    pub locals: Vec<&'a str>,
}

impl<'a> Facts<'a> {
    /// For each file that this one takes in, the paths where it may be, the likeliest first.
    pub fn taken_in(&self, path: &str, roots: &[&str]) -> Vec<Vec<String>> {
        let named =
            |to| self.references.iter().filter(move |reference| reference.to == to).map(|reference| reference.text);
        let partials: Vec<&str> = named(Target::Partials).collect();
        let includes = self.includes.iter().flat_map(|include| include.names.iter().flatten().copied());
        // An older version is not changed by what happens to the file.
        let now = includes.chain(named(Target::Extends)).filter(|name| include::split_version(name).1.is_none());
        now.filter_map(|name| include::candidates(name, path, roots, &partials).ok()).collect()
    }

    pub fn of(file: &File<'a>) -> Facts<'a> {
        let mut facts = Facts { body: body_hash(file.body()), allowances: allow::read(file), ..Facts::default() };
        if let Some(root) = file.root() {
            facts.front(root);
            file.values(|_, node, shape| facts.value(node, shape));
        }
        facts.persona = file.prompt().kind == Kind::Persona;
        if let Some(uses) = file.uses {
            facts.template(file, uses);
        }
        facts
    }

    fn template(&mut self, file: &File<'a>, uses: &'a Uses) {
        let variable = |used: &'a Variable| Use { name: &used.name, at: used.span.into(), optional: used.guarded };
        self.used = uses.variables.iter().map(variable).collect();
        let include = |include: &'a render::Include| Include {
            names: include.names.as_ref().map(|names| names.iter().map(String::as_str).collect()),
            at: include.span.into(),
            optional: include.optional,
            locals: include.locals.iter().map(String::as_str).collect(),
        };
        self.includes = uses.includes.iter().map(include).collect();
        self.includes.extend(base(file, uses));
        self.complete = uses.problem.is_none();
    }

    fn front(&mut self, root: &'a Node) {
        self.id = root.get("id").and_then(text);
        self.variant = root.get("variant").and_then(text);
        let mut refer = |to, path: &str| {
            let Some(node) = root.at(path.split('.')) else { return };
            let one = if node.items().is_empty() { Some(node) } else { None };
            let texts = one.into_iter().chain(node.items()).filter_map(text);
            self.references.extend(texts.map(|Text { text, at }| Reference { to, text, at }));
        };
        refer(Target::Extends, "extends");
        refer(Target::Partials, "partials");
        refer(Target::Persona, "persona");
        refer(Target::Parent, "origin.parent");
        let related = root.get("related").map(Node::items).unwrap_or_default();
        let related = related.iter().filter_map(|item| item.get("to")).filter_map(text);
        self.references.extend(related.map(|Text { text, at }| Reference { to: Target::Related, text, at }));
        self.declared = declared(root);
    }

    fn value(&mut self, node: &'a Node, shape: &'static Shape) {
        let (Shape::Vocabulary(name, _), Some(Text { text, at })) = (shape, text(node)) else { return };
        let Some(vocabulary) = Vocabularies::NAMES.iter().position(|known| known == name) else { return };
        let block = node.scalar().is_some_and(|scalar| matches!(scalar.style, Style::Literal | Style::Folded));
        self.words.push(Word { vocabulary: vocabulary as u8, text, at, block });
    }
}

/// The include that `extends` in the front matter stands for, where the body fills blocks or is empty.
fn base<'a>(file: &File<'a>, uses: &'a Uses) -> Option<Include<'a>> {
    let extends = file.root()?.get("extends").and_then(text)?;
    let own = uses.includes.iter().any(|include| include.verb == Verb::Extends);
    let fills = !uses.blocks.is_empty() || file.body().trim().is_empty();
    (fills && !own).then(|| Include {
        names: Some(vec![extends.text]),
        at: extends.at,
        optional: true,
        locals: Vec::new(),
    })
}

fn text(node: &Node) -> Option<Text<'_>> {
    node.text().map(|text| Text { text, at: node.span.into() })
}

/// Names under `input`: of the schema's properties, of defaults, and required ones. Each name once, at its first place.
fn declared(root: &Node) -> Vec<Text<'_>> {
    let Some(input) = root.get("input") else { return Vec::new() };
    let mut names: Vec<Text<'_>> = Vec::new();
    let mut add = |text, span: Span| {
        if !names.iter().any(|known| known.text == text) {
            names.push(Text { text, at: span.into() });
        }
    };
    if let Some(schema) = input.get("schema") {
        schema_names(schema).into_iter().for_each(|(name, span)| add(name, span));
    }
    for entry in input.get("default").map(Node::entries).unwrap_or_default() {
        add(&entry.key, entry.key_span);
    }
    for item in input.get("required").map(Node::items).unwrap_or_default() {
        if let Some(name) = item.text() {
            add(name, item.span);
        }
    }
    names
}

/// The variables of a schema in any of its forms, each with its place.
fn schema_names(schema: &Node) -> Vec<(&str, Span)> {
    let Ok(whole) = normalise(&schema.value()) else { return Vec::new() };
    let is_variable = |name: &str| whole.get("properties").is_some_and(|properties| properties.get(name).is_some());
    // `tone?` and `queues(array, all of them)` name variables too.
    let bare = |key: &'_ str| key.find(['(', '?']).unwrap_or(key.len());
    let properties = schema.get("properties").unwrap_or(schema);
    let keys = properties.entries().iter().map(|entry| (&entry.key[..bare(&entry.key)], entry.key_span));
    let items = schema.items().iter().filter_map(|item| item.get("name"));
    let items = items.filter_map(|name| Some((name.text()?, name.span)));
    keys.chain(items).filter(|(name, _)| is_variable(name)).collect()
}

/// Bodies that differ only in line endings and blanks at their ends are the same.
fn body_hash(body: &str) -> Option<u64> {
    let body = body.trim();
    let id = match body {
        "" => return None,
        body if body.contains('\r') => BlobId::of(body.replace("\r\n", "\n").as_bytes()),
        body => BlobId::of(body.as_bytes()),
    };
    Some(u64::from_le_bytes([id.0[0], id.0[1], id.0[2], id.0[3], id.0[4], id.0[5], id.0[6], id.0[7]]))
}
