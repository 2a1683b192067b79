//! What a committed file wants and only its reader can grant: where keys are sent, and from which variable they come.
//!
//! A grant is a record outside of the repository. It names the repository's folder and the exact set of such settings by
//! their digest, so any change to one of them asks again. On machines that nobody sits at, the digest comes from
//! `PALC_TRUST`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::keys::{self, Reach};
use super::layers::Entry;
use super::{Key, Layer};
use crate::base::disk::{self, Expect};
use crate::base::env::{self, Env};
use crate::base::hash::sha256;
use crate::base::{Error, Place, Result};

/// The settings of a repository's file that need its reader's word.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wants {
    /// In the order in which they stand there.
    pub entries: Vec<Entry>,
    /// Whether they hold.
    pub granted: bool,
}

/// Where grants to one repository are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// None if there is no place for them.
    folder: Option<PathBuf>,
    /// The repository's folder without links.
    root: String,
    /// The digests that the environment grants.
    told: Vec<String>,
}

/// What was granted to a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    pub root: String,
    pub digest: String,
    /// The settings, one a line.
    pub settings: Vec<String>,
    /// When, as RFC 3339 says it.
    pub since: String,
    file: PathBuf,
}

impl Wants {
    /// Take those that are not granted out of the entries of all sources.
    pub(super) fn among(entries: &mut Vec<Entry>, trust: Option<&Trust>) -> Wants {
        let needs = |entry: &Entry| {
            let row = keys::row(&entry.key);
            entry.origin.layer == Layer::Repository && row.is_some_and(|row| row.reach == Reach::Trust)
        };
        let mut wants =
            Wants { entries: entries.iter().filter(|entry| needs(entry)).cloned().collect(), granted: true };
        if !wants.entries.is_empty() {
            wants.granted = trust.is_some_and(|trust| trust.grants(&wants.digest()));
        }
        if !wants.granted {
            entries.retain(|entry| !needs(entry));
        }
        wants
    }

    /// The name of exactly this set, wherever its settings stand in the file.
    pub fn digest(&self) -> String {
        let lines = self.lines();
        sha256(lines.join("\n").as_bytes())
    }

    /// The settings as one line each, sorted: what is granted.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.entries.iter().map(line).collect();
        lines.sort();
        lines
    }

    /// Each line with the place where it stands, in the order of the file.
    pub fn placed(&self) -> Vec<(String, Place)> {
        self.entries.iter().map(|entry| (line(entry), entry.origin.place.clone())).collect()
    }

    /// Those that do not hold, at or below a key.
    pub fn withheld<'a>(&'a self, below: &'a Key) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| !self.granted && entry.key.starts_with(below))
    }
}

/// `providers.acme.base_url = "https://acme.example/v1"`
fn line(entry: &Entry) -> String {
    let profile = entry.origin.profile.as_ref().map(|profile| Key::new(["profile", profile]).to_string() + ".");
    format!("{}{} = {}", profile.unwrap_or_default(), entry.key, entry.value)
}

impl Trust {
    pub fn new(env: &Env, root: &Path) -> Trust {
        let real = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let told = env.get(env::TRUST).unwrap_or_default();
        let told = told.split(|c: char| c == ',' || c.is_whitespace()).filter(|digest| !digest.is_empty());
        Trust {
            folder: folder(env),
            root: real.to_string_lossy().into_owned(),
            told: told.map(str::to_owned).collect(),
        }
    }

    /// The repository's folder.
    pub fn root(&self) -> &str {
        &self.root
    }

    fn grants(&self, digest: &str) -> bool {
        self.told.iter().any(|told| told == digest) || self.granted().is_some_and(|granted| granted.digest == digest)
    }

    /// Whether the environment grants it, and not the reader.
    pub fn is_told(&self, digest: &str) -> bool {
        self.told.iter().any(|told| told == digest)
    }

    /// What was granted here before, be it still what is wanted or not.
    pub fn granted(&self) -> Option<Granted> {
        Granted::read(&self.file()?).filter(|granted| granted.root == self.root)
    }

    /// Grant exactly this.
    pub fn grant(&self, wants: &Wants, since: &str) -> Result<()> {
        let file = self.file().ok_or_else(nowhere)?;
        let record = json!({"root": self.root, "digest": wants.digest(), "settings": wants.lines(), "since": since});
        disk::write_private(&file, format!("{record:#}\n").as_bytes(), Expect::Whatever)
    }

    fn file(&self) -> Option<PathBuf> {
        let name = sha256(self.root.as_bytes());
        Some(self.folder.as_ref()?.join(format!("{}.json", &name[..32])))
    }
}

impl Granted {
    /// Everything that was ever granted and not taken back, by folder.
    pub fn all(env: &Env) -> Vec<Granted> {
        let entries = folder(env).and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
        let mut all: Vec<Granted> = entries.filter_map(|entry| Granted::read(&entry.path())).collect();
        all.sort_by(|one, other| one.root.cmp(&other.root));
        all
    }

    pub fn revoke(&self) -> Result<()> {
        disk::remove(&self.file, Expect::Whatever)
    }

    /// A record that cannot be read grants nothing.
    fn read(file: &Path) -> Option<Granted> {
        let record: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        let text = |name: &str| record[name].as_str().map(str::to_owned);
        let settings = record["settings"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        Some(Granted {
            root: text("root")?,
            digest: text("digest")?,
            settings,
            since: text("since")?,
            file: file.into(),
        })
    }
}

fn folder(env: &Env) -> Option<PathBuf> {
    Some(env.state_folder()?.join("trust"))
}

fn nowhere() -> Error {
    Error::storage("there is no folder for what is trusted").hint("set HOME")
}
