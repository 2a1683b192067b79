//! Other programs. The only place that starts one.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::{Error, Result};

/// What a program prints when it is asked for its version: its first line. None if there is no such program.
pub fn version(program: &str) -> io::Result<Option<String>> {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stderr(Stdio::null());
    match command.output() {
        Ok(output) => Ok(String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Open a file in an editor and wait until it closes. The editor is a line of shell, as git reads `core.editor`.
pub fn edit(editor: &str, path: &Path) -> Result<()> {
    let status = Command::new("sh").arg("-c").arg(format!("{editor} \"$1\"")).arg(editor).arg(path).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::storage(format!("the editor `{editor}` ended with {status}"))),
        Err(error) => Err(Error::storage(format!("cannot start the editor `{editor}`")).because(error)),
    }
}
