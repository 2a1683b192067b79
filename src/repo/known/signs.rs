//! Which content each path holds, told by signs that need no reading.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::ops::Range;
use std::path::Path;

use crate::base::hash::BlobId;
use crate::base::{Result, disk};

use super::bytes::{Bytes, begin, put, seal, segments};
use super::has_room;

/// What changes when a file's content changes: size, times, inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sign {
    pub len: u64,
    /// Nanoseconds.
    pub modified: i64,
    pub changed: i64,
    pub inode: u64,
}

impl Sign {
    #[cfg(unix)]
    pub fn of(metadata: &Metadata) -> Sign {
        use std::os::unix::fs::MetadataExt as _;
        Sign {
            len: metadata.len(),
            modified: metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec(),
            changed: metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec(),
            inode: metadata.ino(),
        }
    }

    #[cfg(not(unix))]
    pub fn of(metadata: &Metadata) -> Sign {
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let modified = modified.map_or(0, |since| since.as_nanos() as i64);
        Sign { len: metadata.len(), modified, changed: 0, inode: 0 }
    }
}

/// One row: this path, with this sign, held this content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    pub path: &'a str,
    pub sign: Sign,
    pub id: BlobId,
}

/// The table as it was written: rows in the order of paths, decoded as they are passed, and the news since.
#[derive(Debug, Default)]
pub struct Signs {
    bytes: Vec<u8>,
    table: Range<usize>,
    /// When the reading behind the table began, by the file system's own clock.
    began: i64,
    news: BTreeMap<Box<str>, News>,
    whole: bool,
}

#[derive(Debug)]
struct News {
    sign: Sign,
    id: BlobId,
    began: i64,
}

/// Times of files are only so fine; a file changed that shortly before reading began may change again unseen.
const GRAIN: i64 = 20_000_000;

impl Signs {
    pub fn open(path: &Path) -> Signs {
        fs::read(path).ok().and_then(decode).unwrap_or_default()
    }

    /// For each path, in order, the content it surely still holds.
    pub fn identify<'p>(&self, files: impl Iterator<Item = (&'p str, Option<Sign>)>) -> Vec<Option<BlobId>> {
        let mut rows = rows(&self.bytes[self.table.clone()]).peekable();
        let mut news = self.news.iter().peekable();
        let look = |(path, sign): (&str, Option<Sign>)| {
            while news.next_if(|(news, _)| &***news < path).is_some() {}
            if let Some((_, news)) = news.next_if(|(news, _)| &***news == path) {
                return known(news.sign, news.began, sign).then_some(news.id);
            }
            while rows.next_if(|row| row.path < path).is_some() {}
            let row = rows.next_if(|row| row.path == path)?;
            known(row.sign, self.began, sign).then_some(row.id)
        };
        files.map(look).collect()
    }

    /// Whether so many bytes of news are worth adding, rather than writing the table anew.
    pub fn has_room(&self, bytes: usize) -> bool {
        has_room(self.whole, self.table.len(), self.bytes.len(), bytes)
    }
}

/// Whether a file that had one sign when reading began, and has another now, surely has the same content.
fn known(then: Sign, began: i64, now: Option<Sign>) -> bool {
    now == Some(then) && then.modified.max(then.changed) < began - GRAIN
}

/// The present by the file system's clock, which is the one that stamps files.
pub fn present(folder: &Path) -> Result<i64> {
    let path = folder.join("present");
    disk::write(&path, b"", disk::Expect::Whatever)?;
    Ok(fs::metadata(&path).map_or(0, |metadata| Sign::of(&metadata).modified))
}

const MAGIC: [u8; 8] = *b"palcsg2\n";

pub fn encode<'a>(rows: impl Iterator<Item = Row<'a>>, began: i64) -> Vec<u8> {
    let mut out = begin(MAGIC);
    put(&mut out, began as u64);
    for row in rows {
        put(&mut out, row.path.len() as u64);
        out.extend_from_slice(row.path.as_bytes());
        for number in [row.sign.len, row.sign.modified as u64, row.sign.changed as u64, row.sign.inode] {
            put(&mut out, number);
        }
        out.extend_from_slice(&row.id.0);
    }
    seal(out)
}

fn decode(bytes: Vec<u8>) -> Option<Signs> {
    let (parts, whole) = segments(&bytes, MAGIC);
    let (table, later) = parts.split_first()?;
    let began = |part: &Range<usize>| Some(Bytes::new(&bytes[part.clone()]).number()? as i64);
    let mut news = BTreeMap::new();
    for part in later {
        let began = began(part)?;
        let rows = rows(&bytes[part.clone()]);
        news.extend(rows.map(|Row { path, sign, id }| (path.into(), News { sign, id, began })));
    }
    Some(Signs { began: began(table)?, table: table.clone(), news, whole, bytes })
}

/// The rows of a segment.
fn rows(segment: &[u8]) -> impl Iterator<Item = Row<'_>> {
    let mut rest = Bytes::new(segment);
    let _began = rest.number();
    std::iter::from_fn(move || row(&mut rest))
}

fn row<'a>(bytes: &mut Bytes<'a>) -> Option<Row<'a>> {
    let length = bytes.number()? as usize;
    let path = std::str::from_utf8(bytes.take(length)?).ok()?;
    let mut number = || bytes.number();
    let sign = Sign { len: number()?, modified: number()? as i64, changed: number()? as i64, inode: number()? };
    Some(Row { path, sign, id: BlobId(bytes.take(20)?.try_into().ok()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(path: &str, modified: i64) -> Row<'_> {
        Row { path, sign: Sign { modified, len: 3, ..Sign::default() }, id: BlobId([7; 20]) }
    }

    #[test]
    fn a_settled_file_is_known_by_its_sign() {
        let rows = [row("a", 1), row("c", 1_000_000_000), row("d", 1)];
        let table = encode(rows.into_iter(), 1_000_000_000);
        let sign = |modified| Some(Sign { modified, len: 3, ..Sign::default() });
        let files = [("a", sign(1)), ("b", sign(1)), ("c", sign(1_000_000_000)), ("d", sign(2))];
        let known = |bytes: Vec<u8>| -> Vec<bool> {
            let table = decode(bytes).expect("decodes");
            table.identify(files.into_iter()).iter().map(Option::is_some).collect()
        };
        assert_eq!(known(table.clone()), [true, false, false, false]);
        let news = encode([row("b", 1), row("d", 2)].into_iter(), 2_000_000_000);
        let again = encode([row("c", 1_000_000_000), row("a", 7)].into_iter(), 3_000_000_000);
        assert_eq!(known([table, news, again].concat()), [false, true, true, true]);
    }
}
