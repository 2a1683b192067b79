//! The index in the derived folder: the base, a few commits beside it, and how both are brought up to date.
//!
//! `base` holds one line of commits. A tip that is not on that line is reached by a tail: the commits from the line to
//! the tip. What these did is kept in `recent`, so that a branch or a new commit costs only its own diff. A long tail
//! of HEAD becomes part of a new base. Files are replaced as a whole under a lock, so readers need none.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::Duration;

use crate::base::disk::{self, Lock};
use crate::base::hash::sha256;
use crate::base::{Error, Result};
use crate::git::{Commit, Git};
use crate::repo::{Layout, Workspace};

use super::base::{Base, Damaged, decode, to_bytes};
use super::gather::gather;
use super::stored::{LineRecord, VERSION};
use super::track::{Growth, LineCommit, Track};

/// A longer tail of HEAD becomes part of the base; so does one that touched so many prompts.
const LONG_TAIL: usize = if cfg!(test) { 4 } else { 512 };
const MANY_FACTS: usize = 8192;
/// Commits beside the base that are kept.
const KEPT: usize = 4096;

/// A line of commits: the base up to a position, and the tail from there.
#[derive(Debug)]
pub struct Index {
    pub base: Base,
    /// How many commits of the base belong to the line.
    pub shared: u32,
    pub tail: Vec<Commit>,
    /// The prompts that the tail touched, as they are at its end.
    pub growth: Growth,
}

/// What the answer depends on, and where it is kept.
struct Place<'w> {
    git: &'w Git,
    layout: &'w Layout,
    digest: String,
    folder: PathBuf,
}

impl Index {
    pub fn exists(workspace: &Workspace) -> bool {
        workspace.derived().is_some_and(|folder| folder.join("history/base").exists())
    }

    /// The line that ends in a commit, from the index as far as it goes.
    pub fn open(workspace: &Workspace, git: &Git, tip: &str) -> Result<Index> {
        let place = Place::of(workspace, git)?;
        let is_head = git.reader().commit_id("HEAD").is_ok_and(|head| head == tip);
        let Some(base) = place.base() else { return place.first_pass(tip) };
        match place.extended(base, tip, is_head) {
            Ok(index) => Ok(index),
            Err(Trouble::Damaged) => {
                place.set_aside();
                place.first_pass(tip)
            }
            Err(Trouble::Error(error)) => Err(error),
        }
    }

    /// Make it again from git, after damage was found in it.
    pub fn again(workspace: &Workspace, git: &Git, tip: &str) -> Result<Index> {
        let place = Place::of(workspace, git)?;
        place.set_aside();
        place.first_pass(tip)
    }

    fn whole(base: Base) -> Index {
        Index { shared: base.commits(), growth: Growth::after(base.tracks()), tail: Vec::new(), base }
    }
}

enum Trouble {
    Damaged,
    Error(Error),
}

impl From<Damaged> for Trouble {
    fn from(_: Damaged) -> Self {
        Trouble::Damaged
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Error(error)
    }
}

impl<'w> Place<'w> {
    fn of(workspace: &'w Workspace, git: &'w Git) -> Result<Place<'w>> {
        let folder = workspace.derived().ok_or_else(|| Error::bug("a history without a derived folder"))?;
        let layout = workspace.layout();
        let depends = format!("{VERSION}\n{}\n{}\n{}", env!("CARGO_PKG_VERSION"), layout.described(), git.ancestry());
        Ok(Place { git, layout, digest: sha256(depends.as_bytes()), folder: folder.join("history") })
    }

    fn base(&self) -> Option<Base> {
        match Base::open(&self.folder.join("base"), &self.digest) {
            Ok(base) => base,
            Err(Damaged) => {
                self.set_aside();
                None
            }
        }
    }

    /// A damaged index is kept for whoever wants to know why, and never read again.
    fn set_aside(&self) {
        tracing::warn!(folder = %self.folder.display(), "the history index is damaged and is made again");
        for name in ["base", "recent"] {
            let path = self.folder.join(name);
            if let Ok(bytes) = std::fs::read(&path) {
                self.keep(&format!("{name}.damaged"), &bytes);
                let _ = disk::remove(&path, disk::Expect::Whatever);
            }
        }
    }

    /// Everything from git. If another palc is at it, its result is waited for.
    fn first_pass(&self, tip: &str) -> Result<Index> {
        let _lock = Lock::take(&self.folder.join("lock")).ok();
        if let Some(base) = self.base()
            && let Ok(index) = self.extended(base, tip, false)
        {
            return Ok(index);
        }
        let line = gather(self.git, self.layout, tip, None)?;
        let mut growth = Growth::default();
        for (one, at) in line.iter().zip(0..) {
            growth.grow(at, one);
        }
        let commits: Vec<Commit> = line.into_iter().map(|one| one.commit).collect();
        let base = Base::of_line(&self.digest, &commits, &growth.into_tracks());
        self.keep("base", base.bytes().unwrap_or_default());
        Ok(Index::whole(base))
    }

    /// The base with the tail that leads to a commit.
    fn extended(&self, base: Base, tip: &str, is_head: bool) -> Result<Index, Trouble> {
        if let Some(at) = base.position(tip)? {
            return Ok(Index { shared: at + 1, ..Index::whole(base) });
        }
        let (tail, shared) = self.tail(&base, tip)?;
        let facts: usize = tail.iter().map(|one| one.facts.len()).sum();
        let (mut base, long) = (base, tail.len() > LONG_TAIL || facts > MANY_FACTS);
        if long {
            base.load()?;
        }
        let mut growth = Growth::after(base.tracks());
        for (one, at) in tail.iter().zip(shared..) {
            for key in Growth::keys(one) {
                recall(&mut growth, &base, shared, key)?;
            }
            growth.grow(at, one);
        }
        let tail: Vec<Commit> = tail.into_iter().map(|one| one.commit).collect();
        let index = Index { base, shared, tail, growth };
        if long && is_head { Ok(self.merged(index)?) } else { Ok(index) }
    }

    /// The commits between the base and a tip, with what they did; and how many of the base come before them.
    fn tail(&self, base: &Base, tip: &str) -> Result<(Vec<LineCommit>, u32), Trouble> {
        let reader = self.git.reader();
        let mut recent = self.recent();
        let (mut ids, mut next, mut shared) = (Vec::new(), Some(tip.to_owned()), 0);
        while let Some(id) = next {
            if let Some(at) = base.position(&id)? {
                shared = at + 1;
                break;
            }
            let commit = match recent.get(&id) {
                Some(known) => known.commit.clone(),
                None => reader.commit(&id)?,
            };
            next = commit.parents.first().cloned();
            ids.push(id);
        }
        // Commits are learned from the newest one below which all are known.
        let known = ids.iter().rposition(|id| !recent.contains_key(id)).map_or(0, |oldest| oldest + 1);
        let mut fresh = Vec::new();
        if known > 0 {
            let below = match ids.get(known) {
                Some(id) => Some(id.clone()),
                None => last_of(base, shared)?,
            };
            fresh = gather(self.git, self.layout, tip, below.as_deref())?;
        }
        let mut tail: Vec<LineCommit> = ids[known..].iter().rev().filter_map(|id| recent.remove(id)).collect();
        if !fresh.is_empty() {
            self.keep_recent(base, recent, tail.iter().chain(&fresh))?;
        }
        tail.extend(fresh);
        Ok((tail, shared))
    }

    /// The line becomes the base.
    fn merged(&self, index: Index) -> Result<Index, Damaged> {
        let Index { base, shared, tail, growth } = index;
        let mut commits = Vec::with_capacity(shared as usize + tail.len());
        for at in 0..shared {
            commits.push(base.commit(at)?.commit());
        }
        commits.extend(tail);
        let mut grown = growth.tracks;
        let mut tracks = Vec::new();
        let count = grown.keys().max().map_or(0, |last| last + 1).max(base.tracks());
        for number in 0..count {
            let track = match grown.remove(&number) {
                Some(track) => Some(track),
                None if number < base.tracks() && shared > 0 => base.track(number)?.until(shared - 1),
                None => None,
            };
            tracks.extend(track);
        }
        let base = Base::of_line(&self.digest, &commits, &tracks);
        if let Ok(_lock) = Lock::take_within(&self.folder.join("lock"), Duration::from_secs(1)) {
            self.keep("base", base.bytes().unwrap_or_default());
        }
        Ok(Index::whole(base))
    }

    fn recent(&self) -> HashMap<String, LineCommit> {
        let read = || {
            let bytes = std::fs::read(self.folder.join("recent")).ok()?;
            let (sum, rest) = bytes.split_at_checked(4)?;
            let digest = rest.get(..self.digest.len())?;
            if crc32fast::hash(rest).to_le_bytes() != *sum || digest != self.digest.as_bytes() {
                return None;
            }
            decode::<Vec<LineRecord>>(&rest[digest.len()..]).ok()
        };
        let known = read().unwrap_or_default().into_iter().map(LineRecord::line_commit);
        known.map(|one| (one.commit.id.clone(), one)).collect()
    }

    /// What this run needed is kept, and of the rest what fits and is not in the base.
    fn keep_recent<'l>(
        &self,
        base: &Base,
        others: HashMap<String, LineCommit>,
        needed: impl Iterator<Item = &'l LineCommit>,
    ) -> Result<(), Damaged> {
        let mut records: Vec<LineRecord> = needed.map(LineRecord::of).collect();
        let mut others: Vec<LineCommit> = others.into_values().collect();
        others.sort_by(|a, b| (b.commit.committed, &b.commit.id).cmp(&(a.commit.committed, &a.commit.id)));
        for other in others {
            if records.len() >= KEPT {
                break;
            }
            if base.position(&other.commit.id)?.is_none() {
                records.push(LineRecord::of(&other));
            }
        }
        let mut rest = self.digest.clone().into_bytes();
        rest.extend(to_bytes(&records));
        let mut bytes = crc32fast::hash(&rest).to_le_bytes().to_vec();
        bytes.extend(rest);
        // Another palc that keeps its own first is no harm: what is lost is learned again.
        if let Ok(_lock) = Lock::take_within(&self.folder.join("lock"), Duration::from_millis(200)) {
            self.keep("recent", &bytes);
        }
        Ok(())
    }

    /// All of this can be worked out again, so a failure to keep it is no failure.
    fn keep(&self, name: &str, bytes: &[u8]) {
        if let Err(error) = disk::write_derived(&self.folder.join(name), bytes) {
            tracing::warn!(file = name, %error, "the history index was not kept");
        }
    }
}

/// The base's last commit before a tail.
fn last_of(base: &Base, shared: u32) -> Result<Option<String>, Damaged> {
    match shared.checked_sub(1) {
        Some(at) => Ok(Some(base.commit(at)?.id.hex())),
        None => Ok(None),
    }
}

/// Put the prompts that ever had a path or an id, as they were at the end of the base's part, where a tail can grow them.
fn recall(growth: &mut Growth, base: &Base, shared: u32, key: &str) -> Result<(), Damaged> {
    let Some(at) = shared.checked_sub(1) else { return Ok(()) };
    for number in base.known(key)? {
        if growth.tracks.contains_key(&number) {
            continue;
        }
        if let Some(track) = base.track(number)?.until(at) {
            growth.recall(number, track);
        }
    }
    Ok(())
}

impl Index {
    /// The prompts that ever had a path or an id, as they are at the line's end, by number.
    pub fn known(&self, key: &str) -> Result<Vec<(u32, Track)>, Damaged> {
        let mut numbers: HashSet<u32> = self.base.known(key)?.into_iter().collect();
        numbers.extend(self.growth.known(key));
        let mut found = Vec::new();
        for number in numbers {
            found.extend(self.track(number)?.map(|track| (number, track)));
        }
        found.retain(|(_, track)| track.keys().contains(key));
        found.sort_by_key(|(number, _)| *number);
        Ok(found)
    }

    /// A prompt as it is at the line's end; nothing if it came later.
    pub fn track(&self, number: u32) -> Result<Option<Track>, Damaged> {
        if let Some(track) = self.growth.tracks.get(&number) {
            return Ok(Some(track.clone()));
        }
        match self.shared.checked_sub(1) {
            Some(at) if number < self.base.tracks() => Ok(self.base.track(number)?.until(at)),
            _ => Ok(None),
        }
    }

    /// How many numbers prompts may have.
    pub fn count(&self) -> u32 {
        self.growth.count().max(self.base.tracks())
    }

    pub fn length(&self) -> u32 {
        self.shared + self.tail.len() as u32
    }

    pub fn commit(&self, at: u32) -> Result<Commit, Damaged> {
        match at.checked_sub(self.shared) {
            Some(beyond) => self.tail.get(beyond as usize).cloned().ok_or(Damaged),
            None => Ok(self.base.commit(at)?.commit()),
        }
    }

    /// The prompts that a commit touched.
    pub fn touched(&self, at: u32) -> Result<Vec<u32>, Damaged> {
        if at < self.shared {
            return self.base.touched(at);
        }
        let touched = |track: &Track| track.steps.iter().rev().any(|step| step.at == at);
        Ok(self.growth.tracks.iter().filter(|(_, track)| touched(track)).map(|(number, _)| *number).collect())
    }

    pub fn position(&self, id: &str) -> Result<Option<u32>, Damaged> {
        if let Some(at) = self.tail.iter().position(|commit| commit.id == id) {
            return Ok(Some(self.shared + at as u32));
        }
        Ok(self.base.position(id)?.filter(|at| *at < self.shared))
    }
}
