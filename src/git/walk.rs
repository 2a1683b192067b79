//! Commits, the lines they form, and what each changed.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use gix::bstr::{BStr, ByteSlice as _};

use crate::base::{Error, Result};

use super::repository::unreadable;
use super::{Git, Reader, Time};

/// A commit, without its trees' contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// In hex, as everywhere.
    pub id: String,
    /// Without those that a shallow clone left out.
    pub parents: Vec<String>,
    pub tree: String,
    pub author: String,
    pub email: String,
    /// When the author made it.
    pub time: Time,
    /// When it came to stand where it stands, in seconds since 1970.
    pub committed: i64,
    /// The first line of its message.
    pub subject: String,
}

/// A file whose content differs between two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    pub path: String,
    /// The blobs; none where there is no such file.
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Git {
    /// What decides which commits are whose parents beside the commits themselves: shallow boundaries and replacements.
    pub fn ancestry(&self) -> String {
        let repo = self.repo();
        let shallow = repo.shallow_commits().ok().flatten();
        let shallow = shallow.iter().flat_map(|commits| commits.iter().map(ToString::to_string));
        let replaced = repo.references().ok().and_then(|refs| {
            let refs = refs.prefixed("refs/replace/").ok()?;
            Some(
                refs.filter_map(Result::ok).map(|one| format!("{} {:?}", one.name().as_bstr(), one.target())).collect(),
            )
        });
        let replaced: Vec<String> = replaced.unwrap_or_default();
        shallow.chain(replaced).collect::<Vec<_>>().join("\n")
    }

    /// Whether `info/grafts` says anything. git itself has given it up for replacements, and gix does not read it.
    pub fn has_grafts(&self) -> bool {
        std::fs::metadata(self.common_folder().join("info/grafts")).is_ok_and(|grafts| grafts.len() > 0)
    }
}

impl Reader {
    /// For those who will look at the trees of many commits in turn: what two of them share is read once.
    #[must_use]
    pub fn remembering(mut self) -> Reader {
        self.repo.object_cache_size_if_unset(16 << 20);
        self
    }

    /// The commit that a revision names.
    pub fn commit_id(&self, revision: &str) -> Result<String> {
        self.peeled(revision).map(|id| id.to_string())
    }

    pub(super) fn peeled(&self, revision: &str) -> Result<gix::ObjectId> {
        let repo = &self.repo;
        if revision == "HEAD" && repo.head().is_ok_and(|head| head.is_unborn()) {
            return Err(Error::no("nothing was committed here yet"));
        }
        let unknown = |error| Error::no(format!("git knows no revision `{revision}` here")).because(error);
        let id = repo.rev_parse_single(revision).map_err(unknown)?;
        let object = id.object().map_err(|error| unreadable(revision, error))?;
        let commit = object.peel_to_kind(gix::object::Kind::Commit);
        commit.map(|commit| commit.id).map_err(|error| Error::no(format!("`{revision}` is no commit")).because(error))
    }

    pub fn commit(&self, id: &str) -> Result<Commit> {
        let found = self.repo.find_commit(object_id(id)?).map_err(|error| unreadable(id, error))?;
        let hidden = self.is_boundary(found.id);
        described(&found, hidden).map_err(|error| unreadable(id, error))
    }

    /// The id that a blob of this content has here.
    pub fn blob_id(&self, content: &[u8]) -> Result<String> {
        let id = gix::objs::compute_hash(self.repo.object_hash(), gix::objs::Kind::Blob, content);
        id.map(|id| id.to_string()).map_err(|error| Error::storage("git cannot hash a file").because(error))
    }

    /// A commit's whole message.
    pub fn message(&self, id: &str) -> Result<String> {
        let found = self.repo.find_commit(object_id(id)?).map_err(|error| unreadable(id, error))?;
        Ok(found.message_raw_sloppy().to_str_lossy().into_owned())
    }

    /// The commit, its first parent, that one's first parent and so on, as long as `wanted` says so.
    pub fn first_parents(&self, tip: &str, mut wanted: impl FnMut(&str) -> Result<bool>) -> Result<Vec<Commit>> {
        let mut line = Vec::new();
        let mut next = Some(tip.to_owned());
        while let Some(id) = next {
            if !wanted(&id)? {
                break;
            }
            let commit = self.commit(&id)?;
            next = commit.parents.first().cloned();
            line.push(commit);
        }
        Ok(line)
    }

    /// Everything that can be reached from one commit and not from another.
    pub fn reachable(&self, tip: &str, without: Option<&str>) -> Result<HashMap<String, Commit>> {
        match without {
            Some(without) => self.reachable_beyond(tip, without),
            None => self.ancestors(tip),
        }
    }

    fn ancestors(&self, tip: &str) -> Result<HashMap<String, Commit>> {
        let mut found = HashMap::new();
        let mut open = vec![tip.to_owned()];
        while let Some(id) = open.pop() {
            if found.contains_key(&id) {
                continue;
            }
            let commit = self.commit(&id)?;
            open.extend(commit.parents.iter().filter(|parent| !found.contains_key(*parent)).cloned());
            found.insert(id, commit);
        }
        Ok(found)
    }

    fn reachable_beyond(&self, tip: &str, without: &str) -> Result<HashMap<String, Commit>> {
        let walk = self.repo.rev_walk([object_id(tip)?]).with_hidden([object_id(without)?]).use_commit_graph(true);
        let walk = walk.all().map_err(|error| unreadable(tip, error))?;
        let mut found = HashMap::new();
        for info in walk {
            let id = info.map_err(|error| unreadable(tip, error))?.id.to_string();
            let commit = self.commit(&id)?;
            found.insert(id, commit);
        }
        Ok(found)
    }

    /// Everything that can be reached from some commits and from none of others, in no particular order.
    pub fn beyond(&self, tips: &[String], without: &[String]) -> Result<Vec<Commit>> {
        let ids = |commits: &[String]| commits.iter().map(|id| object_id(id)).collect::<Result<Vec<_>>>();
        let broken = |error| unreadable(tips.first().map_or("HEAD", String::as_str), error);
        let walk = self.repo.rev_walk(ids(tips)?).with_hidden(ids(without)?).use_commit_graph(true);
        let walk = walk.all().map_err(broken)?;
        walk.map(|info| self.commit(&info.map_err(broken)?.id.to_string())).collect()
    }

    /// The files below some folders that differ between two trees, in no particular order. The empty folder is the root.
    pub fn changes(&self, before: Option<&str>, after: &str, folders: &[String]) -> Result<Vec<FileChange>> {
        let before = before.map(object_id).transpose()?;
        let after = object_id(after)?;
        let mut diff = Diff { reader: self, path: String::new(), found: Vec::new() };
        for folder in folders {
            let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
            diff.path = if parts.is_empty() { String::new() } else { format!("{}/", parts.join("/")) };
            let (old, new) = diff.descend(before, Some(after), &parts).map_err(|error| unreadable("a tree", error))?;
            diff.trees(old, new).map_err(|error| unreadable("a tree", error))?;
        }
        Ok(diff.found)
    }

    /// The trees of the folders that a path goes through below a tree, the outermost first.
    pub fn folders_to(&self, tree: &str, path: &str) -> Result<Vec<String>> {
        let mut at = object_id(tree)?;
        let mut folders = Vec::new();
        for part in path.split('/') {
            let tree = self.repo.find_tree(at).map_err(|error| unreadable("a tree", error))?;
            let Some(folder) = tree.find_entry(part).filter(|entry| entry.mode().is_tree()) else { break };
            at = folder.object_id();
            folders.push(at.to_string());
        }
        Ok(folders)
    }

    fn is_boundary(&self, id: gix::ObjectId) -> bool {
        self.boundary.get_or_init(|| {
            let shallow = self.repo.shallow_commits().ok().flatten();
            shallow.iter().flat_map(|commits| commits.iter().copied()).collect::<HashSet<_>>()
        });
        self.boundary.get().is_some_and(|boundary| boundary.contains(&id))
    }
}

fn described(commit: &gix::Commit<'_>, hidden: bool) -> Result<Commit, gix::Error> {
    let decoded = commit.decode()?;
    let author = decoded.author()?;
    let time = author.time().unwrap_or_default();
    let committed = decoded.committer().ok().and_then(|committer| committer.time().ok()).unwrap_or(time);
    let parents = if hidden { Vec::new() } else { decoded.parents().map(|id| id.to_string()).collect() };
    Ok(Commit {
        id: commit.id.to_string(),
        parents,
        tree: decoded.tree().to_string(),
        author: author.name.to_str_lossy().into_owned(),
        email: author.email.to_str_lossy().into_owned(),
        time: Time { seconds: time.seconds, offset: time.offset },
        committed: committed.seconds,
        subject: subject(decoded.message),
    })
}

/// The first paragraph in one line, as git shows it.
fn subject(message: &BStr) -> String {
    let text = message.to_str_lossy();
    let lines = text.trim_start().lines().map(str::trim).take_while(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// Compares two trees, opening only folders that differ.
struct Diff<'r> {
    reader: &'r Reader,
    /// The folder being compared, with a slash at its end.
    path: String,
    found: Vec<FileChange>,
}

struct Entry<'t> {
    name: &'t BStr,
    id: gix::ObjectId,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    /// Links and submodules, which are no prompts.
    Other,
}

type Id = Option<gix::ObjectId>;

impl Diff<'_> {
    /// The two trees of one folder below two roots.
    fn descend(&self, mut old: Id, mut new: Id, parts: &[&str]) -> Result<(Id, Id), gix::Error> {
        for part in parts {
            if old == new {
                break;
            }
            let below = |at: Id| -> Result<Id, gix::Error> {
                let tree = tree(self.reader, at)?;
                let found = tree.find_entry(*part).filter(|entry| entry.mode().is_tree());
                Ok(found.map(|entry| entry.object_id()))
            };
            (old, new) = (below(old)?, below(new)?);
        }
        Ok((old, new))
    }

    fn trees(&mut self, old: Id, new: Id) -> Result<(), gix::Error> {
        if old == new {
            return Ok(());
        }
        let reader = self.reader;
        let (old, new) = (tree(reader, old)?, tree(reader, new)?);
        let (old, new) = (entries(&old)?, entries(&new)?);
        let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => in_tree_order(old, new),
            };
            let before = if order.is_le() { old.next() } else { None };
            let after = if order.is_ge() { new.next() } else { None };
            self.pair(before, after)?;
        }
    }

    /// One name on both sides or on one of them.
    fn pair(&mut self, before: Option<&Entry<'_>>, after: Option<&Entry<'_>>) -> Result<(), gix::Error> {
        let Some(name) = before.or(after).map(|entry| entry.name) else { return Ok(()) };
        let of = |entry: Option<&Entry<'_>>, kind| entry.filter(|entry| entry.kind == kind).map(|entry| entry.id);
        // A name that is not Unicode cannot be a prompt's.
        let Ok(name) = name.to_str() else { return Ok(()) };
        let files = (of(before, Kind::File), of(after, Kind::File));
        if files.0 != files.1 {
            let hex = |id: Id| id.map(|id| id.to_string());
            self.found.push(FileChange {
                path: format!("{}{name}", self.path),
                before: hex(files.0),
                after: hex(files.1),
            });
        }
        let folders = (of(before, Kind::Folder), of(after, Kind::Folder));
        if folders.0 == folders.1 {
            return Ok(());
        }
        let length = self.path.len();
        self.path.push_str(name);
        self.path.push('/');
        let result = self.trees(folders.0, folders.1);
        self.path.truncate(length);
        result
    }
}

/// A tree; nothing is the empty one.
fn tree(reader: &Reader, id: Id) -> Result<gix::Tree<'_>, gix::Error> {
    id.map_or_else(|| Ok(reader.repo.empty_tree()), |id| reader.repo.find_tree(id))
}

fn entries<'t>(tree: &'t gix::Tree<'_>) -> Result<Vec<Entry<'t>>, gix::Error> {
    let mut entries = Vec::new();
    for entry in tree.iter() {
        let entry = entry?;
        let mode = entry.mode();
        let kind = match (mode.is_blob(), mode.is_tree()) {
            (true, _) => Kind::File,
            (_, true) => Kind::Folder,
            _ => Kind::Other,
        };
        entries.push(Entry { name: entry.inner.filename, id: entry.object_id(), kind });
    }
    Ok(entries)
}

/// git sorts a folder as if its name ended with a slash.
fn in_tree_order(a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
    let end = |entry: &Entry<'_>| if entry.kind == Kind::Folder { Some(b'/') } else { None };
    if a.name == b.name && a.kind == b.kind {
        return Ordering::Equal;
    }
    a.name.iter().copied().chain(end(a)).cmp(b.name.iter().copied().chain(end(b)))
}

pub(super) fn object_id(id: &str) -> Result<gix::ObjectId> {
    gix::ObjectId::from_hex(id.as_bytes()).map_err(|_| Error::bug(format!("`{id}` is no object id")))
}
