//! A new folder that appears complete or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{failed, folder, steps};
use crate::base::error::{Error, Result};

/// Fill a folder that is new or empty. It is filled aside, and moved into place once `fill` is done. What a killed
/// process left aside is cleared away by the next one that builds the same folder.
pub fn build<T>(target: &Path, fill: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let place = Place::of(target)?;
    clear(&place.aside)?;
    let above = folder::make(folder::of(target))?;
    let result = steps::make_folder(&place.aside).map_err(|error| failed("create the folder", &place.aside, error));
    let result = result.and_then(|()| fill(&place.aside)).and_then(|value| place.settle(target).map(|()| value));
    if result.is_err() {
        let _ = fs::remove_dir_all(&place.aside);
        folder::unmake(&above);
    }
    result
}

#[derive(Debug)]
struct Place {
    aside: PathBuf,
    /// The target is there already. Somebody may stand in it, so it stays the folder that it is.
    stands: bool,
}

impl Place {
    fn of(target: &Path) -> Result<Place> {
        let stands = match fs::read_dir(target) {
            Ok(mut entries) => {
                if entries.any(|entry| entry.is_ok_and(|entry| entry.file_name() != ASIDE)) {
                    return Err(Error::invalid(format!("{} is not empty", target.display())));
                }
                true
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(failed("look into", target, error)),
        };
        let aside = match (stands, target.file_name()) {
            (false, Some(name)) => target.with_file_name(format!("{ASIDE}-{}", name.to_string_lossy())),
            _ => target.join(ASIDE),
        };
        Ok(Place { aside, stands })
    }

    fn settle(&self, target: &Path) -> Result<()> {
        if !self.stands {
            let moved = steps::rename(&self.aside, target).and_then(|()| steps::sync_folder(folder::of(target)));
            return moved.map_err(|error| failed("create", target, error));
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.aside).map_err(|error| failed("look into", &self.aside, error))? {
            names.push(entry.map_err(|error| failed("look into", &self.aside, error))?.file_name());
        }
        // Hidden names come last, `.git` among them: until then the folder is no repository.
        names.sort_by_key(|name| (name.as_encoded_bytes().starts_with(b"."), name.clone()));
        for name in names {
            let path = target.join(&name);
            steps::rename(&self.aside.join(&name), &path).map_err(|error| failed("create", &path, error))?;
        }
        let synced = steps::remove_folder(&self.aside).and_then(|()| steps::sync_folder(target));
        synced.map_err(|error| failed("remove", &self.aside, error))
    }
}

const ASIDE: &str = ".palc-tmp-folder";

fn clear(aside: &Path) -> Result<()> {
    match fs::remove_dir_all(aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("clear away", aside, error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::disk::{Expect, write};

    fn fill(folder: &Path) -> Result<()> {
        write(&folder.join("a/b"), b"x", Expect::Absent)?;
        write(&folder.join(".c"), b"x", Expect::Absent)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_folder_and_an_empty_one_are_filled() {
        let home = tempfile::tempdir().unwrap();
        let (new, empty) = (home.path().join("new"), home.path().join("empty"));
        fs::create_dir(&empty).unwrap();
        for folder in [new, empty] {
            build(&folder, fill).unwrap();
            assert_eq!(names(&folder), [".c", "a"]);
        }
        assert_eq!(names(home.path()), ["empty", "new"]);
    }

    #[test]
    fn a_failure_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let failing = |folder: &Path| fill(folder).and_then(|()| Err::<(), _>(Error::bug("no")));
        assert!(build(&home.path().join("new"), failing).is_err());
        assert_eq!(names(home.path()), [] as [&str; 0]);
    }

    #[test]
    fn what_a_killed_process_left_is_cleared_away() {
        let home = tempfile::tempdir().unwrap();
        let left = home.path().join(".palc-tmp-folder-new/old");
        write(&left, b"x", Expect::Absent).unwrap();
        build(&home.path().join("new"), fill).unwrap();
        assert_eq!(names(home.path()), ["new"]);
    }

    #[test]
    fn a_folder_in_use_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        fill(home.path()).unwrap();
        assert_eq!(build(home.path(), fill).unwrap_err().kind(), crate::base::Kind::Invalid);
        assert_eq!(names(home.path()), [".c", "a"]);
    }
}
