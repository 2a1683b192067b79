//! A prompt along a line of commits, and how commits make it go on.
//!
//! All of this is values: no file and no git is looked at. Positions count the commits of the line from the oldest.

use std::collections::{BTreeSet, HashMap};

use crate::git::Commit;

use super::fact::{Deed, Fact};

/// A commit of the line with what it did; for a merge, with the commits that it brought in.
#[derive(Debug, Clone)]
pub struct LineCommit {
    pub commit: Commit,
    pub facts: Vec<Fact>,
    /// Newest first.
    pub sides: Vec<(Commit, Vec<Fact>)>,
}

/// One prompt, with all that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Track {
    /// Oldest first; never empty.
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The commit's position in the line.
    pub at: u32,
    pub kind: Kind,
    /// Where the prompt is afterwards, or was last.
    pub path: String,
    /// Its content afterwards, or its last.
    pub blob: String,
    /// What its front matter says afterwards, or said last.
    pub id: Option<String>,
    /// The version that this content is.
    pub number: u32,
    /// Of a merge: the commits that did it, newest first.
    pub via: Vec<Commit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Created,
    Changed,
    /// Perhaps changed, too.
    Moved,
    Removed,
    /// Back after it was removed.
    Restored,
}

impl Track {
    fn last(&self) -> Option<&Step> {
        self.steps.last()
    }

    pub fn is_live(&self) -> bool {
        self.last().is_some_and(|step| step.kind != Kind::Removed)
    }

    pub fn path(&self) -> Option<&str> {
        self.last().map(|step| step.path.as_str())
    }

    pub fn last_at(&self) -> Option<u32> {
        self.last().map(|step| step.at)
    }

    pub fn id(&self) -> Option<&str> {
        self.last().and_then(|step| step.id.as_deref())
    }

    fn died(&self) -> Option<u32> {
        self.last().filter(|step| step.kind == Kind::Removed).map(|step| step.at)
    }

    /// The track as it was after the commit at a position.
    pub fn until(mut self, at: u32) -> Option<Track> {
        self.steps.retain(|step| step.at <= at);
        (!self.steps.is_empty()).then_some(self)
    }

    /// Every path it ever had and every id it ever said.
    pub fn keys(&self) -> BTreeSet<&str> {
        self.steps.iter().flat_map(|step| [Some(step.path.as_str()), step.id.as_deref()]).flatten().collect()
    }
}

/// The prompts of a line, grown commit by commit.
#[derive(Debug, Default)]
pub struct Growth {
    pub tracks: HashMap<u32, Track>,
    next: u32,
    live: HashMap<String, u32>,
    /// The prompts that ever had a path or an id.
    known: HashMap<String, Vec<u32>>,
}

impl Growth {
    /// Grow from a line that has so many prompts already; those that commits will touch must be recalled before.
    pub fn after(next: u32) -> Growth {
        Growth { next, ..Growth::default() }
    }

    pub fn count(&self) -> u32 {
        self.next
    }

    /// Its prompts by number, where it grew from nothing.
    pub fn into_tracks(mut self) -> Vec<Track> {
        (0..self.next).filter_map(|number| self.tracks.remove(&number)).collect()
    }

    /// The prompts among those here that ever had a path or an id.
    pub fn known(&self, key: &str) -> impl Iterator<Item = u32> + '_ {
        self.known.get(key).into_iter().flatten().copied()
    }

    /// A prompt from before.
    pub fn recall(&mut self, number: u32, track: Track) {
        if self.tracks.contains_key(&number) {
            return;
        }
        for key in track.keys() {
            self.known.entry(key.to_owned()).or_default().push(number);
        }
        if let Some(step) = track.last().filter(|_| track.is_live()) {
            self.live.insert(step.path.clone(), number);
        }
        self.tracks.insert(number, track);
    }

    /// The paths and ids by which a commit can touch prompts.
    pub fn keys(commit: &LineCommit) -> impl Iterator<Item = &str> {
        commit.facts.iter().flat_map(|fact| {
            let from = if let Deed::Moved(from) = &fact.deed { Some(from.as_str()) } else { None };
            [Some(fact.path.as_str()), from, fact.id.as_deref()].into_iter().flatten()
        })
    }

    pub fn grow(&mut self, at: u32, commit: &LineCommit) {
        let sides = Sides::new(&commit.sides);
        let step = |kind, fact: &Fact, number, via| Step {
            at,
            kind,
            path: fact.path.clone(),
            blob: fact.blob.clone(),
            id: fact.id.clone(),
            number,
            via,
        };
        // Who leaves a path leaves it before anybody comes there.
        let mut movers: HashMap<&str, Option<u32>> = HashMap::new();
        for fact in &commit.facts {
            match &fact.deed {
                Deed::Removed => {
                    let Some(number) = self.live.remove(&fact.path) else { continue };
                    let via = sides.about([fact.path.as_str()], fact.id.as_deref());
                    let Some(last) = self.tracks.get(&number).and_then(Track::last) else { continue };
                    let gone = Step { at, kind: Kind::Removed, via, ..last.clone() };
                    self.push(number, gone);
                }
                Deed::Moved(from) => drop(movers.insert(from.as_str(), self.live.remove(from))),
                _ => {}
            }
        }
        for fact in &commit.facts {
            let (number, kind, from) = match &fact.deed {
                Deed::Removed => continue,
                Deed::Changed => (self.live.get(&fact.path).copied(), Kind::Changed, None),
                Deed::Moved(from) => (movers.get(from.as_str()).copied().flatten(), Kind::Moved, Some(from.as_str())),
                Deed::Added => (self.dead(fact), Kind::Restored, None),
            };
            let via = sides.about([Some(fact.path.as_str()), from].into_iter().flatten(), fact.id.as_deref());
            let last = number.and_then(|number| Some((number, self.tracks.get(&number)?.last()?)));
            let (number, step) = match last {
                Some((number, last)) => {
                    let same = last.blob == fact.blob && kind != Kind::Restored;
                    (number, step(kind, fact, last.number + u32::from(!same), via))
                }
                None => {
                    self.next += 1;
                    (self.next - 1, step(Kind::Created, fact, 1, via))
                }
            };
            self.live.insert(fact.path.clone(), number);
            self.push(number, step);
        }
    }

    fn push(&mut self, number: u32, step: Step) {
        for key in [Some(&step.path), step.id.as_ref()].into_iter().flatten() {
            match self.known.get_mut(key) {
                Some(numbers) if numbers.contains(&number) => {}
                Some(numbers) => numbers.push(number),
                None => drop(self.known.insert(key.clone(), vec![number])),
            }
        }
        self.tracks.entry(number).or_default().steps.push(step);
    }

    /// The removed prompt that an added file is again: the one with its id, unless that id is in use; or the last one
    /// at its path, unless both have ids and not the same.
    fn dead(&self, fact: &Fact) -> Option<u32> {
        let known = |key: &str| {
            let numbers = self.known.get(key).into_iter().flatten();
            numbers.filter_map(|&number| Some((number, self.tracks.get(&number)?)))
        };
        let latest = |found: &mut dyn Iterator<Item = (u32, &Track)>| {
            let dead = found.filter_map(|(number, track)| Some((track.died()?, track, number)));
            let rank = |(died, track, number): &(u32, &Track, u32)| {
                let here = track.last().is_some_and(|step| step.path == fact.path);
                (*died, here, *number)
            };
            dead.max_by_key(rank).map(|(_, _, number)| number)
        };
        let by_id = fact.id.as_deref().and_then(|id| {
            let mut same = known(id).filter(|(_, track)| track.id() == Some(id));
            let in_use = same.any(|(_, track)| track.is_live());
            if in_use { None } else { latest(&mut known(id).filter(|(_, track)| track.id() == Some(id))) }
        });
        by_id.or_else(|| {
            let fits = |track: &Track| track.id().is_none() || fact.id.is_none() || track.id() == fact.id.as_deref();
            let here = |track: &Track| track.last().is_some_and(|step| step.path == fact.path);
            latest(&mut known(&fact.path).filter(|(_, track)| here(track) && fits(track)))
        })
    }
}

/// The commits that a merge brought in, by what they touched.
struct Sides<'a> {
    commits: &'a [(Commit, Vec<Fact>)],
    by_key: HashMap<&'a str, Vec<(usize, &'a Fact)>>,
}

impl<'a> Sides<'a> {
    fn new(commits: &'a [(Commit, Vec<Fact>)]) -> Sides<'a> {
        let mut by_key: HashMap<&str, Vec<(usize, &Fact)>> = HashMap::new();
        for (at, (_, facts)) in commits.iter().enumerate() {
            for fact in facts {
                for key in [Some(fact.path.as_str()), fact.id.as_deref()].into_iter().flatten() {
                    by_key.entry(key).or_default().push((at, fact));
                }
            }
        }
        Sides { commits, by_key }
    }

    /// The commits that touched a prompt under any of these paths or under its id, through their renames.
    fn about(&self, paths: impl IntoIterator<Item = &'a str>, id: Option<&'a str>) -> Vec<Commit> {
        if self.commits.is_empty() {
            return Vec::new();
        }
        let mut found = BTreeSet::new();
        let mut keys: Vec<&str> = paths.into_iter().chain(id).collect();
        let mut told: BTreeSet<&str> = keys.iter().copied().collect();
        while let Some(key) = keys.pop() {
            for (at, fact) in self.by_key.get(key).into_iter().flatten() {
                if matches!((&fact.id, id), (Some(one), Some(other)) if one != other) {
                    continue;
                }
                found.insert(*at);
                let from = if let Deed::Moved(from) = &fact.deed { Some(from.as_str()) } else { None };
                keys.extend([Some(fact.path.as_str()), from].into_iter().flatten().filter(|key| told.insert(key)));
            }
        }
        found.into_iter().map(|at| self.commits[at].0.clone()).collect()
    }
}
