//! Programs that palc starts for the user.

use std::path::Path;
use std::process::Command;

use super::error::{Error, Result};

/// Open a file in an editor and wait until it closes. The editor is a line of shell, as git reads `core.editor`.
pub fn edit(editor: &str, path: &Path) -> Result<()> {
    let status = Command::new("sh").arg("-c").arg(format!("{editor} \"$1\"")).arg(editor).arg(path).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::storage(format!("the editor `{editor}` ended with {status}"))),
        Err(error) => Err(Error::storage(format!("cannot start the editor `{editor}`")).because(error)),
    }
}
