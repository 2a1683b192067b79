//! Set and unset a key in one of the files.

use std::path::PathBuf;

use serde_json::Value;

use super::{known, parse};
use crate::app::App;
use crate::base::disk::{self, Batch, Expect, Stamp};
use crate::base::text::BOM;
use crate::base::{Error, Finding, Result};
use crate::config::{self, Config, Entry, Key, Layer, Reach, Repository, Source, Trust, edit};

/// Which file is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The repository's file, where there is a repository and it may set the key; else the user's.
    Fitting,
    User,
    Repository,
}

#[derive(Debug)]
pub struct SetRequest {
    pub key: String,
    pub value: String,
    pub target: Target,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Edited {
    pub key: Key,
    pub path: PathBuf,
    pub layer: Layer,
    pub before: Option<Value>,
    pub after: Option<Value>,
    /// A stronger source that hides what was set.
    pub hidden_by: Option<Entry>,
}

impl Edited {
    pub fn changed(&self) -> bool {
        self.before != self.after
    }
}

pub fn set(app: &App, request: &SetRequest) -> Result<Edited> {
    let key = parse(&request.key)?;
    let row = known(without_profile(&key).as_ref().unwrap_or(&key))?;
    let value = row.kind.from_text(&request.value);
    if let Some(fault) = row.faults(without_profile(&key).as_ref().unwrap_or(&key), &value).into_iter().next() {
        let error = Error::invalid(format!("`{key}`: {}", fault.message));
        return Err(error.hint_if(fault.hint));
    }
    let target = settle(app, request.target, row.reach)?;
    change(app, &key, target, request.dry_run, |text| edit::set(text, &key, &value))
}

pub fn unset(app: &App, key: &str, target: Target, dry_run: bool) -> Result<Edited> {
    let key = parse(key)?;
    let reach =
        config::keys::row(without_profile(&key).as_ref().unwrap_or(&key)).map_or(Reach::Anyone, |row| row.reach);
    let target = settle(app, target, reach)?;
    change(app, &key, target, dry_run, |text| edit::unset(text, &key))
}

/// Change a text setting of the configuration in one go: read, edit, look at what it comes to, write.
pub(in crate::app) fn change(
    app: &App,
    key: &Key,
    layer: Layer,
    dry_run: bool,
    edit: impl Fn(&str) -> Result<String>,
) -> Result<Edited> {
    let path = path_of(app, layer)?;
    let (text, stamp) = read(&path)?;
    let (mark, plain) = match text.strip_prefix(BOM) {
        Some(plain) => (BOM.to_string(), plain),
        None => (String::new(), text.as_str()),
    };
    let after = edit(plain)?;
    let config = judge(app, layer, &path, plain, &after)?;
    if !dry_run && after != plain {
        let expect = stamp.as_ref().map_or(Expect::Absent, Expect::Same);
        Batch::new().write(&path, format!("{mark}{after}"), expect).commit(&app.journal_folder(app.place()?)?)?;
        tracing::info!(path = %path.display(), setting = %key, "changed a configuration file");
    }
    let holds = config.entry(key);
    let hidden_by = holds.filter(|entry| entry.origin.layer > layer || entry.origin.profile.is_some()).cloned();
    Ok(Edited {
        key: key.clone(),
        layer,
        before: edit::get(plain, key),
        after: edit::get(&after, key),
        path,
        hidden_by,
    })
}

/// `render.on_missing` of `profile.prod.render.on_missing`.
fn without_profile(key: &Key) -> Option<Key> {
    match key.words() {
        [first, _, rest @ ..] if first == "profile" && !rest.is_empty() => Some(Key::new(rest.iter().cloned())),
        _ => None,
    }
}

/// The layer whose file is changed.
pub(in crate::app) fn settle(app: &App, target: Target, reach: Reach) -> Result<Layer> {
    let place = app.place()?;
    let here = place.git().map_or_else(|| place.path(config::FILE).exists(), |git| !git.is_bare());
    match target {
        Target::User => Ok(Layer::User),
        Target::Fitting if matches!(reach, Reach::User | Reach::Trust) || !here => Ok(Layer::User),
        Target::Repository if place.git().is_some_and(crate::git::Git::is_bare) => {
            let error = Error::invalid("a bare repository has no files to change");
            Err(error.hint("use --user, or change the file in a clone"))
        }
        Target::Repository if reach == Reach::User => {
            let error = Error::invalid(format!("a repository's {} may not set this key", config::FILE));
            Err(error.hint("use --user: it concerns your machine, and a clone is not to be trusted with it"))
        }
        Target::Fitting | Target::Repository => Ok(Layer::Repository),
    }
}

pub(super) fn path_of(app: &App, layer: Layer) -> Result<PathBuf> {
    match layer {
        Layer::Repository => Ok(app.place()?.path(config::FILE)),
        _ => config::user_file(&app.env)
            .ok_or_else(|| Error::invalid("there is no place for your configuration").hint("set HOME")),
    }
}

pub(super) fn read(path: &std::path::Path) -> Result<(String, Option<Stamp>)> {
    if !path.exists() {
        return Ok((String::new(), None));
    }
    let file = disk::read(path)?;
    let text = String::from_utf8(file.bytes).map_err(|_| Error::invalid(format!("{} is not UTF-8", path.display())))?;
    Ok((text, Some(file.stamp)))
}

/// The configuration as it would be. What was wrong before may stay wrong, but an edit may not break anything.
fn judge(app: &App, layer: Layer, path: &std::path::Path, before: &str, after: &str) -> Result<Config> {
    let old = with_text(app, layer, path, before);
    let new = with_text(app, layer, path, after);
    let known = |finding: &Finding| old.findings.iter().any(|old| old.message == finding.message);
    let name = super::name_of(layer, path);
    let broken = |finding: &&Finding| finding.place.path == name && !known(finding);
    let broken: Vec<Finding> = new.findings.iter().filter(broken).cloned().collect();
    match broken.is_empty() {
        true => Ok(new),
        false => Err(Error::findings("the configuration would not be valid, so it is left as it is", broken)),
    }
}

pub(super) fn with_text(app: &App, layer: Layer, path: &std::path::Path, text: &str) -> Config {
    let repository = app.place().map_or(Repository::None, |place| Repository::Folder(place.root()));
    let (mut files, findings) = config::open(&app.env, repository);
    files.retain(|file| file.layer != layer);
    files.push(Source { layer, name: super::name_of(layer, path), text: text.to_owned() });
    let trust = app.place().map(|place| Trust::new(&app.env, place.root())).ok();
    Config::merge(&files, &app.config_sources(trust.as_ref()), findings)
}
