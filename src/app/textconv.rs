//! A prompt file in its canonical form, for git to compare.

use std::path::Path;

use super::App;
use crate::base::{Result, disk};
use crate::format::{Dialect, Document, fmt};

/// The file with its front matter in order. Git hands over a copy under a name of its own making, so only the text tells
/// what it is; a file that is not understood comes back as it is.
pub fn textconv(app: &App, path: &Path) -> Result<Vec<u8>> {
    let bytes = disk::read(&app.env.folder().join(path))?.bytes;
    let style = fmt::Style { sort_keys: true, trim_trailing_space: true, final_newline: true };
    let formatted = Document::split("text", &bytes, Dialect::Native)
        .ok()
        .filter(|document| document.front.is_some())
        .and_then(|document| fmt::format(&document, style).ok());
    Ok(formatted.map_or(bytes, String::into_bytes))
}
