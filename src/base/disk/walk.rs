//! Every file under a root, in parallel, with what a cache needs to see whether it changed.
//!
//! Left out: git's own folder, what `.gitignore` files and `.git/info/exclude` name, other repositories inside this
//! one (submodules, linked worktrees), folders behind links. Reported, since its owner may wonder: what has no
//! Unicode name, cannot be read, or is a link that leaves the root.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, FileType, Metadata, ReadDir};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rayon::Scope;
use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;

use super::{failed, resolve_beneath, temp};
use crate::base::error::Result;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the root, with slashes.
    pub path: String,
    pub len: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
    /// When anything about the file changed; unlike `modified`, nobody can set it back.
    pub changed: i64,
    pub inode: u64,
}

/// Something that is not among the entries, with its name made readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub path: String,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    NotUnicode,
    /// A link that leaves the root or leads nowhere.
    Link,
    Unreadable(String),
}

#[derive(Debug, Default)]
pub struct Listing {
    /// In order of their paths' bytes, as git's index has them.
    pub entries: Vec<Entry>,
    pub skipped: Vec<Skipped>,
    /// Temporary files of a palc that was killed, or of one at work.
    pub leftovers: Vec<String>,
}

/// List the files below some folders of a root, or below all of it if none is named. Only paths that `keep` accepts
/// are looked at. A folder that does not exist holds nothing.
pub fn walk(root: &Path, folders: &[&str], keep: &(dyn Fn(&str) -> bool + Sync)) -> Result<Listing> {
    let real_root = fs::canonicalize(root).map_err(|error| failed("read", root, error))?;
    let walk = Walk { root, real_root, keep, parts: Mutex::default() };
    let mut starts = Vec::new();
    for folder in outermost(folders) {
        let path = if folder.is_empty() { root.to_path_buf() } else { resolve_beneath(root, Path::new(folder))? };
        if path.is_dir() {
            starts.push((path, folder, walk.rules_above(folder)));
        }
    }
    rayon::scope(|scope| {
        for (path, folder, rules) in starts {
            let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            let walk = &walk;
            scope.spawn(move |scope| walk.folder(&path, prefix, rules, scope));
        }
    });
    Ok(join(walk.parts.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// Without those that are inside another one.
fn outermost<'a>(folders: &[&'a str]) -> Vec<&'a str> {
    let mut folders: Vec<&str> = folders.iter().map(|it| it.trim_matches('/')).collect();
    if folders.is_empty() {
        folders.push("");
    }
    folders.sort_unstable();
    folders.dedup_by(|later, earlier| {
        earlier.is_empty() || later.strip_prefix(*earlier).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    folders
}

/// The parts are sorted in themselves. Put in order they are nearly one sorted run, which the sort makes use of.
fn join(mut parts: Vec<Listing>) -> Listing {
    parts.sort_unstable_by(|one, other| {
        let first = |part: &Listing| part.entries.first().map(|it| it.path.clone());
        first(one).cmp(&first(other))
    });
    let mut all = Listing::default();
    for part in parts {
        all.entries.extend(part.entries);
        all.skipped.extend(part.skipped);
        all.leftovers.extend(part.leftovers);
    }
    all.entries.sort_by(|one, other| one.path.cmp(&other.path));
    all.skipped.sort_by(|one, other| one.path.cmp(&other.path));
    all.leftovers.sort();
    all
}

/// Asking an entry for its name makes a copy each time.
fn named(entries: ReadDir) -> io::Result<Vec<(OsString, DirEntry)>> {
    entries.map(|entry| entry.map(|entry| (entry.file_name(), entry))).collect()
}

struct Walk<'a> {
    root: &'a Path,
    real_root: PathBuf,
    keep: &'a (dyn Fn(&str) -> bool + Sync),
    parts: Mutex<Vec<Listing>>,
}

impl Walk<'_> {
    fn folder<'s>(&'s self, folder: &Path, prefix: String, above: Option<Arc<Rules>>, scope: &Scope<'s>) {
        let entries = match fs::read_dir(folder).and_then(named) {
            Ok(entries) => entries,
            Err(error) => {
                return self.add(Listing { skipped: vec![unreadable(prefix, &error)], ..Listing::default() });
            }
        };
        if !prefix.is_empty() && entries.iter().any(|(name, _)| name == ".git") {
            return;
        }
        let rules = if entries.iter().any(|(name, _)| name == ".gitignore") {
            Rules::load(&folder.join(".gitignore"), &prefix, above)
        } else {
            above
        };
        // Large folders are shared out as well.
        entries.par_chunks(1024).for_each(|entries| {
            let mut part = Listing::default();
            for (name, entry) in entries {
                self.entry(name, entry, &prefix, rules.as_ref(), &mut part, scope);
            }
            part.entries.sort_unstable_by(|one, other| one.path.cmp(&other.path));
            self.add(part);
        });
    }

    fn entry<'s>(
        &'s self,
        name: &OsStr,
        entry: &DirEntry,
        prefix: &str,
        rules: Option<&Arc<Rules>>,
        part: &mut Listing,
        scope: &Scope<'s>,
    ) {
        let Some(path) = name.to_str().map(|name| [prefix, name].concat()) else {
            return self.nameless(name, prefix, part);
        };
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => return part.skipped.push(unreadable(path, &error)),
        };
        let ignored = |path: &str| rules.is_some_and(|rules| rules.ignore(path, kind.is_dir()));
        if kind.is_dir() {
            if name != ".git" && !ignored(&path) {
                let (folder, rules) = (entry.path(), rules.cloned());
                scope.spawn(move |scope| self.folder(&folder, path + "/", rules, scope));
            }
        } else if temp::is_temporary(&name.to_string_lossy()) {
            part.leftovers.push(path);
        } else if (self.keep)(&path) && name != ".git" && !ignored(&path) {
            self.file(entry, kind, path, part);
        }
    }

    fn file(&self, entry: &DirEntry, kind: FileType, path: String, part: &mut Listing) {
        if kind.is_symlink() {
            match self.behind(&entry.path()) {
                Some(metadata) if metadata.is_file() => part.entries.push(describe(path, &metadata)),
                Some(_) => {}
                None => part.skipped.push(Skipped { path, why: Why::Link }),
            }
        } else if kind.is_file() {
            match entry.metadata() {
                Ok(metadata) => part.entries.push(describe(path, &metadata)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => part.skipped.push(unreadable(path, &error)),
            }
        }
    }

    fn nameless(&self, name: &OsStr, prefix: &str, part: &mut Listing) {
        if (self.keep)(&format!("{prefix}{}", name.to_string_lossy())) {
            let path = format!("{prefix}{}", name.as_encoded_bytes().escape_ascii());
            part.skipped.push(Skipped { path, why: Why::NotUnicode });
        }
    }

    /// What a link leads to, if that is inside the root.
    fn behind(&self, link: &Path) -> Option<Metadata> {
        let target = fs::canonicalize(link).ok()?;
        let inside = target.strip_prefix(&self.real_root).ok()?;
        if inside.components().any(|it| it.as_os_str() == ".git") {
            return None;
        }
        fs::metadata(target).ok()
    }

    /// The rules that reach a folder from the root and the folders between.
    fn rules_above(&self, folder: &str) -> Option<Arc<Rules>> {
        let mut rules = Rules::load(&self.root.join(".git/info/exclude"), "", None);
        let mut prefix = String::new();
        for name in folder.split('/').filter(|name| !name.is_empty()) {
            rules = Rules::load(&self.root.join(&prefix).join(".gitignore"), &prefix, rules);
            prefix += name;
            prefix += "/";
        }
        rules
    }

    fn add(&self, part: Listing) {
        if !part.entries.is_empty() || !part.skipped.is_empty() || !part.leftovers.is_empty() {
            self.parts.lock().unwrap_or_else(PoisonError::into_inner).push(part);
        }
    }
}

/// The ignore rules of a folder, before those of the folders above.
struct Rules {
    here: Gitignore,
    above: Option<Arc<Rules>>,
}

impl Rules {
    fn load(file: &Path, prefix: &str, above: Option<Arc<Rules>>) -> Option<Arc<Rules>> {
        let mut builder = GitignoreBuilder::new(prefix.trim_end_matches('/'));
        // A line that is no pattern means nothing to git either.
        let _ = builder.add(file);
        match builder.build() {
            Ok(here) if !here.is_empty() => Some(Arc::new(Rules { here, above })),
            _ => above,
        }
    }

    fn ignore(&self, path: &str, is_folder: bool) -> bool {
        let mut rules = Some(self);
        while let Some(Rules { here, above }) = rules {
            let found = here.matched(path, is_folder);
            if !found.is_none() {
                return found.is_ignore();
            }
            rules = above.as_deref();
        }
        false
    }
}

fn unreadable(path: String, error: &io::Error) -> Skipped {
    Skipped { path, why: Why::Unreadable(error.to_string()) }
}

#[cfg(unix)]
fn describe(path: String, metadata: &Metadata) -> Entry {
    use std::os::unix::fs::MetadataExt as _;
    let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
    Entry {
        path,
        len: metadata.len(),
        modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        inode: metadata.ino(),
    }
}

#[cfg(not(unix))]
fn describe(path: String, metadata: &Metadata) -> Entry {
    let since = metadata.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let modified = since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX));
    Entry { path, len: metadata.len(), modified, changed: modified, inode: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plant(root: &Path, files: &[&str]) {
        for file in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, file).expect("written");
        }
    }

    fn list(root: &Path, folders: &[&str]) -> Vec<String> {
        let listing = walk(root, folders, &|path| !path.ends_with(".txt")).expect("walked");
        listing.entries.into_iter().map(|entry| entry.path).collect()
    }

    #[test]
    fn lists_in_order_of_bytes_what_is_wanted() {
        let root = tempfile::tempdir().expect("a folder");
        plant(root.path(), &["p/a.md", "p/a/x.md", "p/a-b.md", "p/.hidden/é.md", "p/no.txt", "q/z.md", ".git/config"]);
        assert_eq!(list(root.path(), &[]), ["p/.hidden/é.md", "p/a-b.md", "p/a.md", "p/a/x.md", "q/z.md"]);
        assert_eq!(list(root.path(), &["p/a", "p/", "nowhere"]), list(root.path(), &["p"]));
        assert_eq!(list(root.path(), &["q"]), ["q/z.md"]);
        assert!(walk(root.path(), &["../x"], &|_| true).is_err());
    }

    #[test]
    fn git_decides_what_is_ignored() {
        let root = tempfile::tempdir().expect("a folder");
        let at = root.path();
        plant(at, &["p/a.md", "p/a.log", "p/keep.log", "p/out/x.md", "p/deep/b.md", "p/deep/c.md", "excluded/x.md"]);
        fs::create_dir_all(at.join(".git/info")).expect("made");
        fs::write(at.join(".git/info/exclude"), "/excluded\n").expect("written");
        fs::write(at.join(".gitignore"), "*.log\nout/\n/deep\n").expect("written");
        fs::write(at.join("p/.gitignore"), "!keep.log\n/deep/c.md\n").expect("written");
        let found = ["p/.gitignore", "p/a.md", "p/deep/b.md", "p/keep.log"];
        assert_eq!(list(at, &[]), [&[".gitignore"], &found[..]].concat());
        assert_eq!(list(at, &["p"]), found);
    }

    #[test]
    fn other_repositories_are_not_entered() {
        let root = tempfile::tempdir().expect("a folder");
        plant(root.path(), &[".git/HEAD", "p/a.md", "sub/.git", "sub/x.md", "tree/p/.git/HEAD", "tree/p/y.md"]);
        assert_eq!(list(root.path(), &[]), ["p/a.md"]);
    }

    #[test]
    fn leftovers_are_told_apart() {
        let root = tempfile::tempdir().expect("a folder");
        plant(root.path(), &["p/a.md", "p/.palc-tmp-0123456789ab-0"]);
        let listing = walk(root.path(), &[], &|_| true).expect("walked");
        assert_eq!(listing.entries.len(), 1);
        assert_eq!(listing.leftovers, ["p/.palc-tmp-0123456789ab-0"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_strange_names_are_told() {
        use std::os::unix::ffi::OsStrExt as _;
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().expect("a folder");
        plant(outside.path(), &["secret.md"]);
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        plant(root, &["p/a.md", ".git/config"]);
        let link = |to: &Path, name: &str| symlink(to, root.join(name)).expect("linked");
        link(Path::new("a.md"), "p/inside.md");
        link(&outside.path().join("secret.md"), "p/out.md");
        link(Path::new("nowhere"), "p/dangling.md");
        link(Path::new("../.git/config"), "p/config.md");
        link(Path::new(".."), "p/up");
        fs::write(root.join("p").join(OsStr::from_bytes(b"x\xff.md")), "x").expect("written");
        let listing = walk(root, &[], &|_| true).expect("walked");
        let paths: Vec<&str> = listing.entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["p/a.md", "p/inside.md"]);
        assert_eq!(listing.entries[0].inode, listing.entries[1].inode);
        let skipped = |path: &str, why| Skipped { path: path.to_owned(), why };
        let told = [
            skipped("p/config.md", Why::Link),
            skipped("p/dangling.md", Why::Link),
            skipped("p/out.md", Why::Link),
            skipped("p/x\\xff.md", Why::NotUnicode),
        ];
        assert_eq!(listing.skipped, told);
    }
}
