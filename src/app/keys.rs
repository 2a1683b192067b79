//! Where keys come from: the environment, then the keyring of the system, then a file of the user's own. Never from a
//! repository.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::App;
use super::keyring::keyring;
use crate::base::disk;
use crate::base::env::Env;
use crate::base::secret::{self, Secret};
use crate::base::{Error, Result};
use crate::config::Settings;
use crate::provider::Service;
use crate::provider::presets::PRESETS;

/// Variables that hold the key of the same service by another name.
const ALSO: &[(&str, &str)] = &[("GEMINI_API_KEY", "GOOGLE_API_KEY")];

/// A place where a key was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Environment(String),
    Keyring,
    File(PathBuf),
}

impl Origin {
    pub fn word(&self) -> &'static str {
        match self {
            Origin::Environment(_) => "environment",
            Origin::Keyring => "keyring",
            Origin::File(_) => "file",
        }
    }

    /// The variable or the file.
    pub fn name(&self) -> Option<String> {
        match self {
            Origin::Environment(name) => Some(name.clone()),
            Origin::Keyring => None,
            Origin::File(path) => Some(path.display().to_string()),
        }
    }
}

#[derive(Debug)]
pub struct Found {
    pub origin: Origin,
    pub secret: Secret,
}

/// The key of a service, from the first place that has one.
pub fn key(app: &App, service: &Service) -> Result<Option<Found>> {
    let found = |origin, secret| Some(Found { origin, secret });
    if let Some((name, secret)) = in_environment(&app.env, service) {
        return Ok(found(Origin::Environment(name), secret));
    }
    if let Some(secret) = keyring(app).and_then(|keyring| keyring.find(&service.name)) {
        return Ok(found(Origin::Keyring, secret));
    }
    let Some(path) = file(&app.env) else { return Ok(None) };
    let secret = in_file(&app.env, &path, &service.name)?;
    Ok(secret.and_then(|secret| found(Origin::File(path), secret)))
}

/// Every place that has a key for a service, the one that counts first.
pub fn origins(app: &App, service: &Service) -> Result<Vec<Origin>> {
    let mut origins = Vec::new();
    origins.extend(in_environment(&app.env, service).map(|(name, _)| Origin::Environment(name)));
    origins.extend(keyring(app).and_then(|keyring| keyring.find(&service.name)).map(|_| Origin::Keyring));
    if let Some(path) = file(&app.env)
        && in_file(&app.env, &path, &service.name)?.is_some()
    {
        origins.push(Origin::File(path));
    }
    Ok(origins)
}

/// The variables in which a service's key is looked for, in order.
pub fn variables(service: &Service) -> Vec<String> {
    let others = ALSO.iter().filter(|(known, _)| service.key_variable.as_deref() == Some(known));
    service.key_variable.iter().cloned().chain(others.map(|&(_, other)| other.to_owned())).collect()
}

/// Keep a service's key out of everything palc says, be it used or not.
pub fn guard(env: &Env, service: &Service) {
    variables(service).iter().filter_map(|name| env.get(name)).for_each(secret::know);
}

/// The same for all services that palc knows without settings, and for every key in the user's file.
pub fn guard_known(env: &Env) {
    PRESETS.iter().for_each(|preset| guard(env, &preset.service()));
    // What is wrong with the file is told to those who need a key from it.
    let _ = file(env).map(|path| guard_file(env, &path));
}

fn guard_file(env: &Env, path: &Path) -> Result<()> {
    let Some(text) = read(path)? else { return Ok(()) };
    for value in table(path, &text)?.values() {
        if let DeValue::String(text) = value.get_ref()
            && let Some(key) = variable(text).and_then(|name| env.get(name))
        {
            secret::know(key);
        }
    }
    Ok(())
}

/// The same for the services that settings name.
pub fn guard_set(env: &Env, settings: &Settings) {
    for (_, provider) in settings.providers.iter() {
        let headers = provider.headers.values().filter_map(|value| variable(value));
        let names = headers.chain(provider.key_env.as_deref());
        names.filter_map(|name| env.get(name)).for_each(secret::know);
    }
}

/// The user's file of keys.
pub fn file(env: &Env) -> Option<PathBuf> {
    Some(env.config_folder()?.join("keys.toml"))
}

fn in_environment(env: &Env, service: &Service) -> Option<(String, Secret)> {
    let found =
        |name: String| env.get(&name).map(Secret::new).filter(|secret| !secret.is_empty()).map(|secret| (name, secret));
    variables(service).into_iter().find_map(found)
}

/// The key of a service in a file of lines such as `openai = "…"` or `openai = "${MY_KEY}"`.
fn in_file(env: &Env, path: &Path, name: &str) -> Result<Option<Secret>> {
    let Some(text) = read(path)? else { return Ok(None) };
    let table = table(path, &text)?;
    let value = table.get(name).map(|value| value.get_ref());
    Ok(match value {
        Some(DeValue::String(key)) if !key.trim().is_empty() => resolved(env, key).map(Secret::new),
        _ => None,
    })
}

/// A text, or for `${NAME}` what that variable holds.
pub(super) fn resolved<'a>(env: &'a Env, text: &'a str) -> Option<&'a str> {
    match variable(text) {
        Some(name) => env.get(name),
        None => Some(text),
    }
}

/// The `NAME` of `${NAME}`.
fn variable(text: &str) -> Option<&str> {
    text.trim().strip_prefix("${")?.strip_suffix('}')
}

/// The file's text. All keys in it are known from here on, whichever is asked for.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<String>>> {
    let Some(bytes) = disk::read_private(path)? else { return Ok(None) };
    let text = std::str::from_utf8(&bytes).map_err(|_| Error::invalid(format!("{} is not UTF-8", path.display())))?;
    let text = Zeroizing::new(text.to_owned());
    for value in table(path, &text)?.values() {
        if let DeValue::String(key) = value.get_ref()
            && !key.starts_with("${")
        {
            secret::know(key);
        }
    }
    Ok(Some(text))
}

/// What a wrong line holds may be a key, so no error repeats it.
fn table<'a>(path: &Path, text: &'a str) -> Result<DeTable<'a>> {
    DeTable::parse(text).map(|table| table.into_inner()).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        Error::invalid(format!("{}:{line}: that is no line of a file of keys", path.display()))
            .hint("each line is a provider and its key: openai = \"…\"")
    })
}
