//! What a merge did.

use super::paint::printable;
use crate::repo::merge::Conflict;

/// One conflict as a line: where to look.
pub fn conflict_line(path: &str, conflict: &Conflict) -> String {
    let place = printable(&conflict.place.to_string());
    match conflict.line {
        0 => format!("conflict in {}: it is no text, and stays as it was", printable(path)),
        line => format!("conflict in {}:{line}: {place}", printable(path)),
    }
}
