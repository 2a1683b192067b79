//! What differs in what a prompt takes: variables that came, went, changed their name or their type.

use std::collections::BTreeMap;

use crate::model::{Prompt, Value};

use super::Class;
use super::fields::equal;

/// A variable that the template uses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Used {
    pub name: String,
    /// Guarded by `default` or `is defined`, so that nothing need be given.
    pub optional: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct VariableChange {
    pub name: String,
    pub edit: VariableEdit,
    pub class: Class,
}

#[derive(Debug, Clone, PartialEq)]
pub enum VariableEdit {
    Added { needed: bool },
    Removed,
    Renamed { from: String },
    Retyped { before: String, after: String },
    Needed,
    Optional,
    Default { before: Option<Value>, after: Option<Value> },
}

/// What is known of a variable.
#[derive(Debug, Clone, Default, PartialEq)]
struct Variable {
    kind: Option<String>,
    required: bool,
    used: bool,
    default: Option<Value>,
}

impl Variable {
    /// Whether rendering fails without it.
    fn needed(&self) -> bool {
        (self.required || self.used) && self.default.is_none()
    }
}

pub fn changes(before: (&Prompt, &[Used]), after: (&Prompt, &[Used])) -> Vec<VariableChange> {
    let (mut old, mut new) = (variables(before), variables(after));
    let mut found = Vec::new();
    for (from, to) in renames(&old, &new, &before.0.body, &after.0.body) {
        let (Some(was), Some(is)) = (old.remove(&from), new.get(&to)) else { continue };
        let class = if was.needed() || is.needed() { Class::Breaking } else { Class::Behaviour };
        found.push(VariableChange { name: to.clone(), edit: VariableEdit::Renamed { from }, class });
        old.insert(to, was);
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        found.push(VariableChange { name: name.clone(), edit: VariableEdit::Removed, class: Class::Behaviour });
    }
    for (name, is) in &mut new {
        let mut push = |edit, class| found.push(VariableChange { name: name.clone(), edit, class });
        match old.get(name) {
            None if is.needed() => push(VariableEdit::Added { needed: true }, Class::Breaking),
            None => push(VariableEdit::Added { needed: false }, Class::Behaviour),
            Some(was) => differences(was, is).into_iter().for_each(|(edit, class)| push(edit, class)),
        }
    }
    found
}

fn differences(was: &Variable, is: &Variable) -> Vec<(VariableEdit, Class)> {
    let mut found = Vec::new();
    let kind = |variable: &Variable| variable.kind.clone().unwrap_or_else(|| "anything".into());
    if was.kind != is.kind {
        // Who gave the old type may give what is not wanted now, unless anything is.
        let class = if is.kind.is_some() { Class::Breaking } else { Class::Behaviour };
        found.push((VariableEdit::Retyped { before: kind(was), after: kind(is) }, class));
    }
    match (was.needed(), is.needed()) {
        (false, true) => found.push((VariableEdit::Needed, Class::Breaking)),
        (true, false) => found.push((VariableEdit::Optional, Class::Behaviour)),
        _ => {}
    }
    let same = match (&was.default, &is.default) {
        (Some(a), Some(b)) => equal(a, b),
        (None, None) => true,
        _ => false,
    };
    if !same {
        let edit = VariableEdit::Default { before: was.default.clone(), after: is.default.clone() };
        found.push((edit, Class::Behaviour));
    }
    found
}

fn variables((prompt, used): (&Prompt, &[Used])) -> BTreeMap<String, Variable> {
    let mut all: BTreeMap<String, Variable> = BTreeMap::new();
    for (name, kind) in prompt.input.schema.as_ref().map(declared).unwrap_or_default() {
        all.entry(name).or_default().kind = kind;
    }
    for name in &prompt.input.required {
        all.entry(name.clone()).or_default().required = true;
    }
    for (name, value) in &prompt.input.default {
        all.entry(name.clone()).or_default().default = Some(value.clone());
    }
    for used in used {
        all.entry(used.name.clone()).or_default().used |= !used.optional;
    }
    all
}

/// The names of an input schema with their types: JSON Schema, or a map of name to type, or a list of named inputs.
fn declared(schema: &Value) -> Vec<(String, Option<String>)> {
    let kind = |value: &Value| match value {
        Value::String(text) => Some(text.split([',', '(']).next().unwrap_or(text).trim().to_owned()),
        Value::Object(map) => map.get("type").map(|kind| match kind {
            Value::String(kind) => kind.clone(),
            kind => kind.to_string(),
        }),
        _ => None,
    };
    let map = |map: &crate::model::Map| map.iter().map(|(name, value)| (plain(name), kind(value))).collect();
    match schema {
        Value::Object(schema) => match schema.get("properties") {
            Some(Value::Object(properties)) => map(properties),
            _ if schema.contains_key("type") => Vec::new(),
            _ => map(schema),
        },
        Value::Array(inputs) => {
            let named = |input: &Value| Some((input.get("name")?.as_str()?.to_owned(), kind(input)));
            inputs.iter().filter_map(named).collect()
        }
        _ => Vec::new(),
    }
}

/// `name?` and `name(array)` are how short forms say more about a name.
fn plain(name: &str) -> String {
    name.split(['?', '(']).next().unwrap_or(name).trim().to_owned()
}

/// Pairs of one that went and one that came and are the same: they stand at the same places of the body, or they are
/// the only ones and alike in all else.
fn renames(
    old: &BTreeMap<String, Variable>,
    new: &BTreeMap<String, Variable>,
    before: &str,
    after: &str,
) -> Vec<(String, String)> {
    let gone: Vec<&String> = old.keys().filter(|name| !new.contains_key(*name)).collect();
    let mut came: Vec<&String> = new.keys().filter(|name| !old.contains_key(*name)).collect();
    let only = gone.len() == 1 && came.len() == 1;
    let mut pairs = Vec::new();
    for from in gone {
        let places = surroundings(before, from);
        let stands = |to: &&String| {
            let others = surroundings(after, to);
            let shared = places.iter().filter(|place| others.contains(place)).count();
            let alike = old[from] == new[*to] && places.len() == others.len();
            shared * 2 > places.len() || (only && places.is_empty() && alike)
        };
        if let Some(at) = came.iter().position(stands) {
            pairs.push((from.clone(), came.remove(at).clone()));
        }
    }
    pairs
}

/// What stands around each place where a name does, without blanks.
fn surroundings(text: &str, name: &str) -> Vec<String> {
    const WIDTH: usize = 10;
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    if name.is_empty() {
        return found;
    }
    for (at, _) in text.match_indices(name) {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        if before.ends_with(inside) || after.starts_with(inside) {
            continue;
        }
        let lead: String = before.chars().rev().filter(|c| !c.is_whitespace()).take(WIDTH).collect();
        let rest: String = after.chars().filter(|c| !c.is_whitespace()).take(WIDTH).collect();
        found.push(format!("{lead}\0{rest}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::format::{Dialect, Document, parse};

    use super::*;

    fn told(before: &str, after: &str) -> Vec<String> {
        let prompt = |text: &str| {
            let document = Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits");
            parse(document).prompt
        };
        let used = |prompt: &Prompt| {
            let names = prompt.body.split("{{ ").skip(1).map(|rest| rest.split(" }}").next().unwrap_or(rest));
            names.map(|name| Used { name: name.into(), optional: false }).collect::<Vec<_>>()
        };
        let (before, after) = (prompt(before), prompt(after));
        let (old, new) = (used(&before), used(&after));
        let line = |change: VariableChange| format!("{} {:?} {}", change.name, change.edit, change.class.word());
        changes((&before, &old), (&after, &new)).into_iter().map(line).collect()
    }

    #[test]
    fn variables_come_go_and_change_their_names() {
        assert_eq!(
            told("About {{ topic }}.", "About {{ subject }}."),
            ["subject Renamed { from: \"topic\" } breaking"]
        );
        assert_eq!(
            told("About {{ a }}.", "Something else, {{ b }}"),
            ["a Removed behaviour", "b Added { needed: true } breaking"]
        );
        assert_eq!(
            told("---\ninput: {default: {b: 1}}\n---\n{{ a }}", "---\ninput: {default: {b: 1.0, c: 2}}\n---\n{{ a }}"),
            ["c Added { needed: false } behaviour"]
        );
    }

    #[test]
    fn types_and_needs_are_compared() {
        let front = |input: &str| format!("---\ninput: {input}\n---\n{{{{ a }}}}");
        assert_eq!(
            told(&front("{schema: {a: string}}"), &front("{schema: {properties: {a: {type: integer}}}}")),
            ["a Retyped { before: \"string\", after: \"integer\" } breaking"]
        );
        assert_eq!(
            told(&front("{default: {a: 1}}"), &front("{}")),
            ["a Needed breaking", "a Default { before: Some(Number(1)), after: None } behaviour"]
        );
    }
}
