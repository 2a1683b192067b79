//! Which prompts a command means: globs over names, and conditions on the front matter.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::base::{Error, Result};
use crate::format::card::Card;
use crate::model::{Map, Name, Value};

use super::list::Listed;

/// Globs over names. `support/*` stays in its folder, `support/**` goes deeper, `support` and `support/` mean all of it.
#[derive(Debug)]
pub struct Globs {
    typed: Vec<String>,
    set: GlobSet,
}

impl Globs {
    pub fn new(typed: &[String]) -> Result<Globs> {
        let mut set = GlobSetBuilder::new();
        for text in typed {
            let text = text.trim_end_matches('/');
            set.add(glob(text)?);
            if is_plain(text) {
                set.add(glob(&format!("{text}/**"))?);
            }
        }
        let set = set.build().map_err(|error| Error::usage("these patterns cannot be used together").because(error))?;
        Ok(Globs { typed: typed.to_vec(), set })
    }

    pub fn matches(&self, name: &Name) -> bool {
        self.typed.is_empty() || self.set.is_match(name.as_str())
    }

    /// Whether any of them is a pattern, which may match nothing.
    pub fn is_open(&self) -> bool {
        !self.typed.iter().all(|text| is_plain(text))
    }

    /// A plain name that matches nothing is a mistake; a pattern may match nothing.
    pub fn explain_nothing(&self) -> Result<()> {
        match self.typed.iter().find(|text| is_plain(text)) {
            Some(name) => {
                Err(Error::no(format!("there is no prompt or folder `{name}`")).hint("`palc list` shows all prompts"))
            }
            None => Ok(()),
        }
    }
}

fn glob(text: &str) -> Result<Glob> {
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    glob.map_err(|error| Error::usage(format!("`{text}` is not a pattern")).because(error))
}

fn is_plain(text: &str) -> bool {
    !text.contains(['*', '?', '[', '{'])
}

/// One condition on a prompt. Several conditions must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    key: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Is(String),
    IsNot(String),
    Contains(String),
    Exists,
}

impl Condition {
    pub fn is(key: &str, value: &str) -> Condition {
        Condition { key: key.into(), test: Test::Is(value.into()) }
    }

    /// `key=value`, `key!=value`, `key~part`, or `key` alone for "is there at all".
    pub fn parse(text: &str) -> Result<Condition> {
        let (key, test) = if let Some((key, value)) = text.split_once("!=") {
            (key, Test::IsNot(value.trim().into()))
        } else if let Some((key, value)) = text.split_once('=') {
            (key, Test::Is(value.trim().into()))
        } else if let Some((key, value)) = text.split_once('~') {
            (key, Test::Contains(value.trim().into()))
        } else {
            (text, Test::Exists)
        };
        let key = key.trim();
        if key.is_empty() {
            return Err(Error::usage(format!("`{text}` is not a condition"))
                .hint("write key=value, key!=value, key~part or key; as in --where custom.tone=warm"));
        }
        let key = if key == "tag" { "tags" } else { key };
        Ok(Condition { key: key.into(), test })
    }

    pub fn holds(&self, listed: &Listed) -> bool {
        let values = self.values(listed);
        match &self.test {
            Test::Is(wanted) => values.iter().any(|value| same(value, wanted)),
            Test::IsNot(wanted) => !values.iter().any(|value| same(value, wanted)),
            Test::Contains(part) => values.iter().any(|value| value.to_lowercase().contains(&part.to_lowercase())),
            Test::Exists => !values.is_empty(),
        }
    }

    /// Whether it looks at something that no card holds.
    pub fn is_deep(&self) -> bool {
        self.on_card(&Name::of_path(""), "", &Card::default()).is_none()
    }

    /// What stands under the key; lists stand for each of their items.
    fn values(&self, listed: &Listed) -> Vec<String> {
        let values = self.on_card(&listed.file.name, &listed.file.path, &listed.card);
        values.unwrap_or_else(|| below(&listed.front, &self.key))
    }

    /// The values of a key that cards hold. They have their defaults, and one item counts as a list.
    fn on_card(&self, name: &Name, path: &str, card: &Card) -> Option<Vec<String>> {
        let one = |value: &Option<String>| value.iter().cloned().collect();
        Some(match self.key.as_str() {
            "name" => vec![name.to_string()],
            "path" => vec![path.to_owned()],
            "project" => folders(name.as_str()),
            "id" => one(&card.id),
            "title" => one(&card.title),
            "description" => one(&card.description),
            "kind" => vec![card.kind.clone()],
            "type" => one(&card.type_),
            "phase" => card.phase.clone(),
            "status" => vec![card.status.clone()],
            "tags" => card.tags.clone(),
            "category" => one(&card.category),
            "persona" => one(&card.persona),
            "provider" => one(&card.provider),
            "model" => card.models.clone(),
            "authors" | "author" => card.authors.clone(),
            "owners" => card.owners.clone(),
            key => below(&card.custom(), key.strip_prefix("custom.")?),
        })
    }
}

/// The folders around a name, from the outermost in: any of them may be a project.
fn folders(name: &str) -> Vec<String> {
    name.match_indices('/').map(|(end, _)| name[..end].to_owned()).collect()
}

fn below(map: &Map, key: &str) -> Vec<String> {
    let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    let found = rest.into_iter().flat_map(|rest| rest.split('.')).fold(map.get(first), |value, part| value?.get(part));
    match found {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.iter().map(text).collect(),
        Some(value) => vec![text(value)],
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Numbers compare as numbers, so 0.70 is 0.7.
fn same(value: &str, wanted: &str) -> bool {
    value == wanted || matches!((value.parse::<f64>(), wanted.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use crate::format::{Dialect, card};
    use crate::repo::PromptFile;

    use super::*;

    fn listed(front: &str) -> Listed {
        let file = PromptFile { name: Name::of_path("a/b"), path: "prompts/a/b.md".into() };
        let text = format!("---\n{front}\n---\n");
        let front = serde_json::from_slice(&card::front(text.as_bytes(), Dialect::Native)).expect("is JSON");
        Listed { file, card: Card::of(text.as_bytes(), Dialect::Native), front }
    }

    #[test]
    fn conditions_look_into_lists_maps_and_defaults() {
        let prompt = listed("tags: [x, y]\ncustom: {tone: warm, level: 3}\nparams: {temperature: 0.70}");
        for holds in [
            "tag=x",
            "tags=y",
            "custom.tone=warm",
            "custom.level=3",
            "params.temperature=.7",
            "status=active",
            "tags!=z",
            "custom.tone~AR",
            "project=a",
            "custom",
        ] {
            assert!(Condition::parse(holds).expect("parses").holds(&prompt), "{holds}");
        }
        for fails in
            ["tag=z", "custom.tone=cold", "status=draft", "tags!=x", "model", "custom.tone.deep=1", "project=a/b"]
        {
            assert!(!Condition::parse(fails).expect("parses").holds(&prompt), "{fails}");
        }
        assert!(Condition::parse("=x").is_err());
    }

    #[test]
    fn globs_know_folders() {
        let matches =
            |glob: &str, name: &str| Globs::new(&[glob.into()]).expect("builds").matches(&Name::of_path(name));
        assert!(matches("support/*", "support/triage") && !matches("support/*", "support/a/b"));
        assert!(matches("support", "support/a/b") && matches("support/", "support/a"));
        assert!(matches("**/triage", "support/triage") && !matches("triage", "support/triage"));
    }
}
