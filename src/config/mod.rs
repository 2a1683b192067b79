//! Settings in layers: flag > `PALC_*` > the repository's `palc.toml` > the user's file > the system's > defaults.
//!
//! One table, [`keys`], says which keys exist. Reading, checking, showing, the documentation and the JSON Schema for
//! editors all follow it. The rest of the program sees [`Settings`], plain structs built from the merged values, and
//! asks [`Config`] only when it wants to know where a value comes from.

mod choice;
pub mod edit;
pub mod feature;
mod key;
pub mod keys;
mod kind;
mod layers;
pub mod moves;
mod origin;
mod read;
mod schema;
pub mod settings;
#[cfg(test)]
mod tests;
mod trust;
mod variables;

pub use choice::{Color, Engine, FirstRole, Keep, Level, OnMissing, Strategy, Undefined};
pub use edit::toml_text;
pub use key::Key;
pub use keys::{Reach, Row};
pub use kind::{Fault, Kind, show_bytes};
pub use layers::{Config, Entry, Profile, Repository, Source, Sources, open, paths, user_file};
pub use origin::{Layer, Origin};
pub use schema::schema;
pub use settings::vocabulary::{Vocabulary, Word};
pub use settings::{Embedder, Evidence, Project, Search, Settings};
pub use trust::{Granted, Trust, Wants};
pub use variables::variable;

/// The repository's file, at its root.
pub const FILE: &str = "palc.toml";
