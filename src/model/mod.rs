//! Plain values that every part of palc speaks of. No input, no output, no serialisation.

pub mod call;
pub mod engine;
pub mod generation;
pub mod labels;
pub mod money;
pub mod name;
pub mod prompt;
pub mod rating;
pub mod results;
pub mod rubric;
pub mod scenario;
pub mod score;
pub mod suite;

pub use call::{Call, Reply, Trouble};
pub use generation::{Layout, Persona, Phase, Reasoning};
pub use labels::{Labels, Pin};
pub use money::Money;
pub use name::{Name, Query};
pub use prompt::{Input, Kind, Message, Output, Prompt, Related, Status, Target, Template};
pub use rubric::Rubric;
pub use score::{Score, Verdict};
pub use suite::Suite;

/// A value as YAML and JSON know it. Maps keep their order.
pub type Value = serde_json::Value;
/// A map of [`Value`]s in the order of the file.
pub type Map = serde_json::Map<String, Value>;
