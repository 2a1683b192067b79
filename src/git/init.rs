//! Making a repository.

use std::path::Path;

use super::Git;
use crate::base::{Error, Result};

impl Git {
    /// A new repository with a work tree. The folder may hold files already.
    pub fn init(folder: &Path) -> Result<Git> {
        let made = gix::init(folder);
        made.map(Git::of).map_err(|error| unmade(folder, error))
    }

    /// As [`Git::init`], but the same on every machine: no setting of the user plays a part.
    pub fn init_alone(folder: &Path, branch: &str) -> Result<Git> {
        use gix::create::{Kind, Options};
        let options = gix::open::Options::isolated().config_overrides([format!("init.defaultBranch={branch}")]);
        let made = gix::ThreadSafeRepository::init_opts(folder, Kind::WithWorktree, Options::default(), options);
        made.map(|repo| Git { repo }).map_err(|error| unmade(folder, error))
    }
}

fn unmade(folder: &Path, error: gix::Error) -> Error {
    Error::storage(format!("git cannot make a repository in {}", folder.display())).because(error)
}
