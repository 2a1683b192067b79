//! A way into a JSON value: `order.items[0].price`, `items[-1]`, `items[*].price`, `["a key.with dots"]`.

use crate::model::Value;

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    /// From the end if negative.
    Index(i64),
    Each,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Path(Vec<Step>);

impl Path {
    /// A leading `$` or `$.` stands for the whole answer and may be left out.
    pub fn read(text: &str) -> Result<Path, String> {
        let broken = |why: &str| format!("the path `{text}` is broken: {why}");
        let mut rest = text.strip_prefix('$').unwrap_or(text);
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = match rest.strip_prefix('[') {
                Some(inside) => bracket(inside).map_err(&broken)?,
                None => key(rest).map_err(&broken)?,
            };
            steps.push(step);
            rest = match after.strip_prefix('.') {
                Some("") => return Err(broken("nothing follows the last dot")),
                Some(next) => next,
                None if after.is_empty() || after.starts_with('[') => after,
                None => return Err(broken("a dot or `[` follows `]`")),
            };
        }
        Ok(Path(steps))
    }

    /// What lies there: several values only behind `[*]`. None if a step leads nowhere.
    pub fn values<'v>(&self, root: &'v Value) -> Option<Vec<&'v Value>> {
        let mut here = vec![root];
        for step in &self.0 {
            let mut next = Vec::new();
            for value in here {
                match step {
                    Step::Key(key) => next.push(value.as_object()?.get(key)?),
                    Step::Index(index) => next.push(item(value.as_array()?, *index)?),
                    Step::Each => next.extend(value.as_array()?),
                }
            }
            here = next;
        }
        Some(here)
    }
}

fn item(items: &[Value], index: i64) -> Option<&Value> {
    let at = if index < 0 { items.len() as i64 + index } else { index };
    usize::try_from(at).ok().and_then(|at| items.get(at))
}

fn key(text: &str) -> Result<(Step, &str), &'static str> {
    let (key, after) = text.split_at(text.find(['.', '[']).unwrap_or(text.len()));
    match key {
        "" => Err("a name is missing before a dot"),
        key if key.contains([']', '*', '"']) => Err("names with `]`, `*` or quotes stand in `[\"…\"]`"),
        key => Ok((Step::Key(key.to_owned()), after)),
    }
}

/// After `[`.
fn bracket(text: &str) -> Result<(Step, &str), &'static str> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let (key, after) = text[1..].split_once(quote).ok_or("a quote is not closed")?;
        return Ok((Step::Key(key.to_owned()), after.strip_prefix(']').ok_or("`]` is missing")?));
    }
    let (inside, after) = text.split_once(']').ok_or("`]` is missing")?;
    match inside {
        "*" => Ok((Step::Each, after)),
        number => Ok((
            Step::Index(number.parse().map_err(|_| "between `[` and `]` stands a number, `*` or a name in quotes")?),
            after,
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_to_values() {
        let value = json!({"a": [{"b": 1}, {"b": 2}], "x.y": {"": "😀"}, "n": null});
        let at = |path: &str| Path::read(path).expect("reads").values(&value).map(|found| json!(found));
        assert_eq!(at("a[0].b"), Some(json!([1])));
        assert_eq!(at("$.a[-1].b"), Some(json!([2])));
        assert_eq!(at("a[*].b"), Some(json!([1, 2])));
        assert_eq!(at(r#"["x.y"][""]"#), Some(json!(["😀"])));
        assert_eq!(at("n"), Some(json!([null])));
        assert_eq!(at("$"), Some(json!([value])));
        assert_eq!((at("a[2]"), at("a[-3]"), at("a.b"), at("b"), at("n.x")), (None, None, None, None, None));
    }

    #[test]
    fn broken_paths_are_told() {
        for (path, why) in [
            ("a.", "nothing follows"),
            ("a..b", "a name is missing"),
            ("a[", "`]` is missing"),
            ("a[x]", "between"),
            ("a[0]b", "a dot or `[`"),
            ("a]", "names with"),
            ("[\"a]", "a quote is not closed"),
        ] {
            let error = Path::read(path).expect_err(path);
            assert!(error.contains(why), "{path}: {error}");
        }
    }
}
