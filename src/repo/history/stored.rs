//! The index's own copies of commits, facts and tracks: ids as bytes, each path once.

use serde::{Deserialize, Serialize};

use crate::git::{Commit, Time};

use super::fact::{Deed, Fact};
use super::track::{Kind, LineCommit, Step, Track};

/// Changes whenever the same history would be told otherwise.
pub const VERSION: u32 = 2;

/// An object id as bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Id(Vec<u8>);

impl Id {
    pub fn of(hex: &str) -> Id {
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
        Id(hex.as_bytes().chunks(2).map(|pair| pair.iter().fold(0, |sum, byte| (sum << 4) | digit(*byte))).collect())
    }

    pub fn hex(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = String::with_capacity(2 * self.0.len());
        for byte in &self.0 {
            hex.push(DIGITS[usize::from(byte >> 4)].into());
            hex.push(DIGITS[usize::from(byte & 15)].into());
        }
        hex
    }

    /// Object ids are random, so their beginning is hash enough.
    pub fn hash(&self) -> u64 {
        self.0.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub struct CommitRecord {
    pub id: Id,
    parents: Vec<Id>,
    tree: Id,
    author: String,
    email: String,
    seconds: i64,
    offset: i32,
    committed: i64,
    subject: String,
}

impl CommitRecord {
    pub fn of(commit: &Commit) -> CommitRecord {
        CommitRecord {
            id: Id::of(&commit.id),
            parents: commit.parents.iter().map(|id| Id::of(id)).collect(),
            tree: Id::of(&commit.tree),
            author: commit.author.clone(),
            email: commit.email.clone(),
            seconds: commit.time.seconds,
            offset: commit.time.offset,
            committed: commit.committed,
            subject: commit.subject.clone(),
        }
    }

    pub fn commit(self) -> Commit {
        Commit {
            id: self.id.hex(),
            parents: self.parents.iter().map(Id::hex).collect(),
            tree: self.tree.hex(),
            author: self.author,
            email: self.email,
            time: Time { seconds: self.seconds, offset: self.offset },
            committed: self.committed,
            subject: self.subject,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub struct TrackRecord {
    words: Vec<String>,
    steps: Vec<StepRecord>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StepRecord {
    at: u32,
    kind: u8,
    path: u32,
    blob: Id,
    /// One more than its place among the words; 0 for none.
    id: u32,
    number: u32,
    via: Vec<CommitRecord>,
}

const KINDS: [Kind; 5] = [Kind::Created, Kind::Changed, Kind::Moved, Kind::Removed, Kind::Restored];

impl TrackRecord {
    pub fn of(track: &Track) -> TrackRecord {
        let mut words: Vec<String> = Vec::new();
        let mut word = |text: &str| {
            let known = words.iter().rposition(|word| word == text);
            known.unwrap_or_else(|| {
                words.push(text.to_owned());
                words.len() - 1
            }) as u32
        };
        let steps = track.steps.iter().map(|step| StepRecord {
            at: step.at,
            kind: KINDS.iter().position(|kind| *kind == step.kind).unwrap_or(0) as u8,
            path: word(&step.path),
            blob: Id::of(&step.blob),
            id: step.id.as_deref().map_or(0, |id| word(id) + 1),
            number: step.number,
            via: step.via.iter().map(CommitRecord::of).collect(),
        });
        let steps = steps.collect();
        TrackRecord { words, steps }
    }

    /// Nothing if it does not fit together.
    pub fn track(self) -> Option<Track> {
        let TrackRecord { words, steps } = self;
        let word = |at: u32| words.get(at as usize).cloned();
        let step = |step: StepRecord| {
            Some(Step {
                at: step.at,
                kind: *KINDS.get(usize::from(step.kind))?,
                path: word(step.path)?,
                blob: step.blob.hex(),
                id: if step.id == 0 { None } else { Some(word(step.id - 1)?) },
                number: step.number,
                via: step.via.into_iter().map(CommitRecord::commit).collect(),
            })
        };
        Some(Track { steps: steps.into_iter().map(step).collect::<Option<_>>()? })
    }
}

/// A commit of a line that is not in the base.
#[derive(Debug, Serialize, Deserialize)]
pub struct LineRecord {
    commit: CommitRecord,
    facts: Vec<FactRecord>,
    sides: Vec<(CommitRecord, Vec<FactRecord>)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FactRecord {
    deed: u8,
    from: String,
    path: String,
    blob: Id,
    id: Option<String>,
}

impl LineRecord {
    pub fn of(one: &LineCommit) -> LineRecord {
        let facts = |facts: &[Fact]| facts.iter().map(FactRecord::of).collect();
        let side = |(commit, told): &(Commit, Vec<Fact>)| (CommitRecord::of(commit), facts(told));
        LineRecord {
            commit: CommitRecord::of(&one.commit),
            facts: facts(&one.facts),
            sides: one.sides.iter().map(side).collect(),
        }
    }

    pub fn line_commit(self) -> LineCommit {
        let facts = |facts: Vec<FactRecord>| facts.into_iter().map(FactRecord::fact).collect();
        let side = |(commit, told): (CommitRecord, Vec<FactRecord>)| (commit.commit(), facts(told));
        LineCommit {
            commit: self.commit.commit(),
            facts: facts(self.facts),
            sides: self.sides.into_iter().map(side).collect(),
        }
    }
}

impl FactRecord {
    fn of(fact: &Fact) -> FactRecord {
        let (deed, from) = match &fact.deed {
            Deed::Added => (0, ""),
            Deed::Removed => (1, ""),
            Deed::Changed => (2, ""),
            Deed::Moved(from) => (3, from.as_str()),
        };
        let (from, path) = (from.to_owned(), fact.path.clone());
        FactRecord { deed, from, path, blob: Id::of(&fact.blob), id: fact.id.clone() }
    }

    fn fact(self) -> Fact {
        let deed = match self.deed {
            0 => Deed::Added,
            1 => Deed::Removed,
            2 => Deed::Changed,
            _ => Deed::Moved(self.from),
        };
        Fact { deed, path: self.path, blob: self.blob.hex(), id: self.id }
    }
}
