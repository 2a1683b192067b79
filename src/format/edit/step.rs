//! An edit as steps, each of which touches one entry. Steps are planned on values, so they know what must come out.

use crate::model::Value;

/// A key, or the index of an item written as digits.
pub(super) type Path = Vec<String>;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Give the value at the path another one.
    Put { path: Path, value: Value },
    /// Add a key at the end of the map at the path.
    Add { path: Path, key: String, value: Value },
    /// Take a key out of the map that holds it, or an item out of its list; it is not the only one.
    Remove { path: Path },
    /// Put an item into the list at the path, before the item at the index.
    Insert { path: Path, index: usize, value: Value },
    /// Call the key at the end of the path something else.
    Rename { path: Path, key: String },
}

impl Step {
    /// Where the step takes place: the value it changes, or the collection it changes.
    pub(super) fn path(&self) -> &Path {
        match self {
            Step::Put { path, .. }
            | Step::Add { path, .. }
            | Step::Remove { path }
            | Step::Insert { path, .. }
            | Step::Rename { path, .. } => path,
        }
    }

    /// What the values are once the step is done.
    pub(super) fn apply(&self, root: &mut Value) -> Option<()> {
        match self {
            Step::Put { path, value } => *at(root, path)? = value.clone(),
            Step::Add { path, key, value } => {
                at(root, path)?.as_object_mut()?.insert(key.clone(), value.clone());
            }
            Step::Remove { path } => remove(root, path)?,
            Step::Insert { path, index, value } => at(root, path)?.as_array_mut()?.insert(*index, value.clone()),
            Step::Rename { path, key } => rename(root, path, key)?,
        }
        Some(())
    }
}

fn at<'v>(root: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, key| match value {
        Value::Object(map) => map.get_mut(key),
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        _ => None,
    })
}

fn remove(root: &mut Value, path: &[String]) -> Option<()> {
    let (last, parent) = path.split_last()?;
    match at(root, parent)? {
        Value::Object(map) => map.shift_remove(last).map(drop),
        Value::Array(items) => {
            items.remove(last.parse::<usize>().ok().filter(|&index| index < items.len())?);
            Some(())
        }
        _ => None,
    }
}

fn rename(root: &mut Value, path: &[String], key: &str) -> Option<()> {
    let (last, parent) = path.split_last()?;
    let map = at(root, parent)?.as_object_mut()?;
    let renamed = std::mem::take(map);
    map.extend(renamed.into_iter().map(|(name, value)| (if &name == last { key.to_owned() } else { name }, value)));
    Some(())
}

/// The steps that turn the value at a path into another, each as small as can be.
pub(super) fn plan(path: &[String], old: &Value, new: &Value) -> Vec<Step> {
    match (old, new) {
        (old, new) if old == new => Vec::new(),
        (Value::Object(old), Value::Object(new)) if !old.is_empty() && !new.is_empty() && keeps_any(old, new) => {
            let gone =
                old.keys().filter(|key| !new.contains_key(*key)).map(|key| Step::Remove { path: join(path, key) });
            let changed = new.iter().flat_map(|(key, value)| match old.get(key) {
                Some(old) => plan(&join(path, key), old, value),
                None => vec![Step::Add { path: path.to_vec(), key: key.clone(), value: value.clone() }],
            });
            gone.chain(changed).collect()
        }
        (Value::Array(old), Value::Array(new)) if !old.is_empty() && !new.is_empty() => plan_list(path, old, new),
        _ => vec![Step::Put { path: path.to_vec(), value: new.clone() }],
    }
}

fn keeps_any(old: &crate::model::Map, new: &crate::model::Map) -> bool {
    old.keys().any(|key| new.contains_key(key))
}

/// Items equal at both ends stay; those between are changed one by one, and the rest is taken out or put in.
fn plan_list(path: &[String], old: &[Value], new: &[Value]) -> Vec<Step> {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(old, new)| old == new).count();
    let (before, after) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let both = before.len().min(after.len());
    let item = |at: usize| join(path, &(start + at).to_string());
    let mut steps: Vec<Step> = (0..both).flat_map(|at| plan(&item(at), &before[at], &after[at])).collect();
    steps.extend((both..before.len()).rev().map(|at| Step::Remove { path: item(at) }));
    steps.extend((both..after.len()).map(|at| Step::Insert {
        path: path.to_vec(),
        index: start + at,
        value: after[at].clone(),
    }));
    steps
}

pub(super) fn join(path: &[String], key: &str) -> Path {
    path.iter().cloned().chain(std::iter::once(key.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_plan_touches_what_differs() {
        let plan = |old: Value, new: Value| plan(&[], &old, &new);
        assert_eq!(
            plan(json!({"a": [1, 2, 3]}), json!({"a": [1, 3]})),
            [Step::Remove { path: vec!["a".into(), "1".into()] }]
        );
        assert_eq!(plan(json!([1]), json!([0, 1])), [Step::Insert { path: vec![], index: 0, value: json!(0) }]);
        assert_eq!(plan(json!({"a": 1}), json!({"a": 1})), []);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![any::<bool>().prop_map(Value::from), (0..4i64).prop_map(Value::from)];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map("[a-d]", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_plan_leads_to_the_new_value(old in value(), new in value()) {
            let mut value = old.clone();
            for step in plan(&[], &old, &new) {
                prop_assert!(step.apply(&mut value).is_some());
            }
            prop_assert_eq!(value, new);
        }
    }
}
