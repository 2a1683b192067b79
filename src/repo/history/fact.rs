//! What one commit did to prompts, told by its diff alone: which prompts came, went, changed and moved.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::similar::Lines;

/// One prompt's part in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub deed: Deed,
    /// Where the prompt is afterwards; where it was, for one that is gone.
    pub path: String,
    /// Its content afterwards. Nothing for one that is gone.
    pub blob: String,
    pub id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    Added,
    Removed,
    Changed,
    /// From another path, perhaps changed on the way.
    Moved(String),
}

/// A file on one side of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub path: String,
    pub blob: String,
    pub id: Option<String>,
}

/// A path of a commit's diff, with the file before and after.
pub type Pair = (Option<File>, Option<File>);

/// Git compares no more pairs than this to find renames of changed files.
const MOST_PAIRS: usize = 1_000_000;

/// Work out who moved where. An id says it for certain; without one on both sides, the same content does, and failing
/// that content of which more than half is the same. `read` gives a blob's bytes.
pub fn facts<E>(pairs: Vec<Pair>, read: impl FnMut(&str) -> Result<Vec<u8>, E>) -> Result<Vec<Fact>, E> {
    let mut facts = Vec::new();
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for pair in pairs {
        match pair {
            (Some(before), Some(after)) if differ(&before, &after) => {
                gone.push(before);
                come.push(after);
            }
            (Some(_), Some(after)) => facts.push(Fact::of(Deed::Changed, after)),
            (before, after) => {
                gone.extend(before);
                come.extend(after);
            }
        }
    }
    let mut matching = Matching::new(gone, come);
    matching.by_id();
    matching.by_content();
    matching.by_likeness(read)?;
    matching.told(&mut facts);
    facts.sort_by(|a, b| (&a.path, a.deed != Deed::Removed).cmp(&(&b.path, b.deed != Deed::Removed)));
    Ok(facts)
}

/// Two prompts, since both have an id, and not the same one.
fn differ(before: &File, after: &File) -> bool {
    matches!((&before.id, &after.id), (Some(before), Some(after)) if before != after)
}

impl Fact {
    fn of(deed: Deed, file: File) -> Fact {
        Fact { deed, path: file.path, blob: file.blob, id: file.id }
    }
}

/// Files that are gone and files that have come, and who of them is the same prompt.
struct Matching {
    gone: Vec<File>,
    come: Vec<File>,
    /// For each that has come, the one that it was.
    was: Vec<Option<usize>>,
    free: HashSet<usize>,
}

impl Matching {
    fn new(gone: Vec<File>, come: Vec<File>) -> Matching {
        let (was, free) = (vec![None; come.len()], (0..gone.len()).collect());
        Matching { gone, come, was, free }
    }

    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.come.len()).filter(|&at| self.was[at].is_none())
    }

    fn take(&mut self, gone: usize, come: usize) {
        if self.was[come].is_none() && self.free.remove(&gone) {
            self.was[come] = Some(gone);
        }
    }

    fn by_id(&mut self) {
        let mut known: HashMap<&str, usize> = HashMap::new();
        for (at, file) in self.gone.iter().enumerate() {
            if let Some(id) = &file.id {
                known.entry(id).or_insert(at);
            }
        }
        let found: Vec<(usize, usize)> =
            self.open().filter_map(|at| Some((*known.get(self.come[at].id.as_deref()?)?, at))).collect();
        found.into_iter().for_each(|(gone, come)| self.take(gone, come));
    }

    /// The same bytes; among several, those that kept their file's name.
    fn by_content(&mut self) {
        let mut known: HashMap<&str, Vec<usize>> = HashMap::new();
        for &at in &self.free {
            known.entry(&self.gone[at].blob).or_default().push(at);
        }
        let mut found = Vec::new();
        for at in self.open() {
            for &gone in known.get(self.come[at].blob.as_str()).into_iter().flatten() {
                found.push((self.rank(gone, at), gone, at));
            }
        }
        found.sort();
        found.into_iter().for_each(|(_, gone, come)| self.take(gone, come));
    }

    fn by_likeness<E>(&mut self, mut read: impl FnMut(&str) -> Result<Vec<u8>, E>) -> Result<(), E> {
        let open: Vec<usize> = self.open().collect();
        if open.is_empty() || self.free.is_empty() || open.len().saturating_mul(self.free.len()) > MOST_PAIRS {
            return Ok(());
        }
        let mut free: Vec<usize> = self.free.iter().copied().collect();
        free.sort_unstable();
        let gone = free.iter().map(|&at| Ok(Lines::of(&read(&self.gone[at].blob)?))).collect::<Result<Vec<_>, E>>()?;
        let mut found = Vec::new();
        for &at in &open {
            let lines = Lines::of(&read(&self.come[at].blob)?);
            for (&old, other) in free.iter().zip(&gone) {
                // Two ids that differ, or they would have met before.
                if self.gone[old].id.is_some() && self.come[at].id.is_some() {
                    continue;
                }
                if let Some(likeness) = other.likeness(&lines) {
                    found.push((Reverse(likeness), self.rank(old, at), old, at));
                }
            }
        }
        found.sort();
        found.into_iter().for_each(|(_, _, gone, come)| self.take(gone, come));
        Ok(())
    }

    /// What decides between equals: the file's own name, then the order of paths.
    fn rank(&self, gone: usize, come: usize) -> (bool, String, String) {
        let (old, new) = (&self.gone[gone].path, &self.come[come].path);
        let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
        (name(old) != name(new), new.clone(), old.clone())
    }

    fn told(self, facts: &mut Vec<Fact>) {
        let Matching { gone, come, was, free } = self;
        for (file, was) in come.into_iter().zip(was) {
            let deed = match was.map(|at| &gone[at].path) {
                Some(path) if *path == file.path => Deed::Changed,
                Some(path) => Deed::Moved(path.clone()),
                None => Deed::Added,
            };
            facts.push(Fact::of(deed, file));
        }
        for (at, file) in gone.into_iter().enumerate() {
            if free.contains(&at) {
                facts.push(Fact::of(Deed::Removed, File { blob: String::new(), ..file }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Option<File> {
        let mut words = text.split(' ').map(str::to_owned);
        Some(File { path: words.next()?, blob: words.next()?, id: words.next() })
    }

    /// Blobs are named by their text, lines by `;`.
    fn told(pairs: Vec<Pair>) -> Vec<String> {
        let read = |blob: &str| Ok::<_, ()>(blob.replace(';', "\n").into_bytes());
        let line = |fact: Fact| match fact.deed {
            Deed::Moved(from) => format!("{from} to {}", fact.path),
            deed => format!("{deed:?} {}", fact.path).to_lowercase(),
        };
        facts(pairs, read).expect("reads").into_iter().map(line).collect()
    }

    #[test]
    fn an_id_tells_who_moved_where() {
        assert_eq!(told(vec![(file("a A x1"), None), (None, file("b B x1"))]), ["a to b"]);
        assert_eq!(told(vec![(file("a A;B x1"), None), (None, file("b A;C y2"))]), ["removed a", "added b"]);
        let swap = vec![(file("a A x1"), file("a B y2")), (file("b B y2"), file("b A x1"))];
        assert_eq!(told(swap), ["b to a", "a to b"]);
        assert_eq!(told(vec![(file("a A x1"), file("a B y2"))]), ["removed a", "added a"]);
        assert_eq!(told(vec![(file("a A"), file("a B x1"))]), ["changed a"]);
    }

    #[test]
    fn without_ids_the_content_tells() {
        let same = vec![(file("x/a A"), None), (file("x/b A"), None), (None, file("y/b A"))];
        assert_eq!(told(same), ["removed x/a", "x/b to y/b"]);
        let like = vec![(file("a one;two;three;four"), None), (None, file("b one;two;three;five x1"))];
        assert_eq!(told(like), ["a to b"]);
        assert_eq!(told(vec![(file("a one;two"), None), (None, file("b three;four"))]), ["removed a", "added b"]);
    }
}
