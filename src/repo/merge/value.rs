//! Three-way merging of values, for what is written on one line and for checking what the merged lines mean.

use crate::model::{Map, Value};

use super::diff3::{Chunk, chunks};
use super::order;
use super::three::{Three, Verdict};

/// How the items of a list are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lists {
    /// Each stands once, and their order says nothing.
    Set,
    /// Maps, each with another value under this key.
    Records(&'static str),
    /// The place in the list counts.
    Sequence,
}

/// Lists whose items are a set, whatever file they stand in.
const SETS: [&str; 14] = [
    "tags",
    "keywords",
    "authors",
    "owners",
    "allowed_actions",
    "actions",
    "required",
    "context_keys",
    "required_context_keys",
    "tools",
    "partials",
    "globs",
    "inactive",
    "phases",
];

/// Keys that tell records apart.
const NAMES: [&str; 5] = ["id", "name", "key", "blob", "to"];

impl Lists {
    /// Told from all three versions, which must agree.
    pub(super) fn of(path: &[String], three: Three<&[Value]>) -> Lists {
        let is_set = path.last().is_some_and(|key| SETS.contains(&key.as_str()));
        let scalar = |value: &Value| !value.is_object() && !value.is_array();
        if is_set && three.all(|items| items.iter().all(scalar) && are_unique(items.iter().map(Some))) {
            return Lists::Set;
        }
        if three.all(|items| items.iter().all(is_unit) && are_unique(items.iter().map(Some))) {
            return Lists::Set;
        }
        let names = |key: &str| {
            three.all(|items| {
                let names: Vec<_> = items.iter().map(|item| item.get(key).filter(|name| scalar(name))).collect();
                are_unique(names.into_iter())
            })
        };
        let named = NAMES.into_iter().find(|key| names(key)).map_or(Lists::Sequence, Lists::Records);
        let renamed = [three.ours, three.theirs].into_iter().any(|side| named.renames(three.base, side));
        if renamed { Lists::Sequence } else { named }
    }

    /// What an item is called; in a sequence it has no name.
    pub(super) fn name(&self, item: &Value) -> Option<String> {
        match self {
            Lists::Set => Some(item.to_string()),
            Lists::Records(key) => {
                item.get(key).map(|name| name.as_str().map_or_else(|| name.to_string(), str::to_owned))
            }
            Lists::Sequence => None,
        }
    }

    /// Whether a side gave a record another name: then names do not tell which is which, and taking the record for a new
    /// one would bring back what the other side did to the old.
    fn renames(&self, base: &[Value], side: &[Value]) -> bool {
        let Lists::Records(key) = self else { return false };
        let lacks = |items: &[Value], item: &Value| !items.iter().any(|other| other.get(key) == item.get(key));
        let gone = base.iter().filter(|item| lacks(side, item));
        let new: Vec<&Value> = side.iter().filter(|item| lacks(base, item)).collect();
        gone.into_iter().any(|old| {
            let others = old.as_object().map_or(0, Map::len).saturating_sub(1);
            new.iter().any(|new| others > 0 && shared(old, new) * 2 >= others)
        })
    }
}

/// How many entries two maps have in common.
pub(super) fn shared(one: &Value, other: &Value) -> usize {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return 0 };
    one.iter().filter(|(key, value)| other.get(*key) == Some(*value)).count()
}

fn are_unique<'v>(items: impl Iterator<Item = Option<&'v Value>>) -> bool {
    let texts: Option<Vec<String>> = items.map(|item| item.map(ToString::to_string)).collect();
    texts.is_some_and(|mut texts| {
        let count = texts.len();
        texts.sort_unstable();
        texts.dedup();
        texts.len() == count
    })
}

/// Values that mean something only together: a version and the content that it names.
pub(super) fn is_unit(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.contains_key("version") && map.contains_key("blob"))
}

/// Such values, and maps and lists of nothing else: the labels of a prompt, and the labels of all. One of these that is
/// emptied is gone, and one that is gone was emptied: what each side did to its parts is all that there is to merge.
pub(super) fn is_units(value: &Value) -> bool {
    match value {
        _ if is_unit(value) => true,
        Value::Object(map) => !map.is_empty() && map.values().all(is_units),
        Value::Array(items) => !items.is_empty() && items.iter().all(is_unit),
        _ => false,
    }
}

/// The merged value, or none where the sides disagree. A side that has no value has removed it.
pub(super) fn merge(path: &[String], three: Three<Option<&Value>>) -> Option<Option<Value>> {
    if three.verdict() != Verdict::Differ {
        return three.settled().map(|value| value.cloned());
    }
    let (Some(ours), Some(theirs)) = (three.ours, three.theirs) else { return None };
    match (three.base, ours, theirs) {
        _ if is_unit(ours) || is_unit(theirs) => None,
        (None | Some(Value::Object(_)), Value::Object(ours), Value::Object(theirs)) => {
            let none = Map::new();
            let base = three.base.and_then(Value::as_object).unwrap_or(&none);
            merge_maps(path, Three::new(base, ours, theirs)).map(Value::Object).map(Some)
        }
        (None | Some(Value::Array(_)), Value::Array(ours), Value::Array(theirs)) => {
            let base = three.base.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            merge_lists(path, Three::new(base, ours, theirs)).map(Value::Array).map(Some)
        }
        _ => None,
    }
}

fn merge_maps(path: &[String], three: Three<&Map>) -> Option<Map> {
    let keys = three.map(|map| map.keys().map(String::as_str).collect::<Vec<_>>());
    let mut merged = Map::new();
    for key in order::merged(keys.as_ref().map(Vec::as_slice)) {
        if let Some(value) = merge(&join(path, key), three.map(|map| map.get(key)))? {
            merged.insert(key.to_owned(), value);
        }
    }
    Some(merged)
}

fn merge_lists(path: &[String], three: Three<&[Value]>) -> Option<Vec<Value>> {
    let lists = Lists::of(path, three);
    if lists == Lists::Sequence {
        return merge_sequences(three);
    }
    let names = three.map(|items| items.iter().filter_map(|item| lists.name(item)).collect::<Vec<_>>());
    let keys = names.as_ref().map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut merged = Vec::new();
    for name in order::merged(keys.as_ref().map(Vec::as_slice)) {
        let item = |items: &'_ [Value]| items.iter().position(|item| lists.name(item).as_deref() == Some(name));
        let found = three.map(|items| item(items).map(|at| &items[at]));
        merged.extend(merge(&join(path, name), found)?);
    }
    Some(merged)
}

/// Items by their place: only what one side alone touched can be merged.
fn merge_sequences(three: Three<&[Value]>) -> Option<Vec<Value>> {
    let texts = three.map(|items| items.iter().map(ToString::to_string).collect::<Vec<_>>());
    let mut merged = Vec::new();
    for chunk in chunks(texts.as_ref().map(Vec::as_slice)) {
        let (Chunk::Stable(at) | Chunk::Changed(at)) = chunk;
        let part = Three::new(&three.base[at.base], &three.ours[at.ours], &three.theirs[at.theirs]);
        merged.extend_from_slice(part.settled()?);
    }
    Some(merged)
}

pub(super) fn join(path: &[String], key: &str) -> Vec<String> {
    path.iter().cloned().chain(std::iter::once(key.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged([base, ours, theirs]: [Value; 3]) -> Option<Value> {
        merge(&[], Three::new(Some(&base), Some(&ours), Some(&theirs))).map(Option::unwrap_or_default)
    }

    #[test]
    fn sets_are_merged_as_sets() {
        assert_eq!(
            merged([json!({"tags": ["a", "b"]}), json!({"tags": ["b", "o"]}), json!({"tags": ["a", "b", "t"]})]),
            Some(json!({"tags": ["b", "o", "t"]}))
        );
        assert_eq!(merged([json!({"x": [1, 2]}), json!({"x": [1, 3]}), json!({"x": [1, 4]})]), None);
    }

    #[test]
    fn records_are_merged_by_their_names() {
        assert_eq!(
            merged([
                json!([{"id": 1, "a": 1, "b": 1}, {"id": 2}]),
                json!([{"id": 1, "a": 2, "b": 1}, {"id": 2}]),
                json!([{"id": 2}, {"id": 1, "a": 1, "b": 2}])
            ]),
            Some(json!([{"id": 2}, {"id": 1, "a": 2, "b": 2}]))
        );
    }

    #[test]
    fn a_record_with_another_name_is_no_new_one() {
        let list = |name: &str| json!([{"id": name, "a": 1, "b": 2}, {"id": "z"}]);
        assert_eq!(merged([list("x"), json!([{"id": "z"}]), list("y")]), None);
        assert_eq!(merged([list("x"), list("x"), list("y")]), Some(list("y")));
    }

    #[test]
    fn what_one_side_removed_and_the_other_changed_is_a_conflict() {
        assert_eq!(merged([json!({"a": 1, "b": 1}), json!({"b": 1}), json!({"a": 2, "b": 1})]), None);
        assert_eq!(merged([json!({"a": 1, "b": 1}), json!({"b": 1}), json!({"a": 1, "b": 2})]), Some(json!({"b": 2})));
    }

    #[test]
    fn a_label_moves_as_a_whole() {
        let label = |version: u32, blob: &str| json!({"production": {"version": version, "blob": blob}});
        assert_eq!(merged([label(1, "a"), label(2, "b"), label(1, "c")]), None);
        assert_eq!(merged([label(1, "a"), label(2, "b"), label(1, "a")]), Some(label(2, "b")));
    }
}
