//! Writing a suite as a person would.

use crate::format::edit::map_lines;
use crate::format::yaml;
use crate::model::{Map, Value};

/// The map as YAML in blocks; with everything in quotes if it would be read as something else without them.
pub fn yaml(map: &Map) -> String {
    let text = |quoted| map_lines(map, quoted).join("\n") + "\n";
    let plain = text(false);
    match yaml::read(&plain, 0).root.map(|root| root.value()) {
        Some(Value::Object(read)) if read == *map => plain,
        _ => text(true),
    }
}
