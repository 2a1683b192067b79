//! Where each line and each key of a prompt is from, told by the states it went through.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::model::{Map, Value};

/// A text whose lines each know the state that they came with; none, if they came before the first known one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines<'t> {
    pub text: Vec<&'t str>,
    pub from: Vec<Option<usize>>,
}

impl<'t> Lines<'t> {
    /// A text whose every line came with one state.
    pub fn of(text: &'t str, from: Option<usize>) -> Lines<'t> {
        let text: Vec<&str> = text.split_inclusive('\n').collect();
        Lines { from: vec![from; text.len()], text }
    }

    /// The next state: lines that stay keep where they are from.
    #[must_use]
    pub fn then(&self, text: &'t str, from: usize) -> Lines<'t> {
        let mut next = Lines::of(text, Some(from));
        next.keep(self, |_| true);
        next
    }

    /// A merge: what stays from the first side keeps where it is from, and the rest is looked for on the other.
    #[must_use]
    pub fn merged(&self, other: &Lines<'_>, text: &'t str, from: usize) -> Lines<'t> {
        let mut next = Lines::of(text, Some(from));
        // Lines that came before the other side began are nobody's there.
        next.keep(other, |from| from.is_some());
        next.keep(self, |_| true);
        next
    }

    fn keep(&mut self, before: &Lines<'_>, wanted: impl Fn(Option<usize>) -> bool) {
        for operation in capture_diff_slices(Algorithm::Histogram, &before.text, &self.text) {
            let DiffOp::Equal { old_index, new_index, len } = operation else { continue };
            for at in 0..len {
                if wanted(before.from[old_index + at]) {
                    self.from[new_index + at] = before.from[old_index + at];
                }
            }
        }
    }
}

/// The leaves of a front matter by their paths, `params.temperature`; lists count as leaves.
pub fn leaves(front: &Map) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    gather("", front, &mut found);
    found
}

fn gather(above: &str, map: &Map, found: &mut Vec<(String, Value)>) {
    for (key, value) in map {
        let path = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        match value {
            Value::Object(below) if !below.is_empty() => gather(&path, below, found),
            value => found.push((path, value.clone())),
        }
    }
}

/// A front matter whose keys each know the state that gave them their value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Keys {
    pub leaves: Vec<(String, Value, Option<usize>)>,
}

impl Keys {
    pub fn of(front: &Map, from: Option<usize>) -> Keys {
        Keys { leaves: leaves(front).into_iter().map(|(path, value)| (path, value, from)).collect() }
    }

    #[must_use]
    pub fn then(&self, front: &Map, from: usize) -> Keys {
        self.merged(&Keys::default(), front, from)
    }

    /// A merge: a value that stays from the first side keeps where it is from, and others are looked for on the other.
    #[must_use]
    pub fn merged(&self, other: &Keys, front: &Map, from: usize) -> Keys {
        let mut next = Keys::of(front, Some(from));
        for (path, value, from) in &mut next.leaves {
            let same = |side: &Keys| {
                let found = side.leaves.iter().find(|(other, before, _)| other == path && before == value);
                found.map(|(_, _, from)| *from)
            };
            if let Some(known) = same(self).or_else(|| same(other).filter(Option::is_some)) {
                *from = known;
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &Lines<'_>) -> Vec<Option<usize>> {
        lines.from.clone()
    }

    #[test]
    fn lines_that_stay_keep_where_they_are_from() {
        let one = Lines::of("a\nb\n", Some(0));
        let two = one.then("a\nx\nb\n", 1);
        assert_eq!(told(&two), [Some(0), Some(1), Some(0)]);
        assert_eq!(told(&two.then("x\nb", 2)), [Some(1), Some(2)]);
    }

    #[test]
    fn a_merge_looks_on_both_sides() {
        let main = Lines::of("a\nb\n", Some(0)).then("a\nb\nmain\n", 1);
        let side = Lines::of("a\nb\n", None).then("side\na\nb\n", 2);
        let merged = main.merged(&side, "side\na\nb\nmain\nboth\n", 3);
        assert_eq!(told(&merged), [Some(2), Some(0), Some(0), Some(1), Some(3)]);
    }

    #[test]
    fn keys_know_who_gave_them_their_value() {
        let map = |text: &str| serde_json::from_str::<Map>(text).expect("a map");
        let one = Keys::of(&map(r#"{"a": 1, "p": {"t": 0.2, "s": 1}}"#), Some(0));
        let two = one.then(&map(r#"{"p": {"s": 1, "t": 0.4}, "a": 1.0, "tags": ["x"]}"#), 1);
        let told: Vec<String> = two.leaves.iter().map(|(path, _, from)| format!("{path} {from:?}")).collect();
        assert_eq!(told, ["p.s Some(0)", "p.t Some(1)", "a Some(1)", "tags Some(1)"]);
    }
}
