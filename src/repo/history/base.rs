//! The index's main file: one line of commits and the prompts along it, laid out so that one prompt is found by a few
//! reads however large the file is.
//!
//! After a header come five piles of records: commits by position, what each of them touched, commits by id, prompts by
//! number, prompts by path and id. A pile begins with one row a record: where it is, how long, and a checksum that knows the record's place.
//! Whatever is damaged is noticed when it is read.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::git::Commit;

use super::stored::{CommitRecord, Id, TrackRecord};
use super::track::Track;

/// What was read does not fit together: the file must be made again.
#[derive(Debug)]
pub struct Damaged;

type Read<T> = Result<T, Damaged>;

#[derive(Debug)]
pub struct Base {
    bytes: Bytes,
    header: Header,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Header {
    /// What the content depends on beside the commits.
    digest: String,
    piles: [PlacedPile; 5],
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct PlacedPile {
    /// Where its rows begin, after the header.
    start: u64,
    count: u32,
}

#[derive(Debug)]
enum Bytes {
    /// With its length: files are replaced as a whole and never grow.
    File(Mutex<File>, u64),
    Memory(Vec<u8>),
}

const MAGIC: &[u8; 8] = b"palchi1\n";
const ROW: usize = 16;

#[derive(Debug, Clone, Copy)]
enum Pile {
    Commits,
    Touched,
    Ids,
    Tracks,
    Keys,
}

impl Base {
    /// The file's base, if it was made under the same digest. Nothing if there is no such file or it is of another kind.
    pub fn open(path: &Path, digest: &str) -> Read<Option<Base>> {
        let Ok(file) = File::open(path) else { return Ok(None) };
        let length = file.metadata().map_err(|_| Damaged)?.len();
        Base::read(Bytes::File(Mutex::new(file), length), digest)
    }

    fn read(bytes: Bytes, digest: &str) -> Read<Option<Base>> {
        let start = bytes.read(0, 16)?;
        if start[..8] != *MAGIC {
            return Err(Damaged);
        }
        let (length, sum) = (number(&start[8..12]), number(&start[12..16]));
        let header = bytes.read(16, length as usize)?;
        if crc32fast::hash(&header) != sum {
            return Err(Damaged);
        }
        let header: Header = decode(&header)?;
        if header.digest != digest {
            return Ok(None);
        }
        let mut base = Base { bytes, header };
        for pile in &mut base.header.piles {
            pile.start += 16 + u64::from(length);
        }
        Ok(Some(base))
    }

    pub fn of_line(digest: &str, commits: &[Commit], tracks: &[Track]) -> Base {
        let bytes = encode(digest, commits, tracks);
        let base = Base::read(Bytes::Memory(bytes), digest).ok().flatten();
        base.expect("what was just written can be read")
    }

    /// What to write to disk, where it is not from there.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.bytes {
            Bytes::Memory(bytes) => Some(bytes),
            Bytes::File(..) => None,
        }
    }

    /// Hold the whole file in memory, for those who will read most of it.
    pub fn load(&mut self) -> Read<()> {
        if let Bytes::File(file, _) = &self.bytes {
            let mut all = Vec::new();
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut all)).map_err(|_| Damaged)?;
            drop(file);
            self.bytes = Bytes::Memory(all);
        }
        Ok(())
    }

    pub fn commits(&self) -> u32 {
        self.header.piles[Pile::Commits as usize].count
    }

    pub fn tracks(&self) -> u32 {
        self.header.piles[Pile::Tracks as usize].count
    }

    pub fn commit(&self, at: u32) -> Read<CommitRecord> {
        self.record(Pile::Commits, at)
    }

    /// The prompts that a commit touched.
    pub fn touched(&self, at: u32) -> Read<Vec<u32>> {
        self.record(Pile::Touched, at)
    }

    pub fn track(&self, number: u32) -> Read<Track> {
        self.record::<TrackRecord>(Pile::Tracks, number)?.track().ok_or(Damaged)
    }

    /// The position of a commit in the line, if it is of the line.
    pub fn position(&self, id: &str) -> Read<Option<u32>> {
        let id = Id::of(id);
        let bucket: Vec<(Id, u32)> = self.bucket(Pile::Ids, id.hash())?;
        Ok(bucket.into_iter().find(|(one, _)| *one == id).map(|(_, at)| at))
    }

    /// The prompts that ever had a path or an id.
    pub fn known(&self, key: &str) -> Read<Vec<u32>> {
        let bucket: Vec<(u64, u32)> = self.bucket(Pile::Keys, hash(key))?;
        Ok(bucket.into_iter().filter(|(one, _)| *one == hash(key)).map(|(_, number)| number).collect())
    }

    fn bucket<T: DeserializeOwned>(&self, pile: Pile, hash: u64) -> Read<Vec<T>> {
        match self.header.piles[pile as usize].count {
            0 => Ok(Vec::new()),
            count => self.record(pile, (hash % u64::from(count)) as u32),
        }
    }

    fn record<T: DeserializeOwned>(&self, pile: Pile, at: u32) -> Read<T> {
        let placed = self.header.piles[pile as usize];
        if at >= placed.count {
            return Err(Damaged);
        }
        let row = self.bytes.read(placed.start + u64::from(at) * ROW as u64, ROW)?;
        let offset = u64::from(number(&row[..4])) | u64::from(number(&row[4..8])) << 32;
        let length = number(&row[8..12]) as usize;
        let start = placed.start + u64::from(placed.count) * ROW as u64;
        let bytes = self.bytes.read(start.checked_add(offset).ok_or(Damaged)?, length)?;
        if checksum(pile, at, &bytes) != number(&row[12..16]) {
            return Err(Damaged);
        }
        decode(&bytes)
    }
}

impl Bytes {
    fn read(&self, start: u64, length: usize) -> Read<Cow<'_, [u8]>> {
        match self {
            Bytes::Memory(bytes) => {
                let start = usize::try_from(start).map_err(|_| Damaged)?;
                let end = start.checked_add(length).ok_or(Damaged)?;
                bytes.get(start..end).map(Cow::Borrowed).ok_or(Damaged)
            }
            Bytes::File(file, all) => {
                // A damaged length must not become a large allocation.
                start.checked_add(length as u64).filter(|end| end <= all).ok_or(Damaged)?;
                let mut bytes = vec![0; length];
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut bytes)).map_err(|_| Damaged)?;
                Ok(Cow::Owned(bytes))
            }
        }
    }
}

fn encode(digest: &str, commits: &[Commit], tracks: &[Track]) -> Vec<u8> {
    let mut touched: Vec<Vec<u32>> = vec![Vec::new(); commits.len()];
    for (number, track) in tracks.iter().enumerate() {
        for step in &track.steps {
            if let Some(touched) = touched.get_mut(step.at as usize).filter(|it| it.last() != Some(&(number as u32))) {
                touched.push(number as u32);
            }
        }
    }
    let ids = commits.iter().zip(0..).map(|(commit, at)| (Id::of(&commit.id), at));
    let ids = buckets(ids.map(|(id, at): (Id, u32)| (id.hash(), (id, at))), commits.len());
    let keys = tracks.iter().zip(0..).flat_map(|(track, number): (&Track, u32)| {
        track.keys().into_iter().map(move |key| (hash(key), (hash(key), number))).collect::<Vec<_>>()
    });
    let keys = buckets(keys, 2 * tracks.len());
    let piles = [
        piled(Pile::Commits, commits.iter().map(CommitRecord::of)),
        piled(Pile::Touched, touched),
        piled(Pile::Ids, ids),
        piled(Pile::Tracks, tracks.iter().map(TrackRecord::of)),
        piled(Pile::Keys, keys),
    ];
    let mut start = 0;
    let place = |(count, bytes): &(u32, Vec<u8>)| {
        start += bytes.len() as u64;
        PlacedPile { start: start - bytes.len() as u64, count: *count }
    };
    let places: Vec<PlacedPile> = piles.iter().map(place).collect();
    let header = Header { digest: digest.to_owned(), piles: [places[0], places[1], places[2], places[3], places[4]] };
    let header = to_bytes(&header);
    let mut out = MAGIC.to_vec();
    out.extend((header.len() as u32).to_le_bytes());
    out.extend(crc32fast::hash(&header).to_le_bytes());
    out.extend(header);
    piles.into_iter().for_each(|(_, bytes)| out.extend(bytes));
    out
}

fn buckets<T>(items: impl Iterator<Item = (u64, T)>, expected: usize) -> Vec<Vec<T>> {
    let count = (expected / 8).max(1);
    let mut buckets: Vec<Vec<T>> = std::iter::repeat_with(Vec::new).take(count).collect();
    for (hash, item) in items {
        buckets[(hash % count as u64) as usize].push(item);
    }
    buckets
}

fn piled<T: Serialize>(pile: Pile, records: impl IntoIterator<Item = T>) -> (u32, Vec<u8>) {
    let (mut rows, mut data) = (Vec::new(), Vec::new());
    let mut count = 0;
    for record in records {
        let bytes = to_bytes(&record);
        rows.extend((data.len() as u64).to_le_bytes());
        rows.extend((bytes.len() as u32).to_le_bytes());
        rows.extend(checksum(pile, count, &bytes).to_le_bytes());
        data.extend(bytes);
        count += 1;
    }
    rows.extend(data);
    (count, rows)
}

fn checksum(pile: Pile, at: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&[pile as u8]);
    hasher.update(&at.to_le_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

/// FNV-1a: the same everywhere and for ever.
fn hash(key: &str) -> u64 {
    key.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

pub fn to_bytes(record: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(record).expect("records are plain data")
}

pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Read<T> {
    postcard::from_bytes(bytes).map_err(|_| Damaged)
}
