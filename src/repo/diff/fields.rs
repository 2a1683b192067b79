//! What differs between two front matters: values by their path, whatever the order, the quotes and the comments.

use crate::format::fields::FIELDS;
use crate::format::shape::Shape;
use crate::format::yaml::{Data, Node};
use crate::model::{Kind, Value};

use super::Class;

/// A value of the front matter that is not what it was.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// `params.temperature`, `tools[search].description`.
    pub path: String,
    pub edit: FieldEdit,
    pub class: Class,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FieldEdit {
    Added(Value),
    Removed(Value),
    Changed(Value, Value),
    /// What came into a list whose order says nothing, and what left it.
    Items {
        added: Vec<Value>,
        removed: Vec<Value>,
    },
}

impl FieldChange {
    /// The variable that a change below `input` is about, if it is about one.
    pub fn variable(&self) -> Option<&str> {
        let rest = self.path.strip_prefix("input.")?;
        let rest = rest.strip_prefix("default.").or_else(|| rest.strip_prefix("schema."))?;
        let rest = rest.strip_prefix("properties.").unwrap_or(rest);
        rest.split(['.', '[']).next()
    }
}

/// Every difference between two front matters in palc's words. A value that is empty counts as absent.
pub fn changes(before: Option<&Node>, after: Option<&Node>, kind: Kind) -> Vec<FieldChange> {
    let mut walk = Walk { kind, found: Vec::new() };
    walk.entries(before, after, "", &|key| FIELDS.iter().find(|field| field.name == key).map(|field| &field.shape));
    walk.found
}

struct Walk {
    kind: Kind,
    found: Vec<FieldChange>,
}

type Shapes<'s> = dyn Fn(&str) -> Option<&'static Shape> + 's;

impl Walk {
    /// Entries of two maps, in the order of the second, what it lost first.
    fn entries(&mut self, before: Option<&Node>, after: Option<&Node>, path: &str, shapes: &Shapes<'_>) {
        let (before, after) = (before.map_or(&[][..], Node::entries), after.map_or(&[][..], Node::entries));
        let gone = before.iter().filter(|old| !after.iter().any(|new| new.key == old.key));
        for old in gone {
            self.value(Some(&old.value), None, &join(path, &old.key), shapes(&old.key));
        }
        for new in after {
            let old = before.iter().find(|old| old.key == new.key).map(|old| &old.value);
            self.value(old, Some(&new.value), &join(path, &new.key), shapes(&new.key));
        }
    }

    fn value(&mut self, before: Option<&Node>, after: Option<&Node>, path: &str, shape: Option<&'static Shape>) {
        let (before, after) = (before.filter(|node| !node.is_null()), after.filter(|node| !node.is_null()));
        if is_set(path, shape) {
            return self.set(before, after, path);
        }
        let (before, after) = match (before, after) {
            (None, None) => return,
            (Some(before), Some(after)) => (before, after),
            // A map that comes or goes as a whole is told key by key, so that each key has its class.
            (old, new) if is_map(old.or(new)) => return self.entries(old, new, path, &|key| below(shape, key)),
            (None, Some(new)) => return self.push(path, FieldEdit::Added(shown(new, shape))),
            (Some(old), None) => return self.push(path, FieldEdit::Removed(shown(old, shape))),
        };
        match (&before.data, &after.data) {
            (Data::Map(_), Data::Map(_)) => self.entries(Some(before), Some(after), path, &|key| below(shape, key)),
            (Data::List(old), Data::List(new)) if old.iter().chain(new).all(|item| is_map(Some(item))) => {
                self.records(old, new, path, shape);
            }
            _ if same(before, after, shape) => {}
            _ => self.push(path, FieldEdit::Changed(shown(before, shape), shown(after, shape))),
        }
    }

    /// Lists of maps: each goes by its name or id where all have one, else by its place.
    fn records(&mut self, old: &[Node], new: &[Node], path: &str, shape: Option<&'static Shape>) {
        let item = shape.and_then(item);
        let shapes = |key: &str| below(item, key);
        let Some(key) = ["name", "id"].into_iter().find(|key| identifies(key, old) && identifies(key, new)) else {
            for at in 0..old.len().max(new.len()) {
                self.entries(old.get(at), new.get(at), &format!("{path}[{at}]"), &shapes);
            }
            return;
        };
        let find = |items: &[Node], name: &str| items.iter().position(|item| name_of(item, key) == name);
        for gone in old.iter().filter(|gone| find(new, name_of(gone, key)).is_none()) {
            self.push(&format!("{path}[{}]", name_of(gone, key)), FieldEdit::Removed(gone.value()));
        }
        for fresh in new {
            let name = name_of(fresh, key);
            match find(old, name) {
                Some(at) => self.entries(Some(&old[at]), Some(fresh), &format!("{path}[{name}]"), &shapes),
                None => self.push(&format!("{path}[{name}]"), FieldEdit::Added(fresh.value())),
            }
        }
    }

    fn set(&mut self, before: Option<&Node>, after: Option<&Node>, path: &str) {
        let (old, new) = (items(before), items(after));
        let added: Vec<Value> = new.iter().filter(|item| !old.contains(item)).cloned().collect();
        let removed: Vec<Value> = old.iter().filter(|item| !new.contains(item)).cloned().collect();
        if !added.is_empty() || !removed.is_empty() {
            self.push(path, FieldEdit::Items { added, removed });
        } else if before.is_some() != after.is_some() && path == "allowed_actions" {
            // No list allows every action, an empty one allows none.
            let list = Value::Array(Vec::new());
            self.push(path, if after.is_some() { FieldEdit::Added(list) } else { FieldEdit::Removed(list) });
        }
    }

    fn push(&mut self, path: &str, edit: FieldEdit) {
        let class = class(path, &edit, self.kind);
        self.found.push(FieldChange { path: path.to_owned(), edit, class });
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn is_map(node: Option<&Node>) -> bool {
    node.is_some_and(|node| matches!(node.data, Data::Map(_)))
}

/// Lists whose order says nothing.
fn is_set(path: &str, shape: Option<&'static Shape>) -> bool {
    const SETS: [&str; 7] = ["tags", "phase", "owners", "authors", "partials", "allowed_actions", "input.required"];
    SETS.contains(&path) && shape.is_some()
}

fn items(node: Option<&Node>) -> Vec<Value> {
    let Some(node) = node else { return Vec::new() };
    let value = |node: &Node| node.text().map_or_else(|| node.value(), Value::from);
    let one = matches!(node.data, Data::Scalar(_)).then(|| value(node));
    one.into_iter().chain(node.items().iter().map(value)).collect()
}

fn identifies(key: &str, items: &[Node]) -> bool {
    let mut names: Vec<&str> = items.iter().map(|item| name_of(item, key)).collect();
    names.sort_unstable();
    !names.contains(&"") && names.windows(2).all(|pair| pair[0] != pair[1])
}

fn name_of<'n>(item: &'n Node, key: &str) -> &'n str {
    item.get(key).and_then(Node::text).unwrap_or("")
}

/// The shape of a key of a map.
fn below(shape: Option<&'static Shape>, key: &str) -> Option<&'static Shape> {
    match shape? {
        Shape::Map(fields, _) => fields.iter().find(|field| field.name == key).map(|field| &field.shape),
        Shape::AnyOf(shapes) => shapes.iter().find_map(|shape| below(Some(shape), key)),
        _ => None,
    }
}

fn item(shape: &'static Shape) -> Option<&'static Shape> {
    match shape {
        Shape::List(item) | Shape::OneOrMany(item) => Some(item),
        Shape::AnyOf(shapes) => shapes.iter().find_map(item),
        _ => None,
    }
}

/// Whether a value is read as the text it is written as: `1.10` is then not `1.1`.
fn is_text(shape: Option<&Shape>) -> bool {
    match shape {
        Some(Shape::Text { .. } | Shape::Vocabulary(..) | Shape::Id | Shape::Choice(_)) => true,
        Some(Shape::AnyOf(shapes)) => shapes.iter().any(|shape| is_text(Some(shape))),
        _ => false,
    }
}

fn shown(node: &Node, shape: Option<&Shape>) -> Value {
    match node.text().filter(|_| is_text(shape)) {
        Some(text) => Value::from(text),
        None => node.value(),
    }
}

fn same(before: &Node, after: &Node, shape: Option<&Shape>) -> bool {
    equal(&shown(before, shape), &shown(after, shape))
}

/// Values are the same if a reader of YAML or JSON cannot tell them apart: 1 is 1.0, maps have no order.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64())),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

/// Who notices a change to this path.
fn class(path: &str, edit: &FieldEdit, kind: Kind) -> Class {
    let first = path.split(['.', '[']).next().unwrap_or(path);
    let last = path.rsplit('.').next().unwrap_or(path);
    let about = matches!(last, "description" | "title" | "examples" | "default" | "$comment");
    let read_by_models = matches!(kind, Kind::Agent | Kind::Skill | Kind::Command | Kind::Rule);
    match first {
        "name" => Class::Breaking,
        // A first id only gives a name to what is there; another one is another prompt.
        "id" if matches!(edit, FieldEdit::Added(_)) => Class::Cosmetic,
        "id" => Class::Breaking,
        "output" if path == "output.strict" || about => Class::Behaviour,
        "output" => Class::Breaking,
        "input" => input_class(path, edit),
        "description" | "host" if read_by_models => Class::Behaviour,
        "kind" | "type" | "phase" | "variant" | "status" | "provider" | "model" | "params" | "tools"
        | "allowed_actions" | "template" | "extends" | "partials" | "messages" => Class::Behaviour,
        _ => Class::Cosmetic,
    }
}

fn input_class(path: &str, edit: &FieldEdit) -> Class {
    match (path, edit) {
        ("input.required", FieldEdit::Items { added, .. }) if !added.is_empty() => Class::Breaking,
        // Who gave nothing must now give something.
        (path, FieldEdit::Removed(_)) if path.starts_with("input.default.") => Class::Breaking,
        (path, _) if path.starts_with("input.schema") && path.ends_with(".description") => Class::Cosmetic,
        (path, FieldEdit::Changed(..)) if path.starts_with("input.schema") => Class::Breaking,
        ("input.examples", _) => Class::Cosmetic,
        (path, _) if path.starts_with("input.examples") => Class::Cosmetic,
        _ => Class::Behaviour,
    }
}

#[cfg(test)]
mod tests {
    use crate::format::yaml;

    use super::*;

    fn told(before: &str, after: &str) -> Vec<String> {
        let (before, after) = (yaml::read(before, 0).root, yaml::read(after, 0).root);
        let line = |change: FieldChange| {
            let edit = match change.edit {
                FieldEdit::Added(value) => format!("+{value}"),
                FieldEdit::Removed(value) => format!("-{value}"),
                FieldEdit::Changed(before, after) => format!("{before} → {after}"),
                FieldEdit::Items { added, removed } => format!("+{added:?} -{removed:?}"),
            };
            format!("{} {edit} {}", change.path, change.class.word())
        };
        changes(before.as_ref(), after.as_ref(), Kind::Prompt).into_iter().map(line).collect()
    }

    #[test]
    fn order_quotes_and_spelling_of_numbers_are_no_change() {
        let before = "tags: [a, b]\nparams: {temperature: 0.7, top_k: 1}\ntitle: 'x'\nmodel:\nphase: p";
        let after = "# hi\nphase: [p]\nparams:\n  top_k: 1.0\n  temperature: .70\ntitle: x\ntags: [b, a]";
        assert_eq!(told(before, after), Vec::<String>::new());
    }

    #[test]
    fn each_path_has_its_class() {
        assert_eq!(
            told(
                "name: a\nversion: 1.10\nparams: {temperature: 0.2}\noutput: {schema: {required: [x]}}\ntags: [a]",
                "name: b\nversion: 1.1\nparams: {temperature: 0.7, seed: 1}\noutput: {schema: {required: [y]}}\ntags: b",
            ),
            [
                "name \"a\" → \"b\" breaking",
                "version \"1.10\" → \"1.1\" cosmetic",
                "params.temperature 0.2 → 0.7 behaviour",
                "params.seed +1 behaviour",
                "output.schema.required [\"x\"] → [\"y\"] breaking",
                "tags +[String(\"b\")] -[String(\"a\")] cosmetic",
            ]
        );
        assert_eq!(told("", "id: x\nallowed_actions: []"), ["id +\"x\" cosmetic", "allowed_actions +[] behaviour"]);
        assert_eq!(told("id: x", "id: y"), ["id \"x\" → \"y\" breaking"]);
        assert_eq!(told("input: {default: {a: 1}}", ""), ["input.default.a -1 breaking"]);
    }

    #[test]
    fn records_go_by_their_name() {
        assert_eq!(
            told("tools: [{name: a, description: x}, {name: b}]", "tools: [{name: b}, {name: a, description: y}]"),
            ["tools[a].description \"x\" → \"y\" behaviour"]
        );
    }
}
