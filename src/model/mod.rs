//! Plain values that every part of palc speaks of. No input, no output, no serialisation.

pub mod labels;
pub mod name;
pub mod prompt;
pub mod scenario;

pub use labels::{Labels, Pin};
pub use name::{Name, Query};
pub use prompt::{Input, Kind, Message, Output, Prompt, Status, Target, Template};

/// A value as YAML and JSON know it. Maps keep their order.
pub type Value = serde_json::Value;
/// A map of [`Value`]s in the order of the file.
pub type Map = serde_json::Map<String, Value>;
