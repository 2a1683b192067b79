//! All layers together: what holds, where it comes from, and what it hides.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

use super::key::Key;
use super::keys::{self, Reach};
use super::origin::{Layer, Origin};
use super::settings::Settings;
use super::trust::{Trust, Wants};
use super::{Kind, kind, read, variables};
use crate::base::env::{self, Env};
use crate::base::near::did_you_mean;
use crate::base::{Error, Finding, Place, disk};

/// One value of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: Key,
    pub value: Value,
    pub origin: Origin,
}

/// A configuration file's text.
#[derive(Debug, Clone)]
pub struct Source {
    pub layer: Layer,
    /// How the file is called in findings.
    pub name: String,
    pub text: String,
}

/// Where the repository's file comes from.
#[derive(Debug, Clone, Copy)]
pub enum Repository<'a> {
    None,
    /// The repository's root folder.
    Folder(&'a Path),
    /// `palc.toml` as it was committed in a revision.
    Text(&'a str),
}

/// Which profile was asked for, and how.
#[derive(Debug, Clone)]
pub struct Profile {
    pub name: String,
    /// `--profile` or `PALC_PROFILE`.
    pub asked_by: &'static str,
}

/// What is set beside the files.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    pub env: &'a Env,
    /// `--profile`.
    pub profile: Option<&'a str>,
    /// `--config`, each `key=value`.
    pub flags: &'a [String],
    /// What the reader grants this repository; nothing where nobody was asked.
    pub trust: Option<&'a Trust>,
}

/// The settings, and for each the value of every source that names it.
#[derive(Debug, Clone)]
pub struct Config {
    pub settings: Settings,
    /// What is wrong in the sources. Wrong values set nothing; what they would have hidden holds.
    pub findings: Vec<Finding>,
    pub profile: Option<String>,
    /// The profiles that the files declare.
    pub profiles: Vec<String>,
    /// What the repository's file wants and only its reader can grant, whatever the profile. Without the grant it sets
    /// nothing.
    pub wants: Wants,
    /// The values of a key from the weakest to the one that holds.
    entries: BTreeMap<Key, Vec<Entry>>,
}

impl Config {
    /// Read every source. What is wrong in them is in the findings; a file that is not there says nothing.
    pub fn load(repository: Repository<'_>, sources: &Sources<'_>) -> Config {
        let (files, findings) = open(sources.env, repository);
        Config::merge(&files, sources, findings)
    }

    /// As [`Config::load`], for files whose text is at hand.
    pub fn merge(files: &[Source], sources: &Sources<'_>, mut findings: Vec<Finding>) -> Config {
        let profile = chosen_profile(sources);
        let mut entries: Vec<Entry> = DEFAULTS.clone();
        for file in files {
            entries.extend(read::read(file, &mut findings));
        }
        let profiles = profiles(&entries);
        let wants = Wants::among(&mut entries, sources.trust);
        findings.extend(unknown_profile(profile.as_ref(), &profiles));
        let profile = profile.map(|profile| profile.name);
        entries.retain(|entry| entry.origin.profile.is_none() || entry.origin.profile == profile);
        entries.extend(variables::from_environment(sources.env, &mut findings));
        entries.extend(variables::from_flags(sources.flags, &mut findings));
        entries.sort_by_key(|entry| entry.origin.rank());
        let entries = stack(entries, &mut findings);
        Finding::sort(&mut findings);
        Config { settings: Settings::read(&Values(&entries)), findings, profile, profiles, wants, entries }
    }

    /// The defaults alone.
    pub fn defaults() -> Config {
        let sources = Sources { env: &Env::default(), profile: None, flags: &[], trust: None };
        Config::merge(&[], &sources, Vec::new())
    }

    /// The entry that holds for a key.
    pub fn entry(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key)?.last()
    }

    /// Every value of a key from the weakest to the one that holds.
    pub fn all(&self, key: &Key) -> &[Entry] {
        self.entries.get(key).map_or(&[], Vec::as_slice)
    }

    /// The entries that hold, those at or below a prefix.
    pub fn entries<'a>(&'a self, prefix: &'a Key) -> impl Iterator<Item = &'a Entry> {
        let below = self.entries.range(prefix..).take_while(|(key, _)| key.starts_with(prefix));
        below.filter_map(|(_, entries)| entries.last())
    }
}

/// The texts of all configuration files, weakest first, and findings for those that cannot be read.
pub fn open(env: &Env, repository: Repository<'_>) -> (Vec<Source>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut files = Vec::new();
    for (layer, path) in paths(env, repository) {
        let required = layer == Layer::User && env.get(env::CONFIG).is_some();
        files.extend(open_one(layer, &path, required, &mut findings));
    }
    if let Repository::Text(text) = repository {
        let text = read::without_bom(text).to_owned();
        files.push(Source { layer: Layer::Repository, name: super::FILE.into(), text });
    }
    (files, findings)
}

/// The configuration files that are looked at, weakest first.
pub fn paths(env: &Env, repository: Repository<'_>) -> Vec<(Layer, PathBuf)> {
    let mut paths = vec![(Layer::System, PathBuf::from("/etc/palc/config.toml"))];
    paths.extend(user_file(env).map(|path| (Layer::User, path)));
    if let Repository::Folder(root) = repository {
        paths.push((Layer::Repository, root.join(super::FILE)));
    }
    paths
}

/// The user's own configuration file.
pub fn user_file(env: &Env) -> Option<PathBuf> {
    match env.get(env::CONFIG) {
        Some(path) => Some(env.folder().join(path)),
        None => Some(env.config_folder()?.join("config.toml")),
    }
}

/// The merged values, as the settings read them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a>(&'a BTreeMap<Key, Vec<Entry>>);

impl<'a> Values<'a> {
    pub(super) fn get(self, key: &str) -> Option<&'a Value> {
        let key = Key::new(key.split('.'));
        Some(&self.0.get(&key)?.last()?.value)
    }

    /// The entries below a section, with the words that follow it.
    pub(super) fn below(self, section: &str) -> impl Iterator<Item = (&'a [String], &'a Value)> + 'a {
        let prefix = Key::new(section.split('.'));
        let from = prefix.clone();
        let entries = self.0.range(from..).take_while(move |(key, _)| key.starts_with(&prefix));
        let depth = section.split('.').count();
        entries.filter_map(move |(key, entries)| Some((&key.words()[depth..], &entries.last()?.value)))
    }
}

static DEFAULTS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let text = include_str!("defaults.toml").to_owned();
    let source = Source { layer: Layer::Default, name: "default".into(), text };
    read::read(&source, &mut Vec::new())
});

fn open_one(layer: Layer, path: &Path, required: bool, findings: &mut Vec<Finding>) -> Option<Source> {
    let name = match layer {
        Layer::Repository => super::FILE.to_owned(),
        _ => path.display().to_string(),
    };
    if !required && path.symlink_metadata().is_err() {
        return None;
    }
    match text_of(layer, path) {
        Ok(text) => Some(Source { layer, name, text: read::without_bom(&text).to_owned() }),
        Err(message) => {
            findings.push(Finding::error("config-file", Place::file(name), message));
            None
        }
    }
}

/// A file's text, or why it cannot be had. Findings show lines of the file, so a clone whose file is a link to somewhere
/// else must not be followed: it would have palc print what is not the clone's.
fn text_of(layer: Layer, path: &Path) -> Result<String, String> {
    const LARGEST: u64 = 4 << 20;
    let cause = |error: &Error| error.causes().into_iter().next().unwrap_or_else(|| error.message().to_owned());
    let path = match (layer, path.parent()) {
        (Layer::Repository, Some(root)) => {
            disk::resolve_beneath(root, Path::new(super::FILE)).map_err(|error| error.message().to_owned())?
        }
        _ => path.to_owned(),
    };
    if path.metadata().is_ok_and(|file| file.len() > LARGEST) {
        return Err(format!("the file is larger than {}", kind::show_bytes(LARGEST)));
    }
    let file = disk::read(&path).map_err(|error| format!("cannot read the configuration: {}", cause(&error)))?;
    String::from_utf8(file.bytes).map_err(|_| "the file is not UTF-8".into())
}

fn chosen_profile(sources: &Sources<'_>) -> Option<Profile> {
    let from_flag = sources.profile.map(|name| Profile { name: name.into(), asked_by: "--profile" });
    let variable = sources.env.get(env::PROFILE);
    from_flag.or_else(|| variable.map(|name| Profile { name: name.into(), asked_by: env::PROFILE }))
}

/// The profiles that these entries belong to, each once.
fn profiles(entries: &[Entry]) -> Vec<String> {
    let names: BTreeSet<&String> = entries.iter().filter_map(|entry| entry.origin.profile.as_ref()).collect();
    names.into_iter().cloned().collect()
}

fn unknown_profile(profile: Option<&Profile>, known: &[String]) -> Option<Finding> {
    let profile = profile.filter(|profile| !known.contains(&profile.name))?;
    let message = format!("no configuration file has a profile `{}`", profile.name);
    let finding = Finding::error("config-profile", Place::file(profile.asked_by), message);
    let near = did_you_mean(&profile.name, known.iter().map(String::as_str));
    Some(finding.hint_if(near.or_else(|| (!known.is_empty()).then(|| format!("there are: {}", known.join(", "))))))
}

/// Put the values of each key on top of each other; the entries come weakest first.
fn stack(entries: Vec<Entry>, findings: &mut Vec<Finding>) -> BTreeMap<Key, Vec<Entry>> {
    let mut stacks: BTreeMap<Key, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        let below = stacks.entry(entry.key.clone()).or_default();
        let allowed = below.iter().rfind(|lower| lower.origin.layer != Layer::Repository);
        match raised_limit(&entry, allowed) {
            Some(finding) => findings.push(finding),
            // A repository that has a feature on asks for nothing; the reader who has it off keeps it off.
            None if is_switched_on(&entry, allowed) => {}
            None => below.push(entry),
        }
    }
    stacks
}

fn is_switched_on(entry: &Entry, allowed: Option<&Entry>) -> bool {
    let lower = keys::row(&entry.key).is_some_and(|row| row.reach == Reach::Lower);
    let off = allowed.is_some_and(|allowed| allowed.value == false);
    lower && off && entry.origin.layer == Layer::Repository && entry.value == true
}

/// A repository that lifts a limit which protects its reader.
fn raised_limit(entry: &Entry, allowed: Option<&Entry>) -> Option<Finding> {
    let row = keys::row(&entry.key)?;
    if entry.origin.layer != Layer::Repository || row.reach != Reach::Lower {
        return None;
    }
    let limit = kind::bytes(&allowed?.value)?;
    (kind::bytes(&entry.value)? > limit).then(|| {
        let limit = match row.kind {
            Kind::Bytes { .. } => kind::show_bytes(limit),
            _ => limit.to_string(),
        };
        let message =
            format!("a repository's {} may lower `{}` but not raise it above {limit}", super::FILE, entry.key);
        let hint = format!("raise it in your own configuration: palc config set --user {} …", entry.key);
        Finding::error("config-refused", entry.origin.place.clone(), message).hint(hint)
    })
}
