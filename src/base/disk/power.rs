//! A model of a disk that loses power: what was not synced may be there, or not, or half.
//!
//! A run's steps are recorded. For a cut after each of them, every name that was changed since its folder was synced
//! may be old or new, in any combination, and every file that was written since it was synced may be whole, empty or
//! torn. Each such disk is set up for real and recovered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::crash::{Tree, commit, new, old, plant, tree};
use super::fault::rehearsal::{self, Done};
use super::{Expect, folder, is_temporary, read, recover, remove, write};

/// Which inode a name leads to afterwards. A folder is inode 0.
type Naming = Vec<(PathBuf, Option<usize>)>;

#[derive(Debug, Clone, Default)]
struct Disk {
    names: BTreeMap<PathBuf, usize>,
    files: Vec<File>,
    /// Changes of names that no sync has made durable yet.
    pending: Vec<Naming>,
    /// The names as the running program sees them.
    seen: BTreeMap<PathBuf, usize>,
}

#[derive(Debug, Clone, Default)]
struct File {
    bytes: Vec<u8>,
    synced: bool,
}

#[derive(Debug, Clone, Copy)]
enum Unsynced {
    Whole,
    Empty,
    Torn,
}

impl Disk {
    fn new(root: &Path, tree: &Tree) -> Disk {
        let mut disk = Disk { files: vec![File::default()], ..Disk::default() };
        for (name, text) in tree {
            let inode = if name.ends_with('/') { 0 } else { disk.files.len() };
            if inode > 0 {
                disk.files.push(File { bytes: text.clone().into_bytes(), synced: true });
            }
            disk.names.insert(root.join(name.trim_end_matches('/')), inode);
        }
        disk.seen = disk.names.clone();
        disk
    }

    fn step(&mut self, step: &Done) {
        match step {
            Done::Create(path) => {
                self.files.push(File::default());
                self.name(vec![(path.clone(), Some(self.files.len() - 1))]);
            }
            Done::Write(path, bytes) => {
                let file = self.file(path);
                file.bytes.extend_from_slice(bytes);
                file.synced = false;
            }
            Done::Truncate(path, len) => {
                let file = self.file(path);
                file.bytes.truncate(usize::try_from(*len).expect("small"));
                file.synced = false;
            }
            Done::Sync(path) => self.file(path).synced = true,
            Done::SyncFolder(folder) => self.sync_names(folder),
            Done::Rename(from, to) => self.name(vec![(from.clone(), None), (to.clone(), Some(self.seen[from]))]),
            Done::Exchange(one, other) => {
                let (first, second) = (self.seen[one], self.seen[other]);
                self.name(vec![(one.clone(), Some(second)), (other.clone(), Some(first))]);
            }
            Done::Link(from, to) => self.name(vec![(to.clone(), Some(self.seen[from]))]),
            Done::Unlink(path) | Done::RemoveFolder(path) => self.name(vec![(path.clone(), None)]),
            Done::MakeFolder(path) => self.name(vec![(path.clone(), Some(0))]),
            Done::Mode => {}
        }
    }

    fn file(&mut self, path: &Path) -> &mut File {
        &mut self.files[self.seen[path]]
    }

    fn name(&mut self, naming: Naming) {
        apply(&mut self.seen, &naming);
        self.pending.push(naming);
    }

    fn sync_names(&mut self, synced: &Path) {
        let (durable, pending) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|naming: &Naming| naming.iter().any(|(path, _)| folder::of(path) == synced));
        self.pending = pending;
        durable.iter().for_each(|naming| apply(&mut self.names, naming));
    }

    /// Every tree that may be found after a power cut now.
    fn after_cut(&self, root: &Path, trees: &mut BTreeSet<Tree>) {
        let count = self.pending.len();
        // All combinations as long as they are few; of many, the beginnings and those with one missing.
        let kept: Vec<Vec<bool>> = if count <= 6 {
            (0..1_u32 << count).map(|bits| (0..count).map(|at| bits >> at & 1 == 1).collect()).collect()
        } else {
            let beginnings = (0..=count).map(|end| (0..count).map(|at| at < end).collect());
            beginnings.chain((0..count).map(|gone| (0..count).map(|at| at != gone).collect())).collect()
        };
        for kept in kept {
            let mut names = self.names.clone();
            self.pending.iter().zip(kept).filter(|(_, kept)| *kept).for_each(|(it, _)| apply(&mut names, it));
            for unsynced in [Unsynced::Whole, Unsynced::Empty, Unsynced::Torn] {
                trees.insert(self.tree(root, &names, unsynced));
            }
        }
    }

    fn tree(&self, root: &Path, names: &BTreeMap<PathBuf, usize>, unsynced: Unsynced) -> Tree {
        let reachable =
            |path: &Path| path.ancestors().skip(1).take_while(|it| *it != root).all(|it| names.contains_key(it));
        let mut tree = Tree::new();
        for (path, &inode) in names.iter().filter(|(path, _)| reachable(path)) {
            let name = path.strip_prefix(root).expect("below").to_str().expect("text").to_owned();
            let File { bytes, synced } = &self.files[inode];
            let len = match unsynced {
                Unsynced::Empty if !synced => 0,
                Unsynced::Torn if !synced => bytes.len() / 2,
                _ => bytes.len(),
            };
            let text = String::from_utf8(bytes[..len].to_vec()).expect("text");
            tree.insert(if inode == 0 { name + "/" } else { name }, text);
        }
        tree
    }
}

fn apply(names: &mut BTreeMap<PathBuf, usize>, naming: &Naming) {
    for (path, inode) in naming {
        match inode {
            Some(inode) => names.insert(path.clone(), *inode),
            None => names.remove(path),
        };
    }
}

/// Cut the power after every step of a run on the old tree, recover, and look at what is found. After the last step
/// the run has reported success.
fn cut_everywhere(run: impl Fn(&Path), look: impl Fn(&Tree, bool)) -> usize {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("resolved");
    plant(&old(), &root);
    let ((), steps) = rehearsal::record(|| run(&root));
    let mut disk = Disk::new(&root, &old());
    let mut trees = BTreeSet::new();
    for step in &steps {
        disk.after_cut(&root, &mut trees);
        disk.step(step);
    }
    trees.iter().for_each(|tree| look(&recovered(tree), false));
    let mut last = BTreeSet::new();
    disk.after_cut(&root, &mut last);
    last.iter().for_each(|tree| look(&recovered(tree), true));
    trees.len() + last.len()
}

/// The user's files after the next palc came by. What it keeps for itself may lie about after a power cut.
fn recovered(cut: &Tree) -> Tree {
    let folder = tempfile::tempdir().expect("a folder");
    plant(cut, folder.path());
    recover(&folder.path().join("home")).expect("recovered");
    files(tree(folder.path()))
}

fn files(mut tree: Tree) -> Tree {
    let own = |name: &str| name.starts_with("home") || is_temporary(name.rsplit('/').next().unwrap_or_default());
    tree.retain(|name, _| !name.ends_with('/') && !own(name));
    tree
}

#[test]
fn a_power_cut_leaves_a_batch_all_old_or_all_new() {
    let (old, new) = (files(old()), files(new()));
    let states = cut_everywhere(
        |root| commit(root).expect("done"),
        |found, reported| {
            assert!(*found == new || (!reported && *found == old), "reported: {reported}, {found:#?}");
        },
    );
    assert!(states > 150, "{states} states");
}

#[test]
fn a_power_cut_leaves_a_file_old_or_new() {
    let check = |run: &dyn Fn(&Path), name: &str, after: Option<&str>| {
        let before = old().get(name).cloned();
        cut_everywhere(run, |found, reported| {
            let found = found.get(name).map(String::as_str);
            assert!(found == after || (!reported && found == before.as_deref()), "reported: {reported}, {found:?}");
        });
    };
    let stamp = |path: &Path| read(path).expect("there").stamp;
    let replace = |root: &Path| {
        let path = root.join("p/changed.md");
        write(&path, b"new", Expect::Same(&stamp(&path))).expect("written");
    };
    check(&replace, "p/changed.md", Some("new"));
    let make = |root: &Path| write(&root.join("x/y/z.md"), b"new", Expect::Absent).expect("written");
    check(&make, "x/y/z.md", Some("new"));
    let gone = |root: &Path| {
        let path = root.join("p/gone.md");
        remove(&path, Expect::Same(&stamp(&path))).expect("removed");
    };
    check(&gone, "p/gone.md", None);
}
