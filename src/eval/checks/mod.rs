//! Kinds of checks, one family a file. This list is the registry: what is not in it is no check.

use super::{Kind, judge};

/// All kinds, sorted by name.
pub static KINDS: &[&Kind] = &[&judge::rubric::KIND];

pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name).copied()
}
