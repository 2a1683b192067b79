//! Settings from the environment and from flags.

use super::key::Key;
use super::keys::{self, Row};
use super::layers::Entry;
use super::origin::{Layer, Origin};
use super::read::{finding, unknown_key};
use crate::base::env::{self, Env};
use crate::base::near::did_you_mean;
use crate::base::{Finding, Place};

/// `PALC_RENDER__ON_MISSING=warn` sets `render.on_missing`.
pub(super) fn from_environment(env: &Env, findings: &mut Vec<Finding>) -> Vec<Entry> {
    let is_key = |name: &str| env::ALL.iter().all(|variable| variable.name != name);
    let variables = env.with_prefix(env::PREFIX).filter(|(name, value)| is_key(name) && !value.is_empty());
    variables
        .filter_map(|(name, text)| {
            let Some((key, row)) = key_of(name) else {
                findings.push(unknown_variable(name));
                return None;
            };
            entry(key, row, text, Origin::named(Layer::Environment, name), findings)
        })
        .collect()
}

/// `--config render.on_missing=warn`.
pub(super) fn from_flags(flags: &[String], findings: &mut Vec<Finding>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for flag in flags {
        let (name, text) = flag.split_once('=').unwrap_or((flag, ""));
        let place = Place::file(format!("--config {name}"));
        let key = Key::parse(name);
        match key.as_ref().and_then(|key| Some((key.clone(), keys::row(key)?))) {
            _ if !flag.contains('=') => findings.push(
                Finding::error("config-flag", place, format!("`{flag}` sets nothing")).hint("write it as key=value"),
            ),
            Some((key, row)) => {
                let origin = Origin { layer: Layer::Flag, profile: None, place };
                entries.extend(entry(key, row, text, origin, findings));
            }
            None => findings.push(unknown_key(&key.unwrap_or_else(|| Key::new([name])), place)),
        }
    }
    entries
}

/// The variable that sets a key, for documentation.
pub fn variable(key: &Key) -> String {
    let words: Vec<String> = key.words().iter().map(|word| word.to_uppercase().replace('-', "_")).collect();
    format!("{}{}", env::PREFIX, words.join("__"))
}

fn entry(key: Key, row: &Row, text: &str, origin: Origin, findings: &mut Vec<Finding>) -> Option<Entry> {
    let value = row.kind.from_text(text);
    let faults = row.faults(&key, &value);
    if faults.is_empty() {
        return Some(Entry { key, value, origin });
    }
    findings.extend(faults.into_iter().map(|fault| finding(&key, fault, origin.place.clone())));
    None
}

/// The key that a variable names. Words of open places are written with dashes, because variables cannot hold them.
fn key_of(name: &str) -> Option<(Key, &'static Row)> {
    let words: Vec<String> = name.strip_prefix(env::PREFIX)?.to_lowercase().split("__").map(str::to_owned).collect();
    let key = Key::new(words);
    let row = keys::row(&key)?;
    let open = |(index, word): (usize, &String)| match row.name.split('.').nth(index) {
        Some("<rule>") => word.replace('_', "-"),
        _ => word.clone(),
    };
    Some((Key::new(key.words().iter().enumerate().map(open)), row))
}

/// A double underscore says that a key was meant. Without one it may be a variable of another program.
fn unknown_variable(name: &str) -> Finding {
    let message = format!("the variable {name} sets no known key");
    let place = Place::file(name);
    let finding = match name[env::PREFIX.len()..].contains("__") {
        true => Finding::error("config-unknown-key", place, message),
        false => Finding::warning("config-unknown-key", place, message),
    };
    let variables = keys::rows().iter().filter(|row| !row.name.contains('<'));
    let names: Vec<String> = variables.map(|row| variable(&Key::new(row.name.split('.')))).collect();
    let others = env::ALL.iter().map(|variable| variable.name).filter(|name| name.starts_with(env::PREFIX));
    finding.hint_if(did_you_mean(name, names.iter().map(String::as_str).chain(others)))
}
