//! Locks between palc processes: kernel advisory locks, freed when the holder dies.

use std::fs::{self, File};
use std::path::Path;

use crate::base::error::{Error, Result};

/// Held until dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Take the lock, waiting for its holder a while. The error names the holder.
    pub fn take(path: &Path) -> Result<Lock> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| Error::storage("cannot create the lock's folder").because(error))?;
        }
        let file = File::create(path).map_err(|error| Error::storage("cannot open the lock").because(error))?;
        file.lock().map_err(|error| Error::storage("cannot take the lock").because(error))?;
        Ok(Lock { _file: file })
    }
}
