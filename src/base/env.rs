//! Every environment variable that palc reads, and the only place that reads them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::secret;

/// A variable, with the words the documentation uses for it.
#[derive(Debug)]
pub struct Variable {
    pub name: &'static str,
    pub help: &'static str,
}

macro_rules! variables {
    ($($constant:ident = $name:literal: $help:literal;)*) => {
        $(pub const $constant: &str = $name;)*
        /// All of them, for `palc help environment` and the documentation.
        pub const ALL: &[Variable] = &[$(Variable { name: $name, help: $help }),*];
    };
}

variables! {
    CONFIG = "PALC_CONFIG": "User configuration file, in place of the one in the configuration folder.";
    PROFILE = "PALC_PROFILE": "Configuration profile, as with --profile.";
    LOG = "PALC_LOG": "Log level: off, error, warn, info, debug, trace.";
    NOW = "PALC_NOW": "The time to use in place of the clock, for reproducible runs.";
    SEED = "PALC_SEED": "Seed for everything random, for reproducible runs.";
    TRUST = "PALC_TRUST": "What may hold of a repository's settings that need trust, where nobody can be asked: the digest that `palc trust --dry-run` shows; several separated by commas.";
    FAULT = "PALC_FAULT": "Disturb the write layer, for testing: `3:ENOSPC` fails its third step, `3+:EIO` the third and all later ones, `3:stop` kills palc before it.";
    MERGE_KEEP = "PALC_MERGE_KEEP": "Set by `palc merge` for the driver that git calls: where it keeps what it was given.";
    COMPLETE = "PALC_COMPLETE": "Set by the completion scripts: the shell that asks.";
    NO_COLOR = "NO_COLOR": "Any value turns colour off.";
    PALC = "PALC": "Set by palc for a program `palc-NAME` that it runs as the command NAME: the path of palc.";
    PATH = "PATH": "Where programs `palc-NAME` are looked for: in folders that are written as full paths, outside the repository.";
    HOME = "HOME": "The user's folder.";
    XDG_CONFIG_HOME = "XDG_CONFIG_HOME": "Where user configuration lives, if not ~/.config.";
    XDG_DATA_HOME = "XDG_DATA_HOME": "Where ONNX Runtime is looked for first, if not below ~/.local/share.";
    XDG_STATE_HOME = "XDG_STATE_HOME": "Where logs live, if not ~/.local/state.";
    XDG_RUNTIME_DIR = "XDG_RUNTIME_DIR": "Where the session's bus is found, behind which the keyring is, if DBUS_SESSION_BUS_ADDRESS does not say.";
    DBUS_SESSION_BUS_ADDRESS = "DBUS_SESSION_BUS_ADDRESS": "The session's bus, behind which the keyring is.";
    ORT_DYLIB_PATH = "ORT_DYLIB_PATH": "The shared library of ONNX Runtime, for models in `search.embedder`.";
    EDITOR = "EDITOR": "The editor for `palc edit`.";
    GIT_INDEX_FILE = "GIT_INDEX_FILE": "The index that git commits from, as git tells its hooks.";
    GIT_EDITOR = "GIT_EDITOR": "The editor for messages of commits, before all others.";
    VISUAL = "VISUAL": "The editor for `palc edit`, before EDITOR.";
}

/// The prefix of variables that set configuration keys: `PALC_RENDER__ON_MISSING=warn` sets `render.on_missing`.
pub const PREFIX: &str = "PALC_";

/// The variables of this process that hold a key, and nothing besides. Which keys there are is said by whoever met them.
#[expect(clippy::disallowed_methods, reason = "this is what programs that palc starts would get")]
pub fn secret_variables() -> Vec<OsString> {
    let is_key = |(_, value): &(OsString, OsString)| secret::is_known(value.as_encoded_bytes());
    std::env::vars_os().filter(is_key).map(|(name, _)| name).collect()
}

/// What surrounds one run. Tests build their own.
#[derive(Debug, Clone, Default)]
pub struct Env {
    variables: BTreeMap<String, String>,
    folder: PathBuf,
}

impl Env {
    /// The environment of this process. Variables that are not UTF-8 are left out.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub fn system() -> std::io::Result<Self> {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(Env { variables, folder: std::env::current_dir()? })
    }

    pub fn new(folder: impl Into<PathBuf>, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Env { variables: variables.into_iter().collect(), folder: folder.into() }
    }

    /// A variable's value; an empty one counts as unset.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Variables whose name starts with the prefix, in order of name.
    pub fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.variables
            .range(prefix.to_owned()..)
            .take_while(move |(name, _)| name.starts_with(prefix))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The folder the command was started in (or moved to by `-C`).
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn enter(&mut self, folder: &Path) {
        self.folder = self.folder.join(folder);
    }

    pub fn home(&self) -> Option<PathBuf> {
        self.get(HOME).or_else(|| self.get("USERPROFILE")).map(PathBuf::from)
    }

    /// The folder of the user's palc configuration.
    pub fn config_folder(&self) -> Option<PathBuf> {
        let base = match self.get(XDG_CONFIG_HOME) {
            Some(folder) => PathBuf::from(folder),
            None => self.home()?.join(".config"),
        };
        Some(base.join("palc"))
    }

    /// A path that may begin with `~/` for the user's folder.
    pub fn own_path(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), self.home()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => path.into(),
        }
    }

    /// The folder of what is installed for the user's palc.
    pub fn data_folder(&self) -> Option<PathBuf> {
        let base = match self.get(XDG_DATA_HOME) {
            Some(folder) => PathBuf::from(folder),
            None => self.home()?.join(".local/share"),
        };
        Some(base.join("palc"))
    }

    /// The folder of the user's palc state: logs, trust.
    pub fn state_folder(&self) -> Option<PathBuf> {
        let base = match self.get(XDG_STATE_HOME) {
            Some(folder) => PathBuf::from(folder),
            None => self.home()?.join(".local/state"),
        };
        Some(base.join("palc"))
    }
}
