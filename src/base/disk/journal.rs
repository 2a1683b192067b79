//! The journal of a batch: a small text file that says what is to be done. It is replaced as a whole, ends with a
//! checksum, and names files relative to its own folder, so that a repository may be moved before the recovery.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::change::{Change, Verb};
use super::{failed, folder, resolve, steps};
use crate::base::error::{Error, Result};
use crate::base::hash::BlobId;

const NAME: &str = "batch";
const UNFINISHED: &str = "batch.new";
const HEAD: &str = "palc batch 1\n";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// New versions are being written to temporary files. A crash here means: all old.
    Staged,
    /// A crash from here on means: all new.
    Committed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) state: State,
    /// Folders that the batch makes, outermost first.
    pub(super) folders: Vec<PathBuf>,
    pub(super) changes: Vec<Change>,
    /// Below this folder, folders that the batch leaves empty are removed.
    pub(super) prune: Option<PathBuf>,
}

pub(super) fn stands(home: &Path) -> bool {
    home.join(NAME).exists()
}

/// Whether there is a journal, or what a crash left of one.
pub(super) fn left(home: &Path) -> bool {
    stands(home) || home.join(UNFINISHED).exists()
}

/// The journal that stands in a folder. One that is torn was never committed: nothing was done yet.
pub(super) fn load(home: &Path) -> Result<Option<Journal>> {
    let path = home.join(NAME);
    match fs::read(&path) {
        Ok(bytes) if bytes.starts_with(b"palc batch ") && !bytes.starts_with(HEAD.as_bytes()) => {
            Err(Error::storage(format!("{} is from a newer palc", path.display()))
                .hint("run that palc once, so that it finishes its work"))
        }
        Ok(bytes) => Ok(parse(&bytes, &resolve::real(home).map_err(|error| failed("resolve", home, error))?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", &path, error)),
    }
}

/// Put the journal in place. A committed one is durable when this returns.
pub(super) fn save(journal: &Journal, home: &Path) -> Result<()> {
    let path = home.join(NAME);
    let text = print(journal, &resolve::real(home).map_err(|error| failed("resolve", home, error))?)?;
    try_save(&path, text.as_bytes(), journal.state).map_err(|error| failed("write", &path, error))
}

pub(super) fn clear(home: &Path) -> Result<()> {
    let path = home.join(NAME);
    let cleared = unlink(&home.join(UNFINISHED)).and_then(|()| unlink(&path)).and_then(|()| steps::sync_folder(home));
    cleared.map_err(|error| failed("remove", &path, error))
}

fn unlink(path: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    steps::unlink(path).or_else(|_| steps::unlink(path))
}

/// The caller holds the batch lock, so one temporary name is enough.
fn try_save(path: &Path, bytes: &[u8], state: State) -> io::Result<()> {
    let temporary = path.with_file_name(UNFINISHED);
    unlink(&temporary)?;
    write_journal(&temporary, path, bytes, state).inspect_err(|_| {
        let _ = unlink(&temporary);
    })
}

fn write_journal(temporary: &Path, path: &Path, bytes: &[u8], state: State) -> io::Result<()> {
    let file = steps::create(temporary, 0o666)?;
    steps::write(&file, temporary, bytes)?;
    if state == State::Committed {
        steps::sync(&file, temporary)?;
    }
    steps::rename(temporary, path)?;
    if state == State::Committed {
        steps::sync_folder(folder::of(path))?;
    }
    Ok(())
}

fn print(journal: &Journal, home: &Path) -> Result<String> {
    let mut text = HEAD.to_owned();
    let name = |path: &Path| escape(&relative(path, home));
    let state = if journal.state == State::Staged { "staged" } else { "committed" };
    let mut line = |words: [&str; 5]| {
        let _ = writeln!(text, "{}", words.join(" ").trim_end());
    };
    line(["state", state, "", "", ""]);
    for folder in &journal.folders {
        line(["folder", &name(folder)?, "", "", ""]);
    }
    for change in &journal.changes {
        let verb = match change.verb {
            Verb::Write => "write",
            Verb::Remove => "remove",
            Verb::Rename => "rename",
        };
        line([verb, &name(&change.path)?, &name(&change.other)?, &id(change.old), &id(change.new)]);
    }
    if let Some(root) = &journal.prune {
        line(["prune", &name(root)?, "", "", ""]);
    }
    let sum = BlobId::of(text.as_bytes());
    Ok(format!("{text}end {sum}\n"))
}

fn parse(bytes: &[u8], home: &Path) -> Option<Journal> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (body, sum) = text.strip_suffix('\n')?.rsplit_once("end ")?;
    if BlobId::of(body.as_bytes()).to_string() != sum {
        return None;
    }
    let mut journal = Journal { state: State::Staged, folders: Vec::new(), changes: Vec::new(), prune: None };
    for line in body.strip_prefix(HEAD)?.lines().filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split(' ').collect();
        let path = |word: &str| Some(plain(&home.join(unescape(word)?)));
        match words[..] {
            ["state", state] => journal.state = if state == "committed" { State::Committed } else { State::Staged },
            ["folder", folder] => journal.folders.push(path(folder)?),
            ["prune", root] => journal.prune = Some(path(root)?),
            [verb, from, other, old, new] => journal.changes.push(Change {
                verb: match verb {
                    "write" => Verb::Write,
                    "remove" => Verb::Remove,
                    "rename" => Verb::Rename,
                    _ => return None,
                },
                path: path(from)?,
                other: path(other)?,
                old: parse_id(old)?,
                new: parse_id(new)?,
            }),
            _ => return None,
        }
    }
    Some(journal)
}

/// The way from a folder to a path; both are absolute and without links.
fn relative(path: &Path, home: &Path) -> PathBuf {
    let common = path.components().zip(home.components()).take_while(|(one, other)| one == other).count();
    if common == 0 {
        return path.to_path_buf();
    }
    let up = home.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

/// Without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            component => plain.push(component),
        }
    }
    plain
}

fn id(id: Option<BlobId>) -> String {
    id.map_or_else(|| "-".to_owned(), |id| id.to_string())
}

fn parse_id(word: &str) -> Option<Option<BlobId>> {
    if word == "-" {
        return Some(None);
    }
    let mut id = [0; 20];
    if word.len() != 40 {
        return None;
    }
    for (byte, digits) in id.iter_mut().zip(word.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(Some(BlobId(id)))
}

/// A path as one word of visible ASCII.
pub(super) fn escape(path: &Path) -> Result<String> {
    let mut word = String::new();
    for byte in bytes_of(path)? {
        match byte {
            b'!'..=b'~' if byte != b'%' => word.push(char::from(byte)),
            _ => {
                let _ = write!(word, "%{byte:02x}");
            }
        }
    }
    Ok(word)
}

pub(super) fn unescape(word: &str) -> Option<PathBuf> {
    let mut bytes = Vec::new();
    let mut rest = word.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    path_of(bytes)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems cannot name every path")]
fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt as _;
    Ok(path.as_os_str().as_bytes().to_vec())
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems cannot hold every name")]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let name = path.to_str().ok_or_else(|| Error::storage(format!("{} is not Unicode", path.display())))?;
    Ok(name.as_bytes().to_vec())
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_saved_is_loaded_and_a_torn_one_is_none() {
        let home = Path::new("/repo/.git/palc");
        let change = Change {
            verb: Verb::Write,
            path: "/repo/prompts/a b%\u{e9}.md".into(),
            other: path_of(b"/repo/prompts/.palc-tmp-\xff".to_vec()).expect("a path"),
            old: None,
            new: Some(BlobId::of(b"x")),
        };
        let folders = vec!["/repo/prompts".into()];
        let prune = Some("/repo".into());
        let journal = Journal { state: State::Committed, folders, changes: vec![change], prune };
        let text = print(&journal, home).expect("printed");
        assert_eq!(parse(text.as_bytes(), home), Some(journal));
        for len in 0..text.len() {
            assert_eq!(parse(&text.as_bytes()[..len], home), None);
        }
        let elsewhere = parse(text.as_bytes(), Path::new("/moved/here/.git/palc")).expect("whole");
        assert_eq!(elsewhere.folders, [Path::new("/moved/here/prompts")]);
    }
}
