//! Making a repository.

use std::path::Path;

use super::Git;
use crate::base::{Error, Result};

impl Git {
    /// A new repository with a work tree. The folder may hold files already.
    pub fn init(folder: &Path) -> Result<Git> {
        let made = gix::init(folder);
        made.map(Git::of).map_err(|error| {
            Error::storage(format!("git cannot make a repository in {}", folder.display())).because(error)
        })
    }
}
