//! Keep the keys of services, say where each would come from, and take them away. No key leaves this file.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::keyring::{Keyring, keyring};
use super::keys::{self, Origin};
use super::{App, services};
use crate::base::disk::{self, Expect};
use crate::base::secret::Secret;
use crate::base::{Error, Result};
use crate::config::{Key, edit};
use crate::provider::Service;

#[derive(Debug)]
pub struct SetRequest<'a> {
    pub name: &'a str,
    pub secret: &'a Secret,
    /// In the file, also where there is a keyring.
    pub file: bool,
}

/// Where a key was put.
#[derive(Debug)]
pub struct Kept {
    pub name: String,
    pub origin: Origin,
    /// What comes before it, so that it is not used for now.
    pub hidden_by: Option<Origin>,
}

/// A service, and where its key would come from.
#[derive(Debug)]
pub struct Row {
    pub service: Service,
    /// The one that counts first.
    pub origins: Vec<Origin>,
}

#[derive(Debug)]
pub struct Removed {
    pub name: String,
    pub from: Vec<Origin>,
    /// Where a key still comes from, which palc does not change.
    pub left: Option<Origin>,
}

pub fn set(app: &App, request: &SetRequest<'_>) -> Result<Kept> {
    let service = services::service(app, request.name)?;
    if request.secret.is_empty() {
        return Err(Error::usage("the key is empty").hint("nothing was changed"));
    }
    if request.secret.expose().contains(char::is_whitespace) {
        return Err(Error::usage("a key holds no blanks and no line breaks").hint("nothing was changed"));
    }
    let origin = match keyring(app).filter(|_| !request.file) {
        Some(keyring) => {
            keyring.set(&service.name, request.secret)?;
            Origin::Keyring
        }
        None => Origin::File(put(app, &service.name, request.secret)?),
    };
    tracing::info!(service = service.name, place = origin.word(), "kept a key");
    let hidden_by = keys::origins(app, &service)?.into_iter().next().filter(|first| *first != origin);
    Ok(Kept { name: service.name, origin, hidden_by })
}

/// All services that need a key, and those that have one.
pub fn list(app: &App) -> Result<Vec<Row>> {
    let row = |service: Service| Ok(Row { origins: keys::origins(app, &service)?, service });
    services::services(app)?.into_iter().map(row).collect()
}

/// Where a key would be kept.
pub fn target(app: &App, to_file: bool) -> Result<Origin> {
    match keyring(app).filter(|_| !to_file) {
        Some(_) => Ok(Origin::Keyring),
        None => Ok(Origin::File(file(app)?)),
    }
}

pub fn remove(app: &App, name: &str, dry_run: bool) -> Result<Removed> {
    let mut from = Vec::new();
    let in_keyring = |keyring: Keyring| if dry_run { Ok(keyring.find(name).is_some()) } else { keyring.remove(name) };
    if keyring(app).map(in_keyring).transpose()?.unwrap_or(false) {
        from.push(Origin::Keyring);
    }
    from.extend(take(app, name, dry_run)?.map(Origin::File));
    let service = services::services(app)?.into_iter().find(|service| service.name == name);
    let left = service.map(|service| keys::origins(app, &service)).transpose()?.unwrap_or_default();
    let left = left.into_iter().find(|origin| !from.contains(origin));
    if from.is_empty() && left.is_none() {
        return Err(Error::no(format!("there is no key for `{name}`")).hint("`palc auth list` shows those there are"));
    }
    if !dry_run {
        tracing::info!(service = name, "removed a key");
    }
    Ok(Removed { name: name.to_owned(), from, left })
}

/// Write a key into the file of keys.
fn put(app: &App, name: &str, secret: &Secret) -> Result<PathBuf> {
    let path = file(app)?;
    change(&path, false, |text| edit::set(text, &Key::new([name]), &Value::from(secret.expose())))?;
    Ok(path)
}

fn file(app: &App) -> Result<PathBuf> {
    keys::file(&app.env).ok_or_else(|| Error::storage("there is no folder for keys").hint("set HOME"))
}

/// Take a key out of the file of keys; the file's path, if it held one.
fn take(app: &App, name: &str, dry_run: bool) -> Result<Option<PathBuf>> {
    let Some(path) = keys::file(&app.env) else { return Ok(None) };
    let changed = change(&path, dry_run, |text| edit::unset(text, &Key::new([name])))?;
    Ok(changed.then_some(path))
}

/// Change the file of keys, which nobody else may read before or afterwards. Whether it changed.
fn change(path: &Path, dry_run: bool, edit: impl Fn(&str) -> Result<String>) -> Result<bool> {
    let text = keys::read(path)?;
    let before = text.as_ref().map_or("", |text| text.as_str());
    let after = zeroize::Zeroizing::new(edit(before)?);
    if *after == before || dry_run {
        return Ok(*after != before);
    }
    match text {
        Some(_) => disk::write_private(path, after.as_bytes(), Expect::Same(&disk::read(path)?.stamp))?,
        None => disk::write_private(path, after.as_bytes(), Expect::Absent)?,
    }
    Ok(true)
}
