//! Look at settings and change them.

mod edit;
mod init;
mod upgrade;

pub use edit::{Edited, SetRequest, Target, set, unset};
pub(super) use edit::{change, settle};
pub use init::{Created, InitRequest, init, template};
pub use upgrade::{UpgradeRequest, Upgraded, upgrade};

use std::path::PathBuf;

use super::App;
use crate::base::{Error, Finding, Result, Severity};
use crate::config::{self, Entry, Key, Layer, Repository, Row, keys};

#[derive(Debug)]
pub struct Shown {
    pub settings: Vec<Setting>,
    pub findings: Vec<Finding>,
}

/// A key with what it means and what it is.
#[derive(Debug)]
pub struct Setting {
    pub key: Key,
    pub row: &'static Row,
    /// The value that holds and where it comes from; none if nobody set the key.
    pub entry: Option<Entry>,
    /// The values it hides, strongest first.
    pub hidden: Vec<Entry>,
}

/// The settings at or below a key; with `all`, also those that nobody set.
pub fn show(app: &App, prefix: Option<&str>, all: bool) -> Result<Shown> {
    let prefix = prefix.map(parse).transpose()?.unwrap_or_default();
    let config = app.config()?;
    let mut settings: Vec<Setting> =
        config.entries(&prefix).filter_map(|entry| setting(app, &entry.key).ok()).collect();
    let rows = keys::rows().iter().filter(|row| all && !row.name.contains('<'));
    for key in rows.map(|row| Key::new(row.name.split('.'))).filter(|key| key.starts_with(&prefix)) {
        if config.entry(&key).is_none() {
            settings.push(setting(app, &key)?);
        }
    }
    settings.sort_by(|a, b| a.key.cmp(&b.key));
    if settings.is_empty() && !keys::is_table(prefix.words()) {
        known(&prefix)?;
    }
    Ok(Shown { settings, findings: config.findings.clone() })
}

/// One setting. A key that nobody set is an answer of no; one that does not exist is a mistake.
pub fn get(app: &App, key: &str) -> Result<Setting> {
    let key = parse(key)?;
    let setting = setting(app, &key)?;
    if setting.entry.is_none() {
        return Err(Error::no(format!("`{key}` is not set")).hint(format!("set it: palc config set {key} VALUE")));
    }
    Ok(setting)
}

fn setting(app: &App, key: &Key) -> Result<Setting> {
    let row = known(key)?;
    let mut entries = app.config()?.all(key).to_vec();
    let entry = entries.pop();
    entries.reverse();
    Ok(Setting { key: key.clone(), row, entry, hidden: entries })
}

fn parse(text: &str) -> Result<Key> {
    Key::parse(text).ok_or_else(|| Error::usage(format!("`{text}` is not a key")).hint("write it as render.on_missing"))
}

/// The row of a key, or an error that names the near ones.
fn known(key: &Key) -> Result<&'static Row> {
    if let Some(row) = keys::row(key) {
        return Ok(row);
    }
    if keys::is_table(key.words()) {
        let below = keys::next_words(key.words()).join(", ");
        return Err(Error::usage(format!("`{key}` is a section, not a key")).hint(format!("it holds {below}")));
    }
    let error = Error::usage(format!("there is no key `{key}`")).hint_if(keys::suggestion(key));
    Err(error.hint("`palc config show --all` lists every key"))
}

/// A configuration file that palc looks at.
#[derive(Debug)]
pub struct File {
    pub layer: Layer,
    pub path: PathBuf,
    pub exists: bool,
    /// How many of the findings are about this file.
    pub errors: usize,
}

/// The configuration files in the order of their strength, weakest first.
pub fn files(app: &App) -> Result<Vec<File>> {
    let place = app.place()?;
    let repository = match place.git().is_some_and(crate::git::Git::is_bare) {
        true => Repository::None,
        false => Repository::Folder(place.root()),
    };
    let findings = &app.config()?.findings;
    let file = |(layer, path): (Layer, PathBuf)| {
        let name = name_of(layer, &path);
        let is_error = |finding: &&Finding| finding.severity == Severity::Error && finding.place.path == name;
        File { layer, exists: path.exists(), errors: findings.iter().filter(is_error).count(), path }
    };
    Ok(config::paths(&app.env, repository).into_iter().map(file).collect())
}

/// What a file is called in findings.
fn name_of(layer: Layer, path: &std::path::Path) -> String {
    match layer {
        Layer::Repository => config::FILE.to_owned(),
        _ => path.display().to_string(),
    }
}
