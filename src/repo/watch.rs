//! Seeing that files change, by looking at them again and again.
//!
//! Paths are compared, not inodes, so an editor that saves by renaming is seen like one that writes in place. A burst
//! of saves is told once, when it is over.

use crate::base::Result;

use super::Source;
use super::known::Sign;
use super::listing::found;

/// What one look saw: each path with the signs of its content, in the order of paths.
pub type Look = Vec<(String, Sign)>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub path: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Added,
    Edited,
    Removed,
}

#[derive(Debug)]
pub struct Watch {
    told: Look,
    last: Look,
    restless: u32,
}

/// After so many looks in a row that each saw something else, what has changed is told although more may come.
const PATIENCE: u32 = 10;

impl Watch {
    pub fn new(first: Look) -> Watch {
        Watch { told: first.clone(), last: first, restless: 0 }
    }

    /// Take another look. Returns what has changed since changes were last returned, once things are quiet.
    pub fn look(&mut self, now: Look) -> Vec<Change> {
        if now != self.last && self.restless < PATIENCE {
            self.restless += 1;
            self.last = now;
            return Vec::new();
        }
        self.restless = 0;
        let changes = changes(&self.told, &now);
        if !changes.is_empty() {
            self.told.clone_from(&now);
        }
        self.last = now;
        changes
    }
}

/// Look at the prompts of the work tree, and at some other files.
pub fn look(source: &Source<'_>, others: &[&str]) -> Result<Look> {
    let files = found(source)?.files.into_iter();
    let mut look: Look = files.filter_map(|file| Some((file.path, file.sign?))).collect();
    for other in others {
        if let Ok(metadata) = source.workspace().path(other).metadata() {
            look.push(((*other).to_owned(), Sign::of(&metadata)));
        }
    }
    look.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(look)
}

fn changes(before: &Look, after: &Look) -> Vec<Change> {
    let change = |path: &str, kind| Change { path: path.to_owned(), kind };
    let mut changes = Vec::new();
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    loop {
        match (before.peek(), after.peek()) {
            (None, None) => return changes,
            (Some((old, _)), Some((new, _))) if old == new => {
                if before.next() != after.next() {
                    changes.push(change(new, Kind::Edited));
                }
            }
            (Some((old, _)), new) if new.is_none_or(|(new, _)| old < new) => {
                changes.push(change(old, Kind::Removed));
                before.next();
            }
            (_, new) => {
                changes.extend(new.map(|(new, _)| change(new, Kind::Added)));
                after.next();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(files: &[(&str, u64)]) -> Look {
        files.iter().map(|(path, len)| ((*path).to_owned(), Sign { len: *len, ..Sign::default() })).collect()
    }

    fn told(changes: &[Change]) -> Vec<(&str, Kind)> {
        changes.iter().map(|change| (change.path.as_str(), change.kind)).collect()
    }

    #[test]
    fn changes_are_told_when_things_are_quiet() {
        let mut watch = Watch::new(look(&[("a", 1), ("b", 1), ("d", 1)]));
        assert_eq!(watch.look(look(&[("a", 1), ("b", 1), ("d", 1)])), []);
        assert_eq!(watch.look(look(&[("b", 1), ("d", 1)])), [], "a save by renaming may be half done");
        let after = look(&[("a", 2), ("c", 1), ("d", 1), ("e", 1)]);
        assert_eq!(watch.look(after.clone()), []);
        let changes = watch.look(after.clone());
        let all = [("a", Kind::Edited), ("b", Kind::Removed), ("c", Kind::Added), ("e", Kind::Added)];
        assert_eq!(told(&changes), all);
        assert_eq!(watch.look(after), []);
    }

    #[test]
    fn what_comes_and_goes_is_no_change() {
        let mut watch = Watch::new(look(&[("a", 1)]));
        assert_eq!(watch.look(look(&[("a", 1), ("b", 1)])), []);
        assert_eq!(watch.look(look(&[("a", 1)])), []);
        assert_eq!(watch.look(look(&[("a", 1)])), []);
    }

    #[test]
    fn a_file_that_never_rests_is_told_all_the_same() {
        let mut watch = Watch::new(look(&[("a", 0)]));
        let times = (1..=40).filter(|at| !watch.look(look(&[("a", *at)])).is_empty()).count();
        assert_eq!(times, 3);
    }
}
