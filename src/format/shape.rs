//! Shapes of values: what a field may hold, checked with places, and told as JSON Schema.

use serde_json::json;

use crate::base::Span;
use crate::base::near::{did_you_mean, is_slip};
use crate::model::{Map as ValueMap, Value};

use super::fields::Field;
use super::yaml::{Data, Node, Problem};

#[derive(Debug)]
pub enum Shape {
    /// Any scalar, read as its source text; at most so many characters.
    Text {
        max: usize,
    },
    /// A prompt id.
    Id,
    /// Text from a vocabulary of the settings, which a rule checks; at most so many characters.
    Vocabulary(&'static str, usize),
    Choice(&'static [&'static str]),
    Bool,
    Integer {
        min: i64,
        max: i64,
    },
    Number {
        min: f64,
        max: f64,
    },
    List(&'static Shape),
    /// A list, or its only item.
    OneOrMany(&'static Shape),
    Map(&'static [Field], Rest),
    FreeMap,
    /// A map from any word to values of one shape.
    MapOf(&'static Shape),
    /// A JSON Schema or one of its short forms.
    Schema,
    AnyOf(&'static [Shape]),
    Any,
}

/// What becomes of keys a map does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    Refused,
    Warned,
    /// Other programs may know them: reported only where a known key was plainly meant.
    NearMiss,
    Free,
}

/// Visit every value that has a shape, outermost first, with the dotted path to it.
pub fn walk<'a>(
    node: &'a Node,
    shape: &'static Shape,
    path: &str,
    visit: &mut dyn FnMut(&str, &'a Node, &'static Shape),
) {
    visit(path, node, shape);
    match (shape, &node.data) {
        (Shape::Map(fields, _), Data::Map(_)) => walk_fields(node, fields, path, visit),
        (Shape::List(item) | Shape::OneOrMany(item), Data::List(items)) => {
            items.iter().enumerate().for_each(|(at, node)| walk(node, item, &format!("{path}[{at}]"), visit));
        }
        (Shape::MapOf(item), Data::Map(entries)) => {
            entries.iter().for_each(|entry| walk(&entry.value, item, &join(path, &entry.key), visit));
        }
        (Shape::OneOrMany(item), _) => walk(node, item, path, visit),
        (Shape::AnyOf(shapes), _) => {
            if let Some(shape) = shapes.iter().find(|shape| shape.fits(node)) {
                walk(node, shape, path, visit);
            }
        }
        _ => {}
    }
}

/// As [`walk`], for the entries of a map whose fields are given.
pub fn walk_fields<'a>(
    node: &'a Node,
    fields: &'static [Field],
    path: &str,
    visit: &mut dyn FnMut(&str, &'a Node, &'static Shape),
) {
    for entry in node.entries() {
        if let Some(field) = fields.iter().find(|field| field.name == entry.key) {
            walk(&entry.value, &field.shape, &join(path, field.name), visit);
        }
    }
}

pub fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Check the entries of a map against its fields.
pub fn check_fields(node: &Node, fields: &'static [Field], rest: Rest, path: &str, problems: &mut Vec<Problem>) {
    for entry in node.entries() {
        let path = join(path, &entry.key);
        match fields.iter().find(|field| field.name == entry.key) {
            Some(field) => field.shape.check(&entry.value, &path, problems),
            None => unknown(&path, entry.key_span, fields, rest, problems),
        }
    }
}

fn unknown(path: &str, span: Span, fields: &[Field], rest: Rest, problems: &mut Vec<Problem>) {
    let (message, fallback) = match rest {
        Rest::Free => return,
        Rest::NearMiss => return near_miss(path, span, fields, problems),
        Rest::Refused => (format!("`{path}` is not a key palc knows"), "put fields of your own under `custom`"),
        Rest::Warned => (format!("`{path}` is not a parameter palc knows; it is passed on as it is"), ""),
    };
    let key = path.rsplit('.').next().unwrap_or(path);
    let hint = did_you_mean(key, fields.iter().map(|field| field.name));
    let hint = hint.or_else(|| Some(fallback.to_owned()).filter(|hint| !hint.is_empty()));
    problems.push(Problem { rule: "unknown-key", message, span, hint });
}

fn near_miss(path: &str, span: Span, fields: &[Field], problems: &mut Vec<Problem>) {
    let key = path.rsplit('.').next().unwrap_or(path);
    let meant = fields.iter().find(|field| is_slip(key, field.name));
    problems.extend(meant.map(|field| Problem {
        rule: "unknown-key",
        message: format!("`{path}` is not a key of this format"),
        span,
        hint: Some(format!("did you mean `{}`?", field.name)),
    }));
}

impl Shape {
    /// Whether the kind of value is right, whatever its range.
    fn fits(&self, node: &Node) -> bool {
        match (self, &node.data) {
            (Shape::Any | Shape::Schema, _) => true,
            (Shape::List(_), Data::List(_)) => true,
            (Shape::Map(..) | Shape::MapOf(_) | Shape::FreeMap, Data::Map(_)) => true,
            (Shape::OneOrMany(shape), data) => matches!(data, Data::List(_)) || shape.fits(node),
            (Shape::AnyOf(shapes), _) => shapes.iter().any(|shape| shape.fits(node)),
            (Shape::List(_) | Shape::Map(..) | Shape::MapOf(_) | Shape::FreeMap, _)
            | (_, Data::List(_) | Data::Map(_)) => false,
            (_, Data::Scalar(_)) => true,
        }
    }

    /// Report what is wrong with a value. An empty value (`key:`) counts as absent.
    pub fn check(&self, node: &Node, path: &str, problems: &mut Vec<Problem>) {
        if node.is_null() {
            return;
        }
        if !self.fits(node) {
            problems.push(wrong_type(path, &self.words(), node));
            return;
        }
        match self {
            Shape::Text { max } | Shape::Vocabulary(_, max) => check_length(node, *max, path, problems),
            Shape::Id => check_id(node, path, problems),
            Shape::Choice(words) => check_choice(node, words, path, problems),
            Shape::Bool if !node.value().is_boolean() => problems.push(wrong_type(path, &self.words(), node)),
            Shape::Integer { min, max } => self.check_integer(node, (*min, *max), path, problems),
            Shape::Number { min, max } => self.check_number(node, (*min, *max), path, problems),
            Shape::List(item) | Shape::OneOrMany(item) => match &node.data {
                Data::List(items) => {
                    items
                        .iter()
                        .enumerate()
                        .for_each(|(at, node)| item.check(node, &format!("{path}[{at}]"), problems));
                }
                _ => item.check(node, path, problems),
            },
            Shape::Map(fields, rest) => check_fields(node, fields, *rest, path, problems),
            Shape::MapOf(item) => {
                node.entries().iter().for_each(|entry| item.check(&entry.value, &join(path, &entry.key), problems));
            }
            Shape::AnyOf(shapes) => {
                if let Some(shape) = shapes.iter().find(|shape| shape.fits(node)) {
                    shape.check(node, path, problems);
                }
            }
            Shape::Schema if !matches!(node.data, Data::Map(_) | Data::List(_)) => {
                problems.push(wrong_type(path, &self.words(), node));
            }
            Shape::Bool | Shape::FreeMap | Shape::Schema | Shape::Any => {}
        }
    }

    fn check_integer(&self, node: &Node, (min, max): (i64, i64), path: &str, problems: &mut Vec<Problem>) {
        match node.value().as_i64() {
            None => problems.push(wrong_type(path, &self.words(), node)),
            Some(number) if number < min || number > max => {
                let range = if max == i64::MAX { format!("at least {min}") } else { format!("{min} to {max}") };
                problems.push(problem("out-of-range", format!("`{path}` must be {range}, and is {number}"), node));
            }
            Some(_) => {}
        }
    }

    fn check_number(&self, node: &Node, (min, max): (f64, f64), path: &str, problems: &mut Vec<Problem>) {
        match node.value().as_f64() {
            None => problems.push(wrong_type(path, &self.words(), node)),
            Some(number) if number < min || number > max => {
                problems.push(problem(
                    "out-of-range",
                    format!("`{path}` must be {min} to {max}, and is {number}"),
                    node,
                ));
            }
            Some(_) => {}
        }
    }

    /// What a value of this shape is called in a message.
    pub fn words(&self) -> String {
        match self {
            Shape::Text { .. } | Shape::Vocabulary(..) | Shape::Id => "text".into(),
            Shape::Choice(words) => format!("one of {}", words.join(", ")),
            Shape::Bool => "true or false".into(),
            Shape::Integer { .. } => "a whole number".into(),
            Shape::Number { .. } => "a number".into(),
            Shape::List(item) => format!("a list of {}", item.words()),
            Shape::OneOrMany(item) => format!("{} or a list of it", item.words()),
            Shape::Map(..) | Shape::MapOf(_) | Shape::FreeMap => "a map".into(),
            Shape::Schema => "a JSON Schema".into(),
            Shape::AnyOf(shapes) => shapes.iter().map(Shape::words).collect::<Vec<_>>().join(" or "),
            Shape::Any => "anything".into(),
        }
    }

    /// The shape as JSON Schema (draft-07, which editors for YAML read). Text may be any scalar: it is read as written.
    pub fn schema(&self) -> Value {
        const SCALAR: [&str; 3] = ["string", "number", "boolean"];
        match self {
            Shape::Text { max } | Shape::Vocabulary(_, max) => match *max {
                usize::MAX => json!({"type": SCALAR}),
                max => json!({"type": SCALAR, "maxLength": max}),
            },
            Shape::Id => json!({"type": SCALAR, "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"}),
            Shape::Choice(words) => json!({"enum": words}),
            Shape::Bool => json!({"type": "boolean"}),
            Shape::Integer { min, max } => {
                bounded("integer", json!(min), json!(max), *min == i64::MIN, *max == i64::MAX)
            }
            Shape::Number { min, max } => bounded("number", json!(min), json!(max), false, false),
            Shape::List(item) => json!({"type": "array", "items": or_nothing(item.schema())}),
            Shape::OneOrMany(item) => {
                json!({"anyOf": [item.schema(), {"type": "array", "items": or_nothing(item.schema())}]})
            }
            Shape::Map(fields, rest) => object(fields, *rest),
            Shape::MapOf(item) => json!({"type": "object", "additionalProperties": or_nothing(item.schema())}),
            Shape::FreeMap => json!({"type": "object"}),
            Shape::Schema => json!({"type": ["object", "array"]}),
            Shape::AnyOf(shapes) => json!({"anyOf": shapes.iter().map(Shape::schema).collect::<Vec<_>>()}),
            Shape::Any => json!({}),
        }
    }
}

/// The same schema for a value that may be empty, which counts as absent.
fn or_nothing(mut schema: Value) -> Value {
    let nothing = json!("null");
    match schema.as_object_mut() {
        Some(object) if object.contains_key("enum") => {
            object["enum"].as_array_mut().into_iter().for_each(|words| words.push(Value::Null));
        }
        Some(object) if object.contains_key("anyOf") => {
            object["anyOf"].as_array_mut().into_iter().for_each(|schemas| schemas.push(json!({"type": "null"})));
        }
        Some(object) => match object.get_mut("type") {
            Some(Value::Array(types)) => types.push(nothing),
            Some(one) => *one = json!([one.take(), nothing]),
            None => {}
        },
        None => {}
    }
    schema
}

/// The schema of a map with these fields. Empty values are allowed everywhere, as in the checks.
pub fn object(fields: &[Field], rest: Rest) -> Value {
    let described = |field: &Field| {
        let mut schema = json!({"description": field.doc});
        if let (Some(schema), Value::Object(shape)) = (schema.as_object_mut(), or_nothing(field.shape.schema())) {
            schema.extend(shape);
        }
        (field.name.to_owned(), schema)
    };
    let properties: ValueMap = fields.iter().map(described).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": rest != Rest::Refused})
}

fn bounded(kind: &str, min: Value, max: Value, open_below: bool, open_above: bool) -> Value {
    let mut schema = json!({"type": kind});
    if !open_below {
        schema["minimum"] = min;
    }
    if !open_above {
        schema["maximum"] = max;
    }
    schema
}

fn problem(rule: &'static str, message: String, node: &Node) -> Problem {
    Problem { rule, message, span: node.span, hint: None }
}

fn wrong_type(path: &str, expected: &str, node: &Node) -> Problem {
    problem("wrong-type", format!("`{path}` must be {expected}, and is {}", node.type_word()), node)
}

/// Lengths count characters, not bytes: 255 characters of Chinese are 255.
fn check_length(node: &Node, max: usize, path: &str, problems: &mut Vec<Problem>) {
    let length = node.text().map_or(0, |text| text.chars().count());
    if length > max {
        problems.push(problem("too-long", format!("`{path}` has {length} characters; {max} are allowed"), node));
    }
}

fn check_id(node: &Node, path: &str, problems: &mut Vec<Problem>) {
    let id = node.text().unwrap_or("");
    let good = id.len() <= 128
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    if !good {
        let message = format!(
            "`{path}` must be letters, digits, `.`, `_` and `-`, at most 128, and starts with a letter or digit"
        );
        problems.push(problem("wrong-type", message, node));
    }
}

fn check_choice(node: &Node, words: &[&'static str], path: &str, problems: &mut Vec<Problem>) {
    let word = node.text().unwrap_or("");
    if !words.contains(&word) {
        let hint =
            did_you_mean(word, words.iter().copied()).unwrap_or_else(|| format!("use one of {}", words.join(", ")));
        let message = format!("`{path}` cannot be `{word}`");
        problems.push(Problem { rule: "wrong-value", message, span: node.span, hint: Some(hint) });
    }
}
