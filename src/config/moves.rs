//! Keys that palc once had. Files that still hold them are told so, and `palc config upgrade` brings them up to date.
//!
//! To rename a key: change its row in the table of keys, and add an entry here in the same commit.

use super::key::Key;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub old: &'static str,
    /// What it is called now; nothing if it is gone.
    pub new: Option<&'static str>,
    /// The version that knows it no more.
    pub since: &'static str,
    /// What became of it, in half a sentence.
    pub why: &'static str,
}

const fn gone(old: &'static str, since: &'static str, why: &'static str) -> Move {
    Move { old, new: None, since, why }
}

pub const MOVES: &[Move] = &[
    gone("prompts.max_bytes", "0.1.0", "the largest prompt file is 4 MiB for everyone"),
    gone("prompts.max_front_matter_bytes", "0.1.0", "the largest front matter is 256 KiB for everyone"),
    gone("prompts.max_depth", "0.1.0", "front matter nests 32 levels deep for everyone"),
    gone("files.evals", "0.1.0", "nothing reads it"),
    gone("files.datasets", "0.1.0", "data files are named where they are used"),
    gone("ui.pager", "0.1.0", "palc starts no pager"),
];

/// What became of a key.
pub fn of(key: &Key) -> Option<&'static Move> {
    let name = key.words().join(".");
    MOVES.iter().find(|known| known.old == name)
}

impl Move {
    /// For messages: where it went.
    pub fn story(&self) -> String {
        match self.new {
            Some(new) => format!("since {} it is called `{new}`: {}", self.since, self.why),
            None => format!("since {} there is no such key: {}", self.since, self.why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys;

    #[test]
    fn what_moved_is_gone_and_where_it_went_is_there() {
        let row = |name: &str| keys::row(&Key::new(name.split('.')));
        for Move { old, new, .. } in MOVES {
            assert!(row(old).is_none(), "{old}");
            assert!(new.is_none_or(|new| row(new).is_some()), "{new:?}");
            assert_eq!(MOVES.iter().filter(|other| other.old == *old).count(), 1, "{old}");
        }
    }
}
