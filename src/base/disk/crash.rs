//! Batches that die: at every step, and with every loss that a power cut may bring.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::fault::rehearsal;
use super::{Batch, Expect, Recovery, read, recover};
use crate::base::Kind;

pub(super) type Tree = BTreeMap<String, String>;

/// Everything below a folder: files with their text, empty folders with none.
pub(super) fn tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("below").to_str().expect("text").to_owned();
            if path.is_dir() {
                folders.push(path);
                tree.insert(name + "/", String::new());
            } else if name != "home/batch.lock" {
                tree.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    tree
}

pub(super) fn old() -> Tree {
    let files = [
        ("home/", ""),
        ("p/", ""),
        ("p/changed.md", "old"),
        ("p/gone.md", "gone"),
        ("q/", ""),
        ("q/moved.md", "moved"),
        ("q/other.md", "old"),
    ];
    files.map(|(name, text)| (name.to_owned(), text.to_owned())).into()
}

pub(super) fn new() -> Tree {
    let files = [
        ("home/", ""),
        ("p/", ""),
        ("p/changed.md", "new"),
        ("p/deep/", ""),
        ("p/deep/moved.md", "moved"),
        ("p/fresh/", ""),
        ("p/fresh/a.md", "fresh"),
        ("q/", ""),
        ("q/other.md", "new"),
    ];
    files.map(|(name, text)| (name.to_owned(), text.to_owned())).into()
}

pub(super) fn plant(tree: &Tree, root: &Path) {
    for (name, text) in tree {
        if let Some(folder) = name.strip_suffix('/') {
            fs::create_dir_all(root.join(folder)).expect("made");
        } else {
            fs::write(root.join(name), text).expect("written");
        }
    }
}

pub(super) fn commit(root: &Path) -> crate::base::Result<()> {
    let stamp = |name: &str| read(&root.join(name)).expect("there").stamp;
    Batch::new()
        .write(root.join("p/changed.md"), "new", Expect::Same(&stamp("p/changed.md")))
        .write(root.join("q/other.md"), "new", Expect::Whatever)
        .write(root.join("p/fresh/a.md"), "fresh", Expect::Absent)
        .remove(root.join("p/gone.md"), Expect::Same(&stamp("p/gone.md")))
        .rename(root.join("q/moved.md"), root.join("p/deep/moved.md"), Expect::Same(&stamp("q/moved.md")))
        .commit(&root.join("home"))
}

#[test]
fn undisturbed_all_is_done_and_nothing_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    plant(&old(), folder.path());
    commit(folder.path()).expect("done");
    assert_eq!(tree(folder.path()), new());
    assert_eq!(recover(&folder.path().join("home")).expect("nothing"), Recovery::Nothing);
}

#[test]
fn killed_at_any_step_recovery_makes_it_all_old_or_all_new() {
    let mut seen = [0, 0];
    for step in 1.. {
        let folder = tempfile::tempdir().expect("a folder");
        plant(&old(), folder.path());
        let (result, met) = rehearsal::with(&format!("{step}:stop"), || commit(folder.path()));
        if !met {
            result.expect("undisturbed");
            break;
        }
        recover(&folder.path().join("home")).expect("recovered");
        let found = tree(folder.path());
        assert!(found == old() || found == new(), "killed at step {step}: {found:#?}");
        seen[usize::from(found == new())] += 1;
    }
    assert!(seen[0] > 10 && seen[1] > 10, "{seen:?}");
}

#[test]
fn killed_in_the_recovery_too() {
    for step in (1..).step_by(3) {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("home");
        plant(&old(), folder.path());
        let (_, met) = rehearsal::with(&format!("{step}:stop"), || commit(folder.path()));
        if !met {
            break;
        }
        for second in 1.. {
            let (_, met) = rehearsal::with(&format!("{second}:stop"), || recover(&home));
            if !met {
                break;
            }
        }
        let found = tree(folder.path());
        assert!(found == old() || found == new(), "killed at step {step}: {found:#?}");
    }
}

#[test]
fn an_error_at_any_step_changes_nothing_or_is_made_good() {
    for (lasting, fault) in [("", "ENOSPC"), ("", "EACCES"), ("+", "EROFS")] {
        for step in 1.. {
            let folder = tempfile::tempdir().expect("a folder");
            plant(&old(), folder.path());
            let fault = format!("{step}{lasting}:{fault}");
            let (result, met) = rehearsal::with(&fault, || commit(folder.path()));
            if !met {
                result.expect("undisturbed");
                break;
            }
            if lasting.is_empty() {
                // One failure is dealt with at once, without the next command.
                let found = tree(folder.path());
                let whole = if result.is_ok() { found == new() } else { found == old() || found == new() };
                let journal = folder.path().join("home/batch").exists();
                assert!(whole || journal, "{fault}: {result:?} {found:#?}");
            }
            if let Err(error) = result {
                assert_eq!(error.kind(), Kind::Storage);
                assert!(error.causes()[0].contains("(os error "), "{fault}: {error:?}");
            }
            recover(&folder.path().join("home")).expect("recovered");
            let found = tree(folder.path());
            assert!(found == old() || found == new(), "{fault}: {found:#?}");
        }
    }
}

#[test]
fn one_unmet_expectation_stops_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    plant(&old(), root);
    let stamp = read(&root.join("p/changed.md")).expect("there").stamp;
    fs::write(root.join("p/changed.md"), "hers").expect("written");
    let before = tree(root);
    let error = Batch::new()
        .write(root.join("q/other.md"), "new", Expect::Whatever)
        .write(root.join("p/changed.md"), "new", Expect::Same(&stamp))
        .commit(&root.join("home"))
        .expect_err("changed");
    assert!(error.message().ends_with("p/changed.md was changed by another program meanwhile"), "{error}");
    let error = Batch::new()
        .remove(root.join("p/gone.md"), Expect::Whatever)
        .rename(root.join("q/moved.md"), root.join("q/other.md"), Expect::Whatever)
        .commit(&root.join("home"))
        .expect_err("taken");
    assert!(error.message().ends_with("q/other.md exists already"), "{error}");
    assert_eq!(tree(root), before);
}

#[test]
fn an_edit_between_the_crash_and_the_recovery_survives() {
    for step in 1.. {
        let folder = tempfile::tempdir().expect("a folder");
        plant(&old(), folder.path());
        let (_, met) = rehearsal::with(&format!("{step}:stop"), || commit(folder.path()));
        if !met {
            break;
        }
        fs::write(folder.path().join("p/changed.md"), "hers").expect("edited");
        recover(&folder.path().join("home")).expect("recovered");
        let found = tree(folder.path());
        assert_eq!(found["p/changed.md"], "hers", "killed at step {step}");
        assert!(found.keys().all(|name| !name.contains("palc-tmp")), "killed at step {step}: {found:#?}");
    }
}

#[test]
fn a_repository_that_moved_after_the_crash_is_recovered() {
    for step in 1.. {
        let folder = tempfile::tempdir().expect("a folder");
        let (here, there) = (folder.path().join("here"), folder.path().join("there"));
        plant(&old(), &here);
        let (_, met) = rehearsal::with(&format!("{step}:stop"), || commit(&here));
        if !met {
            break;
        }
        fs::rename(&here, &there).expect("moved");
        recover(&there.join("home")).expect("recovered");
        let found = tree(&there);
        assert!(found == old() || found == new(), "killed at step {step}: {found:#?}");
    }
}

#[test]
fn empty_folders_are_pruned_below_the_root() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let files = [("home/", ""), ("p/", ""), ("p/a/", ""), ("p/a/b/", ""), ("p/a/b/x.md", "x"), ("p/y.md", "y")];
    plant(&files.map(|(name, text)| (name.to_owned(), text.to_owned())).into(), root);
    Batch::new()
        .rename(root.join("p/a/b/x.md"), root.join("p/x.md"), Expect::Whatever)
        .remove(root.join("p/y.md"), Expect::Whatever)
        .prune(root.join("p"))
        .commit(&root.join("home"))
        .expect("done");
    assert_eq!(tree(root).into_keys().collect::<Vec<_>>(), ["home/", "p/", "p/x.md"]);
}

#[test]
fn a_path_occurs_once() {
    let folder = tempfile::tempdir().expect("a folder");
    plant(&old(), folder.path());
    let at = |name: &str| folder.path().join(name);
    let error = Batch::new()
        .rename(at("q/moved.md"), at("p/x.md"), Expect::Whatever)
        .write(at("p/../p/x.md"), "y", Expect::Whatever)
        .commit(&at("home"))
        .expect_err("twice");
    assert_eq!(error.kind(), Kind::Bug);
    assert_eq!(tree(folder.path()), old());
}

/// What a random batch does with each of a few files.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Kept,
    Written,
    Removed,
    Renamed,
    Made,
}

fn fates() -> impl proptest::strategy::Strategy<Value = Vec<Fate>> {
    use Fate::{Kept, Made, Removed, Renamed, Written};
    let fate = proptest::sample::select(vec![Kept, Written, Removed, Renamed, Made]);
    proptest::collection::vec(fate, 2..5)
}

/// The trees before and after, and the batch between them.
fn story(fates: &[Fate], root: &Path) -> (Tree, Tree, Batch) {
    let (mut old, mut new) = (Tree::from([("home/".to_owned(), String::new())]), Tree::new());
    let mut batch = Batch::new();
    for (n, fate) in fates.iter().enumerate() {
        let (name, other, text) = (format!("d{}/f{n}.md", n % 2), format!("e{}/g{n}.md", n % 3), format!("text {n}"));
        let path = root.join(&name);
        if !matches!(fate, Fate::Made) {
            old.insert(name.clone(), text.clone());
        }
        match fate {
            Fate::Kept => drop(new.insert(name, text)),
            Fate::Written | Fate::Made => {
                batch = batch.write(path, "new", Expect::Whatever);
                new.insert(name, "new".to_owned());
            }
            Fate::Removed => batch = batch.remove(path, Expect::Whatever),
            Fate::Renamed => {
                batch = batch.rename(path, root.join(&other), Expect::Whatever);
                new.insert(other, text);
            }
        }
    }
    (old, new, batch)
}

fn files(mut tree: Tree) -> Tree {
    tree.retain(|name, _| !name.ends_with('/'));
    tree
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 12, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_batch_killed_anywhere_is_all_old_or_all_new(fates in fates()) {
        for step in 1.. {
            let folder = tempfile::tempdir().expect("a folder");
            let (old, new, batch) = story(&fates, folder.path());
            for name in old.keys() {
                fs::create_dir_all(folder.path().join(name).parent().expect("a folder")).expect("made");
            }
            plant(&old, folder.path());
            let home = folder.path().join("home");
            let (result, met) = rehearsal::with(&format!("{step}:stop"), || batch.commit(&home));
            recover(&home).expect("recovered");
            let found = files(tree(folder.path()));
            if !met {
                result.expect("undisturbed");
                proptest::prop_assert_eq!(found, new);
                break;
            }
            proptest::prop_assert!(found == files(old) || found == new, "killed at step {}: {:#?}", step, found);
        }
    }
}
