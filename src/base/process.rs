//! Other programs. The only place that starts one.

use std::io;
use std::process::{Command, Stdio};

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
