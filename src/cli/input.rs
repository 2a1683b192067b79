//! Text that is given as a file or on standard input.

use std::io::{self, Read as _};

use crate::app::App;
use crate::base::{Error, Result, disk};
use crate::format::document::MAX_FILE;

/// The same as text.
pub fn text(app: &App, path: &str) -> Result<String> {
    let bytes = read(app, path)?;
    String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{path} is not UTF-8")).hint("save it as UTF-8"))
}

/// The bytes of a file, or of standard input for `-`. Of an endless input only so much is read as shows that it is too
/// long.
pub fn read(app: &App, path: &str) -> Result<Vec<u8>> {
    if path != "-" {
        return Ok(disk::read(&app.env.folder().join(path))?.bytes);
    }
    let mut bytes = Vec::new();
    let most = MAX_FILE as u64 + (2 << 20);
    let read = io::stdin().lock().take(most).read_to_end(&mut bytes);
    read.map_err(|error| Error::storage("cannot read standard input").because(error))?;
    Ok(bytes)
}
