//! Git's own settings, written to the repository's own file only.

use super::Git;
use crate::base::{Error, Result};

impl Git {
    /// Put settings into the repository's own file, all or none. Nothing is written where all are there already.
    pub fn set_settings(&self, settings: &[(&str, &str)]) -> Result<()> {
        let repo = self.repo();
        let path = repo.common_dir().join("config");
        let mut file = repo.config_file_mut(path).map_err(unwritten)?;
        for (key, value) in settings {
            file.set_raw_value(*key, *value).map_err(unwritten)?;
        }
        file.commit().map_err(unwritten)
    }
}

fn unwritten(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::storage("the settings of this repository cannot be written").because(error)
}
