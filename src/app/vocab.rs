//! The words that fields may hold: list them, add one, remove one. They are data, so a new word needs no new palc.

use serde_json::{Map, Value, json};

use super::App;
use super::config::{Edited, Target, change, settle};
use crate::base::near::did_you_mean;
use crate::base::{Error, Result};
use crate::config::settings::Vocabularies;
use crate::config::{Key, Origin, Reach, Vocabulary, edit};

#[derive(Debug)]
pub struct Listed {
    pub name: &'static str,
    pub vocabulary: Vocabulary,
    pub origin: Option<Origin>,
}

/// All vocabularies, or the one of this name.
pub fn list(app: &App, name: Option<&str>) -> Result<Vec<Listed>> {
    let wanted = name.map(known).transpose()?;
    let settings = app.settings()?;
    let names = Vocabularies::NAMES.iter().filter(|name| wanted.is_none_or(|wanted| wanted == **name));
    let listed = names.filter_map(|&name| {
        let vocabulary = settings.vocabulary.get(name)?.clone();
        let origin = app.config().ok()?.entry(&key(name)).map(|entry| entry.origin.clone());
        Some(Listed { name, vocabulary, origin })
    });
    Ok(listed.collect())
}

#[derive(Debug, Default)]
pub struct AddRequest {
    pub vocabulary: String,
    pub word: String,
    pub description: Option<String>,
    pub color: Option<String>,
    pub aliases: Vec<String>,
    /// For actions: the model is not told of it.
    pub hidden: bool,
    /// For phases: no user can be in it.
    pub system: bool,
    pub user: bool,
    pub dry_run: bool,
}

pub fn add(app: &App, request: &AddRequest) -> Result<Edited> {
    let name = known(&request.vocabulary)?;
    let vocabulary = app.settings()?.vocabulary.get(name).cloned().unwrap_or_default();
    for word in request.aliases.iter().chain([&request.word]) {
        check(name, &vocabulary, word)?;
    }
    let target = if request.user { Target::User } else { Target::Fitting };
    let layer = settle(app, target, Reach::Anyone)?;
    let key = key(name);
    let holds = app.config()?.entry(&key).map_or(json!([]), |entry| entry.value.clone());
    let about = about(request);
    change(app, &key, layer, request.dry_run, |text| added(text, &key, &holds, &request.word, &about))
}

pub fn remove(app: &App, vocabulary: &str, word: &str, dry_run: bool) -> Result<Edited> {
    let name = known(vocabulary)?;
    let key = key(name);
    let entry = app.config()?.entry(&key).cloned();
    let words = app.settings()?.vocabulary.get(name).cloned().unwrap_or_default();
    if !words.words().iter().any(|known| known.name == word) {
        let near = words.nearest(word).map(|near| format!("did you mean `{near}`?"));
        return Err(Error::no(format!("`{word}` is not a word of the vocabulary {name}")).hint_if(near));
    }
    let layer = settle(app, Target::Fitting, Reach::Anyone)?;
    let holds = entry.map_or(json!([]), |entry| entry.value);
    change(app, &key, layer, dry_run, |text| removed(text, &key, &holds, word))
}

fn key(name: &str) -> Key {
    Key::new(["vocabulary", name])
}

fn known(name: &str) -> Result<&'static str> {
    let found = Vocabularies::NAMES.iter().find(|known| **known == name);
    found.copied().ok_or_else(|| {
        let error = Error::usage(format!("there is no vocabulary `{name}`"));
        let near = did_you_mean(name, Vocabularies::NAMES.iter().copied());
        error.hint(near.unwrap_or_else(|| format!("there are {}", Vocabularies::NAMES.join(", "))))
    })
}

fn check(name: &str, vocabulary: &Vocabulary, word: &str) -> Result<()> {
    if word.trim().is_empty() || word.trim() != word || word.chars().any(char::is_control) {
        return Err(Error::usage(format!("`{}` is not a word", word.escape_debug())));
    }
    let twin = vocabulary.words().iter().find(|known| known.name.to_lowercase() == word.to_lowercase());
    match twin.or_else(|| vocabulary.find(word)) {
        Some(known) if known.name == word => Err(Error::no(format!("`{word}` is in the vocabulary {name} already"))),
        Some(known) => {
            Err(Error::no(format!("`{word}` would be taken for `{}`, which is in the vocabulary {name}", known.name)))
        }
        None => Ok(()),
    }
}

/// What is said of a word beside its name.
fn about(request: &AddRequest) -> Map<String, Value> {
    let mut about = Map::new();
    let mut say = |field: &str, value: Option<Value>| about.extend(value.map(|value| (field.to_owned(), value)));
    say("description", request.description.clone().map(Value::from));
    say("color", request.color.clone().map(Value::from));
    say("aliases", (!request.aliases.is_empty()).then(|| request.aliases.clone().into()));
    say("offered", request.hidden.then(|| false.into()));
    say("user", request.system.then(|| false.into()));
    about
}

/// A file's vocabulary replaces the ones below it, so a file without one first gets the words that hold.
fn added(text: &str, key: &Key, holds: &Value, word: &str, about: &Map<String, Value>) -> Result<String> {
    let about = Value::Object(about.clone());
    match edit::get(text, key) {
        Some(Value::Array(_)) if about == json!({}) => edit::push(text, key, word),
        Some(list @ Value::Array(_)) => {
            let table = written(text, key, &as_table(&list))?;
            edit::set(&table, &key.child(word), &about)
        }
        Some(_) => edit::set(text, &key.child(word), &about),
        None if holds.is_array() && about == json!({}) => edit::push(&edit::set(text, key, holds)?, key, word),
        None => edit::set(&written(text, key, &as_table(holds))?, &key.child(word), &about),
    }
}

fn removed(text: &str, key: &Key, holds: &Value, word: &str) -> Result<String> {
    match edit::get(text, key).unwrap_or_else(|| holds.clone()) {
        Value::Array(mut words) => {
            words.retain(|known| known != word);
            edit::set(text, key, &words.into())
        }
        Value::Object(mut table) if edit::get(text, key).is_none() => {
            table.shift_remove(word);
            written(text, key, &table)
        }
        _ => edit::unset(text, &key.child(word)),
    }
}

fn as_table(words: &Value) -> Map<String, Value> {
    match words {
        Value::Object(table) => table.clone(),
        Value::Array(words) => {
            words.iter().filter_map(Value::as_str).map(|word| (word.to_owned(), json!({}))).collect()
        }
        _ => Map::new(),
    }
}

/// The table as a section of its own, one word a line.
fn written(text: &str, key: &Key, table: &Map<String, Value>) -> Result<String> {
    let bare = edit::unset(text, key)?;
    table.iter().try_fold(bare, |text, (word, about)| edit::set(&text, &key.child(word), about))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(text: &str, holds: &Value, about: &Value) -> String {
        let about = about.as_object().cloned().unwrap_or_default();
        added(text, &key("type"), holds, "new", &about).expect("it can be added")
    }

    #[test]
    fn a_word_joins_the_form_that_is_there() {
        let list = "[vocabulary]\ntype = [\"a\"] # ours\n";
        assert_eq!(add(list, &json!(["a"]), &json!({})), "[vocabulary]\ntype = [\"a\", \"new\"] # ours\n");
        assert_eq!(
            add(list, &json!(["a"]), &json!({"color": "red"})),
            "[vocabulary]\n\n[vocabulary.type]\na = {}\nnew = { color = \"red\" }\n"
        );
        let table = "[vocabulary.type]\na = \"A\"\n\n[ui]\n";
        assert_eq!(add(table, &json!({}), &json!({})), "[vocabulary.type]\na = \"A\"\nnew = {}\n\n[ui]\n");
        assert_eq!(add("", &json!([]), &json!({})), "[vocabulary]\ntype = [\"new\"]\n");
        assert_eq!(add("", &json!({"a": "A"}), &json!({})), "[vocabulary.type]\na = \"A\"\nnew = {}\n");
    }

    #[test]
    fn a_word_leaves_without_the_others() {
        let remove = |text: &str, holds: &Value| removed(text, &key("type"), holds, "b").expect("it can be removed");
        assert_eq!(remove("[vocabulary.type]\na = {}\nb = {}\n", &json!({})), "[vocabulary.type]\na = {}\n");
        assert_eq!(remove("vocabulary.type = [\"a\", \"b\"]\n", &json!([])), "vocabulary.type = [\"a\"]\n");
        assert_eq!(remove("", &json!({"a": "A", "b": {}})), "[vocabulary.type]\na = \"A\"\n");
    }
}
