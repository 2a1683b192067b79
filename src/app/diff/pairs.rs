//! Which prompts differ between two states, and which of them are the same prompt under another name.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::{Error, Result};
use crate::format::{Dialect, Document, naming, prompt};
use crate::git::{Delta, Git, Reader, Standing, Unstaged};
use crate::model::Name;
use crate::repo::Workspace;

use super::range::Range;
use super::renames::renamed;

/// A prompt file in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub name: Name,
    pub path: String,
    /// Its blob in hex; none for a file of the work tree.
    pub blob: Option<String>,
    pub bytes: Vec<u8>,
    /// The id in its front matter.
    pub id: Option<String>,
}

/// A prompt that differs. One side may be missing, never both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub before: Option<Version>,
    pub after: Option<Version>,
}

/// A file's content in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Blob(String),
    /// What the last commit has at this path, if anything.
    Committed,
    Worktree,
}

type Both = (Option<Content>, Option<Content>);
type Contents = BTreeMap<String, Both>;

/// Every prompt that differs, in the order of their paths; renames are one pair.
pub fn pairs(workspace: &Workspace, git: &Git, range: &Range) -> Result<Vec<Pair>> {
    let wanted = |path: &str| subject(workspace, path).is_some();
    let contents = match range {
        Range::Revisions { before, after } => {
            of_deltas(git.reader().deltas(before.as_deref(), after, &wanted)?).collect()
        }
        Range::Worktree { since } => since_then(workspace, git, since.as_deref(), worktree)?,
        Range::Staged { since } => since_then(workspace, git, since.as_deref(), staged)?,
        Range::Versions { .. } => return Err(Error::bug("versions are read one by one")),
    };
    let contents: Contents = contents.into_iter().filter(|(path, _)| wanted(path)).collect();
    let differs = |pair: &Pair| match (&pair.before, &pair.after) {
        (Some(before), Some(after)) => before.bytes != after.bytes,
        _ => true,
    };
    Ok(renamed(read(workspace, git, contents)?.into_iter().filter(differs).collect()))
}

/// Every prompt that git has something to say of; one that was staged and then undone is there, too.
pub fn of_worktree(workspace: &Workspace, git: &Git, standings: &BTreeMap<String, Standing>) -> Result<Vec<Pair>> {
    let prompts = standings.iter().filter(|(path, _)| subject(workspace, path).is_some());
    let contents = prompts.filter_map(|(path, standing)| Some((path.clone(), worktree(standing)?))).collect();
    Ok(renamed(read(workspace, git, contents)?))
}

/// The prompt that a file is about: it is one, or it stands beside one and holds what that cannot.
fn subject(workspace: &Workspace, path: &str) -> Option<Name> {
    let layout = workspace.layout();
    let owner = owner(path).filter(|owner| naming::sidecar_of(owner).as_deref() == Some(path));
    layout.name(path).or_else(|| layout.name(owner?))
}

/// The file that this one stands beside, if it does.
fn owner(path: &str) -> Option<&str> {
    path.strip_suffix(".palc.yaml")
}

fn of_deltas(deltas: Vec<Delta>) -> impl Iterator<Item = (String, Both)> {
    deltas.into_iter().map(|delta| (delta.path, (delta.before.map(Content::Blob), delta.after.map(Content::Blob))))
}

/// What differs between the last commit and the work tree or the index, seen from an older revision if one is named.
fn since_then(
    workspace: &Workspace,
    git: &Git,
    since: Option<&str>,
    now: impl Fn(&Standing) -> Option<Both>,
) -> Result<Contents> {
    let wanted = |path: &str| subject(workspace, path).is_some();
    let mut contents: Contents = match since {
        None | Some("HEAD") => Contents::new(),
        Some(since) => of_deltas(git.reader().deltas(Some(since), "HEAD", &wanted)?).collect(),
    };
    for (path, standing) in git.standings(workspace.layout().roots())? {
        let Some((before, after)) = now(&standing) else { continue };
        contents.entry(path).and_modify(|pair| pair.1 = after.clone()).or_insert((before, after));
    }
    Ok(contents)
}

/// The last commit and the work tree.
fn worktree(standing: &Standing) -> Option<Both> {
    let blob = |id: &Option<String>| id.clone().map(Content::Blob);
    Some(match (&standing.staged, &standing.unstaged) {
        (_, Some(Unstaged::Conflict)) => (Some(Content::Committed), Some(Content::Worktree)),
        (Some((before, after)), None) => (blob(before), blob(after)),
        (Some((before, _)), Some(Unstaged::Removed(_))) => (blob(before), None),
        (Some((before, _)), Some(_)) => (blob(before), Some(Content::Worktree)),
        (None, Some(Unstaged::Untracked)) => (None, Some(Content::Worktree)),
        (None, Some(Unstaged::Modified(id))) => (blob(&Some(id.clone())), Some(Content::Worktree)),
        (None, Some(Unstaged::Removed(id))) => (blob(&Some(id.clone())), None),
        (None, None) => return None,
    })
}

/// The last commit and the index.
fn staged(standing: &Standing) -> Option<Both> {
    let (before, after) = standing.staged.as_ref()?;
    Some((before.clone().map(Content::Blob), after.clone().map(Content::Blob)))
}

fn read(workspace: &Workspace, git: &Git, contents: Contents) -> Result<Vec<Pair>> {
    let on_disk = contents.iter().filter(|(_, (_, after))| *after == Some(Content::Worktree));
    let on_disk = git_bytes(git, on_disk.map(|(path, _)| path.as_str()))?;
    let version = |reader: &Reader, path: &str, content: Option<&Content>| {
        let (blob, bytes) = match content {
            None => return Ok(None),
            Some(Content::Blob(id)) => (Some(id.clone()), reader.blob(id)?),
            Some(Content::Committed) => match reader.read("HEAD", path)? {
                Some(bytes) => (None, bytes),
                None => return Ok(None),
            },
            // It may have gone since it was listed.
            Some(Content::Worktree) => match on_disk.get(path) {
                Some(bytes) => (None, bytes.clone()),
                None => return Ok(None),
            },
        };
        let Some(name) = subject(workspace, path) else { return Ok(None) };
        Ok(Some(Version { name, path: path.to_owned(), id: id_of(path, &bytes), blob, bytes }))
    };
    let contents: Vec<(String, Both)> = contents.into_iter().collect();
    let is_forward = older_are_packed_first(&git.reader(), &contents);
    // One reader for many files, and first those sides of which the others are made.
    let some = |contents: &[(String, Both)]| -> Result<Vec<Pair>> {
        let reader = git.reader_of_many();
        let before = || contents.iter().map(|(path, (before, _))| version(&reader, path, before.as_ref()));
        let after = || contents.iter().map(|(path, (_, after))| version(&reader, path, after.as_ref()));
        let (before, after): (Result<Vec<_>>, Result<Vec<_>>) = match is_forward {
            true => (before().collect(), after().collect()),
            false => {
                let after = after().collect();
                (before().collect(), after)
            }
        };
        Ok(before?.into_iter().zip(after?).map(|(before, after)| Pair { before, after }).collect())
    };
    let share = contents.len().div_ceil(rayon::current_num_threads()).max(1);
    let pairs = contents.par_chunks(share).map(some).collect::<Result<Vec<_>>>()?.into_iter().flatten();
    // What came and went between two commits is nowhere.
    Ok(pairs.filter(|pair| pair.before.is_some() || pair.after.is_some()).collect())
}

/// Git packs older content as what differs from newer; `git fast-import` does the reverse.
fn older_are_packed_first(reader: &Reader, contents: &[(String, Both)]) -> bool {
    let blobs = |(_, both): &(String, Both)| match both {
        (Some(Content::Blob(before)), Some(Content::Blob(after))) => Some(reader.is_packed_before(before, after)),
        _ => None,
    };
    contents.iter().find_map(blobs).unwrap_or(false)
}

fn git_bytes<'p>(git: &Git, paths: impl Iterator<Item = &'p str>) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut paths = paths.peekable();
    if paths.peek().is_none() { Ok(BTreeMap::new()) } else { git.as_stored(paths) }
}

/// The id in a file's front matter.
pub fn id_of(path: &str, bytes: &[u8]) -> Option<String> {
    let dialect = Dialect::of_path(path);
    if dialect == Dialect::Native
        && let Some(id) = plain_id(bytes)
    {
        return Some(id.to_owned());
    }
    memchr::memmem::find(bytes, b"id")?;
    prompt::id(&Document::split(path, bytes, dialect).ok()?)
}

/// The id where it is written as palc writes it, so that a large change need not be parsed for it.
fn plain_id(bytes: &[u8]) -> Option<&str> {
    let front = bytes.strip_prefix(b"---\n")?;
    let front = &front[..memchr::memmem::find(front, b"\n---\n")? + 1];
    let at = if front.starts_with(b"id: ") { 0 } else { memchr::memmem::find(front, b"\nid: ")? + 1 };
    let line = front[at + 4..].split(|byte| *byte == b'\n').next()?;
    // A letter first and nothing but letters and digits: it cannot be read as anything but text.
    let plain = line.first()?.is_ascii_alphabetic() && line.iter().all(u8::is_ascii_alphanumeric);
    let word =
        !matches!(line, b"null" | b"Null" | b"NULL" | b"true" | b"True" | b"TRUE" | b"false" | b"False" | b"FALSE");
    if plain && word { std::str::from_utf8(line).ok() } else { None }
}

impl Version {
    /// Whether this is not the prompt's own file but the one beside it.
    pub fn is_beside(&self) -> bool {
        owner(&self.path).is_some()
    }

    /// Whether the id, if there is one, stands in this file.
    pub fn holds_id(&self) -> bool {
        !self.is_beside() && naming::sidecar_of(&self.path).is_none()
    }
}

impl Pair {
    /// Where it is now, or was last.
    pub fn path(&self) -> &str {
        self.last().map_or("", |version| version.path.as_str())
    }

    pub fn name(&self) -> &str {
        self.last().map_or("", |version| version.name.as_str())
    }

    fn last(&self) -> Option<&Version> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// Its name before, if that was another.
    pub fn renamed_from(&self) -> Option<&Version> {
        let (before, after) = (self.before.as_ref()?, self.after.as_ref()?);
        (before.path != after.path).then_some(before)
    }
}
