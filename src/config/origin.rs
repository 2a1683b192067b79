//! Where a value comes from.

use std::fmt;

use crate::base::Place;

/// A source of settings. Later ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    Default,
    System,
    User,
    Repository,
    Environment,
    Flag,
}

impl Layer {
    pub fn word(self) -> &'static str {
        match self {
            Layer::Default => "default",
            Layer::System => "system",
            Layer::User => "user",
            Layer::Repository => "repository",
            Layer::Environment => "environment",
            Layer::Flag => "flag",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub layer: Layer,
    /// The profile whose section held the value.
    pub profile: Option<String>,
    /// The file, line and column; for variables and flags the path is their name.
    pub place: Place,
}

impl Origin {
    pub fn at(layer: Layer, place: Place) -> Self {
        Origin { layer, profile: None, place }
    }

    /// A variable or a flag.
    pub fn named(layer: Layer, name: &str) -> Self {
        Origin::at(layer, Place::file(name))
    }

    /// Which origin wins. A chosen profile overlays every file, because whoever chose it said so just now.
    pub(super) fn rank(&self) -> (bool, bool, Layer) {
        (self.layer > Layer::Repository, self.profile.is_some(), self.layer)
    }
}

/// `default`, `PALC_MODEL`, `--config model`, `palc.toml:3:1 (profile prod)`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.layer, self.place.is_exact()) {
            (Layer::Default, _) => f.write_str("default")?,
            (_, true) => write!(f, "{}:{}:{}", self.place.path, self.place.line, self.place.column)?,
            (_, false) => f.write_str(&self.place.path)?,
        }
        match &self.profile {
            Some(profile) => write!(f, " (profile {profile})"),
            None => Ok(()),
        }
    }
}
