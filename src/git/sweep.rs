//! Sweeping up after history was written anew: whatever still names the old one, and then the old objects themselves.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::{Git, Rewritten};
use crate::base::disk::{self, Expect};
use crate::base::process::Ended;
use crate::base::{Error, Result};

/// Files in git's own folder that name commits and are no refs.
const LEFTOVERS: [&str; 3] = ["ORIG_HEAD", "FETCH_HEAD", "AUTO_MERGE"];

/// Why a repository's history cannot be written anew as a whole, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    pub what: String,
    pub remedy: &'static str,
}

impl Git {
    /// Everything that stands against writing history anew: what could not be reached from here, or would be broken.
    pub fn obstacles(&self) -> Result<Vec<Obstacle>> {
        let common = self.common_folder();
        let mut found = Vec::new();
        let mut add = |is: bool, what: &str, remedy| found.extend(is.then(|| Obstacle { what: what.into(), remedy }));
        add(self.is_shallow(), "this is a shallow clone", "`git fetch --unshallow` brings the rest");
        let partial = self.setting("extensions.partialClone").is_some();
        add(partial, "this is a partial clone, which fetches again what is missing", "work in a full clone");
        let replaced = !self.refs("refs/replace/")?.is_empty() || self.has_grafts();
        add(replaced, "some commits are replaced or grafted", "`git replace --list` shows them; -d removes them");
        let borrowed = common.join("objects/info/alternates").exists();
        add(
            borrowed,
            "it borrows objects from another repository",
            "`git repack -a -d`, then remove objects/info/alternates",
        );
        let linked = std::fs::read_dir(common.join("worktrees")).is_ok_and(|mut entries| entries.next().is_some());
        add(
            linked || self.is_linked_worktree(),
            "it has linked worktrees",
            "`git worktree list` shows them; remove or prune them",
        );
        let stored = self.setting("extensions.refStorage").is_some_and(|kind| kind != "files");
        add(stored, "its refs are kept in a reftable", "`git refs migrate --ref-format=files`");
        if let Some(what) = self.in_progress() {
            add(true, &format!("{what} is under way"), "finish it first");
        }
        Ok(found)
    }

    /// Every id that a reflog remembers.
    pub(super) fn logged_ids(&self) -> Result<BTreeSet<String>> {
        let mut ids = BTreeSet::new();
        for path in self.logs() {
            let bytes = disk::read(&path)?.bytes;
            for line in String::from_utf8_lossy(&bytes).lines() {
                ids.extend(line.split(' ').take(2).filter(|word| is_id(word)).map(str::to_owned));
            }
        }
        Ok(ids)
    }

    fn logs(&self) -> Vec<PathBuf> {
        let mut open = vec![self.common_folder().join("logs")];
        let mut files = Vec::new();
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder { open.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }

    /// How many stashes there are.
    pub fn stashes(&self) -> usize {
        let log = std::fs::read(self.common_folder().join("logs/refs/stash")).unwrap_or_default();
        memchr::memchr_iter(b'\n', &log).count()
    }

    /// Let reflogs, notes and git's leftovers name the new history, so that nothing holds on to the old one.
    pub fn follow(&self, rewritten: &Rewritten) -> Result<()> {
        if rewritten.ids.is_empty() {
            return Ok(());
        }
        for path in self.logs() {
            let file = disk::read(&path)?;
            let mut text = renamed(&file.bytes, &rewritten.ids);
            if path.ends_with("refs/stash") {
                // Each of its lines is a stash, and the move of the ref itself is none.
                text = text
                    .split_inclusive(|&byte| byte == b'\n')
                    .filter(|line| !is_still(line))
                    .flatten()
                    .copied()
                    .collect();
            }
            if text != file.bytes {
                disk::write(&path, &text, Expect::Same(&file.stamp))?;
            }
        }
        for name in LEFTOVERS {
            let path = self.own_folder().join(name);
            if let Ok(file) = disk::read(&path)
                && renamed(&file.bytes, &rewritten.ids) != file.bytes
            {
                disk::remove(&path, Expect::Same(&file.stamp))?;
            }
        }
        let pairs: String = rewritten.ids.iter().map(|(old, new)| format!("{old} {new}\n")).collect();
        for notes in self.refs("refs/notes/")? {
            let program = self.program().args(["notes", "--ref", &notes.name, "copy", "--force", "--stdin"]);
            done(&program.input(pairs.clone()).run()?, "its notes could not be put on the new commits")?;
        }
        Ok(())
    }

    /// Take paths out of the index, and what git keeps there of settled conflicts.
    pub fn forget_staged(&self, paths: &[&str]) -> Result<()> {
        if self.is_bare() || !self.own_folder().join("index").exists() {
            return Ok(());
        }
        let cleared = self.program().args(["update-index", "--clear-resolve-undo"]).run()?;
        done(&cleared, "git cannot change its index")?;
        if paths.is_empty() {
            return Ok(());
        }
        let list: String = paths.iter().map(|path| format!("{path}\0")).collect();
        let program = self.program().args(["update-index", "--force-remove", "-z", "--stdin"]);
        done(&program.input(list).run()?, "git cannot change its index")
    }

    /// Let the index hold a blob at a path that it knows.
    pub fn restage(&self, path: &str, blob: &str) -> Result<()> {
        let staged =
            self.program().args(["ls-files", "--stage", "-z", "--", &format!(":(top,literal){path}")]).run()?;
        let Some(mode) = staged.text().split(' ').next().filter(|mode| !mode.is_empty()).map(str::to_owned) else {
            return Ok(());
        };
        let line = format!("{mode} {blob} 0\t{path}\0");
        let program = self.program().args(["update-index", "-z", "--index-info"]);
        done(&program.input(line).run()?, "git cannot change its index")?;
        let _ = self.program().args(["update-index", "-q", "--refresh"]).run();
        Ok(())
    }

    /// Let git throw away every object that nothing names any more. Reflogs keep what they remember.
    pub fn throw_away(&self) -> Result<()> {
        let never = ["reflogExpire", "reflogExpireUnreachable", "worktreePruneExpire"];
        let mut program = self.program();
        for key in never {
            program = program.args(["-c", &format!("gc.{key}=never")]);
        }
        let program = program.args(["-c", "gc.bigPackThreshold=0", "gc", "--prune=now", "--quiet"]);
        done(&program.run()?, "git could not throw the old objects away")?;
        for notes in self.refs("refs/notes/")? {
            let _ = self.program().args(["notes", "--ref", &notes.name, "prune"]).run();
        }
        Ok(())
    }

    /// Those of these objects that are still here.
    pub fn still_here<'b>(&self, blobs: &'b BTreeSet<String>) -> Result<Vec<&'b str>> {
        let list: String = blobs.iter().map(|blob| format!("{blob}\n")).collect();
        let ended = self.program().args(["cat-file", "--batch-check"]).input(list).run()?;
        done(&ended, "git cannot say which objects are gone")?;
        let text = ended.text();
        let is_here = |line: &&str| !line.ends_with(" missing");
        let here: BTreeSet<&str> = text.lines().filter(is_here).filter_map(|line| line.split(' ').next()).collect();
        Ok(blobs.iter().map(String::as_str).filter(|blob| here.contains(blob)).collect())
    }

    /// Packs that git leaves alone because of a file beside them.
    pub fn kept_packs(&self) -> Vec<PathBuf> {
        let packs = std::fs::read_dir(self.common_folder().join("objects/pack")).into_iter().flatten().flatten();
        packs.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|it| it == "keep")).collect()
    }

    /// The repositories that this one fetches from or pushes to, by their names.
    pub fn remotes(&self) -> Result<Vec<String>> {
        let ended = self.program().arg("remote").run()?;
        done(&ended, "git cannot list its remotes")?;
        Ok(ended.text().lines().map(str::to_owned).collect())
    }

    /// Whether a folder of git's own remembers how conflicts were settled, texts and all.
    pub fn remembers_conflicts(&self) -> bool {
        has_entries(&self.common_folder().join("rr-cache"))
    }
}

fn has_entries(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

/// Whether a line of a log leads nowhere.
fn is_still(line: &[u8]) -> bool {
    let mut ids = line.split(|&byte| byte == b' ');
    ids.next() == ids.next()
}

fn is_id(word: &str) -> bool {
    matches!(word.len(), 40 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A text with every id that stands in it as a word replaced by the new one.
fn renamed(bytes: &[u8], ids: &HashMap<String, String>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        for part in line.split_inclusive(|&byte| matches!(byte, b' ' | b'\t' | b'\n')) {
            let word = part.trim_ascii_end();
            match std::str::from_utf8(word).ok().and_then(|word| ids.get(word)) {
                Some(new) => {
                    out.extend_from_slice(new.as_bytes());
                    out.extend_from_slice(&part[word.len()..]);
                }
                None => out.extend_from_slice(part),
            }
        }
    }
    out
}

fn done(ended: &Ended, what: &str) -> Result<()> {
    match ended.is_success() {
        true => Ok(()),
        false => Err(Error::storage(what).because(ended.complaint())),
    }
}
